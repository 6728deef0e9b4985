"""Which revision of each record a ledger names last; the same for a case and for the vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evidencevault.custody.entry import Json


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest revision of a record (or duty) by the ledger, and the content (or audit) epoch it must be sealed
    under.
    """

    item: bytes
    kind: int
    revision: int
    commitment: bytes
    sequence: int
    epoch: int
    time: str = ""  # of the entry that names it, RFC 3339


def take(
    details: Mapping[str, Json],
    sequence: int,
    epoch: int,
    records: dict[bytes, Latest],
    revisions: dict[tuple[bytes, int], Latest],
    time: str = "",
) -> str | None:
    """Count in the records that an entry names; why it has no effect, or None. Raises TypeError, ValueError."""
    for one in listed(details.get("records", [])):
        item, kind, revision, commitment = listed(one)
        latest = Latest(
            bytes.fromhex(str(item)),
            int(str(kind)),
            int(str(revision)),
            bytes.fromhex(str(commitment)),
            sequence,
            epoch,
            time,
        )
        before = records.get(latest.item)
        if latest.revision != (before.revision + 1 if before else 1) or (before and before.kind != latest.kind):
            return "it does not follow the record's last revision"
        records[latest.item] = revisions[latest.item, latest.revision] = latest
    return None


def listed(value: Json) -> list[Json]:
    """A list as it stands in details. Raises TypeError for anything else."""
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value
