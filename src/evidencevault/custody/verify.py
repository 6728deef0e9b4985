"""Recompute everything and name what is wrong to the entry or row (architecture.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, func, select

from evidencevault.custody import verify_rows
from evidencevault.custody.access import CaseLedger, find_case
from evidencevault.custody.casestate import CaseState
from evidencevault.custody.entry import LedgerKeys, ReadEntry, leaf_data, read_entry
from evidencevault.custody.ledger import Ledger, entry_rows
from evidencevault.custody.office import Office
from evidencevault.custody.standing import Finding, Register
from evidencevault.custody.vaultfile import VaultFile, VaultState
from evidencevault.errors import Damaged
from evidencevault.formats import signatures
from evidencevault.formats.merkle import Frontier, leaf_hash
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.change import EntryRow
from evidencevault.vault.heads import Head
from evidencevault.vault.registry import ZERO_ID, KeyKind, origin, witness_name


@dataclass(frozen=True, slots=True)
class Witness:
    """Who cosigned which head, and when (seconds since 1970)."""

    name: str
    size: int
    time: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What was recomputed of one ledger."""

    name: str
    entries: int
    checkpoints: int
    head: Head
    witnesses: tuple[Witness, ...]
    restored_at: tuple[int, ...]  # sequences of declared restores, named for ever
    objects: int
    records: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All ledgers asked for. ``unverified_before_today``: this machine had never seen the vault.

    ``others`` counts the cases of which this member holds no key: their trees are checked, and nothing is told of them
    but ``others_damaged``, how many are not whole.
    """

    ledgers: tuple[LedgerReport, ...]
    full: bool
    unverified_before_today: bool
    others: int = 0
    others_damaged: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong; empty means intact."""
        named = [finding for ledger in self.ledgers for finding in ledger.findings]
        return (*named, *[Finding("a case that is not yours", "its chain of custody is damaged")] * self.others_damaged)


@dataclass(slots=True)
class _Walk:
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


def verify(
    office: Office,
    cases: Iterable[bytes] | None,
    *,
    full: bool = False,
    progress: Progress,
    checkpoint: bytes | None = None,
) -> Report:
    """Verify the vault ledger and the given cases (None: all, those without a key by their tree alone, unnamed).

    ``checkpoint`` is a signed note that must be a prefix of one of the ledgers. Never raises for what it finds.
    """
    with office.database.reading() as connection:
        rows = connection.execute(select(schema.case).order_by(schema.case.c.year, schema.case.c.number)).all()
    chosen = {bytes(one) for one in cases} if cases is not None else {bytes(row.id) for row in rows}
    external = _external(checkpoint)
    vault_roots: dict[int, bytes] = {}
    register = Register(office.vault_id)
    reports = [_verify_vault(office, register, vault_roots, progress, external)]
    others, known = list[bool](), {origin(office.vault_id, ZERO_ID)}
    for row in rows:
        if not office.keychain.current(row.id, KeyKind.AUDIT):
            if row.id in chosen:
                others.append(_whole(office, register, bytes(row.id), progress))
            continue
        known.add(origin(office.vault_id, bytes(row.id)))
        if row.id in chosen:
            name = f"{office.country}-{row.year}-{row.number:04d}"
            reports.append(_verify_case(office, register, vault_roots, bytes(row.id), name, full, progress, external))
    if external is not None and external.origin not in known:
        reports[0] = _with(
            reports[0], Finding("checkpoint", "the checkpoint given is of no ledger of this vault that you may follow")
        )
    return Report(tuple(reports), full, office.unverified_before_today, len(others), others.count(False))


def verify_reference(
    office: Office, reference: str, *, full: bool = False, progress: Progress, checkpoint: bytes | None = None
) -> Report:
    """The same for one case by its reference. Raises NotFound."""
    return verify(office, [find_case(office, reference)], full=full, progress=progress, checkpoint=checkpoint)


def _with(report: LedgerReport, finding: Finding) -> LedgerReport:
    return replace(report, findings=(*report.findings, finding))


def _external(note: bytes | None) -> signatures.Checkpoint | None:
    return signatures.parse_checkpoint_text(signatures.parse_note(note).text) if note is not None else None


def _verify_vault(
    office: Office,
    register: Register,
    roots: dict[int, bytes],
    progress: Progress,
    external: signatures.Checkpoint | None,
) -> LedgerReport:
    walk = _Walk(office, ZERO_ID, tr("vault ledger"), True)
    state, epoch = VaultState(), 1
    with office.database.reading() as connection:
        every = connection.execute(
            select(func.count()).select_from(schema.entry).where(schema.entry.c.ledger == ZERO_ID)
        ).scalar_one()
        for entry in walk.entries(connection, progress, range(every + 1)):
            if entry.head_epoch != epoch or entry.body_epoch not in (0, epoch):
                walk.wrong(f"entry {entry.sequence} ({entry.action})", "it is sealed under an old epoch's key")
            epoch += entry.action == "rekeyed"
            basis = entry.head.basis
            if walk.roots.get(basis.size) != basis.root or basis.size > entry.sequence:
                walk.wrong(f"entry {entry.sequence} ({entry.action})", "its basis is not the vault ledger before it")
            register.extend([entry])
            state.follow([entry], register)
        roots.update(walk.roots)
        walk.findings += [*register.findings, *state.findings]
        count, witnesses = _checkpoints(connection, walk, register, external)
        walk.findings += verify_rows.vault_rows(connection, office, register.now, walk.head)
        walk.findings += verify_rows.records(connection, VaultFile(office, state), walk.name, progress)
    return _report(walk, count, witnesses, len(state.revisions), 0)


def _whole(office: Office, register: Register, case: bytes, progress: Progress) -> bool:
    """Whether leaves, tree and checkpoints of a case without a key agree, and the head remembered of it."""
    walk = _Walk(office, case, "", False)
    with office.database.reading() as connection:
        for _ in walk.entries(connection, progress, _checkpoint_sizes(connection, case)):
            raise AssertionError("an entry was read without a key")
        _checkpoints(connection, walk, register, None)
    return not walk.findings


def _verify_case(
    office: Office,
    register: Register,
    roots: dict[int, bytes],
    case: bytes,
    name: str,
    full: bool,
    progress: Progress,
    external: signatures.Checkpoint | None,
) -> LedgerReport:
    walk = _Walk(office, case, name, True)
    state = CaseState(case)
    reading = office.keychain.current(case, KeyKind.CASE)
    with office.database.reading() as connection:
        for entry in walk.entries(connection, progress, _checkpoint_sizes(connection, case)):
            basis = entry.head.basis
            if basis.size and roots.get(basis.size) != basis.root:
                walk.wrong(
                    f"entry {entry.sequence} ({entry.action})", "its basis is not the vault ledger of this vault"
                )
            _anchored(walk, entry)
            state.apply(entry, register)
        walk.findings += state.findings
        count, witnesses = _checkpoints(connection, walk, register, external)
        ledger = CaseLedger(office, Ledger(office.database, office.heads, office.keychain, case), state)
        walk.findings += verify_rows.case_rows(connection, ledger, name)
        if reading:
            walk.findings += verify_rows.records(connection, ledger, name, progress)
            walk.findings += verify_rows.objects(connection, ledger, name, full, progress)
    return _report(walk, count, witnesses, len(state.revisions) if reading else 0, len(state.objects) if reading else 0)


def _anchored(walk: _Walk, entry: ReadEntry) -> None:
    """The head that a receiver acknowledged must still be one of this ledger."""
    match entry.details if entry.action == "acknowledged" and entry.fields is not None else None:
        case {"size": int(size), "root": str(root)}:
            known = walk.roots.get(size)
            if known is None or known.hex() != root:
                walk.wrong(
                    f"entry {entry.sequence} (acknowledged)", "the head that was acknowledged is not this ledger's"
                )


def _report(walk: _Walk, count: int, witnesses: tuple[Witness, ...], records: int, objects: int) -> LedgerReport:
    head = walk.head
    return LedgerReport(
        walk.name,
        head.size,
        count,
        head,
        witnesses,
        tuple(walk.restored),
        objects,
        records,
        tuple(walk.findings),
    )


def _checkpoint_sizes(connection: Connection, ledger: bytes) -> list[int]:
    table = schema.checkpoint
    return list(connection.execute(select(table.c.size).where(table.c.ledger == ledger)).scalars())


def _checkpoints(
    connection: Connection, walk: _Walk, register: Register, external: signatures.Checkpoint | None
) -> tuple[int, tuple[Witness, ...]]:
    """Every checkpoint against the tree and its author's key; the newest against the tail; the remembered and
    external heads.
    """
    table = schema.checkpoint
    rows = connection.execute(select(table).where(table.c.ledger == walk.ledger).order_by(table.c.size)).all()
    witnesses: list[Witness] = []
    name = origin(walk.office.vault_id, walk.ledger)
    for row in rows:
        where = f"checkpoint at {row.size}"
        try:
            checkpoint = _opened(walk, register, row.size, row.note, name)
            if (checkpoint.size, checkpoint.root) != (row.size, walk.roots.get(row.size)):
                walk.wrong(
                    where, "its root is not that of the entries: an entry was changed, added, dropped or reordered"
                )
            witnesses += _witnesses(walk, register, row.size, row.note, row.cosignatures)
        except Damaged as error:
            walk.wrong(where, error.sentence)
    size = walk.head.size
    if not rows or rows[-1].size != size:
        walk.wrong(
            "tail",
            f"{size} entries, and the newest checkpoint says {rows[-1].size if rows else 0}: a tail was cut or added",
        )
    _known_heads(connection, walk, external, name)
    return len(rows), tuple(witnesses)


def _opened(walk: _Walk, register: Register, size: int, note: bytes, name: str) -> signatures.Checkpoint:
    if not walk.readable:
        return signatures.parse_checkpoint_text(signatures.parse_note(note).text)
    actor = walk.actors.get(size - 1)
    standing = register.now
    public = standing.recovery if standing.recovery and actor == standing.recovery.key_id else None
    known = standing.keys.get(actor) if actor is not None else None
    public = known[1].public if known else public
    if public is None:
        raise Damaged(tr("it is signed by nobody known to the vault."))
    return signatures.open_checkpoint(note, name, public.sign)


def _witnesses(walk: _Walk, register: Register, size: int, note: bytes, lines: bytes) -> list[Witness]:
    by_name = {
        witness_name(walk.office.vault_id, key_id): (handle, key.public)
        for key_id, (handle, key) in register.now.keys.items()
    }
    found = []
    for line in lines.splitlines(keepends=True):
        signature = signatures.parse_signature(line)
        if signature.name not in by_name:
            raise Damaged(tr("it is cosigned by nobody known to the vault."))
        handle, public = by_name[signature.name]
        found.append(Witness(handle, size, signatures.verify_cosignature(line, note, signature.name, public.witness)))
    return found


def _known_heads(connection: Connection, walk: _Walk, external: signatures.Checkpoint | None, name: str) -> None:
    heads = [("head seen last on this machine", walk.remembered)] if walk.remembered else []
    if external is not None and external.origin == name:
        heads.append(("checkpoint given", Head(external.size, external.root)))
    for where, head in heads:
        if head.size > walk.head.size or _root_at(connection, walk.ledger, head.size) != head.root:
            walk.wrong(where, f"it says {head} and the vault now gives {walk.head}: set back, cut or rewritten")


def _root_at(connection: Connection, ledger: bytes, size: int) -> bytes:
    frontier = Frontier()
    table = schema.entry
    query = select(table.c.leaf).where(table.c.ledger == ledger, table.c.sequence < size).order_by(table.c.sequence)
    for leaf in connection.execute(query).scalars():
        frontier.append(leaf)
    return frontier.root()
