"""A vault's raw rows, tried with every key that one member can get: what a curious member with the file can read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from evidencevault.custody.office import Office
from evidencevault.errors import Damaged
from evidencevault.formats.age_stream import SEALED_CHUNK, payload_key
from evidencevault.vault.envelope import Opened, Place, unseal
from evidencevault.vault.grants import open_grant
from evidencevault.vault.keys import Identity, item_key, purpose_key
from evidencevault.vault.registry import OBJECT_KIND, ZERO_ID, KeyKind, Purpose
from evidencevault.vault.stores import object_name

NONCE = 16


@dataclass
class Raw:
    """The rows of a vault and the keys of a member: those in their keyring, and all that the rows give."""

    folder: Path
    vault_id: bytes
    identity: Identity
    keys: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, office: Office, folder: Path) -> Raw:
        """With what the member's program holds, and held before."""
        raw = cls(folder, office.vault_id, office.identity)
        for kind in KeyKind:
            for case in office.keychain.cases(kind):
                newest = office.keychain.newest(case, kind)
                raw.keys |= {office.keychain.key(case, kind, n) for n in range(1, newest + 1)}
        raw.take()
        return raw

    def rows(self, query: str) -> list[tuple[bytes, ...]]:
        with closing(sqlite3.connect(self.folder / "vault.db")) as database:
            return database.execute(query).fetchall()

    def take(self) -> None:
        """Every grant, chain and link that opens, until no further one does."""
        for (blob,) in self.rows('SELECT blob FROM "grant"'):
            grant = open_grant(self.vault_id, self.identity, blob)
            if grant is not None:
                self.keys.add(grant.key)
        before = -1
        while before != len(self.keys):
            before = len(self.keys)
            for case, kind, n, chain, link in self.rows('SELECT "case", kind, n, chain, link FROM epoch'):
                for purpose, sealed in ((Purpose.CHAIN, chain), (Purpose.LINK, link)):
                    opened = self.tried(sealed, Place(self.vault_id, purpose, case, ZERO_ID, kind, n))
                    if opened is not None:
                        self.keys.add(bytes(opened.body["key"]))  # type: ignore[arg-type]

    def tried(self, sealed: bytes | None, place: Place, salt: bytes | None = None) -> Opened | None:
        for key in self.derived(salt):
            try:
                return unseal(key, place, sealed or b"")
            except Damaged:
                continue
        return None

    def derived(self, salt: bytes | None) -> Iterator[bytes]:
        for key in self.keys:
            for purpose in Purpose:
                own = purpose_key(key, purpose)
                yield own
                if salt is not None:
                    yield item_key(own, salt)

    def read(self) -> dict[str, bytes]:
        """Every plaintext that opens, by a name of its place. Those of the vault itself are left out."""
        return {**dict(self._entries()), **dict(self._records()), **dict(self._duties()), **dict(self._objects())}

    def _entries(self) -> Iterator[tuple[str, bytes]]:
        for ledger, sequence, head, body in self.rows("SELECT ledger, sequence, head, body FROM entry"):
            for purpose, sealed in ((Purpose.HEAD, head), (Purpose.BODY, body)):
                place = Place(self.vault_id, purpose, ledger, ledger, int(purpose), sequence)
                opened = self.tried(sealed, place) if ledger != ZERO_ID else None
                if opened is not None:
                    yield f"entry {sequence} {purpose.name} {ledger.hex()}", opened.packed

    def _records(self) -> Iterator[tuple[str, bytes]]:
        query = (
            'SELECT i."case", r.item, r.kind, r.revision, r.sealed, i.salt FROM record r JOIN item i ON i.id = r.item'
        )
        for case, item, kind, revision, sealed, salt in self.rows(query):
            opened = self.tried(sealed, Place(self.vault_id, Purpose.RECORD, case, item, kind, revision), salt)
            if opened is not None and case != ZERO_ID:
                yield f"record {item.hex()} {revision}", opened.packed

    def _duties(self) -> Iterator[tuple[str, bytes]]:
        for one, case, revision, sealed in self.rows('SELECT id, "case", revision, sealed FROM duty'):
            place = Place(self.vault_id, Purpose.DUTY, case, one, int(Purpose.DUTY), revision)
            opened = self.tried(sealed, place)
            if opened is not None:
                yield f"duty {one.hex()} {revision}", opened.packed

    def _objects(self) -> Iterator[tuple[str, bytes]]:
        query = 'SELECT i."case", o.item, o.sealed, o.payload, i.salt FROM object o JOIN item i ON i.id = o.item'
        for case, item, sealed, payload, salt in self.rows(query):
            place = Place(self.vault_id, Purpose.OBJECT, case, item, OBJECT_KIND, 1)
            opened = self.tried(sealed, place, salt)
            if opened is not None:
                yield f"object {item.hex()} row", opened.packed
            name = object_name(item)
            stored = payload or (self.folder / "objects" / name[:2] / name[2:4] / name).read_bytes()
            # Of how many bytes the one chunk of a small payload is stands in its sealed row alone.
            length = opened.body["length"] if opened is not None else SEALED_CHUNK + 1
            plain = self._first_chunk(stored, salt, int(str(length)))
            if plain is not None:
                yield f"object {item.hex()} bytes", plain

    def _first_chunk(self, stored: bytes, salt: bytes, length: int) -> bytes | None:
        nonce, chunk = stored[:NONCE], stored[NONCE : NONCE + min(length, SEALED_CHUNK)]
        place = bytes(11) + (b"\x00" if length > SEALED_CHUNK else b"\x01")
        for key in self.derived(salt):
            try:
                return ChaCha20Poly1305(payload_key(key[:16], nonce)).decrypt(place, chunk, None)
            except InvalidTag:
                continue
        return None
