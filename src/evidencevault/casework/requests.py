"""Requests of persons for their personal data (GDPR art. 15): received, answered within a month, or extended."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.casework import people
from evidencevault.casework.filing import Drawer, Filed, Numbered
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import FormError, Refused
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import asked
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Numbered):
    """What somebody asked for about themselves, and what came of it."""

    received_at: datetime = asked("When the request came in.", required=True)
    about: str = asked("About whom: the label of a person of the case.", required=True)
    from_: str = asked("Who asked, if somebody else: guardian, lawyer.", default="")
    words: str = asked("What was asked for, verbatim.", default="")
    identity: str = asked("How it was made sure who asks.", default="")
    extended: str = asked("Why two more months are needed (told to whoever asked).", default="")
    answered_at: datetime | None = asked("When it was answered or refused.")
    answer: str = asked("What was answered: the bundle (B01), or the refusal with its reason.", default="")


DRAWER = Drawer(Kind.REQUEST, "request", "Q", Request)


def add(case: CaseFile, request: Request) -> str:
    """File a request. Returns its reference, such as Q01. Raises FormError, NotFound (the person), NotPermitted."""
    case.require("officer")
    return DRAWER.add(case, _fitting(case, request))


def answer(case: CaseFile, number: str, words: str, at: datetime | None = None) -> Request:
    """Write down what was answered. Raises NotFound, Refused (answered already), FormError."""
    case.require("officer")
    old = DRAWER.get(case, number)
    if old.record.answered_at is not None:
        raise Refused(tr("{number} is answered already. Nothing was changed.").format(number=old.record.number))
    made = _fitting(case, replace(old.record, answer=words, answered_at=at or case.now()))
    return DRAWER.revise(case, old, made, "answered")


def extend(case: CaseFile, number: str, why: str) -> Request:
    """Take two more months, with the reason (art. 12(3)). Raises NotFound, Refused, FormError."""
    case.require("officer")
    old = DRAWER.get(case, number)
    if old.record.extended or old.record.answered_at is not None:
        raise Refused(
            tr("{number} is extended or answered already. Nothing was changed.").format(number=old.record.number)
        )
    return DRAWER.revise(case, old, _fitting(case, replace(old.record, extended=why)), "corrected")


def list_requests(case: CaseFile) -> list[Request]:
    """All requests as they stand, oldest first."""
    return [one.record for one in DRAWER.all(case)]


def get(case: CaseFile, number: str) -> Request:
    """One request. Raises NotFound."""
    return DRAWER.get(case, number).record


def history(case: CaseFile, number: str) -> list[Filed[Request]]:
    """Every revision, oldest first. Raises NotFound."""
    return DRAWER.history(case, number)


def _fitting(case: CaseFile, request: Request) -> Request:
    request = check(request)
    if request.answered_at is not None and not request.answer.strip():
        raise FormError(tr("answer: what was answered is required. Nothing was saved."))
    if request.answered_at is not None and request.answered_at < request.received_at:
        raise FormError(tr("answered_at: the answer is earlier than the request. Nothing was saved."))
    return replace(request, about=people.resolve(case, request.about))
