"""A ZIP with one encrypted member, for those without age: WinZip AE-2 with AES-256, as 7-Zip opens it.

Source: https://www.winzip.com/en/support/aes-encryption/ (AE-2: no CRC), in the ZIP of PKWARE's APPNOTE 6.3.
The member is stored, not compressed. What the format protects is the member's bytes (HMAC-SHA1, 80 bits), not its name,
date or size: the name must say nothing, and what is inside must prove itself.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

import pyzipper
from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter

from evidencevault.errors import Damaged, WrongPassphrase
from evidencevault.progress import Progress
from evidencevault.resources import tr

SALT = 16
VERIFIER = 2
MAC = 10
KEY = 32
ROUNDS = 1000
"""Of PBKDF2-HMAC-SHA1, fixed by the format: only a long passphrase makes guessing hopeless."""
AE_2 = 2
AES_256 = 3
METHOD = 99
"""The compression method by which a member says that it is encrypted with AES."""
PIECE = 1 << 20
_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MAGIC = b"PK\x03\x04"
_BLOCK = 16
_MODE = 0o100600 << 16


def write(passphrase: bytes, member: str, at: datetime, source: Iterable[bytes]) -> Iterator[bytes]:
    """The ZIP whose one member holds the bytes of ``source``, in pieces as they come; nothing is sought back to."""
    sink = _Sink()
    options = {"nbits": 256, "force_wz_aes_version": AE_2}
    with pyzipper.AESZipFile(sink, "w", encryption=pyzipper.WZ_AES, encryption_kwargs=options) as archive:
        archive.setpassword(passphrase)
        info = archive.zipinfo_cls(member, (max(at.year, 1980), *at.timetuple()[1:6]))
        info.external_attr = _MODE
        with archive.open(info, "w", force_zip64=True) as file:
            for piece in source:
                file.write(piece)
                yield sink.taken()
    yield sink.taken()


def is_sealed(start: bytes) -> bool:
    """Whether a file that begins with these bytes (10 at least) is a ZIP whose first member is encrypted with AES."""
    return start[:4] == _LOCAL_MAGIC and start[8:10] == METHOD.to_bytes(2, "little")


def opened(file: BinaryIO, passphrase: bytes, progress: Progress | None = None) -> BinaryIO:
    """The member as a file that can be read anywhere, after its whole ciphertext was held against its MAC.

    Raises WrongPassphrase, Damaged (cut, changed, or no such ZIP), Cancelled.
    """
    begin, size = _place(file)
    file.seek(begin)
    head = file.read(SALT + VERIFIER)
    keys = hashlib.pbkdf2_hmac("sha1", passphrase, head[:SALT], ROUNDS, 2 * KEY + VERIFIER)
    if not hmac.compare_digest(keys[2 * KEY :], head[SALT:]):
        raise WrongPassphrase(tr("The passphrase does not open this file. Check it and try again."))
    _check(file, keys[KEY : 2 * KEY], size, progress or Progress())
    return io.BufferedReader(_Member(file, keys[:KEY], begin + len(head), size), PIECE)


def _place(file: BinaryIO) -> tuple[int, int]:
    """Where the member's salt stands, and how many bytes are encrypted behind salt and verifier."""
    length = file.seek(0, os.SEEK_END)
    try:
        with pyzipper.AESZipFile(file) as archive:
            (info,) = archive.infolist()
    except (pyzipper.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise _damaged() from error
    if (info.wz_aes_version, info.wz_aes_strength, info.compress_type) != (AE_2, AES_256, pyzipper.ZIP_STORED):
        raise _damaged()
    file.seek(info.header_offset)
    local = file.read(_LOCAL.size)
    if len(local) != _LOCAL.size or not is_sealed(local):
        raise _damaged()
    *_, names, extras = _LOCAL.unpack(local)
    begin = info.header_offset + _LOCAL.size + names + extras
    whole = SALT + VERIFIER + info.file_size + MAC
    if info.compress_size != whole or begin + whole > length:
        raise _damaged()
    return begin, info.file_size


def _check(file: BinaryIO, key: bytes, size: int, progress: Progress) -> None:
    found, left = hmac.new(key, digestmod="sha1"), size
    while left:
        piece = file.read(min(PIECE, left))
        if not piece:
            raise _damaged()
        progress.check()
        found.update(piece)
        left -= len(piece)
    if not hmac.compare_digest(found.digest()[:MAC], file.read(MAC)):
        raise _damaged()


def _damaged() -> Damaged:
    return Damaged(
        tr("The encrypted ZIP is cut, or was changed after it was made. Nothing was opened; ask for it again.")
    )


class _Member(io.RawIOBase):
    """The plaintext of one member: AES in counter mode (little-endian, from 1), so any block can be had alone."""

    def __init__(self, file: BinaryIO, key: bytes, begin: int, size: int) -> None:
        self._file = file
        self._key = key
        self._begin = begin
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        block, skip = divmod(self._at, _BLOCK)
        count = min(len(target), max(0, self._size - self._at))
        self._file.seek(self._begin + block * _BLOCK)
        sealed = self._file.read(skip + count)
        counter = Counter.new(128, initial_value=block + 1, little_endian=True)
        data = AES.new(self._key, AES.MODE_CTR, counter=counter).decrypt(sealed)[skip:]
        target[: len(data)] = data
        self._at += len(data)
        return len(data)


class _Sink:
    """What the ZIP is written to: a stream without seeking, emptied as it fills."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes from the ZIP."""
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def taken(self) -> bytes:
        """What has gathered since the last time."""
        data = bytes(self._waiting)
        self._waiting.clear()
        return data
