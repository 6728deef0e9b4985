"""The office at a glance: what needs action today, cases by step and age, response times, decisions, voices unanswered.

Counted over the cases that a user can read, from the rows of duties and the records; no evidence item is opened. What
cannot be read is named, and the rest counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from evidencevault.casework import cases, concerns, decisions, signing
from evidencevault.casework.cases import Case
from evidencevault.casework.counted import OTHER, Decided, Fault, Missed, OpenCase, Overview, Voice, Waiting, band
from evidencevault.casework.duties import Keeper, called_as, history_of, until
from evidencevault.casework.policies import Ruling
from evidencevault.casework.speeds import Response
from evidencevault.custody import overdue
from evidencevault.custody.casefile import CaseFile, Duty, read_duties
from evidencevault.errors import NotFound, VaultError
from evidencevault.policy.duties import reported_at
from evidencevault.policy.history import History
from evidencevault.policy.words import NO_MEASURE

Opening = tuple[str, CaseFile | VaultError]
"""A case's reference, with the case opened or why it cannot be (``Session.openings``)."""


def gather(found: Iterable[Opening], keeper: Keeper, now: datetime) -> Overview:
    """Count over cases, each read once; those that cannot be opened or read are named as faults."""
    facts, faults = list[_Facts](), list[Fault]()
    for reference, opened in found:
        try:
            if isinstance(opened, VaultError):
                raise opened
            facts.append(_facts(opened, keeper, now))
        except NotFound:
            continue  # excluded by now: the case is not theirs, and is not named to them
        except VaultError as error:
            faults.append(Fault(reference, error.sentence))
    never = datetime.max.replace(tzinfo=UTC)
    return Overview(
        at=now,
        cases=len(facts),
        today=tuple(sorted((one for f in facts for one in f.today), key=lambda one: (one.due, one.case, one.step))),
        open=tuple(sorted((one for f in facts for one in f.open), key=lambda one: (-one.days, one.case))),
        responses=tuple(one for f in facts for one in f.responses),
        reported=tuple(sorted(one for f in facts for one in f.reported)),
        decided=tuple(
            sorted((one for f in facts for one in f.decided), key=lambda one: (one.signed or never, one.case))
        ),
        voices=tuple(sorted((one for f in facts for one in f.voices), key=lambda one: (one.heard, one.case))),
        missed=tuple(one for f in facts for one in f.missed),
        faults=tuple(faults),
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
    zone, rows = ZoneInfo(ruled.policy.days.zone), [one.duty for one in read_duties(case.ledger)]
    begun = {(one.step, one.ref): one.begun for one in keeper.wanted(history)}
    return _Facts(
        today=list(_today(case, rows, now)),
        open=_open(case, about, since, now),
        responses=list(_responses(case, rows, begun, now)),
        reported=[(since.astimezone(zone).year, one) for one in about.categories],
        decided=list(_decided(case, history, ruled, now)),
        voices=list(_voices(case, now)),
        missed=list(_missed(case, zone)),
    )


def _today(case: CaseFile, rows: Sequence[Duty], now: datetime) -> Iterator[Waiting]:
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for duty in rows:
        if duty.state == "open" and duty.due is not None and duty.due <= tomorrow.timestamp():
            due = datetime.fromtimestamp(duty.due, UTC)
            name = called_as(duty.step, duty.name)
            yield Waiting(case.reference, duty.ref, duty.step, name, duty.role, due, due < now)


def _open(case: CaseFile, about: Case, since: datetime, now: datetime) -> list[OpenCase]:
    if about.state == "closed":
        return []
    days = max(0, (now - since).days)
    return [OpenCase(case.reference, about.state, about.severity, days, band(days))]


def _responses(
    case: CaseFile, rows: Sequence[Duty], begun: Mapping[tuple[str, str], datetime | None], now: datetime
) -> Iterator[Response]:
    for duty in rows:
        if duty.due is None or duty.state == "dropped":
            continue
        ended = duty.done if duty.done is not None else int(now.timestamp())
        outcome = "late" if ended > duty.due else "open" if duty.done is None else "met"
        start, margin, took = begun.get((duty.step, duty.ref)), None, None
        if duty.done is not None:
            margin = (duty.due - duty.done) / 86400
            took = None if start is None else max(0.0, (duty.done - start.timestamp()) / 86400)
        due = datetime.fromtimestamp(duty.due, UTC)
        yield Response(case.reference, duty.step, called_as(duty.step, duty.name), outcome, due, margin, took)


def _decided(case: CaseFile, history: History, ruled: Ruling, now: datetime) -> Iterator[Decided]:
    since = reported_at(history)
    known = {NO_MEASURE, *(one.id for one in ruled.policy.measure)}
    for one in decisions.list_decisions(case):
        yield Decided(
            case=case.reference,
            number=one.number,
            clause=one.violation or one.clause,
            finding=one.finding,
            measures=one.measure,
            listed=tuple(measure if measure in known else OTHER for measure in one.measure),
            signed=one.signed_at,
            days=max(0, ((one.signed_at or now) - since).days),
            final=signing.final(ruled.policy, one),
        )


def _voices(case: CaseFile, now: datetime) -> Iterator[Voice]:
    for one in concerns.list_concerns(case):
        if not one.answered:
            yield Voice(case.reference, one.number, one.heard_at, max(0, (now - one.heard_at).days))


def _missed(case: CaseFile, zone: tzinfo) -> Iterator[Missed]:
    for one in overdue.entries(case.ledger):
        answered = one.duty is not None and one.duty.duty.answered is not None
        year = until(int(one.due.timestamp()), zone).year
        yield Missed(case.reference, year, one.step, called_as(one.step, one.name), one.due, answered)
