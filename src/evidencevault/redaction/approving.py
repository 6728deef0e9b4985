"""Approving: the plan is burnt as it stands, the result attacked, and both signed by somebody who did not make it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evidencevault.casework import policies
from evidencevault.custody.casefile import CaseFile, Kind, Record
from evidencevault.custody.entry import Json
from evidencevault.errors import NotFound, Refused
from evidencevault.progress import Progress
from evidencevault.redaction import approvals, burning, labels, measuring, opening, plans, recordings, subjects
from evidencevault.redaction.approvals import NO_DIGEST, Approval
from evidencevault.redaction.approvals import from_body as from_approval
from evidencevault.redaction.burning import Burner, Burnt, Making
from evidencevault.redaction.marks import DRAFT, Plan
from evidencevault.redaction.opening import Opener
from evidencevault.redaction.planfile import from_body, to_body
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr
from evidencevault.vault.registry import APPROVAL_NAMESPACE, KeyKind

_MAY = frozenset({"officer", "legal"})


def approve(
    case: CaseFile,
    workers: Burner,
    exhibit: str,
    alone_reason: str | None = None,
    progress: Progress | None = None,
    making: Making | None = None,
    narrow_reason: str | None = None,
) -> Approval:
    """Burn the plan as it stands, attack the result, and sign it (formats.md §6); entries ``redacted``, ``approved``.

    The approver must be another member than whoever made the plan's marks or its newest revision, or give a reason for
    approving alone. ``narrow_reason`` lets gaps pass that give a name away. With ``making.access`` it is the copy for
    the person it is about, approved by itself: the plan stays as it is for everybody else.

    Raises NotPermitted, NotFound, Refused (own plan, narrow gaps, attack found something), DocumentFailed.
    """
    case.require("officer", "legal")
    progress, making = progress or Progress(), making or Making()
    subject = subjects.subject(case, exhibit)
    record = plans.stored(case, exhibit)
    if record is None:
        raise NotFound(
            tr("{exhibit} has no redaction plan: mark it, or say that there is nothing to hide.").format(
                exhibit=exhibit
            )
        )
    plan = from_body(record.body)
    plans.same_bytes(plan, subject)
    if plan.state == DRAFT and not plan.marks:
        raise Refused(
            tr("The plan of {exhibit} is empty: mark something, or say that there is nothing to hide.").format(
                exhibit=exhibit
            )
        )
    alone = _alone(case, record, plan, alone_reason)
    narrow = (narrow_reason or "").strip()
    own = _labels(case, plan, making.audience)
    copy = plan_of(case, workers, subject, plan, making, progress)
    burnt = burning.burn(case, workers, subject, copy.plan, progress, making, own, narrow)
    needed = burnt is not None and any(map(measuring.gives_away, burnt.gaps))
    said = replace(
        _unsigned(case, record, subject, burnt),
        alone=alone,
        narrow=narrow if needed else "",
        audience=making.audience,
    )
    if making.access:
        said = replace(
            said,
            access=copy.access,
            opened=to_body(copy.plan),
            report={**said.report, "readable": dict(copy.readable)} if burnt else {},
        )
    return _sign(case, said, burnt, progress)


@dataclass(frozen=True, slots=True)
class Copy:
    """The plan of a copy: the exhibit's own, or one with the names of the person it is for (``access``) open.

    ``readable`` counts how often others of the register can be read in it, by label: nobody hid them there.
    """

    plan: Plan
    access: str = ""
    readable: Mapping[str, int] = field(default_factory=dict)


def plan_of(
    case: CaseFile, workers: Burner, subject: Subject, plan: Plan, making: Making, progress: Progress
) -> Copy:
    """The plan of a copy; as the person it is about gets it, the view is entered.

    Raises NotFound, Refused (a mark that is not theirs), DocumentFailed.
    """
    if not making.access:
        return Copy(plan)
    person = subjects.person(case, making.access)
    others = [one for one in subjects.persons(case) if one.label != person.label]
    at, author = case.now().isoformat(timespec="seconds"), case.member.key_id.hex()
    opener = Opener(person, others, case.country, author, at, making.by_hand)
    paged = burning.burnable(subject) and not recordings.kind_of(subject)
    finder = burning.finder(case, workers, subject, progress) if paged else None
    made = opening.opened(plan, opener, finder)
    return Copy(made, person.label, opening.readable(made, opener, finder) if finder else {})


def authors(case: CaseFile, record: Record, plan: Plan) -> frozenset[str]:
    """Handles of everybody who made a mark of the plan, left a place open, or changed it since it was approved last."""
    approved = [from_approval(one.body) for one in case.records(Kind.APPROVAL)]
    last = max((one.revision for one in approved if one.record == record.item), default=0)
    since = range(min(last + 1, record.revision), record.revision + 1)
    sequences = [case.record(record.item, revision).sequence for revision in since]
    writers = {next(iter(case.entries(sequence))).actor_name for sequence in sequences}
    keys = {mark.author for mark in plan.marks} | {place.author for place in plan.left_open}
    return frozenset(writers | {case.handle(bytes.fromhex(key)) for key in keys})


def approvers(case: CaseFile, exhibit: str) -> tuple[str, ...]:
    """Handles of those who hold the case, may approve, and did not make the plan, legal advisers first."""
    record = plans.stored(case, exhibit)
    made = authors(case, record, from_body(record.body)) if record else frozenset({case.member.name})
    members = case.office.standing.members
    may = [one for one in case.ledger.state.holder_names(KeyKind.CASE) if members.get(one, frozenset()) & _MAY]
    return tuple(sorted(set(may) - made, key=lambda one: ("legal" not in members[one], one)))


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
    policies.need_alone(case)
    return reason.strip()


def _labels(case: CaseFile, plan: Plan, audience: str) -> dict[str, str]:
    """The labels of the register that stand on the plan's marks, as this audience sees them."""
    if not audience:
        return {}
    register = {person.label for person in subjects.persons(case)}
    return labels.own_labels(
        (mark.label for mark in plan.marks if mark.label in register), approvals.labels_for(case, audience)
    )


def _unsigned(case: CaseFile, record: Record, subject: Subject, burnt: Burnt | None) -> Approval:
    """What there is to say of plan, exhibit and copy; the copy is not stored yet."""
    return Approval(
        exhibit=subject.number,
        record=record.item,
        revision=record.revision,
        commitment=record.commitment,
        exhibit_sha256=subject.sha256,
        burnt_sha256=NO_DIGEST,
        basis=case.basis(),
        key_id=case.member.key_id,
        signature=b"",
        alone="",
        at=case.now().isoformat(timespec="seconds"),
        burnt=None,
        pages=burnt.pages if burnt else 0,
        method=burnt.method if burnt else burning.SLIP_SHEET,
        labels=dict(burnt.labels) if burnt else {},
        suffix=burnt.suffix if burnt else ".pdf",
        report=burnt.to_report() if burnt else {},
    )


def _sign(case: CaseFile, said: Approval, burnt: Burnt | None, progress: Progress) -> Approval:
    write = case.write()
    if burnt is not None:
        sealed = write.store_object(io.BytesIO(burnt.data).readinto, progress)
        said = replace(said, burnt=sealed.item, burnt_sha256=sealed.sha256)
        write.entry(
            "redacted",
            objects=[sealed],
            subject=said.exhibit,
            digest=sealed.sha256,
            details={"method": burnt.method, "pages": burnt.pages, "tests": len(burnt.report.methods)},
        )
    approval = replace(said, signature=case.sign(APPROVAL_NAMESPACE, said.message(case)))
    stored = write.record(Kind.APPROVAL, approval.to_body())
    details: dict[str, Json] = {"alone": bool(approval.alone)}
    if approval.narrow:
        details["narrow"] = True
    if approval.access:
        details["access"] = approval.access
    write.entry("approved", records=[stored], subject=said.exhibit, details=details)
    write.commit()
    return approval
