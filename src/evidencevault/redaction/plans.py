"""Plans over a case: kept as records, shown with their approval, taken back step by step.

A plan is one record per exhibit; each change is its next revision and an entry ``marked``. An approval names one
revision by its commitment, so a plan changed afterwards is a draft again without anybody having to undo anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from evidencevault.custody.casefile import CaseFile, Kind, Record
from evidencevault.errors import NotFound, Refused
from evidencevault.redaction import approvals, reasons, subjects
from evidencevault.redaction.approvals import EVERYBODY, Approval, Receiver
from evidencevault.redaction.marks import DRAFT, FOUND, NONE_TO_HIDE, Open, Plan
from evidencevault.redaction.planfile import from_body, to_body
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr

APPROVED = "approved"
EMPTY = 0
"""The revision that undo goes back to before the first one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as it stands. ``state`` is ``draft``, ``none-to-hide`` or ``approved``; ``approved_by`` names a member.

    ``opened_for`` are those whose own copy of it is approved, too (labels).
    """

    plan: Plan
    revision: int
    state: str
    approval: Approval | None
    approved_by: str
    opened_for: tuple[str, ...] = ()


def show(case: CaseFile, exhibit: str, receiver: Receiver = EVERYBODY) -> Shown | None:
    """The plan of an exhibit with its approval for a receiver; None where there is none yet.

    Of a copy that was approved for the person it is about, the plan is that of the copy. Raises NotFound, Damaged.
    """
    subject = subjects.subject(case, exhibit)
    record = stored(case, exhibit)
    if record is None:
        return None
    plan = from_body(record.body)
    approval = approvals.standing(case, record, receiver)
    if approval is not None and (plan.exhibit_sha256, approval.exhibit_sha256) != (subject.sha256, subject.sha256):
        approval = None
    state = plan.state if approval is None else APPROVED
    if approval is not None and approval.access:
        plan = from_body(approval.opened)
    by = case.handle(approval.key_id) if approval else ""
    return Shown(plan, record.revision, state, approval, by, approvals.opened_for(case, record))


def shown_to(case: CaseFile, exhibit: str, receiver: Receiver) -> Shown | None:
    """The plan as its receiver gets it; as everybody does where none of its marks would look otherwise for them."""
    shown = show(case, exhibit, receiver)
    if shown is None or shown.approval is not None or receiver == EVERYBODY:
        return shown
    labelled = any(one.label for one in shown.plan.marks)
    own = shown.plan.concerns(receiver.access) if receiver.access else labelled
    return shown if own else show(case, exhibit)


def at(case: CaseFile, exhibit: str, revision: int, receiver: Receiver = EVERYBODY) -> Plan | None:
    """The plan as it was at a revision; None where the exhibit has none, or none was named (0).

    For the person it is about: as it was opened for them, where it was.
    """
    record = stored(case, exhibit)
    if record is None or revision == EMPTY:
        return None
    own = [
        one
        for one in map(approvals.from_body, (each.body for each in case.records(Kind.APPROVAL)))
        if receiver.access and (one.record, one.revision, one.receiver) == (record.item, revision, receiver)
    ]
    return from_body(own[-1].opened if own else case.record(record.item, revision).body)


def remove(case: CaseFile, exhibit: str, mark_id: str) -> Plan:
    """Take one mark away; the plan is a draft again. What a search had found there counts as left open on purpose.

    Raises NotPermitted, NotFound, Refused.
    """
    case.require("officer", "legal")
    record = need(case, exhibit)
    before = from_body(record.body)
    gone = before.mark(mark_id)
    plan = before.without(mark_id)
    if gone.kind in FOUND:
        at = case.now().isoformat(timespec="seconds")
        left = Open(gone.page, gone.boxes, gone.kind, gone.term or gone.what, case.member.key_id.hex(), at)
        plan = plan.leaving_open((left,))
    return keep(case, plan, record, {"removed": mark_id})


def none(case: CaseFile, exhibit: str) -> Plan:
    """Say: reviewed, nothing to hide. Raises NotPermitted, NotFound, Refused while there are marks."""
    case.require("officer", "legal")
    record = stored(case, exhibit)
    plan = replace(opened(record, subjects.subject(case, exhibit)), state=NONE_TO_HIDE)
    return keep(case, plan, record, {"none": True})


def give_reason(case: CaseFile, exhibit: str, mark_id: str, reason: str) -> Plan:
    """Let a mark stay where it is, for another reason; it is then whoever says so who made it.

    The plan is a draft again. Raises NotPermitted, NotFound, Refused (no such mark, or no such reason).
    """
    case.require("officer", "legal")
    reasons.need(case, reason)
    record = need(case, exhibit)
    plan = from_body(record.body)
    before = plan.mark(mark_id)
    at, author = case.now().isoformat(timespec="seconds"), case.member.key_id.hex()
    after = replace(before, reason=reason, author=author, at=at)
    marks = tuple(after if one is before else one for one in plan.marks)
    return keep(case, replace(plan, marks=marks), record, {"reason": mark_id})


def send(case: CaseFile, exhibit: str) -> Plan:
    """Say that a plan is ready and waits for somebody else's approval; any later change takes that back, undo too.

    Raises NotPermitted, NotFound, Refused (empty, approved already, or made for other bytes).
    """
    case.require("officer", "legal")
    shown = show(case, exhibit)
    if shown is None or (shown.plan.state == DRAFT and not shown.plan.marks):
        raise Refused(
            tr("The plan of {exhibit} is empty: mark something, or say that there is nothing to hide.").format(
                exhibit=exhibit
            )
        )
    if shown.state == APPROVED:
        raise Refused(tr("{exhibit} is approved already. Nothing was changed.").format(exhibit=exhibit))
    record = need(case, exhibit)
    same_bytes(from_body(record.body), subjects.subject(case, exhibit))
    ready = replace(from_body(record.body), sent=True, before=record.revision, undone=())
    return _write(case, ready, record, {"kind": "sent"})


def undo(case: CaseFile, exhibit: str) -> Plan:
    """Go back to the plan before the last change; a draft again. Raises NotPermitted, NotFound, Refused."""
    case.require("officer", "legal")
    record = need(case, exhibit)
    now = from_body(record.body)
    if now.before is None:
        raise Refused(tr("{exhibit}: there is nothing to undo.").format(exhibit=exhibit))
    then = _revision(case, record, now.before)
    plan = replace(then, counter=now.counter, undone=(record.revision, *now.undone), sent=False)
    return _write(case, plan, record, {"undo": True})


def redo(case: CaseFile, exhibit: str) -> Plan:
    """Take up again what was undone last; a draft again. Raises NotPermitted, NotFound, Refused."""
    case.require("officer", "legal")
    record = need(case, exhibit)
    now = from_body(record.body)
    if not now.undone:
        raise Refused(tr("{exhibit}: there is nothing to redo.").format(exhibit=exhibit))
    again = _revision(case, record, now.undone[0])
    plan = replace(again, counter=now.counter, before=record.revision, undone=now.undone[1:], sent=False)
    return _write(case, plan, record, {"redo": True})


def _revision(case: CaseFile, record: Record, number: int) -> Plan:
    if number == EMPTY:
        now = from_body(record.body)
        return Plan(now.exhibit, now.exhibit_sha256)
    return from_body(case.record(record.item, number).body)


def stored(case: CaseFile, exhibit: str) -> Record | None:
    """The record of an exhibit's plan, None where there is none."""
    for record in case.records(Kind.PLAN):
        if record.body.get("exhibit") == exhibit:
            return record
    return None


def need(case: CaseFile, exhibit: str) -> Record:
    """The record of an exhibit's plan. Raises NotFound."""
    record = stored(case, exhibit)
    if record is None:
        raise NotFound(tr("{exhibit} has no redaction plan yet.").format(exhibit=exhibit))
    return record


def opened(record: Record | None, subject: Subject) -> Plan:
    """The plan in a record, or an empty one. Raises Damaged, Refused (made for other bytes)."""
    if record is None:
        return Plan(subject.number, subject.sha256)
    plan = from_body(record.body)
    same_bytes(plan, subject)
    return plan


def same_bytes(plan: Plan, subject: Subject) -> None:
    """Refused unless the plan was made for the bytes that the exhibit has."""
    if plan.exhibit_sha256 != subject.sha256:
        raise Refused(
            tr("The plan of {exhibit} was made for other bytes than it has now.").format(exhibit=subject.number)
        )


def keep(case: CaseFile, plan: Plan, record: Record | None, details: dict[str, str | int | bool]) -> Plan:
    """Store a change as the next revision, which undo goes back from; nothing is left to redo."""
    fresh = replace(plan, before=record.revision if record else EMPTY, undone=(), sent=False)
    return _write(case, fresh, record, details)


def _write(case: CaseFile, plan: Plan, record: Record | None, details: dict[str, str | int | bool]) -> Plan:
    write = case.write()
    kept = write.record(Kind.PLAN, to_body(plan), record.item if record else None)
    write.entry("marked", records=[kept], subject=plan.exhibit, details={**details, "marks": len(plan.marks)})
    write.commit()
    return plan
