"""The window of a received bundle. It needs no vault: a file, what opens it, checks, documents, notes, a receipt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QMainWindow, QPushButton, QStackedWidget

from evidencevault.desktop.asking import Question
from evidencevault.desktop.dropping import DropTarget
from evidencevault.desktop.idle import IdleWatch
from evidencevault.desktop.inbox_ask import InboxAsk
from evidencevault.desktop.inbox_bundle import CHECKS, DOCUMENTS, InboxBundle
from evidencevault.desktop.inbox_desk import InboxDesk, Opened
from evidencevault.desktop.inbox_disclosure import Disclosures
from evidencevault.desktop.inbox_files import Files, bundle_among
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.kept import Kept
from evidencevault.desktop.look import Theme
from evidencevault.errors import Damaged, NotPermitted, VaultError
from evidencevault.resources import tr

SIZE = (1280, 820)
_STATE, _PANES = "inbox", "bundle"


class Inbox(QMainWindow):
    """``emptied`` is sent when key and content were forgotten, ``closed`` when the window is."""

    emptied = Signal()
    closed = Signal()

    def __init__(self, app: QApplication, theme: Theme, *, unconfined: bool, files: Files | None = None) -> None:
        super().__init__()
        self._theme = theme
        files = files or Files()
        self.desk = InboxDesk(unconfined=unconfined)
        self.ask = InboxAsk(self.desk, files)
        self.bundle = InboxBundle(self.desk, theme, files)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.ask)
        self._stack.addWidget(self.bundle)
        self.setCentralWidget(self._stack)
        self.setWindowTitle(tr("Open a received bundle"))
        self.resize(*SIZE)
        self._job: Job | None = None
        self._going = False  # the person decided about the notes that are not saved
        self._idle = IdleWatch(app)
        self._idle.over.connect(self.lock)
        self._idle.left.connect(self.bundle.locks_in)
        self.ask.wanted.connect(self._open)
        self._disclosures = Disclosures(self.desk, files, theme, self.ask)
        self.ask.child(QPushButton, "disclosure").clicked.connect(lambda: self._disclosures.ask(None))
        self.desk.checked.connect(self.bundle.checks.passed)
        self.bundle.again.connect(self._again)
        self.bundle.locking.connect(self.lock)
        DropTarget(self, self.ask.child(QFrame, "drop"), self._asks).dropped.connect(self._dropped)
        self._shortcuts()
        self._kept = Kept(_STATE)
        self._kept.place(self)
        self._kept.divide(_PANES, self.bundle)
        theme.wear(self.ask)

    def _shortcuts(self) -> None:
        acts: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+O", lambda: self.ask.browse() if self._asks() else None),
            ("Ctrl+L", self.lock),
            ("Ctrl+S", self.bundle.save_notes),
            ("Ctrl+F", self.bundle.seek),
            ("F6", self.bundle.next_pane),
            ("Alt+1", lambda: self.bundle.go(CHECKS)),
            ("Alt+2", lambda: self.bundle.go(DOCUMENTS)),
            ("Ctrl+W", self.close),
            ("Esc", self._cancel),
        ]
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self, act)

    def start(self, path: Path | None = None) -> None:
        """Show the window, on a file that was named or on the question for one."""
        self.show()
        self.raise_()
        self.activateWindow()
        if self._asks():
            if path is not None:
                self.ask.choose(path)
            self.ask.start()
        elif path is not None:
            self.bundle.say_problem(tr("Close this bundle first; then open the other."))

    def lock(self) -> None:
        """Take everything off the screen at once and forget key and content; notes not saved are sealed as a draft."""
        if self._asks():
            return
        opened, notes = self.bundle.opened, self.bundle.notes
        draft = (notes.notes, opened.received) if opened is not None and notes.dirty else None
        for window in self.findChildren(QDialog):
            window.close()
        self._forget(draft is not None)
        self.desk.forget(draft)

    def say_fault(self, sentence: str) -> None:
        """A bug of the program, said in the window."""
        self._job = None
        self.ask.failed(sentence)
        self.bundle.say_problem(sentence)

    def shut(self) -> None:
        """Before the program ends."""
        self._going = True
        self.lock()
        self._idle.stop()
        self.desk.close()
        self.close()

    def _forget(self, drafted: bool) -> None:
        self._idle.stop()
        self._job = None
        self.ask.empty()
        self.bundle.clear()
        self.setWindowTitle(tr("Open a received bundle"))
        self._stack.setCurrentWidget(self.ask)
        self.ask.failed("")
        told = tr("The bundle was closed: key and content are forgotten.")
        sealed = tr("Notes that were not saved are sealed, and come back when you open it again.")
        self.ask.tell(f"{told} {sealed}" if drafted else told)
        self.ask.start()
        self.emptied.emit()

    def _asks(self) -> bool:
        return self._stack.currentWidget() is self.ask

    def _dropped(self, paths: list[Path]) -> None:
        found = bundle_among(paths)
        if found is None:
            self.ask.failed(tr("That is no bundle: its file ends in .zip.age or .zip."))
        else:
            self.ask.choose(found)

    def _open(self, path: Path, secret: str) -> None:
        if self._job is not None:  # one at a time: a second Enter must not open it twice
            return
        job = self._job = self.desk.open(path, secret, self._whole, self._failed)
        self._theme.wear(self.bundle)
        self._stack.setCurrentWidget(self.bundle)
        self.bundle.begin(path, job)
        job.ended.connect(lambda: self._ended(job))
        self._idle.start()

    def _whole(self, opened: Opened) -> None:
        self._job = None
        self.ask.empty()
        self.setWindowTitle(opened.received.name)
        self.bundle.whole(opened)

    def _failed(self, error: VaultError) -> None:
        self._job = None
        if isinstance(error, Damaged):
            self.bundle.failed(error)
            return
        self._again()
        if isinstance(error, NotPermitted):
            advice = tr("Nothing was opened, and the file is as it was. Ask the sender for whom it was made.")
        else:
            advice = tr("Nothing was opened, and the file is as it was. Look whether it is the right one.")
        self.ask.failed(f"{error.sentence} {advice}")

    def _ended(self, job: Job) -> None:
        if self._job is job:  # neither whole nor failed: stopped
            self._job = None
            self._again()
            self.ask.tell(tr("Stopped. Nothing was opened."))

    def _again(self) -> None:
        self._idle.stop()
        self.bundle.clear()
        self._stack.setCurrentWidget(self.ask)
        self.ask.failed("")
        self.ask.start()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Notes that are not saved are asked about once."""
        if self.bundle.notes.dirty and not self._going:
            event.ignore()
            self._ask_about_notes()
            return
        self._kept.note(self)
        self._kept.keep()
        self._going = True
        self.lock()
        super().closeEvent(event)
        self.closed.emit()

    def _ask_about_notes(self) -> None:
        question = Question(
            tr("There are notes that are not saved"),
            tr("Saved notes are sealed with the key of the bundle. What is not saved is gone when the window closes."),
            tr("Save the notes …"),
            self._theme,
            self,
            tr("Close without them"),
        )
        question.agreed.connect(self._save_and_close)
        question.otherwise.connect(self._close_without)
        question.open()

    def _save_and_close(self) -> None:
        job = self.bundle.save_notes()
        if job is not None:
            job.ended.connect(lambda: None if self.bundle.notes.dirty else self.close())

    def _close_without(self) -> None:
        self.bundle.notes.replace(None)
        self.close()
