"""The frozen rows of the redaction screens, made in the lanes from what the services return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.casework import policies
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import redact_words, words
from evidencevault.desktop.items import EvidenceRow, evidence_row
from evidencevault.evidence import exhibits
from evidencevault.evidence.exhibits import Exhibit
from evidencevault.redaction import approving, plans, reasons, recordings, standings, subjects
from evidencevault.redaction.approvals import Approval
from evidencevault.redaction.marks import NONE_TO_HIDE, Box, Mark, Plan, Span
from evidencevault.redaction.standings import Standing
from evidencevault.resources import tr

DOT = words.DOT


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An exhibit in the list: as the evidence shows it, and how far its plan is (``code`` of standings)."""

    shown: EvidenceRow
    code: str

    @property
    def id(self) -> str:
        """Its number."""
        return self.shown.id

    @property
    def spoken(self) -> str:
        """As read out."""
        return self.shown.spoken


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One mark as drawn and listed: what and why in words; boxes in points."""

    id: str
    page: int
    boxes: tuple[Box, ...]
    kind: str
    code: str
    reason: str
    label: str
    told: str
    sub: str
    widened: bool
    span: Span | None = None

    @property
    def spoken(self) -> str:
        """As read out."""
        return ", ".join(
            part for part in (tr("Page {n}").format(n=self.page), self.told, self.reason, self.label, self.sub) if part
        )


@dataclass(frozen=True, slots=True)
class PlanView:
    """An exhibit's plan as it stands, and what whoever looks may do about it.

    ``state`` is a code of standings; ``revision`` 0 where there is no plan. ``mine``: one who looks made it, and may
    approve it only ``alone`` (with a reason, where the policy allows that). ``reasons`` are codes with their words.
    """

    exhibit: Exhibit
    recording: str
    state: str
    revision: int
    marks: tuple[MarkRow, ...]
    left_open: int
    may_undo: bool
    may_redo: bool
    approvers: tuple[str, ...]
    mine: bool
    may_mark: bool
    alone: bool
    approval: Approval | None
    approved: str
    reasons: tuple[tuple[str, str], ...]


def plan_rows(case: CaseFile) -> list[PlanRow]:
    """All exhibits, in the order of their numbers."""
    now = case.now()
    return [_plan_row(one, now) for one in standings.standings(case)]


def _plan_row(one: Standing, now: datetime) -> PlanRow:
    told, tone, icon = redact_words.state(one.state, one.marks)
    shown = replace(evidence_row(one.exhibit, now), state=told, tone=tone, state_icon=icon)
    return PlanRow(shown, one.state)


def plan_view(case: CaseFile, number: str) -> PlanView:
    """Read the plan of an exhibit; no content, hence no view. Raises NotFound, Damaged."""
    exhibit, shown = exhibits.get(case, number), plans.show(case, number)
    named = reason_names(case)
    record = plans.stored(case, number)
    plan = shown.plan if shown is not None else None
    approval = shown.approval if shown is not None else None
    members = case.member
    made = approving.authors(case, record, plan) if record is not None and plan is not None else frozenset()
    return PlanView(
        exhibit=exhibit,
        recording=recordings.kind_of(subjects.subject(case, number)),
        state=_state(exhibit, plan, approval),
        revision=shown.revision if shown is not None else 0,
        marks=tuple(_mark_row(case, one, named) for one in (plan.marks if plan is not None else ())),
        left_open=len(plan.left_open) if plan is not None else 0,
        may_undo=plan is not None and plan.before is not None,
        may_redo=plan is not None and bool(plan.undone),
        approvers=approving.approvers(case, number),
        mine=members.name in made,
        may_mark=bool(members.roles & {"officer", "legal"}),
        alone=policies.ruling(case).alone,
        approval=approval,
        approved=_approved(case, approval),
        reasons=tuple((code, redact_words.reason(code, named)) for code in reasons.known(case)),
    )


def may_approve(view: PlanView) -> bool:
    """Whether one who looks may approve it as it is, without giving a reason."""
    open_still = view.state in (standings.WAITING, standings.DRAFT, standings.NOTHING)
    return view.may_mark and not view.mine and open_still


def reason_names(case: CaseFile) -> Mapping[str, str]:
    """What the policy's own reasons are called."""
    return {one.id: one.name for one in policies.policy_of(case).reason_codes}


def _state(exhibit: Exhibit, plan: Plan | None, approval: Approval | None) -> str:
    if approval is not None:
        return standings.APPROVED
    if plan is None:
        return standings.fresh(exhibit)
    if plan.sent:
        return standings.WAITING
    if plan.state == NONE_TO_HIDE:
        return standings.NOTHING
    return standings.DRAFT if plan.marks else standings.UNTOUCHED


def _approved(case: CaseFile, approval: Approval | None) -> str:
    if approval is None:
        return ""
    at = words.moment(datetime.fromisoformat(approval.at), case.now())
    said = tr("Approved by {name}, {when}").format(
        name=words.isolated(case.handle(approval.key_id)), when=words.isolated(at)
    )
    if approval.alone:
        said += DOT + tr("alone: {why}").format(why=words.isolated(approval.alone))
    return said


def _mark_row(case: CaseFile, one: Mark, named: Mapping[str, str]) -> MarkRow:
    by = case.handle(bytes.fromhex(one.author))
    at = words.moment(datetime.fromisoformat(one.at), case.now())
    told = redact_words.kind(one.kind, one.what, one.term)
    return MarkRow(
        id=one.id,
        page=one.page,
        boxes=one.boxes,
        kind=one.kind,
        code=one.reason,
        reason=redact_words.reason(one.reason, named),
        label=one.label,
        told=f"{told} {words.isolated(redact_words.stretch(one.span))}" if one.span else told,
        sub=DOT.join([words.isolated(by), words.isolated(at)]),
        widened=one.widened,
        span=one.span,
    )
