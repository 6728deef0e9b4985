"""The revisions of an interview, and what the ledger says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.casework.conversations import Interview
from evidencevault.casework.filing import Filed
from evidencevault.custody.casefile import CaseFile


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: ``what`` happened (``filed edited signed corrected``), when (RFC 3339) and by which user."""

    revision: int
    what: str
    at: str
    by: str
    record: Interview


def told(case: CaseFile, filed: Sequence[Filed[Interview]]) -> list[Revision]:
    """Revisions, oldest first, with time and author of the entries that wrote them."""
    wanted = {one.sequence for one in filed}
    entries = {one.sequence: one for one in case.entries(min(wanted)) if one.sequence in wanted}
    found: list[Revision] = []
    for one in filed:
        entry, last = entries[one.sequence], found[-1].record if found else None
        found.append(Revision(one.revision, _what(last, one.record), entry.time, entry.actor_name, one.record))
    return found


def _what(last: Interview | None, one: Interview) -> str:
    if last is None:
        return "filed"
    if last.signed_at is None and one.signed_at is not None:
        return "signed"
    return "corrected" if len(one.corrections) > len(last.corrections) else "edited"
