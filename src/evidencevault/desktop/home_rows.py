"""What the first screen shows, read in one pass over the cases: what is due, the cases, and counts for its charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidencevault.bundle.overview_page import word
from evidencevault.casework import overview
from evidencevault.casework.cases import STATES
from evidencevault.casework.duties import called, until
from evidencevault.casework.overview import Overview
from evidencevault.casework.telling import AGES
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.rows import DueDuty
from evidencevault.desktop import rows, words
from evidencevault.desktop.charts import Bar, Part
from evidencevault.desktop.rows import CaseRow
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.session import Session

STEPS = 8  # bars of the first screen; the whole overview has them all


@dataclass(frozen=True, slots=True)
class TodayRow:
    """Something due by the end of today, or late: where it is, who is accountable, until when."""

    id: str
    case: str
    ref: str
    name: str
    about: str
    when: str
    late: bool
    readable: bool  # whether the case's content may be opened

    @property
    def spoken(self) -> str:
        """As read out."""
        state = tr("overdue") if self.late else tr("due today")
        return f"{self.name}, {state}, {self.when}, {self.about}"


@dataclass(frozen=True, slots=True)
class Glance:
    """Everything on the first screen."""

    cases: list[CaseRow]
    today: list[TodayRow]
    states: tuple[Bar, ...]
    ages: tuple[Bar, ...]
    deadlines: tuple[Bar, ...]


def glance(session: Session) -> Glance:
    """Read it; a case that cannot be opened is listed with the reason and counted nowhere."""
    listed: list[CaseRow] = []
    counted: list[Overview] = []
    for reference, found in session.openings():
        row, counts = _case(session, reference, found)
        listed.append(row)
        counted += counts
    return Glance(
        cases=listed,
        today=_today(session, {one.id for one in listed}),
        states=_states(counted),
        ages=_ages(counted),
        deadlines=deadline_bars(counted, STEPS),
    )


def _case(session: Session, reference: str, found: CaseFile | VaultError) -> tuple[CaseRow, list[Overview]]:
    if isinstance(found, VaultError):
        return rows.damaged(reference, found), []
    try:
        return rows.case_row(found), [overview.gather([found], session.keeper, session.office.clock())]
    except VaultError as error:
        return rows.damaged(reference, error), []


def _today(session: Session, readable: set[str]) -> list[TodayRow]:
    now = session.office.clock()
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    waiting = [one for one in _duties(session) if one.duty.due is not None and one.duty.due <= tomorrow.timestamp()]
    waiting.sort(key=lambda one: (one.duty.due or 0, one.reference, one.duty.step))
    return [_today_row(place, one, now, one.reference in readable) for place, one in enumerate(waiting)]


def _duties(session: Session) -> Iterable[DueDuty]:
    """What is open in every case that can be followed; oversight follows without reading a case."""
    for ledger in session.followed():
        if isinstance(ledger, VaultError):  # the list of cases, and verifying, say what is wrong with it
            continue
        try:
            found = session.duties_of(ledger)
        except VaultError:
            continue
        yield from (one for one in found if one.duty.state == "open")


def _today_row(place: int, one: DueDuty, now: datetime, readable: bool) -> TodayRow:
    at = until(one.duty.due or 0, now.tzinfo)
    return TodayRow(
        id=f"{place} {one.reference} {one.duty.ref} {one.duty.step}",
        case=one.reference,
        ref=one.duty.ref,
        name=called(one.duty),
        about=words.line([one.reference, one.duty.ref, words.role(one.duty.role)]),
        when=words.moment(at, now),
        late=at < now,
        readable=readable,
    )


def _states(counted: Sequence[Overview]) -> tuple[Bar, ...]:
    found = Counter(one.state for each in counted for one in each.open)
    return tuple(Bar(word(state), (Part("", found[state]),)) for state in STATES if state != "closed")


def _ages(counted: Sequence[Overview]) -> tuple[Bar, ...]:
    found = Counter(one.band for each in counted for one in each.open)
    return tuple(Bar(word(age), (Part("", found[age]),)) for age in AGES)


def deadline_bars(counted: Sequence[Overview], most: int | None = None) -> tuple[Bar, ...]:
    """How each step is kept, the most often late first."""
    names = {one.step: one.name for each in counted for one in each.responses}
    found = Counter((one.step, one.outcome) for each in counted for one in each.responses)
    kinds = (("met", tr("In time"), "good"), ("late", tr("Late"), "bad"), ("open", tr("Open"), "warn"))
    steps = sorted(names, key=lambda step: (-found[step, "late"], -found[step, "open"], names[step]))
    return tuple(
        Bar(names[step], tuple(Part(told, found[step, outcome], tone) for outcome, told, tone in kinds))
        for step in steps[:most]
    )
