"""Sending for approval: who may approve is named, and any change takes it back."""

from __future__ import annotations

import pytest
from tests.support.redactable import Desk

from evidencevault.errors import Refused
from evidencevault.progress import Progress
from evidencevault.redaction import approving, burning, marking, plans, standings, subjects
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box


def _box(desk: Desk, y: float) -> str:
    wanted = Wanted(boxes=((1, Box(10, y, 20, y + 10)),))
    return marking.mark(desk.case("anna"), desk.burner, "E001", wanted, "other")[0].id


def _states(desk: Desk, name: str = "anna") -> dict[str, tuple[str, int]]:
    return {one.exhibit.number: (one.state, one.marks) for one in standings.standings(desk.case(name))}


def test_sending_names_who_may_approve_and_a_change_takes_it_back(desk: Desk) -> None:
    with pytest.raises(Refused, match="empty"):
        plans.send(desk.case("anna"), "E001")
    first = _box(desk, 10)
    assert plans.send(desk.case("anna"), "E001").sent
    shown = plans.show(desk.case("anna"), "E001")
    assert shown is not None and shown.plan.sent and [one.id for one in shown.plan.marks] == [first]
    assert approving.approvers(desk.case("anna"), "E001") == ("leo",)
    assert _states(desk)["E001"] == ("waiting", 1)
    _box(desk, 30)
    assert _states(desk)["E001"] == ("draft", 2)
    assert not plans.undo(desk.case("anna"), "E001").sent  # what was sent is not sent again by itself
    plans.send(desk.case("anna"), "E001")
    assert not plans.undo(desk.case("anna"), "E001").sent


def test_what_waits_can_be_approved_and_is_not_sent_twice(desk: Desk) -> None:
    _box(desk, 10)
    plans.send(desk.case("anna"), "E001")
    approving.approve(desk.case("leo"), desk.burner, "E001")
    assert _states(desk, "leo")["E001"] == ("approved", 1)
    with pytest.raises(Refused, match="approved already"):
        plans.send(desk.case("anna"), "E001")


def test_nothing_to_hide_can_be_sent_too(desk: Desk) -> None:
    plans.none(desk.case("anna"), "E001")
    assert _states(desk)["E001"] == ("nothing", 0)
    plans.send(desk.case("anna"), "E001")
    assert _states(desk)["E001"] == ("waiting", 0)
    assert _states(desk)["E003"] == ("cannot", 0)


def test_another_reason_makes_the_plan_that_members(desk: Desk) -> None:
    first = _box(desk, 10)
    with pytest.raises(Refused, match="not a reason code"):
        plans.give_reason(desk.case("anna"), "E001", first, "no-such-code")
    plan = plans.give_reason(desk.case("leo"), "E001", first, "health")
    assert (plan.mark(first).reason, plan.mark(first).boxes) == ("health", (Box(10, 10, 20, 20),))
    with pytest.raises(Refused, match="somebody else"):
        approving.approve(desk.case("leo"), desk.burner, "E001")
    assert approving.approvers(desk.case("leo"), "E001") == ()


def test_pages_that_are_held_ready_are_not_read_again(desk: Desk) -> None:
    case = desk.case("anna")
    ready = burning.finder(case, desk.burner, subjects.subject(case, "E001"), Progress(), recognise=False)
    made = marking.mark(case, desk.burner, "E001", Wanted(terms=("Okafor",)), "witness", pages=ready)
    assert [one.term for one in made] == ["Okafor"]

