"""What must be done, by whom and when; recommendations of others; done with proof or refused with a signed reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from evidencevault.casework import duties, policies
from evidencevault.casework.filing import Drawer, Filed, known_refs, normal
from evidencevault.casework.tasks import Action, Fixed, From, Recommendation, Refusal, Task
from evidencevault.custody.casefile import CaseFile, Kind, read_duties
from evidencevault.errors import FormError, NotFound, Refused
from evidencevault.forms.reading import check
from evidencevault.policy.duties import promise
from evidencevault.policy.fixed import ACTION, RECOMMENDATION, named
from evidencevault.resources import tr

__all__ = [
    "ACTIONS",
    "RECOMMENDATIONS",
    "Action",
    "Fixed",
    "From",
    "Recommendation",
    "Refusal",
    "Task",
    "add",
    "add_recommendation",
    "add_recommendations",
    "deadlines",
    "done",
    "done_recommendation",
    "get",
    "get_recommendation",
    "history",
    "list_actions",
    "list_recommendations",
    "recommended",
]

T = TypeVar("T", bound=Task)
ACTIONS = Drawer(Kind.ACTION, "action", "A", Action)
RECOMMENDATIONS = Drawer(Kind.RECOMMENDATION, "recommendation", "R", Recommendation)


def add(case: CaseFile, action: Action) -> str:
    """File an action; ``due`` may name a step of the case's policy. Returns its reference, such as A01.

    Raises FormError, NotFound (proof, or the record of a step).
    """
    case.require("officer")
    action = _promised(case, _ended(case, check(action)))
    return ACTIONS.add(case, action)


def add_recommendation(case: CaseFile, recommendation: Recommendation) -> str:
    """File a recommendation. Returns its reference, such as R01. Raises as :func:`add`."""
    return add_recommendations(case, [recommendation])[0]


def add_recommendations(case: CaseFile, several: Sequence[Recommendation]) -> list[str]:
    """File the recommendations of an outside body, all or none. Returns their references. Raises as :func:`add`."""
    case.require("officer")
    return RECOMMENDATIONS.add_all(case, [recommended(case, one) for one in several])


def recommended(case: CaseFile, recommendation: Recommendation) -> Recommendation:
    """A recommendation as it is filed. Raises as :func:`add`."""
    recommendation = _ended(case, check(recommendation))
    if not recommendation.from_.document:
        return recommendation
    (document,) = known_refs(case, [recommendation.from_.document])
    return replace(recommendation, from_=replace(recommendation.from_, document=document))


def done(
    case: CaseFile,
    number: str,
    *,
    proof: Sequence[str] = (),
    refused: Refusal | None = None,
    at: datetime | None = None,
) -> Action:
    """End an action with proof (references) or a signed refusal. Raises FormError, NotFound, Refused."""
    case.require("officer")
    old = ACTIONS.get(case, number)
    made = _finished(case, old.record, proof, refused, at)
    return ACTIONS.revise(case, old, made, "recorded")


def done_recommendation(
    case: CaseFile,
    number: str,
    *,
    proof: Sequence[str] = (),
    refused: Refusal | None = None,
    at: datetime | None = None,
) -> Recommendation:
    """End a recommendation as :func:`done` ends an action."""
    case.require("officer")
    old = RECOMMENDATIONS.get(case, number)
    made = _finished(case, old.record, proof, refused, at)
    return RECOMMENDATIONS.revise(case, old, made, "recorded")


def list_actions(case: CaseFile) -> list[Action]:
    """All actions as they stand, oldest first."""
    return [one.record for one in ACTIONS.all(case)]


def list_recommendations(case: CaseFile) -> list[Recommendation]:
    """All recommendations as they stand, oldest first."""
    return [one.record for one in RECOMMENDATIONS.all(case)]


def deadlines(case: CaseFile) -> Mapping[str, datetime]:
    """The last moment of each action and recommendation that has one, by reference: by its date, or as the policy's
    clock stands now.
    """
    rows = [one.duty for one in read_duties(case.ledger) if one.duty.step in (ACTION, RECOMMENDATION)]
    zone = case.now().tzinfo
    return {one.ref: duties.until(one.due, zone) for one in rows if one.due is not None and one.state != "dropped"}


def get(case: CaseFile, number: str) -> Action:
    """One action. Raises NotFound."""
    return ACTIONS.get(case, number).record


def get_recommendation(case: CaseFile, number: str) -> Recommendation:
    """One recommendation. Raises NotFound."""
    return RECOMMENDATIONS.get(case, number).record


def history(case: CaseFile, number: str) -> list[Filed[Action]]:
    """Every revision of an action, oldest first. Raises NotFound."""
    return ACTIONS.history(case, number)


def _finished(case: CaseFile, old: T, proof: Sequence[str], refused: Refusal | None, at: datetime | None) -> T:
    if old.done:
        raise Refused(tr("{number} has ended already. Nothing was changed.").format(number=old.number))
    if not proof and refused is None:
        raise FormError(
            tr("{number} ends with proof (references) or with a signed refusal. Nothing was saved.").format(
                number=old.number
            )
        )
    return _ended(case, check(replace(old, proof=tuple(proof), refused=refused, done_at=at)))


def _promised(case: CaseFile, action: Action) -> Action:
    """With the last day of the step that it names, to which it keeps where that step's clock is taken away."""
    if isinstance(action.due, date):
        return replace(action, until=None)
    if action.fixed is not None:
        raise FormError(tr("due: a deadline set by an authority is a date. Nothing was saved."))
    policy = policies.policy_of(case)
    steps = [one.id for one in policy.step]
    step, ref = named(" ".join(action.due.split()), steps)
    if step not in steps:
        raise FormError(
            tr(
                "due: the policy “{title}” has no step “{step}”. It has: {steps}. Or give a date, such as 2026-05-01. "
                "Nothing was saved."
            ).format(title=policy.title, step=action.due, steps=", ".join(steps))
        )
    known, number = duties.history_of(case), normal(ref) if ref else ""
    if number and not any(number == one.ref for one in known.revisions):
        raise NotFound(
            tr("{case} has no {ref}, which this record refers to. Nothing was saved.").format(
                case=case.reference, ref=ref
            )
        )
    due, until = promise(policy, known, f"{step} {number}".strip(), case.now())
    last = duties.until(int(until.timestamp()), ZoneInfo(policy.days.zone))
    return replace(action, due=due, until=last.date())


def _ended(case: CaseFile, task: T) -> T:
    if task.proof and task.refused is not None:
        raise FormError(tr("proof: what was done was not refused; give one of the two. Nothing was saved."))
    if task.done_at is not None and not task.done:
        raise FormError(tr("done_at: it ends with proof (references) or with a signed refusal. Nothing was saved."))
    done_at = task.done_at or case.now() if task.done else None
    return replace(task, proof=known_refs(case, task.proof), done_at=done_at)
