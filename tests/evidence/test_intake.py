from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from evidencevault.custody import casefile
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import Cancelled, NotFound, NotPermitted, StorageFailed, UsageError
from evidencevault.evidence import exhibits, intake
from evidencevault.evidence.exhibits import Acquisition, Derivation
from evidencevault.evidence.names import shown
from evidencevault.progress import Progress, State
from tests.evidence.conftest import SAID, Desk
from tests.support import vaults
from tests.support.stores import FailingStore

Tree = Callable[[dict[str, bytes]], Path]
AWKWARD = {
    "it's here.txt": b"apostrophe",
    "two\nlines.txt": b"newline",
    "\u202egpj.exe": b"right to left",
    "sub folder/é decomposed e\u0301.txt": b"accents",
    "sub folder/empty.txt": b"",
    "sub folder/large.bin": os.urandom(300_000),
}


def content(case: CaseFile, number: str) -> bytes:
    exhibit = exhibits.get(case, number)
    with case.open_object(exhibits.of_object(exhibit)) as reader:
        return b"".join(reader.stream())


def test_a_tree_keeps_its_paths_and_every_byte(desk: Desk, tree: Tree) -> None:
    root = tree(AWKWARD)
    (root / os.fsdecode(b"not utf8 \xff.txt")).write_bytes(b"raw name")
    report = intake.bring_in(desk.case, [root], SAID)
    assert report.failed == ()
    assert len(report.exhibits) == len(AWKWARD) + 1
    case = desk.as_()
    by_path = {one.path: one for one in exhibits.list_exhibits(case)}
    for name, data in AWKWARD.items():
        import unicodedata

        exhibit = by_path["brought/" + unicodedata.normalize("NFC", name)]
        assert content(case, exhibit.number) == data
        assert (exhibit.sha256, exhibit.size) == (sha256(data).digest(), len(data))
        assert (exhibit.source, exhibit.custody_before, exhibit.custody_known) == (
            "the reporter",
            "unknown",
            "lay in a drawer",
        )
    raw = by_path["brought/not utf8 \ufffd.txt"]
    assert raw.origin_raw is not None and raw.origin_raw.endswith(b"\xff.txt")
    assert "\\u202e" in shown(by_path["brought/\u202egpj.exe"].name) and "\n" not in shown(
        by_path["brought/two\nlines.txt"].name
    )


def test_each_exhibit_has_one_entry_with_its_digest(desk: Desk, tree: Tree) -> None:
    root = tree({f"{n:02d}.txt": b"%d" % n for n in range(7)})
    report = intake.bring_in(desk.case, [root], SAID, batch_files=3)
    entries = [one for one in desk.case.entries() if one.action == "imported"]
    assert (
        [one.subject for one in entries]
        == [f"E{n:03d}" for n in range(1, 8)]
        == [one.exhibit for one in report.exhibits]
    )
    assert [one.digest for one in entries] == [sha256(b"%d" % n).digest() for n in range(7)]
    assert all(isinstance(one.details, dict) and one.details["kind"] == "exhibit" for one in entries)


def test_a_finished_import_repeated_is_stored_and_called_a_duplicate(desk: Desk, tree: Tree) -> None:
    root = tree({"a.txt": b"same", "b.txt": b"same", "c.txt": b"other"})
    first = intake.bring_in(desk.case, [root], SAID)
    assert [one.duplicate_of for one in first.exhibits] == [None, "E001", None]
    again = intake.bring_in(desk.as_(), [root], SAID)
    assert [(one.exhibit, one.duplicate_of, one.status) for one in again.exhibits] == [
        ("E004", "E001", "imported"),
        ("E005", "E001", "imported"),
        ("E006", "E003", "imported"),
    ]
    assert exhibits.get(desk.case, "E005").duplicate_of == "E001"
    assert content(desk.case, "E005") == b"same"


def test_what_is_no_file_is_named_with_its_reason_and_the_rest_goes_on(desk: Desk, tree: Tree, tmp_path: Path) -> None:
    root = tree({"good.txt": b"good", "inner/also.txt": b"also"})
    os.mkfifo(root / "pipe")
    (root / "link").symlink_to(root / "good.txt")
    (root / "loop").symlink_to(root)
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(root):
        listening.bind("socket")
        report = intake.bring_in(desk.case, [root, tmp_path / "absent", Path("/dev/null"), desk.folder], SAID)
    assert sorted(one.path for one in report.exhibits) == ["brought/good.txt", "brought/inner/also.txt"]
    reasons = {Path(one.path).name: one.reason for one in report.failed}
    assert set(reasons) == {"pipe", "socket", "link", "loop", "absent", "null", "vault"}
    assert "link" in reasons["link"] and "not there" in reasons["absent"] and "device" in reasons["null"]
    assert intake.unfinished(desk.case) == [str(tmp_path / "absent")]


def test_a_file_that_vanishes_or_changes_while_it_is_read_is_listed(
    desk: Desk, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"a.txt": b"a" * 500_000, "b.txt": b"b", "c.txt": b"c"})
    from evidencevault.evidence.sources import FileSource

    plain = FileSource.__enter__

    def meddling(self: FileSource):  # type: ignore[no-untyped-def]
        source = plain(self)
        with (root / "a.txt").open("ab") as file:
            file.write(b"more")
        (root / "c.txt").unlink(missing_ok=True)
        return source

    monkeypatch.setattr(FileSource, "__enter__", meddling)
    report = intake.bring_in(desk.case, [root / "a.txt", root / "b.txt", root / "c.txt"], SAID, batch_files=1)
    failed = {Path(one.path).name: one.reason for one in report.failed}
    assert "changed while it was read" in failed["a.txt"]
    assert [one.name for one in report.exhibits if one.name == "b.txt"] == ["b.txt"]
    monkeypatch.undo()


def test_an_unfinished_import_is_taken_up_without_doubling(
    desk: Desk, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({f"{n:02d}.txt": b"%d" % n for n in range(10)})
    progress = Progress(lambda state: progress.cancel() if state.done >= 4 else None)
    with pytest.raises(Cancelled):
        intake.bring_in(desk.case, [root], SAID, progress=progress, batch_files=2)
    case = desk.as_()
    there = {one.path for one in exhibits.list_exhibits(case)}
    assert 0 < len(there) < 10
    (root / "00.txt").write_bytes(b"changed since")
    report = intake.bring_in(case, [root], SAID)
    status = {one.path: one.status for one in report.exhibits}
    assert {path for path, said in status.items() if said == "already"} == there - {"brought/00.txt"}
    assert len(exhibits.list_exhibits(case)) == 10 + ("brought/00.txt" in there)
    assert intake.unfinished(case) == []
    assert [record.body["state"] for record in case.records(Kind.INTAKE)] == ["finished"]


def test_a_full_disk_ends_the_import_with_a_sentence_and_keeps_what_was_committed(desk: Desk, tree: Tree) -> None:
    root = tree({"a.txt": b"small", "b.bin": os.urandom(400_000), "c.txt": b"later"})
    whole = desk.office.store
    desk.office.store = FailingStore(desk.folder, 100_000, errno.ENOSPC)
    with pytest.raises(StorageFailed, match="full"):
        intake.bring_in(desk.case, [root], SAID, batch_files=1)
    case = desk.as_()
    there = [one.name for one in exhibits.list_exhibits(case)]
    assert "a.txt" in there and "b.bin" not in there
    desk.office.store = whole
    report = intake.bring_in(case, [root], SAID)
    assert {one.name: one.status for one in report.exhibits}["a.txt"] == "already"
    assert sorted(one.name for one in exhibits.list_exhibits(case)) == ["a.txt", "b.bin", "c.txt"]


def test_progress_counts_the_bytes(desk: Desk, tree: Tree) -> None:
    seen: list[State] = []
    intake.bring_in(desk.case, [tree({"a": b"x" * 1000, "b": b"y" * 200_000})], SAID, progress=Progress(seen.append))
    assert (seen[-1].done, seen[-1].total) == (201_000, 201_000)


def test_only_an_officer_brings_in_and_only_with_a_source(desk: Desk, tree: Tree) -> None:
    root = tree({"a": b"x"})
    for wrong in (Acquisition(" "), Acquisition("s", method="stolen"), Acquisition("s", acquired_at="yesterday")):
        with pytest.raises(UsageError):
            intake.bring_in(desk.case, [root], wrong)
    with pytest.raises(UsageError):
        intake.bring_in(desk.case, [], SAID)
    with pytest.raises(NotPermitted):
        intake.bring_in(desk.as_("leo"), [root], SAID)
    assert exhibits.list_exhibits(desk.case) == []


def test_derived_items_name_what_they_were_made_from(desk: Desk, tree: Tree) -> None:
    root = tree({"a": b"x", "b": b"y"})
    intake.bring_in(desk.case, [root / "a"], Acquisition("s", acquired_at="2026-03-01T10:00"))
    intake.bring_in(
        desk.case,
        [root / "b"],
        SAID,
        derived_from=Derivation("e1", "translation", "a sworn translator"),
        tags=("dutch",),
    )
    derived = exhibits.get(desk.case, "E002")
    assert derived.derived_from == Derivation("E001", "translation", "a sworn translator") and derived.tags == (
        "dutch",
    )
    moment = exhibits.get(desk.case, "E001").acquired_at
    assert moment is not None and datetime.fromisoformat(moment).tzinfo is not None
    with pytest.raises(NotFound):
        intake.bring_in(desk.case, [root / "b"], SAID, derived_from=Derivation("E009", "copy"))
    with pytest.raises(UsageError):
        intake.bring_in(desk.case, [root / "b"], SAID, derived_from=Derivation("E001", "rumour"))


def test_sexual_abuse_cases_warn_before_the_first_file_only(desk: Desk, tree: Tree) -> None:
    assert intake.warning(desk.case) is None
    case = casefile.create_case(desk.office, {**vaults.CASE, "title": "x", "categories": ["sexual-abuse"]})
    said = intake.warning(case)
    assert said is not None and "do not copy" in said.lower() and "police" in said
    exhibits.hold(case, "a telephone", SAID, place="safe 2")
    assert intake.warning(case) is not None
    intake.bring_in(case, [tree({"a": b"x"})], SAID)
    assert intake.warning(case) is None
