"""What must be done, by whom and when; recommendations of others; done with proof or refused with a signed reason."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from evidencevault.casework.filing import Drawer, Filed, Numbered, known_refs
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import FormError, Refused
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr

DUE_HINT = "Steps of a policy cannot be named here yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Form):
    """A deadline set from outside; no policy moves it."""

    authority: str = asked("Which authority set the deadline.", required=True)
    reference: str = asked("Their reference.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Form):
    """Why it is not done, signed."""

    reason: str = asked("Why it is not done.", required=True)
    signed_by: str = asked("Who signed the refusal.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class From(Form):
    """Who recommends."""

    body: str = asked("The body that recommends.", required=True)
    document: str = asked("Reference of the exhibit in which it stands (E001).", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Numbered):
    """What actions and recommendations share: proof or signed refusal, and when."""

    proof: tuple[str, ...] = asked("Proof that it was done: references (E001).", default=())
    refused: Refusal | None = asked("Why it is not done, and who signs for that.")
    done_at: datetime | None = asked("When it was done or refused.")

    @property
    def done(self) -> bool:
        """Whether it ended, with proof or with a signed refusal."""
        return bool(self.proof or self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Task):
    """Something due."""

    what: str = asked("What must be done.", required=True)
    owner: str = asked("Who must do it.", required=True)
    due: date = asked("By when (a date).", required=True, hint=DUE_HINT)
    fixed: Fixed | None = asked("A deadline set by an authority.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation(Task):
    """What another body recommends."""

    from_: From = asked("The body that recommends.", required=True)
    words: str = asked("The recommendation, verbatim.", required=True)
    owner: str = asked("Who must follow it.", default="")
    due: date | None = asked("By when (a date).", hint=DUE_HINT)


T = TypeVar("T", bound=Task)
ACTIONS = Drawer(Kind.ACTION, "action", "A", Action)
RECOMMENDATIONS = Drawer(Kind.RECOMMENDATION, "recommendation", "R", Recommendation)


def add(case: CaseFile, action: Action) -> str:
    """File an action. Returns its reference, such as A01. Raises FormError, NotFound."""
    case.require("officer")
    action = _ended(case, check(action))
    return ACTIONS.add(case, action)


def add_recommendation(case: CaseFile, recommendation: Recommendation) -> str:
    """File a recommendation. Returns its reference, such as R01. Raises as :func:`add`."""
    return add_recommendations(case, [recommendation])[0]


def add_recommendations(case: CaseFile, several: Sequence[Recommendation]) -> list[str]:
    """File the recommendations of an outside body, all or none. Returns their references. Raises as :func:`add`."""
    case.require("officer")
    return RECOMMENDATIONS.add_all(case, [_recommended(case, one) for one in several])


def _recommended(case: CaseFile, recommendation: Recommendation) -> Recommendation:
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


def _ended(case: CaseFile, task: T) -> T:
    if task.proof and task.refused is not None:
        raise FormError(tr("proof: what was done was not refused; give one of the two. Nothing was saved."))
    if task.done_at is not None and not task.done:
        raise FormError(tr("done_at: it ends with proof (references) or with a signed refusal. Nothing was saved."))
    done_at = task.done_at or case.now() if task.done else None
    return replace(task, proof=known_refs(case, task.proof), done_at=done_at)
