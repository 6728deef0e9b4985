"""Intake: files and folder trees become exhibits of a case, durably; what an earlier try brought in is not doubled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import UsageError
from evidencevault.evidence import findings, search
from evidencevault.evidence.door import BYTES, FILES, IntakeLine
from evidencevault.evidence.exhibits import get, list_exhibits
from evidencevault.evidence.intake_run import Import, Loose, Run, open_sources
from evidencevault.evidence.model import Acquisition, Derivation
from evidencevault.evidence.sources import Failure
from evidencevault.progress import Progress
from evidencevault.resources import tr

if TYPE_CHECKING:
    from evidencevault.documents.workers import Workers

__all__ = [
    "Acquisition",
    "Derivation",
    "Failure",
    "Import",
    "IntakeLine",
    "IntakeReport",
    "Loose",
    "bring_in",
    "bring_in_loose",
    "unfinished",
    "warning",
]


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What an import came to: a line per exhibit (members of mails and archives included), and what failed."""

    exhibits: tuple[IntakeLine, ...]
    failed: tuple[Failure, ...]
    not_looked: str | None = None  # why nothing was looked at: the files are in, ``findings.examine`` goes on later


def warning(case: CaseFile) -> str | None:
    """The sentence to show before the first import into a case with the category ``sexual-abuse``; None otherwise."""
    body = next((record.body for record in case.records(Kind.CASE)), {})
    categories = body.get("categories")
    concerned = isinstance(categories, list) and "sexual-abuse" in categories
    if not concerned or any(one.object is not None for one in list_exhibits(case)):
        return None
    return tr(
        "This case is about sexual abuse. Do not copy suspected abuse images, not even as evidence: copying them can "
        "be a crime and can spoil the investigation. Keep the device as it is and locked away, call the police, and "
        "record here only where it is kept."
    )


def bring_in(
    case: CaseFile,
    paths: Sequence[Path],
    acquisition: Acquisition,
    *,
    workers: Workers | None = None,
    progress: Progress | None = None,
    derived_from: Derivation | None = None,
    restricted: str | None = None,
    privileged: str | None = None,
    tags: tuple[str, ...] = (),
    notes: str | None = None,
    batch_files: int = FILES,
    batch_bytes: int = BYTES,
) -> IntakeReport:
    """Take in files and folders; then let the worker look at each (not without ``workers``).

    Exhibits come in commits of up to ``batch_files`` files or ``batch_bytes`` bytes. What fails is in the report, the
    rest goes on; an import broken off is taken up by the same call. ``progress`` counts bytes.
    Raises UsageError, NotFound (``derived_from``), NotPermitted, and StorageFailed or Cancelled: then what was
    committed stays, and the same call goes on from there.
    """
    case.require("officer")
    if not paths:
        raise UsageError(tr("Name at least one file or folder. Nothing was brought in."))
    said = Import(acquisition.checked(case.now()), _known(case, derived_from), restricted, privileged, tags, notes)
    run = Run(case, said, progress or Progress(), batch_files, batch_bytes)
    return _looked(case, run, run.files(paths), workers)


def _looked(case: CaseFile, run: Run, lines: list[IntakeLine], workers: Workers | None) -> IntakeReport:
    looked = findings.Looked(tuple(lines))
    if workers is not None:
        looked = findings.after_import(case, workers, run.door, lines, run.progress)
    run.close()
    if workers is not None:
        search.update(case, run.progress)
    return IntakeReport(looked.lines, (*run.failed, *looked.failed), looked.refusal)


def bring_in_loose(
    case: CaseFile,
    files: Sequence[Loose],
    acquisition: Acquisition,
    *,
    workers: Workers | None = None,
    progress: Progress | None = None,
    restricted: str | None = None,
    derived_from: Derivation | None = None,
) -> IntakeReport:
    """Take in what lies in memory alone: a pasted picture, a mail dragged out of its program. Raises as above."""
    case.require("officer")
    if not files:
        raise UsageError(tr("Name at least one file or folder. Nothing was brought in."))
    said = Import(acquisition.checked(case.now()), _known(case, derived_from), restricted)
    run = Run(case, said, progress or Progress(), FILES, BYTES)
    return _looked(case, run, run.loose(files), workers)


def _known(case: CaseFile, derived_from: Derivation | None) -> Derivation | None:
    """With the number of an exhibit that is there. Raises UsageError, NotFound."""
    if derived_from is None:
        return None
    return replace(derived_from.checked(), ref=get(case, derived_from.ref).number)


def unfinished(case: CaseFile) -> list[str]:
    """The paths of imports that were broken off, or of which something could not be read."""
    return [text for record in case.records(Kind.INTAKE) for text, _ in open_sources(record.body)]


