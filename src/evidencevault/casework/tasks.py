"""The forms of actions and recommendations: what must be done, by whom and when, and how it ended."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from evidencevault.casework.filing import Numbered
from evidencevault.forms.shapes import DayOrStep, Form, asked


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
    due: DayOrStep = asked("By when: a date, or a step of the policy by its short word.", required=True)
    fixed: Fixed | None = asked("A deadline set by an authority; then due is a date.")
    until: date | None = asked("Of a step: the last day, as it was when this was written.", given=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation(Task):
    """What another body recommends."""

    from_: From = asked("The body that recommends.", required=True)
    words: str = asked("The recommendation, verbatim.", required=True)
    owner: str = asked("Who must follow it.", default="")
    due: date | None = asked("By when (a date).")
