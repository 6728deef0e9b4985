"""Reviewing a case: two policies, what the reviewer finds, and recommendations that are tracked like anybody's."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from evidencevault.casework import actions, cases, duties, policies
from evidencevault.casework.actions import From, Recommendation
from evidencevault.custody.casefile import CaseFile
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

    finding: tuple[Finding, ...] = asked("What was found; repeat the block for each.", default=())
    recommendation: tuple[Advice, ...] = asked("What is recommended; repeat the block for each.", default=())
    from_paper: bool = asked("The case was entered from paper, after all was over.", default=False)


@dataclass(frozen=True, slots=True)
class Review:
    """A case under the policy of then and under that of today."""

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
    return of(case.reference, cases.describe(case).title, case.member.name, at, then, now, known)


def of(reference: str, title: str, by: str, at: datetime, then: Policy, now: Policy, history: History) -> Review:
    """The review that follows from a history alone."""
    rows = review(then, now, history, at)
    return Review(reference, title, by, at, reported_at(history), history.opened, history.from_paper, then, now, rows)


def advised(review: Review, advice: Sequence[Advice]) -> list[Recommendation]:
    """The recommendations of a review, as they are filed. Raises FormError."""
    body = From(body=tr("Review of {case}").format(case=review.reference))
    several = [check(one) for one in advice]
    return [Recommendation(from_=body, words=one.words, owner=one.owner, due=one.due) for one in several]


def file(case: CaseFile, recommendations: Sequence[Recommendation]) -> list[str]:
    """File what a review recommends, all or none. Returns the references. Raises FormError, NotPermitted."""
    return actions.add_recommendations(case, recommendations) if recommendations else []


def next_numbers(case: CaseFile, count: int) -> list[str]:
    """The references that so many recommendations will have, if nobody files others meanwhile."""
    return [actions.RECOMMENDATIONS.next_number(case, ahead) for ahead in range(count)]
