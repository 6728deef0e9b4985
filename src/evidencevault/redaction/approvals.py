"""Approvals: one member's signature over exactly one revision of a plan, the exhibit's bytes and the burnt copy's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.errors import Damaged
from evidencevault.resources import tr
from evidencevault.vault import canonical
from evidencevault.vault.registry import APPROVAL_NAMESPACE

NO_DIGEST = bytes(32)
_OPENED = b"evidencevault/access/v1\0"


@dataclass(frozen=True, slots=True)
class Receiver:
    """For whom a copy is made: a recipient with labels of their own (``audience``), or the person it is about.

    ``access`` is the label of that person, whose own names are open in it. Both empty: everybody.
    """

    audience: str = ""
    access: str = ""


EVERYBODY = Receiver()


@dataclass(frozen=True, slots=True)
class Approval:
    """What was approved, as signed. Digests have 32 bytes, zeros where one does not apply (no burnt copy).

    ``record`` is the plan's item, ``commitment`` that of its revision; ``basis`` u64 size ‖ root of the vault ledger
    the signer saw; ``key_id`` the signer's; ``alone`` the reason where author and approver are one person; ``burnt``
    the item of the burnt copy's object; ``pages`` of it; ``method`` how it was made; ``at`` RFC 3339. ``audience`` is
    for whom the copy bears labels of its own ("": everybody), ``labels`` those; ``narrow`` why gaps that give a name
    away were let pass; ``suffix`` of the copy's name; ``report`` what the leak check did, as
    :mod:`evidencevault.redaction.attacking` writes it. ``access`` is the person it is for ("": it is no such copy) and
    ``opened`` the plan of that copy as a record's body: its digest is signed in place of the plan's commitment.
    """

    exhibit: str
    record: bytes
    revision: int
    commitment: bytes
    exhibit_sha256: bytes
    burnt_sha256: bytes
    basis: bytes
    key_id: bytes
    signature: bytes
    alone: str
    at: str
    burnt: bytes | None
    pages: int
    method: str
    audience: str = ""
    labels: dict[str, Value] = field(default_factory=dict)
    narrow: str = ""
    suffix: str = ".pdf"
    report: dict[str, Value] = field(default_factory=dict)
    access: str = ""
    opened: dict[str, Value] = field(default_factory=dict)

    @property
    def receiver(self) -> Receiver:
        """For whom the copy is."""
        return Receiver(self.audience, self.access)

    @property
    def plan_digest(self) -> bytes:
        """What stands for the plan in the signature (formats.md §6), 32 bytes."""
        if not self.access:
            return self.commitment
        said = canonical.pack({"access": self.access, "plan": self.opened})
        return hashlib.sha256(_OPENED + self.commitment + said).digest()

    def message(self, case: CaseFile) -> bytes:
        """The signed bytes."""
        return approval_message(
            case.vault_id, case.id, int(Kind.PLAN), self.record, self.revision, self.commitment, self.plan_digest,
            self.exhibit_sha256, self.burnt_sha256, self.basis, self.key_id,
        )  # fmt: skip

    def to_body(self) -> dict[str, Value]:
        """As a record's body."""
        return {name: getattr(self, name) for name in Approval.__slots__}


def approval_message(
    vault_id: bytes,
    case: bytes,
    kind: int,
    record: bytes,
    revision: int,
    commitment: bytes,
    plan: bytes,
    exhibit: bytes,
    burnt: bytes,
    basis: bytes,
    key_id: bytes,
) -> bytes:
    """What an approval signs (formats.md §6), 261 bytes.

    u8 1 ‖ vault 32 ‖ case 16 ‖ u32 kind ‖ record 16 ‖ u64 revision ‖ commitment 32 ‖ plan digest 32 ‖ exhibit H 32 ‖
    burnt H 32 ‖ basis (u64 size ‖ root 32) ‖ key_id 16; 32 zeros for a digest that does not apply.
    """
    parts = (
        b"\x01", vault_id, case, kind.to_bytes(4, "big"), record, revision.to_bytes(8, "big"), commitment, plan,
        exhibit, burnt, basis, key_id,
    )  # fmt: skip
    if [len(part) for part in parts] != [1, 32, 16, 4, 16, 8, 32, 32, 32, 32, 40, 16]:
        raise ValueError("a part of an approval has the wrong length")
    return b"".join(parts)


def from_body(body: Mapping[str, Value]) -> Approval:
    """The approval in a record's body; Damaged if it is none."""
    match body:
        case {
            "exhibit": str(exhibit), "record": bytes(record), "revision": int(revision),
            "commitment": bytes(commitment), "exhibit_sha256": bytes(original),
            "burnt_sha256": bytes(burnt_digest), "basis": bytes(basis),
            "key_id": bytes(key_id), "signature": bytes(signature), "alone": str(alone), "at": str(at),
            "burnt": bytes() | None as burnt, "pages": int(pages), "method": str(method),
        }:  # fmt: skip
            return Approval(
                exhibit, record, revision, commitment, original, burnt_digest, basis, key_id, signature, alone, at,
                burnt, pages, method, *_later(body), *_access(body),
            )  # fmt: skip
        case _:
            raise Damaged(tr("A stored approval does not hold what it must."))


def _later(body: Mapping[str, Value]) -> tuple[str, dict[str, Value], str, str, dict[str, Value]]:
    """What approvals of before did not have."""
    found = [body.get(name, other) for name, other in (("audience", ""), ("narrow", ""), ("suffix", ".pdf"))]
    match found, body.get("labels", {}), body.get("report", {}):
        case [str(audience), str(narrow), str(suffix)], dict(labels), dict(report):
            return audience, labels, narrow, suffix, report
        case _:
            raise Damaged(tr("A stored approval does not hold what it must."))


def _access(body: Mapping[str, Value]) -> tuple[str, dict[str, Value]]:
    match body.get("access", ""), body.get("opened", {}):
        case str(access), dict(opened):
            return access, opened
        case _:
            raise Damaged(tr("A stored approval does not hold what it must."))


def labels_for(case: CaseFile, audience: str) -> dict[str, str]:
    """The labels that an audience has seen so far, by those of the register."""
    found: dict[str, str] = {}
    for record in case.records(Kind.APPROVAL):
        approval = from_body(record.body)
        if approval.audience == audience:
            found.update((label, name) for label, name in approval.labels.items() if isinstance(name, str))
    return found


def shut(approval: Approval) -> tuple[str, ...]:
    """Numbers of the marks that bear the label of the person whom a copy is for, and that stay hidden in it."""
    marks = approval.opened.get("marks", [])
    found = (one for one in (marks if isinstance(marks, list) else []) if isinstance(one, dict))
    return tuple(str(one["id"]) for one in found if approval.access and one.get("label") == approval.access)


def opened_for(case: CaseFile, plan: Record) -> tuple[str, ...]:
    """The labels of those for whom a copy of this revision of a plan was approved with their own names open."""
    found = map(from_body, (record.body for record in case.records(Kind.APPROVAL)))
    same = (one for one in found if (one.record, one.revision) == (plan.item, plan.revision))
    return tuple(dict.fromkeys(one.access for one in same if one.access))


def every(case: CaseFile) -> list[Approval]:
    """All approvals of a case, oldest first. Raises Damaged."""
    return [from_body(record.body) for record in case.records(Kind.APPROVAL)]


def standing(
    case: CaseFile, plan: Record, receiver: Receiver = EVERYBODY, known: Sequence[Approval] | None = None
) -> Approval | None:
    """The newest approval of exactly this revision of a plan for a receiver, its signature checked; else None.

    ``known`` are those among which it is sought, where somebody has read them already.
    """
    found = None
    for approval in every(case) if known is None else known:
        same = (approval.record, approval.revision, approval.commitment) == (plan.item, plan.revision, plan.commitment)
        # Without a report nothing says that the copy was attacked: it has to be approved again.
        checked = approval.burnt is None or bool(approval.report)
        if same and checked and approval.receiver == receiver:
            found = approval
    if found is not None and not case.verify_signature(
        found.key_id, APPROVAL_NAMESPACE, found.message(case), found.signature
    ):
        raise Damaged(tr("The approval of {exhibit} bears a wrong signature.").format(exhibit=found.exhibit))
    return found
