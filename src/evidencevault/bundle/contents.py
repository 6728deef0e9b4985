"""The files of a bundle that are written for it: lists, reasons, the instructions (the page is in page.py).

None of them holds a name: exhibits stand under their numbers, persons under their labels, marks under reason codes.
"""

from __future__ import annotations

import csv
import io
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
    return _csv(Withheld, withheld) + _rows([("TOTAL", name, str(count), "", "") for name, count in rows])


def readme(cover: Cover) -> bytes:
    """The commands that check the bundle with stock tools, and what they do not prove."""
    return _README.format(
        unseal=_UNSEAL[cover.seal].format(name=cover.name),
        name=cover.name,
        fingerprint=cover.fingerprint,
        origin=cover.origin,
        size=cover.checkpoint_size,
    ).encode()


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


_UNZIP = "\n       unzip -t {name}.zip && unzip {name}.zip"
_UNSEAL = {
    "x25519": "       age -d -i YOUR-KEY {name}.zip.age > {name}.zip" + _UNZIP,
    "hybrid": "       age -d -i YOUR-KEY {name}.zip.age > {name}.zip"
    + _UNZIP
    + '\n\n   It is sealed to post-quantum keys (age1pq...): that takes age 1.3.0 or newer. "age --version" tells.',
    "passphrase": "       age -d {name}.zip.age > {name}.zip" + _UNZIP + "\n\n   age asks for the passphrase.",
    "zip": "       7z x {name}.zip\n       unzip -t {name}-bag.zip && unzip {name}-bag.zip\n\n"
    "   7-Zip asks for the passphrase; {name}.zip is a ZIP with AES-256 (WinZip AE-2) and holds {name}-bag.zip.",
}
"""How a bundle is opened, by what it was sealed with."""

_README = """Checking the bundle {name}
===========================================

index.html lists the documents in any browser, offline, and checks every file and the signature once this folder is
dropped on it. It was written by the sender like everything here: a forged page can say what its forger likes. What
follows does not ask it, and works with tools that every investigator can get. Run it in the folder that holds this bag
(the one with bagit.txt).

1. Unseal (you did this already):

{unseal}

2. Every file is as it was when the bag was made:

       sha256sum -c manifest-sha256.txt
       sha512sum -c manifest-sha512.txt
       sha256sum -c tagmanifest-sha256.txt

   or, with the Library of Congress' tool:  bagit.py --validate .

3. The bag was made by the holder of one key:

       ssh-keygen -Y verify -f allowed_signers -I evidencevault-release -n evidencevault-bundle \\
           -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt

   allowed_signers lies in the bag itself and so proves nothing until you compare this fingerprint with the
   sender by another way (by telephone, in person):

       {fingerprint}

4. What was done with each exhibit stood in the chain of custody when the bundle was made:
   data/custody/entries.json holds the disclosed fields of these entries with their salts, the commitments of the
   fields that are not disclosed, an RFC 6962 inclusion proof for each, and a signed checkpoint (also alone in
   data/custody/checkpoint) of the ledger

       {origin}

   with {size} entries. The same for people is in data/custody/report.pdf, and for other programs (CASE/UCO, to be
   checked with case_validate) in data/case.jsonld. The encodings are in the published formats document of
   EvidenceVault; its command
   "evidencevault bundle verify FILE" does all of this at once and needs no vault.

5. Nothing was rewritten since an earlier bundle of the same case: data/custody/consistency.json holds, for each
   bundle released before, its checkpoint and the RFC 6962 consistency proof from there to this one. If you have an
   earlier bundle (or only its data/custody/checkpoint):

       evidencevault bundle verify FILE --previous EARLIER

6. Where there is a data/custody/timestamp.tsr, an authority outside the house stamped the checkpoint beside it
   (data/custody/timestamp.checkpoint), and data/custody/consistency.json proves that this bundle's checkpoint
   continues that one. With the authority's root certificate, from the authority itself:

       openssl ts -verify -in data/custody/timestamp.tsr -data data/custody/timestamp.checkpoint -CAfile ROOT.pem

What this proves
----------------
That the files are those that the holder of the key released; that the entries shown stand, in this order, in the
ledger with this checkpoint; that the SHA-256 of an original, where it is disclosed, is the one noted at its import.

What it does not prove
----------------------
That the exhibits are true, complete or lawfully obtained; that the clock of the vault was right; that everything that
should have been marked was marked. Pages of redacted documents are pictures made after the marked areas were
overwritten; the SHA-256 of their originals is not disclosed, because it would confirm a guessed name. Its salted
commitment is in index.csv and can be opened for a court; "evidencevault custody verify-disclosure FILE --against
BUNDLE" checks what was opened, and needs no vault.
"""
