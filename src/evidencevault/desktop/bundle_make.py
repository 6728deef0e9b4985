"""The assistant that makes a bundle: its steps on one side, the one shown on the other; going back keeps everything."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from evidencevault.bundle.access import Apart
from evidencevault.bundle.previewing import Preview
from evidencevault.desktop import bundle_steps, words
from evidencevault.desktop.bundle_jobs import BundleJobs
from evidencevault.desktop.bundle_known import Known
from evidencevault.desktop.bundle_make_preview import BundleMakePreview
from evidencevault.desktop.bundle_make_run import BundleMakeRun, Made
from evidencevault.desktop.bundle_make_what import BundleMakeWhat
from evidencevault.desktop.bundle_make_whom import BundleMakeWhom
from evidencevault.desktop.bundle_make_why import BundleMakeWhy
from evidencevault.desktop.bundle_pages import Pages
from evidencevault.desktop.bundle_rail import Rail, summary
from evidencevault.desktop.bundle_steps import Choice, Lack, Step
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.giving import Pile
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.resources import tr

KEPT_AFTER = 2000  # ms after the last choice


class BundleMake(Form):
    """One bundle at a time. ``left`` is sent when it is put away, ``made`` with the number of one that was made."""

    left = Signal()
    made = Signal(str)
    told = Signal(str)
    wanted = Signal(str, str)

    def __init__(self, desk: Desk, theme: Theme, files: Files) -> None:
        super().__init__("bundle_make", custom=(Pile,))
        self._jobs, self._number = BundleJobs(desk, self), ""
        self._choice, self._known, self._step, self._reached = Choice(), Known(), Step.WHAT, Step.WHAT
        self._typed = False
        self._previewed: Choice | None = None
        self._forms = self.child(Pile, "forms")
        self.pages = Pages(self._jobs, self._forms, desk, theme, files)
        self._rail = Rail(self, theme)
        self._rest = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._rest.timeout.connect(self.keep)
        self._wire()

    def _wire(self) -> None:
        self._rail.chosen.connect(self.go)
        pages = self.pages
        pages.chose.connect(self._chose)
        pages.wanted.connect(self.wanted)
        pages.searching.connect(lambda: self._jobs.search(self._choice))
        pages.told.connect(self.told)
        pages.failed.connect(self._failed)
        pages.came.connect(self._draw)
        pages.lacking.connect(self._mend)
        pages.making.connect(self._make)
        pages.closed.connect(self._put_away)
        jobs = self._jobs
        jobs.loaded.connect(self._begin)
        jobs.known.connect(self._came)
        jobs.apart.connect(self._apart)
        jobs.previewed.connect(self._show_preview)
        jobs.made.connect(self._made)
        jobs.not_made.connect(self._not_made)
        jobs.failed.connect(self._failed)
        self.child(QPushButton, "leave").clicked.connect(self.leave)
        self.child(QPushButton, "back").clicked.connect(lambda: self.go(Step(max(0, self._step - 1))))
        self.child(QPushButton, "next").clicked.connect(self.next)

    # --- beginning and leaving

    def start(self, reference: str) -> None:
        """A new bundle of a case, or the one that was begun and not made."""
        self.keep()
        self._jobs.reference, self._number, self._typed = reference, "", False
        self._choice, self._known, self._previewed = Choice(), Known(), None
        self._step = self._reached = Step.WHAT
        self.pages.run.clear()
        self.pages.preview.clear()
        banner(self, "problem", "")
        self.pages.whom.refresh()
        self._jobs.load()

    @property
    def busy(self) -> bool:
        """Whether a bundle is being made or released."""
        return self.pages.run.busy or self.pages.release.busy

    def refresh(self) -> None:
        """Something of the case changed: look again what may leave."""
        if self._jobs.reference and not self._number:
            self._jobs.read(self._choice)

    def keep(self) -> None:
        """Keep what was chosen and not made, sealed."""
        self._rest.stop()
        if self._typed and self._jobs.reference and not self._number:
            self._typed = False
            self._jobs.keep(self._choice)

    def leave(self) -> None:
        """Put it away; what was chosen is kept."""
        self._jobs.stop()
        if not self._number and self._choice != Choice():
            self.told.emit(tr("What you chose is kept; “Make a bundle” goes on with it."))
        self._put_away()

    def _put_away(self) -> None:
        self.keep()
        self.pages.preview.clear()
        self._jobs.reference = ""
        self.left.emit()

    def _begin(self, choice: Choice) -> None:
        self._choice = choice
        self._draw()
        self.refresh()

    def _came(self, found: Known) -> None:
        self._known = found
        self._draw()
        if self._step == Step.WHAT and self._forms.currentWidget() is self.pages.what:
            self.pages.what.focus_first()

    # --- going through the steps

    @property
    def shown(self) -> QWidget:
        """The form of the step."""
        return self.pages.of(self._step)

    def next(self) -> None:
        """The step after this one; the last one makes the bundle."""
        if self._step == Step.MAKE and not self._number:
            self._make()
        elif self.child(QPushButton, "next").isEnabled():
            self.go(Step(min(Step.RELEASE, self._step + 1)))

    def go(self, step: Step) -> None:
        """Show a step."""
        if (step == Step.RELEASE) != bool(self._number) and not (step == Step.MAKE and self._number):
            return
        if self.pages.run.busy:
            return
        self._jobs.stop()
        self._step, self._reached = step, max(self._reached, step)
        banner(self, "problem", "")
        if step == Step.RELEASE:
            self.pages.release.start(self._jobs.reference, self._number)
        elif step == Step.PREVIEW:
            self._preview()
        self._draw()
        self._focus()

    def _focus(self) -> None:
        shown = self.shown
        # The release gives itself the keyboard when it was read.
        if isinstance(shown, BundleMakeWhat | BundleMakeWhom | BundleMakeWhy | BundleMakePreview | BundleMakeRun):
            shown.focus_first()

    def narrow(self, narrow: bool) -> None:
        """Whether there is little room."""
        self._rail.narrow(narrow)

    def seek(self, text: str) -> None:
        """Show what holds these words in the list of the step."""
        if self._step in (Step.WHAT, Step.WHOM):
            (self.pages.what if self._step == Step.WHAT else self.pages.whom).seek(text)

    def next_pane(self, now: QWidget | None) -> bool:
        """From the steps to the list of the step, and on to what is chosen in it."""
        shown = self.shown
        if self._rail.holds(now):
            self._focus()
            return True
        return isinstance(shown, BundleMakeWhat | BundleMakeWhom | BundleMakePreview) and shown.next_pane(now)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on, Alt+Left back, Escape leaves; a form within that takes these keys comes first."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held == Qt.KeyboardModifier.ControlModifier:
            self.next()
        elif event.key() == Qt.Key.Key_Left and held == Qt.KeyboardModifier.AltModifier:
            self.child(QPushButton, "back").click()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _mend(self, place: int) -> None:
        found = self._hindrances()
        if place < len(found):
            step, lack = found[place]
            self.go(step)
            if lack.exhibit:
                self.pages.what.point_to(lack.exhibit)

    # --- what is done

    def _preview(self) -> None:
        lacks = self._hindrances()
        if lacks:
            self._previewed = None
            self.pages.preview.show_lacks(lacks)
        elif self._previewed != self._choice:
            self._previewed = None
            job = self._jobs.preview(self._choice, self._known)
            self.pages.preview.works(self._jobs.reference, job)
            job.ended.connect(lambda: self._preview_stopped())

    def _show_preview(self, choice: Choice, found: Preview) -> None:
        if choice == self._choice:
            self._previewed = choice
            self.pages.preview.show_preview(found)
            self.pages.preview.focus_first()

    def _preview_stopped(self) -> None:
        if self._step == Step.PREVIEW and self._previewed is None and not self.pages.preview.shows_lacks:
            self.go(Step.WHY)

    def _make(self) -> None:
        if not self._hindrances() and not self.pages.run.busy:
            self.pages.run.follow(self._jobs.make(self._choice, self._known))
            self._draw()

    def _made(self, done: Made) -> None:
        self._number, self._typed = done.number, False
        self.pages.run.made(done)
        self._reached = Step.RELEASE
        self._draw()
        self.child(QPushButton, "next").setFocus()
        self.made.emit(done.number)

    def _not_made(self, error: VaultError | None) -> None:
        """Refused, or (None) ended: then it was stopped if nothing was told before."""
        if error is not None:
            self.pages.run.failed(error)
        elif self.pages.run.busy:
            self.pages.run.stopped()
        self._draw()

    def _apart(self, found: Apart) -> None:
        self._chose(replace(self._choice, about=found.about, unknown=found.unknown, searched=True))

    def _failed(self, error: VaultError) -> None:
        banner(self, "problem", error.sentence)

    # --- what is chosen

    def _chose(self, choice: Choice) -> None:
        before, self._choice = self._choice, choice
        self._typed = True
        self._rest.start()
        watched = ("mode", "person", "people", "own_labels", "by_passphrase")
        if any(getattr(before, one) != getattr(choice, one) for one in watched):
            self.refresh()  # what may leave depends on who gets it
        self._draw()

    def _hindrances(self) -> list[tuple[Step, Lack]]:
        names = self.pages.whom.names
        return [
            (step, one)
            for step in (Step.WHAT, Step.WHOM, Step.WHY)
            for one in bundle_steps.lacking(step, self._choice, self._known.standings, names)
        ]

    def _draw(self) -> None:
        """Everything anew: the steps, the form that is shown, what is missing."""
        choice, lacks = self._choice, self._hindrances()
        if self._step == Step.WHAT:
            self.pages.what.show_known(self._known, choice)
        elif self._step == Step.WHOM:
            self.pages.whom.show_choice(choice)
        elif self._step == Step.WHY:
            self.pages.why.offer(self._known.bases, self._known.prefix)
            self.pages.why.show_choice(choice)
        elif self._step == Step.MAKE and not self._number:
            why = (choice.purpose, choice.legal_basis)
            self.pages.run.show_choice(summary(self._known, choice), self._receivers(), why, may=not lacks)
        self._forms.setCurrentWidget(self.shown)
        self._rail.show_steps(self._step, self._reached, lacks, self._told())
        self._rail.show_foot(self._step, [one.words for step, one in lacks if step == self._step],
                             made=bool(self._number), busy=self.pages.run.busy)  # fmt: skip

    def _told(self) -> dict[Step, str]:
        """What was chosen in each step, in few words."""
        what, whom = summary(self._known, self._choice), words.line(self._receivers())
        return {Step.WHAT: what, Step.WHOM: whom, Step.WHY: self._choice.purpose, Step.MAKE: self._number}

    def _receivers(self) -> list[str]:
        if self._choice.by_passphrase:
            return [tr("Whoever knows the passphrase")]
        return [one for one in self.pages.whom.names if one in self._choice.people]
