"""Folders in memory for the one parser that works with files: never on a disk, and gone whatever happens.

A folder is locked (flock) while its maker lives. What a maker that was killed has left has no lock, and is removed when
the next folder is made, and when the next vault is opened.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

MEMORY = Path("/dev/shm")
_PREFIX = "evidencevault-"


def in_memory(place: Path | None = None, mounts: str = "/proc/self/mountinfo") -> bool:
    """Whether files there are kept in memory: the mount that holds it is a tmpfs (proc(5), mountinfo)."""
    place, found, nearest = place or MEMORY, "", Path("/")
    try:
        for line in Path(mounts).read_text("utf-8", "replace").splitlines():
            before, _, after = line.partition(" - ")
            words = before.split()
            if len(words) > 4 and place.is_relative_to(words[4]) and Path(words[4]).is_relative_to(nearest):
                nearest, found = Path(words[4]), after.split()[0]  # of one place, the last one mounted lies on top
    except OSError:
        return False
    return found == "tmpfs"


@contextmanager
def folder(place: Path | None = None) -> Iterator[Path]:
    """An empty folder that nobody else may enter; gone afterwards. Raises OSError."""
    sweep(place)
    made, lock = _locked(place or MEMORY)
    try:
        yield made
    finally:
        _remove(made)
        os.close(lock)


def sweep(place: Path | None = None) -> int:
    """Remove what dead processes of this person left; how many folders that were."""
    if sys.platform == "win32":
        return 0
    return sum(_swept(one) for one in (place or MEMORY).glob(f"{_PREFIX}*"))


def _locked(place: Path) -> tuple[Path, int]:
    while True:
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))  # 0700
        try:
            lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # somebody swept between the two calls
        with suppress(BlockingIOError, FileNotFoundError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.stat(made).st_ino == os.fstat(lock).st_ino:
                return made, lock
        os.close(lock)


def _swept(one: Path) -> bool:
    try:
        lock = os.open(one, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        if os.fstat(lock).st_uid != os.geteuid():
            return False
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(one)
    except OSError:  # its maker lives
        return False
    finally:
        os.close(lock)
    return True


def _remove(made: Path) -> None:
    for parent, names, _ in os.walk(made):
        for name in names:  # whoever works in it may have made folders that nobody may enter
            one = os.path.join(parent, name)
            if stat.S_ISDIR(os.lstat(one).st_mode):
                os.chmod(one, 0o700)
    shutil.rmtree(made, ignore_errors=True)
