"""The composition root: one member's unlocked vault, and the keyless acts on a vault that need no member."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from evidencevault.casework import duties, overview
from evidencevault.casework.counted import Fault, Overview
from evidencevault.casework.duties import Keeper, Watched
from evidencevault.custody import access, casefile, membership, verify
from evidencevault.custody.access import CaseLedger
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Clock, Member, Office, system_clock
from evidencevault.custody.rows import DueDuty, read_duties
from evidencevault.documents import privately
from evidencevault.documents.workers import Workers
from evidencevault.errors import Damaged, NotPermitted, StorageFailed, VaultError
from evidencevault.progress import Progress
from evidencevault.vault import backup_check, backup_files, backup_renewal, backup_restore, backup_rows, backups, upkeep
from evidencevault.vault.backup_check import Checked
from evidencevault.vault.backup_places import Places
from evidencevault.vault.backup_restore import Restored
from evidencevault.vault.backups import Copied
from evidencevault.vault.database import Database
from evidencevault.vault.drafts import Drafts
from evidencevault.vault.heads import RememberedHeads, state_folder
from evidencevault.vault.registry import KeyKind
from evidencevault.vault.stores import FolderStore


class Session:
    """What a face works with: the office (keys, ledgers, roles) and the document workers. Closing forgets the keys."""

    def __init__(self, office: Office, *, unconfined: bool = False) -> None:
        self.office = office
        self.keeper = Keeper(office)
        office.keeper = self.keeper
        self._unconfined = unconfined
        self._workers: Workers | None = None
        self.settle_drafts: Callable[[], None] = lambda: None  # waits for those that are being saved
        self._told: set[bytes] = set()
        privately.sweep()

    @classmethod
    def unlock(
        cls,
        folder: Path,
        member: str,
        passphrase: str,
        *,
        key_file: bytes | None = None,
        own_passphrase: Callable[[], str] | None = None,
        unconfined: bool = False,
        clock: Clock = system_clock,
    ) -> Self:
        """Open a vault as one member.

        ``key_file`` are its bytes, where the keys were sealed with one. Keys that somebody else made are replaced at
        this first unlock, under ``own_passphrase()`` where the face can ask for one, else under the same passphrase.
        Raises NotFound, Busy, WrongPassphrase, NotPermitted, HeadRefused,
        Damaged.
        """
        office = Office.unlock(folder, member, passphrase, clock=clock, key_file=key_file)
        try:
            if membership.is_provisional(office):
                own = own_passphrase() if own_passphrase is not None else passphrase
                membership.replace_keys(office, own, key_file)
        except BaseException:
            office.close()
            raise
        return cls(office, unconfined=unconfined)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the keys and release the vault's lock."""
        self.office.close()

    @property
    def member(self) -> Member:
        """Who is working."""
        return self.office.member

    @property
    def drafts(self) -> Drafts:
        """What this member typed and has not saved yet."""
        return Drafts(state_folder(), self.office.vault_id, self.office.identity, self.settle_drafts)

    @property
    def workers(self) -> Workers:
        """The document workers; made when a document is first read."""
        if self._workers is None:
            self._workers = Workers(unconfined=self._unconfined)
        return self._workers

    def workers_for(self, case: CaseFile) -> Workers:
        """The document workers for a case. Without a sandbox by the member's wish, the case's ledger says so first."""
        if self._unconfined and case.id not in self._told:
            write = case.write()
            write.entry("noted", details={"kind": "unconfined"})
            write.commit()
            self._told.add(case.id)
        return self.workers

    def case(self, reference: str) -> CaseFile:
        """A case by its reference. Raises NotFound (also for what is not granted), HeadRefused, Damaged."""
        case = casefile.open_case(self.office, reference)
        # What is due can wait: one damaged record or a full disk keeps nobody from the rest of the case. :meth:`watch`
        # says so, as whoever reads that record and `custody verify` do.
        with contextlib.suppress(Damaged, StorageFailed):
            self.keeper.run_case(case.ledger)
        return case

    def cases(self) -> Iterator[CaseFile]:
        """The cases whose content this member may read, by reference."""
        yield from casefile.cases(self.office)

    def ledger(self, reference: str) -> CaseLedger:
        """The ledger of a case; the audit key is enough. Raises NotFound, HeadRefused, Damaged."""
        return access.open_ledger(self.office, access.find_case(self.office, reference))

    def ledgers(self) -> Iterator[CaseLedger]:
        """The ledgers this member may follow: the cases granted, and for oversight those of the whole office."""
        for found in self.followed():
            if isinstance(found, VaultError):
                raise found
            yield found

    def followed(self) -> Iterator[CaseLedger | VaultError]:
        """The same ledgers: each opened, or why it cannot be."""
        for case in access.visible_cases(self.office, KeyKind.AUDIT):
            try:
                yield access.open_ledger(self.office, case)
            except VaultError as error:
                yield error

    def reads(self, ledger: CaseLedger) -> bool:
        """Whether this member may read the case's content; the audit key alone shows heads and duties."""
        return self.office.keychain.holds(ledger.id, KeyKind.CASE) and ledger.state.holds(ledger.office.name)

    def openings(self) -> Iterator[tuple[str, CaseFile | VaultError]]:
        """Each case whose content this member holds, by reference: opened, or why it cannot be."""
        for reference, case in access.references(self.office):
            try:
                yield reference, CaseFile(access.open_ledger(self.office, case))
            except NotPermitted:
                continue  # held once, and not any more
            except VaultError as error:
                yield reference, error

    def stored(self, *, full: bool, progress: Progress) -> upkeep.Condition:
        """Structure and presence of everything stored, while the vault is open; with ``full`` every stored byte."""
        return upkeep.check(self.office.database, self.office.store, full=full, progress=progress)

    def tidy(self, progress: Progress) -> tuple[str, ...]:
        """Remove what a crash left behind a day ago or more; returns the names removed."""
        return upkeep.repair(self.office.database, self.office.store, clock=self.office.clock, progress=progress)

    def verify(self, reference: str | None, *, full: bool, progress: Progress) -> verify.Report:
        """Recompute one case's ledger, or all that this member may follow. Raises NotFound for the case."""
        wanted = None if reference is None else [access.find_case(self.office, reference)]
        return verify.verify(self.office, wanted, full=full, progress=progress)

    def duties_of(self, ledger: CaseLedger) -> list[DueDuty]:
        """What is due in one case. Raises Damaged."""
        return read_duties(ledger)

    def watch(self, progress: Progress | None = None) -> Watched:
        """Bring the duties of every case up to date and enter what was missed; with it, what could not be opened."""
        return duties.run_all(self.keeper, progress)

    def overview(self, progress: Progress | None = None) -> Overview:
        """The office at a glance, after :meth:`watch`; a case that fails at either is named, and the rest counted.

        Raises Cancelled.
        """
        _, failed = self.watch(progress)
        found = overview.gather(self.openings(), self.keeper, self.office.clock())
        known, named = {case: one for one, case in access.references(self.office)}, {one.case for one in found.faults}
        later = [Fault(known.get(case, case.hex()[:8]), error.sentence, case in known) for case, error in failed]
        return replace(found, faults=(*found.faults, *(one for one in later if one.case not in named)))

    def back_up(self, folder: Path, *, again: bool, full: bool, progress: Progress) -> Copied:
        """Make a copy of the vault in a folder, or (``again``) the one that is there anew. See :func:`backups.create`.

        A first copy in a folder in which something else lies gets a folder of its own in it. Raises NotPermitted for
        everybody but admins, and what that raises.
        """
        self.office.require("admin")
        office = self.office
        if not again:
            folder = backup_files.place_in(folder, office.database.folder.resolve().name)
        make = backup_renewal.again if again else backups.create
        return make(
            office.database, office.store, folder, progress, clock=office.clock, places=office.copies, full=full
        )

    def duties(self) -> list[DueDuty]:
        """What is due in every case this member may follow. Raises Damaged."""
        return [due for ledger in self.ledgers() for due in self.duties_of(ledger)]


def check(folder: Path, *, full: bool, progress: Progress) -> upkeep.Condition:
    """Structure and presence of everything stored, without any key. Raises NotFound, Busy."""
    with contextlib.closing(Database.open(folder)) as database:
        return upkeep.check(database, FolderStore(folder), full=full, progress=progress)


def repair(folder: Path, *, clock: Clock = system_clock, progress: Progress) -> tuple[str, ...]:
    """Remove what a crash left behind a day ago or more; returns the names removed. Raises NotFound, Busy."""
    with contextlib.closing(Database.open(folder)) as database:
        return upkeep.repair(database, FolderStore(folder), clock=clock, progress=progress)


def back_up(folder: Path, to: Path, *, full: bool, clock: Clock = system_clock, progress: Progress) -> Copied:
    """Make a copy of a vault that no program has open, without any key. Raises what :func:`backups.create` does."""
    with contextlib.closing(Database.open(folder)) as database:
        places = Places(state_folder(), backup_rows.vault_id(database))
        return backups.create(database, FolderStore(folder), to, progress, clock=clock, places=places, full=full)


def copies(folder: Path) -> Places:
    """Where copies of a vault that no program has open were made. Raises NotFound, Busy."""
    with contextlib.closing(Database.open(folder)) as database:
        return Places(state_folder(), backup_rows.vault_id(database))


def check_copy(folder: Path, *, clock: Clock = system_clock, progress: Progress) -> Checked:
    """Read all of a copy, without any key, and remember what came of it. Raises NotFound, Damaged, StorageFailed."""
    found = backup_check.verify(folder, progress)
    places = Places(state_folder(), bytes.fromhex(found.vault))
    places.checked(folder, clock().isoformat(timespec="seconds"), whole=not found.damage)
    return found


def restore_copy(folder: Path, to: Path, *, progress: Progress) -> Restored:
    """Make a vault from a copy in a new folder, without any key. Raises what :func:`backup_restore.restore` does."""
    return backup_restore.restore(folder, to, progress, heads=RememberedHeads(state_folder()))
