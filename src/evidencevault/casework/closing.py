"""Closing a case: refused while something in it is open, and by two people; and opening it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from evidencevault.casework import actions, cases, concerns, decisions, signing
from evidencevault.casework.cases import Case, Closing
from evidencevault.casework.concerns import ANONYMOUS, Concern
from evidencevault.casework.policies import need_alone, policy_of
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import NotPermitted, Refused
from evidencevault.forms.reading import check
from evidencevault.policy.model import Policy
from evidencevault.resources import tr

SECOND = "second-member"


def hindrances(case: CaseFile) -> tuple[str, ...]:
    """What keeps the case from being closed, one phrase each; empty where nothing does."""
    policy, about = policy_of(case), cases.describe(case)
    found = []
    for condition in policy.closure.conditions:
        if condition != SECOND:
            found += _OPEN[condition](case, about, policy)
    return tuple(found)


def close(case: CaseFile, *, alone: str = "") -> Case:
    """Propose that a case is closed, or agree with whoever proposed it: then it is closed.

    Raises Refused (something is open, or proposed already), NotPermitted (one's own proposal, no such role).
    """
    policy, about, name = policy_of(case), cases.describe(case), case.member.name
    if about.state == "closed":
        raise Refused(tr("{case} is closed already. Nothing was changed.").format(case=case.reference))
    open_now = hindrances(case)
    if open_now:
        raise Refused(
            tr("{case} cannot be closed: {why}. Nothing was changed.").format(
                case=case.reference, why="; ".join(open_now)
            )
        )
    if alone:
        return _alone(case, about, alone)
    if SECOND not in policy.closure.conditions:
        case.require("officer")
        return _closed(case, about, Closing(proposed_by=name, proposed_at=case.now()))
    if about.closing is None:
        case.require("officer")
        return cases.put(case, replace(about, closing=Closing(proposed_by=name, proposed_at=case.now())), "proposed")
    if about.closing.proposed_by == name:
        raise NotPermitted(
            tr("You proposed to close {case}; somebody else must agree. Nothing was changed.").format(
                case=case.reference
            )
        )
    case.require(*policy.countersign.closure)
    return _closed(case, about, replace(about.closing, agreed_by=name, agreed_at=case.now()))


def _alone(case: CaseFile, about: Case, reason: str) -> Case:
    case.require("officer")
    need_alone(case)
    return _closed(case, about, Closing(proposed_by=case.member.name, proposed_at=case.now(), alone=reason))


def _closed(case: CaseFile, about: Case, closing: Closing) -> Case:
    return cases.put(case, replace(about, state="closed", closing=closing), "closed")


def withdraw(case: CaseFile) -> Case:
    """Take back the proposal to close a case. Raises Refused where there is none."""
    case.require("officer")
    about = cases.describe(case)
    if about.closing is None or about.state == "closed":
        raise Refused(tr("Nobody proposed to close {case}. Nothing was changed.").format(case=case.reference))
    return cases.put(case, replace(about, closing=None), "corrected")


def reopen(case: CaseFile, state: str, reason: str = "") -> Case:
    """Open a closed case again in a state. Raises Refused where it is not closed."""
    case.require("officer")
    about = cases.describe(case)
    if about.state != "closed":
        raise Refused(
            tr("{case} is not closed ({state}). Nothing was changed.").format(case=case.reference, state=about.state)
        )
    made = check(replace(about, state=state, closing=None))
    return cases.put(case, made, "reopened", purpose=reason.strip() or None)


Check = Callable[[CaseFile, Case, Policy], list[str]]


def _named(text: str, numbers: Sequence[str]) -> list[str]:
    return [text.format(numbers=", ".join(numbers))] if numbers else []


def _unanswered(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    return _named(
        tr("not answered: {numbers}"), [one.number for one in concerns.list_concerns(case) if not one.answered]
    )


def _without_feedback(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    waiting = [one.number for one in concerns.list_concerns(case) if not told(one)]
    return _named(tr("not told what came of it: {numbers}"), waiting)


def told(concern: Concern) -> bool:
    """Whether whoever voiced a concern was told what came of it; of nobody known, that it was answered is enough."""
    if concern.from_ in ("", ANONYMOUS):
        return concern.answered
    return any(one.kind == "feedback" and one.outcome != "not-reached" for one in concern.answers)


def _actions(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    todo = [one.number for one in actions.list_actions(case) if not one.done]
    return _named(tr("without proof or signed refusal: {numbers}"), todo)


def _recommendations(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    todo = [one.number for one in actions.list_recommendations(case) if not one.done]
    return _named(tr("without proof or signed refusal: {numbers}"), todo)


def _undecided(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    return [] if decisions.list_decisions(case) else [tr("nothing was decided yet")]


def _unsigned(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    found = decisions.list_decisions(case)
    drafts = [one.number for one in found if one.state == "draft"]
    waiting = [one.number for one in found if one.state == "signed" and not signing.final(policy, one)]
    return _named(tr("not signed: {numbers}"), drafts) + _named(tr("not countersigned: {numbers}"), waiting)


def _uninformed(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    found = decisions.list_decisions(case)
    waiting = [one.number for one in found if any(who.told_at is None for who in one.informs)]
    return _named(tr("not everybody was told of: {numbers}"), waiting)


def _unsafe(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    known = about.immediate_safety.state != "unknown"
    return [] if known else [tr("it is not known whether whoever is affected is safe")]


def _unsupported(case: CaseFile, about: Case, policy: Policy) -> list[str]:
    return [] if about.support or about.support_given.strip() else [tr("it is not written down which help was given")]


_OPEN: dict[str, Check] = {
    "concerns-answered": _unanswered,
    "feedback-given": _without_feedback,
    "actions-done": _actions,
    "recommendations-done": _recommendations,
    "allegations-decided": _undecided,
    "decisions-signed": _unsigned,
    "persons-informed": _uninformed,
    "safety-known": _unsafe,
    "support-recorded": _unsupported,
}
