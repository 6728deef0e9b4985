"""The payload of an age file: STREAM of 64 KiB ChaCha20-Poly1305 chunks (https://age-encryption.org/v1, "Payload").

Lengths named ``stream_length`` count the encrypted chunks only, not the 16 bytes of nonce before them.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from evidencevault.formats.age_errors import PayloadError
from evidencevault.resources import tr

Buffer = bytes | bytearray | memoryview

CHUNK = 65536
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 16
BATCH = 16
"""Chunks that readers fetch at once: 1 MiB."""


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869) with 32 bytes out, which is one block of HMAC."""
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), info + b"\x01", "sha256")


def payload_key(file_key: bytes, nonce: bytes) -> bytes:
    """The 32-byte key of a payload from the 16-byte file key and the 16-byte nonce that precedes the chunks."""
    return hkdf(file_key, nonce, b"payload")


def stream_length(plain_length: int) -> int:
    """Bytes of STREAM chunks for ``plain_length`` bytes of plaintext; the nonce is not counted."""
    return plain_length + TAG * max(1, -(-plain_length // CHUNK))


def plain_length(stream_length: int) -> int:
    """Bytes of plaintext in ``stream_length`` bytes of chunks; raises PayloadError for an impossible length."""
    chunks = -(-stream_length // SEALED_CHUNK)
    plain = stream_length - chunks * TAG
    last = plain - (chunks - 1) * CHUNK
    if chunks < 1 or last < 0 or (last == 0 and chunks > 1):
        raise PayloadError(cut_sentence())
    return plain


class Sealer:
    """Encrypts chunks into buffers of the caller, so that an import allocates nothing per chunk.

    Stateless: the caller counts. A key must seal each counter once only.
    """

    __slots__ = ("_seal",)

    def __init__(self, payload_key: bytes) -> None:
        self._seal = ChaCha20Poly1305(payload_key).encrypt_into

    def chunk(self, counter: int, final: bool, plain: Buffer, out: bytearray | memoryview) -> int:
        """Encrypt chunk ``counter`` (from 0) into the start of ``out``; returns ``len(plain) + 16``.

        Every chunk but the final one is exactly 65536 bytes, the final one shorter or equal, and empty only if the
        whole payload is. ValueError otherwise: that is a fault of the caller.
        """
        size = len(plain)
        if size > CHUNK or (size < CHUNK and not final) or (size == 0 and counter > 0):
            raise ValueError("age chunks are 65536 bytes, the last one 1 to 65536")
        target = memoryview(out)[: size + TAG]
        return self._seal(counter.to_bytes(11, "big") + (b"\x01" if final else b"\x00"), plain, None, target)

    def batch(self, counter: int, final: bool, plain: Buffer, out: bytearray | memoryview) -> int:
        """Encrypt ``plain`` as chunks from ``counter`` on; only its last chunk is marked final, if ``final``.

        ``out`` takes at least ``stream_length(len(plain))`` bytes; returns how many were written.
        """
        source, target = memoryview(plain), memoryview(out)
        written = 0
        for start in range(0, max(1, len(source)), CHUNK):
            last = final and start + CHUNK >= len(source)
            written += self.chunk(counter, last, source[start : start + CHUNK], target[written:])
            counter += 1
        return written


def seal_stream(payload_key: bytes, source: Iterable[bytes]) -> Iterator[bytes]:
    """Encrypt pieces of any size; yields sealed chunks."""
    sealer = Sealer(payload_key)
    pending = bytearray()
    sealed = bytearray(SEALED_CHUNK)
    counter = 0
    for piece in source:
        pending += piece
        # One byte more than a chunk must be there: a full chunk may still turn out to be the final one.
        start = 0
        while len(pending) - start > CHUNK:
            with memoryview(pending) as view:
                size = sealer.chunk(counter, False, view[start : start + CHUNK], sealed)
            yield bytes(memoryview(sealed)[:size])
            counter += 1
            start += CHUNK
        if start:
            del pending[:start]
    size = sealer.chunk(counter, True, pending, sealed)
    yield bytes(memoryview(sealed)[:size])


def open_stream(payload_key: bytes, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Decrypt a stream of unknown length; yields each chunk once its tag is checked.

    ``read(n)`` returns up to n bytes, empty at the end. Raises PayloadError where the stream is cut, extended,
    reordered or changed; only a run to the end without it proves that the plaintext is whole.
    """
    aead = ChaCha20Poly1305(payload_key)
    counter = 0
    while True:
        sealed = _fill(read, SEALED_CHUNK)
        if not sealed:
            raise PayloadError(cut_sentence())
        final = len(sealed) < SEALED_CHUNK
        plain = None if final else _open(aead, counter, False, sealed)
        if plain is None:
            # A full chunk that is not a middle one may be the final one.
            final, plain = True, _open(aead, counter, True, sealed)
        if plain is None:
            raise PayloadError(changed_sentence(counter))
        if not plain and counter:
            raise PayloadError(cut_sentence())
        yield plain
        if final:
            if read(1):
                raise PayloadError(tr("The encrypted file goes on after its end. Do not use it; ask for it again."))
            return
        counter += 1


class Opener:
    """Random access to a payload of known length; every byte given out has passed its chunk's tag.

    ``read_at(offset, n)`` reads the chunks (offset 0 is the first byte after the nonce), ``length`` counts them.
    Raises PayloadError for an impossible length.
    """

    def __init__(self, payload_key: bytes, read_at: Callable[[int, int], bytes], length: int) -> None:
        self._aead = ChaCha20Poly1305(payload_key)
        self._read_at = read_at
        self._length = length
        self._last = -(-length // SEALED_CHUNK) - 1
        self._cached: tuple[int, bytes] = (-1, b"")
        self._end_checked = False
        self.size = plain_length(length)

    def read(self, offset: int, n: int) -> bytes:
        """Up to ``n`` bytes from ``offset``; fewer only at the end, whose truth is checked before it is told."""
        if offset < 0 or n < 0:
            raise ValueError("offset and length can not be negative")
        end = min(offset + n, self.size)
        if end < offset + n and not self._end_checked:
            self._chunk(self._last)
        if offset >= end:
            return b""
        first, last = offset // CHUNK, (end - 1) // CHUNK
        if first == last:
            return self._chunk(first)[offset - first * CHUNK : end - first * CHUNK]
        parts = [self._chunk(index) for index in range(first, last + 1)]
        joined = memoryview(b"".join(parts))
        return bytes(joined[offset - first * CHUNK : end - first * CHUNK])

    def stream(self) -> Iterator[bytes]:
        """Every chunk in order, read 1 MiB at a time; raises PayloadError at the first that is not as sealed."""
        for first in range(0, self._last + 1, BATCH):
            start = first * SEALED_CHUNK
            sealed = memoryview(self._exactly(start, min(BATCH * SEALED_CHUNK, self._length - start)))
            for index in range(first, min(first + BATCH, self._last + 1)):
                within = (index - first) * SEALED_CHUNK
                yield self._opened(index, sealed[within : within + SEALED_CHUNK])

    def _chunk(self, index: int) -> bytes:
        number, plain = self._cached
        if number != index:
            start = index * SEALED_CHUNK
            plain = self._opened(index, self._exactly(start, min(SEALED_CHUNK, self._length - start)))
            self._cached = (index, plain)
        return plain

    def _opened(self, index: int, sealed: Buffer) -> bytes:
        plain = _open(self._aead, index, index == self._last, sealed)
        if plain is None:
            raise PayloadError(changed_sentence(index))
        if index == self._last:
            self._end_checked = True
        return plain

    def _exactly(self, offset: int, n: int) -> bytes:
        data = self._read_at(offset, n)
        if len(data) != n:
            raise PayloadError(cut_sentence())
        return data


def _open(aead: ChaCha20Poly1305, counter: int, final: bool, sealed: Buffer) -> bytes | None:
    if len(sealed) < TAG:
        return None
    try:
        return aead.decrypt(counter.to_bytes(11, "big") + (b"\x01" if final else b"\x00"), sealed, None)
    except InvalidTag:
        return None


def _fill(read: Callable[[int], bytes], n: int) -> bytes:
    data = read(n)
    if len(data) in (0, n):
        return data
    parts, missing = [data], n - len(data)
    while missing and (more := read(missing)):
        parts.append(more)
        missing -= len(more)
    return b"".join(parts)


def cut_sentence() -> str:
    """Say that the payload ends too early."""
    return tr("The encrypted file was cut off. What was read so far is not the whole; ask for the file again.")


def changed_sentence(chunk: int) -> str:
    """Say which chunk (from 0) is not as it was sealed."""
    return tr(
        "The encrypted file was changed or damaged after {kib} KiB. Nothing from there on was read; "
        "ask for the file again."
    ).format(kib=chunk * 64)
