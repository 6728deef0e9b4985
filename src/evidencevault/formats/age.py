"""age files (https://age-encryption.org/v1): everything of the format that others use, and whole files.

The parts: ``age_header`` (stanzas, MAC), ``age_keys`` (recipients, identities), ``age_text`` (how these are
written), ``age_stream`` (payload, random access), ``armor``, ``bech32``.
"""

from __future__ import annotations

import hmac
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from evidencevault.formats import age_header
from evidencevault.formats.age_errors import AgeError, ArmorError, HeaderError, MacError, NoMatch, PayloadError
from evidencevault.formats.age_header import MAX_STANZAS, Stanza
from evidencevault.formats.age_keys import (
    SCRYPT,
    HybridIdentity,
    HybridRecipient,
    Identity,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
)
from evidencevault.formats.age_stream import (
    CHUNK,
    NONCE,
    SEALED_CHUNK,
    TAG,
    Opener,
    Sealer,
    open_stream,
    payload_key,
    plain_length,
    seal_stream,
    stream_length,
)
from evidencevault.formats.age_text import check_mix, parse_identities, parse_recipient
from evidencevault.formats.armor import MAX_BLANK, armor, dearmor
from evidencevault.resources import tr

__all__ = [
    "CHUNK",
    "MAX_STANZAS",
    "NONCE",
    "SEALED_CHUNK",
    "TAG",
    "AgeError",
    "ArmorError",
    "HeaderError",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "MacError",
    "NoMatch",
    "Opener",
    "PayloadError",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "Sealer",
    "Stanza",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "check_mix",
    "dearmor",
    "decrypt",
    "encrypt",
    "header",
    "open_header",
    "open_stream",
    "parse_identities",
    "parse_recipient",
    "payload_key",
    "plain_length",
    "seal_stream",
    "stream_length",
]

FILE_KEY = 16


def header(recipients: Sequence[Recipient], file_key: bytes) -> bytes:
    """The textual header with its MAC line, wrapping the 16-byte ``file_key`` for every recipient.

    Raises AgeError for no recipient, a passphrase beside others, or hybrid keys mixed with others.
    """
    check_mix(recipients)
    if len(recipients) > MAX_STANZAS:
        raise AgeError(tr("A file can be encrypted to at most {count} recipients.").format(count=MAX_STANZAS))
    return age_header.serialise([recipient.wrap(file_key) for recipient in recipients], file_key)


def open_header(stream: BinaryIO, identities: Sequence[Identity]) -> bytes:
    """Read the header and return the 16-byte file key; the stream then stands at the payload's nonce.

    ``stream`` must not read ahead of ``readline``. Raises HeaderError, MacError or NoMatch.
    """
    parsed = age_header.parse(stream)
    if len(parsed.stanzas) > 1 and any(stanza.kind == SCRYPT for stanza in parsed.stanzas):
        # Else whoever knows a passphrase could pass for the sender of a file that somebody else opens with a key.
        raise HeaderError(age_header.malformed_sentence())
    file_key = _unwrap(parsed.stanzas, identities)
    if not hmac.compare_digest(age_header.mac(file_key, parsed.covered), parsed.mac):
        raise MacError(tr("The head of the encrypted file was changed after it was made. Nothing was opened."))
    return file_key


def _unwrap(stanzas: Sequence[Stanza], identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        for stanza in stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                return file_key
    if any(stanza.kind == SCRYPT for stanza in stanzas):
        raise NoMatch(tr("The passphrase does not open this file. Check it and try again."))
    raise NoMatch(tr("This file was not encrypted to you: none of your keys opens it."))


def encrypt(
    recipients: Sequence[Recipient], source: Iterable[bytes], random: Callable[[int], bytes] = os.urandom
) -> Iterator[bytes]:
    """A whole age file: header, nonce, chunks. Recipients are checked before the first byte is asked for."""
    file_key, nonce = random(FILE_KEY), random(NONCE)
    head = header(recipients, file_key)

    def pieces() -> Iterator[bytes]:
        yield head + nonce
        yield from seal_stream(payload_key(file_key, nonce), source)

    return pieces()


def decrypt(stream: BinaryIO, identities: Sequence[Identity]) -> Iterator[bytes]:
    """The plaintext of an age file, binary or armored. Header faults are raised at once, PayloadError on the way.

    Each piece has passed its tag; that the file is whole is only known when the iterator ends.
    """
    plain = _readable(stream)
    file_key = open_header(plain, identities)
    nonce = plain.read(NONCE)
    if len(nonce) != NONCE:
        raise HeaderError(age_header.malformed_sentence())
    return open_stream(payload_key(file_key, nonce), plain.read)


def _readable(stream: BinaryIO) -> BinaryIO:
    """A buffered reader of the binary file, whatever the stream can do and whether it is armored."""
    start = b""
    while len(start) <= MAX_BLANK and (more := stream.read(MAX_BLANK + 1 - len(start))):
        start += more
    reader = io.BufferedReader(_Joined(start, stream), SEALED_CHUNK)
    return dearmor(reader) if start.lstrip(b" \t\r\n").startswith(b"-----BEGIN") else reader


class _Joined(io.RawIOBase):
    """What was read already, then the rest of the stream."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = start
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        data = self._start[: len(target)] or self._stream.read(len(target))
        self._start = self._start[len(target) :]
        target[: len(data)] = data
        return len(data)
