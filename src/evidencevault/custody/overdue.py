"""Missed deadlines: noticed with the audit key alone, written once each, answered and never cleared (formats.md §5)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from evidencevault.custody.access import CaseLedger
from evidencevault.custody.entry import Json
from evidencevault.custody.office import Draft
from evidencevault.custody.rows import DueDuty, Duty, read_duties
from evidencevault.custody.write import Write
from evidencevault.errors import NotFound, Refused
from evidencevault.resources import tr
from evidencevault.vault.change import Change
from evidencevault.vault.keys import hkdf
from evidencevault.vault.registry import ONCE_LABEL, KeyKind

GRACE = 24 * 3600
"""Seconds after its opening in which what was due before is not yet taken for missed."""
Line = Callable[[CaseLedger, Duty], tuple[str, ...]]
"""To whom a late duty goes: user names or roles along the policy's line, without anybody who is walled off."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A deadline that passed with nothing written: the duty's row, when it was due (UTC), and what is known since."""

    duty: DueDuty
    due: datetime
    done: datetime | None


def now_of(ledger: CaseLedger) -> datetime:
    """The clock, or the newest entry where that is later: a clock set back makes nothing early again."""
    newest = ledger.state.newest_at
    return max(ledger.office.clock(), datetime.fromisoformat(newest)) if newest else ledger.office.clock()


def missed(ledger: CaseLedger) -> list[Missed]:
    """The missed deadlines of a case that no entry names yet. Raises Damaged."""
    found = [one for row in read_duties(ledger) if (one := miss(ledger, row)) is not None]
    return sorted(found, key=lambda one: (one.due, one.duty.duty.step, one.duty.duty.ref))


def miss(ledger: CaseLedger, row: DueDuty) -> Missed | None:
    """The deadline of a duty's row, where it was missed and no entry names it."""
    due, done = row.duty.due, row.duty.done
    if due is None or row.duty.state == "dropped" or (row.id, due) in ledger.state.overdue:
        return None
    opened = int(datetime.fromisoformat(ledger.state.opened_at).timestamp())
    # What was due before the case came to the vault can still be written down for a day: old reports are typed in.
    until = opened + GRACE if due < opened else due
    late = done > due if done is not None else now_of(ledger).timestamp() > until
    return Missed(row, _utc(due), None if done is None else _utc(done)) if late else None


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def enter(ledger: CaseLedger, line: Line) -> list[Missed]:
    """Write an entry ``overdue`` for each missed deadline, in one commit. Returns them. Raises Damaged, StorageFailed.

    Whoever notices is the author; the entry names the accountable role, the due time, and to whom it goes next.
    """
    with ledger.office.database.one_writer:
        ledger.refresh()
        found = missed(ledger)
        if found:
            ledger.commit([draft(ledger, one, line(ledger, one.duty.duty)) for one in found], Change())
        return found


def draft(ledger: CaseLedger, one: Missed, escalated: tuple[str, ...]) -> Draft:
    """The entry for a missed deadline."""
    duty, due = one.duty.duty, int(one.due.timestamp())
    details: dict[str, Json] = {
        "duty": one.duty.id.hex(),
        "step": duty.step,
        "name": duty.name,
        "role": duty.role,
        "ref": duty.ref,
        "due": due,
        "noticed": int(now_of(ledger).timestamp()),
        "escalated": list(escalated),
    }
    if one.done is not None:
        details["done"] = int(one.done.timestamp())
    if now_of(ledger) > ledger.office.clock():
        details["clock"] = "behind"
    return Draft("overdue", details=details, once=once_of(ledger, one.duty.id, due))


def once_of(ledger: CaseLedger, duty: bytes, due: int) -> bytes:
    """The mark by which a missed deadline is written once, by however many programs: HMAC-SHA256, 16 bytes."""
    key = hkdf(ledger.office.keychain.key(ledger.id, KeyKind.AUDIT, 1), ONCE_LABEL)
    return hmac.new(key, duty + due.to_bytes(8, "big", signed=True), hashlib.sha256).digest()[:16]


@dataclass(frozen=True, slots=True)
class Overdue:
    """An entry ``overdue`` as it stands: its sequence, what was due, and when it was noticed (UTC)."""

    sequence: int
    duty: DueDuty | None
    step: str
    name: str
    role: str
    ref: str
    due: datetime
    noticed: datetime
    escalated: tuple[str, ...]


def entries(ledger: CaseLedger) -> list[Overdue]:
    """Every missed deadline in the ledger, oldest first. The audit key is enough. Raises Damaged."""
    known = {one.id: one for one in read_duties(ledger)}
    wanted = set(ledger.state.overdue.values())
    found = []
    for entry in ledger.ledger.read(min(wanted, default=ledger.state.size)):
        if entry.sequence in wanted:
            said = entry.details
            escalated = said.get("escalated")
            found.append(
                Overdue(
                    entry.sequence,
                    known.get(bytes.fromhex(str(said["duty"]))),
                    str(said["step"]),
                    str(said["name"]),
                    str(said["role"]),
                    str(said["ref"]),
                    _utc(int(str(said["due"]))),
                    _utc(int(str(said["noticed"]))),
                    tuple(str(one) for one in escalated) if isinstance(escalated, list) else (),
                )
            )
    return found


def answer(ledger: CaseLedger, sequence: int, words: str) -> None:
    """Answer for a missed deadline: it stays, with the answer beside it. Raises NotFound, Refused, NotPermitted."""
    found = [one for one in entries(ledger) if one.sequence == sequence]
    if not found or found[0].duty is None:
        raise NotFound(tr("Entry {n} of {case} is no missed deadline.").format(n=sequence, case=ledger.reference))
    if not words.strip():
        raise Refused(tr("An answer says why, and what is done about it. Nothing was saved."))
    duty = found[0].duty
    write = Write(ledger)
    stored = write.duty(replace(duty.duty, answered=int(now_of(ledger).timestamp())), duty.id)
    write.entry("due", duties=[stored])
    write.entry("answered", subject=f"overdue {sequence}", purpose=words.strip())
    write.commit()
