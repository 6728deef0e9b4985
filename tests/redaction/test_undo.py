"""Undo and redo: each step is a revision and an entry of its own, and nothing is ever lost by it."""

from __future__ import annotations

import pytest
from tests.support.redactable import Desk

from evidencevault.custody.casefile import Kind
from evidencevault.errors import NotFound, Refused
from evidencevault.redaction import approving, marking, plans
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box


def box(desk: Desk, y: float) -> str:
    wanted = Wanted(boxes=((1, Box(10, y, 20, y + 10)),))
    return marking.mark(desk.case("anna"), desk.burner, "E001", wanted, "other")[0].id


def ids(desk: Desk) -> list[str]:
    shown = plans.show(desk.case("anna"), "E001")
    assert shown is not None
    return [one.id for one in shown.plan.marks]


def test_back_and_forth(desk: Desk) -> None:
    first, second, third = (box(desk, y) for y in (10, 30, 50))
    assert [one.id for one in plans.undo(desk.case("anna"), "E001").marks] == [first, second]
    assert [one.id for one in plans.undo(desk.case("anna"), "E001").marks] == [first]
    assert [one.id for one in plans.redo(desk.case("anna"), "E001").marks] == [first, second]
    assert [one.id for one in plans.redo(desk.case("anna"), "E001").marks] == [first, second, third]
    with pytest.raises(Refused, match="redo"):
        plans.redo(desk.case("anna"), "E001")
    for left in ([first, second], [first], []):
        assert [one.id for one in plans.undo(desk.case("anna"), "E001").marks] == left
    with pytest.raises(Refused, match="undo"):
        plans.undo(desk.case("anna"), "E001")
    for there in (1, 2, 3):
        assert len(plans.redo(desk.case("anna"), "E001").marks) == there


def test_a_change_after_undo_is_no_redo_and_no_number_comes_twice(desk: Desk) -> None:
    first, second = box(desk, 10), box(desk, 30)
    plans.undo(desk.case("anna"), "E001")
    third = box(desk, 50)
    assert ids(desk) == [first, third] and third not in (first, second)
    with pytest.raises(Refused):
        plans.redo(desk.case("anna"), "E001")
    plans.undo(desk.case("anna"), "E001")
    assert ids(desk) == [first]


def test_undo_brings_a_removed_mark_and_none_to_hide_back(desk: Desk) -> None:
    first = box(desk, 10)
    plans.remove(desk.case("anna"), "E001", first)
    plans.none(desk.case("anna"), "E001")
    assert plans.undo(desk.case("anna"), "E001").state == "draft"
    assert [one.id for one in plans.undo(desk.case("anna"), "E001").marks] == [first]


def test_each_step_is_an_entry_and_a_revision_and_makes_a_draft(desk: Desk) -> None:
    box(desk, 10)
    box(desk, 30)
    approving.approve(desk.case("leo"), desk.burner, "E001")
    plans.undo(desk.case("anna"), "E001")
    plans.redo(desk.case("anna"), "E001")
    shown = plans.show(desk.case("anna"), "E001")
    assert shown is not None and (shown.state, shown.revision) == ("draft", 4)
    case = desk.case("anna")
    assert len(case.history(next(one for one in case.records(Kind.PLAN)).item)) == 4
    assert [one.action for one in case.entries() if one.subject == "E001"][-2:] == ["marked", "marked"]
    with pytest.raises(NotFound):
        plans.undo(desk.case("anna"), "E002")
