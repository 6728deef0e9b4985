"""Stored rows of a case opened and held against its ledger: records, objects, duties."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import select

from evidencevault.custody.access import CaseLedger
from evidencevault.custody.office import Office
from evidencevault.custody.revisions import Latest
from evidencevault.errors import Damaged
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.canonical import Value
from evidencevault.vault.envelope import (
    Place,
    duty_commitment,
    epoch_of,
    packed_body,
    record_commitment,
    seal_packed,
    unseal,
)
from evidencevault.vault.objectrows import open_object
from evidencevault.vault.objects import ObjectReader
from evidencevault.vault.registry import KeyKind, Kind, Purpose


class Kept(Protocol):
    """What a replayed ledger says of records and files."""

    @property
    def records(self) -> Mapping[bytes, Latest]:
        """The newest revision by item."""

    @property
    def revisions(self) -> Mapping[tuple[bytes, int], Latest]:
        """Every revision."""

    @property
    def objects(self) -> Mapping[bytes, tuple[str, int]]:
        """BLAKE3 (hex) and sequence by item."""

    @property
    def erased(self) -> AbstractSet[bytes]:
        """Items whose salt was destroyed."""


class Keeper(Protocol):
    """A case's ledger, or the vault's: whose records are read."""

    @property
    def office(self) -> Office:
        """The unlocked vault."""

    @property
    def id(self) -> bytes:
        """The ledger's id (16 bytes)."""

    @property
    def state(self) -> Kept:
        """As replayed."""


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
class Duty:
    """Something due: policy step, accountable role, when (UTC seconds or None), ``open``, ``done`` or ``dropped``, and
    for what.

    ``name`` is the step's in the policy's language, ``before`` an earlier time from which it was moved, ``escalate_to``
    the roles to which it goes when it is late, ``answered`` when somebody answered for it.
    """

    step: str
    role: str
    due: int | None
    state: str
    ref: str
    name: str = ""
    done: int | None = None
    before: int | None = None
    escalate_to: tuple[str, ...] = ()
    answered: int | None = None


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty row as read with the audit key."""

    id: bytes
    reference: str
    duty: Duty


def seal_record(
    ledger: Keeper, salt: bytes, epoch: int, item: bytes, kind: Kind, revision: int, body: Mapping[str, Value]
) -> tuple[bytes, bytes]:
    """A revision's envelope under its item's key, and the commitment that an entry must name."""
    key = ledger.office.keychain.item(ledger.id, epoch, Purpose.RECORD, salt)
    place = Place(ledger.office.vault_id, Purpose.RECORD, ledger.id, item, int(kind), revision)
    packed, inner = packed_body(body), os.urandom(32)
    return seal_packed(key, place, epoch, packed, inner), record_commitment(inner, packed)


def open_records(ledger: Keeper, wanted: Sequence[Latest]) -> Iterator[Record]:
    """Stored revisions, each held against the ledger. Raises Damaged."""
    table, items = schema.record, schema.item
    for start in range(0, len(wanted), 500):
        part = {one.item: one for one in wanted[start : start + 500]}
        # The case is compared here: asked for it, SQLite walks through all items of a case for each part.
        query = (
            select(table, items.c.salt, items.c.case)
            .join(items, items.c.id == table.c.item)
            .where(table.c.item.in_(list(part)))
        )
        with ledger.office.database.reading() as connection:
            rows = {(row.item, row.revision): row for row in connection.execute(query) if row.case == ledger.id}
        for one in part.values():
            row = rows.get((one.item, one.revision))
            if row is None:
                raise Damaged(
                    tr("A record that the chain of custody names (entry {n}) is missing.").format(n=one.sequence)
                )
            yield open_record(ledger, one, row.sealed, row.salt)


def open_record(ledger: Keeper, one: Latest, sealed: bytes, salt: bytes | None) -> Record:
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
            first = Duty(step, role, due, state, ref)
        case _:
            raise Damaged(tr("A duty is malformed."))
    match {key: opened.body.get(key, empty) for key, empty in _MORE.items()}:
        case {
            "name": str(name), "done": int() | None as done, "before": int() | None as before,
            "answered": int() | None as answered, "escalate_to": list(roles),
        }:  # fmt: skip
            escalate_to = tuple(str(one) for one in roles)
        case _:
            raise Damaged(tr("A duty is malformed."))
    made = replace(first, name=name, done=done, before=before, answered=answered, escalate_to=escalate_to)
    return made, duty_commitment(opened.salt, opened.packed)


_MORE: Mapping[str, Value] = {"name": "", "done": None, "before": None, "answered": None, "escalate_to": []}


def duty_body(duty: Duty) -> dict[str, Value]:
    """The map to store; what is empty is left out, but for the first five."""
    body: dict[str, Value] = {
        "step": duty.step,
        "role": duty.role,
        "due": duty.due,
        "state": duty.state,
        "ref": duty.ref,
    }
    more: dict[str, Value] = {key: getattr(duty, key) for key in _MORE if key != "escalate_to"}
    if duty.escalate_to:
        more["escalate_to"] = list(duty.escalate_to)
    return {**body, **{key: value for key, value in more.items() if value not in (None, "")}}
