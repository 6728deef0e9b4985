"""The forms of the assistant's steps, each made when it is first called for, and what they tell the assistant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from evidencevault.desktop.bundle_jobs import BundleJobs
from evidencevault.desktop.bundle_make_preview import BundleMakePreview
from evidencevault.desktop.bundle_make_run import BundleMakeRun
from evidencevault.desktop.bundle_make_what import BundleMakeWhat
from evidencevault.desktop.bundle_make_whom import BundleMakeWhom
from evidencevault.desktop.bundle_make_why import BundleMakeWhy
from evidencevault.desktop.bundle_release import BundleRelease
from evidencevault.desktop.bundle_steps import Step
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Late
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme

P = TypeVar("P", bound=QWidget)


class Pages(QObject):
    """What, for whom, why, the preview, the making and the release of one assistant; they tell through this."""

    chose = Signal(object)
    wanted = Signal(str, str)
    searching = Signal()
    told = Signal(str)
    failed = Signal(object)
    came = Signal()
    lacking = Signal(int)
    making = Signal()
    closed = Signal()

    def __init__(self, jobs: BundleJobs, stack: QStackedWidget, desk: Desk, theme: Theme, files: Files) -> None:
        super().__init__(stack)
        self._jobs, self._stack = jobs, stack
        self._desk, self._theme, self._files = desk, theme, files
        self._what, self._whom, self._why = Late(self._made_what), Late(self._made_whom), Late(self._made_why)
        self._preview, self._run = Late(self._made_preview), Late(self._made_run)
        self._release = Late(self._made_release)

    @property
    def makers(self) -> Sequence[Callable[[], QWidget]]:
        """What makes each of them, where it is not made yet."""
        return (self._what, self._whom, self._why, self._preview, self._run, self._release)

    def of(self, step: Step) -> QWidget:
        """The form of a step."""
        return self.makers[step]()

    @property
    def what(self) -> BundleMakeWhat:
        """What goes."""
        return self._what()

    @property
    def whom(self) -> BundleMakeWhom:
        """For whom."""
        return self._whom()

    @property
    def why(self) -> BundleMakeWhy:
        """Why, and on which legal basis."""
        return self._why()

    @property
    def preview(self) -> BundleMakePreview:
        """Everything that will leave."""
        return self._preview()

    @property
    def run(self) -> BundleMakeRun:
        """The making, and what the attack found."""
        return self._run()

    @property
    def release(self) -> BundleRelease:
        """The release by a second member, or alone."""
        return self._release()

    def _made_what(self) -> BundleMakeWhat:
        made, jobs = self._hung(BundleMakeWhat(self._theme)), self._jobs
        made.chose.connect(self.chose)
        made.wanted.connect(self.wanted)
        made.asked.connect(jobs.ask_whom)
        made.searching.connect(self.searching)
        made.stopping.connect(jobs.stop)
        jobs.waits.connect(made.item.wait_for)
        jobs.searching.connect(made.search_goes_on)
        return made

    def _made_whom(self) -> BundleMakeWhom:
        made = self._hung(BundleMakeWhom(self._desk, self._theme, self._files))
        made.chose.connect(self.chose)
        made.told.connect(self.told)
        made.failed.connect(self.failed)
        made.came.connect(self.came)
        return made

    def _made_why(self) -> BundleMakeWhy:
        made = self._hung(BundleMakeWhy())
        made.chose.connect(self.chose)
        return made

    def _made_preview(self) -> BundleMakePreview:
        made = self._hung(BundleMakePreview(self._desk, self._theme))
        made.lacking.connect(self.lacking)
        return made

    def _made_run(self) -> BundleMakeRun:
        made = self._hung(BundleMakeRun(self._theme))
        made.making.connect(self.making)
        return made

    def _made_release(self) -> BundleRelease:
        made = self._hung(BundleRelease(self._desk, self._theme, self._files))
        made.closed.connect(self.closed)
        return made

    def _hung(self, made: P) -> P:
        self._stack.addWidget(made)
        self._theme.dress(made)
        return made
