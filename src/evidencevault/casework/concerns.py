"""What a child or staff member voiced, in their own words, and when they were answered."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.casework import people
from evidencevault.casework.filing import Drawer, Filed, Numbered, known_refs
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import NotFound, Refused
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr

CHANNELS = ("in-person", "phone", "paper", "mail", "web", "other")
OUTCOMES = ("satisfied", "not-satisfied", "not-reached")
ANSWERS = ("acknowledgement", "feedback", "other")
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Form):
    """One answer (or attempt) to whoever voiced the concern."""

    words: str = asked("What was said, in the words used.", required=True)
    at: datetime = asked("When.", required=True)
    by: str = asked("Who answered.", required=True)
    outcome: str = asked("How it was received.", default="", choices=OUTCOMES)
    kind: str = asked("Whether receipt was confirmed, or the outcome told.", default="", choices=ANSWERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern(Numbered):
    """What was voiced, to whom, when and how."""

    words: str = asked("What was said or written, verbatim, in the language in which it was said.", required=True)
    language: str = asked("The language of these words.", default="")
    from_: str = asked("Who voiced it: the label of a person of the case, or anonymous.", default="")
    channel: str = asked("How it came in.", required=True, choices=CHANNELS)
    to: str = asked("Who heard it.", required=True)
    heard_at: datetime = asked("When it was heard.", required=True)
    about: tuple[str, ...] = asked("What it is about: references (E001, C01) and labels of persons.", default=())
    answers: tuple[Answer, ...] = asked("Answers given so far.", default=())
    escalated_to: str = asked("To whom it was passed on.", default="")

    @property
    def answered(self) -> bool:
        """Whether an answer has reached the person."""
        return any(one.outcome != "not-reached" for one in self.answers)


DRAWER = Drawer(Kind.CONCERN, "concern", "C", Concern)


def add(case: CaseFile, concern: Concern, *, name_reporter: bool = False) -> str:
    """File a concern. Returns its reference, such as C01; from when on an answer is due, the policy says.

    ``name_reporter`` is for a concern that opens its case: a ``from`` whom the case does not know yet is filed as a
    reporter in the same commit. Raises FormError, NotFound (a reference), NotPermitted.
    """
    case.require("officer")
    concern = check(concern)
    concern = replace(concern, about=known_refs(case, concern.about))
    write = case.write()
    try:
        concern = replace(concern, from_=_voice(case, concern.from_))
    except NotFound:
        if not name_reporter:
            raise
        concern = replace(
            concern, from_=people.put(case, write, people.Person(role="reporter", names=(concern.from_,))).label
        )
    number = DRAWER.next_number(case)
    stored = DRAWER.put(write, replace(concern, number=number))
    DRAWER.enter(write, "recorded", number, stored)
    write.commit()
    return number


def answer(case: CaseFile, number: str, given: Answer) -> Concern:
    """Append an answer as a new revision. Raises NotFound."""
    case.require("officer")
    old = DRAWER.get(case, number)
    made = replace(old.record, answers=(*old.record.answers, check(given)))
    return DRAWER.revise(case, old, made, "answered")


def escalate(case: CaseFile, number: str, to: str) -> Concern:
    """Note to whom a concern was passed on; who had it before stays named. Raises NotFound, Refused."""
    case.require("officer")
    old = DRAWER.get(case, number)
    if not to.strip():
        raise Refused(tr("Say to whom it was passed on. Nothing was saved."))
    line = ", ".join(one for one in (old.record.escalated_to, to.strip()) if one)
    return DRAWER.revise(case, old, check(replace(old.record, escalated_to=line)), "corrected")


def correct(case: CaseFile, number: str, concern: Concern) -> Concern:
    """File a corrected revision. Answers given stay: they may be left out or added to, not changed. Raises Refused."""
    case.require("officer")
    old = DRAWER.get(case, number)
    before, after = old.record.answers, concern.answers or old.record.answers
    if after[: len(before)] != before:
        raise Refused(
            tr("Answers already given cannot be changed or taken away; add one that puts it right. Nothing was saved.")
        )
    concern = check(replace(concern, answers=after))
    concern = replace(concern, from_=_voice(case, concern.from_), about=known_refs(case, concern.about))
    return DRAWER.revise(case, old, concern, "corrected")


def list_concerns(case: CaseFile) -> list[Concern]:
    """All concerns as they stand, oldest first."""
    return [one.record for one in DRAWER.all(case)]


def get(case: CaseFile, number: str) -> Concern:
    """One concern. Raises NotFound."""
    return DRAWER.get(case, number).record


def history(case: CaseFile, number: str) -> list[Filed[Concern]]:
    """Every revision of a concern, oldest first. Raises NotFound."""
    return DRAWER.history(case, number)


def _voice(case: CaseFile, who: str) -> str:
    return who if who in ("", ANONYMOUS) else people.resolve(case, who)
