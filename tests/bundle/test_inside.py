"""A checked bundle is read out of its seal; its lists, its documents, the notes on it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.inbox import KEY, PASSPHRASE, House, house

from evidencevault.bundle import archive, lists, notes, receiving
from evidencevault.bundle.archive import Archive
from evidencevault.bundle.checks import Check, Checked
from evidencevault.bundle.inside import Inside, Key, Needs, needs
from evidencevault.bundle.notes import Compared, Notes
from evidencevault.bundle.previous import head_of
from evidencevault.errors import Damaged, NotPermitted, Refused, Unreadable
from evidencevault.formats import aezip, age
from evidencevault.progress import Progress

AT = datetime(2026, 11, 23, tzinfo=UTC)
MINE = Key((KEY,))
WRITTEN = Notes("all of it\n", {"NL20260002-000001": "page 2"}, Compared("SHA256:x", "J. O'Neill", "2026-11-23"))


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("sent")) as made:
        yield made


@pytest.fixture
def opened(sent: House) -> Iterator[Inside]:
    found = Inside.open(sent.to_key, MINE, Progress())
    yield found
    found.close()


def test_checks_are_told_in_their_order(sent: House) -> None:
    told: list[Checked] = []
    found = receiving.verify(sent.to_key, identities=[KEY], told=told.append)
    assert [one.check for one in told] == [one for one in Check if one is not Check.PREVIOUS]
    assert (told[0].count, told[2].count, told[4].count) == (1, found.files, found.entries)
    assert told[4].said == (found.origin, found.checkpoint_root.hex())


def test_an_earlier_bundle_is_held_against_it(sent: House) -> None:
    told: list[Checked] = []
    first = head_of(sent.to_key, identities=[KEY])
    found = receiving.verify(sent.to_passphrase, passphrase=PASSPHRASE, previous=first, told=told.append)
    assert [one.check for one in told] == list(Check) and (found.previous, told[-1].said) == ("B01", ("B01",))
    second = Inside.open(sent.to_passphrase, Key(passphrase=PASSPHRASE), Progress())
    first_again = Inside.open(sent.to_key, MINE, Progress())
    try:
        assert second.continues(first) == "B01" and first_again.continues(first) == ""
        with pytest.raises(Damaged, match="set back"):
            first_again.continues(head_of(sent.to_passphrase, passphrase=PASSPHRASE))
    finally:
        second.close()
        first_again.close()


def test_a_check_that_fails_is_not_told(sent: House, tmp_path: Path) -> None:
    data = bytearray(sent.to_key.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "x").write_bytes(data)
    told: list[Checked] = []
    with pytest.raises(Damaged):
        receiving.verify(tmp_path / "x", identities=[KEY], told=told.append)
    assert [one.check for one in told] == [Check.SEAL, Check.NAMES]


def test_what_opens_a_file(sent: House, tmp_path: Path) -> None:
    assert needs(sent.to_key) is Needs.IDENTITY
    assert needs(sent.to_passphrase) is Needs.PASSPHRASE
    plain = b"".join(age.decrypt(io.BytesIO(sent.to_key.read_bytes()), [KEY]))
    (tmp_path / "b.zip").write_bytes(plain)
    assert needs(tmp_path / "b.zip") is Needs.NOTHING
    for other in (b"", b"hello", b"%PDF-1.7"):
        (tmp_path / "x").write_bytes(other)
        with pytest.raises(Unreadable):
            needs(tmp_path / "x")


def test_an_aes_zip_needs_its_passphrase_and_is_read_alike(sent: House, tmp_path: Path) -> None:
    plain = b"".join(age.decrypt(io.BytesIO(sent.to_key.read_bytes()), [KEY]))
    path = tmp_path / "b.zip"
    path.write_bytes(b"".join(aezip.write(PASSPHRASE.encode(), "b-bag.zip", AT, [plain])))
    assert needs(path) is Needs.PASSPHRASE
    key = Key(passphrase=PASSPHRASE)
    opened = Inside.open(path, key, Progress())
    one = opened.lists.documents[0]
    assert opened.source(one).read(0, 5) == b"%PDF-"
    assert notes.read(notes.seal(WRITTEN, opened.received, key), opened.received, key) == WRITTEN
    opened.close()


def test_documents_are_read_out_of_the_seal(opened: Inside) -> None:
    assert [one.kind for one in opened.lists.documents] == ["redacted", "slip-sheet", "slip-sheet"]
    for one in opened.lists.documents:
        source = opened.source(one)
        assert hashlib.sha256(source.read(0, source.size)).hexdigest() == one.sha256
    assert opened.lists.totals["exhibits withheld"] == len(opened.lists.withheld) == 1
    assert {mark.reason for mark in opened.lists.redactions} == {"child"}


def test_what_is_large_is_read_where_it_lies(opened: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    one = opened.lists.documents[0]
    whole = opened.source(one).read(0, one.size)
    monkeypatch.setattr(archive, "HELD", 1000)
    source = opened.source(one)
    assert source.size == one.size
    assert source.read(0, 5) == b"%PDF-" and source.read(1000, 5000) == whole[1000:6000]
    assert source.read(one.size - 3, 100) == whole[-3:] and source.read(one.size, 1) == b""


def test_what_is_large_and_compressed_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "HELD", 10)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("b/data/x.txt", b"a" * 1000)
    with zipfile.ZipFile(stream) as found, pytest.raises(Unreadable, match="too large"):
        Archive(found).source("data/x.txt", b"")


def test_an_exchanged_file_is_noticed_when_it_is_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("b/data/x.txt", b"other")
    with zipfile.ZipFile(stream) as found:
        with pytest.raises(Damaged, match="exchanged"):
            Archive(found).source("data/x.txt", hashlib.sha256(b"this").digest())
        with pytest.raises(Damaged, match="has no"):
            Archive(found).source("data/y.txt", b"")


@pytest.mark.parametrize("index", [b"number\r\n1\r\n", b"\xff", b'"', b"number,pages\r\nx\r\n", b"a,b\r\n1,2\r\n"])
def test_lists_that_are_none(index: bytes) -> None:
    with pytest.raises(Damaged, match=r"index\.csv"):
        lists.read(index, b"", b"")


def test_notes_come_back_with_the_key_alone(opened: Inside, sent: House) -> None:
    sealed = notes.seal(WRITTEN, opened.received, MINE)
    assert notes.read(sealed, opened.received, MINE) == WRITTEN
    with pytest.raises(NotPermitted, match="another key"):
        notes.read(sealed, opened.received, Key((age.X25519Identity.generate(),)))
    other = receiving.verify(sent.to_passphrase, passphrase=PASSPHRASE)
    with pytest.raises(Refused, match="another bundle"):
        notes.read(sealed, other, MINE)
    for spoilt in (sealed[:-1], sealed[:50], b"", b"x" * 300, _sealed(b"[]"), _sealed(b"{}"), _sealed(b"\xff")):
        with pytest.raises(Damaged, match="no file of notes"):
            notes.read(spoilt, opened.received, MINE)
    with pytest.raises(Refused, match="no key"):
        notes.seal(WRITTEN, opened.received, Key())


def test_notes_replace_those_in_the_file(opened: Inside, tmp_path: Path) -> None:
    path = tmp_path / "n.age"
    for text in ("first", "second"):
        notes.save(Notes(text), path, opened.received, MINE)
    assert notes.load(path, opened.received, MINE).whole == "second"
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["n.age"]


def _sealed(data: bytes) -> bytes:
    return b"".join(age.encrypt([KEY.recipient()], [data]))
