"""The lists of a bundle that are written for it, and their totals (the page is in page.py, the README in readme.py).

None of them holds a name: exhibits stand under their numbers, persons under their labels, marks under reason codes.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

REDACTED = "redacted"
ORIGINAL = "original"
SLIP_SHEET = "slip-sheet"


@dataclass(frozen=True, slots=True)
class Document:
    """One delivered file: its first and last Bates number, its path below ``data/``, what it is of and what it is."""

    number: str
    last: str
    path: str
    exhibit: str
    parent: str  # the exhibit that it came inside of, such as the message of an attachment
    kind: str  # redacted, original or slip-sheet
    media_type: str
    pages: int
    size: int
    sha256: str
    copy_sha256: str  # of the copy that was approved, before its pages were numbered
    original_sha256: str  # only of an original delivered as it is (formats.md §6)
    original_commitment: str  # the salted commitment of the original's SHA-256 in the ledger
    note: str  # why it is a slip sheet, else empty


@dataclass(frozen=True, slots=True)
class Redaction:
    """One mark as it may be told: never the text. Boxes in points, origin top left."""

    document: str
    exhibit: str
    mark: str
    page: int
    kind: str
    reason: str
    label: str
    boxes: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """An exhibit held back whole, and the slip sheet in its place; ``basis`` of a privilege, and who agreed to it."""

    document: str
    exhibit: str
    reason: str
    basis: str = ""
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the bundle says of itself."""

    name: str  # NL-2026-0007-B03
    case: str
    bundle: str
    made: str  # RFC 3339
    purpose: str
    legal_basis: str
    approval: str  # "" or "approved alone: …"
    fingerprint: str  # SSH fingerprint of the releasing key
    origin: str
    checkpoint_size: int
    exhibits_total: int
    seal: str = "x25519"  # what opens it, see sealing.Seal.kind
    access: str = ""  # the label of the person whose request for access it answers


def index_csv(documents: Sequence[Document]) -> bytes:
    """Every delivered file."""
    return _csv(Document, documents)


def redactions_csv(redactions: Sequence[Redaction]) -> bytes:
    """Every mark in every delivered file."""
    return _csv(Redaction, redactions)


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts by which an omission shows: exhibits of the case, and what became of them; files and numbered pages."""

    case: int
    delivered: int
    withheld: int
    left_out: int
    files: int
    pages: int


def totals(cover: Cover, documents: Sequence[Document], withheld: Sequence[Withheld]) -> Totals:
    """What withheld.csv, the page and the cover say alike."""
    held = {one.exhibit for one in withheld}
    delivered = {one.exhibit for one in documents} - held
    left_out = cover.exhibits_total - len(delivered) - len(held)
    pages = sum(max(1, one.pages) for one in documents)
    return Totals(cover.exhibits_total, len(delivered), len(held), left_out, len(documents), pages)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person who asked for access is told: exhibits about them, what became of those, and how many are not.

    ``refused`` counts by reason code; ``uncopied`` leave as slip sheets because no copy can be made of their kind.
    """

    about: int
    delivered: int
    refused: tuple[tuple[str, int], ...]
    uncopied: int
    not_about: int


def answered(cover: Cover, documents: Sequence[Document], withheld: Sequence[Withheld]) -> Answered | None:
    """The figures of a bundle that answers a request for access; None for any other."""
    if not cover.access:
        return None
    about = {one.exhibit for one in documents}
    delivered = {one.exhibit for one in documents if one.kind != SLIP_SHEET}
    refused = Counter(one.reason for one in withheld)
    uncopied = len(about) - len(delivered) - len(withheld)
    left = cover.exhibits_total - len(about)
    return Answered(len(about), len(delivered), tuple(sorted(refused.items())), uncopied, left)


def withheld_csv(cover: Cover, documents: Sequence[Document], withheld: Sequence[Withheld]) -> bytes:
    """What was held back, then the totals."""
    counted = totals(cover, documents, withheld)
    rows = (
        ("exhibits in the case", counted.case),
        ("exhibits delivered", counted.delivered),
        ("exhibits withheld", counted.withheld),
        ("exhibits not selected", counted.left_out),
        ("files delivered", counted.files),
    )
    every = [*rows, *_answered(answered(cover, documents, withheld))]
    return _csv(Withheld, withheld) + _rows([("TOTAL", name, str(count), "", "") for name, count in every])


def _answered(one: Answered | None) -> list[tuple[str, int]]:
    if one is None:
        return []
    return [
        ("documents about the person", one.about),
        ("delivered to the person", one.delivered),
        *((f"refused to the person: {reason}", count) for reason, count in one.refused),
        ("no copy could be made", one.uncopied),
        ("items not about the person", one.not_about),
    ]


def _csv(kind: type, rows: Iterable[object]) -> bytes:
    names = [field.name for field in fields(kind)]
    return _rows([names, *([str(getattr(row, name)) for name in names] for row in rows)])


def _rows(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)  # RFC 4180: commas, quotes doubled, CR LF
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    return out.getvalue().encode()


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
