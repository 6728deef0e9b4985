"""Suggestions: stable, decided one by one or by group, and never taken over by themselves."""

from __future__ import annotations

import pytest
from tests.support.redactable import Desk

from evidencevault.errors import NotFound, Refused, UsageError
from evidencevault.progress import Progress
from evidencevault.redaction import approving, attacking, burning, marking, plans, subjects, suggesting
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box
from evidencevault.redaction.suggesting import LEFT_OPEN, MARKED, NEW, Suggestion


def found(desk: Desk, name: str = "anna") -> list[Suggestion]:
    case = desk.case(name)
    subject = subjects.subject(case, "E001")
    finder = burning.finder(case, desk.burner, subject, Progress())
    return suggesting.suggestions(case, finder, plans.opened(plans.stored(case, "E001"), subject))


def test_what_is_suggested_is_no_mark_and_is_the_same_each_time(desk: Desk) -> None:
    first = found(desk)
    assert {one.group for one in first} == {"person:Child A", "person:Staff A", "pattern:phone"}
    assert {one.state for one in first} == {NEW} and len({one.id for one in first}) == len(first)
    assert [one.id for one in found(desk)] == [one.id for one in first]
    assert plans.show(desk.case("anna"), "E001") is None


def test_a_group_is_accepted_with_the_reason_of_its_kind(desk: Desk) -> None:
    case = desk.case("anna")
    made = suggesting.accept(case, "E001", suggesting.choose(found(desk), groups=["person"]))
    assert {(one.what, one.reason, one.label) for one in made} == {
        ("Child A", "child", "Child A"),
        ("Staff A", "third-party", "Staff A"),
    }
    assert {one.author for one in made} == {case.member.key_id.hex()} and all(one.at for one in made)
    # The telephone stands on what is hidden to the end of the line.
    assert {one.state for one in found(desk)} == {MARKED}
    assert suggesting.accept(case, "E001", suggesting.choose(found(desk), groups=["person"])) == ()


def test_one_is_refused_and_stays_refused(desk: Desk) -> None:
    phone = next(one for one in found(desk) if one.group == "pattern:phone")
    suggesting.refuse(desk.case("anna"), "E001", suggesting.choose(found(desk), ids=[phone.id]))
    assert next(one for one in found(desk) if one.id == phone.id).state == LEFT_OPEN
    shown = plans.show(desk.case("anna"), "E001")
    assert shown is not None and [one.what for one in shown.plan.left_open] == ["phone"]
    assert all(one.id != phone.id for one in suggesting.choose(found(desk), every=True))
    suggesting.accept(desk.case("anna"), "E001", suggesting.choose(found(desk), ids=[phone.id]))
    assert next(one for one in found(desk) if one.id == phone.id).state == MARKED


def test_choosing_wrongly_says_so(desk: Desk) -> None:
    with pytest.raises(UsageError):
        suggesting.choose(found(desk))
    with pytest.raises(NotFound, match="s0000"):
        suggesting.choose(found(desk), ids=["s0000"])
    with pytest.raises(NotFound, match="person:Child Z"):
        suggesting.choose(found(desk), groups=["person:Child Z"])


def test_who_refuses_a_suggestion_is_an_author_too(desk: Desk) -> None:
    suggesting.accept(desk.case("anna"), "E001", suggesting.choose(found(desk), groups=["pattern"]))
    suggesting.refuse(desk.case("leo"), "E001", suggesting.choose(found(desk, "leo"), groups=["person:Staff A"]))
    with pytest.raises(Refused, match="yourself"):
        approving.approve(desk.case("leo"), desk.burner, "E001")


def test_removing_a_found_mark_leaves_its_place_open_on_purpose(desk: Desk) -> None:
    made = suggesting.accept(desk.case("anna"), "E001", suggesting.choose(found(desk), groups=["pattern"]))
    plans.remove(desk.case("anna"), "E001", made[0].id)
    assert {one.state for one in found(desk) if one.group == "pattern:phone"} == {LEFT_OPEN}


def test_what_is_hidden_after_all_is_not_open_any_more(desk: Desk) -> None:
    case = desk.case("anna")
    suggesting.refuse(case, "E001", suggesting.choose(found(desk), groups=["person:Child A"]))
    shown = plans.show(case, "E001")
    assert shown is not None and attacking.open_secrets(case, shown.plan)
    marking.mark(case, desk.burner, "E001", Wanted(persons=("Child A",)), "child")
    shown = plans.show(case, "E001")
    assert shown is not None and shown.plan.left_open == () and not attacking.open_secrets(case, shown.plan)


def test_a_tight_mark_under_a_widened_one_gives_nothing_away(desk: Desk) -> None:
    case = desk.case("anna")
    marking.mark(case, desk.burner, "E001", Wanted(persons=("Child A",), widen=False), "child")
    with pytest.raises(Refused, match="too few other names"):
        approving.approve(desk.case("leo"), desk.burner, "E001")
    assert marking.mark(desk.case("anna"), desk.burner, "E001", Wanted(persons=("Child A",)), "child")
    assert approving.approve(desk.case("leo"), desk.burner, "E001").narrow == ""


def test_a_term_does_not_keep_its_person_from_being_marked(desk: Desk) -> None:
    wanted = Wanted(terms=("Wietske Bartelsen",))
    assert len(marking.mark(desk.case("anna"), desk.burner, "E001", wanted, "child")) == 1
    again = Wanted(persons=("Child A",), widen=False)
    assert len(marking.mark(desk.case("anna"), desk.burner, "E001", again, "child")) == 3


def test_who_takes_a_mark_away_does_not_approve_what_is_left(desk: Desk) -> None:
    first = marking.mark(desk.case("anna"), desk.burner, "E001", Wanted(boxes=((1, Box(9, 9, 30, 30)),)), "other")
    plans.remove(desk.case("leo"), "E001", first[0].id)
    marking.mark(desk.case("anna"), desk.burner, "E001", Wanted(boxes=((2, Box(9, 9, 30, 30)),)), "other")
    with pytest.raises(Refused, match="yourself"):
        approving.approve(desk.case("leo"), desk.burner, "E001")
