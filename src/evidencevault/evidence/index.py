"""The full-text index of one case: SQLite FTS5 in memory, and its bytes for the sealed store (formats.md §7).

Stored form: ``EVIX`` ‖ u32 index version ‖ u64 ledger size ‖ root 32 ‖ the SQLite database as serialised.
"""

from __future__ import annotations

import re
import sqlite3
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from evidencevault.errors import UsageError
from evidencevault.resources import tr

VERSION = 2
_HEADER = struct.Struct(">4sIQ32s")
_MAGIC = b"EVIX"
_TABLES = """
CREATE TABLE doc (id INTEGER PRIMARY KEY, item BLOB NOT NULL, exhibit TEXT NOT NULL, page INTEGER NOT NULL);
CREATE INDEX doc_item ON doc (item);
CREATE VIRTUAL TABLE words USING fts5 (body, tokenize = "unicode61 remove_diacritics 2");
"""
_TERM = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Found:
    """One matching page (0: the exhibit's name, path, tags and notes) and the words around the match."""

    exhibit: str
    page: int
    snippet: str


class Index:
    """Pages and their words, up to a ledger size and root."""

    def __init__(self, data: bytes | None = None, size: int = 0, root: bytes = bytes(32)) -> None:
        """Empty, or of serialised bytes."""
        self.size = size
        self.root = root
        self._lock = threading.RLock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        if data is None:
            self._db.executescript(_TABLES)
        else:
            self._db.deserialize(data)
        # What is too large for memory is spilled nowhere: a plaintext index never touches the disk.
        self._db.execute("PRAGMA temp_store=MEMORY")

    @classmethod
    def load(cls, stored: bytes) -> Index | None:
        """The index in its stored form; None for another version, or for what is none."""
        if len(stored) < _HEADER.size:
            return None
        magic, version, size, root = _HEADER.unpack_from(stored)
        if magic != _MAGIC or version != VERSION:
            return None
        try:
            index = cls(stored[_HEADER.size :], size, root)
        except sqlite3.DatabaseError:
            return None
        try:
            index._db.execute("SELECT count(*) FROM doc JOIN words ON words.rowid = doc.id WHERE doc.id < 2").fetchone()
        except sqlite3.DatabaseError:
            index.close()
            return None
        return index

    def stored(self) -> bytes:
        """The stored form."""
        with self._lock:
            return _HEADER.pack(_MAGIC, VERSION, self.size, self.root) + self._db.serialize()

    def put(self, documents: Iterable[tuple[bytes, str, Iterable[tuple[int, str]]]]) -> int:
        """Put records in place of their earlier revisions: (item, exhibit, (page, text) …). Returns how many."""
        count = 0
        with self._lock:
            self._db.execute("BEGIN")
            for item, exhibit, pages in documents:
                count += 1
                for (old,) in self._db.execute("SELECT id FROM doc WHERE item = ?", (item,)).fetchall():
                    self._db.execute("DELETE FROM words WHERE rowid = ?", (old,))
                self._db.execute("DELETE FROM doc WHERE item = ?", (item,))
                for page, text in pages:
                    made = self._db.execute(
                        "INSERT INTO doc (item, exhibit, page) VALUES (?, ?, ?)", (item, exhibit, page)
                    )
                    self._db.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", (made.lastrowid, text))
            self._db.execute("COMMIT")
        return count

    def holds_any(self, items: Iterable[bytes]) -> bool:
        """Whether something of one of these items is in it."""
        with self._lock:
            return any(self._db.execute("SELECT 1 FROM doc WHERE item = ?", (item,)).fetchone() for item in items)

    def find(self, query: str, limit: int) -> list[Found]:
        """The best matches first. Raises UsageError for a query without a word."""
        match = match_of(query)
        with self._lock:
            rows = self._db.execute(
                "SELECT doc.exhibit, doc.page, snippet(words, 0, '', '', '…', 24) "
                "FROM words JOIN doc ON doc.id = words.rowid WHERE words MATCH ? ORDER BY rank LIMIT ?",
                (match, limit),
            ).fetchall()
        return [Found(exhibit, page, " ".join(snippet.split())) for exhibit, page, snippet in rows]

    def close(self) -> None:
        """Let the memory go."""
        self._db.close()


def match_of(query: str) -> str:
    """The FTS5 expression for what a person typed: all words, "phrases" as they stand, ``word*`` for beginnings."""
    terms = []
    for phrase, word in _TERM.findall(query):
        text, prefix = phrase or word.rstrip("*"), bool(word) and word.endswith("*")
        if any(one.isalnum() for one in text):
            terms.append('"' + text.replace('"', '""') + '"' + ("*" if prefix else ""))
    if not terms:
        raise UsageError(tr("Type at least one word to search for."))
    return " AND ".join(terms)
