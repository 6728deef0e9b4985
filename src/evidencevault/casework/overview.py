"""The office at a glance: what needs action today, cases by step and age, response times, decisions, voices unanswered.

Counted over the cases that a user can read, from the rows of duties and the records; no evidence item is opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import quantiles

from evidencevault.casework import cases, concerns, decisions, signing
from evidencevault.casework.cases import Case
from evidencevault.casework.duties import Keeper, called_as, history_of
from evidencevault.casework.policies import Ruling
from evidencevault.custody import overdue
from evidencevault.custody.casefile import CaseFile, read_duties
from evidencevault.policy.duties import reported_at
from evidencevault.policy.history import History
from evidencevault.policy.words import NO_MEASURE

BANDS = ((7, "0-7"), (30, "8-30"), (90, "31-90"), (365, "91-365"))
OLDER = "over-365"
OTHER = "other"
"""Ages of open cases in days since they were reported."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something due today, or late: the case, the record (or empty), step, name, accountable role, until when (UTC)."""

    case: str
    ref: str
    step: str
    name: str
    role: str
    due: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is not closed: its state, severity, age in days since the report, and band of :data:`BANDS`."""

    case: str
    state: str
    severity: str
    days: int
    band: str


@dataclass(frozen=True, slots=True)
class Response:
    """One deadline that was met, missed, or is still open; ``margin``: days from the end back to when it was done."""

    case: str
    step: str
    name: str
    outcome: str  # met, late, open
    margin: float | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A signed decision: clause, finding, measures, when, days since the report, whether every signature is there.

    ``listed``: the measures by the policy's words; what is written freely is “other” there.
    """

    case: str
    number: str
    clause: str
    finding: str
    measures: tuple[str, ...]
    listed: tuple[str, ...]
    signed: datetime
    days: int
    final: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """A voiced concern that nobody has answered: when it was heard, and days since."""

    case: str
    number: str
    heard: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed deadline: year (of the deadline, UTC), step, and whether somebody answered for it."""

    case: str
    year: int
    step: str
    name: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """What was counted, as of ``at``; ``reported``: each case's categories with the year of its report."""

    at: datetime
    cases: int
    today: tuple[Waiting, ...]
    open: tuple[OpenCase, ...]
    responses: tuple[Response, ...]
    reported: tuple[tuple[int, str], ...]
    decided: tuple[Decided, ...]
    voices: tuple[Voice, ...]
    missed: tuple[Missed, ...]

    def speeds(self) -> list[Speed]:
        """Each step's response times against its deadline, by name."""
        steps = sorted({(one.name, one.step) for one in self.responses})
        return [_speed(step, name, [one for one in self.responses if one.step == step]) for name, step in steps]


@dataclass(frozen=True, slots=True)
class Speed:
    """How a step is kept: counts, and the days left (negative: late) of the median and of the slowest tenth."""

    step: str
    name: str
    met: int
    late: int
    open: int
    median: float | None
    slowest: float | None


def _speed(step: str, name: str, found: Sequence[Response]) -> Speed:
    counts = Counter(one.outcome for one in found)
    margins = sorted(one.margin for one in found if one.margin is not None)
    # Deciles need two values; of one, every quantile is itself.
    tenths = quantiles(margins, n=10, method="inclusive") if len(margins) > 1 else margins * 9
    median, slowest = (tenths[4], tenths[0]) if tenths else (None, None)
    return Speed(step, name, counts["met"], counts["late"], counts["open"], median, slowest)


def gather(opened: Iterable[CaseFile], keeper: Keeper, now: datetime) -> Overview:
    """Count over cases, each read once. Raises Damaged."""
    facts = [_facts(case, keeper, now) for case in opened]
    return Overview(
        at=now,
        cases=len(facts),
        today=tuple(sorted((one for f in facts for one in f.today), key=lambda one: (one.due, one.case, one.step))),
        open=tuple(sorted((one for f in facts for one in f.open), key=lambda one: (-one.days, one.case))),
        responses=tuple(one for f in facts for one in f.responses),
        reported=tuple(sorted(one for f in facts for one in f.reported)),
        decided=tuple(sorted((one for f in facts for one in f.decided), key=lambda one: (one.signed, one.case))),
        voices=tuple(sorted((one for f in facts for one in f.voices), key=lambda one: (one.heard, one.case))),
        missed=tuple(one for f in facts for one in f.missed),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    today: list[Waiting]
    open: list[OpenCase]
    responses: list[Response]
    reported: list[tuple[int, str]]
    decided: list[Decided]
    voices: list[Voice]
    missed: list[Missed]


def _facts(case: CaseFile, keeper: Keeper, now: datetime) -> _Facts:
    history = history_of(case)
    about, since, ruled = cases.describe(case), reported_at(history), keeper.ruling(history)
    return _Facts(
        today=list(_today(case, now)),
        open=_open(case, about, since, now),
        responses=list(_responses(case, now)),
        reported=[(since.astimezone(UTC).year, one) for one in about.categories],
        decided=list(_decided(case, history, ruled)),
        voices=list(_voices(case, now)),
        missed=list(_missed(case)),
    )


def _today(case: CaseFile, now: datetime) -> Iterator[Waiting]:
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for row in read_duties(case.ledger):
        duty = row.duty
        if duty.state == "open" and duty.due is not None and duty.due <= tomorrow.timestamp():
            due = datetime.fromtimestamp(duty.due, UTC)
            name = called_as(duty.step, duty.name)
            yield Waiting(case.reference, duty.ref, duty.step, name, duty.role, due, due < now)


def _open(case: CaseFile, about: Case, since: datetime, now: datetime) -> list[OpenCase]:
    if about.state == "closed":
        return []
    days = max(0, (now - since).days)
    return [OpenCase(case.reference, about.state, about.severity, days, band(days))]


def band(days: int) -> str:
    """The band of an age in days."""
    return next((name for most, name in BANDS if days <= most), OLDER)


def _responses(case: CaseFile, now: datetime) -> Iterator[Response]:
    for row in read_duties(case.ledger):
        duty = row.duty
        if duty.due is None or duty.state == "dropped":
            continue
        ended = duty.done if duty.done is not None else int(now.timestamp())
        outcome = "late" if ended > duty.due else "open" if duty.done is None else "met"
        margin = None if duty.done is None else (duty.due - duty.done) / 86400
        yield Response(case.reference, duty.step, called_as(duty.step, duty.name), outcome, margin)


def _decided(case: CaseFile, history: History, ruled: Ruling) -> Iterator[Decided]:
    since = reported_at(history)
    known = {NO_MEASURE, *(one.id for one in ruled.policy.measure)}
    for one in decisions.list_decisions(case):
        if one.signed_at is not None:
            days = max(0, (one.signed_at - since).days)
            final = signing.final(ruled.policy, one)
            yield Decided(
                case=case.reference,
                number=one.number,
                clause=one.violation or one.clause,
                finding=one.finding,
                measures=one.measure,
                listed=tuple(measure if measure in known else OTHER for measure in one.measure),
                signed=one.signed_at,
                days=days,
                final=final,
            )


def _voices(case: CaseFile, now: datetime) -> Iterator[Voice]:
    for one in concerns.list_concerns(case):
        if not one.answered:
            yield Voice(case.reference, one.number, one.heard_at, max(0, (now - one.heard_at).days))


def _missed(case: CaseFile) -> Iterator[Missed]:
    for one in overdue.entries(case.ledger):
        answered = one.duty is not None and one.duty.duty.answered is not None
        yield Missed(case.reference, one.due.year, one.step, called_as(one.step, one.name), answered)
