"""Rows of members' keys: a seed sealed under a passphrase, found by handle (formats.md §1)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from evidencevault.errors import Damaged, NotFound, WrongPassphrase
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.envelope import Place, seal, unseal
from evidencevault.vault.keys import Argon, Identity, PublicKeys
from evidencevault.vault.registry import Purpose


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One generation of a member's keys as stored."""

    handle: str
    generation: int
    public: PublicKeys
    argon: Argon
    seed: bytes
    keyring: bytes | None
    state: str


def _place(vault_id: bytes, key_id: bytes, generation: int) -> Place:
    return Place(vault_id, Purpose.SEED, item=key_id, kind=generation)


def key_values(
    vault_id: bytes,
    handle: str,
    generation: int,
    identity: Identity,
    passphrase: str,
    state: str,
    key_file: bytes | None = None,
) -> dict[str, object]:
    """The values of a ``member_key`` row, the seed sealed under the passphrase."""
    argon = Argon(os.urandom(16))
    sealed = seal(
        argon.key(passphrase, key_file), _place(vault_id, identity.key_id, generation), 0, {"seed": identity.seed}
    )
    return {
        "handle": handle,
        "generation": generation,
        "key_id": identity.key_id,
        "public": identity.public.data,
        "salt": argon.salt,
        "memory": argon.memory,
        "passes": argon.passes,
        "lanes": argon.lanes,
        "seed": sealed,
        "keyring": None,
        "state": state,
    }


def newest_key(connection: Connection, handle: str) -> KeyRow:
    """The newest usable generation of a handle; raises NotFound."""
    table = schema.member_key
    row = connection.execute(
        select(table)
        .where(table.c.handle == handle, table.c.state.in_(("active", "provisional")))
        .order_by(table.c.generation.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound(tr("There is no active user “{name}” in this vault.").format(name=handle))
    argon = Argon(row.salt, row.memory, row.passes, row.lanes)
    return KeyRow(row.handle, row.generation, PublicKeys(row.public), argon, row.seed, row.keyring, row.state)


def unlock(vault_id: bytes, row: KeyRow, passphrase: str, key_file: bytes | None = None) -> Identity:
    """The identity behind a passphrase. Raises WrongPassphrase; Damaged where the row's public keys are another's."""
    try:
        opened = unseal(
            row.argon.key(passphrase, key_file), _place(vault_id, row.public.key_id, row.generation), row.seed
        )
    except Damaged as error:
        raise WrongPassphrase(
            (
                tr("That passphrase does not open the keys of “{name}”. Nothing was changed.")
                if key_file is None
                else tr("That passphrase and key file together do not open the keys of “{name}”. Nothing was changed.")
            ).format(name=row.handle)
        ) from error
    seed = opened.body.get("seed")
    if not isinstance(seed, bytes) or len(seed) != 32:
        raise Damaged(tr("The sealed keys of a user are malformed."))
    identity = Identity(seed)
    if identity.public != row.public:
        raise Damaged(tr("The public keys stored for “{name}” are not their own.").format(name=row.handle))
    return identity


def reseal(connection: Connection, vault_id: bytes, row: KeyRow, identity: Identity, passphrase: str) -> None:
    """Put the same seed under another passphrase."""
    values = key_values(vault_id, row.handle, row.generation, identity, passphrase, row.state)
    del values["keyring"]
    connection.execute(update(schema.member_key).where(schema.member_key.c.key_id == identity.key_id).values(values))


def store_keyring(connection: Connection, key_id: bytes, keyring: bytes) -> None:
    """Replace the cache of opened keys."""
    connection.execute(update(schema.member_key).where(schema.member_key.c.key_id == key_id).values(keyring=keyring))


def add_member(connection: Connection, handle: str) -> None:
    """Insert the member's row where it is not there yet."""
    known = connection.execute(select(schema.member.c.handle).where(schema.member.c.handle == handle)).first()
    if known is None:
        connection.execute(insert(schema.member).values(handle=handle, state="active"))
