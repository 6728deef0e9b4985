"""What was open when a case was closed, condition by condition, from its history alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from evidencevault.forms.shapes import Form
from evidencevault.policy.history import History, value_of
from evidencevault.policy.model import Policy
from evidencevault.policy.ranges import Decided, second_signature

ANONYMOUS = ("", "anonymous")
CASE = "case"
"""Stands for the case's own record where something is missing in it, or nothing was decided."""


def left_open(policy: Policy, history: History, at: datetime) -> Mapping[str, tuple[str, ...]]:
    """For each condition of the policy the references that did not fulfil it at a moment; none where it held."""
    known = replace(history, revisions=tuple(one for one in history.revisions if one.at <= at))
    return {name: tuple(_CHECKS[name](known, policy)) for name in policy.closure.conditions}


def _newest(history: History, kind: str) -> list[tuple[str, Form]]:
    return [(ref, history.newest(kind, ref)) for ref in history.refs(kind)]


def _all(record: Form, key: str) -> Sequence[Form]:
    return cast("Sequence[Form]", value_of(record, key))


def _reached(concern: Form) -> bool:
    return any(value_of(one, "outcome") != "not-reached" for one in _all(concern, "answers"))


def _told(concern: Form) -> bool:
    if value_of(concern, "from") in ANONYMOUS:
        return _reached(concern)
    answers = _all(concern, "answers")
    return any(value_of(one, "kind") == "feedback" and value_of(one, "outcome") != "not-reached" for one in answers)


def _signed(policy: Policy, decision: Form) -> bool:
    if value_of(decision, "signed_at") is None:
        return False
    return bool(value_of(decision, "countersigned_by")) or not second_signature(policy, cast("Decided", decision))


def _each(kind: str, holds: Callable[[Policy, Form], bool]) -> Callable[[History, Policy], list[str]]:
    return lambda history, policy: [ref for ref, one in _newest(history, kind) if not holds(policy, one)]


def _of_case(holds: Callable[[Form], bool]) -> Callable[[History, Policy], list[str]]:
    return lambda history, policy: [CASE for _, one in _newest(history, "case") if not holds(one)]


def _ended(policy: Policy, task: Form) -> bool:
    return bool(value_of(task, "proof") or value_of(task, "refused"))


def _all_informed(policy: Policy, decision: Form) -> bool:
    return all(value_of(one, "told_at") is not None for one in _all(decision, "informs"))


def _safety_known(case: Form) -> bool:
    safety = value_of(case, "immediate_safety")
    return isinstance(safety, Form) and value_of(safety, "state") != "unknown"


def _supported(case: Form) -> bool:
    return bool(value_of(case, "support") or str(value_of(case, "support_given")).strip())


def _agreed(case: Form) -> bool:
    closing = value_of(case, "closing")
    return isinstance(closing, Form) and bool(value_of(closing, "agreed_by"))


_CHECKS: Mapping[str, Callable[[History, Policy], list[str]]] = {
    "concerns-answered": _each("concern", lambda _, one: _reached(one)),
    "feedback-given": _each("concern", lambda _, one: _told(one)),
    "actions-done": _each("action", _ended),
    "recommendations-done": _each("recommendation", _ended),
    "allegations-decided": lambda history, _: [] if history.refs("decision") else [CASE],
    "decisions-signed": _each("decision", _signed),
    "persons-informed": _each("decision", _all_informed),
    "safety-known": _of_case(_safety_known),
    "support-recorded": _of_case(_supported),
    "second-member": _of_case(_agreed),
}
