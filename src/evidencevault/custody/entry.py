"""Ledger entries: fields under salted commitments, sealed in a head (audit key) and a body (content key) (formats.md
§5).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from evidencevault.errors import Damaged
from evidencevault.formats.merkle import leaf_hash
from evidencevault.resources import tr
from evidencevault.vault.canonical import Value
from evidencevault.vault.change import EntryRow
from evidencevault.vault.envelope import Place, epoch_of, seal, unseal
from evidencevault.vault.keychain import Keychain, audit_kind, content_kind
from evidencevault.vault.keys import sha256
from evidencevault.vault.registry import ENTRY_LABEL, FIELD_LABEL, SEALED_UNDER_AUDIT, Field, Purpose

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
FieldValue = None | str | int | bytes | list[Json] | dict[str, Json]


@dataclass(frozen=True, slots=True)
class Basis:
    """The vault ledger its actor saw: entries and root."""

    size: int
    root: bytes

    def packed(self) -> bytes:
        """u64 size ‖ root 32."""
        return self.size.to_bytes(8, "big") + self.root


NO_BASIS = Basis(0, sha256())


@dataclass(frozen=True, slots=True)
class Head:
    """Field 1: when (RFC 3339 with offset), in which zone, who (16-byte key id), what, on which basis."""

    time: str
    zone: str
    actor: bytes
    action: str
    basis: Basis

    def to_json(self) -> dict[str, Json]:
        """As committed."""
        return {
            "action": self.action,
            "actor": self.actor.hex(),
            "basis": [self.basis.size, self.basis.root.hex()],
            "time": self.time,
            "zone": self.zone,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry before it has a place. ``fields`` holds fields 2 to 7; absent ones are left out of the leaf."""

    head: Head
    fields: Mapping[Field, FieldValue]
    once: bytes | None = None


def encode_value(value: FieldValue) -> bytes:
    """u8 type (0 null, 1 text, 2 i64, 3 bytes, 4 JSON) ‖ bytes."""
    if value is None:
        return b"\0"
    if isinstance(value, str):
        return b"\1" + value.encode()
    if isinstance(value, int):
        return b"\2" + value.to_bytes(8, "big", signed=True)
    if isinstance(value, bytes):
        return b"\3" + value
    return b"\4" + canonical_json(value)


def canonical_json(value: Json) -> bytes:
    """RFC 8785 for values without floats and with ASCII keys, where the standard library already writes that form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def decode_value(data: bytes) -> FieldValue:
    """The inverse; raises Damaged."""
    kind, rest = data[:1], data[1:]
    try:
        if kind == b"\0" and not rest:
            return None
        if kind == b"\1":
            return rest.decode()
        if kind == b"\2" and len(rest) == 8:
            return int.from_bytes(rest, "big", signed=True)
        if kind == b"\3":
            return rest
        if kind == b"\4":
            return cast(FieldValue, json.loads(rest.decode()))
    except ValueError as error:
        raise Damaged(tr("A field of a custody entry is malformed.")) from error
    raise Damaged(tr("A field of a custody entry is malformed."))


def field_commitment(number: int, salt: bytes, value: bytes) -> bytes:
    """C_i = H(label ‖ u8 field ‖ salt ‖ u32 length ‖ value)."""
    return sha256(FIELD_LABEL, bytes((number,)), salt, len(value).to_bytes(4, "big"), value)


def salts(seed: bytes, count: int) -> list[bytes]:
    """``count`` salts of 32 bytes from one seed, SHAKE256 (FIPS 202)."""
    stream = hashlib.shake_256(seed).digest(32 * count)
    return [stream[32 * n : 32 * n + 32] for n in range(count)]


def leaf_data(ledger: bytes, sequence: int, commitments: bytes) -> bytes:
    """What the Merkle leaf hashes: label ‖ ledger ‖ u64 sequence ‖ packed commitments."""
    return ENTRY_LABEL + ledger + sequence.to_bytes(8, "big") + commitments


def pack_commitments(commitments: Mapping[int, bytes]) -> bytes:
    """u8 n ‖ (u8 field ‖ 32 bytes), ascending."""
    return bytes((len(commitments),)) + b"".join(bytes((n,)) + commitments[n] for n in sorted(commitments))


def unpack_commitments(data: bytes) -> dict[int, bytes]:
    """The inverse; raises Damaged."""
    count = data[0] if data else 0
    if not data or len(data) != 1 + 33 * count:
        raise Damaged(tr("The commitments of a custody entry are cut."))
    found = {data[place]: data[place + 1 : place + 33] for place in range(1, len(data), 33)}
    numbers = list(found)
    if len(numbers) != count or numbers != sorted(numbers):
        raise Damaged(tr("The commitments of a custody entry are out of order."))
    return found


@dataclass(frozen=True, slots=True)
class LedgerKeys:
    """Which ledger, and under which epochs its next entries are sealed."""

    keychain: Keychain
    ledger: bytes
    content_epoch: int
    audit_epoch: int

    def place(self, purpose: Purpose, sequence: int) -> Place:
        """Where an entry's envelope belongs."""
        return Place(self.keychain.vault_id, purpose, self.ledger, self.ledger, int(purpose), sequence)

    def head_key(self, epoch: int) -> bytes:
        """Key of heads in an audit epoch."""
        return self.keychain.purpose(self.ledger, audit_kind(self.ledger), epoch, Purpose.HEAD)

    def body_key(self, epoch: int) -> bytes:
        """Key of bodies in a content epoch."""
        return self.keychain.purpose(self.ledger, content_kind(self.ledger), epoch, Purpose.BODY)


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry with its keys, waiting for its place (``vault.change`` asks for it at commit)."""

    keys: LedgerKeys
    entry: Entry
    head_seed: bytes = field(default_factory=lambda: os.urandom(32))
    body_seed: bytes = field(default_factory=lambda: os.urandom(32))

    def placed(self, sequence: int) -> EntryRow:
        """Seal and commit at a sequence."""
        head = encode_value(self.entry.head.to_json())
        present = sorted(number for number, value in self.entry.fields.items() if value is not None)
        values = {number: encode_value(self.entry.fields[number]) for number in present}
        commitments = {int(Field.HEAD): field_commitment(Field.HEAD, salts(self.head_seed, 1)[0], head)}
        for number, salt in zip(present, salts(self.body_seed, len(present)), strict=True):
            commitments[int(number)] = field_commitment(number, salt, values[number])
        packed = pack_commitments(commitments)
        fields: dict[str, Value] = {str(int(number)): value for number, value in values.items()}
        rest: dict[str, Value] = {"seed": self.body_seed, "fields": fields}
        under_audit = self.entry.head.action in SEALED_UNDER_AUDIT
        plain: dict[str, Value] = {"seed": self.head_seed, "head": head}
        if under_audit:
            plain["rest"] = rest
        keys = self.keys
        sealed_head = seal(keys.head_key(keys.audit_epoch), keys.place(Purpose.HEAD, sequence), keys.audit_epoch, plain)
        body = b""
        if not under_audit:
            body = seal(keys.body_key(keys.content_epoch), keys.place(Purpose.BODY, sequence), keys.content_epoch, rest)
        leaf = leaf_hash(leaf_data(keys.ledger, sequence, packed))
        return EntryRow(sealed_head, body, packed, leaf, self.entry.once)


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry as read back and checked against its own commitments. ``fields`` is None where the body is not for
    us.
    """

    sequence: int
    head: Head
    fields: Mapping[Field, FieldValue] | None
    values: Mapping[int, bytes]  # encoded values by field, as committed; the head too
    salts: Mapping[int, bytes]
    commitments: Mapping[int, bytes]
    leaf: bytes
    head_epoch: int
    body_epoch: int
    once: bytes | None

    @property
    def action(self) -> str:
        """What was done."""
        return self.head.action

    @property
    def details(self) -> dict[str, Json]:
        """Field 7 where it is readable, else empty."""
        value = self.fields.get(Field.DETAILS) if self.fields is not None else None
        return value if isinstance(value, dict) else {}


def read_entry(keys: LedgerKeys, sequence: int, row: EntryRow) -> ReadEntry:
    """Open one row; raises Damaged where anything in it is not what its leaf says."""
    commitments = unpack_commitments(row.commitments)
    if leaf_hash(leaf_data(keys.ledger, sequence, row.commitments)) != row.leaf:
        raise Damaged(tr("Entry {n}: its commitments and its leaf disagree.").format(n=sequence))
    head_epoch = epoch_of(row.head)
    opened = unseal(keys.head_key(head_epoch), keys.place(Purpose.HEAD, sequence), row.head).body
    head_bytes, head_seed = opened.get("head"), opened.get("seed")
    if not isinstance(head_bytes, bytes) or not isinstance(head_seed, bytes):
        raise Damaged(tr("Entry {n}: its head is malformed.").format(n=sequence))
    head = _parse_head(sequence, head_bytes)
    values: dict[int, bytes] = {int(Field.HEAD): head_bytes}
    used = {int(Field.HEAD): salts(head_seed, 1)[0]}
    rest, body_epoch = _rest(keys, sequence, row, head, opened)
    fields: dict[Field, FieldValue] | None = None
    if rest is not None:
        fields = _fields(sequence, rest, values, used)
        if set(values) != set(commitments):
            raise Damaged(tr("Entry {n}: fields were added or taken out.").format(n=sequence))
    for number, value in values.items():
        if field_commitment(number, used[number], value) != commitments.get(number):
            raise Damaged(tr("Entry {n}: a field does not match its commitment.").format(n=sequence))
    return ReadEntry(sequence, head, fields, values, used, commitments, row.leaf, head_epoch, body_epoch, row.once)


def _rest(
    keys: LedgerKeys, sequence: int, row: EntryRow, head: Head, opened: Mapping[str, Value]
) -> tuple[Mapping[str, Value] | None, int]:
    if head.action in SEALED_UNDER_AUDIT:
        rest = opened.get("rest")
        if row.body or not isinstance(rest, dict):
            raise Damaged(tr("Entry {n}: its fields are not where they belong.").format(n=sequence))
        return rest, 0
    epoch = epoch_of(row.body)
    if not keys.keychain.holds(keys.ledger, content_kind(keys.ledger), epoch):
        return None, epoch
    return unseal(keys.body_key(epoch), keys.place(Purpose.BODY, sequence), row.body).body, epoch


def _fields(
    sequence: int, rest: Mapping[str, Value], values: dict[int, bytes], used: dict[int, bytes]
) -> dict[Field, FieldValue]:
    seed, raw = rest.get("seed"), rest.get("fields")
    if not isinstance(seed, bytes) or not isinstance(raw, dict):
        raise Damaged(tr("Entry {n}: its body is malformed.").format(n=sequence))
    fields: dict[Field, FieldValue] = {}
    numbers = sorted(int(number) for number in raw)
    for number, salt in zip(numbers, salts(seed, len(numbers)), strict=True):
        value = raw[str(number)]
        if not isinstance(value, bytes):
            raise Damaged(tr("Entry {n}: its body is malformed.").format(n=sequence))
        values[number], used[number] = value, salt
        fields[Field(number)] = decode_value(value)
    return fields


def _parse_head(sequence: int, data: bytes) -> Head:
    match decode_value(data):
        case {
            "action": str(action),
            "actor": str(actor),
            "basis": [int(size), str(root)],
            "time": str(time),
            "zone": str(zone),
        }:
            return Head(time, zone, bytes.fromhex(actor), action, Basis(size, bytes.fromhex(root)))
        case _:
            raise Damaged(tr("Entry {n}: its head is malformed.").format(n=sequence))
