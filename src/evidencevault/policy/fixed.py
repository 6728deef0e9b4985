"""What is due whatever the policy says: a second holder, subject-access requests, actions and recommendations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evidencevault.forms.shapes import Form
from evidencevault.policy.history import History, time_of, value_of
from evidencevault.policy.periods import Calendar, Period
from evidencevault.resources import later

OFFICER = "officer"
SECOND_HOLDER, SUBJECT_ACCESS, ACTION, RECOMMENDATION = "second-holder", "subject-access", "action", "recommendation"
NAMES = {
    SECOND_HOLDER: later("Give a second person access to the case"),
    SUBJECT_ACCESS: later("Answer the request for access to personal data"),
    ACTION: later("Carry out the action"),
    RECOMMENDATION: later("Follow the recommendation, or refuse it with a signed reason"),
}
"""Names of the program's own steps, in English; whoever shows them translates."""
HOLDER_WITHIN = timedelta(hours=24)
ACCESS_WITHIN, ACCESS_EXTENDED = Period(1, "mo"), Period(3, "mo")
"""GDPR art. 12(3): one month from receipt, two more where that is said and why."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What fulfilled a step: a revision of a record, when it was written, the time that it claims, and the one that
    counts.
    """

    kind: str
    ref: str
    revision: int
    written: datetime
    claim: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """One duty: step, the record it is about (or empty), who is accountable, until when (UTC), and when it was done.

    ``escalate_to`` are roles of the policy, in order; ``begun``: since when the clock ran; ``deed``: of a policy's
    steps, what fulfilled it.
    """

    step: str
    ref: str
    name: str
    role: str
    due: datetime
    done: datetime | None
    escalate_to: tuple[str, ...] = ()
    begun: datetime | None = None
    deed: Deed | None = None


def fixed_duties(history: History, calendar: Calendar) -> Iterator[Due]:
    """The duties that no policy gives or takes away."""
    if history.others:
        yield from _holders(history)
    yield from _requests(history, calendar)
    yield from _tasks(history, calendar, "action", ACTION)
    yield from _tasks(history, calendar, "recommendation", RECOMMENDATION)


def _holders(history: History) -> Iterator[Due]:
    """One for each time at which a single user was left with the case: who is alone can be ill, or can be the one
    complained about.
    """
    since: datetime | None = None
    count = 0
    for at, holders in (*sorted(history.holders), (None, 0)):
        if since is not None and (at is None or holders != 1):
            ref = "" if count == 1 else f"#{count}"
            yield Due(SECOND_HOLDER, ref, NAMES[SECOND_HOLDER], OFFICER, since + HOLDER_WITHIN, at, begun=since)
            since = None
        if at is not None and holders == 1 and since is None:
            since, count = at, count + 1


def _requests(history: History, calendar: Calendar) -> Iterator[Due]:
    for ref in history.refs("request"):
        record, written = history.newest("request", ref), history.of("request", ref)[0].at
        within = ACCESS_EXTENDED if value_of(record, "extended") else ACCESS_WITHIN
        begun = min(time_of(record) or written, written)
        done = _first(history, "request", ref, "answered_at")
        due = calendar.ends(begun, within)
        yield Due(SUBJECT_ACCESS, ref, NAMES[SUBJECT_ACCESS], OFFICER, due, done, begun=begun)


def _tasks(history: History, calendar: Calendar, kind: str, step: str) -> Iterator[Due]:
    for ref in history.refs(kind):
        day = value_of(history.newest(kind, ref), "due")
        if isinstance(day, date):
            done, begun = _first(history, kind, ref, "done_at"), history.of(kind, ref)[0].at
            yield Due(step, ref, NAMES[step], OFFICER, calendar.midnight_after(day), done, begun=begun)


def _first(history: History, kind: str, ref: str, key: str) -> datetime | None:
    """When it was first written that something ended."""
    for one in history.of(kind, ref):
        claimed = _time(one.record, key)
        if claimed is not None:
            return history.counts(one.at, claimed)
    return None


def _time(record: Form, key: str) -> datetime | None:
    value = value_of(record, key)
    return value if isinstance(value, datetime) else None
