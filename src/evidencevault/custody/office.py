"""An unlocked vault: one member's keys, the vault ledger and everything that follows from it."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from evidencevault import __version__
from evidencevault.custody.entry import Basis, Entry, FieldValue, Head, LedgerKeys, PendingEntry, ReadEntry
from evidencevault.custody.ledger import Ledger
from evidencevault.custody.standing import Register, Standing
from evidencevault.errors import Damaged, NotPermitted, Refused
from evidencevault.formats import signatures
from evidencevault.resources import tr
from evidencevault.vault import members, schema
from evidencevault.vault.backup_places import Places
from evidencevault.vault.change import Change, Committed, commit
from evidencevault.vault.database import Database
from evidencevault.vault.heads import Head as TreeHead
from evidencevault.vault.heads import RememberedHeads, state_folder
from evidencevault.vault.keychain import Keychain
from evidencevault.vault.keys import Identity, PublicKeys
from evidencevault.vault.registry import FORMAT_VERSION, ZERO_ID, Field, KeyKind, origin
from evidencevault.vault.stores import FolderStore

if TYPE_CHECKING:
    from evidencevault.custody.write import Write

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, with the machine's zone."""
    return datetime.now(UTC).astimezone()


@dataclass(frozen=True, slots=True)
class Member:
    """Who is working: handle, roles and key id (16 bytes)."""

    name: str
    roles: frozenset[str]
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """What an entry says, before head, basis and place are added."""

    action: str
    subject: FieldValue = None
    purpose: str | None = None
    digest: bytes | None = None
    counterparty: str | None = None
    details: FieldValue = None
    once: bytes | None = None  # 16 bytes; no two entries of the vault have the same


class Office:
    """The vault as one member sees it. Everything that is written goes through :meth:`commit`."""

    def __init__(
        self, database: Database, vault_id: bytes, identity: Identity, name: str, heads: RememberedHeads, clock: Clock
    ) -> None:
        self.database = database
        self.vault_id = vault_id
        self.identity = identity
        self.name = name
        self.heads = heads
        self.clock = clock
        self.keychain = Keychain(vault_id)
        self.store = FolderStore(database.folder)
        self.copies = Places(state_folder(), vault_id)
        self.ledger = Ledger(database, heads, self.keychain, ZERO_ID)
        self.register = Register(vault_id)
        self.unverified_before_today = self.ledger.remembered is None
        self.country = "ZZ"
        self.organisation = ""
        self.keeper: Callable[[Write], None] | None = None
        """What adds to each write of a case what follows from it; set where the services are put together."""
        self._newest_actor = b""

    @classmethod
    def unlock(
        cls,
        folder: Path,
        name: str,
        passphrase: str,
        *,
        clock: Clock = system_clock,
        key_file: bytes | None = None,
        trust_remembered: bool = True,
    ) -> Office:
        """Open a vault as one member. Raises NotFound, Busy, WrongPassphrase, HeadRefused, Damaged."""
        database = Database.open(folder)
        try:
            vault_id = read_vault_id(database)
            with database.reading() as connection:
                row = members.newest_key(connection, name)
            identity = members.unlock(vault_id, row, passphrase, key_file)
            office = cls(database, vault_id, identity, name, RememberedHeads(state_folder()), clock)
            office._load_keys(row.keyring)
            office.refresh(trust_remembered=trust_remembered)
            office._check_own_key()
        except BaseException:
            database.close()
            raise
        return office

    def _load_keys(self, keyring: bytes | None) -> None:
        with self.database.reading() as connection:
            fresh = self.keychain.load(connection, self.identity, keyring)
        if not self.keychain.holds(ZERO_ID, KeyKind.VAULT):
            raise NotPermitted(
                tr("“{name}” has not been given the vault's key yet. Ask an admin.").format(name=self.name)
            )
        if fresh or keyring is None:
            self.store_keyring()

    def store_keyring(self) -> None:
        """Keep the cache of opened keys."""
        with self.database.transaction() as connection:
            members.store_keyring(connection, self.identity.key_id, self.keychain.keyring(self.identity))

    def refresh(self, *, trust_remembered: bool = True) -> None:
        """Follow the vault ledger: tree against the remembered head, entries into the register, checkpoint's
        signature.
        """
        before = self.ledger.catch_up(trust_remembered=trust_remembered)
        self.register.extend(self._followed(before))
        if self.ledger.tree.head.size:
            self.ledger.check_note(self._author_of_newest())
        if trust_remembered:
            self.ledger.remember()
            self.witness(self.ledger, self._newest_actor)

    def witness(self, ledger: Ledger, author: bytes) -> None:
        """Cosign the head of a ledger that somebody else wrote, now that it was proven to follow the one seen
        before.
        """
        if author != self.identity.key_id and self.standing.roles(self.identity.key_id):
            ledger.cosign(self.identity, int(self.clock().timestamp()))

    def _followed(self, start: int) -> Iterator[ReadEntry]:
        for entry in self.ledger.read(start):
            if entry.sequence == 0:
                self.country = str(entry.details.get("country", self.country))
                self.organisation = str(entry.details.get("organisation", ""))
            self._newest_actor = entry.head.actor
            yield entry

    def _author_of_newest(self) -> PublicKeys | None:
        return self.public_keys(self._newest_actor)

    def public_keys(self, key_id: bytes) -> PublicKeys | None:
        """Public keys of any generation of anybody, or of the recovery key."""
        standing = self.register.now
        if standing.recovery is not None and standing.recovery.key_id == key_id:
            return standing.recovery
        known = standing.keys.get(key_id)
        return known[1].public if known else None

    def _check_own_key(self) -> None:
        known = self.standing.keys.get(self.identity.key_id)
        if known is None or known[0] != self.name or known[1].state not in ("active", "provisional"):
            raise NotPermitted(tr("The keys of “{name}” are not in use any more. Ask an admin.").format(name=self.name))

    @property
    def standing(self) -> Standing:
        """Members, roles and keys now."""
        return self.register.now

    @property
    def member(self) -> Member:
        """Who is working."""
        return Member(self.name, self.standing.roles(self.identity.key_id), self.identity.key_id)

    @property
    def basis(self) -> Basis:
        """The vault ledger as seen now."""
        head = self.ledger.tree.head
        return Basis(head.size, head.root)

    def require(self, *roles: str) -> None:
        """Raise NotPermitted unless the member has one of these roles."""
        if not self.member.roles & set(roles):
            raise NotPermitted(
                tr("“{name}” may not do this; it needs the role {roles}. Nothing was changed.").format(
                    name=self.name, roles=" / ".join(roles)
                )
            )

    def entry(
        self, draft: Draft, keys: LedgerKeys, *, actor: bytes | None = None, basis: Basis | None = None
    ) -> PendingEntry:
        """Complete a draft with time, actor, basis and place."""
        now = self.clock()
        zone = now.tzname() or "UTC"
        head = Head(
            now.isoformat(timespec="milliseconds"),
            zone,
            actor or self.identity.key_id,
            draft.action,
            basis or self.basis,
        )
        place: FieldValue = {"device": platform.node() or "unknown", "program": f"evidencevault {__version__}"}
        fields: dict[Field, FieldValue] = {
            Field.SUBJECT: draft.subject,
            Field.PURPOSE: draft.purpose,
            Field.PLACE: place,
            Field.DIGEST: draft.digest,
            Field.COUNTERPARTY: draft.counterparty,
            Field.DETAILS: draft.details,
        }
        return PendingEntry(keys, Entry(head, fields, draft.once))

    def commit(self, drafts: Sequence[Draft], change: Change, *, restoring: bool = False) -> Committed:
        """Write drafts and rows to the vault ledger in one transaction, then follow it."""
        signer = self.identity
        epoch = max(self.standing.epochs, default=1)
        # The vault ledger's own basis is its state before the commit (formats.md §5).
        for draft in drafts:
            change.entries.append(self.entry(draft, self.ledger.keys(epoch, epoch), actor=signer.key_id))
            epoch += draft.action == "rekeyed"  # what follows a new epoch is sealed under it
        done = commit(self.database, self.heads, self.ledger.tree, change, signer.sign_seed, restoring=restoring)
        self.register.extend(self._followed(done.first))
        return done

    def head(self) -> TreeHead:
        """Head of the vault ledger."""
        return self.ledger.tree.head

    def close(self) -> None:
        """Forget keys and release the lock."""
        self.keychain = Keychain(self.vault_id)
        self.database.close()


def read_vault_id(database: Database) -> bytes:
    """The id in the vault's row; raises Damaged for none, or a format this program does not know."""
    with database.reading() as connection:
        rows = connection.execute(select(schema.vault)).all()
        table = schema.checkpoint
        newest = select(table.c.note).where(table.c.ledger == ZERO_ID).order_by(table.c.size.desc()).limit(1)
        notes = connection.execute(newest).scalars().all()
    if len(rows) != 1 or len(rows[0].id) != 32:
        raise Damaged(tr("The vault's own row is missing or damaged."))
    if rows[0].format != FORMAT_VERSION:
        raise Refused(
            tr("This vault has format {n}, which this program does not know. Update the program.").format(
                n=rows[0].format
            )
        )
    vault_id = bytes(rows[0].id)
    # The checkpoints say in clear whose they are: a changed id is named here, and not taken for a wrong passphrase.
    if notes and signatures.parse_checkpoint_text(signatures.parse_note(notes[0]).text).origin != origin(
        vault_id, ZERO_ID
    ):
        raise Damaged(tr("The vault's own row (table vault) was changed: its id is not that of its checkpoints."))
    return vault_id


def new_id() -> bytes:
    """16 random bytes."""
    return os.urandom(16)
