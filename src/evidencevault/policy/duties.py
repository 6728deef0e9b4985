"""What is due in a case, for whom and when: from a policy and what happened, and from nothing else.

A pure function, so the same history gives the same duties in whichever order it was gathered and however often it is
asked. Only what was written counts (see :meth:`History.counts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidencevault.policy.fixed import SUBJECT_ACCESS, Deed, Due, fixed_duties, named, promised
from evidencevault.policy.history import History, Revision, matches, meets, signature_of, time_of, value_of
from evidencevault.policy.model import Policy, Step, When
from evidencevault.policy.periods import Calendar, period
from evidencevault.policy.words import CLOSED, EACH, FORCED, LETTERS, REPORTED


@dataclass(frozen=True, slots=True)
class _Begun:
    """A step that has started for a record; ``after``: what was done before that moment does not count."""

    ref: str
    at: datetime
    after: datetime | None = None


def duties(policy: Policy, history: History) -> tuple[Due, ...]:
    """Everything due, done or not, by time. A closed case owes nothing that would only have been due later."""
    calendar, steps = Calendar(policy.days), {one.id: one for one in policy.step}
    made, closed = _made(policy, history, calendar), closed_at(history)
    found = [one for several in made.values() for one in several]
    found = [one for one in (*found, *fixed_duties(history, calendar, made)) if not _void(one, closed, steps)]
    return tuple(sorted(found, key=lambda one: (one.due, one.step, one.ref)))


def promise(policy: Policy, history: History, said: str, at: datetime) -> tuple[str, datetime]:
    """What an action names that is filed at a moment (a step, with the record of which it is due), and until when.

    Where the step's clock does not run yet, or is over, the step's own time from that moment on. Raises KeyError
    (unknown step).
    """
    calendar, steps = Calendar(policy.days), {one.id: one for one in policy.step}
    found, step = promised(said, at, _made(policy, history, calendar)), named(said, steps)[0]
    if found is None:
        return said, calendar.ends(at, period(steps[step].within))
    return f"{step} {found.ref}".strip(), found.due


def _made(policy: Policy, history: History, calendar: Calendar) -> dict[str, tuple[Due, ...]]:
    made, steps = dict[str, tuple[Due, ...]](), {one.id for one in policy.step}
    while len(made) < len(steps):  # a policy's steps never wait for each other in a circle (checking)
        for step in policy.step:
            if step.id not in made and (step.starts not in steps or step.starts in made):
                made[step.id] = tuple(_of_step(policy, step, history, calendar, made))
    return made


def reported_at(history: History) -> datetime:
    """When the report came in: as the case says, else when its first concern was heard, at the latest when opened."""
    cases = history.of("case")
    said = value_of(cases[-1].record, "reported_at") if cases else None
    if isinstance(said, datetime):
        return min(said, history.opened)
    heard = [time_of(history.newest("concern", ref)) for ref in history.refs("concern")]
    return min([history.opened, *(one for one in heard if one is not None)])


def closed_at(history: History) -> datetime | None:
    """Since when the case is closed; None where it is open."""
    since = None
    for one in history.of("case"):
        if value_of(one.record, "state") != "closed":
            since = None
        elif since is None:
            since = one.at
    return since


def _void(due: Due, closed: datetime | None, steps: dict[str, Step]) -> bool:
    first = due.step
    while first in steps:
        first = steps[first].starts
    stays = first in (CLOSED, SUBJECT_ACCESS)
    return closed is not None and not stays and due.done is None and due.due > closed


def _of_step(
    policy: Policy, step: Step, history: History, calendar: Calendar, made: dict[str, tuple[Due, ...]]
) -> Iterator[Due]:
    if step.when is not None and first_met(policy, step.when, history, calendar) is None:
        return
    within = period(step.within)
    for begun in _begun(policy, step, history, calendar, made):
        due, deed = calendar.ends(begun.at, within), _deed(step, begun, history)
        done = None if deed is None else deed.at
        yield Due(step.id, begun.ref, step.name, step.role, due, done, step.escalate_to, begun.at, deed)


def _begun(
    policy: Policy, step: Step, history: History, calendar: Calendar, made: dict[str, tuple[Due, ...]]
) -> Iterator[_Begun]:
    if step.starts == REPORTED:
        yield _Begun("", reported_at(history))
    elif step.starts == FORCED:
        met = [first_met(policy, one.when, history, calendar) for one in policy.threshold if one.step == step.id]
        times = [one for one in met if one is not None]
        if times:
            yield _Begun("", min(times))
    elif step.starts == CLOSED:
        closed = closed_at(history)
        if closed is not None:
            yield _Begun("", closed, after=closed)
    elif step.starts in EACH:
        for ref in history.refs(step.starts):
            newest, written = history.newest(step.starts, ref), history.of(step.starts, ref)[0].at
            if step.starts != "decision":
                yield _Begun(ref, min(time_of(newest) or written, written))
                continue
            signed = value_of(newest, "signed_at")
            if isinstance(signed, datetime):  # a decision starts clocks once it is signed
                yield _Begun(ref, history.counts(signed, signature_of(newest, "signed_at")))
    else:
        for one in made[step.starts]:
            # What nobody does stops no clock: the next step begins when this one was done, or ought to have been.
            last = one.due - timedelta(microseconds=1)  # the last moment of its last day
            at = last if one.done is None else min(one.done, last)
            yield _Begun(one.ref, at, after=at)


def first_met(policy: Policy, when: When, history: History, calendar: Calendar) -> datetime | None:
    """When a case first was one of those that are meant; that it is no longer one afterwards changes nothing."""
    floors = {one.id: one.severity for one in policy.category}
    persons: dict[str, Revision] = {}
    case: Revision | None = None
    for one in sorted((*history.of("case"), *history.of("person")), key=lambda one: (one.at, one.kind, one.revision)):
        if one.kind == "case":
            case = one
        else:
            persons[one.ref] = one
        if case is not None:
            at = reported_at(history) if history.from_paper else one.at
            day = at.astimezone(calendar.zone).date()
            if meets(when, case.record, [person.record for person in persons.values()], day, floors):
                return at
    return None


def _deed(step: Step, begun: _Begun, history: History) -> Deed | None:
    if not step.done_when:
        return None
    kind = step.done_when[0].record
    own = begun.ref if kind == LETTERS.get(begun.ref[:1]) else None
    refs = [ref for ref in history.refs(kind) if own in (None, ref)]
    found = [one for ref in refs for one in _first_met(step, begun, history, ref)]
    return min(found, key=lambda one: one.at, default=None)


def _first_met(step: Step, begun: _Begun, history: History, ref: str) -> Iterator[Deed]:
    """When a record first fulfilled a step: more often than it had when the step began, where it follows another."""
    before: Sequence[datetime | None] = ()
    for one in history.of(step.done_when[0].record, ref):
        now = matches(one.record, step.done_when)
        if begun.after is not None and one.at < begun.after:
            before = now
        elif len(now) > len(before):
            yield min((deed_of(one, claim, history) for claim in _added(before, now)), key=lambda deed: deed.at)
            return


def deed_of(one: Revision, claim: datetime | None, history: History) -> Deed:
    """What a revision did, with the time that counts."""
    return Deed(one.kind, one.ref, one.revision, one.at, claim, history.counts(one.at, claim))


def _added(before: Sequence[datetime | None], now: Sequence[datetime | None]) -> list[datetime | None]:
    left = Counter(before)
    found = []
    for claim in now:
        if left[claim]:
            left[claim] -= 1
        else:
            found.append(claim)
    return found
