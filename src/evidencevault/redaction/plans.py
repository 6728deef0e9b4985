"""Plans over a case: mark, take away, say that there is nothing to hide, show, approve.

A plan is one record per exhibit; each change is its next revision and an entry ``marked``. An approval names one
revision by its commitment, so a plan changed afterwards is a draft again without anybody having to undo anything.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from evidencevault.custody.casefile import CaseFile, Kind, Record
from evidencevault.errors import NotFound, Refused
from evidencevault.progress import Progress
from evidencevault.redaction import approvals, burning, subjects
from evidencevault.redaction.approvals import NO_DIGEST, Approval
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.finding import Finder, Found
from evidencevault.redaction.marks import DRAFT, NONE_TO_HIDE, Box, Mark, Plan, check_reason, from_body, to_body
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr
from evidencevault.vault.registry import APPROVAL_NAMESPACE

APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark. Boxes, lines and pages are (page, …) in points from the top left, pages from 1.

    ``label`` is what stands on hand-made marks; persons stand under their own. ``widen`` carries a person's boxes on to
    the end of the line, because the width of a gap gives a name away.
    """

    terms: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    boxes: tuple[tuple[int, Box], ...] = ()
    lines: tuple[tuple[int, float], ...] = ()
    pages: tuple[int, ...] = ()
    label: str = ""
    widen: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as it stands. ``state`` is ``draft``, ``none-to-hide`` or ``approved``."""

    plan: Plan
    revision: int
    state: str
    approval: Approval | None
    approved_by: str


def mark(
    case: CaseFile, workers: Burner, exhibit: str, wanted: Wanted, reason: str, progress: Progress | None = None
) -> tuple[Mark, ...]:
    """Take over marks into the plan of an exhibit; returns those that are new (what is marked already is not doubled).

    Raises NotPermitted, NotFound, Refused (no such page or pattern, nothing found), DocumentFailed.
    """
    case.require("officer", "legal")
    check_reason(reason)
    subject = subjects.subject(case, exhibit)
    record = _record(case, exhibit)
    plan = _plan(record, subject)
    finder = burning.finder(case, workers, subject, progress or Progress())
    found = _find(case, finder, wanted)
    present = {(one.page, one.boxes) for one in plan.marks}
    fresh = [one for one in found if (one[0].page, one[0].boxes) not in present]
    at, author = case.now().isoformat(timespec="seconds"), case.member.key_id.hex()
    marks = tuple(
        Mark(plan.next_id(number), place.page, place.boxes, kind, reason, label, author, at, term)
        for number, (place, kind, label, term) in enumerate(fresh)
    )
    if marks:
        _store(case, plan.with_marks(marks), record, {"added": len(marks)})
    return marks


def remove(case: CaseFile, exhibit: str, mark_id: str) -> Plan:
    """Take one mark away; the plan is a draft again. Raises NotFound, Refused."""
    case.require("officer", "legal")
    record = _record(case, exhibit)
    if record is None:
        raise NotFound(tr("{exhibit} has no redaction plan yet.").format(exhibit=exhibit))
    plan = from_body(record.body).without(mark_id)
    _store(case, plan, record, {"removed": mark_id})
    return plan


def none(case: CaseFile, exhibit: str) -> Plan:
    """Say: reviewed, nothing to hide. Refused while there are marks."""
    case.require("officer", "legal")
    subject = subjects.subject(case, exhibit)
    record = _record(case, exhibit)
    plan = replace(_plan(record, subject), state=NONE_TO_HIDE)
    _store(case, plan, record, {"none": True})
    return plan


def show(case: CaseFile, exhibit: str) -> Shown | None:
    """The plan of an exhibit with its approval; None where there is none yet. Raises NotFound, Damaged."""
    subject = subjects.subject(case, exhibit)
    record = _record(case, exhibit)
    if record is None:
        return None
    plan = from_body(record.body)
    approval = approvals.standing(case, record)
    if approval is not None and (plan.exhibit_sha256, approval.exhibit_sha256) != (subject.sha256, subject.sha256):
        approval = None
    state = plan.state if approval is None else APPROVED
    return Shown(plan, record.revision, state, approval, case.handle(approval.key_id) if approval else "")


def approve(
    case: CaseFile, workers: Burner, exhibit: str, alone_reason: str | None = None, progress: Progress | None = None
) -> Approval:
    """Burn the plan as it stands, attack the result, and sign it (formats.md §6); entries ``redacted``, ``approved``.

    The approver must be another member than whoever made the plan's marks or its newest revision, or give a reason for
    approving alone. Raises NotPermitted, NotFound, Refused (own plan, attack found something), DocumentFailed.
    """
    case.require("officer", "legal")
    subject = subjects.subject(case, exhibit)
    record = _record(case, exhibit)
    if record is None:
        raise NotFound(
            tr("{exhibit} has no redaction plan: mark it, or say that there is nothing to hide.").format(
                exhibit=exhibit
            )
        )
    plan = from_body(record.body)
    _same_bytes(plan, subject)
    if plan.state == DRAFT and not plan.marks:
        raise Refused(
            tr("The plan of {exhibit} is empty: mark something, or say that there is nothing to hide.").format(
                exhibit=exhibit
            )
        )
    alone = _alone(case, record, plan, alone_reason)
    burnt = burning.burn(case, workers, subject, plan, progress or Progress())
    return _sign(case, record, subject, burnt, alone, progress or Progress())


def authors(case: CaseFile, record: Record, plan: Plan) -> frozenset[str]:
    """Handles of everybody who made a mark of the plan, or wrote its newest revision."""
    writer = next(iter(case.entries(record.sequence))).actor_name
    return frozenset({writer, *(case.handle(bytes.fromhex(one.author)) for one in plan.marks)})


def _alone(case: CaseFile, record: Record, plan: Plan, reason: str | None) -> str:
    if case.member.name not in authors(case, record, plan):
        return ""
    if reason is None or not reason.strip():
        raise Refused(
            tr(
                "You made this plan yourself, so somebody else has to approve it. Where there is nobody, approve it "
                "alone and give the reason; ledger and bundle will say so."
            )
        )
    return reason.strip()


def _sign(
    case: CaseFile, record: Record, subject: Subject, burnt: burning.Burnt | None, alone: str, progress: Progress
) -> Approval:
    write = case.write()
    sealed = write.store_object(io.BytesIO(burnt.data).readinto, progress) if burnt else None
    unsigned = Approval(
        exhibit=subject.number,
        record=record.item,
        revision=record.revision,
        commitment=record.commitment,
        exhibit_sha256=subject.sha256,
        burnt_sha256=sealed.sha256 if sealed else NO_DIGEST,
        basis=case.basis(),
        key_id=case.member.key_id,
        signature=b"",
        alone=alone,
        at=case.now().isoformat(timespec="seconds"),
        burnt=sealed.item if sealed else None,
        pages=burnt.pages if burnt else 0,
        method=burnt.method if burnt else burning.SLIP_SHEET,
    )
    approval = replace(unsigned, signature=case.sign(APPROVAL_NAMESPACE, unsigned.message(case)))
    stored = write.record(Kind.APPROVAL, approval.to_body())
    if sealed is not None and burnt is not None:
        write.entry(
            "redacted",
            objects=[sealed],
            subject=subject.number,
            digest=sealed.sha256,
            details={"method": burnt.method, "pages": burnt.pages, "tests": burnt.tests},
        )
    write.entry("approved", records=[stored], subject=subject.number, details={"alone": bool(alone)})
    write.commit()
    return approval


def _find(case: CaseFile, finder: Finder, wanted: Wanted) -> list[tuple[Found, str, str, str]]:
    found: list[tuple[Found, str, str, str]] = []
    for term in wanted.terms:
        found += [(one, "term", wanted.label, term) for one in finder.term(term)]
    for label in wanted.persons:
        person = subjects.person(case, label)
        found += [
            (one, "person", person.label, "") for one in finder.person(person.names, person.aliases, wanted.widen)
        ]
    for name in wanted.patterns:
        found += [(one, "pattern", wanted.label, "") for one in finder.pattern(name, case.country)]
    for number, box in wanted.boxes:
        found.append((finder.box(number, box), "box", wanted.label, ""))
    for number, y in wanted.lines:
        found.append((finder.line(number, y), "line", wanted.label, ""))
    for number in wanted.pages:
        found.append((finder.whole(number), "page", wanted.label, ""))
    return found


def _record(case: CaseFile, exhibit: str) -> Record | None:
    for record in case.records(Kind.PLAN):
        if record.body.get("exhibit") == exhibit:
            return record
    return None


def _plan(record: Record | None, subject: Subject) -> Plan:
    if record is None:
        return Plan(subject.number, subject.sha256)
    plan = from_body(record.body)
    _same_bytes(plan, subject)
    return plan


def _same_bytes(plan: Plan, subject: Subject) -> None:
    if plan.exhibit_sha256 != subject.sha256:
        raise Refused(
            tr("The plan of {exhibit} was made for other bytes than it has now.").format(exhibit=subject.number)
        )


def _store(case: CaseFile, plan: Plan, record: Record | None, details: dict[str, str | int | bool]) -> None:
    write = case.write()
    stored = write.record(Kind.PLAN, to_body(plan), record.item if record else None)
    write.entry("marked", records=[stored], subject=plan.exhibit, details={**details, "marks": len(plan.marks)})
    write.commit()
