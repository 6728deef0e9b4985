"""The pipeline that seals one object: read | SHA-256 | encrypt, BLAKE3 and write, side by side.

The caller's thread encrypts and writes; one thread reads ahead and one hashes, so that whichever is slowest on a
machine (SHA-256 without its instructions, the source's disk, the vault's disk) is never kept waiting by the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import blake3

from evidencevault.errors import Unreadable
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.padding import padme

BATCH = 2 * 1024 * 1024
_SLOTS = 6

Source = Callable[[memoryview], int]
"""A ``readinto``: fills some of the view, returns how many bytes; 0 only at the end. Raises OSError or Unreadable."""


def fill(source: Source, view: memoryview) -> int:
    """Fill the view from the source, fewer bytes only at its end. Raises Unreadable."""
    filled = 0
    try:
        while filled < len(view):
            got = source(view[filled:])
            if not got:
                break
            filled += got
    except OSError as error:
        sentence = tr(
            "The file could not be read to its end ({reason}). Nothing of it was kept; the file is as it was."
        )
        raise Unreadable(sentence.format(reason=error.strerror or error.__class__.__name__)) from error
    return filled


def source_ended(size: int, expected: int | None) -> None:
    """Raise Unreadable if the source did not give as many bytes as it had when it was chosen."""
    if expected is not None and size != expected:
        sentence = tr(
            "The file changed while it was read: {expected} bytes at first, {size} now. Nothing of it was kept; "
            "make sure nobody writes to it and import it again."
        )
        raise Unreadable(sentence.format(expected=expected, size=size))


def seal_small(key: bytes, nonce: bytes, plain: memoryview, length: int, random: Callable[[int], bytes]) -> bytes:
    """The stored bytes of an object that is wholly in memory: ``length`` bytes, filler included."""
    out = bytearray(age.stream_length(len(plain)))
    age.Sealer(key).batch(0, True, plain, out)
    return b"".join((nonce, out, random(length - age.NONCE - len(out))))


class Pipeline:
    """One object under way. ``size``, ``sha256`` and ``blake3`` count once :meth:`stored` has ended."""

    def __init__(self, source: Source, start: bytearray, started: int, progress: Progress, pools: _Pools) -> None:
        """Of a source whose first ``started`` bytes have been read into ``start`` already."""
        self._source = source
        self._started = memoryview(start)[:started]
        self._progress = progress
        self._pools = pools
        self._slots = [memoryview(bytearray(BATCH)) for _ in range(_SLOTS)]
        self._hashed: list[Future[None] | None] = [None] * _SLOTS
        self._ended = started < len(start)  # a source is not asked again after its end
        self.size = 0
        self.sha256 = hashlib.sha256()
        self.blake3 = blake3.blake3()

    def stored(
        self, key: bytes, nonce: bytes, random: Callable[[int], bytes], expected: int | None
    ) -> Iterator[bytes | memoryview]:
        """The stored bytes in order; each piece is overwritten when the next is asked for."""
        self.blake3.update(nonce)
        yield nonce
        sealer = age.Sealer(key)
        out = memoryview(bytearray(age.stream_length(BATCH)))
        for plain, last in self._batches():
            if last:
                source_ended(self.size + len(plain), expected)
            length = sealer.batch(self.size // age.CHUNK, last, plain, out)
            self.size += len(plain)
            self.blake3.update(out[:length])
            self._progress.advance(len(plain))
            yield out[:length]
        yield from self._filler(random, out)
        for hashed in self._hashed:
            if hashed is not None:
                hashed.result()

    def _batches(self) -> Iterator[tuple[memoryview, bool]]:
        """Plaintext batches and whether each is the last: one is read before the one ahead of it is given out."""
        reads = [self._pools.read.submit(self._read, slot) for slot in range(_SLOTS)]
        number = 0
        length = reads[0].result()
        while length:
            slot = number % _SLOTS
            following = reads[(number + 1) % _SLOTS].result()
            yield self._slots[slot][:length], following == 0
            reads[slot] = self._pools.read.submit(self._read, slot)
            number += 1
            length = following

    def _read(self, slot: int) -> int:
        """Fill a slot that is sealed and, once this waited, hashed; in the reading thread."""
        hashed = self._hashed[slot]
        if hashed is not None:
            hashed.result()
        view = self._slots[slot]
        length = len(self._started)
        view[:length] = self._started
        self._started = self._started[:0]
        if not self._ended:
            got = fill(self._source, view[length:])
            self._ended = got < len(view) - length
            length += got
        if length:
            self._hashed[slot] = self._pools.hash.submit(self.sha256.update, view[:length])
        return length

    def _filler(self, random: Callable[[int], bytes], out: memoryview) -> Iterator[memoryview]:
        """Random bytes up to Padmé: ChaCha20's stream under a key nobody keeps, six times as fast as the kernel's."""
        payload = age.NONCE + age.stream_length(self.size)
        missing = padme(payload) - payload
        sealer = age.Sealer(random(32))
        zeros = memoryview(bytes(age.CHUNK))
        for counter in range(0, -(-missing // age.CHUNK)):
            sealer.chunk(counter, False, zeros, out)
            piece = out[: min(age.CHUNK, missing - counter * age.CHUNK)]
            self.blake3.update(piece)
            yield piece


class _Pools:
    """The two helping threads, each taking its work in order."""

    def __init__(self) -> None:
        self.read = ThreadPoolExecutor(1, "object-read")
        self.hash = ThreadPoolExecutor(1, "object-hash")

    def stop(self) -> None:
        """Leave no thread behind: what was not begun is dropped, what was is waited for."""
        self.read.shutdown(wait=True, cancel_futures=True)
        self.hash.shutdown(wait=True, cancel_futures=True)


@contextmanager
def open_pipeline(source: Source, start: bytearray, started: int, progress: Progress) -> Iterator[Pipeline]:
    """A pipeline whose threads are gone when the ``with`` is left, however it is left."""
    pools = _Pools()
    try:
        yield Pipeline(source, start, started, progress, pools)
    finally:
        pools.stop()
