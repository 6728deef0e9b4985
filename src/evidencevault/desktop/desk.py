"""The unlocked vault as screens see it: two lanes of work, and one signal that says which case changed.

``reading`` shows what is asked for; ``working`` writes and verifies; ``beside`` is for what runs along with reading and
may last: a recording that is played, the text of a long document. The first two open a case each for themselves, so
that a long import keeps nobody from reading; the ledger keeps them in step. The third opens none: it gets what was
opened in the reading lane. Copies of the vault have a lane of their own, because they may take hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop.jobs import Done, Failed, Job, Lane
from evidencevault.documents.workers import Workers
from evidencevault.progress import Progress
from evidencevault.session import Session
from evidencevault.vault.objects import ObjectReader


@dataclass(frozen=True, slots=True)
class Opened:
    """What work on a case is handed."""

    session: Session
    case: CaseFile
    workers: Workers
    progress: Progress


class Desk(QObject):
    """Owns the session from unlocking to locking. Screens give it functions and hold no service themselves."""

    changed = Signal(str)  # reference of a case that was written to
    vault_changed = Signal()  # something of the vault itself was written, such as its address book

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.member = session.member
        self.vault = session.office.database.folder
        self._session = session
        self._reading, self._working, self._beside = Lane("reading"), Lane("working"), Lane("beside")
        self._aside, self._copying = Lane("aside"), Lane("copying")
        session.settle_drafts = self._aside.settle  # whoever reads a draft gets what was typed last
        self._lanes = (self._beside, self._copying, self._working, self._reading, self._aside)
        self._kept: set[ObjectReader] = set()  # opened for longer than one job
        self._cases: dict[tuple[Lane, str], CaseFile] = {}  # each entry is used by its lane alone

    @property
    def working(self) -> bool:
        """Whether something is being written or verified."""
        return self._working.busy

    @property
    def busy(self) -> bool:
        """Whether anything at all is under way or waits."""
        return any(lane.busy for lane in self._lanes)

    def ask(self, work: Callable[[Session], Any], done: Done, failed: Failed) -> Job:
        """Read something of the vault."""
        return self._reading.submit(lambda _: work(self._session), done, failed)

    def ask_long(self, work: Callable[[Session, Progress], Any], done: Done, failed: Failed) -> Job:
        """Read something of the vault that can be stopped."""
        return self._reading.submit(lambda progress: work(self._session, progress), done, failed)

    def read(self, reference: str, work: Callable[[Opened], Any], done: Done, failed: Failed) -> Job:
        """Read something of a case."""
        return self._reading.submit(self._with_case(self._reading, reference, work), done, failed)

    def along(self, work: Callable[[Progress], Any], done: Done | None, failed: Failed | None) -> Job:
        """Something that lasts while other things are read, on what was opened before; it must heed its progress."""
        return self._beside.submit(work, done, failed)

    def keep(self, reader: ObjectReader) -> ObjectReader:
        """Take care of what stays open for longer than one job: it is closed with the vault at the latest."""
        self._kept.add(reader)
        return reader

    def let_go(self, reader: ObjectReader) -> None:
        """Close it, in any thread."""
        self._kept.discard(reader)
        reader.close()

    def do(self, reference: str, work: Callable[[Opened], Any], done: Done, failed: Failed) -> Job:
        """Write to a case, or verify it; ``changed`` follows, whether it went well or not."""
        job = self._working.submit(self._with_case(self._working, reference, work), done, failed)
        job.ended.connect(lambda: self.changed.emit(reference))
        return job

    def begin(self, work: Callable[[Session], str], done: Done, failed: Failed) -> Job:
        """Open a new case; ``work`` returns its reference. ``changed`` follows with it."""
        return self.begin_with(lambda session: (work(session),), done, failed)

    def begin_with(
        self, work: Callable[[Session], tuple[str, ...]], done: Callable[..., object], failed: Failed
    ) -> Job:
        """Open a new case with a record in it; ``done`` gets what ``work`` returns, the case's reference first."""

        def opened(made: tuple[str, ...]) -> None:
            done(*made)
            self.changed.emit(made[0])

        return self._working.submit(lambda _: work(self._session), opened, failed)

    def act(self, work: Callable[[Session], Any], done: Done, failed: Failed) -> Job:
        """Write to the vault itself: users, policies, recipients. ``vault_changed`` follows in any case."""
        job = self._working.submit(lambda _: work(self._session), done, failed)
        job.ended.connect(self.vault_changed)
        return job

    def act_long(self, work: Callable[[Session, Progress], Any], done: Done, failed: Failed) -> Job:
        """The same, where it can be stopped."""
        job = self._working.submit(lambda progress: work(self._session, progress), done, failed)
        job.ended.connect(self.vault_changed)
        return job

    def copy(self, work: Callable[[Session, Progress], Any], done: Done, failed: Failed) -> Job:
        """Make or check a copy of the vault: hours may pass, in which everything else goes on."""
        return self._copying.submit(lambda progress: work(self._session, progress), done, failed)

    def put_down(self, reference: str, work: Callable[[Opened], Any]) -> Job:
        """Save what was typed into a case: locking waits for it in the background, and nothing stops it."""
        return self._working.submit(self._with_case(self._working, reference, work), must_be_done=True)

    def put_aside(self, work: Callable[[Session], Any]) -> Job:
        """Keep what was typed and is not filed, as :meth:`put_down` does; it waits for nothing else."""
        return self._aside.submit(lambda _: work(self._session), must_be_done=True)

    def hush(self) -> None:
        """Let what is under way go on, and report nothing: the screens that asked are taken away."""
        for lane in self._lanes:
            lane.hush()

    def verify(self, reference: str | None, *, full: bool, done: Done, failed: Failed) -> Job:
        """Verify a case, or with None the whole vault. It opens no case: a damaged one could not be opened."""
        return self._working.submit(
            lambda progress: self._session.verify(reference, full=full, progress=progress), done, failed
        )

    def watch(self) -> Job:
        """Enter what was missed in every case; ``changed`` follows for those in which something was."""

        def entered(progress: Progress) -> list[str]:
            found, _ = self._session.watch(progress)  # a case that cannot be opened says so in the list of cases
            return sorted({reference for reference, _ in found})

        return self._working.submit(entered, self._tell, lambda _: None)

    def _tell(self, references: list[str]) -> None:
        for reference in references:
            self.changed.emit(reference)

    def drop(self) -> None:
        """Cancel everything; nothing is told to a screen any more."""
        for lane in self._lanes:
            lane.drop()

    def close(self) -> None:
        """Stop what is under way (what was committed stays), forget the keys and release the vault's lock.

        May be called in any thread; it waits until the job under way has stopped.
        """
        for lane in self._lanes:
            lane.close()
        for reader in tuple(self._kept):
            self.let_go(reader)
        self._cases.clear()
        self._session.close()

    def _with_case(self, lane: Lane, reference: str, work: Callable[[Opened], Any]) -> Callable[[Progress], Any]:
        def run(progress: Progress) -> Any:
            case = self._cases.get((lane, reference))
            if case is None:
                case = self._cases[lane, reference] = self._session.case(reference)
            else:
                case.ledger.refresh()
            return work(Opened(self._session, case, self._session.workers_for(case), progress))

        return run
