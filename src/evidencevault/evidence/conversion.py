"""The PDF in the place of an exhibit that has no pages by itself: made once, sealed, and used for everything after.

What is viewed, marked, recognised and burnt is that one PDF: another conversion might break its lines elsewhere. One
record an exhibit names its object and what made it. The exhibit itself stays as it came.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from evidencevault.custody.casefile import CaseFile, Kind, Record, Stored, Write
from evidencevault.documents import libreoffice
from evidencevault.documents.requests import Converted
from evidencevault.documents.workers import heic_available
from evidencevault.errors import Damaged
from evidencevault.evidence.exhibits import of_object
from evidencevault.evidence.model import Exhibit
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.objects import SealedObject

_ODF = "application/vnd.oasis.opendocument."
OFFICE = frozenset(
    [
        *(_ODF + one for one in ("text", "text-template", "text-master", "spreadsheet", "spreadsheet-template")),
        *(_ODF + one for one in ("presentation", "presentation-template")),
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/rtf",
        "text/rtf",
    ]
)
"""Media types that have pages only through LibreOffice."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """The item of the sealed PDF, and what made it, with its version."""

    object: bytes
    by: str


def store(write: Write, number: str, made: Converted) -> tuple[Stored, SealedObject]:
    """Add an exhibit's PDF to a write; the caller enters both."""
    sealed = write.store_object(io.BytesIO(made.data).readinto, Progress())
    return write.record(Kind.CONVERSION, {"exhibit": number, "object": sealed.item, "by": made.by}), sealed


def kept(case: CaseFile, exhibit: Exhibit) -> Conversion | None:
    """The first that was made; None where its own bytes have pages, or nothing was made. Raises Damaged."""
    if exhibit.media_type not in OFFICE:
        return None
    made = (_read(record) for record in case.records(Kind.CONVERSION) if record.body.get("exhibit") == exhibit.number)
    return next(made, None)


def paged_object(case: CaseFile, exhibit: Exhibit) -> bytes:
    """The item of what has the exhibit's pages: its PDF, or its own file. Raises NotFound for what is no file."""
    conversion = kept(case, exhibit)
    return conversion.object if conversion is not None else of_object(exhibit)


def waits(exhibit: Exhibit) -> bool:
    """Whether it has no pages for want of a reader that is installed by now."""
    if exhibit.object is None or not exhibit.looked_at or exhibit.previewable:
        return False
    if (exhibit.media_type or "").startswith(("image/heic", "image/heif")):
        return heic_available()
    return exhibit.media_type in OFFICE and libreoffice.program() is not None


def _read(record: Record) -> Conversion:
    match record.body:
        case {"object": bytes(item), "by": str(by)}:
            return Conversion(item, by)
        case _:
            raise Damaged(tr("The record of a conversion is malformed."))
