"""The one door: everything that becomes an exhibit is sealed, numbered and entered here, many at a time.

Files are read, hashed and sealed in threads while the batch before them is committed. A batch is one transaction with
one checkpoint: either its exhibits, their objects and their ``imported`` entries are there, or none of them is.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from evidencevault.custody.casefile import CaseFile, Kind, Value, Write
from evidencevault.custody.entry import Json
from evidencevault.errors import Cancelled, StorageFailed, Unreadable, VaultError
from evidencevault.evidence.model import Exhibit
from evidencevault.evidence.numbering import next_number, number_text
from evidencevault.evidence.sources import Arrival, Failure, reason_of
from evidencevault.progress import Progress
from evidencevault.vault.objects import SealedObject

FILES = 200
BYTES = 64 * 1024 * 1024
THREADS = 2
_PIECE = 1024 * 1024

BodyOf = Callable[[Arrival, str], dict[str, Value]]
"""The record's body for an arrival and its number, without digest, size and object."""


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """One exhibit of an import. ``status`` is ``imported``, or ``already`` where an earlier try had brought it in."""

    exhibit: str
    name: str
    path: str
    sha256: bytes
    size: int
    status: str
    duplicate_of: str | None = None
    parent: str | None = None
    media_type: str | None = None
    warnings: tuple[str, ...] = ()


class _Stopped(Exception):
    """The import ended before this file was begun."""


@dataclass(slots=True)
class Batch:
    """What is being sealed for one commit."""

    write: Write
    coming: list[tuple[Arrival, Future[SealedObject | IntakeLine]]] = field(default_factory=list)


class Door:
    """Takes arrivals in. ``digests`` and ``already`` are read once; both grow as exhibits come in."""

    def __init__(
        self,
        case: CaseFile,
        exhibits: Iterable[Exhibit],
        already: dict[bytes, Exhibit],
        progress: Progress,
        files: int = FILES,
        batch_bytes: int = BYTES,
    ) -> None:
        """For one import. ``already`` names what earlier tries brought in, by the arrival's key."""
        self.case = case
        self._digests: dict[bytes, str] = {}
        for one in exhibits:
            if one.sha256 is not None:
                self._digests.setdefault(one.sha256, one.number)
        self._already = already
        self._next = next_number(case)
        self._progress = progress
        self._limits = files, batch_bytes
        self._stopped: VaultError | None = None
        self._first: Callable[[Write], None] | None = None

    def admit(
        self, arrivals: Iterable[Arrival], body_of: BodyOf, first: Callable[[Write], None] | None = None
    ) -> Iterator[IntakeLine | Failure]:
        """Take in; lines come when they are durable. ``first`` adds to the first commit that holds an exhibit.

        A file that fails is a Failure and the rest goes on. A vault that takes no more (StorageFailed), or Cancelled,
        ends it: what was sealed until then is committed, then the error is raised.
        """
        self._first = first
        under_way: deque[Batch] = deque()
        with ThreadPoolExecutor(THREADS, "intake") as pool:
            try:
                for batch in self._batches(arrivals):
                    under_way.append(self._begin(pool, batch))
                    if len(under_way) > 1:
                        yield from self._finish(under_way.popleft(), body_of)
                    if self._stopped is not None:
                        break
                while under_way:
                    yield from self._finish(under_way.popleft(), body_of)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
        if self._stopped is not None:
            raise self._stopped

    def _batches(self, arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
        files, most = self._limits
        batch: list[Arrival] = []
        size = 0
        for one in arrivals:
            if batch and (len(batch) >= files or size + one.size > most):
                yield batch
                batch, size = [], 0
            batch.append(one)
            size += one.size
        if batch:
            yield batch

    def _begin(self, pool: ThreadPoolExecutor, arrivals: list[Arrival]) -> Batch:
        batch = Batch(self.case.write())
        batch.coming = [(one, pool.submit(self._seal, batch.write, one)) for one in arrivals]
        return batch

    def _seal(self, write: Write, arrival: Arrival) -> SealedObject | IntakeLine:
        if self._stopped is not None:
            raise _Stopped
        known = self._already.get(arrival.key)
        if known is not None and known.sha256 is not None and self._digest(arrival) == known.sha256:
            return IntakeLine(
                known.number,
                known.name,
                known.path or known.name,
                known.sha256,
                known.size or 0,
                "already",
                known.duplicate_of,
                known.parent,
                known.media_type,
                known.warnings,
            )
        with arrival.open() as readinto:
            return write.store_object(readinto, self._progress)

    def _digest(self, arrival: Arrival) -> bytes:
        digest, piece = hashlib.sha256(), memoryview(bytearray(min(_PIECE, arrival.size + 1)))
        with arrival.open() as readinto:
            while got := readinto(piece):
                digest.update(piece[:got])
                self._progress.advance(got)
        return digest.digest()

    def _finish(self, batch: Batch, body_of: BodyOf) -> Iterator[IntakeLine | Failure]:
        told: list[IntakeLine | Failure] = []
        fresh: list[IntakeLine] = []
        for arrival, future in batch.coming:
            try:
                done = future.result()
            except _Stopped:
                continue
            except Unreadable as error:
                told.append(Failure(arrival.origin or arrival.path, error.sentence))
            except OSError as error:
                told.append(Failure(arrival.origin or arrival.path, reason_of(error)))
            except (StorageFailed, Cancelled) as error:
                self._stopped = self._stopped or error
            else:
                if isinstance(done, SealedObject):
                    self._begin_record(batch.write)
                    done = self._enter(batch.write, arrival, done, body_of)
                    fresh.append(done)
                told.append(done)
        if fresh:
            batch.write.commit()
        yield from told

    def _begin_record(self, write: Write) -> None:
        if self._first is not None:
            self._first(write)
            self._first = None

    def _enter(self, write: Write, arrival: Arrival, sealed: SealedObject, body_of: BodyOf) -> IntakeLine:
        number = number_text(self._next)
        self._next += 1
        twin = self._digests.setdefault(sealed.sha256, number)
        duplicate = twin if twin != number else None
        more: dict[str, Value] = {
            "path": arrival.path,
            "origin": arrival.origin,
            "origin_raw": arrival.origin_raw,
            "modified": arrival.modified,
            "sha256": sealed.sha256,
            "size": sealed.size,
            "object": sealed.item,
            "parent": arrival.parent,
            "position": arrival.position,
            "duplicate_of": duplicate,
        }
        body = {**body_of(arrival, number), **{key: value for key, value in more.items() if value is not None}}
        stored = write.record(Kind.EXHIBIT, body)
        details: dict[str, Json] = {"kind": "exhibit"}
        if arrival.parent is not None:
            details["parent"] = arrival.parent
        write.entry(
            "imported", records=[stored], objects=[sealed], subject=number, digest=sealed.sha256, details=details
        )
        return IntakeLine(
            number, arrival.name, arrival.path, sealed.sha256, sealed.size, "imported", duplicate, arrival.parent
        )
