"""The timeline of a case: what happened and was written, what was due and is still due, in one order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from evidencevault.casework import actions, cases, concerns, decisions, interviews
from evidencevault.casework.duties import called, until
from evidencevault.custody.casefile import CaseFile, SeenEntry, read_duties
from evidencevault.custody.rows import Duty
from evidencevault.desktop import words
from evidencevault.desktop.entries import entries_of
from evidencevault.resources import tr

SHOWN = ("opened", "closed", "reopened", "released", "walled", "unwalled", "recovered", "erased")
"""Entries of the chain of custody that are events of the case; the rest stands on its own screen."""


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One event or deadline. ``order`` is UTC seconds; ``ahead``: it lies in the future."""

    id: str
    order: float
    icon: str
    tone: str
    title: str
    sub: str
    when: str
    deadline: bool
    ahead: bool
    ref: str = ""

    @property
    def spoken(self) -> str:
        """As read out."""
        return ", ".join(part for part in (self.when, self.title, self.sub) if part)


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    icon: str
    tone: str
    title: str
    sub: str = ""
    ref: str = ""
    deadline: bool = False


def timeline(case: CaseFile) -> list[TimeRow]:
    """Everything, the newest first; what is still to come stands above today."""
    now = case.now()
    events = [*_report(case), *_voices(case), *_talks(case), *_decided(case), *_acted(case), *_entered(case)]
    events += _deadlines(case, now)
    events.sort(key=lambda one: one.at.timestamp(), reverse=True)
    return [_row(place, one, now) for place, one in enumerate(events)]


def _row(place: int, one: _Event, now: datetime) -> TimeRow:
    return TimeRow(
        id=str(place),
        order=one.at.timestamp(),
        icon=one.icon,
        tone=one.tone,
        title=one.title,
        sub=one.sub,
        when=words.moment(one.at, now),
        deadline=one.deadline,
        ahead=one.at > now,
        ref=one.ref,
    )


def _report(case: CaseFile) -> Iterator[_Event]:
    about = cases.describe(case)
    if about.reported_at is not None:
        sub = words.line(filter(None, [_to(about.reported_to), about.reported_by]))
        yield _Event(about.reported_at, "flag", "accent", tr("The report reached the organisation"), sub)
    for one in about.authorities_informed:
        if one.informed_at is not None:
            told = tr("Informed: {authority}").format(authority=words.isolated(one.authority))
            yield _Event(one.informed_at, "share", "good", told, one.reference)


def _voices(case: CaseFile) -> Iterator[_Event]:
    for one in concerns.list_concerns(case):
        told = tr("{who} was heard").format(who=words.isolated(one.from_ or tr("Somebody")))
        yield _Event(one.heard_at, "ear", "accent", told, words.line([one.number, _short(one.words)]), one.number)
        for answer in one.answers:
            tone = "good" if answer.outcome == "satisfied" else "warn"
            said = words.line([one.number, _short(answer.words)])
            yield _Event(answer.at, "message-square-text", tone, tr("Answered"), said, one.number)


def _talks(case: CaseFile) -> Iterator[_Event]:
    for one in interviews.list_interviews(case):
        told = tr("Interview with {person}").format(person=words.isolated(one.with_))
        sub = words.line([one.number, tr("by {name}").format(name=words.isolated(one.by))])
        yield _Event(one.started_at, "message-square-text", "accent", told, sub, one.number)


def _decided(case: CaseFile) -> Iterator[_Event]:
    for one in decisions.list_decisions(case):
        if one.signed_at is not None:
            told, _ = words.finding(one.finding)
            sub = words.line([one.number, told, _short(one.question)])
            yield _Event(one.signed_at, "scale", "good", tr("Decided"), sub, one.number)


def _acted(case: CaseFile) -> Iterator[_Event]:
    for one in actions.list_actions(case):
        if one.done_at is not None:
            told = tr("Refused") if one.refused else tr("Done")
            yield _Event(one.done_at, "list-checks", "good", told, words.line([one.number, one.what]), one.number)


def _to(name: str) -> str:
    return tr("to {name}").format(name=words.isolated(name)) if name else ""


def _entered(case: CaseFile) -> Iterator[_Event]:
    imported: Counter[str] = Counter()
    for one in entries_of(case).about(None):
        if one.action == "imported":
            imported[one.time[:10]] += 1
        elif one.action in SHOWN:
            yield _entry(one)
    for day, count in imported.items():
        at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        yield _Event(at, "import", "plain", tr("Evidence items brought in: {n}").format(n=count))


def _entry(one: SeenEntry) -> _Event:
    told = words.act(one.action)
    return _Event(datetime.fromisoformat(one.time), told.icon, told.tone, told.words, words.line([one.actor_name]))


def _deadlines(case: CaseFile, now: datetime) -> Iterator[_Event]:
    for row in read_duties(case.ledger):
        duty = row.duty
        if duty.due is not None and duty.state != "dropped":
            yield _deadline(duty, now, now.tzinfo)


def _deadline(duty: Duty, now: datetime, zone: tzinfo | None) -> _Event:
    due = datetime.fromtimestamp(duty.due or 0, UTC).astimezone(zone)
    ended = now.timestamp() if duty.done is None else duty.done
    late = ended > due.timestamp()
    at = until(duty.due or 0, zone)
    if duty.done is not None:
        at = datetime.fromtimestamp(duty.done, UTC).astimezone(zone)
        icon, tone = ("circle-check", "warn") if late else ("circle-check", "good")
        told = tr("Done too late: {step}") if late else tr("Done in time: {step}")
    else:
        icon, tone = ("triangle-alert", "bad") if late else ("calendar-clock", "warn")
        told = tr("Missed: {step}") if late else tr("Due: {step}")
    sub = words.line(filter(None, [duty.ref, words.role(duty.role)]))
    return _Event(at, icon, tone, told.format(step=called(duty)), sub, duty.ref, deadline=True)


def _short(text: str) -> str:
    line = words.one_line(text)
    return line if len(line) <= 120 else f"{line[:119]}…"
