"""Mails and archives in real confined workers: what is inside comes out under a safe name, and no bomb unpacks."""

from __future__ import annotations

import bz2
import email.message
import gzip
import io
import lzma
import os
import struct
import tarfile
from collections.abc import Callable

import extract_msg
import pytest
from tests.documents.conftest import pdf, refused, zipped

from evidencevault.documents.requests import MIB, Bytes, Limits, Reason
from evidencevault.documents.workers import Workers


def overlapping(times: int) -> bytes:
    """A ZIP whose list names the same packed megabyte this many times."""
    data = zipped(("zeros.bin", b"\0" * MIB))
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    record = data[start:end]
    tail = bytearray(data[end:])
    tail[8:16] = struct.pack("<HHI", times, times, len(record) * times)
    return data[:start] + record * times + bytes(tail)


def outlook(attached: bytes) -> bytes:
    """A message as Outlook keeps it, sent in 2022, with one attachment."""

    def row(kind: int, tag: int, value: bytes) -> bytes:
        return struct.pack("<HHI8s", kind, tag, 6, value)

    writer, part = extract_msg.OleWriter(), "__attach_version1.0_#00000000"
    head = b"\0" * 8 + struct.pack("<IIII", 0, 1, 0, 1) + b"\0" * 8
    sent = row(0x0040, 0x0039, struct.pack("<Q", 133_000_000_000_000_000))
    of_part = row(0x0003, 0x3705, struct.pack("<II", 1, 0)) + row(0x0102, 0x3701, struct.pack("<II", len(attached), 0))
    kind = "IPM.Note".encode("utf-16-le")
    writer.addEntry(["__properties_version1.0"], head + row(0x001F, 0x001A, struct.pack("<II", 18, 0)) + sent)
    writer.addEntry(["__substg1.0_001A001F"], kind)
    writer.addEntry(["__nameid_version1.0"], storage=True)
    for name in ("__substg1.0_00020102", "__substg1.0_00030102", "__substg1.0_00040102"):
        writer.addEntry(["__nameid_version1.0", name], b"")
    writer.addEntry([part], storage=True)
    writer.addEntry([part, "__properties_version1.0"], b"\0" * 8 + of_part)
    writer.addEntry([part, "__substg1.0_37010102"], attached)
    writer.addEntry([part, "__substg1.0_3707001F"], "note.txt".encode("utf-16-le"))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class TestContainers:
    def test_zip_bomb_by_ratio(self) -> None:
        data = zipped(("zeros.bin", b"\0" * (150 << 20)))
        assert len(data) < 1 << 20
        error = refused(lambda: list(Workers().children("a.zip", Bytes(data))))
        assert error.reason is Reason.BOMB and "bomb" in error.sentence

    def test_gzip_bomb(self) -> None:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            member = tarfile.TarInfo("zeros.bin")
            member.size = 150 << 20
            archive.addfile(member, io.BytesIO(b"\0" * member.size))
        error = refused(lambda: list(Workers().children("a.tar.gz", Bytes(out.getvalue()))))
        assert error.reason is Reason.BOMB

    def test_zip_of_too_many(self) -> None:
        data = zipped(*((f"{n}.txt", b"") for n in range(50)))
        error = refused(lambda: list(Workers(limits=Limits(children=40)).children("a.zip", Bytes(data))))
        assert error.reason is Reason.BOMB

    def test_zip_whose_sizes_lie(self) -> None:
        data = bytearray(zipped(("a.txt", b"x" * 1000)))
        at = data.index(b"PK\x01\x02") + 24
        data[at : at + 4] = struct.pack("<I", 10)
        error = refused(lambda: list(Workers().children("a.zip", Bytes(bytes(data)))))
        assert error.reason is Reason.DAMAGED

    def test_names_stay_inside(self) -> None:
        names = ["../../etc/passwd", "/var/lib/id", "C:\\Windows\\x.dll", "a/../../b.txt", "..", "c\nd\u202e.txt"]
        data = zipped(*((name, name.encode()) for name in names))
        found = list(Workers().children("a.zip", Bytes(data)))
        assert [one.data.decode() for one in found] == names
        for one in found:
            assert one.name and not one.name.startswith("/") and "\\" not in one.name and ":" not in one.name
            assert not {"..", ".", ""} & set(one.name.split("/")) and "\n" not in one.name
        assert [one.name for one in found][:4] == ["etc/passwd", "var/lib/id", "C_/Windows/x.dll", "a/b.txt"]

    def test_links_of_a_tar_are_not_followed(self) -> None:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            link = tarfile.TarInfo("passwd.txt")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
            hard = tarfile.TarInfo("hard.txt")
            hard.type, hard.linkname = tarfile.LNKTYPE, "/etc/passwd"
            archive.addfile(hard)
            good = tarfile.TarInfo("../good.txt")
            good.size = 4
            archive.addfile(good, io.BytesIO(b"good"))
        assert [tuple(one) for one in Workers().children("a.tar", Bytes(out.getvalue()))] == [("good.txt", b"good")]

    def test_encrypted_zip(self) -> None:
        data = bytearray(zipped(("secret.txt", b"what it says")))
        for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(sign) + place] |= 1
        error = refused(lambda: list(Workers().children("a.zip", Bytes(bytes(data)))))
        assert error.reason is Reason.ENCRYPTED and "password" in error.sentence

    def test_truncated_zip(self) -> None:
        data = zipped(("a.txt", os.urandom(5000)))
        error = refused(lambda: list(Workers().children("a.zip", Bytes(data[:3000]))))
        assert error.reason is Reason.DAMAGED

    def test_mail_with_a_mail_and_a_file_inside(self) -> None:
        inner = email.message.EmailMessage()
        inner["Subject"], inner["From"] = "The inner one", "b@example.org"
        inner.set_content("Deep inside.")
        outer = email.message.EmailMessage()
        outer["Subject"], outer["From"], outer["To"] = "The outer one", "a@example.org", "c@example.org"
        outer.set_content("See the two attachments.")
        outer.add_attachment(inner)
        letter = pdf()  # two that are made alike differ in their identifiers
        outer.add_attachment(letter, maintype="application", subtype="pdf", filename="../up/letter.pdf")
        data = bytes(outer)
        found = Workers().look("mail.eml", Bytes(data))
        assert (found.media_type, found.container, found.previewable) == ("message/rfc822", True, True)
        text = Workers().text("mail.eml", Bytes(data))[0].text
        assert "The outer one" in text and "two attachments" in text and "Deep inside" not in text
        nested, attached = Workers().children("mail.eml", Bytes(data))
        assert nested.name.endswith(".eml") and "Deep inside" in Workers().text(nested.name, Bytes(nested.data))[0].text
        assert attached.name == "up/letter.pdf" and attached.data == letter

    def test_mail_with_broken_headers(self) -> None:
        data = (
            b"From: =?utf-8?b?/////?= <a@\xff>\r\nSubject: \xfe\xff =?x?q?y?=\r\nDate: never\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=no-such\r\n'
            b"\r\nbody\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: \xfe\xff\r\nTo: <<>\r\n\r\n\xff inner\r\n"
            b"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment;"
            b' filename="x.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!YWJj\r\n--b--\r\n'
        )
        assert "body" in Workers().text("broken.eml", Bytes(data))[0].text
        found = list(Workers().children("broken.eml", Bytes(data)))
        assert len(found) == 2 and b"inner" in found[0].data and found[1].name == "x.bin"

    def test_mbox(self) -> None:
        letters = [f"Subject: Letter {n}\n\nBody {n}\n>From here it goes on.\n" for n in (1, 2, 3)]
        data = "".join(f"From a@example.org Mon Jan  5 10:00:00 2026\n{one}\n" for one in letters).encode()
        found = Workers().look("box.mbox", Bytes(data))
        assert (found.media_type, found.container) == ("application/mbox", True)
        inside = list(Workers().children("box.mbox", Bytes(data)))
        assert [one.name for one in inside] == [f"message-{n:04d}.eml" for n in (1, 2, 3)]
        assert b"\nFrom here" in inside[1].data and "Letter 2" in Workers().text("m.eml", Bytes(inside[1].data))[0].text

    @pytest.mark.parametrize("pack", [bz2.compress, gzip.compress, lzma.compress])
    def test_one_packed_file(self, pack: Callable[[bytes], bytes]) -> None:
        assert Workers().look("log.packed", Bytes(pack(b"words"))).container
        assert [one.data for one in Workers().children("log.packed", Bytes(pack(b"words")))] == [b"words"]
        error = refused(lambda: list(Workers().children("log.packed", Bytes(pack(b"\0" * (150 << 20))))))
        assert error.reason is Reason.BOMB and "“log.packed”" in error.sentence
        error = refused(lambda: list(Workers().children("log.packed", Bytes(pack(os.urandom(5000))[:4000]))))
        assert error.reason is Reason.DAMAGED

    def test_zip_bomb_whose_files_lie_on_one_another(self) -> None:
        assert len(list(Workers().children("a.zip", Bytes(overlapping(1))))) == 1
        data = overlapping(2000)
        assert len(data) < 1 << 18
        error = refused(lambda: list(Workers().children("a.zip", Bytes(data))))
        assert error.reason is Reason.BOMB and "“a.zip”" in error.sentence

    def test_zip_bomb_in_a_zip_in_a_zip(self) -> None:
        bomb = zipped(("zeros.bin", b"\0" * (150 << 20)))
        [middle] = Workers().children("outer.zip", Bytes(zipped(("middle.zip", zipped(("bomb.zip", bomb))))))
        [inner] = Workers().children(middle.name, Bytes(middle.data))
        error = refused(lambda: list(Workers().children(inner.name, Bytes(inner.data))))
        assert error.reason is Reason.BOMB and "“bomb.zip”" in error.sentence

    def test_outlook_message_gives_its_attachment(self) -> None:
        data = outlook(b"attached words")
        assert Workers().look("mail.msg", Bytes(data)).container
        assert [tuple(one) for one in Workers().children("mail.msg", Bytes(data))] == [("note.txt", b"attached words")]

    def test_attachment_between_the_multiparts_of_a_mail(self) -> None:
        data = (
            b'Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="a"\n\n'
            b"--a\nContent-Type: text/plain\n\nthe body\n"
            b'--a\nContent-Type: multipart/mixed; boundary="b"\n\n'
            b"--b\nContent-Type: text/html\n\n<p>the body</p>\n"
            b'--b\nContent-Type: application/pdf\nContent-Disposition: inline; filename="scan.pdf"\n\n%PDF-scan\n'
            b"--b\nContent-Type: text/plain\n\nwords after the scan\n--b--\n--a--\n"
        )
        found = list(Workers().children("mail.eml", Bytes(data)))
        assert ("scan.pdf", b"%PDF-scan") in [tuple(one) for one in found]
        assert any(b"words after the scan" in one.data for one in found)
        assert "scan.pdf" in Workers().text("mail.eml", Bytes(data))[0].text

    @pytest.mark.parametrize("depth", [50, 5000])
    def test_mail_nested_deep(self, depth: int) -> None:
        opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
        data = f'Subject: s\nMIME-Version: 1.0\n{opened}Content-Type: image/gif; name="x.gif"\n\nGIF89a'.encode()
        if depth < 100:
            assert [one.name for one in Workers().children("deep.eml", Bytes(data))] == ["x.gif"]
        else:
            error = refused(lambda: list(Workers().children("deep.eml", Bytes(data))))
            assert error.reason is Reason.DAMAGED and "“deep.eml”" in error.sentence
            assert "“deep.eml”" in Workers().look("deep.eml", Bytes(data)).reason
        [following] = Workers().children("a.zip", Bytes(zipped(("one.txt", b"1"))))
        assert following.data == b"1"

    def test_archive_larger_than_what_its_share_of_memory_would_be(self) -> None:
        """What may come out is far more than memory; what does come out is small, and so is the memory it takes."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
            for name in ("one.bin", "two.bin"):
                member = tarfile.TarInfo(name)
                member.size = 8 * MIB
                archive.addfile(member, io.BytesIO(os.urandom(member.size)))
        workers = Workers(limits=Limits(memory=1 << 30))
        assert [one.name for one in workers.children("a.tgz", Bytes(out.getvalue()))] == ["one.bin", "two.bin"]
