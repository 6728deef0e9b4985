"""One ledger: its tree, its sealed rows, and the author's signature under its newest checkpoint."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from evidencevault.custody.entry import LedgerKeys, ReadEntry, read_entry
from evidencevault.errors import Damaged
from evidencevault.formats import signatures
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.change import EntryRow, LedgerTree, add_cosignature, cosignatures
from evidencevault.vault.database import Database
from evidencevault.vault.heads import Head, RememberedHeads
from evidencevault.vault.keychain import Keychain
from evidencevault.vault.keys import Identity, PublicKeys
from evidencevault.vault.registry import witness_name


class Ledger:
    """Reads and follows the ledger of a case, or of the vault (id of zeros)."""

    def __init__(self, database: Database, heads: RememberedHeads, keychain: Keychain, ledger: bytes) -> None:
        self.id = ledger
        self._database = database
        self._heads = heads
        self._keychain = keychain
        self.tree = LedgerTree(keychain.vault_id, ledger)
        self.note: bytes | None = None

    @property
    def remembered(self) -> Head | None:
        """The head this machine saw last."""
        return self._heads.get(self.tree.origin)

    def catch_up(self, *, trust_remembered: bool = True) -> int:
        """Take in what was written since; returns the size before. Raises HeadRefused or Damaged.

        ``trust_remembered=False`` is the declared restore: the found head is taken although the remembered one denies
        it.
        """
        before = self.tree.head.size
        with self._database.reading() as connection:
            self.note = self.tree.catch_up(connection, self.remembered if trust_remembered else None)
        return before

    def remember(self) -> None:
        """Keep the head, once it was checked; never in place of a longer one, which another thread wrote meanwhile."""
        with self._database.one_writer:
            remembered = self.remembered
            if remembered is None or remembered.size < self.tree.head.size:
                self._heads.put(self.tree.origin, self.tree.head)

    def check_note(self, author: PublicKeys | None) -> None:
        """Raise Damaged unless the newest checkpoint is signed by the author of the newest entry and says this head."""
        if self.note is None:
            return
        if author is None:
            raise Damaged(tr("The newest checkpoint is signed by nobody known to the vault."))
        checkpoint = signatures.open_checkpoint(self.note, self.tree.origin, author.sign)
        if Head(checkpoint.size, checkpoint.root) != self.tree.head:
            raise Damaged(
                tr("The newest checkpoint says {said} and the chain of custody gives {found}.").format(
                    said=Head(checkpoint.size, checkpoint.root), found=self.tree.head
                )
            )

    def note_at(self, size: int) -> bytes | None:
        """The signed checkpoint at this many entries; None where no commit ended there. Unchecked."""
        table = schema.checkpoint
        query = select(table.c.note).where(table.c.ledger == self.id, table.c.size == size)
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return bytes(found) if found is not None else None

    def notes(self) -> list[bytes]:
        """The signed checkpoints, newest first. Unchecked."""
        table = schema.checkpoint
        query = select(table.c.note).where(table.c.ledger == self.id).order_by(table.c.size.desc())
        with self._database.reading() as connection:
            return [bytes(note) for note in connection.execute(query).scalars()]

    def cosign(self, identity: Identity, time: int) -> None:
        """Add one's witness line to the newest checkpoint, once. ``time`` in seconds since 1970."""
        size, note = self.tree.head.size, self.note
        if note is None:
            return
        name = witness_name(self._keychain.vault_id, identity.key_id)
        with self._database.transaction() as connection:
            before = cosignatures(connection, self.id, size)
            if f" {name} ".encode() not in before:
                add_cosignature(connection, self.id, size, signatures.cosign(note, name, identity.witness_seed, time))

    def keys(self, content_epoch: int = 0, audit_epoch: int = 0) -> LedgerKeys:
        """Keys for reading (epochs come from the rows), or for writing under the given epochs."""
        return LedgerKeys(self._keychain, self.id, content_epoch, audit_epoch)

    def leaves(self, size: int) -> list[bytes]:
        """The first ``size`` leaf hashes (fewer where there are fewer)."""
        table = schema.entry
        query = (
            select(table.c.leaf).where(table.c.ledger == self.id, table.c.sequence < size).order_by(table.c.sequence)
        )
        with self._database.reading() as connection:
            return [bytes(leaf) for leaf in connection.execute(query).scalars()]

    def read(self, start: int = 0) -> Iterator[ReadEntry]:
        """Entries from a sequence on, each checked against its leaf."""
        keys = self.keys()
        with self._database.reading() as connection:
            for sequence, row in entry_rows(connection, self.id, start):
                yield read_entry(keys, sequence, row)


def entry_rows(connection: Connection, ledger: bytes, start: int = 0) -> Iterator[tuple[int, EntryRow]]:
    """The stored rows in order."""
    table = schema.entry
    query = select(table).where(table.c.ledger == ledger, table.c.sequence >= start).order_by(table.c.sequence)
    for row in connection.execute(query).yield_per(5000):
        yield row.sequence, EntryRow(row.head, row.body, row.commitments, row.leaf, row.once)
