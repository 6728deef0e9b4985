"""How each exhibit of a case stands before a bundle is made: what could leave now, and what still waits for whom.

Plans and approvals are read once for all exhibits; :func:`evidencevault.redaction.plans.show` reads them for each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from evidencevault.custody.casefile import CaseFile, Kind, Record
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import Exhibit
from evidencevault.redaction import approvals, approving, plans
from evidencevault.redaction.approvals import EVERYBODY, Approval, Receiver
from evidencevault.redaction.marks import NONE_TO_HIDE, Plan
from evidencevault.redaction.planfile import from_body
from evidencevault.vault.registry import KeyKind

APPROVED, WAITING, UNSEEN, THING = "approved", "waiting", "unseen", "thing"
"""A copy may leave; a plan waits for its approval; nobody has looked yet; it is no file: a slip sheet stands for it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One exhibit. ``pages`` are those of the approved copy; ``copied`` False: a slip sheet takes its place.

    ``marks`` of its plan; ``bare``: as an original it would leave unredacted, which takes a second member; ``inside``
    are the exhibits that an original would deliver with it. ``restricted`` and ``privileged`` are reasons ("": not).
    """

    exhibit: str
    name: str
    parent: str
    media_type: str
    state: str
    pages: int
    marks: int
    copied: bool
    bare: bool
    inside: tuple[str, ...]
    restricted: str
    privileged: str

    @property
    def ready(self) -> bool:
        """Whether it may leave as a copy, or as a slip sheet where there can be no copy."""
        return self.state in (APPROVED, THING)


def standings(case: CaseFile, receiver: Receiver = EVERYBODY) -> list[Standing]:
    """All exhibits in the order of their numbers. Raises Damaged."""
    every = exhibits.list_exhibits(case)
    known: dict[bytes, list[Approval]] = {}
    for approval in approvals.every(case):
        known.setdefault(approval.record, []).append(approval)
    drawn = {str(one.body.get("exhibit")): one for one in reversed(case.records(Kind.PLAN))}
    found = {one.number: _shown(case, one, drawn.get(one.number), known, receiver) for one in every}
    clean = {number for number, (plan, done) in found.items() if plan and done and plan.state == NONE_TO_HIDE}
    within = _within({one.number: one.parent or "" for one in every})
    return [_standing(one, *found[one.number], clean, within.get(one.number, ())) for one in every]


def waits_for(case: CaseFile, exhibit: str) -> tuple[str, ...]:
    """Who may approve the plan of an exhibit as it stands: not those who made it. Raises NotFound."""
    record = plans.stored(case, exhibit)
    return others(case, approving.authors(case, record, from_body(record.body)) if record is not None else ())


def others(case: CaseFile, but: Collection[str]) -> tuple[str, ...]:
    """Members who hold the case and may approve and release, but for some."""
    standing = case.office.standing
    may = {*standing.holders("officer"), *standing.holders("legal")} - {*but}
    return tuple(sorted(may & {*case.ledger.state.holder_names(KeyKind.CASE)}))


def _shown(
    case: CaseFile, exhibit: Exhibit, record: Record | None, known: Mapping[bytes, list[Approval]], receiver: Receiver
) -> tuple[Plan | None, Approval | None]:
    """The plan, and its approval as the receiver gets it (see plans.shown_to)."""
    if record is None:
        return None, None
    plan, sha256 = from_body(record.body), exhibit.sha256 or bytes(32)
    own = plan.concerns(receiver.access) if receiver.access else any(one.label for one in plan.marks)
    for whom in dict.fromkeys((receiver, receiver if own else EVERYBODY)):
        done = approvals.standing(case, record, whom, known.get(record.item, []))
        if done is not None and (plan.exhibit_sha256, done.exhibit_sha256) == (sha256, sha256):
            return (from_body(done.opened) if done.access else plan), done
    return plan, None


def _standing(
    one: Exhibit, plan: Plan | None, done: Approval | None, clean: Collection[str], inside: tuple[str, ...]
) -> Standing:
    reviewed = plan is not None and (bool(plan.marks) or plan.state == NONE_TO_HIDE)
    state = APPROVED if done else WAITING if reviewed else UNSEEN
    return Standing(
        exhibit=one.number,
        name=one.name,
        parent=one.parent or "",
        media_type=one.media_type or "",
        state=THING if one.object is None else state,
        pages=done.pages if done else 0,
        marks=len(plan.marks) if plan else 0,
        copied=one.object is not None and (done is None or done.burnt is not None),
        bare=not {one.number, *inside} <= {*clean},
        inside=inside,
        restricted=one.restricted or "",
        privileged=one.privileged or "",
    )


def _within(parents: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """What lies inside of each at any depth, in the order of numbers."""
    found: dict[str, list[str]] = {}
    for number in parents:
        seen: set[str] = set()
        above = parents[number]
        while above and above not in seen:
            seen.add(above)
            found.setdefault(above, []).append(number)
            above = parents.get(above, "")
    return {number: tuple(inside) for number, inside in found.items()}
