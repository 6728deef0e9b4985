"""What is inside a sealed bundle: the plain ZIP behind age or behind an AES ZIP, read at random and never written.

An age payload is checked chunk by chunk as it is read; an AES ZIP whole, before its first byte is decrypted.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from evidencevault.errors import Damaged, NotPermitted, WrongPassphrase
from evidencevault.formats import aezip, age
from evidencevault.progress import Progress
from evidencevault.resources import tr

_ZIP = b"PK\x03\x04"
_START = 10
_PIECE = 1 << 20


def needs_key(path: Path) -> bool:
    """Whether a file is sealed: False for the plain ZIP that was in one (and for what cannot be read)."""
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError:
        return False
    return not start.startswith(_ZIP) or aezip.is_sealed(start)


def plain(
    path: Path, file: BinaryIO, identities: Sequence[age.Identity], passphrase: str | None, progress: Progress
) -> BinaryIO:
    """The ZIP inside an open file, which may be that ZIP itself. ``path`` is for sentences.

    Raises NotPermitted, WrongPassphrase, Damaged, Unreadable (AgeError: no age file), Cancelled.
    """
    start = file.read(_START)
    file.seek(0)
    if aezip.is_sealed(start):
        return _unlocked(path, file, passphrase, progress)
    return file if start.startswith(_ZIP) else _decrypted(path, file, identities, passphrase)


def _unlocked(path: Path, file: BinaryIO, passphrase: str | None, progress: Progress) -> BinaryIO:
    if passphrase is None:
        raise NotPermitted(tr("{path} is a ZIP that was sealed with a passphrase: give that.").format(path=path))
    try:
        return aezip.opened(file, passphrase.encode(), progress)
    except (Damaged, WrongPassphrase) as error:
        raise type(error)(f"{path}: {error.sentence}") from error


def _decrypted(path: Path, file: BinaryIO, identities: Sequence[age.Identity], passphrase: str | None) -> BinaryIO:
    keys = [age.ScryptIdentity(passphrase)] if passphrase is not None else list(identities)
    if not keys:
        raise NotPermitted(
            tr("{path} is encrypted: give the age identity or the passphrase it was made for.").format(path=path)
        )
    try:
        file_key = age.open_header(file, keys)
    except age.NoMatch as error:
        kind = WrongPassphrase if passphrase is not None else NotPermitted
        raise kind(f"{path}: {error.sentence}") from error
    except age.MacError as error:
        raise Damaged(f"{path}: {error.sentence}") from error
    nonce = file.read(age.NONCE)
    begin = file.tell()
    length = file.seek(0, os.SEEK_END) - begin

    def read_at(offset: int, count: int) -> bytes:
        file.seek(begin + offset)
        return file.read(count)

    if len(nonce) != age.NONCE:
        raise Damaged(tr("{path} is cut off: ask for the file again.").format(path=path))
    opener = age.Opener(age.payload_key(file_key, nonce), read_at, length)
    return io.BufferedReader(_Payload(opener), _PIECE)


class _Payload(io.RawIOBase):
    """An age payload as a file that can be read anywhere."""

    def __init__(self, opener: age.Opener) -> None:
        self._opener = opener
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._opener.size}[whence]
        if start + offset < 0:
            # As a real file does: a ZIP's reader tries this with what is too short to be one.
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        data = self._opener.read(self._at, len(target))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)
