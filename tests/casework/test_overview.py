"""The overview's counts, and that what leaves gives no small count away."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from evidencevault.casework import (
    actions,
    closing,
    concerns,
    decisions,
    opening,
    overview,
    people,
    policies,
    signing,
    telling,
)
from evidencevault.casework.actions import Action
from evidencevault.casework.cases import Case, Safety, Support
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.counted import Overview
from evidencevault.casework.decisions import Decision
from evidencevault.casework.duties import Keeper, run_all
from evidencevault.casework.people import Person
from evidencevault.casework.speeds import Response
from evidencevault.custody import casefile, membership
from evidencevault.custody.casefile import Kind
from evidencevault.custody.office import Office
from evidencevault.session import Session

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Clock:
    now = BEGIN

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=3)
        return self.now

    def to(self, days: float) -> None:
        self.now = BEGIN + timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    founded = membership.found(
        tmp_path / "v", organisation="O", country="NL", name="anna", roles=frozenset({"officer"}), passphrase="pw",
        clock=clock,
    )  # fmt: skip
    founded.office.keeper = Keeper(founded.office)
    yield founded.office
    founded.office.close()


def seen(office: Office, clock: Clock) -> Overview:
    keeper = Keeper(office)
    run_all(keeper)
    return overview.gather(((one.reference, one) for one in casefile.cases(office)), keeper, clock.now)


def test_every_count_agrees_with_what_was_done(office: Office, clock: Clock) -> None:
    policies.adopt(office, (Path(__file__).parent / "data" / "year.toml").read_text("utf-8"))
    about = Case(title="Maria", categories=("neglect",), severity="high", immediate_safety=Safety(state="safe"))
    for number in range(4):
        clock.to(number)
        case = opening.create(office, replace(about, categories=("neglect", "other") if number else ("neglect",)))
        people.add(case, Person(role="child", names=("Maria",)))
        concerns.add(case, Concern(words="w", channel="phone", from_="Maria", to="A", heard_at=clock.now))
        actions.add(case, Action(what="Call Jan", owner="A", due=(BEGIN + timedelta(days=20)).date()))
    first, second, *_ = casefile.cases(office)
    clock.to(3.5)
    concerns.answer(first, "C01", Answer(words="Heard", at=clock.now, by="A"))
    decisions.add(first, Decision(question="q", finding="inconclusive", measure=("none",), clause="4", rationale="r"))
    clock.to(11.5)
    made = Decision(question="q", finding="inconclusive", measure=("fire Jan",), clause="4", rationale="r")
    decisions.add(second, made)
    signing.sign(second, "D01")
    clock.to(15)
    found = seen(office, clock)
    assert found.cases == 4
    assert [(one.case[-1], one.days, one.band) for one in found.open] == [
        ("1", 15, "8-30"), ("2", 14, "8-30"), ("3", 13, "8-30"), ("4", 12, "8-30"),
    ]  # fmt: skip
    assert found.reported == ((2026, "neglect"),) * 4 + ((2026, "other"),) * 3
    assert [(one.case[-1], one.number, one.days) for one in found.voices] == [
        ("2", "C01", 14), ("3", "C01", 13), ("4", "C01", 12),
    ]  # fmt: skip
    decided, draft = found.decided
    assert (draft.case[-1], draft.state, draft.signed, draft.days) == ("1", "draft", None, 15)
    assert (decided.case[-1], decided.clause, decided.measures, decided.listed, decided.days, decided.final) == (
        "2", "4", ("fire Jan",), ("other",), 10, True,
    )  # fmt: skip
    took = {one.step: one.took for one in found.speeds()}
    assert took["acknowledge"] == pytest.approx(3.5, abs=0.001) and took["action"] is None
    speeds = {one.step: (one.met, one.late, one.open) for one in found.speeds()}
    assert speeds["acknowledge"] == (1, 3, 0)
    assert speeds["second-holder"] == (0, 4, 0)
    assert speeds["action"] == (0, 0, 4)
    assert speeds["feedback"] == (0, 0, 4)
    assert {(one.case[-1], one.step) for one in found.missed} == {
        *((n, "second-holder") for n in "1234"), *((n, "acknowledge") for n in "234"),
    }  # fmt: skip
    assert {one.late for one in found.today} == {True}
    assert len(found.today) == 7


def response(case: int, step: str = "look", name: str = "Look", outcome: str = "met", at: datetime = BEGIN) -> Response:
    return Response(f"NL-2026-{case:04d}", step, name, outcome, at, None if outcome == "open" else 1.0, 2.0)


def counted(responses: Sequence[Response]) -> Overview:
    return Overview(BEGIN, 20, (), (), tuple(responses), (), (), (), ())


def test_a_step_that_policies_call_differently_is_counted_once_by_its_newest_name() -> None:
    old = [response(n, name="Look at it") for n in range(3)]
    new = [response(n, name="Look", at=BEGIN + timedelta(days=1)) for n in range(3, 5)]
    found = counted([*new, *old, response(9, "ask", "Look", "late")])
    assert [(one.name, one.met, one.late) for one in found.speeds()] == [("Look (ask)", 0, 1), ("Look (look)", 5, 0)]
    (table,) = (one for one in telling.told(found).tables if one.name == "deadlines")
    assert table.rows == (("Look (ask)", (None, None, None)), ("Look (look)", (None, None, None)))


def test_times_are_told_only_where_their_count_is() -> None:
    hidden = counted([*(response(n) for n in range(6)), response(7, outcome="late")])
    assert not telling.told(hidden).speeds  # the count of those in time is left out to cover that of the late
    plain = [*(response(n) for n in range(9)), *(response(20 + n, outcome="late") for n in range(9))]
    assert not telling.told(counted([replace(one, case="NL-2026-0001") for one in plain])).speeds
    many = [*plain, *(response(40 + n, outcome="open") for n in range(9))]
    (pace,) = telling.told(counted(many)).speeds
    assert (pace.median, pace.slowest, pace.took, pace.longest) == (1.0, 1.0, 2.0, 2.0)
    few = [*(response(n) for n in range(9)), *(response(n, outcome="late") for n in range(9)), *many[18:]]
    (pace,) = telling.told(counted(few)).speeds
    assert (pace.median, pace.slowest, pace.longest) == (1.0, None, None)


def test_the_last_midnight_of_a_year_belongs_to_it_in_the_zone_of_the_policy(office: Office, clock: Clock) -> None:
    year = (Path(__file__).parent / "data" / "year.toml").read_text("utf-8")
    policies.adopt(office, year.replace('zone = "UTC"', 'zone = "America/New_York"'))
    clock.now = datetime(2026, 12, 20, 9, tzinfo=UTC)
    about = Case(title="T", categories=("neglect",), severity="low", immediate_safety=Safety(state="safe"))
    case = opening.create(office, about)
    actions.add(case, Action(what="w", owner="A", due=date(2026, 12, 31)))
    clock.now = datetime(2027, 1, 2, tzinfo=UTC)
    assert {(one.step, one.year) for one in seen(office, clock).missed if one.step == "action"} == {("action", 2026)}


def test_a_damaged_case_is_named_and_the_others_are_counted(office: Office, clock: Clock) -> None:
    about = Case(title="Maria", categories=("neglect",), severity="high", immediate_safety=Safety(state="safe"))
    first, second = opening.create(office, about), opening.create(office, about)
    concerns.add(first, Concern(words="w", channel="phone", to="A", heard_at=clock.now))
    (latest,) = first.ledger.state.of_kind(Kind.CONCERN)
    with office.database.transaction() as connection:
        connection.execute(text("UPDATE record SET sealed = zeroblob(200) WHERE item = :item"), {"item": latest.item})
    found = Session(office).overview()
    assert (found.cases, [one.case for one in found.open]) == (1, [second.reference])
    assert [(one.case, one.counted) for one in found.faults] == [(first.reference, False)]
    told = telling.told(found)
    assert not told.whole and "complete,every case could be read,,no" in telling.as_csv(told).decode()


def test_what_leaves_names_nobody(office: Office, clock: Clock) -> None:
    about = Case(title="Maria", categories=("neglect",), severity="high", immediate_safety=Safety(state="safe"))
    for _ in range(6):
        case = opening.create(office, replace(about, support=(Support(kind="none"),)))
        made = Decision(question="Jan?", finding="inconclusive", measure=("fire Jan",), clause="4", rationale="Maria")
        decisions.add(case, made)
        signing.sign(case, "D01")
    closing.close(case, alone="nobody else")
    data = telling.as_csv(telling.told(seen(office, clock)))
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert not any(word in data.decode() for word in ("Maria", "Jan", "NL-2026"))
    cells = {(one["table"], one["row"], one["column"]): one["value"] for one in rows}
    assert cells["states", "reported", "count"] == "5" or cells["states", "reported", "count"] == "*"
    assert cells["categories", "2026", "neglect"] in ("6", "*")
    assert cells["findings", "substantiated", "count"] == "*"


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(2, 7))
def test_no_small_count_follows_from_a_total(counts: list[int], small: int) -> None:
    kept = telling.suppressed(counts, small)
    assert all(one is None or (one == count and count >= small) for one, count in zip(kept, counts, strict=True))
    hidden = [place for place, one in enumerate(kept) if one is None]
    if not hidden or sum(counts) < small:
        return  # nothing to hide, or so little that a total would not be told anywhere either
    left = sum(counts) - sum(one for one in kept if one is not None)
    # Whoever knows the total knows what the hidden ones add up to; each must still be able to be several numbers.
    assert len(hidden) > 1 or len(counts) == 1
    assert left >= small
    if len(hidden) > 1:
        solutions = [one for one in itertools.product(range(left + 1), repeat=len(hidden) - 1) if sum(one) <= left]
        assert all(len({one[n] for one in solutions}) > 1 for n in range(len(hidden) - 1))


def test_a_cell_is_no_formula() -> None:
    assert [telling._harmless(one) for one in ("=1+1", "+x", "-3.5", "@a", "-x", "x", "", "7")] == [
        "'=1+1", "'+x", "-3.5", "'@a", "'-x", "x", "", "7",
    ]  # fmt: skip
