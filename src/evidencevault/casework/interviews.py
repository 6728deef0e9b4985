"""Conversations with one person: who was there, and questions and answers in exact words."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.casework import people
from evidencevault.casework.filing import Drawer, Filed, Numbered, known_refs
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import FormError
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr

CONSENTS = ("given", "assent", "refused", "not-asked")
MODELS = ("PEACE", "NICHD", "other")
PROMPTS = ("open", "direct", "closed", "leading", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Present(Form):
    """Somebody in the room."""

    who: str = asked("Who.", required=True)
    part: str = asked("Their part: interviewer, guardian, lawyer, note-taker.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter(Form):
    """Who interpreted."""

    who: str = asked("Who.", required=True)
    accredited: bool | None = asked("Whether they are an accredited interpreter.")
    language: str = asked("From and into which language.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Form):
    """Whether the person agreed to talk."""

    state: str = asked("Whether they agreed.", required=True, choices=CONSENTS)
    by: str = asked("By whom it was given.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Form):
    """One question with its answer."""

    at: datetime | None = asked("When.")
    phase: str = asked("Phase of the model.", default="")
    prompt_kind: str = asked("Kind of prompt.", default="", choices=PROMPTS, aliases=("prompt",))
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
class Interview(Numbered):
    """One conversation with one person."""

    with_: str = asked("With whom: the label of a person of the case.", required=True)
    by: str = asked("Who led it.", required=True)
    language: str = asked("The language spoken.", required=True)
    place: str = asked("Where.", default="")
    started_at: datetime = asked("When it began.", required=True)
    ended_at: datetime | None = asked("When it ended.")
    consent: Consent = asked("Whether the person agreed to talk.", required=True)
    ground_rules: tuple[str, ...] = asked("Ground rules that were explained.", default=())
    model: str = asked("The model followed.", default="", choices=MODELS)
    plan: str = asked("What was planned: aims, topics, order.", default="")
    present: tuple[Present, ...] = asked("Who else was there.", default=())
    interpreter: Interpreter | None = asked("Who interpreted.")
    lines: tuple[Line, ...] = asked("Questions and answers in exact words; repeat the block for each.", required=True)
    breaks: tuple[Break, ...] = asked("Breaks.", default=())
    support_offered: str = asked("Support offered before, during and after.", default="")
    recordings: tuple[str, ...] = asked("Recordings: references of exhibits (E001).", default=())
    corrections: tuple[Correction, ...] = asked("What was put right afterwards.", default=())
    prior_interviews: int = asked("How often this person was interviewed before in this case.", given=True, default=0)
    reason_again: str = asked("Why the person is interviewed again.", default="")
    signed_by: str = asked("Who signed the record.", default="")


DRAWER = Drawer(Kind.INTERVIEW, "interview", "I", Interview)


def add(case: CaseFile, interview: Interview) -> str:
    """File an interview; earlier ones with the person are counted. Returns its reference, such as I01.

    Raises FormError, NotFound (a person or recording), NotPermitted.
    """
    case.require("officer")
    interview = _fitting(case, interview)
    prior = sum(one.record.with_ == interview.with_ for one in DRAWER.all(case))
    return DRAWER.add(case, replace(interview, prior_interviews=prior))


def correct(case: CaseFile, number: str, correction: Correction) -> Interview:
    """Append a correction as a new revision; the lines stay as written. Raises NotFound, FormError."""
    case.require("officer")
    old = DRAWER.get(case, number)
    made = _fitting(case, replace(old.record, corrections=(*old.record.corrections, check(correction))))
    return DRAWER.revise(case, old, made, "corrected")


def list_interviews(case: CaseFile) -> list[Interview]:
    """All interviews as they stand, oldest first."""
    return [one.record for one in DRAWER.all(case)]


def get(case: CaseFile, number: str) -> Interview:
    """One interview. Raises NotFound."""
    return DRAWER.get(case, number).record


def history(case: CaseFile, number: str) -> list[Filed[Interview]]:
    """Every revision, oldest first. Raises NotFound."""
    return DRAWER.history(case, number)


def _fitting(case: CaseFile, interview: Interview) -> Interview:
    interview = check(interview)
    if interview.ended_at is not None and interview.ended_at < interview.started_at:
        raise FormError(tr("ended_at: the interview ends before it begins. Nothing was saved."))
    for place, line in enumerate(interview.lines, 1):
        if not (line.question or line.answer or line.note):
            raise FormError(
                tr("lines[{n}]: a question, an answer or a note is required. Nothing was saved.").format(n=place)
            )
    for place, one in enumerate(interview.corrections, 1):
        if one.line is not None and not 1 <= one.line <= len(interview.lines):
            raise FormError(
                tr("corrections[{n}].line: the interview has no such line. Nothing was saved.").format(n=place)
            )
    return replace(
        interview, with_=people.resolve(case, interview.with_), recordings=known_refs(case, interview.recordings)
    )
