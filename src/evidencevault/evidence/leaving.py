"""An original leaves the vault: said in the chain of custody before the first byte, never over another file."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused, StorageFailed, UsageError, VaultError
from evidencevault.evidence.model import Exhibit, exhibit_from
from evidencevault.evidence.numbering import latest_of, said_number
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.durable import NewFile


@dataclass(frozen=True, slots=True)
class Exported:
    """What left: the file, whether it is sealed, its own SHA-256 and size, the original's SHA-256, the entry."""

    exhibit: str
    path: Path
    sealed: bool
    sha256: bytes
    size: int
    original_sha256: bytes
    sequence: int


def export(
    case: CaseFile,
    number: str,
    target: Path,
    *,
    purpose: str,
    legal_basis: str,
    recipient: str | None = None,
    in_clear: bool = False,
    to: str | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Hand out an original: as an age file for ``recipient`` (``age1…``), or with ``in_clear`` as it is.

    Exactly one of the two. ``to`` names who gets it. The ``exported`` entry is durable before the first byte is
    written; ``target`` is never overwritten and is whole, read back and durable on return, or not there.
    Raises UsageError, NotFound, Refused, NotPermitted, StorageFailed, Damaged, Cancelled.
    """
    case.require("officer", "legal")
    if not purpose.strip() or not legal_basis.strip():
        raise UsageError(tr("An original leaves only with a purpose and a legal basis. Nothing left the vault."))
    if (recipient is None) != in_clear:
        raise UsageError(tr("Name one recipient key (age1…), or say that it leaves in clear. Nothing left the vault."))
    sealed_for = _recipients(recipient)
    exhibit = exhibit_from(case.record(latest_of(case, said_number(number)).item), None)
    if exhibit.object is None:
        raise Refused(tr("{number} is no file. Record its hand-over instead.").format(number=exhibit.number))
    temporary = _beside(case, target)
    with case.open_object(exhibit.object) as reader:
        with _new_file(temporary) as file:
            sequence = _say(case, exhibit, purpose.strip(), legal_basis.strip(), recipient, to)
            pieces = reader.age_copy(sealed_for) if sealed_for else reader.stream()
            try:
                digest, size = _written(file, pieces, progress or Progress())
                _read_back(temporary, digest)
                file.settle(target)
            except (VaultError, OSError) as error:
                _say_failed(case, exhibit, sequence)
                raise _not_out(error, target) from error
        return Exported(exhibit.number, target, bool(sealed_for), digest, size, reader.sha256, sequence)


def _recipients(text: str | None) -> list[age.Recipient]:
    if text is None:
        return []
    try:
        return [age.parse_recipient(text)]
    except age.AgeError as error:
        raise UsageError(error.sentence + " " + tr("Nothing left the vault.")) from error


def _beside(case: CaseFile, target: Path) -> Path:
    """A temporary name in the target's folder. Raises Refused where the target is taken, or within the vault."""
    if os.path.lexists(target):
        raise Refused(tr("{file} exists already and is not overwritten. Nothing left the vault.").format(file=target))
    folder = target.parent.resolve()
    if not folder.is_dir():
        raise Refused(tr("There is no folder {folder}. Nothing left the vault.").format(folder=target.parent))
    vault = case.office.database.folder.resolve()
    if folder == vault or vault in folder.parents:
        raise Refused(
            tr("{file} lies in the vault's own folder. Choose another; nothing left the vault.").format(file=target)
        )
    return folder / f".{secrets.token_hex(8)}.part"


def _new_file(temporary: Path) -> NewFile:
    try:
        return NewFile(temporary)
    except OSError as error:
        sentence = tr("Nothing can be written to {folder} ({why}). Nothing left the vault.")
        raise StorageFailed(sentence.format(folder=temporary.parent, why=error.strerror)) from error


def _say(
    case: CaseFile, exhibit: Exhibit, purpose: str, legal_basis: str, recipient: str | None, to: str | None
) -> int:
    write = case.write()
    write.entry(
        "exported",
        subject=exhibit.number,
        purpose=purpose,
        digest=exhibit.sha256,
        counterparty=to or recipient,
        details={
            "kind": "original",
            "format": "age" if recipient else "clear",
            "recipient": recipient,
            "legal_basis": legal_basis,
            "record": [exhibit.item.hex(), exhibit.revision],
        },
    )
    return write.commit().first


def _say_failed(case: CaseFile, exhibit: Exhibit, sequence: int) -> None:
    # The chain says "exported": that it did not arrive belongs there too. Where even this cannot be written, the
    # error that comes is the first one.
    write = case.write()
    write.entry("noted", subject=exhibit.number, details={"kind": "export-failed", "entry": sequence})
    try:
        write.commit()
    except VaultError:
        return


def _written(file: NewFile, pieces: Iterable[bytes], progress: Progress) -> tuple[bytes, int]:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        file.write(piece)
        digest.update(piece)
        size += len(piece)
        progress.advance(len(piece))
    return digest.digest(), size


def _read_back(written: Path, digest: bytes) -> None:
    with written.open("rb") as file:
        if hashlib.file_digest(file, "sha256").digest() != digest:
            raise StorageFailed(tr("the disk did not give back what was written to it"))


def _not_out(error: VaultError | OSError, target: Path) -> VaultError:
    """What to say: damage and cancelling as they are, the disk's refusals with the target's name."""
    if isinstance(error, VaultError) and not isinstance(error, StorageFailed):
        return error
    why = error.sentence if isinstance(error, VaultError) else error.strerror or error.__class__.__name__
    sentence = tr("{file} could not be written ({why}). No half file was left there, and the chain of custody says so.")
    return StorageFailed(sentence.format(file=target, why=why))
