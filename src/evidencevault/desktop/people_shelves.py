"""The screens of persons and voiced concerns: what each lists, shows and offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.casework import concerns, conflicts, people
from evidencevault.casework.codes import word
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.recordtext import record_html
from evidencevault.desktop.rows import StatementRow
from evidencevault.desktop.sheets import Act, Page, Sheet, Shelf, labels, members, references
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr

# --- persons


def persons_shelf() -> Shelf:
    """Everybody the case is about."""
    offers = lambda case: {"linked_member": members(case)}  # noqa: E731
    new = Sheet(
        "person",
        tr("A person"),
        tr("Save the person"),
        people.Person,
        lambda opened, record, _: people.add(opened.case, record).label,
        offers=offers,
    )
    edit = Sheet(
        "person-edit",
        tr("Correct"),
        tr("Save the correction"),
        people.Person,
        lambda opened, record, label: people.correct(opened.case, label, record).label,
        load=lambda case, label: people.find(case, label).person,
        offers=offers,
    )

    def page(case: CaseFile, label: str) -> Page:
        person = people.find(case, label).person
        alike = conflicts.namesakes(case.office, person)
        told = [
            tr("A user of this vault is called “{name}”. If they are the same, link them, to keep them out.").format(
                name=words.isolated(name)
            )
            for name in alike
        ]
        return Page(record_html(label, person, told), (Act(tr("Correct"), "pen-line", edit),))

    return Shelf(
        id="persons",
        title=tr("Persons"),
        none=tr("Nobody is named yet"),
        how=tr("Whoever the case is about gets a label such as “Child A”: labels leave the house, names do not."),
        listed=_persons,
        page=page,
        new=new,
        new_name=tr("Add a person"),
    )


def _persons(case: CaseFile) -> list[StatementRow]:
    return [
        StatementRow(
            id=one.label,
            title=one.label,
            sub=words.line([*one.person.names[:2], one.person.language]),
            when="",
            state=word(one.person.role),
            tone="warn" if people.in_conflict(one.person) else "accent",
            icon="user",
            state_icon="lock" if people.in_conflict(one.person) else "user",
        )
        for one in people.list_persons(case)
    ]


# --- voiced concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation(Form):
    """To whom a concern goes on."""

    to: str = asked("To whom it was passed on.", required=True)


def concerns_shelf() -> Shelf:
    """Each voice, verbatim."""

    def offers(case: CaseFile) -> dict[str, Sequence[str]]:
        return {"from": [*labels(case), concerns.ANONYMOUS], "to": members(case), "by": members(case),
                "about": references(case)}  # fmt: skip

    new = Sheet(
        "concern",
        tr("A voiced concern"),
        tr("Save the words"),
        Concern,
        lambda opened, record, _: concerns.add(opened.case, record),
        skip=frozenset({"answers", "escalated_to"}),
        offers=offers,
    )
    answer = Sheet("answer", tr("Answer to"), tr("Save the answer"), Answer, _answered, offers=offers)
    onward = Sheet("escalate", tr("Pass on"), tr("Note it"), Escalation, _passed_on, offers=offers)
    correct = Sheet(
        "concern-edit",
        tr("Correct"),
        tr("Save the correction"),
        Concern,
        _corrected,
        load=concerns.get,
        skip=frozenset({"answers", "escalated_to"}),
        offers=offers,
    )

    def page(case: CaseFile, number: str) -> Page:
        one = concerns.get(case, number)
        told = [] if one.answered else [tr("Nobody has answered yet.")]
        acts = (
            Act(tr("Answer"), "message-square-text", answer),
            Act(tr("Pass on"), "share", onward),
            Act(tr("Correct"), "pen-line", correct),
        )
        return Page(record_html(number, one, told, first="words"), acts)

    return Shelf(
        id="concerns",
        title=tr("Voiced concerns"),
        none=tr("No voice yet"),
        how=tr("Write down what somebody said in their own words; who, when and how can follow."),
        listed=_concerns,
        page=page,
        new=new,
        new_name=tr("Write down a voice"),
    )


def _answered(opened: Opened, record: Answer, number: str) -> str:
    concerns.answer(opened.case, number, record)
    return number


def _passed_on(opened: Opened, record: Escalation, number: str) -> str:
    concerns.escalate(opened.case, number, record.to)
    return number


def _corrected(opened: Opened, record: Concern, number: str) -> str:
    concerns.correct(opened.case, number, record)
    return number


def _concerns(case: CaseFile) -> list[StatementRow]:
    """Whoever waits for an answer stands first."""
    now = case.now()
    found = sorted(concerns.list_concerns(case), key=lambda one: (one.answered, one.heard_at))
    return [
        StatementRow(
            id=one.number,
            title=words.one_line(one.words),
            sub=words.line([one.number, one.from_ or tr("not said who"), word(one.channel)]),
            when=words.when(one.heard_at, now),
            state=tr("Answered") if one.answered else tr("Waits"),
            tone="good" if one.answered else "warn",
            icon="ear",
            state_icon="circle-check" if one.answered else "clock",
        )
        for one in found
    ]
