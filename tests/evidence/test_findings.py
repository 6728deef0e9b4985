from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidencevault.custody.casefile import Kind
from evidencevault.evidence import exhibits, findings, intake
from evidencevault.progress import Progress
from tests.evidence.conftest import SAID, Desk
from tests.support.documents import PlainWorkers, workers

Tree = Callable[[dict[str, bytes]], Path]


def test_each_exhibit_is_looked_at_and_what_cannot_be_read_stays_with_the_reason(desk: Desk, tree: Tree) -> None:
    root = tree({"a.txt": b"one\ftwo", "b.txt": b"CRASH", "c.pdf": b"no pdf", "d.txt": b""})
    report = intake.bring_in(desk.case, [root], SAID, workers=workers())
    assert [one.media_type for one in report.exhibits] == ["text/plain", None, "text/plain", "text/plain"]
    case = desk.as_()
    a, b, c, d = exhibits.list_exhibits(case)
    assert (a.media_type, a.pages, a.previewable, a.failure, a.looked_at) == ("text/plain", 2, True, None, True)
    assert (b.previewable, b.failure, b.looked_at) == (False, "“b.txt” broke its reader.", True)
    assert len(c.warnings) == 1 and "application/pdf" in c.warnings[0] and d.size == 0
    assert exhibits.findings(case, "E001") == findings.Findings("E001", "text/plain", 2, True, (), {"Author": "nobody"})
    imported = max(one.sequence for one in case.entries() if one.action == "imported")
    assert min(one.sequence for one in case.records(Kind.FINDINGS)) > imported  # no parser delays custody


def test_members_come_in_by_the_same_door_and_theirs_too(desk: Desk, tree: Tree) -> None:
    root = tree({"mail.box": b"in/letter.txt=hello\nsecond.box=deep.txt=inside\ncopy.txt=hello"})
    report = intake.bring_in(desk.case, [root], SAID, workers=workers(), tags=("t",))
    assert [(one.exhibit, one.name, one.parent, one.duplicate_of) for one in report.exhibits] == [
        ("E001", "mail.box", None, None),
        ("E002", "letter.txt", "E001", None),
        ("E003", "second.box", "E001", None),
        ("E004", "copy.txt", "E001", "E002"),
        ("E005", "deep.txt", "E003", None),
    ]
    letter = exhibits.get(desk.case, "E002")
    assert (letter.path, letter.source, letter.tags, letter.pages) == ("in/letter.txt", "the reporter", ("t",), 1)
    with desk.case.open_object(exhibits.of_object(exhibits.get(desk.case, "E005"))) as reader:
        assert b"".join(reader.stream()) == b"inside"


def test_a_bomb_gives_what_came_before_it_and_the_reason(desk: Desk, tree: Tree) -> None:
    root = tree({"a.box": b"x.txt=1\nBOMB\ny.txt=2"})
    report = intake.bring_in(desk.case, [root], SAID, workers=workers())
    assert [one.name for one in report.exhibits] == ["a.box", "x.txt"]
    assert exhibits.get(desk.case, "E001").failure == "“a.box” unpacks to too much."


def test_nesting_ends(desk: Desk, tree: Tree) -> None:
    deep = b"end.txt=x"
    for _ in range(findings.DEPTH + 3):
        deep = b"next.box=" + deep
    report = intake.bring_in(desk.case, [tree({"top.box": deep})], SAID, workers=workers())
    assert len(report.exhibits) == findings.DEPTH + 1
    assert "too deep" in report.exhibits[-1].warnings[0]


def test_without_confinement_the_files_are_in_and_wait_for_their_look(desk: Desk, tree: Tree) -> None:
    root = tree({"a.txt": b"one", "b.box": b"x.txt=1"})
    report = intake.bring_in(desk.case, [root], SAID, workers=workers(confined=False))
    assert report.not_looked == "This machine confines nothing." and len(report.exhibits) == 2
    assert not any(one.looked_at for one in exhibits.list_exhibits(desk.case))
    looked = findings.examine(desk.case, workers(), Progress())
    assert [(one.exhibit, one.status) for one in looked.lines] == [
        ("E001", "already"),
        ("E002", "already"),
        ("E003", "imported"),
    ]
    assert all(one.looked_at for one in exhibits.list_exhibits(desk.case))
    assert findings.examine(desk.case, workers(), Progress()).lines == ()


def test_a_look_broken_off_goes_on_without_doubling_members(
    desk: Desk, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"a.box": b"x.txt=1\ny.txt=2", "b.txt": b"b"})

    class Broken(Exception):
        pass

    def broken(self: object, group: object) -> None:
        raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(findings._Look, "_keep", broken)
        with pytest.raises(Broken):
            intake.bring_in(desk.case, [root], SAID, workers=workers())
    case = desk.as_()
    assert [one.name for one in exhibits.list_exhibits(case)] == ["a.box", "b.txt", "x.txt", "y.txt"]
    report = intake.bring_in(case, [root], SAID, workers=workers())
    assert {one.status for one in report.exhibits} == {"already"} and len(report.exhibits) == 4
    assert all(one.looked_at for one in exhibits.list_exhibits(case)) and len(exhibits.list_exhibits(case)) == 4


def test_restricted_items_are_not_read_for_their_text(desk: Desk, tree: Tree) -> None:
    looker = PlainWorkers()
    intake.bring_in(desk.case, [tree({"a.txt": b"secret"})], SAID, workers=looker, restricted="medical")  # type: ignore[arg-type]
    assert looker.asked == [("look", "a.txt")]
    assert desk.case.records(Kind.TEXT) == []
