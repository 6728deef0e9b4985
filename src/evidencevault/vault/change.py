"""One write: objects are durable already, then rows, entries and a checkpoint in a single transaction.

The sequence number is known only at commit, so each entry is asked for its row *at* a sequence; this module learns no
word of custody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, Executable, Table, func, insert, select, update

from evidencevault.errors import Damaged, HeadRefused
from evidencevault.formats import signatures
from evidencevault.formats.merkle import Frontier
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.database import Database
from evidencevault.vault.heads import Head, RememberedHeads
from evidencevault.vault.registry import origin


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One sealed row of the ledger; ``leaf`` is the RFC 6962 leaf hash."""

    head: bytes
    body: bytes
    commitments: bytes
    leaf: bytes
    once: bytes | None = None


class Placeable(Protocol):
    """An entry that can be sealed once its place is known."""

    def placed(self, sequence: int) -> EntryRow:
        """The row of this entry at ``sequence``."""


@dataclass(slots=True)
class Change:
    """What one commit writes: rows by table, then statements, then entries."""

    entries: list[Placeable] = field(default_factory=list)
    rows: list[tuple[Table, dict[str, Any]]] = field(default_factory=list)
    statements: list[Executable] = field(default_factory=list)

    def add(self, table: Table, **values: object) -> None:
        """One more row."""
        self.rows.append((table, dict(values)))


@dataclass(frozen=True, slots=True)
class Committed:
    """Where a commit stands: the sequence of its first entry, and the head after it."""

    first: int
    size: int
    root: bytes


class LedgerTree:
    """The Merkle state of one ledger in memory, extended by what the database has gained since."""

    def __init__(self, vault_id: bytes, ledger: bytes) -> None:
        self.ledger = ledger
        self.origin = origin(vault_id, ledger)
        self._frontier = Frontier()

    @property
    def head(self) -> Head:
        """Size and root."""
        return Head(self._frontier.size, self._frontier.root())

    def catch_up(self, connection: Connection, remembered: Head | None) -> bytes | None:
        """Take in new leaves; return the newest checkpoint note (None for an empty ledger).

        Raises HeadRefused where the remembered head is not a prefix, Damaged where leaves and checkpoint disagree.
        """
        table = schema.entry
        rows = connection.execute(
            select(table.c.sequence, table.c.leaf)
            .where(table.c.ledger == self.ledger, table.c.sequence >= self._frontier.size)
            .order_by(table.c.sequence)
        ).all()
        for sequence, leaf in rows:
            if remembered is not None and self._frontier.size == remembered.size:
                self._expect(remembered)
            if sequence != self._frontier.size:
                raise Damaged(
                    tr("The chain of custody has no entry {number}: entries were taken out.").format(
                        number=self._frontier.size
                    )
                )
            self._frontier.append(leaf)
        if remembered is not None and remembered.size >= self._frontier.size:
            self._expect(remembered)
        return self._checked_note(connection)

    def _checked_note(self, connection: Connection) -> bytes | None:
        table = schema.checkpoint
        row = connection.execute(
            select(table.c.size, table.c.note)
            .where(table.c.ledger == self.ledger)
            .order_by(table.c.size.desc())
            .limit(1)
        ).first()
        if row is None and self._frontier.size == 0:
            return None
        size = row.size if row else 0
        if row is None or size != self._frontier.size:
            raise Damaged(
                tr(
                    "The chain of custody holds {entries} entries and its newest checkpoint says {size}: "
                    "entries or checkpoints were taken out or added."
                ).format(entries=self._frontier.size, size=size)
            )
        return bytes(row.note)

    def _expect(self, remembered: Head) -> None:
        here = self.head
        if here != remembered:
            raise HeadRefused(
                tr(
                    "The vault is not the one this machine saw last: it was set back, cut or rewritten. "
                    "Seen last: {seen}. Found now: {found}. If a backup was restored on purpose, declare it with "
                    "“vault accept-head --reason …”."
                ).format(seen=remembered, found=here)
            )

    def append(self, leaves: Sequence[bytes]) -> None:
        """Count committed leaves in."""
        for leaf in leaves:
            self._frontier.append(leaf)

    def with_leaves(self, leaves: Sequence[bytes]) -> Head:
        """The head as it will be."""
        ahead = self._frontier.copy()
        for leaf in leaves:
            ahead.append(leaf)
        return Head(ahead.size, ahead.root())


def commit(
    database: Database,
    heads: RememberedHeads,
    tree: LedgerTree,
    change: Change,
    sign_seed: bytes,
    *,
    restoring: bool = False,
) -> Committed:
    """Write a change durably, whole or not at all, and remember the new head after it.

    ``restoring`` is for the one commit that declares a restored copy: it goes on although the remembered head denies
    it.
    """
    with database.one_writer:
        with database.transaction() as connection:
            tree.catch_up(connection, None if restoring else heads.get(tree.origin))
            first = tree.head.size
            placed = [entry.placed(first + place) for place, entry in enumerate(change.entries)]
            head = tree.with_leaves([row.leaf for row in placed])
            _insert_grouped(connection, change.rows)
            for statement in change.statements:
                connection.execute(statement)
            connection.execute(
                insert(schema.entry), [_entry_values(tree.ledger, first + n, row) for n, row in enumerate(placed)]
            )
            note = signatures.sign_checkpoint(tree.origin, head.size, head.root, sign_seed)
            connection.execute(
                insert(schema.checkpoint).values(ledger=tree.ledger, size=head.size, note=note, cosignatures=b"")
            )
        tree.append([row.leaf for row in placed])
        heads.put(tree.origin, head)
    return Committed(first, head.size, head.root)


def _entry_values(ledger: bytes, sequence: int, row: EntryRow) -> dict[str, object]:
    return {
        "ledger": ledger,
        "sequence": sequence,
        "head": row.head,
        "body": row.body,
        "commitments": row.commitments,
        "leaf": row.leaf,
        "once": row.once,
    }


def _insert_grouped(connection: Connection, rows: Sequence[tuple[Table, dict[str, Any]]]) -> None:
    grouped: dict[Table, list[dict[str, Any]]] = {}
    for table, values in rows:
        grouped.setdefault(table, []).append(values)
    for table, group in grouped.items():
        connection.execute(insert(table), group)  # Core: the ORM inserts at a quarter of the rate


def add_cosignature(connection: Connection, ledger: bytes, size: int, line: bytes) -> None:
    """Append one witness line to a checkpoint."""
    table = schema.checkpoint
    before = cosignatures(connection, ledger, size)
    connection.execute(
        update(table).where(table.c.ledger == ledger, table.c.size == size).values(cosignatures=before + line)
    )


def cosignatures(connection: Connection, ledger: bytes, size: int) -> bytes:
    """The witness lines of a checkpoint so far."""
    table = schema.checkpoint
    query = select(table.c.cosignatures).where(table.c.ledger == ledger, table.c.size == size)
    return bytes(connection.execute(query).scalar_one())


def case_count(connection: Connection, year: int) -> int:
    """The highest case number of a year (0: none)."""
    return int(
        connection.execute(select(func.max(schema.case.c.number)).where(schema.case.c.year == year)).scalar() or 0
    )
