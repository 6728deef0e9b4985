"""Time stamps of a case's checkpoints by an authority outside the house (RFC 3161).

Stamped are the bytes of the signed checkpoint, as ``custody checkpoint`` writes it. The answer is kept in a sealed
record that an entry ``timestamped`` names; the checkpoint it covers is found by its digest, so a request is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.custody.entry import Json
from evidencevault.errors import Damaged, NotFound
from evidencevault.formats import signatures, timestamps
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Stamped:
    """A stamped checkpoint: the signed note, entries, root (32 bytes), the authority's answer, when (RFC 3339, UTC).

    ``roots`` are the certificates (PEM) under which the answer was checked; empty where nobody named the authority's.
    """

    note: bytes
    size: int
    root: bytes
    answer: bytes
    time: str
    roots: bytes


def request(case: CaseFile) -> tuple[bytes, int]:
    """A request (DER) over the newest checkpoint, and its entries. Raises NotFound where there is none."""
    case.ledger.refresh()
    note = case.ledger.ledger.note
    if note is None:
        raise NotFound(tr("This case has no checkpoint yet."))
    return timestamps.request(note), case.ledger.ledger.tree.head.size


def keep(case: CaseFile, answer: bytes, roots: bytes) -> Stamped:
    """Check an answer, keep it, and enter it. ``roots``: the authority's certificates (PEM), or empty.

    Raises Damaged (no answer, not granted, not this authority's), NotFound (over no checkpoint of this case).
    """
    case.require("officer", "legal")
    case.ledger.refresh()
    found = next((note for note in case.ledger.ledger.notes() if timestamps.covers(answer, note)), None)
    if found is None:
        raise NotFound(tr("The time stamp is over no checkpoint of this case. Nothing was kept."))
    stamp = timestamps.check(answer, found, roots) if roots else timestamps.read(answer)
    done = _stamped(found, answer, stamp.time.isoformat(), roots)
    write = case.write()
    body: dict[str, Value] = {"note": found, "answer": answer, "time": done.time, "roots": roots}
    stored = write.record(Kind.TIMESTAMP, body)
    details: dict[str, Json] = {"checkpoint": [done.size, done.root.hex()], "time": done.time, "authority": bool(roots)}
    write.entry("timestamped", records=[stored], details=details)
    write.commit()
    return done


def kept(case: CaseFile) -> list[Stamped]:
    """All stamps of a case, in the order in which they were kept. Raises Damaged."""
    return [_from(record) for record in case.records(Kind.TIMESTAMP)]


def verify(case: CaseFile, one: Stamped) -> None:
    """Raise Damaged unless a stamp still covers a checkpoint of the case's ledger, under its authority if named."""
    if case.ledger.ledger.note_at(one.size) != one.note:
        raise Damaged(tr("The time stamp at {n} entries is over another checkpoint.").format(n=one.size))
    if one.roots:
        timestamps.check(one.answer, one.note, one.roots)
    elif not timestamps.covers(one.answer, one.note):
        raise Damaged(tr("The time stamp at {n} entries is over another checkpoint.").format(n=one.size))


def _from(record: Record) -> Stamped:
    match record.body:
        case {"note": bytes(note), "answer": bytes(answer), "time": str(time), "roots": bytes(roots)}:
            return _stamped(note, answer, time, roots)
        case _:
            raise Damaged(tr("A stored time stamp does not hold what it must."))


def _stamped(note: bytes, answer: bytes, time: str, roots: bytes) -> Stamped:
    told = signatures.parse_checkpoint_text(signatures.parse_note(note).text)
    return Stamped(note, told.size, told.root, answer, time, roots)
