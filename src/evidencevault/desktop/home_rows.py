"""What the first screen shows, read in one pass over the cases: what is due, the cases, and counts for its charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidencevault.casework import overview
from evidencevault.casework.cases import STATES
from evidencevault.casework.codes import word
from evidencevault.casework.counted import Overview
from evidencevault.casework.duties import called, until
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
    openings = list(session.openings())
    listed = [_row(reference, found) for reference, found in openings]
    counted = overview.gather(openings, session.keeper, session.office.clock())
    return Glance(
        cases=listed,
        today=_today(session, {one.id for one in listed if not one.problem}),
        states=state_bars(counted),
        ages=age_bars(counted),
        deadlines=deadline_bars(counted, STEPS),
    )


def _row(reference: str, found: CaseFile | VaultError) -> CaseRow:
    if isinstance(found, VaultError):
        return rows.damaged(reference, found)
    try:
        return rows.case_row(found)
    except VaultError as error:
        return rows.damaged(reference, error)


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


def state_bars(counted: Overview) -> tuple[Bar, ...]:
    """Open cases by state."""
    return single(Counter(one.state for one in counted.open), [one for one in STATES if one != "closed"])


def age_bars(counted: Overview) -> tuple[Bar, ...]:
    """Open cases by days since the report."""
    return single(Counter(one.band for one in counted.open), AGES)


def single(found: Mapping[str, int], codes: Iterable[str]) -> tuple[Bar, ...]:
    """A bar for each code, in the order given."""
    return tuple(Bar(word(code), (Part("", found.get(code, 0)),)) for code in codes)


def deadline_bars(counted: Overview, most: int | None = None) -> tuple[Bar, ...]:
    """How each step is kept, the most often late first."""
    kept = sorted(counted.speeds(), key=lambda one: (-one.late, -one.open, one.name))
    return tuple(
        Bar(
            one.name,
            (
                Part(tr("In time"), one.met, "good"),
                Part(tr("Late"), one.late, "bad"),
                Part(tr("Open"), one.open, "warn"),
            ),
        )
        for one in kept[:most]
    )
