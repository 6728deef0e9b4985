"""Everything that ever left a case: to whom, what, when, and whether it was acknowledged."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.bundle.contents import SLIP_SHEET
from evidencevault.bundle.orders import Order, Receipt, orders
from evidencevault.custody.casefile import CaseFile, SeenEntry

BUNDLE = "bundle"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that left: a bundle (``B01``), one original (``E001``), a report; to whom, when (RFC 3339), why.

    ``exhibits`` are those delivered in it; ``sha256`` that of the sealed file, or of the original. ``access`` is the
    label of the person whose request for access it answered ("": nobody's).
    """

    kind: str
    number: str
    to: str
    at: str
    purpose: str
    legal_basis: str
    exhibits: tuple[str, ...]
    sha256: bytes
    receipt: Receipt | None = None
    access: str = ""


def left(case: CaseFile) -> list[Left]:
    """The register, oldest first."""
    found = [_bundle(order) for _, order in orders(case) if order.release is not None]
    found += [_export(one) for one in case.entries() if one.action == "exported"]
    return sorted(found, key=lambda one: one.at)


def _bundle(order: Order) -> Left:
    release = order.release
    assert release is not None
    exhibits = tuple(one.exhibit for one in order.items if one.kind != SLIP_SHEET)
    return Left(
        BUNDLE,
        order.number,
        order.whom,
        release.at,
        order.purpose,
        order.legal_basis,
        exhibits,
        release.sha256,
        order.receipt,
        order.receiver.access,
    )


def _export(one: SeenEntry) -> Left:
    details = one.details if isinstance(one.details, dict) else {}
    digest = one.digest if isinstance(one.digest, bytes) else b""
    subject = str(one.subject or "")
    basis = str(details.get("legal_basis") or "")
    return Left(
        str(details.get("kind") or ""),
        subject,
        str(one.counterparty or ""),
        one.time,
        str(one.purpose or ""),
        basis,
        (subject,) if subject else (),
        digest,
    )
