"""What the assistant asks of the services: each answer of the case it was asked for, and of no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from evidencevault.bundle import readiness
from evidencevault.desktop import bundle_draft, bundle_known
from evidencevault.desktop.bundle_known import Known
from evidencevault.desktop.bundle_make_run import make
from evidencevault.desktop.bundle_steps import Choice
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.jobs import Job
from evidencevault.session import Session

_TICK = 200  # ms


class BundleJobs(QObject):
    """``failed`` and ``not_made`` carry the error (None: somebody stopped it), ``searching`` what is looked at (None:
    the search has ended).
    """

    loaded = Signal(object)
    known = Signal(object)
    waits = Signal(str, object)
    searching = Signal(object)
    apart = Signal(object)
    previewed = Signal(object, object)
    made = Signal(object)
    not_made = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.reference = ""
        self._searched: Job | None = None
        self._stoppable: Job | None = None
        self._look = QTimer(self, interval=_TICK)
        self._look.timeout.connect(self._looked)

    def load(self) -> None:
        """What was chosen before and not made."""
        reference = self.reference
        self._desk.ask(
            lambda session: bundle_known.load(session, reference),
            self._ours(self.loaded.emit),
            self._ours(self.failed.emit),
        )

    def keep(self, choice: Choice) -> None:
        """Keep what was chosen, sealed."""
        reference = self.reference
        self._desk.put_aside(lambda session: bundle_known.keep(session, reference, choice))

    def read(self, choice: Choice) -> None:
        """How everything stands for whom the bundle is made."""
        self._read(lambda opened: bundle_known.known(opened, choice), self.known.emit)

    def ask_whom(self, exhibit: str) -> None:
        """Who may approve the plan of an exhibit."""
        self._read(
            lambda opened: readiness.waits_for(opened.case, exhibit), lambda found: self.waits.emit(exhibit, found)
        )

    def search(self, choice: Choice) -> None:
        """What is about a person: each document that is read is entered as opened."""
        self._searched = self._stoppable = self._do(lambda opened: bundle_known.search(opened, choice), self.apart.emit)
        self._searched.ended.connect(self._found)
        self._look.start()
        self.searching.emit("")

    def preview(self, choice: Choice, known: Known) -> Job:
        """Put together what would leave."""
        self._stoppable = self._read(
            lambda opened: bundle_known.preview(opened, choice, known.standings),
            lambda found: self.previewed.emit(choice, found),
        )
        return self._stoppable

    def make(self, choice: Choice, known: Known) -> Job:
        """Make it; what was kept of the choice is forgotten then."""
        name = bundle_draft.name(self.reference)

        def work(opened: Opened) -> object:
            done = make(opened, bundle_known.selected(opened, choice, known.standings))
            opened.session.drafts.drop(name)
            return done

        job = self._desk.do(self.reference, work, self._ours(self.made.emit), self._ours(self.not_made.emit))
        reference = self.reference
        job.ended.connect(lambda: self.not_made.emit(None) if reference == self.reference else None)
        return job

    def forget(self) -> None:
        """Throw away what was kept of a choice."""
        name = bundle_draft.name(self.reference)

        def drop(session: Session) -> None:
            session.drafts.drop(name)

        self._desk.put_aside(drop)

    def stop(self) -> None:
        """Stop a search, or the putting together of a preview."""
        if self._stoppable is not None:
            self._stoppable.cancel()
            self._stoppable = None

    def _looked(self) -> None:
        if self._searched is not None:
            self.searching.emit(self._searched.progress.state.said)

    def _found(self) -> None:
        self._look.stop()
        self._searched = None
        self.searching.emit(None)

    def _read(self, work: Callable[[Opened], Any], came: Callable[[Any], object]) -> Job:
        return self._desk.read(self.reference, work, self._ours(came), self._ours(self.failed.emit))

    def _do(self, work: Callable[[Opened], Any], came: Callable[[Any], object]) -> Job:
        return self._desk.do(self.reference, work, self._ours(came), self._ours(self.failed.emit))

    def _ours(self, told: Callable[[Any], object]) -> Callable[[Any], object]:
        """Tells only while the same case is shown."""
        reference = self.reference
        return lambda what: told(what) if reference == self.reference else None
