"""Files of a copy read and written with their digest: the salts apart, and whatever has a size and a BLAKE3."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import blake3

from evidencevault.errors import Damaged
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.backup_files import Part, writing
from evidencevault.vault.durable import NewFile

PIECE = 1 << 20
SALTS_LABEL = b"evidencevault/salts/v1\0"
_HEAD = len(SALTS_LABEL) + 32 + 8
_ROW = 16 + 32

Salts = list[tuple[bytes, bytes]]
"""Items (16 bytes) with their salts (32), ascending by item."""


class NotWhole(Exception):
    """A file of a copy is missing, no plain file, or not what its digest says; the text says which, in a few words."""


def _opened(path: Path) -> int:
    """A descriptor of a plain file; a link is not followed. Raises NotWhole, OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if path.is_symlink():
            raise NotWhole(tr("it is a link to somewhere else"))
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotWhole(tr("its file is missing")) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotWhole(tr("it is not a file"))
    return descriptor


def pieces(path: Path, size: int | None, digest: bytes, progress: Progress) -> Iterator[bytes]:
    """The file's bytes, counted in ``progress``; only a reading that ended without NotWhole was of the right bytes.

    ``size`` in bytes where it is known. Raises NotWhole, Cancelled.
    """
    found = blake3.blake3()
    try:
        with os.fdopen(_opened(path), "rb", buffering=0) as file:
            if size is not None and os.fstat(file.fileno()).st_size != size:
                raise NotWhole(tr("it is too short or too long"))
            while piece := file.read(PIECE):
                found.update(piece)
                progress.advance(len(piece))
                yield piece
    except OSError as error:
        why = error.strerror or error.__class__.__name__
        raise NotWhole(tr("it could not be read ({why})").format(why=why)) from error
    if found.digest() != digest:
        raise NotWhole(tr("its bytes were changed"))


def check(path: Path, size: int | None, digest: bytes, progress: Progress) -> None:
    """Read a file and hold it against its digest. Raises NotWhole, Cancelled."""
    for _ in pieces(path, size, digest, progress):
        pass


def bring(chunks: Iterable[bytes], temporary: Path, target: Path) -> None:
    """A new file of these bytes under ``target``, durable on return; whatever the chunks raise leaves nothing."""
    with NewFile(temporary) as file:
        for chunk in chunks:
            file.write(chunk)
        file.replace(target)


def digest_of(path: Path, progress: Progress) -> Part:
    """Size and digest of a file just written, after making it durable. Raises StorageFailed, Cancelled."""
    digest, size = blake3.blake3(), 0
    with writing(path.parent), path.open("r+b", buffering=0) as file:
        os.fsync(file.fileno())
        while piece := file.read(PIECE):
            progress.check()
            digest.update(piece)
            size += len(piece)
    return Part(path.name, size, digest.hexdigest())


# --- the salts


def salts_size(count: int) -> int:
    """Bytes of a file of so many salts."""
    return _HEAD + count * _ROW


def write_salts(path: Path, vault: bytes, salts: Salts, progress: Progress) -> Part:
    """Write the file of salts (label, vault id, count as u64, rows of item and salt). Raises StorageFailed."""
    head = SALTS_LABEL + vault + len(salts).to_bytes(8, "big")
    with writing(path.parent):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(head)
            for item, salt in salts:
                file.write(item + salt)
    progress.advance(salts_size(len(salts)))
    return digest_of(path, progress)


def read_salts(folder: Path, part: Part, vault: bytes, progress: Progress) -> Salts:
    """The salts of a copy. Raises Damaged."""
    whole = read_whole(folder, part, progress)
    rows = whole[_HEAD:]
    if whole[: _HEAD - 8] != SALTS_LABEL + vault or len(rows) != int.from_bytes(whole[_HEAD - 8 : _HEAD], "big") * _ROW:
        raise _spoilt(part, tr("it is not a list of salts of this vault"))
    salts = [(rows[at : at + 16], rows[at + 16 : at + _ROW]) for at in range(0, len(rows), _ROW)]
    if any(one[0] >= after[0] for one, after in pairwise(salts)):
        raise _spoilt(part, tr("its rows are not in their order"))
    return salts


def read_whole(folder: Path, part: Part, progress: Progress) -> bytes:
    """One of the files that the manifest names. Raises Damaged."""
    return b"".join(checked(folder, part, progress))


def checked(folder: Path, part: Part, progress: Progress) -> Iterator[bytes]:
    """Its bytes piece by piece, refused at the end if they are not the named ones. Raises Damaged."""
    try:
        yield from pieces(folder / part.name, part.size, bytes.fromhex(part.blake3), progress)
    except NotWhole as error:
        raise _spoilt(part, str(error)) from error


def _spoilt(part: Part, what: str) -> Damaged:
    return Damaged(
        tr("The copy is damaged: {name}: {what}. Nothing was taken from it.").format(name=part.name, what=what)
    )
