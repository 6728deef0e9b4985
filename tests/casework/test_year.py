"""A year of forty cases by three officers, some of whom ignore theirs, against a count made without the program.

The simulation decides by chance what is done when; ``expected`` works out from that which deadlines were missed, with
arithmetic of its own. The ledger must name each of them once, and no other.
"""

from __future__ import annotations

import calendar
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from evidencevault.casework import actions, cases, closing, concerns, decisions, duties, opening, people, policies
from evidencevault.casework import signing as signatures
from evidencevault.casework.actions import Action, Refusal
from evidencevault.casework.cases import Authority, Case, Safety, Support
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.decisions import Decision
from evidencevault.casework.duties import Keeper
from evidencevault.casework.people import Person
from evidencevault.custody import access, casefile, membership, overdue, verify
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office
from evidencevault.errors import Refused
from evidencevault.progress import Progress
from evidencevault.session import Session
from evidencevault.vault.registry import KeyKind

BEGIN = datetime(2026, 1, 1, 8, tzinfo=UTC)
END = BEGIN + timedelta(days=365)
OFFICERS = ("anna", "ben", "cara")
Missed = tuple[str, str, str]  # case, step, reference


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=3)
        return self.now


@dataclass
class Planned:
    """What happens in one case; None: never."""

    officer: str
    opened: datetime
    safe: datetime | None
    second: datetime | None
    heard: datetime
    answered: datetime | None
    feedback: datetime | None
    abuse: bool
    informed: datetime | None
    due: date
    done: datetime | None
    decided: datetime | None
    supported: bool
    closed: datetime | None = None
    reference: str = ""


def plan(chance: random.Random) -> list[Planned]:
    made = []
    for number in range(40):
        officer = OFFICERS[number % 3]
        careless = {"anna": 0.1, "ben": 0.4, "cara": 0.9}[officer]

        def after(start: datetime, least: float, most: float, careless: float = careless) -> datetime | None:
            when = start + timedelta(days=chance.uniform(least, most))
            return None if chance.random() < careless / 2 or when > END - timedelta(days=1) else when

        opened = BEGIN + timedelta(days=chance.uniform(1, 300))
        answered = after(opened, 1, 7 + 10 * careless)
        decided = after(opened, 10, 60)
        made.append(
            Planned(
                officer=officer,
                opened=opened,
                safe=after(opened, 0.1, 0.5 + 2 * careless),
                second=after(opened, 0.1, 0.8 + 3 * careless),
                heard=opened - timedelta(hours=2),
                answered=answered,
                feedback=after(answered, 5, 80 + 60 * careless) if answered else None,
                abuse=chance.random() < 0.4,
                informed=after(opened, 0.2, 0.6 + 2 * careless),
                due=(opened + timedelta(days=chance.randint(5, 40))).date(),
                done=after(opened, 4, 20 + 40 * careless),
                decided=decided,
                supported=chance.random() > careless / 3,
            )
        )
    return made


def day_ends(start: datetime, days: int) -> datetime:
    return datetime.combine(start.date() + timedelta(days=days + 1), time(), UTC)


def months_end(start: datetime, months: int) -> datetime:
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    last = date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    return datetime.combine(last + timedelta(days=1), time(), UTC)


def deadlines(one: Planned) -> dict[tuple[str, str], tuple[datetime, datetime, datetime | None]]:
    """From when, until when and when each step of a case was due and done."""
    acknowledge = day_ends(one.heard, 7)
    told = min(one.answered or acknowledge, acknowledge - timedelta(microseconds=1))
    found = {
        ("focal-point", ""): (one.heard, one.heard + timedelta(hours=24), one.safe),
        ("second-holder", ""): (one.opened, one.opened + timedelta(hours=24), one.second),
        ("acknowledge", "C01"): (one.heard, acknowledge, one.answered),
        ("feedback", "C01"): (told, months_end(told, 3), one.feedback),
        ("action", "A01"): (one.opened, datetime.combine(one.due + timedelta(days=1), time(), UTC), one.done),
    }
    if one.abuse:
        found["refer", ""] = (one.opened, one.opened + timedelta(hours=24), one.informed)
    return found


def expected(one: Planned) -> dict[Missed, datetime]:
    """The deadlines of a case that were missed by the end of the year."""
    stops = one.closed or END
    return {
        (one.reference, step, ref): due
        for (step, ref), (_, due, done) in deadlines(one).items()
        if (done > due if done is not None else stops > due)
    }


def open_things(one: Planned) -> set[str]:
    """Words of the refusal that closing this case must give at the end of the year."""
    found = {
        "not answered": one.answered is None,
        "not told what came of it": one.feedback is None,
        "without proof or signed refusal": one.done is None,
        "nothing was decided yet": one.decided is None,
        "it is not known whether": one.safe is None,
        "which help was given": not one.supported,
    }
    return {words for words, is_open in found.items() if is_open}


@dataclass
class Office3:
    """One vault, four people taking turns at it."""

    folder: Path
    clock: Clock
    office: Office
    name: str = "anna"
    opened: dict[str, CaseFile] = field(default_factory=dict)

    def become(self, name: str) -> Office:
        if name != self.name:
            self.office.close()
            self.opened.clear()
            self.office, self.name = Office.unlock(self.folder, name, f"pw-{name}", clock=self.clock), name
            if membership.is_provisional(self.office):
                membership.replace_keys(self.office, f"pw-{name}")
            self.office.keeper = Keeper(self.office)
        return self.office

    def case(self, reference: str) -> CaseFile:
        if reference not in self.opened:
            self.opened[reference] = casefile.open_case(self.office, reference)
        return self.opened[reference]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office3]:
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(tmp_path / "state"))
    clock, folder = Clock(), tmp_path / "v"
    founded = membership.found(
        folder, organisation="O", country="NL", name="anna", roles=frozenset({"officer"}), passphrase="pw-anna",
        clock=clock,
    )  # fmt: skip
    for name, role in (("ben", "officer"), ("cara", "officer"), ("leo", "legal"), ("olga", "oversight")):
        membership.invite(founded.office, name, frozenset({role}), f"pw-{name}")
    policies.adopt(founded.office, (Path(__file__).parent / "data" / "year.toml").read_text("utf-8"))
    founded.office.keeper = Keeper(founded.office)
    made = Office3(folder, clock, founded.office)
    yield made
    made.office.close()


def events(team: Office3, planned: list[Planned]) -> list[tuple[datetime, str, Callable[[], None]]]:
    """Everything that happens, each with who does it, in the order of time."""
    found: list[tuple[datetime, str, Callable[[], None]]] = []
    for one in planned:
        for when, act in (
            (one.opened, _open),
            (one.safe, _safe),
            (one.second, _second),
            (one.answered, _answer),
            (one.feedback, _feedback),
            (one.informed if one.abuse else None, _inform),
            (one.done, _done),
            (one.decided, _decide),
        ):
            if when is not None:
                found.append((when, one.officer, lambda one=one, act=act: act(team, one)))  # type: ignore[misc]
    return sorted(found, key=lambda event: event[0])


def _open(team: Office3, one: Planned) -> None:
    about = Case(
        title="T",
        categories=("sexual-abuse" if one.abuse else "neglect",),
        severity="high",
        immediate_safety=Safety(state="unknown"),
        support=(Support(kind="medical"),) if one.supported else (),
    )
    case = opening.create(team.office, about)
    one.reference = case.reference
    people.add(case, Person(role="child", names=("Maria",), born="2015"))  # type: ignore[arg-type]
    concerns.add(case, Concern(words="He hit me", channel="phone", from_="Maria", to="A", heard_at=one.heard))
    actions.add(case, Action(what="Call", owner="A", due=one.due))


def _safe(team: Office3, one: Planned) -> None:
    case = team.case(one.reference)
    cases.update(case, replace(cases.describe(case), immediate_safety=Safety(state="safe")))


def _second(team: Office3, one: Planned) -> None:
    access.grant(team.case(one.reference).ledger, "leo")


def _answer(team: Office3, one: Planned) -> None:
    concerns.answer(team.case(one.reference), "C01", Answer(words="Heard", at=team.clock.now, by="A"))


def _feedback(team: Office3, one: Planned) -> None:
    concerns.answer(team.case(one.reference), "C01", Answer(words="So", at=team.clock.now, by="A", kind="feedback"))


def _inform(team: Office3, one: Planned) -> None:
    case = team.case(one.reference)
    cases.update(case, replace(cases.describe(case), authorities_informed=(Authority(authority="Police"),)))


def _done(team: Office3, one: Planned) -> None:
    actions.done(team.case(one.reference), "A01", refused=Refusal(reason="r", signed_by="A"))


def _decide(team: Office3, one: Planned) -> None:
    case = team.case(one.reference)
    decisions.add(case, Decision(question="q", finding="inconclusive", measure=("talk",), clause="1", rationale="r"))
    signatures.sign(case, "D01")


def _watch(team: Office3) -> None:
    _, failed = duties.run_all(Keeper(team.office))
    assert failed == []


def entered(team: Office3) -> Counter[Missed]:
    found = access.visible_cases(team.office, KeyKind.AUDIT)
    ledgers = [access.open_ledger(team.office, case) for case in found]
    return Counter((led.reference, one.step, one.ref) for led in ledgers for one in overdue.entries(led))


def test_a_year_of_forty_cases(team: Office3) -> None:
    chance = random.Random(2019_1937)
    planned = plan(chance)
    watched, turn = BEGIN, 0
    for when, officer, act in events(team, planned):
        while watched + timedelta(days=21) < when:  # nobody looks for three weeks; then whoever's turn it is
            watched += timedelta(days=21)
            team.clock.now = watched
            team.become((*OFFICERS, "olga")[turn % 4])
            turn += 1
            _watch(team)
        team.become(officer)
        team.clock.now = when
        act()
        _closes_if_it_can(team, [one for one in planned if one.reference and one.officer == officer], chance)
    team.clock.now = END
    for name in (*OFFICERS, "olga", "anna"):
        team.become(name)
        _watch(team)
    wanted = {missed: due for one in planned for missed, due in expected(one).items()}
    team.become("olga")
    found = entered(team)
    assert set(found.values()) == {1}
    assert set(found) == set(wanted)
    assert 60 < len(wanted) < 200  # the year is neither spotless nor hopeless
    _the_overviews_agree(team, planned)
    _every_refusal_names_what_is_open(team, planned)
    _none_can_be_removed(team)


def _the_overviews_agree(team: Office3, planned: list[Planned]) -> None:
    """Each officer's overview with the count of their cases."""
    for officer in OFFICERS:
        office, own = team.become(officer), [one for one in planned if one.officer == officer]
        found = Session(office).overview()
        outcomes, took = Counter[tuple[str, str]](), dict[str, list[float]]()
        for one in own:
            for (step, _), (begun, due, done) in deadlines(one).items():
                if done is not None:
                    outcomes[step, "late" if done > due else "met"] += 1
                    took.setdefault(step, []).append((done - begun) / timedelta(days=1))
                elif one.closed is None or due < one.closed:
                    outcomes[step, "late" if due < END else "open"] += 1
        told = {(one.step, name): getattr(one, name) for one in found.speeds() for name in ("met", "late", "open")}
        assert {key: count for key, count in told.items() if count} == dict(outcomes)
        for speed in found.speeds():
            if speed.step in took:
                assert speed.took == pytest.approx(statistics.median(took[speed.step]), abs=0.001)
        assert (found.cases, found.faults) == (len(own), ())
        assert sorted(one.case for one in found.open) == sorted(one.reference for one in own if one.closed is None)
        assert Counter(name for _, name in found.reported) == Counter(
            "sexual-abuse" if one.abuse else "neglect" for one in own
        )
        assert Counter(one.step for one in found.missed) == Counter(step for one in own for _, step, _ in expected(one))
        assert {one.case for one in found.voices} == {one.reference for one in own if one.answered is None}
        assert {one.case for one in found.decided} == {one.reference for one in own if one.decided is not None}


def _closes_if_it_can(team: Office3, planned: list[Planned], chance: random.Random) -> None:
    one = chance.choice(planned)
    if one.closed is None and one.second is not None and one.second < team.clock.now:
        case = team.case(one.reference)
        if not closing.hindrances(case):
            closing.close(case)
            team.become("leo")
            one.closed = team.clock.now
            closing.close(team.case(one.reference))


def _every_refusal_names_what_is_open(team: Office3, planned: list[Planned]) -> None:
    assert any(one.closed for one in planned)
    for officer in OFFICERS:
        team.become(officer)
        for one in planned:
            if one.officer != officer or one.closed:
                continue
            wanted = open_things(one)
            if not wanted:
                assert closing.hindrances(team.case(one.reference)) == ()
                continue
            with pytest.raises(Refused) as refusal:
                closing.close(team.case(one.reference))
            said = str(refusal.value)
            assert all(words in said for words in wanted), (wanted, said)
            assert len(closing.hindrances(team.case(one.reference))) == len(wanted), (wanted, said)


def _none_can_be_removed(team: Office3) -> None:
    """Neither by running again nor by taking the row out of the database."""
    team.become("cara")
    before = entered(team)
    _watch(team)
    assert entered(team) == before
    ledger = next(
        led
        for case in access.visible_cases(team.office)
        if (led := access.open_ledger(team.office, case)).state.overdue
    )
    sequence = min(ledger.state.overdue.values())
    with team.office.database.transaction() as connection:
        connection.execute(
            text("DELETE FROM entry WHERE ledger = :ledger AND sequence = :n"), {"ledger": ledger.id, "n": sequence}
        )
    report = verify.verify(team.office, [ledger.id], progress=Progress())
    assert any(f"entry {sequence}" in one.where and "missing" in one.what for one in report.findings)
