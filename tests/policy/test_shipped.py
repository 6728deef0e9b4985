"""The policies that come with the program."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.policy.histories import CASE, CHILD, CONCERN, OPENED, by_name, history

from evidencevault.casework import policies
from evidencevault.casework.cases import Authority, Safety
from evidencevault.policy.duties import duties
from evidencevault.policy.model import Policy
from evidencevault.policy.words import CATEGORIES, NO_MEASURE, OPEN, SEVERITIES

NAMES = ("international", "nl", "be", "es", "fr")
COUNTRY = {"international": ("ZZ", "en", "UTC", ""), "nl": ("NL", "nl", "Europe/Amsterdam", "NL"),
           "be": ("BE", "nl", "Europe/Brussels", "BE"), "es": ("ES", "es", "Europe/Madrid", "ES"),
           "fr": ("FR", "fr", "Europe/Paris", "FR")}  # fmt: skip


def shipped(name: str) -> Policy:
    return policies.read(policies.shipped_text(name))


def test_these_are_all() -> None:
    assert set(policies.shipped()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
class TestEach:
    def test_says_whose_it_is_and_where_it_comes_from(self, name: str) -> None:
        found, text = shipped(name), policies.shipped_text(name)
        assert (found.country, found.language, found.days.zone, found.days.holidays) == COUNTRY[name]
        top = text.splitlines()[0]
        assert re.search("no organisation's|geen enkele organisatie|ninguna organización|aucune organisation", top), top
        assert any("2019/1937" in one and "art. 9" in one for one in found.source)
        assert len(found.source) >= 5 and all(len(one) > 20 for one in found.source)
        assert found.note
        assert not found.days.moves  # a law's seven days are not ours to lengthen

    def test_has_the_three_deadlines_that_all_promise(self, name: str) -> None:
        steps = {one.id: one for one in shipped(name).step}
        look, answered, told = steps["focal-point"], steps["acknowledge"], steps["feedback"]
        assert (look.starts, look.within, look.role) == ("reported", "24h", "focal-point")
        assert (answered.starts, answered.within) == ("concern", "7wd" if name == "fr" else "7d")
        assert (told.starts, told.within) == ("concern" if name == "es" else "acknowledge", "3mo")

    def test_every_clause_stands_in_its_own_numbering(self, name: str) -> None:
        found = shipped(name)
        for number, several in ((3, found.step), (4, found.threshold), (5, found.violation)):
            clauses = [one.clause.split(";")[0] for one in several]
            assert all(re.fullmatch(rf"{number}\.\d+", one) for one in clauses), clauses
            order = [int(one.split(".")[1]) for one in clauses]
            assert order == list(range(1, len(order) + 1))
        assert all(one.clause.startswith("9.") for one in found.retention)

    def test_every_step_can_be_done_and_goes_to_somebody_when_late(self, name: str) -> None:
        for one in shipped(name).step:
            assert one.done_when, one.id
            assert one.escalate_to or one.role == "board", one.id
            assert one.role not in one.escalate_to

    def test_every_category_is_told_kept_and_has_its_gravity(self, name: str) -> None:
        found = shipped(name)
        assert {one.id for one in found.category} == set(CATEGORIES)
        assert all(one.text for one in found.category)
        assert {one.category for one in found.retention} == set(CATEGORIES)
        grave = {one.id: SEVERITIES.index(one.severity) for one in found.category}
        assert min(grave["sexual-abuse"], grave["exploitation"]) >= SEVERITIES.index("high")

    def test_a_range_for_every_violation(self, name: str) -> None:
        found = shipped(name)
        weights = {one.id: one.weight for one in found.measure}
        assert {NO_MEASURE, "report", "warning", "end-of-contract", "dismissal"} <= set(weights)
        assert len(set(weights.values())) == len(weights)
        # A referral must never pass for a measure, nor make a measure heavier.
        assert weights["report"] < min(weights[one.measures.least] for one in found.violation)
        assert len(found.violation) >= 12
        assert all(one.measures.least != NO_MEASURE for one in found.violation)
        first = [one for one in found.violation if one.clause in ("5.1", "5.2", "5.3")]
        assert {one.measures.least for one in first} == {"end-of-contract"}

    def test_doing_nothing_and_closing_take_two(self, name: str) -> None:
        found = shipped(name)
        assert found.countersign.no_action and found.countersign.outside_range and found.countersign.closure
        assert set(found.closure.conditions) == set(OPEN)
        assert not found.alone.allowed

    def test_sexual_abuse_of_a_child_is_referred_however_light_it_is_called(self, name: str) -> None:
        found = shipped(name)
        abuse = replace(CASE, categories=("sexual-abuse",), severity="low")
        assert "refer" not in by_name(duties(found, history((OPENED, abuse))))
        known = [(OPENED, abuse), (OPENED + timedelta(hours=1), CHILD)]
        made = by_name(duties(found, history(*known)))
        assert made["refer"].due == OPENED + timedelta(hours=25) and made["refer"].done is None
        # Where nobody is known by name yet, its gravity is enough.
        worst = replace(abuse, severity="critical")
        assert by_name(duties(found, history((OPENED, worst))))["refer"].due == OPENED + timedelta(hours=24)
        told = replace(abuse, authorities_informed=(Authority(authority=WHOM[name]),))
        done = by_name(duties(found, history(*known, (OPENED + timedelta(hours=3), told))))
        assert done["refer"].done == OPENED + timedelta(hours=3)

    def test_fraud_is_referred_to_nobody_by_force(self, name: str) -> None:
        fraud = replace(CASE, categories=("fraud-integrity",), severity="high")
        made = by_name(duties(shipped(name), history((OPENED, fraud), (OPENED, CHILD))))
        assert not {"refer", "police", "inspectorate"} & set(made)


WHOM = {"international": "Child protection", "nl": "Veilig Thuis Haaglanden", "be": "SOS Enfants Liège",
        "es": "Servicios sociales", "fr": "CRIP du département du Nord"}  # fmt: skip


def test_the_same_report_in_each_country() -> None:
    """Reported on Thursday 30 April 2026 at 17:00 in the west of Europe; nobody does anything."""
    at = datetime(2026, 4, 30, 15, tzinfo=UTC)
    known = history(
        (at, replace(CASE, immediate_safety=Safety(state="unknown"))), (at, replace(CONCERN, heard_at=at)), opened=at
    )
    due = {
        name: {
            step: one.due.isoformat(timespec="minutes").removesuffix("+00:00")
            for step, one in by_name(duties(shipped(name), known)).items()
            if step in ("focal-point", "acknowledge C01", "feedback C01")
        }
        for name in NAMES
    }
    look = {"focal-point": "2026-05-01T15:00"}
    # Feedback: three months from the last moment at which receipt ought to have been confirmed; in Spain from receipt.
    assert due == {
        "international": look | {"acknowledge C01": "2026-05-08T00:00", "feedback C01": "2026-08-08T00:00"},
        "nl": look | {"acknowledge C01": "2026-05-07T22:00", "feedback C01": "2026-08-07T22:00"},
        "be": look | {"acknowledge C01": "2026-05-07T22:00", "feedback C01": "2026-08-07T22:00"},
        "es": look | {"acknowledge C01": "2026-05-07T22:00", "feedback C01": "2026-07-30T22:00"},
        # Seven working days without 1 May, 8 May and two weekends.
        "fr": look | {"acknowledge C01": "2026-05-13T22:00", "feedback C01": "2026-08-13T22:00"},
    }


def test_the_dutch_code_asks_for_a_conversation_only_about_a_child() -> None:
    light = replace(CASE, categories=("neglect",))
    assert "hear" not in by_name(duties(shipped("nl"), history((OPENED, light))))
    found = by_name(duties(shipped("nl"), history((OPENED, light), (OPENED, CHILD))))
    assert found["hear"].due.date() == (OPENED + timedelta(days=14)).date()


def test_the_police_are_another_duty_than_child_protection() -> None:
    abuse = replace(CASE, categories=("sexual-abuse",))
    told = replace(abuse, authorities_informed=(Authority(authority="Veilig Thuis"),))
    made = by_name(duties(shipped("nl"), history((OPENED, abuse), (OPENED, CHILD), (OPENED, told))))
    assert made["refer"].done == OPENED and made["police"].done is None and made["inspectorate"].done is None
