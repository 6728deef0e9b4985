"""The strict PEM armor of age files (https://age-encryption.org/v1, "ASCII armor")."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from evidencevault.formats.age_errors import ArmorError
from evidencevault.resources import tr

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
LINE_BYTES = 48
MAX_BLANK = 1024
"""Bytes of white space allowed before and after the armor."""


def armor(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Wrap a binary age file of any length."""
    yield BEGIN + b"\n"
    pending = b""
    for chunk in chunks:
        pending += chunk
        whole = len(pending) - len(pending) % LINE_BYTES
        if whole:
            yield _lines(pending[:whole])
            pending = pending[whole:]
    yield _lines(pending) + END + b"\n"


def _lines(data: bytes) -> bytes:
    return b"".join(
        base64.b64encode(data[start : start + LINE_BYTES]) + b"\n" for start in range(0, len(data), LINE_BYTES)
    )


def dearmor(stream: BinaryIO) -> BinaryIO:
    """A reader of the binary age file inside ``stream``; it raises ArmorError at the first deviation."""
    return io.BufferedReader(_Dearmored(stream), LINE_BYTES * 1024)


class _Dearmored(io.RawIOBase):
    """One line a time; the base class buffers."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = b""
        self._begun = self._short = self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        while len(self._left) < len(target) and not self._ended:
            line = self._next()
            if not line:
                break
            self._left += line
        size = min(len(target), len(self._left))
        target[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def _next(self) -> bytes:
        if not self._begun:
            self._begin()
        line = self._line()
        if line == END:
            self._ended = True
            self._blank_until(None)
            return b""
        if self._short or not line or len(line) > COLUMNS:
            raise ArmorError(_sentence())
        try:
            data = base64.b64decode(line, validate=True)
        except (binascii.Error, ValueError):
            raise ArmorError(_sentence()) from None
        if base64.b64encode(data) != line:
            raise ArmorError(_sentence())
        self._short = len(data) < LINE_BYTES
        return data

    def _begin(self) -> None:
        self._begun = True
        self._blank_until(BEGIN)

    def _blank_until(self, expected: bytes | None) -> None:
        """Skip white space up to the line ``expected`` (None: the end of the stream)."""
        skipped = 0
        while skipped <= MAX_BLANK:
            raw = self._stream.readline(MAX_BLANK)
            if not raw and expected is None:
                return
            if _ending_off(raw) == expected:
                return
            if not raw or raw.strip(b" \t\r\n"):
                break
            skipped += len(raw)
        raise ArmorError(_sentence())

    def _line(self) -> bytes:
        return _ending_off(self._stream.readline(COLUMNS + 4))


def _ending_off(line: bytes) -> bytes:
    return line[:-1].removesuffix(b"\r") if line.endswith(b"\n") else line


def _sentence() -> str:
    return tr("The text form (armor) of the encrypted file is damaged or was edited. Ask for the file again.")
