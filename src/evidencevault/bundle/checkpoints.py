"""The signed head of a case's chain of custody, as a file or on paper: whoever keeps it elsewhere can prove a change.

It holds no word of the case: origin, number of entries, root and signature (a C2SP note).
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle.report import check_target, new_file
from evidencevault.bundle.report_html import page, paragraph
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused, StorageFailed
from evidencevault.formats import fingerprints
from evidencevault.resources import tr

Typeset = Callable[[str], bytes]
"""HTML to PDF, in a confined process."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed note, and what it says: entries, and the root over them (32 bytes)."""

    note: bytes
    size: int
    root: bytes


def newest(case: CaseFile) -> Checkpoint:
    """The one under all entries. Raises Refused where there is none yet."""
    note, head = case.ledger.ledger.note, case.ledger.ledger.tree.head
    if note is None:
        raise Refused(tr("This case has no checkpoint yet."))
    return Checkpoint(note, head.size, head.root)


def write_note(case: CaseFile, to: Path) -> Checkpoint:
    """Write the note to a new file. Raises Refused, StorageFailed: then nothing was written."""
    found = newest(case)
    _write(case, to, found.note)
    return found


def write_sheet(case: CaseFile, typeset: Typeset, to: Path) -> Checkpoint:
    """Write a PDF to print: what it is for, the note in letters and as a QR code. Raises as above, DocumentFailed."""
    found = newest(case)
    check_target(case, to)
    _write(case, to, typeset(sheet_html(case.reference, found, case.now().isoformat(timespec="minutes"))))
    return found


def sheet_html(reference: str, found: Checkpoint, at: str) -> str:
    """The page to print."""
    text = found.note.decode()
    picture = base64.b64encode(fingerprints.qr_file(text, "png")).decode()
    lines = "".join(f"<p class='hash'>{html.escape(line) or '&nbsp;'}</p>" for line in text.splitlines())
    title = html.escape(tr("Checkpoint of {case} at {n} entries").format(case=reference, n=found.size))
    parts = [
        f"<h1>{title}</h1>",
        paragraph(at),
        paragraph(
            tr(
                "This is the signed head of the chain of custody of a case. It tells nothing of the case. Keep it "
                "where nobody of the organisation can change it, with a notary or a lawyer: should an entry be "
                "changed or taken out later, verification with this checkpoint shows it."
            )
        ),
        f"<p><img src='data:image/png;base64,{picture}' width='220' height='220'/></p>",
        lines,
        paragraph(tr("To check it: evidencevault custody verify {case} --checkpoint FILE").format(case=reference)),
    ]
    return page("".join(parts))


def _write(case: CaseFile, to: Path, data: bytes) -> None:
    check_target(case, to)
    with new_file(to) as file:
        try:
            file.write(data)
            file.settle(to)
        except OSError as error:
            told = tr("{file} could not be written ({why}). Nothing was left there.")
            raise StorageFailed(told.format(file=to, why=error.strerror)) from error
