"""Recompute everything and name what is wrong to the entry or row (architecture.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from evidencevault.custody import verify_rows
from evidencevault.custody.access import CaseLedger, find_case
from evidencevault.custody.casestate import CaseState
from evidencevault.custody.entry import ReadEntry
from evidencevault.custody.ledger import Ledger
from evidencevault.custody.office import Office
from evidencevault.custody.standing import Finding, Register
from evidencevault.custody.vaultfile import VaultFile, VaultState
from evidencevault.custody.verify_heads import Witness, checkpoint_sizes, checkpoints
from evidencevault.custody.verify_walk import Walk
from evidencevault.formats import signatures
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.heads import Head
from evidencevault.vault.registry import ZERO_ID, KeyKind, origin


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
    walk = Walk(office, ZERO_ID, tr("vault ledger"), True)
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
        count, witnesses = checkpoints(connection, walk, register, external)
        walk.findings += verify_rows.vault_rows(connection, office, register.now, walk.head)
        walk.findings += verify_rows.records(connection, VaultFile(office, state), walk.name, progress)
    return _report(walk, count, witnesses, len(state.revisions), 0)


def _whole(office: Office, register: Register, case: bytes, progress: Progress) -> bool:
    """Whether leaves, tree and checkpoints of a case without a key agree, and the head remembered of it."""
    walk = Walk(office, case, "", False)
    with office.database.reading() as connection:
        for _ in walk.entries(connection, progress, checkpoint_sizes(connection, case)):
            raise AssertionError("an entry was read without a key")
        checkpoints(connection, walk, register, None)
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
    walk = Walk(office, case, name, True)
    state = CaseState(case)
    reading = office.keychain.current(case, KeyKind.CASE)
    with office.database.reading() as connection:
        for entry in walk.entries(connection, progress, checkpoint_sizes(connection, case)):
            basis = entry.head.basis
            if basis.size and roots.get(basis.size) != basis.root:
                walk.wrong(
                    f"entry {entry.sequence} ({entry.action})", "its basis is not the vault ledger of this vault"
                )
            _anchored(walk, entry)
            state.apply(entry, register)
        walk.findings += state.findings
        count, witnesses = checkpoints(connection, walk, register, external)
        ledger = CaseLedger(office, Ledger(office.database, office.heads, office.keychain, case), state)
        walk.findings += verify_rows.case_rows(connection, ledger, name)
        if reading:
            walk.findings += verify_rows.records(connection, ledger, name, progress)
            walk.findings += verify_rows.objects(connection, ledger, name, full, progress)
    return _report(walk, count, witnesses, len(state.revisions) if reading else 0, len(state.objects) if reading else 0)


def _anchored(walk: Walk, entry: ReadEntry) -> None:
    """The head that a receiver acknowledged must still be one of this ledger."""
    match entry.details if entry.action == "acknowledged" and entry.fields is not None else None:
        case {"size": int(size), "root": str(root)}:
            known = walk.roots.get(size)
            if known is None or known.hex() != root:
                walk.wrong(
                    f"entry {entry.sequence} (acknowledged)", "the head that was acknowledged is not this ledger's"
                )


def _report(walk: Walk, count: int, witnesses: tuple[Witness, ...], records: int, objects: int) -> LedgerReport:
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


