"""The screen of requests for access (GDPR art. 15): who asks for what is about them, and what came of it."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evidencevault.casework import requests
from evidencevault.casework.requests import Request
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.recordtext import record_html
from evidencevault.desktop.rows import StatementRow
from evidencevault.desktop.sheets import Act, Page, Sheet, Shelf, labels
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Form):
    """What came of a request."""

    answer: str = asked("What was answered: the bundle (B01), or the refusal with its reason.", required=True)
    at: datetime | None = asked("When it was answered or refused.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Form):
    """Two more months, once."""

    reason: str = asked("Why two more months are needed (told to whoever asked).", required=True)


def requests_shelf() -> Shelf:
    """Requests, the ones that wait first."""
    new = Sheet(
        "request",
        tr("A request for access"),
        tr("Save the request"),
        Request,
        lambda opened, record, _: requests.add(opened.case, record),
        skip=frozenset({"extended", "answered_at", "answer"}),
        order=("about", "received_at", "from", "words", "identity"),
        offers=lambda case: {"about": labels(case)},
    )
    answer = Sheet("request-answer", tr("Answered"), tr("Save the answer"), Answer, _answered)
    extend = Sheet("request-extend", tr("Two more months"), tr("Take two more months"), Extension, _extended)

    def page(case: CaseFile, number: str) -> Page:
        one, acts = requests.get(case, number), []
        if one.answered_at is None and "officer" in case.member.roles:
            acts = [
                Act(tr("Answered"), "circle-check", answer),
                Act(tr("Make a bundle"), "package-check", wanted=("bundles", "")),
            ]
            if not one.extended:
                acts.append(Act(tr("Two more months"), "calendar-clock", extend))
        return Page(record_html(number, one, first="about"), tuple(acts))

    return Shelf(
        id="requests",
        title=tr("Requests for access"),
        none=tr("Nobody has asked for what is about them"),
        how=tr("Whoever asks for their personal data gets an answer within a month. What is due stands under Today."),
        listed=_rows,
        page=page,
        new=new,
        new_name=tr("Enter a request"),
    )


def _answered(opened: Opened, record: Answer, number: str) -> str:
    return requests.answer(opened.case, number, record.answer, record.at).number


def _extended(opened: Opened, record: Extension, number: str) -> str:
    return requests.extend(opened.case, number, record.reason).number


def _rows(case: CaseFile) -> Sequence[StatementRow]:
    found, now = requests.list_requests(case), case.now()
    return [_row(one, now) for one in sorted(found, key=lambda one: (one.answered_at is not None, one.number))]


def _row(one: Request, now: datetime) -> StatementRow:
    done = one.answered_at is not None
    return StatementRow(
        id=one.number,
        title=one.about,
        sub=words.line(filter(None, [one.number, one.from_])),
        when=words.when(one.received_at, now),
        state=tr("Answered") if done else tr("Extended") if one.extended else tr("Open"),
        tone="good" if done else "warn",
        icon="user",
        state_icon="circle-check" if done else "clock",
    )
