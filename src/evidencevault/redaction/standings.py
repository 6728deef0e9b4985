"""How far every exhibit of a case is with its redaction, in one pass over plans and approvals."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import Exhibit
from evidencevault.redaction import approvals
from evidencevault.redaction.approvals import EVERYBODY
from evidencevault.redaction.marks import NONE_TO_HIDE
from evidencevault.redaction.planfile import from_body

UNTOUCHED, DRAFT, WAITING, NOTHING, APPROVED, CANNOT = "untouched", "draft", "waiting", "nothing", "approved", "cannot"


@dataclass(frozen=True, slots=True)
class Standing:
    """One exhibit: ``untouched``, ``draft``, ``waiting`` for approval, ``nothing`` to hide, ``approved`` or ``cannot``.

    Of an approval only the newest is named here, by its plan's revision; whoever uses the copy checks its signature.
    """

    exhibit: Exhibit
    state: str
    marks: int


def standings(case: CaseFile) -> list[Standing]:
    """All exhibits in the order of their numbers. Raises Damaged."""
    approved = {
        (one.record, one.revision, one.commitment, one.exhibit_sha256)
        for one in map(approvals.from_body, (each.body for each in case.records(Kind.APPROVAL)))
        if one.receiver == EVERYBODY and (one.burnt is None or one.report)
    }
    found: dict[str, tuple[str, int]] = {}
    for record in case.records(Kind.PLAN):
        plan = from_body(record.body)
        key = (record.item, record.revision, record.commitment, plan.exhibit_sha256)
        state = WAITING if plan.sent else NOTHING if plan.state == NONE_TO_HIDE else DRAFT if plan.marks else UNTOUCHED
        found[plan.exhibit] = (APPROVED if key in approved else state, len(plan.marks))
    return [Standing(one, *found.get(one.number, (fresh(one), 0))) for one in exhibits.list_exhibits(case)]


def fresh(one: Exhibit) -> str:
    """What an exhibit without a plan stands at: ``cannot`` where it has no pages and is no recording."""
    recording = (one.media_type or "").partition("/")[0] in ("audio", "video")
    return UNTOUCHED if one.object is not None and (one.previewable or recording) else CANNOT
