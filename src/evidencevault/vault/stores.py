"""Where large objects lie: one protocol, and the folder that keeps it (formats.md §4).

A store holds ciphertext under names of 32 hex digits and understands nothing of it. It is create-only: a name that was
given bytes once never gets others, so a retry, a second member or a thief of the folder's password cannot exchange what
a ledger already names unseen.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol

from evidencevault.errors import NotFound, StorageFailed
from evidencevault.resources import tr
from evidencevault.vault.durable import NewFile, remove

OBJECTS = "objects"
INCOMING = "incoming"
_NAME = re.compile(r"[0-9a-f]{32}")
_TEMPORARY = re.compile(r"([0-9a-f]{32})\.[0-9a-f]{16}\.part")
_FOLDER = re.compile(r"[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A temporary file that a crash left behind: never an object, and safe to discard once no import runs."""

    name: str  # of the object it was going to be, 32 hex
    file: str  # its own name within the store
    size: int  # bytes
    modified: float  # seconds since 1970, UTC


class StoredFile(Protocol):
    """One object opened for reading."""

    @property
    def size(self) -> int:
        """Bytes stored."""

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes there, fewer than ``length`` only at the end. Raises StorageFailed. Threads may share the file."""

    def close(self) -> None:
        """Give the file back."""


class Store(Protocol):
    """What every store promises; tests/vault/test_stores.py holds each implementation to it."""

    def put(self, name: str, chunks: Iterable[bytes | memoryview]) -> None:
        """Create ``name`` from the chunks: durable on return, or nothing at all.

        Each chunk is consumed before the next is asked for, so a caller may reuse its buffer. Whatever the chunks raise
        passes through, and then nothing is left. Raises StorageFailed when the name exists or the bytes are not taken.
        """

    def open(self, name: str) -> StoredFile:
        """Open for reading. Raises NotFound, StorageFailed."""

    def exists(self, name: str) -> bool:
        """Whether a finished object of this name is here."""

    def size(self, name: str) -> int:
        """Bytes stored under the name. Raises NotFound."""

    def modified(self, name: str) -> float:
        """When it was stored, seconds since 1970, UTC. Raises NotFound."""

    def delete(self, name: str) -> None:
        """Remove it, durably; a name that is not here is no error, so that an interrupted clean-up can be repeated."""

    def names(self) -> Iterator[str]:
        """The names of finished objects, ascending; never a temporary one."""

    def leftovers(self) -> Iterator[Leftover]:
        """What a crash left half-written; ``vault check`` lists it."""

    def discard(self, leftover: Leftover) -> None:
        """Remove one leftover."""


def object_name(item: bytes) -> str:
    """The name of an item's object: 32 hex digits. Raises ValueError for anything but 16 bytes."""
    if len(item) != 16:
        raise ValueError("an item id has 16 bytes")
    return item.hex()


def checked_name(name: str) -> str:
    """The name itself; ValueError if it is not 32 hex digits (it becomes a path)."""
    if not _NAME.fullmatch(name):
        raise ValueError("an object is named by 32 hex digits")
    return name


def not_taken(error: OSError) -> StorageFailed:
    """The sentence for bytes the disk would not take."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFailed(
            tr("The disk of the vault is full. Nothing half-written was kept; make room and do it again.")
        )
    sentence = tr(
        "The vault's folder did not take the bytes ({reason}). Nothing half-written was kept; check the disk."
    )
    return StorageFailed(sentence.format(reason=_reason(error)))


def not_given(name: str, error: OSError) -> StorageFailed:
    """The sentence for bytes the disk would not give back."""
    sentence = tr(
        "Object {name} could not be read ({reason}). Nothing was changed; check the disk, or take it from a backup."
    )
    return StorageFailed(sentence.format(name=name, reason=_reason(error)))


def taken_already(name: str) -> StorageFailed:
    """The sentence for a second create."""
    return StorageFailed(
        tr("Object {name} exists already and is never overwritten; what is stored stays as it is.").format(name=name)
    )


def _reason(error: OSError) -> str:
    return error.strerror or error.__class__.__name__


class FolderStore:
    """``objects/aa/bb/<32 hex>`` in a folder; what is being written lies in ``objects/incoming`` until it is whole."""

    def __init__(self, root: Path, new_file: Callable[[Path], NewFile] = NewFile) -> None:
        """In the vault's folder ``root``; nothing is created before the first object."""
        self._new_file = new_file
        self._objects = root / OBJECTS
        self._incoming = self._objects / INCOMING

    def put(self, name: str, chunks: Iterable[bytes | memoryview]) -> None:
        """See :meth:`Store.put`: temporary name, write, fsync, link to the free name, fsync of the folder."""
        target = self._path(name)
        if target.exists():
            raise taken_already(name)
        temporary = self._incoming / f"{name}.{secrets.token_hex(8)}.part"
        with _taking(name):
            file = self._new_file(temporary)
        with file:
            for chunk in chunks:  # outside of _taking: an error of the source is not one of the disk
                with _taking(name):
                    file.write(chunk)
            with _taking(name):
                file.settle(target)

    def open(self, name: str) -> StoredFile:
        """See :meth:`Store.open`."""
        with _reading(name):
            return _FolderFile(name, self._path(name))

    def exists(self, name: str) -> bool:
        """See :meth:`Store.exists`."""
        return self._path(name).is_file()

    def size(self, name: str) -> int:
        """See :meth:`Store.size`."""
        with _reading(name):
            return self._path(name).stat().st_size

    def modified(self, name: str) -> float:
        """See :meth:`Store.modified`."""
        with _reading(name):
            return self._path(name).stat().st_mtime

    def delete(self, name: str) -> None:
        """See :meth:`Store.delete`."""
        self._remove(self._path(name))

    def names(self) -> Iterator[str]:
        """See :meth:`Store.names`; files that are not objects (a ``.DS_Store``) are passed over."""
        for upper in _folders(self._objects):
            for lower in _folders(upper):
                for path in _listed(lower):
                    if _NAME.fullmatch(path.name) and path.name.startswith(upper.name + lower.name):
                        yield path.name

    def leftovers(self) -> Iterator[Leftover]:
        """See :meth:`Store.leftovers`."""
        for path in _listed(self._incoming):
            match = _TEMPORARY.fullmatch(path.name)
            if match:
                # A file that another import finished in between is no leftover any more.
                with contextlib.suppress(FileNotFoundError):
                    found = path.stat()
                    yield Leftover(match.group(1), path.name, found.st_size, found.st_mtime)

    def discard(self, leftover: Leftover) -> None:
        """See :meth:`Store.discard`."""
        if not _TEMPORARY.fullmatch(leftover.file):
            raise ValueError("not a leftover of this store")
        self._remove(self._incoming / leftover.file)

    def _remove(self, path: Path) -> None:
        try:
            remove(path)
        except OSError as error:
            raise not_taken(error) from error

    def _path(self, name: str) -> Path:
        checked_name(name)
        return self._objects / name[:2] / name[2:4] / name


class _FolderFile:
    """An open file of the folder; several threads may read it at once."""

    def __init__(self, name: str, path: Path) -> None:
        self._name = name
        self._file = FileIO(path, "rb")
        self._seeking = threading.Lock()
        self._size = os.fstat(self._file.fileno()).st_size

    @property
    def size(self) -> int:
        """See :meth:`StoredFile.size`; as it was at opening."""
        return self._size

    def read_at(self, offset: int, length: int) -> bytes:
        """See :meth:`StoredFile.read_at`."""
        with _reading(self._name):
            parts = []
            while length > 0 and (part := self._once(offset, length)):
                parts.append(part)
                offset += len(part)
                length -= len(part)
            return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """See :meth:`StoredFile.close`."""
        self._file.close()

    def _once(self, offset: int, length: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), length, offset)
        with self._seeking:  # Windows knows no pread
            self._file.seek(offset)
            return self._file.read(length) or b""


@contextlib.contextmanager
def _taking(name: str) -> Iterator[None]:
    """The folder's own errors while writing, as sentences."""
    try:
        yield
    except FileExistsError as error:
        raise taken_already(name) from error
    except OSError as error:
        raise not_taken(error) from error


@contextlib.contextmanager
def _reading(name: str) -> Iterator[None]:
    """The folder's own errors as sentences."""
    try:
        yield
    except FileNotFoundError as error:
        sentence = tr("Object {name} is not in the vault's folder. The record of it is untouched; look in a backup.")
        raise NotFound(sentence.format(name=name)) from error
    except OSError as error:
        raise not_given(name, error) from error


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise not_given(folder.name, error) from error


def _folders(folder: Path) -> list[Path]:
    return [path for path in _listed(folder) if _FOLDER.fullmatch(path.name) and path.is_dir()]
