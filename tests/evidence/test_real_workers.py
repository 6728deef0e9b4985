"""The same walk with the real document workers: a process for each look."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pymupdf

from evidencevault.documents.workers import Workers
from evidencevault.evidence import exhibits, intake, reading, search
from tests.evidence.conftest import SAID, Desk

Tree = Callable[[dict[str, bytes]], Path]
MAIL = (
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nbody\r\n'
    b'--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="note.txt"\r\n'
    b"\r\nattached words\r\n--x--\r\n"
)


def pdf(text: str) -> bytes:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), text)
        return bytes(document.tobytes())


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def test_a_letter_a_mail_an_archive_and_a_false_pdf(desk: Desk, tree: Tree) -> None:
    root = tree(
        {
            "a.pdf": pdf("Zonneveld wrote this"),
            "b.eml": MAIL,
            "c.zip": archive({"in/deep.txt": b"packed words"}),
            "d.pdf": b"this is no pdf at all",
            "e.txt": b"",
        }
    )
    workers = Workers()
    report = intake.bring_in(desk.case, [root], SAID, workers=workers)
    assert report.failed == () and report.not_looked is None
    by_name = {one.name: one for one in exhibits.list_exhibits(desk.case)}
    assert set(by_name) == {"a.pdf", "b.eml", "c.zip", "d.pdf", "e.txt", "note.txt", "deep.txt"}
    assert (by_name["a.pdf"].media_type, by_name["a.pdf"].pages) == ("application/pdf", 1)
    assert by_name["note.txt"].parent == by_name["b.eml"].number
    assert by_name["deep.txt"].parent == by_name["c.zip"].number
    assert by_name["d.pdf"].warnings or by_name["d.pdf"].failure
    assert all(one.looked_at for one in by_name.values())
    assert [one.exhibit for one in search.search(desk.case, "zonneveld")] == [by_name["a.pdf"].number]
    assert [one.exhibit for one in search.search(desk.case, '"packed words"')] == [by_name["deep.txt"].number]
    number = by_name["a.pdf"].number
    pixels = reading.render(desk.case, workers, number, 1, width=300)
    assert pixels.width > 0 and len(pixels.data) == 3 * pixels.width * pixels.height
    assert "Zonneveld" in reading.text(desk.case, workers, number)[0].text
    assert reading.thumbnail(desk.case, workers, number).startswith(b"\x89PNG")
