"""The custody report of a case as a file: entered in the chain of custody first, never over another file.

It is for the file of the case, not for a bundle: it names sources and files as the case knows them. The report that a
bundle holds is written by ``outside_report``.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle.report_page import report_html
from evidencevault.custody.casefile import CaseFile, Write
from evidencevault.custody.entry import Json
from evidencevault.errors import Refused, StorageFailed
from evidencevault.progress import Progress
from evidencevault.redaction.burning import Burner
from evidencevault.resources import tr
from evidencevault.vault.durable import NewFile


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was written: the file, its SHA-256 (32 bytes), and the number of the entry that says so."""

    path: Path
    sha256: bytes
    sequence: int


def write(case: CaseFile, workers: Burner, to: Path, progress: Progress | None = None) -> Reported:
    """Write the report of a case to a new PDF file. Raises as :func:`write_file`, and DocumentFailed."""
    return write_file(case, to, "custody-report", lambda: workers.typeset(report_html(case)), progress)


def write_file(
    case: CaseFile,
    to: Path,
    kind: str,
    make: Callable[[], bytes],
    progress: Progress | None = None,
    *,
    subject: str | None = None,
    purpose: str | None = None,
    details: Mapping[str, Json] | None = None,
) -> Reported:
    """Write what ``make`` gives to a new file; the entry ``exported`` is durable before its first byte is.

    The entry says ``kind``, the file's SHA-256, and what is given besides. Raises Refused where the file is there
    already, lies in the vault or has no folder; NotPermitted, Cancelled, StorageFailed, Damaged.
    """
    case.require("officer", "legal")
    progress = progress or Progress()
    check_target(case, to)
    data = make()
    progress.check()
    said = case.write()
    exported(said, kind, data, subject=subject, purpose=purpose, details=details)
    return write_out(case, to, data, said)


def exported(
    said: Write,
    kind: str,
    data: bytes,
    *,
    subject: str | None = None,
    purpose: str | None = None,
    details: Mapping[str, Json] | None = None,
) -> None:
    """Add to a write the entry that a file leaves."""
    told: dict[str, Json] = {"kind": kind, "format": "clear", **(details or {})}
    said.entry("exported", subject=subject, purpose=purpose, digest=hashlib.sha256(data).digest(), details=told)


def write_out(case: CaseFile, to: Path, data: bytes, said: Write) -> Reported:
    """Commit ``said``, then write a new file; what did not arrive is entered, too. Raises as :func:`write_file`."""
    with new_file(to) as file:
        sequence = said.commit().first
        try:
            file.write(data)
            file.settle(to)
        except OSError as error:
            # The chain says that it left: that it did not arrive belongs there too.
            failed = case.write()
            failed.entry("noted", details={"kind": "export-failed", "entry": sequence})
            failed.commit()
            why = tr(
                "{file} could not be written ({why}). No half file was left there, and the chain of custody says so."
            )
            raise StorageFailed(why.format(file=to, why=error.strerror)) from error
    return Reported(to, hashlib.sha256(data).digest(), sequence)


def check_target(case: CaseFile, to: Path) -> None:
    """Refused where a file is there already, lies in the vault or has no folder."""
    if os.path.lexists(to):
        raise Refused(tr("{file} exists already; nothing was written.").format(file=to))
    folder, vault = to.parent.resolve(), case.office.database.folder.resolve()
    if not folder.is_dir():
        raise Refused(tr("There is no folder {folder}. Nothing was written.").format(folder=to.parent))
    if folder == vault or vault in folder.parents:
        raise Refused(tr("{file} lies in the vault's own folder. Choose another; nothing was written.").format(file=to))


def new_file(to: Path) -> NewFile:
    """A temporary file beside a target. Raises StorageFailed."""
    try:
        return NewFile(to.with_name(f".{secrets.token_hex(8)}.part"))
    except OSError as error:
        raise StorageFailed(
            tr("Nothing can be written to {folder} ({why}). Nothing was changed.").format(
                folder=to.parent, why=error.strerror
            )
        ) from error
