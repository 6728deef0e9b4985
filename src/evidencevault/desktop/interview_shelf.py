"""The screen of interviews: planned on a sheet, written down in an editor of their own, signed, put right beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evidencevault.casework import interviews
from evidencevault.casework.conversations import Correction, Interview
from evidencevault.casework.people import list_persons
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import rows
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.interview_reader import interview_html
from evidencevault.desktop.recordform import local_now
from evidencevault.desktop.sheets import Act, Advice, Adviser, Page, Sheet, Shelf, labels, members, references
from evidencevault.desktop.talk import TalkEditor
from evidencevault.desktop.talk_lines import draft_name
from evidencevault.errors import Refused
from evidencevault.resources import tr

_SAID = frozenset({"lines", "breaks", "corrections"})
_AFTERWARDS = frozenset({"ended_at", "signatures", "recordings", "drawings"})
_ORDER = ("with", "reason_again", "by", "started_at", "place", "language", "consent", "model", "ground_rules")


def interviews_shelf() -> Shelf:
    """Interviews: drafts, signed ones, and what was put right afterwards."""
    new = Sheet(
        "interview",
        tr("An interview"),
        tr("Begin"),
        Interview,
        lambda opened, record, _: interviews.add(opened.case, record),
        skip=_SAID | _AFTERWARDS,
        order=_ORDER,
        offers=_offers,
        begins=_begins,
        adviser=_adviser,
        goes_on=True,
    )
    about = Sheet(
        "interview-edit",
        tr("About the interview"),
        tr("Save the draft"),
        Interview,
        _edited,
        load=interviews.draft,
        skip=_SAID,
        order=_ORDER,
        offers=_offers,
        adviser=_adviser,
    )
    correct = Sheet(
        "interview-correct", tr("Put right"), tr("Add the correction"), Correction, _corrected, offers=_offers
    )

    def page(case: CaseFile, number: str) -> Page:
        one = interviews.get(case, number)
        acts = [Act(tr("Put right"), "pen-line", correct)]
        if one.state != "signed":
            acts = [
                Act(tr("Write down what is said"), "message-square-text", own=True),
                Act(tr("About the interview"), "file-pen", about),
                Act(tr("Sign and lock"), "signature", work=_signed),
                *acts,
            ]
        signature = interviews.signature(case, number)
        return Page(interview_html(one, signature), tuple(acts) if "officer" in case.member.roles else ())

    return Shelf(
        id="interviews",
        title=tr("Interviews"),
        none=tr("No interview yet"),
        how=tr("Questions and answers in exact words, with their times. A draft stays open until it is signed."),
        listed=rows.interview_rows,
        page=page,
        new=new,
        new_name=tr("Begin an interview"),
        own=TalkEditor,
    )


def _offers(case: CaseFile) -> dict[str, Sequence[str]]:
    people, users = labels(case), members(case)
    return {"with": people, "by": users, "who": [*people, *users], "recordings": references(case)}


def _begins(case: CaseFile) -> dict[str, Any]:
    return {"by": case.member.name, "started_at": local_now().replace(microsecond=0)}


def _adviser(case: CaseFile, ref: str) -> Adviser:
    """Says who was interviewed before, and asks why again."""
    people = list_persons(case)
    known = {one.label: [each.number for each in interviews.earlier(case, one.label, before=ref)] for one in people}
    spelt = {
        name.strip().casefold(): one.label
        for one in people
        for name in (one.label, *one.person.names, *one.person.aliases)
    }

    def advise(values: Mapping[str, Any]) -> Advice:
        label = spelt.get(str(values.get("with") or "").strip().casefold(), "")
        before = known.get(label, [])
        if not before:
            return Advice()
        told = tr("{person} was interviewed before in this case: {numbers}. Another interview needs a reason.")
        missing = () if values.get("reason_again") else (tr("Why {person} is interviewed again").format(person=label),)
        return Advice(missing, (told.format(person=label, numbers=", ".join(before)),))

    return advise


def _edited(opened: Opened, record: Interview, number: str) -> str:
    interviews.edit(opened.case, number, record)
    return number


def _corrected(opened: Opened, record: Correction, number: str) -> str:
    interviews.correct(opened.case, number, record)
    return number


def _signed(opened: Opened, number: str) -> str:
    if opened.session.drafts.load(draft_name(opened.case.reference, number)) is not None:
        raise Refused(
            tr(
                "Something was typed into {number} and is not filed yet. Open “Write down what is said”, save it, then "
                "sign. Nothing was changed."
            ).format(number=number)
        )
    interviews.sign(opened.case, number)
    return tr("{number} is signed and locked; a correction stands beside it from now on.").format(number=number)
