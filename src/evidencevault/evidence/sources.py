"""What stands before the door: files found in folders, or members of a mail or archive, each readable once."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evidencevault.errors import Unreadable
from evidencevault.evidence.names import key_of, raw_of, text_of
from evidencevault.resources import tr
from evidencevault.vault.sealing import Source

_FLAGS = os.O_RDONLY
for _name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not come in, by name, and why. ``again`` is True where another try may succeed."""

    path: str
    reason: str
    again: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something to be taken in. ``key`` tells it apart within its import; ``open`` gives a fresh ``readinto``."""

    name: str
    path: str
    key: bytes
    size: int  # bytes, as announced
    open: Callable[[], AbstractContextManager[Source]]
    origin: str | None = None
    origin_raw: bytes | None = None
    modified: str | None = None
    parent: str | None = None
    position: int | None = None


class FileSource:
    """One regular file, opened without following a link; complains when somebody changes it while it is read."""

    def __init__(self, path: str) -> None:
        """Of this path; nothing is opened yet."""
        self._path = path
        self._descriptor = -1
        self._read = 0

    def __enter__(self) -> Source:
        """The file's ``readinto``. Raises OSError, Unreadable."""
        self._descriptor = os.open(self._path, _FLAGS)
        self._before = os.fstat(self._descriptor)
        reason = not_a_file(self._before.st_mode)
        if reason is not None:
            self.__exit__()
            raise Unreadable(reason)
        self._file = io.FileIO(self._descriptor, "rb", closefd=False)
        return self.readinto

    def readinto(self, view: memoryview) -> int:
        """See ``Source``; raises Unreadable at the end of a file that is not the one it was at the start."""
        got = self._file.readinto(view) or 0
        self._read += got
        if not got and len(view):
            after = os.fstat(self._descriptor)
            before = self._before
            if (self._read, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
                raise Unreadable(
                    tr(
                        "it changed while it was read; nothing of it was kept. "
                        "Make sure nobody writes to it and import it again"
                    )
                )
        return got

    def __exit__(self, *_: object) -> None:
        """Close it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class BytesSource:
    """Bytes that a worker took out of a mail or archive."""

    def __init__(self, data: bytes) -> None:
        """Of these bytes."""
        self._data = data

    def itself(self) -> BytesSource:
        """To be opened again and again."""
        return self

    def __enter__(self) -> Source:
        """Their ``readinto``."""
        return io.BytesIO(self._data).readinto

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


def not_a_file(mode: int) -> str | None:
    """Why something of this mode is not taken in; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return tr("it is a link, and links are not followed; bring in what it points to")
    if stat.S_ISDIR(mode):
        return tr("it is a folder")
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        return tr("it is a pipe or socket of a running program, not a file")
    return tr("it is a device, not a file; make a copy or image of it and bring that in")


def reason_of(error: OSError) -> str:
    """What the system says about a file, as a reason."""
    known = {
        errno.ENOENT: tr("it is not there (any more)"),
        errno.EACCES: tr("you may not read it; ask whoever may"),
        errno.EPERM: tr("you may not read it; ask whoever may"),
        errno.ELOOP: tr("it is a link, and links are not followed; bring in what it points to"),
        errno.EIO: tr("its disk reports a read error; copy the carrier with a rescue tool first"),
    }
    return known.get(error.errno or 0, error.strerror or error.__class__.__name__)


def walk(paths: Sequence[Path], forbidden: Path) -> Iterator[tuple[bytes, Arrival | Failure]]:
    """Every file under the paths in a stable order, each with the key of the path it was found under.

    A folder keeps its own name as the first part of each ``path``. ``forbidden`` (the vault) is never entered. Links
    are not followed; a folder that contains itself (a mount loop) is named once and left.
    """
    seen: set[str] = set()
    barred = _identity(os.stat(forbidden))
    for path in paths:
        full = os.path.abspath(path)
        top = key_of(text_of(full), raw_of(full))
        name = os.path.basename(full) or full.strip(os.sep) or "root"
        for found in _under(full, name, barred, ()):
            place = found.path if isinstance(found, Failure) else str(found.origin)
            if isinstance(found, Failure) or place not in seen:
                seen.add(place)
                yield top, found


def _under(
    full: str, relative: str, barred: tuple[int, int], above: tuple[tuple[int, int], ...]
) -> Iterator[Arrival | Failure]:
    stack: list[tuple[str, str, tuple[tuple[int, int], ...]]] = [(full, relative, above)]
    while stack:
        place, name, parents = stack.pop()
        try:
            status = os.lstat(place)
            if not stat.S_ISDIR(status.st_mode):
                reason = not_a_file(status.st_mode)
                yield _file(place, name, status) if reason is None else Failure(text_of(place), reason, again=False)
                continue
            identity = _identity(status)
            if identity == barred:
                yield Failure(text_of(place), tr("it is the vault itself"), again=False)
            elif identity in parents:
                yield Failure(text_of(place), tr("this folder contains itself; it was taken in once"), again=False)
            else:
                members = sorted(os.listdir(place), key=os.fsencode, reverse=True)
                inner = (*parents, identity)
                stack.extend((os.path.join(place, one), os.path.join(name, one), inner) for one in members)
        except OSError as error:
            yield Failure(text_of(place), reason_of(error))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _file(place: str, relative: str, status: os.stat_result) -> Arrival:
    origin, raw = text_of(place), raw_of(place)
    return Arrival(
        name=text_of(os.path.basename(relative)),
        path=text_of(relative).replace(os.sep, "/"),
        key=key_of(origin, raw),
        size=status.st_size,
        open=lambda: FileSource(place),
        origin=origin,
        origin_raw=raw,
        modified=datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds"),
    )
