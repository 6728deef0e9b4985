"""The screens of interviews and decisions: what each lists, shows and offers."""

from __future__ import annotations

from collections.abc import Sequence

from evidencevault.casework import decisions, interviews, signing
from evidencevault.casework.conversations import Correction, Interview
from evidencevault.casework.decisions import Decision
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import readers, rows
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.interview_reader import interview_html
from evidencevault.desktop.sheets import Act, Page, Sheet, Shelf, labels, members, references
from evidencevault.resources import tr


def _offers(case: CaseFile) -> dict[str, Sequence[str]]:
    people = labels(case)
    return {
        "with": people,
        "by": members(case),
        "who": [*people, *members(case)],
        "ref": references(case),
        "decided_by": members(case),
    }


def interviews_shelf() -> Shelf:
    """Interviews: drafts, signed ones, and what was put right afterwards."""
    new = Sheet(
        "interview",
        tr("An interview"),
        tr("Save the draft"),
        Interview,
        lambda opened, record, _: interviews.add(opened.case, record),
        offers=_offers,
    )
    edit = Sheet(
        "interview-edit",
        tr("Go on with"),
        tr("Save the draft"),
        Interview,
        _edited,
        load=interviews.draft,
        offers=_offers,
    )
    correct = Sheet("interview-correct", tr("Put right"), tr("Add the correction"), Correction, _corrected)

    def page(case: CaseFile, number: str) -> Page:
        one = interviews.get(case, number)
        acts = [Act(tr("Put right"), "pen-line", correct)]
        if one.state != "signed":
            acts = [Act(tr("Go on"), "file-pen", edit), Act(tr("Sign and lock"), "signature", work=_signed), *acts]
        return Page(interview_html(one), tuple(acts) if "officer" in case.member.roles else ())

    return Shelf(
        id="interviews",
        title=tr("Interviews"),
        none=tr("No interview yet"),
        how=tr("Questions and answers in exact words, with their times. A draft stays open until it is signed."),
        listed=rows.interview_rows,
        page=page,
        new=new,
        new_name=tr("Begin an interview"),
    )


def _edited(opened: Opened, record: Interview, number: str) -> str:
    interviews.edit(opened.case, number, record)
    return number


def _corrected(opened: Opened, record: Correction, number: str) -> str:
    interviews.correct(opened.case, number, record)
    return number


def _signed(opened: Opened, number: str) -> str:
    interviews.sign(opened.case, number)
    return tr("{number} is signed and locked; a correction stands beside it from now on.").format(number=number)


def decisions_shelf() -> Shelf:
    """Decisions: drafts, signatures, second signatures."""
    new = Sheet(
        "decision",
        tr("A decision"),
        tr("Save the draft"),
        Decision,
        lambda opened, record, _: decisions.add(opened.case, record),
        offers=_offers,
    )
    edit = Sheet(
        "decision-edit",
        tr("Go on with"),
        tr("Save the draft"),
        Decision,
        _changed,
        load=decisions.get,
        offers=_offers,
    )

    def page(case: CaseFile, number: str) -> Page:
        one = decisions.get(case, number)
        roles, acts = case.member.roles, []
        if one.state == "draft" and "officer" in roles:
            acts = [Act(tr("Go on"), "file-pen", edit), Act(tr("Sign"), "signature", work=_decided)]
        elif one.state == "signed" and one.signed_by != case.member.name and roles & {"officer", "legal"}:
            acts = [Act(tr("Countersign"), "badge-check", work=_countersigned)]
        return Page(readers.decision_html(one), tuple(acts))

    return Shelf(
        id="decisions",
        title=tr("Decisions"),
        none=tr("No decision yet"),
        how=tr("From the evidence to the finding to the measure. “No action” is a decision as well."),
        listed=rows.decision_rows,
        page=page,
        new=new,
        new_name=tr("Prepare a decision"),
    )


def _changed(opened: Opened, record: Decision, number: str) -> str:
    decisions.correct(opened.case, number, record)
    return number


def _decided(opened: Opened, number: str) -> str:
    made = signing.sign(opened.case, number)
    return tr("{number} is signed by {name}.").format(number=number, name=made.signed_by)


def _countersigned(opened: Opened, number: str) -> str:
    made = signing.countersign(opened.case, number)
    return tr("{number} is countersigned by {name}.").format(number=number, name=made.countersigned_by)
