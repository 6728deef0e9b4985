"""Reviewing a case: two policies, what the reviewer finds, and recommendations that are tracked like anybody's.

What was found is kept as a record of the case, and stands in its next review again.
"""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from evidencevault.casework import actions, cases, duties, policies
from evidencevault.casework.actions import From, Recommendation
from evidencevault.casework.filing import Drawer, Filed, Numbered
from evidencevault.custody.casefile import CaseFile, Kind, Write
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, asked
from evidencevault.policy.duties import reported_at
from evidencevault.policy.history import History
from evidencevault.policy.model import Policy
from evidencevault.policy.review import STEP, Row, review
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Form):
    """Something that the reviewer found."""

    words: str = asked("What was found.", required=True)
    about: str = asked("What it is about: a clause, or a reference of the case (C01, D02).", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(Form):
    """Something that the reviewer recommends; it is followed up like any recommendation."""

    words: str = asked("What is recommended.", required=True)
    owner: str = asked("Who must follow it.", default="")
    due: date | None = asked("By when (a date).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion(Form):
    """What a reviewer adds to what the program counts."""

    finding: tuple[Finding, ...] = asked("What was found.", default=())
    recommendation: tuple[Advice, ...] = asked("What is recommended.", default=())
    from_paper: bool = asked("The case was entered from paper, after all was over.", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Numbered):
    """What a review found, as it is kept: by which policies, when and by whom, and what came of it."""

    finding: tuple[Finding, ...] = asked("What was found.", default=())
    from_paper: bool = asked("The case was entered from paper, after all was over.", given=True, default=False)
    then: str = asked("The policy of then: id and version.", given=True, default="")
    now: str = asked("The policy of the day of the review: id and version.", given=True, default="")
    made_at: datetime | None = asked("When it was made.", given=True)
    made_by: str = asked("The user who made it.", given=True, default="")
    recommendations: tuple[str, ...] = asked("What was recommended: references (R01).", given=True, default=())


DRAWER = Drawer(Kind.REVIEW, "review", "V", Reviewed)
NOTED = "noted"
"""What the chain of custody says of it: legal advisers, who record nothing, may note what they found."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A review that was made before, with its recommendations as they stand."""

    record: Reviewed
    advice: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A case under the policy of then and under that of today; ``earlier``: what reviews before it found."""

    reference: str
    title: str
    by: str
    at: datetime
    reported: datetime
    opened: datetime
    from_paper: bool
    then: Policy
    now: Policy
    rows: tuple[Row, ...]
    earlier: tuple[Earlier, ...] = ()

    def counted(self) -> Mapping[str, tuple[int, int]]:
        """How many steps have each state under the policy of then, and of today."""
        then = Counter(one.then.state for one in self.rows if one.part == STEP)
        now = Counter(one.now.state for one in self.rows if one.part == STEP)
        return {state: (then[state], now[state]) for state in dict.fromkeys((*then, *now))}


def make(case: CaseFile, then: Policy | None = None, now: Policy | None = None, *, from_paper: bool = False) -> Review:
    """Review a case; policies left out are the case's own, and the one in force today (else the case's own).

    ``from_paper``: what it says of its own times counts throughout, and what names no time is not called late. Raises
    Damaged.
    """
    at, known = case.now(), duties.history_of(case)
    known = replace(known, from_paper=known.from_paper or from_paper)
    then = then or policies.policy_of(case)
    if now is None:
        newest = policies.in_force(policies.adopted(case.office), at.date())
        now = newest.policy if newest is not None else then
    made = of(case.reference, cases.describe(case).title, case.member.name, at, then, now, known)
    return replace(made, earlier=earlier(case))


def of(reference: str, title: str, by: str, at: datetime, then: Policy, now: Policy, history: History) -> Review:
    """The review that follows from a history alone."""
    rows = review(then, now, history, at)
    return Review(reference, title, by, at, reported_at(history), history.opened, history.from_paper, then, now, rows)


def advised(review: Review, advice: Sequence[Advice]) -> list[Recommendation]:
    """The recommendations of a review, as they are filed. Raises FormError."""
    body = From(body=tr("Review of {case}").format(case=review.reference))
    several = [check(one) for one in advice]
    return [Recommendation(from_=body, words=one.words, owner=one.owner, due=one.due) for one in several]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The references of what a review files: itself (empty where it found nothing), and its recommendations."""

    review: str
    recommendations: tuple[str, ...]


def next_numbers(case: CaseFile, opinion: Opinion) -> Numbers:
    """The references that a review's records will have, if nobody files others meanwhile."""
    advice = range(len(opinion.recommendation))
    return Numbers(
        DRAWER.next_number(case) if opinion.finding or opinion.recommendation else "",
        tuple(actions.RECOMMENDATIONS.next_number(case, ahead) for ahead in advice),
    )


def file(write: Write, case: CaseFile, review: Review, opinion: Opinion) -> Numbers:
    """Add to a write what a review found and recommends; of one that found nothing, nothing. Raises FormError,
    NotPermitted (recommendations are an officer's).
    """
    case.require(*(("officer",) if opinion.recommendation else ("officer", "legal")))
    if not (opinion.finding or opinion.recommendation):
        return Numbers("", ())
    several = [actions.recommended(case, one) for one in advised(review, opinion.recommendation)]
    numbers = actions.RECOMMENDATIONS.add_to(write, case, several)
    record = Reviewed(
        finding=opinion.finding,
        from_paper=review.from_paper,
        then=f"{review.then.id} {review.then.version}",
        now=f"{review.now.id} {review.now.version}",
        made_at=review.at,
        made_by=review.by,
        recommendations=tuple(numbers),
    )
    (number,) = DRAWER.add_to(write, case, [record], NOTED)
    return Numbers(number, tuple(numbers))


def correct(case: CaseFile, number: str, finding: Sequence[Finding]) -> Reviewed:
    """File other findings as a new revision; those before stay in the history. Raises NotFound, FormError,
    NotPermitted.
    """
    case.require("officer", "legal")
    old = DRAWER.get(case, number)
    return DRAWER.revise(case, old, replace(old.record, finding=tuple(finding)), NOTED)


def list_reviews(case: CaseFile) -> list[Reviewed]:
    """What all reviews found, as it stands, oldest first."""
    return [one.record for one in DRAWER.all(case)]


def get(case: CaseFile, number: str) -> Reviewed:
    """What one review found. Raises NotFound."""
    return DRAWER.get(case, number).record


def history(case: CaseFile, number: str) -> list[Filed[Reviewed]]:
    """Every revision, oldest first. Raises NotFound."""
    return DRAWER.history(case, number)


def earlier(case: CaseFile) -> tuple[Earlier, ...]:
    """What all reviews found, oldest first, each with its recommendations as they stand."""
    known = {one.number: one for one in actions.list_recommendations(case)}
    return tuple(
        Earlier(one, tuple(known[ref] for ref in one.recommendations if ref in known)) for one in list_reviews(case)
    )
