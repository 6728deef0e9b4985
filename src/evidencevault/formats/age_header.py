"""The textual header of an age file: stanzas and MAC (https://age-encryption.org/v1, "Header")."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from evidencevault.formats.age_errors import HeaderError
from evidencevault.formats.age_stream import hkdf
from evidencevault.resources import tr

VERSION_LINE = b"age-encryption.org/v1\n"
COLUMNS = 64
# The format sets no bounds; these keep a hostile file from filling memory. A hybrid stanza's line is 1.5 KiB.
MAX_STANZAS = 256
MAX_LINE = 8192
MAX_HEADER = 1 << 20

_ARGUMENTS = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n")
_BODY = re.compile(rb"([A-Za-z0-9+/]{0,64})\n")
_END = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's wrapping of the file key: its type and arguments, and the body."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header: stanzas, the bytes under the MAC (up to and with ``---``), the MAC (32 bytes)."""

    stanzas: tuple[Stanza, ...]
    covered: bytes
    mac: bytes


def to_base64(data: bytes) -> str:
    """Base64 without padding (RFC 4648 section 4)."""
    return base64.b64encode(data).rstrip(b"=").decode("ascii")


def from_base64(text: str | bytes) -> bytes:
    """Decode unpadded base64; raises HeaderError unless it is canonical."""
    raw = text.encode("ascii") if isinstance(text, str) else text
    try:
        data = base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise HeaderError(malformed_sentence()) from None
    if base64.b64encode(data).rstrip(b"=") != raw:
        raise HeaderError(malformed_sentence())
    return data


def serialise(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """The whole header with its MAC line."""
    lines = [VERSION_LINE]
    for stanza in stanzas:
        lines.append(f"-> {' '.join((stanza.kind, *stanza.arguments))}\n".encode("ascii"))
        body = to_base64(stanza.body)
        # A body whose length is a multiple of 64 ends with an empty line.
        lines += [f"{body[start : start + COLUMNS]}\n".encode("ascii") for start in range(0, len(body) + 1, COLUMNS)]
    covered = b"".join([*lines, b"---"])
    return covered + b" " + to_base64(mac(file_key, covered)).encode("ascii") + b"\n"


def mac(file_key: bytes, covered: bytes) -> bytes:
    """HMAC-SHA-256 of the header up to and with ``---``."""
    return hmac.digest(hkdf(file_key, b"", b"header"), covered, "sha256")


def parse(stream: BinaryIO) -> Header:
    """Read a header; the stream then stands at the payload's nonce. Raises HeaderError."""
    lines = _Lines(stream)
    if lines.next() != VERSION_LINE:
        raise HeaderError(tr("This is not an age encrypted file of version 1. Check that the right file was chosen."))
    stanzas: list[Stanza] = []
    while not (line := lines.next()).startswith(b"---"):
        if len(stanzas) == MAX_STANZAS:
            raise HeaderError(tr("The encrypted file names more than {count} recipients.").format(count=MAX_STANZAS))
        stanzas.append(_stanza(line, lines))
    match = _END.fullmatch(line)
    if match is None or not stanzas:
        raise HeaderError(malformed_sentence())
    covered = b"".join(lines.seen)[: -len(line)] + b"---"
    return Header(tuple(stanzas), covered, from_base64(match[1]))


def _stanza(line: bytes, lines: _Lines) -> Stanza:
    match = _ARGUMENTS.fullmatch(line)
    if match is None:
        raise HeaderError(malformed_sentence())
    kind, *arguments = match[1].decode("ascii").split(" ")
    body = []
    while True:
        part = _BODY.fullmatch(lines.next())
        if part is None:
            raise HeaderError(malformed_sentence())
        body.append(part[1])
        if len(part[1]) < COLUMNS:
            return Stanza(kind, tuple(arguments), from_base64(b"".join(body)))


class _Lines:
    """Bounded reading of lines, keeping what was seen for the MAC."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = 0
        self.seen: list[bytes] = []

    def next(self) -> bytes:
        line = self._stream.readline(MAX_LINE + 1)
        self._size += len(line)
        if not line.endswith(b"\n") or len(line) > MAX_LINE or self._size > MAX_HEADER:
            raise HeaderError(malformed_sentence())
        self.seen.append(line)
        return line


def malformed_sentence() -> str:
    """Say that the header is not as the format wants it."""
    return tr("The head of the encrypted file is damaged. Nothing was opened; ask for the file again.")
