"""The screens of actions and recommendations: what each lists, shows and offers."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evidencevault.casework import actions, importing
from evidencevault.casework.tasks import Action, Recommendation, Refusal, Task
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.recordtext import record_html
from evidencevault.desktop.rows import StatementRow
from evidencevault.desktop.sheets import Act, Bring, Page, Sheet, Shelf, members
from evidencevault.errors import Refused
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof(Form):
    """That it was done."""

    proof: tuple[str, ...] = asked("Proof that it was done: references (E001).", required=True)
    at: datetime | None = asked("When it was done.")


def actions_shelf() -> Shelf:
    """What must be done, by whom and when."""
    offers = lambda case: {"owner": members(case), "signed_by": members(case)}  # noqa: E731
    new = Sheet(
        "action",
        tr("An action"),
        tr("Save the action"),
        Action,
        lambda opened, record, _: actions.add(opened.case, record),
        skip=frozenset({"proof", "refused", "done_at"}),
        offers=offers,
    )
    done = Sheet("action-done", tr("Done"), tr("Save the proof"), Proof, _done)
    refuse = Sheet("action-refused", tr("Not done"), tr("Save the refusal"), Refusal, _refused, offers=offers)

    def page(case: CaseFile, number: str) -> Page:
        one = actions.get(case, number)
        return Page(record_html(number, one, first="what"), () if one.done else _endings(done, refuse))

    return Shelf(
        id="actions",
        title=tr("Actions"),
        none=tr("No action yet"),
        how=tr("What follows from a decision: who does it, by when. It ends with a proof, or a signed refusal."),
        listed=lambda case: _tasks(case, [(one, one.what) for one in actions.list_actions(case)]),
        page=page,
        new=new,
        new_name=tr("Add an action"),
    )


def recommendations_shelf() -> Shelf:
    """What others recommend, tracked until it is done."""
    offers = lambda case: {"owner": members(case), "signed_by": members(case)}  # noqa: E731
    new = Sheet(
        "recommendation",
        tr("A recommendation"),
        tr("Save the recommendation"),
        Recommendation,
        lambda opened, record, _: actions.add_recommendation(opened.case, record),
        skip=frozenset({"proof", "refused", "done_at"}),
        offers=offers,
    )
    done = Sheet("recommendation-done", tr("Done"), tr("Save the proof"), Proof, _followed)
    refuse = Sheet("recommendation-refused", tr("Not done"), tr("Save the refusal"), Refusal, _not_followed)

    def page(case: CaseFile, number: str) -> Page:
        one = actions.get_recommendation(case, number)
        return Page(record_html(number, one, first="words"), () if one.done else _endings(done, refuse))

    return Shelf(
        id="recommendations",
        title=tr("Recommendations"),
        none=tr("No recommendation yet"),
        how=tr("What an outside investigation asks of the organisation stays here until there is proof."),
        listed=lambda case: _tasks(case, [(one, one.words) for one in actions.list_recommendations(case)]),
        page=page,
        new=new,
        new_name=tr("Add a recommendation"),
        bring=Bring(tr("Import a list …"), _brought),
    )


def _brought(opened: Opened, file: Path) -> str:
    """A CSV or JSON list, all of it or nothing."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refused(tr("{file} cannot be read: {why}.").format(file=file, why=error.strerror)) from error
    numbers = actions.add_recommendations(opened.case, importing.recommendations(data))
    return tr("Recommendations filed: {n}").format(n=len(numbers))


def _endings(done: Sheet, refuse: Sheet) -> tuple[Act, ...]:
    return Act(tr("Done"), "circle-check", done), Act(tr("Not done"), "x", refuse)


def _done(opened: Opened, record: Proof, number: str) -> str:
    return actions.done(opened.case, number, proof=record.proof, at=record.at).number


def _refused(opened: Opened, record: Refusal, number: str) -> str:
    return actions.done(opened.case, number, refused=record).number


def _followed(opened: Opened, record: Proof, number: str) -> str:
    return actions.done_recommendation(opened.case, number, proof=record.proof, at=record.at).number


def _not_followed(opened: Opened, record: Refusal, number: str) -> str:
    return actions.done_recommendation(opened.case, number, refused=record).number


def _tasks(case: CaseFile, found: Sequence[tuple[Task, str]]) -> list[StatementRow]:
    """What is still open stands first, by its deadline."""
    due, now = actions.deadlines(case), case.now()
    rows = []
    for one, text in sorted(found, key=lambda each: (each[0].done, str(due.get(each[0].number, "~")))):
        at = due.get(one.number)
        late = at is not None and at < now and not one.done
        owner = getattr(one, "owner", "")
        rows.append(
            StatementRow(
                id=one.number,
                title=words.one_line(text),
                sub=words.line([one.number, owner]),
                when=words.when(at, now) if at is not None else "",
                state=_ended(one) if one.done else tr("Overdue") if late else tr("Open"),
                tone="good" if one.done else "bad" if late else "warn",
                icon="list-checks",
                state_icon="circle-check" if one.done else "" if late else "clock",
            )
        )
    return rows


def _ended(one: Task) -> str:
    return tr("Refused") if one.refused else tr("Done")
