"""What a signature under an interview binds, and whether it still does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidencevault.custody.casefile import CaseFile, Record
from evidencevault.vault.canonical import Value, pack

SIGNING = ("signed_at", "signed_by", "signed_digest")
CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed which revision, by which entry of the ledger; ``holds``: nothing but corrections came after."""

    by: str
    revision: int
    sequence: int
    digest: str
    holds: bool


def digest(body: Mapping[str, Value]) -> str:
    """SHA-256 (hex) over the canonical MessagePack of a stored body without what the signing writes itself."""
    return hashlib.sha256(pack({key: value for key, value in body.items() if key not in SIGNING})).hexdigest()


def signature(case: CaseFile, revisions: Sequence[Record]) -> Signed | None:
    """The signature in a record's revisions, oldest first, held against the ledger and every later revision."""
    first = next((one for one in revisions if one.body.get("signed_at")), None)
    if first is None:
        return None
    by, said = str(first.body.get("signed_by")), str(first.body.get("signed_digest"))
    entry = next(case.entries(first.sequence))
    corrections = first.body.get(CORRECTIONS)
    before = len(corrections) if isinstance(corrections, list) else 0
    holds = (entry.action, entry.actor_name) == ("signed", by) and all(
        digest(_without_later(one.body, before)) == said and _signing(one) == _signing(first)
        for one in revisions[revisions.index(first) :]
    )
    return Signed(by, first.revision, first.sequence, said, holds)


def _without_later(body: Mapping[str, Value], corrections: int) -> dict[str, Value]:
    kept = body.get(CORRECTIONS)
    first = kept[:corrections] if isinstance(kept, list) else []
    rest = {key: value for key, value in body.items() if key != CORRECTIONS}
    return {**rest, CORRECTIONS: [*first]} if first else rest


def _signing(one: Record) -> list[Value]:
    return [one.body.get(key) for key in SIGNING]
