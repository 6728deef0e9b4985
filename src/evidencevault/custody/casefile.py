"""One opened case: its records, objects and entries, and the one way to write. The face that casework and evidence use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from evidencevault.custody import access
from evidencevault.custody.access import CaseLedger
from evidencevault.custody.casestate import Latest
from evidencevault.custody.entry import FieldValue, Json, ReadEntry
from evidencevault.custody.office import Draft, Member, Office, new_id
from evidencevault.errors import Damaged, NotFound, NotPermitted
from evidencevault.formats import signatures
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.canonical import Value
from evidencevault.vault.change import Change, Committed
from evidencevault.vault.envelope import (
    Place,
    duty_commitment,
    epoch_of,
    packed_body,
    record_commitment,
    seal_packed,
    unseal,
)
from evidencevault.vault.keys import PublicKeys
from evidencevault.vault.objectrows import object_envelope, open_object
from evidencevault.vault.objects import ObjectReader, SealedObject, seal_object
from evidencevault.vault.registry import Field, KeyKind, Kind, Purpose

__all__ = [
    "CaseFile",
    "Duty",
    "Kind",
    "Record",
    "SeenEntry",
    "Stored",
    "Value",
    "Write",
    "create_case",
    "open_case",
    "read_duties",
]


@dataclass(frozen=True, slots=True)
class Record:
    """One revision of a record as read: ``body`` without its version, ``sequence`` of the entry that wrote it."""

    item: bytes
    kind: Kind
    revision: int
    body: Mapping[str, Value]
    commitment: bytes
    sequence: int


@dataclass(frozen=True, slots=True)
class Stored:
    """One revision of a record (or duty) about to be written; an entry of the same write must name it."""

    item: bytes
    kind: int
    revision: int
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Duty:
    """Something due: policy step, accountable role, when (UTC seconds or None), ``open`` or ``done``, and for what."""

    step: str
    role: str
    due: int | None
    state: str
    ref: str


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty row as read with the audit key."""

    id: bytes
    reference: str
    duty: Duty


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry for reading. Fields of bodies that this member may not read are None."""

    sequence: int
    time: str
    zone: str
    actor: bytes
    actor_name: str
    action: str
    subject: FieldValue
    purpose: FieldValue
    place: FieldValue
    digest: FieldValue
    counterparty: FieldValue
    details: FieldValue


class CaseFile:
    """A case of which this member holds the content key."""

    def __init__(self, ledger: CaseLedger) -> None:
        if not ledger.office.keychain.holds(ledger.id, KeyKind.CASE):
            raise NotPermitted(tr("You have not been given access to this case. Ask the officer who holds it."))
        self.ledger = ledger
        self._office = ledger.office

    @property
    def id(self) -> bytes:
        """16 random bytes."""
        return self.ledger.id

    @property
    def vault_id(self) -> bytes:
        """32 bytes, the root of trust."""
        return self._office.vault_id

    @property
    def reference(self) -> str:
        """Such as NL-2026-0001."""
        return self.ledger.reference

    @property
    def country(self) -> str:
        """The vault's country, ISO 3166."""
        return self._office.country

    @property
    def member(self) -> Member:
        """Who is working."""
        return self._office.member

    def now(self) -> datetime:
        """The clock, with its zone."""
        return self._office.clock()

    def require(self, *roles: str) -> None:
        """Raise NotPermitted unless the member has one of these roles and holds the case."""
        self._office.require(*roles)

    # --- reading

    def records(self, kind: Kind) -> list[Record]:
        """The latest revision of each record of a kind, in the order in which the records were made."""
        wanted = [one for one in self.ledger.state.of_kind(kind) if one.item not in self.ledger.state.erased]
        return list(self._opened(wanted))

    def record(self, item: bytes, revision: int | None = None) -> Record:
        """One record, newest or a given revision. Raises NotFound, Damaged."""
        state = self.ledger.state
        latest = state.records.get(item) if revision is None else state.revisions.get((item, revision))
        if latest is None or item in state.erased:
            raise NotFound(tr("There is no such record in this case."))
        return next(iter(self._opened([latest])))

    def history(self, item: bytes) -> list[Record]:
        """All revisions, oldest first."""
        newest = self.record(item).revision
        return [self.record(item, revision) for revision in range(1, newest + 1)]

    def _opened(self, wanted: Sequence[Latest]) -> Iterator[Record]:
        table, items = schema.record, schema.item
        for start in range(0, len(wanted), 500):
            part = {one.item: one for one in wanted[start : start + 500]}
            query = (
                select(table, items.c.salt)
                .join(items, items.c.id == table.c.item)
                .where(table.c.item.in_(list(part)), items.c.case == self.id)
            )
            with self._office.database.reading() as connection:
                rows = {(row.item, row.revision): row for row in connection.execute(query)}
            for one in part.values():
                row = rows.get((one.item, one.revision))
                if row is None:
                    raise Damaged(
                        tr("A record that the chain of custody names (entry {n}) is missing.").format(n=one.sequence)
                    )
                yield open_record(self.ledger, one, row.sealed, row.salt)

    def entries(self, start: int = 0) -> Iterator[SeenEntry]:
        """The chain of custody, oldest first."""
        for entry in self.ledger.ledger.read(start):
            yield self._seen(entry)

    def raw_entries(self, start: int = 0) -> Iterator[ReadEntry]:
        """Entries with values, salts and commitments, for proofs."""
        return self.ledger.ledger.read(start)

    def _seen(self, entry: ReadEntry) -> SeenEntry:
        fields = entry.fields or {}
        head = entry.head
        return SeenEntry(
            entry.sequence,
            head.time,
            head.zone,
            head.actor,
            self._office.standing.handle(head.actor),
            head.action,
            *(
                fields.get(one)
                for one in (Field.SUBJECT, Field.PURPOSE, Field.PLACE, Field.DIGEST, Field.COUNTERPARTY, Field.DETAILS)
            ),
        )

    def open_object(self, item: bytes) -> ObjectReader:
        """A stored file. Raises NotFound, Damaged."""
        if item not in self.ledger.state.objects or item in self.ledger.state.erased:
            raise NotFound(tr("There is no such file in this case."))
        return open_case_object(self.ledger, item)

    # --- writing

    def write(self) -> Write:
        """Begin a write; nothing is visible before its commit."""
        access.ready(self.ledger)
        return Write(self)

    # --- signatures

    def basis(self) -> bytes:
        """u64 size ‖ root 32 of the vault ledger as seen."""
        return self._office.basis.packed()

    def sign(self, namespace: str, message: bytes) -> bytes:
        """A binary SSHSIG by this member."""
        return self._office.identity.sign(namespace, message)

    def verify_signature(self, key_id: bytes, namespace: str, message: bytes, blob: bytes) -> bool:
        """Whether a member's key made this SSHSIG."""
        public = self._office.public_keys(key_id)
        return public is not None and signatures.sshsig_verify(blob, message, namespace, public.sign)

    def public_keys(self, key_id: bytes) -> PublicKeys | None:
        """Public keys of a member, any generation."""
        return self._office.public_keys(key_id)

    def handle(self, key_id: bytes) -> str:
        """The member behind a key."""
        return self._office.standing.handle(key_id)

    def roles(self, key_id: bytes) -> frozenset[str]:
        """Roles of the member behind a key."""
        return self._office.standing.roles(key_id)

    @property
    def office(self) -> Office:
        """The unlocked vault."""
        return self._office


def open_record(ledger: CaseLedger, one: Latest, sealed: bytes, salt: bytes | None) -> Record:
    """Open one stored revision and hold it against the ledger. Raises Damaged."""
    if salt is None:
        raise Damaged(tr("A record of entry {n} has lost its salt.").format(n=one.sequence))
    place = Place(ledger.office.vault_id, Purpose.RECORD, ledger.id, one.item, one.kind, one.revision)
    key = ledger.office.keychain.item(ledger.id, one.epoch, Purpose.RECORD, salt)
    opened = unseal(key, place, sealed)
    if opened.epoch != one.epoch or record_commitment(opened.salt, opened.packed) != one.commitment:
        raise Damaged(
            tr("A record is not the one that entry {n} of the chain of custody names.").format(n=one.sequence)
        )
    body = {name: value for name, value in opened.body.items() if name != "v"}
    return Record(one.item, Kind(one.kind), one.revision, body, one.commitment, one.sequence)


def open_case_object(ledger: CaseLedger, item: bytes) -> ObjectReader:
    """A stored file of a case, held against the digest in the ledger. Raises Damaged."""
    digest, sequence = ledger.state.objects[item]
    with ledger.office.database.reading() as connection:
        row = connection.execute(
            select(schema.object_, schema.item.c.salt, schema.item.c.case)
            .join(schema.item, schema.item.c.id == schema.object_.c.item)
            .where(schema.object_.c.item == item)
        ).first()
    if row is None or row.case != ledger.id or row.salt is None:
        raise Damaged(tr("A file that the chain of custody names (entry {n}) is missing.").format(n=sequence))
    if row.blake3.hex() != digest:
        raise Damaged(tr("A file is not the one that entry {n} of the chain of custody names.").format(n=sequence))
    keychain = ledger.office.keychain
    return open_object(
        ledger.office.store,
        ledger.office.vault_id,
        ledger.id,
        item,
        row.sealed,
        row.blake3,
        row.payload,
        lambda epoch, purpose: keychain.item(ledger.id, epoch, purpose, row.salt),
    )


@dataclass(slots=True)
class Write:
    """Collects what one commit writes. Large files are durable at once; everything else waits for :meth:`commit`."""

    case: CaseFile
    _change: Change = field(default_factory=Change)
    _drafts: list[Draft] = field(default_factory=list)
    _named: set[bytes] = field(default_factory=set)
    _made: set[bytes] = field(default_factory=set)
    _revisions: dict[bytes, int] = field(default_factory=dict)

    def record(self, kind: Kind, body: Mapping[str, Value], item: bytes | None = None) -> Stored:
        """A new record, or (with ``item``) the next revision of one. Sealed now, visible at commit."""
        ledger = self.case.ledger
        if item is None:
            item, salt, revision = self._new_item()
        else:
            salt, revision = self._salt(item), self._next_revision(item)
        self._revisions[item] = revision
        epoch = ledger.epoch(KeyKind.CASE)
        key = ledger.office.keychain.item(ledger.id, epoch, Purpose.RECORD, salt)
        place = Place(ledger.office.vault_id, Purpose.RECORD, ledger.id, item, int(kind), revision)
        packed, inner = packed_body(body), os.urandom(32)
        commitment = record_commitment(inner, packed)
        sealed = seal_packed(key, place, epoch, packed, inner)
        self._change.add(
            schema.record, item=item, kind=int(kind), revision=revision, sealed=sealed, commitment=commitment
        )
        self._made.add(commitment)
        return Stored(item, int(kind), revision, commitment)

    def _new_item(self) -> tuple[bytes, bytes, int]:
        item, salt = new_id(), os.urandom(32)
        self._change.add(schema.item, id=item, case=self.case.id, salt=salt)
        self._salts[item] = salt
        return item, salt, 1

    _salts: dict[bytes, bytes] = field(default_factory=dict)

    def _salt(self, item: bytes) -> bytes:
        if item in self._salts:
            return self._salts[item]
        with self.case.office.database.reading() as connection:
            row = connection.execute(select(schema.item).where(schema.item.c.id == item)).first()
        if row is None or row.case != self.case.id or row.salt is None:
            raise NotFound(tr("There is no such record in this case."))
        return bytes(row.salt)

    def _next_revision(self, item: bytes) -> int:
        if item in self._revisions:
            return self._revisions[item] + 1
        latest = self.case.ledger.state.records.get(item)
        if latest is None:
            raise NotFound(tr("There is no such record in this case."))
        return latest.revision + 1

    def store_object(self, readinto: Callable[[memoryview], int], progress: Progress) -> SealedObject:
        """Seal a file in one pass. Durable now when large, in its row at commit when small. Raises StorageFailed, Unreadable."""
        ledger, office = self.case.ledger, self.case.office
        item, salt = new_id(), os.urandom(32)
        epoch = ledger.epoch(KeyKind.CASE)
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

    def duty(self, duty: Duty, item: bytes | None = None) -> Stored:
        """A duty row under the audit key: new, or the next revision of one."""
        ledger = self.case.ledger
        known = ledger.state.duties.get(item) if item is not None else None
        if item is not None and known is None:
            raise NotFound(tr("There is no such record in this case."))
        duty_id, revision = item or new_id(), known.revision + 1 if known else 1
        epoch = ledger.epoch(KeyKind.AUDIT)
        packed, salt = (
            packed_body({"step": duty.step, "role": duty.role, "due": duty.due, "state": duty.state, "ref": duty.ref}),
            os.urandom(32),
        )
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
            said["records"] = [_record_said(one) for one in records]
        if objects:
            said["objects"] = [[one.item.hex(), one.blake3.hex()] for one in objects]
        if duties:
            said["duties"] = [[one.item.hex(), one.revision, one.commitment.hex()] for one in duties]
        self._named.update(one.commitment for one in (*records, *duties))
        self._named.update(one.blake3 for one in objects)
        self._drafts.append(Draft(action, subject, purpose, digest, counterparty, said or None))

    def commit(self) -> Committed:
        """Write everything in one transaction. Raises StorageFailed (nothing was written), NotPermitted, HeadRefused."""
        if self._made - self._named or not self._drafts:
            raise AssertionError("every record, duty and object of a write must be named by one of its entries")
        return self.case.ledger.commit(self._drafts, self._change)


def duty_place(ledger: CaseLedger, duty_id: bytes, revision: int) -> Place:
    """Where a duty's envelope belongs."""
    return Place(ledger.office.vault_id, Purpose.DUTY, ledger.id, duty_id, int(Purpose.DUTY), revision)


def read_duties(ledger: CaseLedger) -> list[DueDuty]:
    """The newest revision of each duty, opened with A alone. Raises Damaged."""
    table = schema.duty
    newest: dict[bytes, DueDuty] = {}
    with ledger.office.database.reading() as connection:
        rows = connection.execute(select(table).where(table.c.case == ledger.id).order_by(table.c.revision)).all()
    for row in rows:
        duty, _ = open_duty(ledger, row.id, row.revision, row.sealed)
        newest[row.id] = DueDuty(row.id, ledger.reference, duty)
    return list(newest.values())


def open_duty(ledger: CaseLedger, duty_id: bytes, revision: int, sealed: bytes) -> tuple[Duty, bytes]:
    """A duty revision and its recomputed commitment. Raises Damaged."""
    key = ledger.office.keychain.purpose(ledger.id, KeyKind.AUDIT, epoch_of(sealed), Purpose.DUTY)
    opened = unseal(key, duty_place(ledger, duty_id, revision), sealed)
    match opened.body:
        case {"step": str(step), "role": str(role), "due": int() | None as due, "state": str(state), "ref": str(ref)}:
            return Duty(step, role, due, state, ref), duty_commitment(opened.salt, opened.packed)
        case _:
            raise Damaged(tr("A duty is malformed."))


def create_case(office: Office, body: Mapping[str, Value]) -> CaseFile:
    """Open a new case with its first record (Kind.CASE); granted to its creator and the recovery key, A to oversight."""
    change = Change()
    ledger, drafts = access.start_case(office, change)
    write = Write(CaseFile(ledger), change)
    first = write.record(Kind.CASE, body)
    opened = drafts[0]
    details = (
        {**opened.details, "records": [_record_said(first)]} if isinstance(opened.details, dict) else opened.details
    )
    ledger.commit([Draft(opened.action, details=details), *drafts[1:]], change)
    office.store_keyring()
    return write.case


def _record_said(one: Stored) -> Json:
    return [one.item.hex(), one.kind, one.revision, one.commitment.hex()]


def open_case(office: Office, reference: str) -> CaseFile:
    """Open a case by reference. Raises NotFound (also for what is not granted), HeadRefused, Damaged."""
    return CaseFile(access.open_ledger(office, access.find_case(office, reference)))


def cases(office: Office) -> Iterable[CaseFile]:
    """Every case whose content this member holds."""
    return (CaseFile(access.open_ledger(office, case)) for case in access.visible_cases(office))
