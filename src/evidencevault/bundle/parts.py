"""The documents of a bundle: where their bytes are, what they are numbered, what hides in them."""

from __future__ import annotations

import html
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass

from evidencevault.bundle.contents import ORIGINAL, SLIP_SHEET, Document, Redaction
from evidencevault.bundle.leakcheck import Checked
from evidencevault.bundle.orders import Held, Item, Order
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.entry import ReadEntry
from evidencevault.documents.requests import ByteSource, Mark, Suspect
from evidencevault.errors import Damaged, Refused
from evidencevault.redaction import attacking, burning, plans
from evidencevault.redaction.approvals import Approval
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.marks import Plan
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr
from evidencevault.vault.registry import Field

PDF = "application/pdf"
_MEDIA = {".pdf": PDF, ".wav": "audio/wav", ".flac": "audio/flac", ".mp4": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Part:
    """One document with its bytes: an object of the vault as it is, or made for this bundle.

    ``stamped`` are the numbers below the pages of a copy, made from the object ``stored``; ``marks`` what is black in
    it. ``secrets`` are what its own plan hides.
    """

    document: Document
    stored: bytes | None  # the object's item
    made: bytes
    checked: Checked | None = None
    secrets: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    stamped: tuple[str, ...] = ()

    @property
    def text(self) -> bool:
        """Whether it is a copy that holds text, and so names that were never to be hidden."""
        return self.checked is not None and self.checked.method in (burning.STRUCTURAL, burning.SEARCHABLE)

    def suspect(self, source: ByteSource) -> Suspect:
        """The finished file, to be attacked; a copy with all that a copy must be."""
        path = self.document.path
        if self.checked is None or self.document.media_type != PDF:
            return Suspect(path, source)
        pixels = self.checked.method != burning.STRUCTURAL
        mode, searchable = burning.RASTER if pixels else burning.STRUCTURAL, self.checked.method == burning.SEARCHABLE
        return Suspect(path, source, pixels, self.marks, mode, searchable, self.stamped)


def stamped(case: CaseFile, workers: Burner, item: bytes, numbers: tuple[str, ...]) -> bytes:
    """A copy with the numbers below its pages; the same bytes each time."""
    with case.open_object(item) as reader:
        return workers.stamp(reader, numbers)


def delivered(
    case: CaseFile, workers: Burner, order: Order, item: Item, subject: Subject, imported: Mapping[str, ReadEntry]
) -> tuple[Part, list[Redaction], bool]:
    """A delivered document, its marks, and whether it was approved alone. Raises Refused, Damaged, DocumentFailed."""
    shown = plans.shown_to(case, item.exhibit, order.receiver)
    approval = shown.approval if shown else None
    if item.kind == SLIP_SHEET:
        why = "held as a thing, no file" if subject.object is None else "this kind of file cannot be redacted yet"
        sheet = _slip(workers, item.number, subject, why, imported)
        return sheet, [], bool(approval and approval.alone)
    if item.kind == ORIGINAL:
        approved_alone = bool(approval and approval.alone and item.exhibit not in order.unredacted)
        return _original(case, order, item, subject, imported), [], approved_alone
    if shown is None or approval is None:
        raise Refused(tr("The redaction plan of {exhibit} is not approved.").format(exhibit=item.exhibit))
    stored = approval.burnt
    if stored is None:
        raise Refused(tr("{exhibit} has no redacted copy.").format(exhibit=item.exhibit))
    with case.open_object(stored) as reader:
        size, sha256 = reader.size, reader.sha256
    if sha256 != approval.burnt_sha256:
        raise Damaged(
            tr("The redacted copy of {exhibit} is not the one that was approved.").format(exhibit=item.exhibit)
        )
    suffix = approval.suffix
    numbers, data = order.numbers(item), b""
    if suffix == ".pdf" and item.pages:
        data = stamped(case, workers, stored, numbers)
    document = Document(
        number=item.number,
        last=numbers[-1],
        path=f"documents/{item.number}{suffix}",
        exhibit=item.exhibit,
        parent=subject.parent,
        kind=item.kind,
        media_type=_MEDIA.get(suffix, "application/octet-stream"),
        pages=approval.pages,
        size=len(data) or size,
        sha256=burning.sha256(data).hex() if data else sha256.hex(),
        copy_sha256=sha256.hex(),
        original_sha256="",
        original_commitment=commitment(imported, item.exhibit),
        note="",
    )
    found = _copied(case, document, stored, shown.plan, approval, numbers if data else ())
    return found, _redactions(item.number, shown.plan, approval.labels), bool(approval.alone)


def _original(case: CaseFile, order: Order, item: Item, subject: Subject, imported: Mapping[str, ReadEntry]) -> Part:
    """The bytes as they came in, under their own media type; no pages are numbered in them."""
    if subject.object is None:
        raise Refused(tr("{exhibit} is a thing and no file: it has no pages to mark.").format(exhibit=item.exhibit))
    with case.open_object(subject.object) as reader:
        size, sha256 = reader.size, reader.sha256
    if sha256 != subject.sha256:
        raise Damaged(tr("The original of {exhibit} is not the one that was brought in.").format(exhibit=item.exhibit))
    document = Document(
        number=item.number,
        last=order.numbers(item)[-1],
        path=f"documents/{item.number}{mimetypes.guess_extension(subject.media_type) or '.bin'}",
        exhibit=item.exhibit,
        parent=subject.parent,
        kind=ORIGINAL,
        media_type=subject.media_type,
        pages=0,
        size=size,
        sha256=sha256.hex(),
        copy_sha256="",
        original_sha256=sha256.hex(),
        original_commitment=commitment(imported, item.exhibit),
        note="",
    )
    return Part(document, subject.object, b"")


def _copied(
    case: CaseFile, document: Document, stored: bytes, plan: Plan, approval: Approval, numbers: tuple[str, ...]
) -> Part:
    report = attacking.report_of(approval.report)
    labels = {label: str(shown) for label, shown in approval.labels.items()}
    checked = Checked(document.number, document.exhibit, approval.method, approval.pages, approval.narrow, report)
    secrets = attacking.named_secrets(case, plan)
    marks = burning.areas_of(plan, labels) if document.media_type == PDF else ()
    return Part(document, stored, b"", checked, secrets, marks, numbers)


def _redactions(number: str, plan: Plan, labels: Mapping[str, object]) -> list[Redaction]:
    return [
        Redaction(
            document=number,
            exhibit=plan.exhibit,
            mark=one.id,
            page=one.page,
            kind=one.kind,
            reason=one.reason,
            label=str(labels.get(one.label, one.label)),
            boxes="; ".join(f"{b.x0:g} {b.y0:g} {b.x1:g} {b.y1:g}" for b in one.boxes),
        )
        for one in sorted(plan.marks, key=lambda mark: (mark.page, mark.boxes))
    ]


def withheld(workers: Burner, one: Held, subject: Subject, imported: Mapping[str, ReadEntry]) -> Part:
    """The slip sheet of an exhibit that is held back whole."""
    return _slip(workers, one.number, subject, f"withheld: {one.reason}", imported)


def _slip(workers: Burner, number: str, subject: Subject, why: str, imported: Mapping[str, ReadEntry]) -> Part:
    page = (
        "<html><body style='font-family: sans-serif'>"
        f"<h1>{html.escape(number)}</h1><h2>Exhibit {html.escape(subject.number)}</h2>"
        f"<p>This sheet stands in the place of an exhibit that is not delivered.</p><p>Reason: {html.escape(why)}</p>"
        "</body></html>"
    )
    data = workers.typeset(page)
    document = Document(
        number=number,
        last=number,
        path=f"documents/{number}.pdf",
        exhibit=subject.number,
        parent=subject.parent,
        kind=SLIP_SHEET,
        media_type=PDF,
        pages=1,
        size=len(data),
        sha256=burning.sha256(data).hex(),
        copy_sha256="",
        original_sha256="",
        original_commitment=commitment(imported, subject.number),
        note=why,
    )
    return Part(document, None, data)


def commitment(imported: Mapping[str, ReadEntry], exhibit: str) -> str:
    """The salted commitment of an original's SHA-256 in the ledger, hex; "" where there is none."""
    entry = imported.get(exhibit)
    found = entry.commitments.get(int(Field.DIGEST)) if entry else None
    return found.hex() if found else ""
