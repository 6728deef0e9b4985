"""What is due whatever the policy says: a second holder, subject-access requests, actions and recommendations."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
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


Made = Mapping[str, Sequence[Due]]
"""What is due of each step of a policy, by the step's id."""


def fixed_duties(history: History, calendar: Calendar, made: Made) -> Iterator[Due]:
    """The duties that no policy gives or takes away; those that name a step of it move with its clock."""
    if history.others:
        yield from _holders(history)
    yield from _requests(history, calendar)
    yield from _tasks(history, calendar, "action", ACTION, made)
    yield from _tasks(history, calendar, "recommendation", RECOMMENDATION, made)


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


def _tasks(history: History, calendar: Calendar, kind: str, step: str, made: Made) -> Iterator[Due]:
    for ref in history.refs(kind):
        record, filed = history.newest(kind, ref), history.of(kind, ref)[0].at
        due = _due(record, filed, calendar, made)
        if due is not None:
            done = _first(history, kind, ref, "done_at")
            yield Due(step, ref, NAMES[step], OFFICER, due, done, begun=filed)


def _due(record: Form, filed: datetime, calendar: Calendar, made: Made) -> datetime | None:
    said = value_of(record, "due")
    if isinstance(said, date):
        return calendar.midnight_after(said)
    if not isinstance(said, str):
        return None
    found = promised(said, filed, made)
    if found is not None:
        return found.due
    # The step's clock does not run (any more), was moved to before it was filed, or the policy is another one without
    # that step: then the day stays that was said.
    day = value_of(record, "until")
    return calendar.midnight_after(day if isinstance(day, date) else filed.astimezone(calendar.zone).date())


def named(said: str, steps: Container[str]) -> tuple[str, str]:
    """The step that an action names, and the record for which it is due, or empty."""
    step, _, ref = said.rpartition(" ")
    return (said, "") if said in steps or not step else (step, ref)


def promised(said: str, filed: datetime, made: Made) -> Due | None:
    """The duty with which an action is due that names a step: the first that is due after it was filed, or None.

    What was over before is no deadline of an action, so nobody is late with it from the start.
    """
    step, ref = named(said, made)
    ahead = [one for one in made.get(step, ()) if ref in ("", one.ref) and one.due > filed]
    return min(ahead, key=lambda one: (one.due, one.ref), default=None)


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
