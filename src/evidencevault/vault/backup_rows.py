"""The database of a copy: one consistent picture, table by table, into a new file that no salt ever touches.

SQLite's own ways of copying (its backup, VACUUM INTO) would carry the salts along and leave them in pages that were
freed afterwards. Rows are copied instead, within one reading transaction: the vault goes on being written meanwhile,
and nobody's lock is lost, because the vault's file is opened by SQLite alone. The search index is left out: it is the
one object that is rewritten, it holds words of everything, and the first search makes it anew.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from evidencevault.errors import Damaged, Refused, StorageFailed
from evidencevault.formats.merkle import Frontier
from evidencevault.formats.notes import parse_checkpoint_text, parse_note
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.backup_parts import Salts
from evidencevault.vault.database import Database
from evidencevault.vault.erasing import STATE
from evidencevault.vault.heads import Head
from evidencevault.vault.registry import DATABASE_FILE, FORMAT_VERSION

_ROWS = 256
"""How many rows are copied before somebody may stop it: an object's row may hold 128 KiB."""
_STEPS = 20_000
"""Instructions of SQLite between two looks at whether to stop."""
_INDEXES = 'SELECT index_item FROM main."case" WHERE index_item IS NOT NULL'
_INSTEAD = {("item", "salt"): "NULL", ("case", "index_item"): "NULL"}
_KEYED = {"item": "id", "object": "item"}

Connection = sqlite3.Connection

Objects = list[tuple[bytes, bytes]]
"""Items (16 bytes) of large objects with the BLAKE3 (32) of their stored bytes, ascending."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The vault at one moment, but for the tables: its id, stored objects, salts, heads by ledger in hex."""

    vault: bytes
    objects: Objects
    salts: Salts
    heads: dict[str, Head]


class Source:
    """The vault's database, opened beside the program's own connections; everything read is of one moment."""

    def __init__(self, connection: sqlite3.Connection, progress: Progress) -> None:
        self._connection = connection
        self._progress = progress

    @property
    def size(self) -> int:
        """Bytes that the tables take at most."""
        pages = [self._one(f"PRAGMA main.{what}") for what in ("page_count", "freelist_count", "page_size")]
        return (pages[0] - pages[1]) * pages[2]

    def picture(self) -> Picture:
        """Everything but the tables. Raises Refused for a format that this program does not know."""
        vault, form = self._connection.execute("SELECT id, format FROM main.vault").fetchone()
        if form != FORMAT_VERSION:
            raise Refused(
                tr("This vault has format {n}, which this program does not know. Update the program.").format(n=form)
            )
        objects = (
            f"SELECT item, blake3 FROM main.object WHERE state = 'stored' AND item NOT IN ({_INDEXES}) ORDER BY item"
        )
        salts = f"SELECT id, salt FROM main.item WHERE salt IS NOT NULL AND id NOT IN ({_INDEXES}) ORDER BY id"
        return Picture(
            vault,
            self._connection.execute(objects).fetchall(),
            self._connection.execute(salts).fetchall(),
            heads(self._connection),
        )

    def continues(self, ledger: str, head: Head) -> bool:
        """Whether a ledger (id in hex) goes on from a head that was copied before."""
        leaves = "SELECT leaf FROM main.entry WHERE ledger = ? AND sequence < ? ORDER BY sequence"
        frontier = Frontier()
        for (leaf,) in self._connection.execute(leaves, (bytes.fromhex(ledger), head.size)):
            frontier.append(leaf)
        return (frontier.size, frontier.root()) == (head.size, head.root)

    def copy_tables(self) -> None:
        """Fill the attached database; ``progress`` advances by its bytes."""
        listed = "SELECT type, name, sql FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        made = [one for one in self._connection.execute(listed) if not one[1].startswith("sqlite_")]
        for _, name, sql in (one for one in made if one[0] == "table"):
            self._connection.execute(sql.replace("CREATE TABLE ", "CREATE TABLE copy.", 1))
            self._copy_rows(name)
        for _, _, sql in (one for one in made if one[0] == "index"):
            self._connection.execute(re.sub(r"^CREATE (UNIQUE )?INDEX ", r"CREATE \1INDEX copy.", sql))
        self._connection.execute("COMMIT")

    def _copy_rows(self, table: str) -> None:
        columns = [row[1] for row in self._connection.execute(f'PRAGMA main.table_info("{table}")')]
        taken = ", ".join(_INSTEAD.get((table, one), f'"{one}"') for one in columns)
        kept = f"AND {_KEYED[table]} NOT IN ({_INDEXES})" if table in _KEYED else ""
        insert = f'INSERT INTO copy."{table}" SELECT {taken} FROM main."{table}"'
        first, last = self._connection.execute(f'SELECT min(rowid), max(rowid) FROM main."{table}"').fetchone()
        for start in range(first or 0, (last or -1) + 1, _ROWS):
            before = self._copied()
            self._connection.execute(
                f"{insert} WHERE rowid >= ? AND rowid < ? {kept} ORDER BY rowid", (start, start + _ROWS)
            )
            self._progress.advance(self._copied() - before)

    def _copied(self) -> int:
        return self._one("PRAGMA copy.page_count") * self._one("PRAGMA copy.page_size")

    def _one(self, question: str) -> int:
        return int(self._connection.execute(question).fetchone()[0])


@contextlib.contextmanager
def source(database: Database, target: Path, progress: Progress) -> Iterator[Source]:
    """The vault as it is now, with the new file ``target`` to copy its tables to. Raises StorageFailed, Damaged."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _connected(database.folder / DATABASE_FILE, progress) as connection:
        connection.execute("ATTACH ? AS copy", (str(target),))
        # The file counts for nothing before its digest stands in a manifest; it is made durable then.
        for pragma in ("copy.journal_mode=OFF", "copy.synchronous=OFF"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("BEGIN")
        yield Source(connection, progress)


def vault_id(database: Database) -> bytes:
    """Whose database it is."""
    with database.reading() as connection:
        return bytes(connection.execute(select(schema.vault.c.id)).scalar_one())


def put_back(file: Path, salts: Salts, progress: Progress) -> None:
    """Give the items of a copied database their salts again. Raises Damaged where they do not belong together."""
    with _connected(file, progress) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("BEGIN")
        done = connection.executemany("UPDATE item SET salt = ? WHERE id = ?", ((salt, item) for item, salt in salts))
        if done.rowcount != len(salts) and salts:
            raise Damaged(tr("The copy is damaged: its salts belong to another database. Nothing was taken from it."))
        connection.execute("COMMIT")


@contextlib.contextmanager
def looking_into(file: Path, progress: Progress) -> Iterator[sqlite3.Connection]:
    """A copied database, only to be read: nothing is written beside it."""
    with _connected(file, progress, f"{file.absolute().as_uri()}?mode=ro&immutable=1") as connection:
        yield connection


def faults(connection: sqlite3.Connection, vault: bytes) -> list[str]:
    """What is wrong with a copied database by itself, in a few words each."""
    said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    found = [] if said == ["ok"] else said
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
        found.append(tr("it holds commands of its own, which no vault has"))
    if connection.execute("SELECT id FROM vault").fetchall() != [(vault,)]:
        found.append(tr("it is of another vault"))
    return found


def wanted(connection: sqlite3.Connection) -> Objects:
    """The large objects that a copied database names. Raises Damaged."""
    odd = "SELECT 1 FROM object WHERE typeof(item) <> 'blob' OR length(item) <> 16 OR typeof(blake3) <> 'blob'"
    if connection.execute(odd).fetchone():
        raise Damaged(tr("The copy is damaged: its database names files that no vault has. Nothing was taken from it."))
    return connection.execute("SELECT item, blake3 FROM object WHERE state = 'stored' ORDER BY item").fetchall()


def within(connection: sqlite3.Connection) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The small objects in it: item, BLAKE3, stored bytes."""
    yield from connection.execute("SELECT item, blake3, payload FROM object WHERE state = 'inline'")


def unsalted(connection: sqlite3.Connection, salts: Salts) -> list[str]:
    """How database and salts contradict each other: a salt that is in the database, one too many, one too few."""
    found = []
    if connection.execute("SELECT 1 FROM item WHERE salt IS NOT NULL").fetchone():
        found.append(tr("salts lie in it, which must lie apart"))
    items = {row[0] for row in connection.execute("SELECT id FROM item")}
    named = {item for item, _ in salts}
    needed = {
        row[0]
        for row in connection.execute(
            "SELECT item FROM record WHERE length(sealed) > 0 UNION SELECT item FROM object WHERE state <> ?", (STATE,)
        )
    }
    if named - items or needed - named:
        found.append(tr("the salts beside it are not those of its items"))
    return found


def heads(connection: sqlite3.Connection) -> dict[str, Head]:
    """The head of every ledger by the ledger's id in hex, as the newest checkpoint says. Raises Damaged."""
    newest = "SELECT ledger, note, max(size) FROM checkpoint GROUP BY ledger"
    found = {}
    for ledger, note, _ in connection.execute(newest):
        said = parse_checkpoint_text(parse_note(bytes(note)).text)
        found[bytes(ledger).hex()] = Head(said.size, said.root)
    return found


@contextlib.contextmanager
def _connected(file: Path, progress: Progress, uri: str | None = None) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(
            sqlite3.connect(uri or str(file), uri=uri is not None, isolation_level=None)
        ) as connection:
            connection.set_progress_handler(lambda: int(progress.stopping), _STEPS)
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute("PRAGMA trusted_schema=OFF")
            yield connection
    except sqlite3.OperationalError as error:
        progress.check()  # stopped in the middle of a statement
        raise StorageFailed(
            tr(
                "A database could not be copied or read ({why}). The vault, and any copy made before, are as they were."
            ).format(why=error)
        ) from error
    except sqlite3.DatabaseError as error:
        raise Damaged(tr("The database file {name} is damaged ({why}).").format(name=file.name, why=error)) from error
