"""Everything that ever left a case: to whom, what, when, and whether it was acknowledged; and who must be told later.

From it come the notices of art. 19 GDPR: whoever received an exhibit that was erased since is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle import report
from evidencevault.bundle.contents import SLIP_SHEET
from evidencevault.bundle.orders import Order, Receipt, find, orders
from evidencevault.bundle.report_html import escaped, fact_table, grid, page, time_cell
from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.errors import Refused
from evidencevault.evidence import erasure
from evidencevault.redaction.burning import Burner
from evidencevault.resources import tr

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


@dataclass(frozen=True, slots=True)
class Notice:
    """Whom to tell of what: the bundle, its receiver, the exhibit erased since, its Bates numbers, when it was."""

    bundle: str
    to: str
    exhibit: str
    first: str
    last: str
    erased_at: str


def left(case: CaseFile) -> list[Left]:
    """The register, oldest first."""
    found = [_bundle(order) for _, order in orders(case) if order.release is not None]
    found += [_export(one) for one in case.entries() if one.action == "exported"]
    return sorted(found, key=lambda one: one.at)


def notices(case: CaseFile, exhibits: Sequence[str] | None = None) -> list[Notice]:
    """Who is still to be told of what was erased; of these exhibits, or of all."""
    gone, told = erasure.erased(case), _told(case)
    wanted = set(gone) & set(exhibits if exhibits is not None else gone)
    return [
        Notice(
            order.number,
            order.whom,
            item.exhibit,
            order.numbers(item)[0],
            order.numbers(item)[-1],
            gone[item.exhibit].at,
        )
        for _, order in orders(case)
        if order.release is not None
        for item in order.items
        if item.exhibit in wanted and item.kind != SLIP_SHEET and (order.number, item.exhibit) not in told
    ]


def write_notice(case: CaseFile, workers: Burner, number: str, to: Path) -> list[Notice]:
    """Write the notice to a bundle's receiver as a PDF, and enter that; nothing is left to be told of it then.

    Raises NotPermitted, NotFound, Refused (nobody is to be told, the file is there), StorageFailed, DocumentFailed.
    """
    case.require("officer", "legal")
    _, order = find(case, number)
    due = [one for one in notices(case) if one.bundle == order.number]
    if not due:
        raise Refused(tr("Nobody is to be told anything about bundle {bundle}.").format(bundle=order.number))
    report.check_target(case, to)
    data = workers.typeset(_letter(case, order, due))
    write = case.write()
    write.entry(
        "noted",
        subject=order.number,
        counterparty=order.counterparty,
        details={"kind": "notice", "exhibits": [one.exhibit for one in due]},
    )
    report.write_out(case, to, data, write)
    return due


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


def _told(case: CaseFile) -> set[tuple[str, str]]:
    found = set()
    for one in case.entries():
        match one.details:
            case {"kind": "notice", "exhibits": [*exhibits]} if one.action == "noted":
                found |= {(str(one.subject), str(exhibit)) for exhibit in exhibits}
    return found


def _letter(case: CaseFile, order: Order, due: Sequence[Notice]) -> str:
    release = order.release
    assert release is not None
    facts = (
        (tr("To"), escaped(order.whom)),
        (tr("Bundle"), escaped(f"{case.reference}-{order.number}")),
        (tr("Released"), time_cell(release.at, "")),
        (tr("Purpose"), escaped(order.purpose)),
        (tr("Legal basis"), escaped(order.legal_basis)),
    )
    rows = [(escaped(one.exhibit), escaped(one.first), escaped(one.last), time_cell(one.erased_at, "")) for one in due]
    titles = (tr("Evidence"), tr("First number"), tr("Last number"), tr("Erased"))
    said = tr(
        "We sent you the documents below. We have erased them since, and are bound to tell you so (art. 19 of "
        "Regulation (EU) 2016/679). Please erase your copies as well, unless a law requires you to keep them, and "
        "tell us when that is done or why it is not."
    )
    parts = [
        f"<h1>{escaped(tr('Notice of erasure'))}</h1>",
        fact_table(facts),
        f"<p>{escaped(said)}</p>",
        grid([escaped(one) for one in titles], rows),
    ]
    return page("".join(parts))
