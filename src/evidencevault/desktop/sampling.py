"""The sample case: a vault about invented people, made where the person says, and opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QPushButton, QToolButton, QWidget

from evidencevault.demo import walk
from evidencevault.demo.places import Places
from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Job, Lane
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault.heads import state_folder

EVERY = 150  # ms between two looks at how far it is


class SamplingScreen(Form):
    """``opened`` carries the session of the sample's officer."""

    opened = Signal(object)
    back = Signal()

    def __init__(self, lane: Lane, *, unconfined: bool) -> None:
        super().__init__("sampling")
        self._lane, self._unconfined = lane, unconfined
        self._job: Job | None = None
        self._look = QTimer(self, interval=EVERY)
        self._look.timeout.connect(self._tell)
        self._folder = self.child(QLineEdit, "folder")
        self._folder.returnPressed.connect(self._make)
        self.child(QPushButton, "make").clicked.connect(self._make)
        self.child(QPushButton, "back").clicked.connect(self.back)
        self.child(QPushButton, "cancel").clicked.connect(self._cancel)
        self.child(QToolButton, "browse").clicked.connect(self._browse)

    def start(self) -> None:
        """Offer a folder."""
        self._folder.setText(str(state_folder() / "sample"))
        banner(self, "problem", "")
        self._working(False)
        self.child(QPushButton, "make").setFocus()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose a new or empty folder"))
        if chosen:
            self._folder.setText(chosen)

    def _make(self) -> None:
        if self._lane.busy or not self._folder.text().strip():
            return
        folder, unconfined = Path(self._folder.text().strip()), self._unconfined
        banner(self, "problem", "")
        self._working(True)
        self._job = self._lane.submit(
            lambda progress: made(folder, progress, unconfined=unconfined), self.opened.emit, self._failed
        )
        self._job.ended.connect(self._ended)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.child(QLabel, "step").setText(tr("Stopping …"))
            self.child(QPushButton, "cancel").setEnabled(False)

    def _tell(self) -> None:
        if self._job is None or self._job.progress.stopping:
            return
        state = self._job.progress.state
        self.child(QLabel, "step").setText(state.said)
        self.child(QLabel, "steps").setText(tr("{n} steps done").format(n=state.done))

    def _ended(self) -> None:
        self._job = None
        self._working(False)

    def _failed(self, error: VaultError) -> None:
        banner(self, "problem", error.sentence)

    def _working(self, working: bool) -> None:
        self.child(QWidget, "asking").setVisible(not working)
        self.child(QWidget, "making").setVisible(working)
        self.child(QPushButton, "cancel").setEnabled(True)
        self.child(QProgressBar, "progress").setRange(0, 0 if working else 1)
        self.child(QLabel, "step").setText(tr("Beginning …"))
        self.child(QLabel, "steps").setText("")
        if working:
            self._look.start()
            self.child(QPushButton, "cancel").setFocus()
        else:
            self._look.stop()


def made(folder: Path, progress: Progress, *, unconfined: bool) -> Session:
    """Make the sample case, or open a finished one, and unlock it as its officer; stopped, it is taken away again.

    Raises Cancelled, and what :func:`walk.run` raises.
    """

    def tell(line: str) -> None:
        step = line.partition(" s  ")[2]  # what comes without its time is no step, but a passphrase
        if step:
            progress.say(step)
            progress.advance()

    try:
        done = walk.run(folder, tell, unconfined=unconfined)
    except VaultError:
        if progress.stopping:
            Places(folder).clear()
        raise
    user = next(iter(done.passphrases))
    return Session.unlock(done.vault, user, done.passphrases[user], unconfined=unconfined)
