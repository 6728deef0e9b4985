"""Objects: the files of a case, sealed in one pass and read back at any place (formats.md §4).

The stored bytes are an age v1 payload without its header: nonce 16 ‖ STREAM of 64 KiB ChaCha20-Poly1305 chunks under
HKDF-SHA256(file key, salt = nonce, info "payload"); then random filler up to Padmé of that length. What the case must
remember to read them (nonce, length of the STREAM, SHA-256 of the plaintext, BLAKE3 of the stored bytes) is a
:class:`SealedObject`, which the caller seals into the object's row.

Whether an object lies in its row or in the store is decided on the *stored* length, so a row never holds more than
``INLINE`` bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

import blake3

from evidencevault.errors import Damaged
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.padding import padme
from evidencevault.vault.sealing import BATCH, Source, fill, open_pipeline, seal_small, source_ended
from evidencevault.vault.stores import Store, StoredFile, object_name

INLINE = 128 * 1024
"""The most stored bytes (nonce, STREAM and filler) that a row holds; larger objects lie in the store."""


@dataclass(frozen=True, slots=True)
class SealedObject:
    """What must be remembered of one object."""

    item: bytes  # 16
    nonce: bytes  # 16
    stream_length: int  # bytes of the STREAM, without nonce and filler
    sha256: bytes  # of the plaintext
    blake3: bytes  # of the stored bytes, filler included
    size: int  # bytes of the plaintext
    inline: bytes | None = field(default=None, repr=False)  # the stored bytes when they are in the row

    @property
    def stored_length(self) -> int:
        """Bytes in the row or store: nonce, STREAM and filler."""
        return stored_length(self.stream_length)


def stored_length(stream_length: int) -> int:
    """Bytes that an object with this STREAM takes in the row or store."""
    return padme(age.NONCE + stream_length)


def seal_object(
    store: Store,
    item: bytes,
    file_key: bytes,
    source: Source,
    progress: Progress,
    *,
    expected: int | None = None,
    random: Callable[[int], bytes] = os.urandom,
) -> SealedObject:
    """Read ``source`` (a ``readinto``; 0 at the end) once; hash, encrypt and store it, durable on return.

    ``item`` and ``file_key`` have 16 bytes. ``expected`` is the size in bytes the file had when it was chosen.
    ``progress`` advances by plaintext bytes. A small object touches no disk: its bytes are in ``.inline`` for the row.
    Memory stays under 35 MiB whatever the size. Raises Unreadable (the source failed, or is not ``expected`` long),
    StorageFailed, Cancelled; then nothing is left in the store.
    """
    nonce = random(age.NONCE)
    key = age.payload_key(file_key, nonce)
    start = bytearray(INLINE)
    size = fill(source, memoryview(start))
    if size < INLINE and stored_length(age.stream_length(size)) <= INLINE:
        source_ended(size, expected)
        plain = memoryview(start)[:size]
        length = age.stream_length(size)
        stored = seal_small(key, nonce, plain, stored_length(length), random)
        progress.advance(size)
        return SealedObject(
            item, nonce, length, hashlib.sha256(plain).digest(), blake3.blake3(stored).digest(), size, stored
        )
    with open_pipeline(source, start, size, progress) as pipeline:
        store.put(object_name(item), pipeline.stored(key, nonce, random, expected))
    return SealedObject(
        item,
        nonce,
        age.stream_length(pipeline.size),
        pipeline.sha256.digest(),
        pipeline.blake3.digest(),
        pipeline.size,
    )


class InlineFile:
    """Stored bytes that came from a row, read like a file of the store."""

    def __init__(self, stored: bytes) -> None:
        """Of these stored bytes."""
        self._stored = stored

    @property
    def size(self) -> int:
        """See StoredFile."""
        return len(self._stored)

    def read_at(self, offset: int, length: int) -> bytes:
        """See StoredFile."""
        return self._stored[offset : offset + length]

    def close(self) -> None:
        """See StoredFile."""


def open_object(store: Store, sealed: SealedObject, file_key: bytes) -> ObjectReader:
    """Open an object from its row's bytes, else from the store. Raises NotFound, StorageFailed, Damaged."""
    if sealed.inline is not None:
        return ObjectReader(InlineFile(sealed.inline), sealed, file_key)
    file = store.open(object_name(sealed.item))
    try:
        return ObjectReader(file, sealed, file_key)
    except BaseException:
        file.close()
        raise


class ObjectReader:
    """One object's plaintext, at any place. Every byte given out has passed its chunk's tag; a whole reading more."""

    def __init__(self, file: StoredFile, sealed: SealedObject, file_key: bytes) -> None:
        """Over stored bytes; raises Damaged if length or nonce are not the recorded ones."""
        self._file = file
        self._sealed = sealed
        self._file_key = file_key
        if file.size < sealed.stored_length:
            raise self._damaged(tr("its stored bytes were cut short"))
        if file.size > sealed.stored_length:
            raise self._damaged(tr("bytes were added to what was stored"))
        if file.read_at(0, age.NONCE) != sealed.nonce:
            raise self._damaged(tr("other bytes lie in its place"))
        with self._naming():
            self._opener = age.Opener(age.payload_key(file_key, sealed.nonce), self._read_stream, sealed.stream_length)

    @property
    def size(self) -> int:
        """Bytes of the plaintext."""
        return self._opener.size

    @property
    def sha256(self) -> bytes:
        """SHA-256 of the plaintext as recorded; proven by :meth:`stream`."""
        return self._sealed.sha256

    def read(self, offset: int, length: int) -> bytes:
        """The plaintext there, fewer bytes only at its end. Raises Damaged if a chunk's tag does not fit."""
        with self._naming():
            return self._opener.read(offset, length)

    def stream(self, check: bool = True) -> Iterator[bytes]:
        """The whole plaintext in pieces of up to 64 KiB; tags are checked before a piece is given out.

        With ``check`` the SHA-256 is compared at the end. Only a stream that ended without Damaged was whole.
        """
        digest = hashlib.sha256()
        for piece in self._pieces():
            if check:
                digest.update(piece)
            yield piece
        if check and digest.digest() != self._sealed.sha256:
            raise self._damaged(tr("its content is not what was recorded"))

    def age_copy(self, recipients: Sequence[age.Recipient]) -> Iterator[bytes]:
        """A standard age file for the recipients: a new header before the stored payload, nothing re-encrypted.

        The stored bytes are compared with their BLAKE3 at the end: only a copy that ended without Damaged is whole.
        """
        yield age.header(recipients, self._file_key)
        digest = blake3.blake3()
        payload = age.NONCE + self._sealed.stream_length
        for start, piece in _stored_pieces(self._file):
            digest.update(piece)
            if start < payload:
                yield piece[: payload - start]
        if digest.digest() != self._sealed.blake3:
            raise self._damaged(tr("its stored bytes are not what was recorded"))

    def verify(self, progress: Progress) -> None:
        """Read all of it: stored bytes with filler, every tag, the plaintext's SHA-256. Raises Damaged, Cancelled."""
        if stored_digest(self._file, progress) != self._sealed.blake3:
            raise self._damaged(tr("its stored bytes are not what was recorded"))
        for piece in self.stream():
            progress.advance(len(piece))

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def __enter__(self) -> ObjectReader:
        """The reader itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _read_stream(self, offset: int, length: int) -> bytes:
        return self._file.read_at(age.NONCE + offset, length)

    def _pieces(self) -> Iterator[bytes]:
        """The plaintext in order, decrypted ahead in a second thread where there is enough of it."""
        chunks = self._opener.stream()
        if self.size <= BATCH:
            with self._naming():
                yield from chunks
            return

        def some() -> list[bytes]:
            with self._naming():
                return list(islice(chunks, BATCH // age.CHUNK))

        with ThreadPoolExecutor(1, "object-read") as ahead:
            coming = ahead.submit(some)
            while pieces := coming.result():
                coming = ahead.submit(some)
                yield from pieces

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """What age says of the payload, said of this object."""
        try:
            yield
        except age.PayloadError as error:
            raise self._damaged(tr("a part of it does not open with its key")) from error

    def _damaged(self, what: str) -> Damaged:
        sentence = tr(
            "Object {item} is damaged or was tampered with: {what}. "
            "The custody record is not affected; take the object from a backup."
        )
        return Damaged(sentence.format(item=self._sealed.item.hex(), what=what))


def stored_digest(file: StoredFile, progress: Progress) -> bytes:
    """BLAKE3 of all stored bytes: what keyless scrubbing compares with the row. Raises StorageFailed, Cancelled."""
    digest = blake3.blake3()
    for _, piece in _stored_pieces(file):
        progress.check()
        digest.update(piece)
    return digest.digest()


def _stored_pieces(file: StoredFile) -> Iterator[tuple[int, bytes]]:
    for start in range(0, file.size, BATCH):
        yield start, file.read_at(start, BATCH)
