"""One exhibit on the bench: its plan, its pages, what was found; each act goes to the lanes and comes back as a signal.

What comes when another exhibit has been opened meanwhile is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from evidencevault.desktop import redact_approve, redact_hits, redact_people, redact_work
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.redact_approve import Approved, Asked, Copy
from evidencevault.desktop.redact_hits import Hits
from evidencevault.desktop.redact_rows import PlanView, plan_view
from evidencevault.desktop.redact_work import Act, Changed, Ready
from evidencevault.errors import VaultError
from evidencevault.redaction.unseen import unseen
from evidencevault.resources import tr


class Bench(QObject):
    """``viewed`` is sent whenever the plan was read or changed; ``following`` carries a long job and its title."""

    viewed = Signal(object)  # PlanView
    opened = Signal(object)  # Ready
    persons = Signal(object)
    found = Signal(object)  # Hits
    hidden = Signal(object)
    widths = Signal(object)
    copied = Signal(object)  # Copy
    approved = Signal(str)
    undoable = Signal(str, object)
    told = Signal(str)
    failed = Signal(object)
    hidden_failed = Signal(object)
    settled = Signal()  # an act has ended, well or not
    following = Signal(object, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.reference, self.number = "", ""
        self.purpose: str | None = None
        self.view: PlanView | None = None
        self.ready: Ready | None = None
        self.hits: Hits | None = None
        self.copy: Copy | None = None
        self._opening = 0
        self._jobs: list[Job] = []

    # --- opening

    def open(self, reference: str, number: str) -> None:
        """Another exhibit: its plan is read, not yet its pages."""
        self.close()
        self.reference, self.number = reference, number
        self.refresh()

    def close(self) -> None:
        """Forget everything."""
        self._opening += 1
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self.reference = self.number = ""
        self.purpose = self.view = self.ready = self.hits = self.copy = None

    def refresh(self) -> None:
        """Read the plan anew."""
        number = self.number
        if number:
            self._read(lambda opened: plan_view(opened.case, number), self._viewed)
            self._read(lambda opened: redact_people.person_rows(opened.case), self.persons.emit)

    def read_pages(self, purpose: str | None) -> None:
        """Read the pages; that is a view."""
        self.purpose = purpose
        number = self.number
        self._read(lambda opened: redact_work.ready(opened, number), self._ready)

    def recognise(self) -> None:
        """Read what stands in pixels."""
        if self.ready is not None:
            self._long(redact_work.recognise(self.number, self.ready), self._ready, tr("Reading text in pictures"))

    # --- acts on the plan

    def act(self, act: Act) -> None:
        """Change the plan; the toast offers to take it back."""
        self._do(act, self._changed)

    def step(self, act: Act) -> None:
        """Undo or redo: the toast only says so."""
        self._do(act, self._stepped)

    def undo(self) -> None:
        """Take the last change back."""
        if self.view is not None and self.view.may_undo:
            self.step(redact_work.undo(self.number))

    def redo(self) -> None:
        """Make it again."""
        if self.view is not None and self.view.may_redo:
            self.step(redact_work.redo(self.number))

    # --- looking

    def look(self, *, faces: bool) -> None:
        """Find what may have to be hidden."""
        if self.ready is not None:
            number, finder = self.number, self.ready.finder
            job = self._read(lambda opened: redact_hits.find(opened, number, finder, faces=faces), self._found)
            self.following.emit(job, tr("Looking for names and numbers"))

    def look_unseen(self) -> None:
        """List what the pages do not show."""
        number, purpose = self.number, self.purpose
        self._read(
            lambda opened: unseen(opened.case, opened.workers, number, purpose),
            self.hidden.emit,
            self.hidden_failed.emit,
        )

    def measure(self) -> None:
        """See how many names fit the widths."""
        if self.ready is not None:
            work = redact_approve.measure(self.number, self.ready.finder)
            self.following.emit(self._read(work, self.widths.emit), tr("Measuring"))

    def make_copy(self, narrow: str) -> None:
        """Make the redacted copy to look at it."""
        if self.copy is not None:
            self.copied.emit(self.copy)
        else:
            work = redact_approve.copy_of(self.number, self.purpose, narrow)
            self._long(work, self._copied, tr("Making the redacted copy"))

    def approve(self, asked: Asked) -> None:
        """Make it, attack it, sign it."""
        self._long(redact_approve.approve(self.number, asked), self._approved, tr("Making and checking the copy"))

    # --- what comes back

    def _viewed(self, view: PlanView) -> None:
        before, self.view = self.view, view
        changed = before is None or (before.revision, before.state) != (view.revision, view.state)
        if changed:
            self.copy = None
        self.viewed.emit(view)
        if changed and before is not None and self.hits is not None and self.ready is not None:
            number, hits, finder = self.number, self.hits, self.ready.finder
            self._read(lambda opened: redact_hits.again(opened, number, hits, finder), self._found)

    def _ready(self, ready: Ready) -> None:
        self.ready = ready
        self.opened.emit(ready)

    def _found(self, hits: Hits) -> None:
        self.hits = hits
        self.found.emit(hits)

    def _copied(self, copy: Copy) -> None:
        self.copy = copy
        self.copied.emit(copy)

    def _approved(self, done: Approved) -> None:
        self._viewed(done.view)
        self.approved.emit(done.told)

    def _changed(self, changed: Changed) -> None:
        self._viewed(changed.view)
        back = redact_work.undo(self.number, changed.view.revision)
        opening = self._opening
        self.undoable.emit(changed.told, lambda: self.step(back) if opening == self._opening else None)

    def _stepped(self, changed: Changed) -> None:
        self._viewed(changed.view)
        self.told.emit(changed.told)

    # --- lanes

    def _read(
        self,
        work: Callable[[Opened], Any],
        done: Callable[[Any], object],
        failed: Callable[[VaultError], object] | None = None,
    ) -> Job:
        job = self._desk.read(self.reference, work, self._mine(done), self._mine(failed or self.failed.emit))
        return self._kept(job)

    def _do(self, work: Callable[[Opened], Any], done: Callable[[Any], object]) -> Job:
        job = self._desk.do(self.reference, work, self._mine(done), self._mine(self.failed.emit))
        job.ended.connect(self.settled)
        return job

    def _long(self, work: Callable[[Opened], Any], done: Callable[[Any], object], title: str) -> None:
        job = self._do(work, done)
        self._kept(job)
        self.following.emit(job, title)

    def _kept(self, job: Job) -> Job:
        self._jobs.append(job)
        job.ended.connect(partial(self._ended, job))
        return job

    def _ended(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)

    def _mine(self, then: Callable[[Any], object]) -> Callable[[Any], object]:
        opening = self._opening

        def shown(result: Any) -> None:
            if opening == self._opening:
                then(result)

        return shown
