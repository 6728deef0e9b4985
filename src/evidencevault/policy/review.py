"""A case tested against two clocks: what the policy of then asked of it, and what the policy of today would.

A pure function of two policies and a history. Steps meet by their id, violations by their clause, thresholds by what
they ask; what only one of the two knows is a row, too. What an old case says counts as it says it, because all of it
lies before the day on which it was entered (:meth:`History.counts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from evidencevault.forms.shapes import Form
from evidencevault.policy.closure import left_open
from evidencevault.policy.duties import closed_at, deed_of, duties, first_met
from evidencevault.policy.fixed import Deed, Due
from evidencevault.policy.history import History, signature_of, value_of
from evidencevault.policy.model import Policy, When
from evidencevault.policy.periods import Calendar
from evidencevault.policy.ranges import SUBSTANTIATED, Decided, second_signature, span
from evidencevault.policy.words import SEVERITIES

FOLLOWED, LATE, NOT_DONE, NOT_DUE = "followed", "late", "not done", "not due yet"
UNDATED = "done, nobody knows when"
"""Of a case entered from paper: the record names no time, and that at which it was typed in says nothing."""
NOT_REQUIRED, NO_MATTER = "not required", "did not apply"
"""``not required``: the policy has no such clause; ``did not apply``: it has, and the case gave it no cause."""
OUTSIDE = "outside the range"

STEP, THRESHOLD, MEASURE, SIGNATURE, CLOSURE = "step", "threshold", "measure", "second signature", "closure"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one policy says of one row.

    ``asked`` is what it asks (``24h``, ``warning – dismissal``, roles); ``begun``, ``due``: its clock; ``deed``: the
    record that fulfilled it; ``late``: by how much; ``open``: references that did not fulfil it.
    """

    state: str
    clause: str = ""
    name: str = ""
    role: str = ""
    asked: str = ""
    begun: datetime | None = None
    due: datetime | None = None
    deed: Deed | None = None
    late: timedelta | None = None
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One clause of either policy, for one record where it holds for each: under the policy then, and today."""

    part: str
    id: str
    ref: str
    then: Verdict
    now: Verdict

    @property
    def name(self) -> str:
        """What it is about, as the policy of then says it, else that of today."""
        return self.then.name or self.now.name or self.id

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """The evidence; each once."""
        return tuple(dict.fromkeys(one.deed for one in (self.then, self.now) if one.deed is not None))


Key = tuple[str, str, str]
"""Part, id, reference."""


def review(then: Policy, now: Policy, history: History, on: datetime | None = None) -> tuple[Row, ...]:
    """One row for each clause of either policy, in the order of the policy of then; new ones of today after them.

    ``on`` is the day of the review: what was not done and is due only later is ``not due yet``. None: all is past.
    """
    before, today = _verdicts(then, history, on), _verdicts(now, history, on)
    rows = [
        Row(*key, before.get(key, _absent(then, key, before)), today.get(key, _absent(now, key, today)))
        for key in dict.fromkeys((*before, *today))
    ]
    matter = [one for one in rows if one.part == STEP or _matters(one.then) or _matters(one.now)]
    return tuple(sorted(matter, key=lambda one: _PARTS.index(one.part)))


_PARTS = (STEP, THRESHOLD, MEASURE, SIGNATURE, CLOSURE)


def _matters(verdict: Verdict) -> bool:
    return verdict.state not in (NOT_REQUIRED, NO_MATTER)


def _absent(policy: Policy, key: Key, known: Mapping[Key, Verdict]) -> Verdict:
    """What a policy says of a row that only the other one has.

    A step that it has, but not for this record, is one that the case gave it no cause for.
    """
    part, id, _ = key
    mine = [one for one in policy.step if part == STEP and one.id == id]
    if not mine:
        return Verdict(NOT_REQUIRED)
    return Verdict(NO_MATTER, mine[0].clause, mine[0].name, _role(policy, mine[0].role), mine[0].within)


def _verdicts(policy: Policy, history: History, on: datetime | None) -> dict[Key, Verdict]:
    found: dict[Key, Verdict] = {}
    for part in (_steps, _thresholds, _decisions, _closure):
        found |= dict(part(policy, history, on))
    return found


def _role(policy: Policy, id: str) -> str:
    return next((one.name for one in policy.role if one.id == id), id)


def _steps(policy: Policy, history: History, on: datetime | None) -> Iterator[tuple[Key, Verdict]]:
    steps = {one.id: one for one in policy.step}
    made = [one for one in duties(policy, history) if one.step in steps]
    for step in policy.step:
        of_step = [one for one in made if one.step == step.id]
        told = Verdict(NO_MATTER, step.clause, step.name, _role(policy, step.role), step.within)
        for due in sorted(of_step, key=lambda one: one.ref):
            yield (STEP, step.id, due.ref), _judged(told, due, history, on)
        if not of_step:
            yield (STEP, step.id, ""), told


def _judged(told: Verdict, due: Due, history: History, on: datetime | None) -> Verdict:
    said = replace(told, begun=due.begun, due=due.due, deed=due.deed)
    if due.done is None or due.deed is None:
        return replace(said, state=NOT_DONE if on is None or due.due <= on else NOT_DUE)
    if history.from_paper and due.deed.claim is None:
        return replace(said, state=UNDATED)
    if due.done < due.due:
        return replace(said, state=FOLLOWED)
    return replace(said, state=LATE, late=due.done - due.due)


def _thresholds(policy: Policy, history: History, on: datetime | None) -> Iterator[tuple[Key, Verdict]]:
    """What forced a step, and what became of the step."""
    calendar, made = Calendar(policy.days), {one.step: one for one in duties(policy, history)}
    for one in policy.threshold:
        met = first_met(policy, one.when, history, calendar)
        name = next(step.name for step in policy.step if step.id == one.step)
        told = Verdict(NO_MATTER, one.clause, name, asked=_condition(one.when), begun=met)
        key = (THRESHOLD, f"{one.step}: {_condition(one.when)}", "")
        due = made.get(one.step) if met is not None else None
        # A closed case owes nothing that was due only later.
        yield key, told if due is None else replace(_judged(told, due, history, on), begun=met)


def _condition(when: When) -> str:
    age = f"< {when.age_under}" if when.age_under is not None else ""
    grave = "/".join(sorted(when.severity, key=SEVERITIES.index))
    return " + ".join(filter(None, ["/".join(sorted(when.category)), grave, age]))


def _decisions(policy: Policy, history: History, on: datetime | None) -> Iterator[tuple[Key, Verdict]]:
    """Whether each signed decision lay inside the range, and whether the second signature stood under it."""
    for ref in history.refs("decision"):
        record = history.newest("decision", ref)
        if value_of(record, "signed_at") is None:
            continue
        decision = cast("Decided", record)
        yield (MEASURE, decision.violation, ref), _measured(policy, decision, _deed(history, ref, "signed_at"))
        roles = second_signature(policy, decision)
        if roles:
            yield (SIGNATURE, ref, ref), _second(record, roles, _deed(history, ref, "countersigned_at"))


def _measured(policy: Policy, decision: Decided, deed: Deed | None) -> Verdict:
    clause = next((one for one in policy.violation if one.clause == decision.violation), None)
    if clause is None:
        return Verdict(NOT_REQUIRED)
    names = {one.id: one.name for one in policy.measure}
    least, most = (names.get(one, one) for one in (clause.measures.least, clause.measures.most))
    told = Verdict(NO_MATTER, clause.clause, clause.text, asked=f"{least} – {most}")
    if decision.finding != SUBSTANTIATED:
        return told
    allowed = span(policy, decision)
    inside = allowed is not None and allowed.inside
    taken = tuple(names.get(one, one) for one in decision.measure)
    return replace(told, state=FOLLOWED if inside else OUTSIDE, deed=deed, open=() if inside else taken)


def _second(record: Form, roles: tuple[str, ...], deed: Deed | None) -> Verdict:
    there = bool(value_of(record, "countersigned_by"))
    return Verdict(FOLLOWED if there else NOT_DONE, asked=" / ".join(roles), deed=deed if there else None)


def _deed(history: History, ref: str, key: str) -> Deed | None:
    """When a time was first filled in, for good: a decision that was corrected is a draft again."""
    found: Deed | None = None
    for one in history.of("decision", ref):
        at = value_of(one.record, key)
        if not isinstance(at, datetime):
            found = None
        elif found is None:
            found = deed_of(one, signature_of(one.record, key), history)
    return found


def _closure(policy: Policy, history: History, on: datetime | None) -> Iterator[tuple[Key, Verdict]]:
    closed = closed_at(history)
    if closed is None:
        return
    deed = next(deed_of(one, None, history) for one in history.of("case") if one.at == closed)
    for condition, refs in left_open(policy, history, closed).items():
        state = NOT_DONE if refs else FOLLOWED
        yield (CLOSURE, condition, ""), Verdict(state, asked=condition, deed=None if refs else deed, open=refs)
