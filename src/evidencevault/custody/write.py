"""What one commit to a case writes: records, files and duties, each named by an entry."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from evidencevault.custody import walls
from evidencevault.custody.caseledger import CaseLedger
from evidencevault.custody.entry import Json
from evidencevault.custody.office import Draft, new_id
from evidencevault.custody.rows import Duty, duty_body, duty_place, seal_record
from evidencevault.custody.wallstate import Wall
from evidencevault.errors import NotFound
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.canonical import Value
from evidencevault.vault.change import Change, Committed
from evidencevault.vault.envelope import duty_commitment, packed_body, seal_packed
from evidencevault.vault.erasing import destroy
from evidencevault.vault.objectrows import object_envelope
from evidencevault.vault.objects import SealedObject, seal_object
from evidencevault.vault.registry import KeyKind, Kind, Purpose


@dataclass(frozen=True, slots=True)
class Stored:
    """One revision of a record (or duty) about to be written; an entry of the same write must name it."""

    item: bytes
    kind: int
    revision: int
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """A revision of this write with what it says, for whatever follows from it."""

    stored: Stored
    body: Mapping[str, Value]


@dataclass(slots=True)
class Write:
    """Collects what one commit writes. Large files are durable at once; everything else waits for :meth:`commit`."""

    ledger: CaseLedger
    _change: Change = field(default_factory=Change)
    keeper: Callable[[Write], None] | None = None
    """Adds to the write what follows from it (what is due), before it is committed."""
    written: list[Written] = field(default_factory=list)
    _drafts: list[Draft] = field(default_factory=list)
    _named: set[bytes] = field(default_factory=set)
    _made: set[bytes] = field(default_factory=set)
    _revisions: dict[bytes, int] = field(default_factory=dict)
    _renewed: int = 0  # epochs that this write opens

    def exclude(self, behind: Sequence[Wall]) -> None:
        """Wall members off with this write; nothing of it is sealed under a key they hold. Comes before all else."""
        if self._made:
            raise AssertionError("what was sealed before a wall stands open to whoever is behind it")
        said = walls.drafts(self.ledger, self._change, behind)
        self._renewed += sum(one.action == "rekeyed" for one in said)
        self._drafts += said

    def _epoch(self, kind: KeyKind) -> int:
        return self.ledger.epoch(kind) + self._renewed

    def record(self, kind: Kind, body: Mapping[str, Value], item: bytes | None = None) -> Stored:
        """A new record, or (with ``item``) the next revision of one. Sealed now, visible at commit."""
        ledger = self.ledger
        if item is None:
            item, salt, revision = self._new_item()
        else:
            salt, revision = self._salt(item), self._next_revision(item)
        self._revisions[item] = revision
        epoch = self._epoch(KeyKind.CASE)
        sealed, commitment = seal_record(ledger, salt, epoch, item, kind, revision, body)
        self._change.add(
            schema.record, item=item, kind=int(kind), revision=revision, sealed=sealed, commitment=commitment
        )
        self._made.add(commitment)
        stored = Stored(item, int(kind), revision, commitment)
        self.written.append(Written(stored, body))
        return stored

    def _new_item(self) -> tuple[bytes, bytes, int]:
        item, salt = new_id(), os.urandom(32)
        self._change.add(schema.item, id=item, case=self.ledger.id, salt=salt)
        self._salts[item] = salt
        return item, salt, 1

    _salts: dict[bytes, bytes] = field(default_factory=dict)

    def _salt(self, item: bytes) -> bytes:
        if item in self._salts:
            return self._salts[item]
        with self.ledger.office.database.reading() as connection:
            row = connection.execute(select(schema.item).where(schema.item.c.id == item)).first()
        if row is None or row.case != self.ledger.id or row.salt is None:
            raise NotFound(tr("There is no such record in this case."))
        return bytes(row.salt)

    def _next_revision(self, item: bytes) -> int:
        if item in self._revisions:
            return self._revisions[item] + 1
        latest = self.ledger.state.records.get(item)
        if latest is None:
            raise NotFound(tr("There is no such record in this case."))
        return latest.revision + 1

    def store_object(self, readinto: Callable[[memoryview], int], progress: Progress) -> SealedObject:
        """Seal a file in one pass. Durable now when large, in its row at commit when small. Raises StorageFailed,
        Unreadable.
        """
        ledger, office = self.ledger, self.ledger.office
        item, salt = new_id(), os.urandom(32)
        epoch = self._epoch(KeyKind.CASE)
        file_key = office.keychain.item(ledger.id, epoch, Purpose.FILE, salt)[:16]
        sealed = seal_object(office.store, item, file_key, readinto, progress)
        envelope = object_envelope(
            office.vault_id, ledger.id, sealed, office.keychain.item(ledger.id, epoch, Purpose.OBJECT, salt), epoch
        )
        self._change.add(schema.item, id=item, case=ledger.id, salt=salt)
        state = "stored" if sealed.inline is None else "inline"
        self._change.add(
            schema.object_, item=item, blake3=sealed.blake3, state=state, sealed=envelope, payload=sealed.inline
        )
        self._made.add(sealed.blake3)
        return sealed

    def erase(self, items: Sequence[bytes]) -> None:
        """Destroy items of this case with the commit; an entry ``erased`` of the same write names them (``items``)."""
        destroy(self._change, self.ledger.id, items)

    def duty(self, duty: Duty, item: bytes | None = None) -> Stored:
        """A duty row under the audit key: new, or the next revision of one."""
        ledger = self.ledger
        known = ledger.state.duties.get(item) if item is not None else None
        if item is not None and known is None:
            raise NotFound(tr("There is no such record in this case."))
        duty_id, revision = item or new_id(), known.revision + 1 if known else 1
        epoch = self._epoch(KeyKind.AUDIT)
        packed, salt = packed_body(duty_body(duty)), os.urandom(32)
        key = ledger.office.keychain.purpose(ledger.id, KeyKind.AUDIT, epoch, Purpose.DUTY)
        sealed = seal_packed(key, duty_place(ledger, duty_id, revision), epoch, packed, salt)
        commitment = duty_commitment(salt, packed)
        self._change.add(
            schema.duty, id=duty_id, case=ledger.id, revision=revision, sealed=sealed, commitment=commitment
        )
        self._made.add(commitment)
        return Stored(duty_id, 0, revision, commitment)

    def entry(
        self,
        action: str,
        *,
        records: Sequence[Stored] = (),
        objects: Sequence[SealedObject] = (),
        duties: Sequence[Stored] = (),
        subject: str | None = None,
        purpose: str | None = None,
        digest: bytes | None = None,
        counterparty: str | None = None,
        details: Mapping[str, Json] | None = None,
    ) -> None:
        """One entry of the chain of custody; it names what it writes."""
        said: dict[str, Json] = dict(details or {})
        if records:
            said["records"] = [record_said(one) for one in records]
        if objects:
            said["objects"] = [[one.item.hex(), one.blake3.hex()] for one in objects]
        if duties:
            said["duties"] = [[one.item.hex(), one.revision, one.commitment.hex()] for one in duties]
        self._named.update(one.commitment for one in (*records, *duties))
        self._named.update(one.blake3 for one in objects)
        self._drafts.append(Draft(action, subject, purpose, digest, counterparty, said or None))

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return not self._drafts

    def draft(self, draft: Draft) -> None:
        """One entry that names nothing written here."""
        self._drafts.append(draft)

    def commit(self) -> Committed:
        """Write everything in one transaction. Raises StorageFailed (nothing was written), NotPermitted,
        HeadRefused.
        """
        with self.ledger.office.database.one_writer:
            return self._commit()

    def _commit(self) -> Committed:
        if self.keeper is not None:
            # Another opening of the case in this process may have written what is due since: follow it first.
            self.ledger.refresh()
            self.keeper(self)
        if self._made - self._named or not self._drafts:
            raise AssertionError("every record, duty and object of a write must be named by one of its entries")
        return self.ledger.commit(self._drafts, self._change)


def record_said(one: Stored) -> Json:
    """A record as an entry names it."""
    return [one.item.hex(), one.kind, one.revision, one.commitment.hex()]
