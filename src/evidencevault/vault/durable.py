"""Files that are whole or not there: a temporary name, fsync, a name that was free, fsync of the folder.

Everything here raises plain OSError (FileExistsError where a name is taken); the store makes sentences of it.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from types import TracebackType

_FLUSH_EVERY = 8 * 1024 * 1024
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


class NewFile:
    """One file being written under a temporary name; leaving the ``with`` removes that name whatever happened."""

    def __init__(self, temporary: Path) -> None:
        """Create the temporary file (owner only) and the folders above it."""
        self._temporary = temporary
        self._written = 0
        self._flushed = 0
        make_folder(temporary.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(temporary, flags, 0o600)

    def __enter__(self) -> NewFile:
        """The file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it and remove the temporary name."""
        # What cannot be removed (the disk went away) stays as a leftover for `vault check`; the first error counts.
        with contextlib.suppress(OSError):
            self._close()
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def write(self, chunk: bytes | memoryview) -> None:
        """Write all of one chunk."""
        view = memoryview(chunk)
        while view:
            taken = os.write(self._descriptor, view)
            view = view[taken:]
            self._written += taken
        if self._written - self._flushed >= _FLUSH_EVERY:
            self._start_flushing()

    def settle(self, target: Path) -> None:
        """Make the bytes durable, then the name. Raises FileExistsError if the name is taken."""
        os.fsync(self._descriptor)
        self._close()
        make_folder(target.parent)
        _name_once(self._temporary, target)
        try:
            sync_folder(target.parent)
        except OSError:
            # A name that might vanish in a power cut is taken back: nobody will record it.
            with contextlib.suppress(OSError):
                target.unlink()
            raise

    def replace(self, target: Path) -> None:
        """Make the bytes durable, then give them the name in one step, whoever had it before."""
        os.fsync(self._descriptor)
        self._close()
        os.replace(self._temporary, target)
        sync_folder(target.parent)

    def _start_flushing(self) -> None:
        """Let the disk begin while the processor seals on: else fsync waits for the whole file at the end."""
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(self._descriptor, self._flushed, self._written - self._flushed, os.POSIX_FADV_DONTNEED)
        self._flushed = self._written

    def _close(self) -> None:
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """The folder (owner only) and those above it, each made durable in its parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError as error:
        if not folder.is_dir():  # else another thread made it meanwhile
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows cannot open a folder; NTFS journals its names."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file durably; one that is not there is no error."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_folder(path.parent)


def _name_once(temporary: Path, target: Path) -> None:
    """Give the file its name unless that is taken: a plain rename would overwrite on POSIX."""
    if os.name == "nt":
        os.rename(temporary, target)
        return
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _claim_and_replace(temporary, target)


def _claim_and_replace(temporary: Path, target: Path) -> None:
    """Where the file system knows no hard links (exFAT on a stick): the empty name is claimed, then replaced."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        os.replace(temporary, target)
    except OSError:
        with contextlib.suppress(OSError):
            target.unlink()
        raise
