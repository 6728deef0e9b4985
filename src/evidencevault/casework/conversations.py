"""What is written down of an interview: the form and its tables."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidencevault.casework.filing import Numbered
from evidencevault.casework.prompts import PROMPTS
from evidencevault.forms.shapes import Form, asked

CONSENTS = ("given", "assent", "refused", "not-asked")
MODELS = ("PEACE", "NICHD", "other")
PARTS = (
    "interviewer",
    "second-interviewer",
    "note-taker",
    "interpreter",
    "support-person",
    "parent",
    "guardian",
    "lawyer",
    "police",
    "observer",
)
"""Parts to choose from; others go in words of one's own."""
WAYS = ("paper", "screen", "recorded", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Present(Form):
    """Somebody in the room."""

    who: str = asked("Who.", required=True)
    part: str = asked(
        "Their part: interviewer, second-interviewer, note-taker, interpreter, support-person, parent, guardian,"
        " lawyer, police, observer, or in your own words.",
        default="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter(Form):
    """Who interpreted."""

    who: str = asked("Who.", required=True)
    accredited: bool | None = asked("Whether they are an accredited interpreter.")
    register: str = asked("The register that lists them, and their number.", default="")
    language: str = asked("From and into which language.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Form):
    """Whether the person agreed to talk."""

    state: str = asked("Whether they agreed.", required=True, choices=CONSENTS)
    by: str = asked("By whom it was given.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Form):
    """One question with its answer. ``prompt_suggested`` says whether the program named the kind of the question."""

    at: datetime | None = asked("When.")
    phase: str = asked(
        "Phase of the model. PEACE: planning, engage, account, closure, evaluation. NICHD: introduction, ground-rules,"
        " rapport, practice, transition, account, break, not-mentioned, disclosure, closing, neutral-topic. Free for"
        " another model.",
        default="",
    )
    prompt_kind: str = asked(
        "Kind of prompt; suggested from the words of the question if left out.",
        default="",
        choices=PROMPTS,
        aliases=("prompt",),
    )
    prompt_suggested: bool | None = asked("Whether the program suggested the kind of prompt.", given=True)
    question: str = asked("The question in exact words.", default="")
    answer: str = asked("The answer in exact words.", default="")
    note: str = asked("What was seen: silence, gesture, tears.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break(Form):
    """A break."""

    reason: str = asked("Why.", default="")
    started_at: datetime | None = asked("From when.")
    ended_at: datetime | None = asked("Until when.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Form):
    """What somebody put right afterwards. The lines themselves stay as they were written."""

    words: str = asked("The correction in exact words.", required=True)
    line: int | None = asked("Which line it is about, counted from 1.")
    by: str = asked("Who corrects.", default="")
    at: datetime | None = asked("When.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Form):
    """Who of those present signed the record outside the program."""

    who: str = asked("Who.", required=True)
    at: datetime | None = asked("When.")
    how: str = asked("How they signed.", default="", choices=WAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview(Numbered):
    """One conversation with one person; a draft until the user who led it signs."""

    with_: str = asked("With whom: the label of a person of the case.", required=True)
    by: str = asked("Who led it.", required=True)
    language: str = asked("The language spoken.", required=True)
    place: str = asked("Where.", default="")
    started_at: datetime = asked("When it began.", required=True)
    ended_at: datetime | None = asked("When it ended; required before the record is signed.")
    consent: Consent = asked("Whether the person agreed to talk.", required=True)
    ground_rules: tuple[str, ...] = asked("Ground rules that were explained.", default=())
    model: str = asked("The model followed.", default="", choices=MODELS)
    plan: str = asked("What was planned: aims, topics, order.", default="")
    present: tuple[Present, ...] = asked("Who else was there.", default=())
    interpreter: Interpreter | None = asked("Who interpreted.")
    lines: tuple[Line, ...] = asked(
        "Questions and answers in exact words. Required before the record is signed.",
        ready=True,
        default=(),
    )
    breaks: tuple[Break, ...] = asked("Breaks, in their order.", default=())
    support_offered: str = asked("Support offered before, during and after.", default="")
    recordings: tuple[str, ...] = asked("Recordings: references of exhibits (E001).", default=())
    drawings: tuple[str, ...] = asked("Drawings made: references of exhibits (E001).", default=())
    corrections: tuple[Correction, ...] = asked("What was put right afterwards.", default=())
    prior_interviews: int = asked("How often this person was interviewed before in this case.", given=True, default=0)
    reason_again: str = asked(
        "Why the person is interviewed again; required where they were interviewed before in this case.", default=""
    )
    signed_by: str = asked("The user who signed.", given=True, default="")
    signed_at: datetime | None = asked("When it was signed.", given=True)
    signed_digest: str = asked("SHA-256 of what was signed.", given=True, default="")
    # Forms of earlier versions say signed_by; they mean a signature outside the program. Stands after the field of that
    # name, so that a form's key leads here.
    signatures: tuple[Signature, ...] = asked(
        "Who signed the record outside the program, on paper for instance.", default=(), aliases=("signed_by",)
    )

    @property
    def state(self) -> str:
        """``draft`` or ``signed``."""
        return "draft" if self.signed_at is None else "signed"
