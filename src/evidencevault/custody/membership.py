"""Acts on the vault itself: found it, invite, replace keys, change roles, retire, recover (formats.md §1)."""

from __future__ import annotations

import base64
import contextlib
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select, update

from evidencevault.custody import access
from evidencevault.custody.agreement import agreed
from evidencevault.custody.entry import Json
from evidencevault.custody.grantlog import add_grant
from evidencevault.custody.office import Clock, Draft, Office, read_vault_id, system_clock
from evidencevault.custody.standing import ROLES, encode_public, replaced_message
from evidencevault.errors import NotFound, NotPermitted, Refused, StorageFailed, UsageError
from evidencevault.resources import tr
from evidencevault.vault import members, schema
from evidencevault.vault.canonical import pack
from evidencevault.vault.change import Change
from evidencevault.vault.database import LOCK, Database
from evidencevault.vault.grants import commit_of
from evidencevault.vault.heads import RememberedHeads, state_folder
from evidencevault.vault.keychain import add_epoch
from evidencevault.vault.keys import Identity, PublicKeys, sha256
from evidencevault.vault.registry import DATABASE_FILE, FORMAT_VERSION, ZERO_ID, KeyKind
from evidencevault.vault.shares import Recovery, combine, prepare

REPLACED_NAMESPACE = "evidencevault-replaced"


@dataclass(frozen=True, slots=True)
class Founded:
    """A new vault: its office (unlocked) and the recovery shares, to be shown once."""

    office: Office
    shares: tuple[str, ...]
    threshold: int


def row_digest(values: dict[str, object]) -> str:
    """H over what is stable in a key row: its change is seen without its passphrase."""
    names = ("handle", "generation", "key_id", "public", "salt", "memory", "passes", "lanes", "seed")
    return sha256(pack({name: values[name] for name in names})).hex()  # type: ignore[misc]


def check_handle(name: str) -> str:
    """A login name: 1-64 printable characters without separators at its ends; raises UsageError."""
    plain = unicodedata.normalize("NFC", name)
    if not plain.strip() or plain != plain.strip() or len(plain) > 64 or not plain.isprintable():
        raise UsageError(tr("A user's name has 1 to 64 printable characters, without spaces at its ends."))
    return plain


def found(
    folder: Path,
    *,
    organisation: str,
    country: str,
    name: str,
    roles: frozenset[str],
    passphrase: str,
    threshold: int = 2,
    shares: int = 3,
    recovery: Recovery | None = None,
    key_file: bytes | None = None,
    clock: Clock = system_clock,
) -> Founded:
    """Make a vault in ``folder`` (made if missing, must be empty) with its first member, who is also admin.

    ``recovery`` are shares prepared before, in place of ``threshold`` and ``shares``. Where it fails, nothing is left
    in the folder. Raises UsageError, Refused, StorageFailed.
    """
    name = check_handle(name)
    _check_roles(roles)
    if len(country) != 2 or not country.isascii() or not country.isupper():
        raise UsageError(tr("The country is two capital letters (ISO 3166), such as NL."))
    made_here = not folder.exists()
    check_empty(folder)
    _make_folder(folder)
    database = Database.create(folder)
    given = recovery or prepare(threshold, shares)
    try:
        identity, recovering = Identity(os.urandom(32)), Identity(given.seed)
        random, key = os.urandom(32), os.urandom(32)
        vault_id = sha256(random, identity.public.data, recovering.public.data)
        row = members.key_values(vault_id, name, 1, identity, passphrase, "active", key_file)
        office = Office(database, vault_id, identity, name, RememberedHeads(state_folder()), clock)
        office.keychain.put(ZERO_ID, KeyKind.VAULT, 1, key)
        change = Change()
        made = clock().isoformat(timespec="seconds")
        change.add(schema.vault, id=vault_id, format=FORMAT_VERSION, created=made)
        change.add(schema.member, handle=name, state="active")
        change.add(schema.member_key, **row)
        add_epoch(change, vault_id, ZERO_ID, KeyKind.VAULT, 1, key, None)
        details: Json = {
            "random": random.hex(),
            "member": name,
            "public": encode_public(identity.public),
            "row": row_digest(row),
            "recovery": encode_public(recovering.public),
            "roles": [*sorted(roles | {"admin"})],
            "commit": commit_of(key).hex(),
            "country": country,
            "organisation": organisation,
            "made": made,
            "shares": [given.threshold, len(given.shares)],
        }
        drafts = [Draft("created", details=details)]
        for public in (identity.public, recovering.public):
            drafts.append(add_grant(change, office, public, ZERO_ID, KeyKind.VAULT, 1, key))
        office.commit(drafts, change)
        office.store_keyring()
    except BaseException:
        database.close()
        _undo(folder, whole=made_here)
        raise
    return Founded(office, given.shares, given.threshold)


def check_empty(folder: Path) -> None:
    """Raise Refused unless a vault can be made here: the folder is not there yet, or empty. Nothing is changed."""
    try:
        if folder.exists() and any(folder.iterdir()):
            raise Refused(
                tr("{folder} is not empty. Nothing was changed; choose a new or empty folder.").format(folder=folder)
            )
    except NotADirectoryError as error:
        raise Refused(tr("{folder} is a file, not a folder.").format(folder=folder)) from error
    except OSError as error:
        raise StorageFailed(
            tr("The folder {folder} cannot be made: {why}.").format(folder=folder, why=error.strerror)
        ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageFailed(
            tr("The folder {folder} cannot be made: {why}.").format(folder=folder, why=error.strerror)
        ) from error


def _undo(folder: Path, *, whole: bool) -> None:
    """Take away what a founding that failed left in a folder that was empty before."""
    with contextlib.suppress(OSError):
        for one in folder.iterdir():
            if one.name.startswith((DATABASE_FILE, LOCK)):
                one.unlink()
        if whole:
            folder.rmdir()


def _check_roles(roles: frozenset[str]) -> None:
    if not roles or not roles <= ROLES:
        raise UsageError(tr("Roles are officer, legal, oversight, admin; at least one."))


def invite(office: Office, name: str, roles: frozenset[str], passphrase: str) -> None:
    """Add a member with provisional keys: grants can be made to them at once; their first unlock replaces the keys."""
    office.require("admin")
    name = check_handle(name)
    _check_roles(roles)
    if name in office.standing.members:
        raise Refused(tr("There is a user “{name}” already.").format(name=name))
    identity = Identity(os.urandom(32))
    row = members.key_values(office.vault_id, name, 1, identity, passphrase, "provisional")
    change = Change()
    change.add(schema.member, handle=name, state="active")
    change.add(schema.member_key, **row)
    n = max(office.standing.epochs)
    grant = add_grant(change, office, identity.public, ZERO_ID, KeyKind.VAULT, n, _vault_key(office, n))
    details: Json = {
        "member": name,
        "public": encode_public(identity.public),
        "row": row_digest(row),
        "roles": [*sorted(roles)],
    }
    office.commit([Draft("invited", details=details), grant], change)


def _vault_key(office: Office, n: int) -> bytes:
    return office.keychain.key(ZERO_ID, KeyKind.VAULT, n)


def is_provisional(office: Office) -> bool:
    """Whether somebody else made this member's keys, so that they must be replaced now."""
    known = office.standing.keys.get(office.identity.key_id)
    return known is not None and known[1].state == "provisional"


def replace_keys(office: Office, passphrase: str, key_file: bytes | None = None) -> None:
    """A new generation of one's own keys, signed by both; the epochs held are granted again to the new key."""
    old = office.identity
    known = office.standing.keys[old.key_id][1]
    new = Identity(os.urandom(32))
    row = members.key_values(office.vault_id, office.name, known.generation + 1, new, passphrase, "active", key_file)
    message = replaced_message(office.vault_id, old.key_id, new.public)
    signed: list[Json] = [base64.b64encode(one.sign(REPLACED_NAMESPACE, message)).decode() for one in (old, new)]
    change = Change()
    change.add(schema.member_key, **row)
    table = schema.member_key
    change.statements.append(update(table).where(table.c.key_id == old.key_id).values(state="replaced"))
    n = max(office.standing.epochs)
    grant = add_grant(change, office, new.public, ZERO_ID, KeyKind.VAULT, n, _vault_key(office, n))
    details: Json = {"public": encode_public(new.public), "row": row_digest(row), "signatures": signed}
    office.commit([Draft("replaced", details=details), grant], change)
    office.identity = new
    office.store_keyring()
    access.regrant_own_cases(office)


def set_roles(office: Office, name: str, roles: frozenset[str]) -> bool:
    """Change roles; with two admins the first call proposes and another admin's same call confirms. True once in
    effect.
    """
    office.require("admin")
    _check_roles(roles)
    _known(office, name)
    if office.standing.holders("admin") == [name] and "admin" not in roles:
        raise Refused(
            tr("“{name}” is the only admin; a vault needs one. Make another user admin first.").format(name=name)
        )
    return agreed(office, "roles", {"member": name, "roles": [*sorted(roles)]})


def _known(office: Office, name: str) -> None:
    if name not in office.standing.members or name in office.standing.retired:
        raise NotFound(tr("There is no active user “{name}” in this vault.").format(name=name))


def retire(office: Office, name: str) -> None:
    """End a member's access: keys retired, a new V epoch without them; each case gets a new epoch at its next write."""
    office.require("admin")
    _known(office, name)
    if office.standing.holders("admin") == [name]:
        raise Refused(
            tr("“{name}” is the only admin; a vault needs one. Make another user admin first.").format(name=name)
        )
    change = Change()
    for table in (schema.member_key, schema.member):
        change.statements.append(update(table).where(table.c.handle == name).values(state="retired"))
    drafts = [
        Draft("retired", details={"member": name}),
        *_new_vault_epoch(office, change, _publics_without(office, name)),
    ]
    office.commit(drafts, change)
    office.store_keyring()


def _publics_without(office: Office, name: str) -> list[PublicKeys]:
    standing = office.standing
    publics = [key.public for handle in sorted(standing.members) if handle != name and (key := standing.newest(handle))]
    return [*publics, standing.recovery] if standing.recovery is not None else publics


def _new_vault_epoch(office: Office, change: Change, publics: list[PublicKeys]) -> list[Draft]:
    n, key = max(office.standing.epochs) + 1, os.urandom(32)
    add_epoch(change, office.vault_id, ZERO_ID, KeyKind.VAULT, n, key, _vault_key(office, n - 1))
    office.keychain.put(ZERO_ID, KeyKind.VAULT, n, key)
    drafts = [Draft("rekeyed", details={"epochs": [[int(KeyKind.VAULT), n, commit_of(key).hex()]]})]
    return drafts + [add_grant(change, office, public, ZERO_ID, KeyKind.VAULT, n, key) for public in publics]


def change_passphrase(office: Office, passphrase: str, key_file: bytes | None = None) -> None:
    """Seal the same seed under another passphrase, and from now on with this key file (None: without one)."""
    with office.database.reading() as connection:
        row = members.newest_key(connection, office.name)
    values = members.key_values(
        office.vault_id, office.name, row.generation, office.identity, passphrase, row.state, key_file
    )
    change = Change()
    stable = {name: value for name, value in values.items() if name != "keyring"}
    table = schema.member_key
    change.statements.append(update(table).where(table.c.key_id == office.identity.key_id).values(**stable))
    office.commit([Draft("resealed", details={"row": row_digest(values)})], change)


def prove(office: Office, passphrase: str, key_file: bytes | None = None) -> None:
    """Raise WrongPassphrase unless these open one's own keys: an unlocked screen is no proof of who sits there."""
    with office.database.reading() as connection:
        row = members.newest_key(connection, office.name)
    members.unlock(office.vault_id, row, passphrase, key_file)


def recover(
    folder: Path,
    name: str,
    shares: Sequence[str],
    passphrase: str,
    *,
    key_file: bytes | None = None,
    clock: Clock = system_clock,
) -> None:
    """Give a member new keys from the recovery shares: a new generation, a new V epoch, new epochs of the cases they
    held.
    """
    seed = combine(shares)
    recovery = Identity(seed)
    database = Database.open(folder)
    try:
        vault_id = read_vault_id(database)
        office = Office(database, vault_id, recovery, name, RememberedHeads(state_folder()), clock)
        with database.reading() as connection:
            office.keychain.load(connection, recovery, None)
            generations = (
                connection.execute(select(schema.member_key.c.generation).where(schema.member_key.c.handle == name))
                .scalars()
                .all()
            )
        if not office.keychain.holds(ZERO_ID, KeyKind.VAULT):
            raise NotPermitted(tr("These shares are not the ones of this vault. Nothing was changed."))
        office.refresh()
        _known(office, name)
        identity = Identity(os.urandom(32))
        row = members.key_values(vault_id, name, max(generations) + 1, identity, passphrase, "active", key_file)
        held = access.cases_held_by(office, name)
        change = Change()
        table = schema.member_key
        change.statements.append(update(table).where(table.c.handle == name).values(state="replaced"))
        change.statements.append(insert(table).values(**row))
        details: Json = {"member": name, "public": encode_public(identity.public), "row": row_digest(row)}
        publics = [identity.public, *_publics_without(office, name)]
        office.commit([Draft("recovered", details=details), *_new_vault_epoch(office, change, publics)], change)
        for case in held:
            access.rekey_by_recovery(office, case)
    finally:
        database.close()
