"""One pass over a ledger's stored rows, without trusting any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from evidencevault.custody.entry import LedgerKeys, ReadEntry, leaf_data, read_entry
from evidencevault.custody.ledger import Ledger, entry_rows
from evidencevault.custody.office import Office
from evidencevault.custody.standing import Finding
from evidencevault.errors import Damaged
from evidencevault.formats.merkle import Frontier, leaf_hash
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.change import EntryRow
from evidencevault.vault.heads import Head
from evidencevault.vault.registry import origin


@dataclass(slots=True)
class Walk:
    """One pass over a ledger's stored rows."""

    office: Office
    ledger: bytes
    name: str
    readable: bool
    findings: list[Finding] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    actors: dict[int, bytes] = field(default_factory=dict)
    frontier: Frontier = field(default_factory=Frontier)
    restored: list[int] = field(default_factory=list)
    remembered: Head | None = None

    def __post_init__(self) -> None:
        # Before the rows are read: what another thread writes meanwhile is in neither, and no false alarm.
        self.remembered = self.office.heads.get(origin(self.office.vault_id, self.ledger))

    def wrong(self, where: str, what: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(f"{self.name}, {where}", what))

    def entries(self, connection: Connection, progress: Progress, sizes: Iterable[int]) -> Iterable[ReadEntry]:
        """Check each row against its leaf and place; yields those that open. ``sizes`` are those whose roots are
        wanted.
        """
        wanted = set(sizes)
        self._root(wanted)
        keys = Ledger(self.office.database, self.office.heads, self.office.keychain, self.ledger).keys()
        for sequence, row in entry_rows(connection, self.ledger):
            progress.advance()
            while self.frontier.size < sequence:
                self.wrong(f"entry {self.frontier.size}", "is missing")
                self.frontier.append(leaf_hash(b""))
            self.frontier.append(row.leaf)
            self._root(wanted)
            if leaf_hash(leaf_data(self.ledger, sequence, row.commitments)) != row.leaf:
                self.wrong(f"entry {sequence}", "its commitments and its leaf disagree")
            elif self.readable and (entry := self._read(keys, sequence, row)) is not None:
                self.actors[sequence] = entry.head.actor
                if entry.action == "reincarnated":
                    self.restored.append(sequence)
                yield entry

    def _read(self, keys: LedgerKeys, sequence: int, row: EntryRow) -> ReadEntry | None:
        try:
            if row.once is not None and len(row.once) != 16:
                raise Damaged(tr("Its once-only mark is malformed."))
            return read_entry(keys, sequence, row)
        except Damaged as error:
            self.wrong(f"entry {sequence}", error.sentence)
            return None

    def _root(self, wanted: set[int]) -> None:
        if self.frontier.size in wanted:
            self.roots[self.frontier.size] = self.frontier.root()

    @property
    def head(self) -> Head:
        """Head recomputed."""
        return Head(self.frontier.size, self.frontier.root())
