"""The desktop program: one application, the unlocking window or the window of the unlocked vault."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from evidencevault.desktop import forms, words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.dropping import DropTarget
from evidencevault.desktop.idle import IdleWatch
from evidencevault.desktop.inbox import Inbox
from evidencevault.desktop.inbox_files import bundle_among
from evidencevault.desktop.look import DARK, LIGHT, Theme, load_fonts, pixmap
from evidencevault.desktop.recent import remember
from evidencevault.desktop.shell import SIZE, Shell
from evidencevault.desktop.unlock import UnlockScreen
from evidencevault.errors import fault_sentence
from evidencevault.resources import tr
from evidencevault.session import Session


@dataclass(frozen=True, slots=True)
class Received:
    """That the program begins with a received bundle; None: which one is asked."""

    file: Path | None


def application() -> QApplication:
    """The one QApplication, in the house's style and the chosen language."""
    app = QApplication.instance()
    made = app if isinstance(app, QApplication) else QApplication(sys.argv[:1])
    made.setApplicationName("evidencevault")
    made.setApplicationDisplayName("EvidenceVault")
    made.setStyle("Fusion")
    made.setFont(load_fonts())
    rtl = words.reads_from_right()
    made.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    return made


def dark_wanted(app: QGuiApplication) -> bool:
    """Whether the system is set to dark."""
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


class Desktop(QObject):
    """Owns the two windows and moves between them; forgets the keys on locking."""

    def __init__(self, app: QApplication, vault: Path | None, member: str, *, unconfined: bool) -> None:
        super().__init__(app)
        self._app = app
        self._translator = forms.install_translator(app)
        self.theme = Theme(app, DARK if dark_wanted(app) else LIGHT)
        app.setWindowIcon(QIcon(pixmap("shield-check", self.theme.tokens.accent, 64)))
        self.unlocking = UnlockScreen(vault, member, unconfined=unconfined)
        self.unlocking.opened.connect(self._opened)
        self._door = QMainWindow()
        self._door.setWindowTitle("EvidenceVault")
        self._door.setCentralWidget(self.unlocking)
        self._door.resize(*SIZE)
        self._unconfined = unconfined
        self.inbox: Inbox | None = None
        self.unlocking.received.connect(self.open_received)
        QShortcut(QKeySequence("Ctrl+O"), self._door, self.open_received)
        DropTarget(self._door, self.unlocking.card, lambda: True).dropped.connect(self._dropped)
        self.theme.dress(self._door)
        self.shell: Shell | None = None
        self._idle = IdleWatch(app)
        self._idle.over.connect(self.lock)
        self._hook = sys.excepthook
        sys.excepthook = self._fault
        app.aboutToQuit.connect(self.close)

    def show(self) -> None:
        """Begin with unlocking."""
        self._door.show()
        self.unlocking.start()

    def open_received(self, path: Path | None = None) -> None:
        """Show the window of a received bundle, which needs no vault."""
        if self.inbox is None:
            self.inbox = Inbox(self._app, self.theme, unconfined=self._unconfined)
            self.inbox.emptied.connect(lambda: empty_clipboard(QGuiApplication.clipboard()))
            self.inbox.closed.connect(self._inbox_closed)
        self.inbox.start(path)

    def _inbox_closed(self) -> None:
        inbox, self.inbox = self.inbox, None
        if inbox is not None:
            inbox.shut()
            inbox.deleteLater()

    def _dropped(self, paths: list[Path]) -> None:
        """What is dropped on the locked window can only be a bundle."""
        found = bundle_among(paths)
        if found is not None:
            self.open_received(found)
        else:
            self.unlocking.say(tr("That is no bundle: its file ends in .zip.age or .zip."))

    def open_with(self, session: Session) -> None:
        """Begin with a vault that is unlocked already."""
        self._opened(session)

    def lock(self) -> None:
        """Take everything off the screen at once; then stop what is under way and forget the keys."""
        geometry = self.shell.saveGeometry() if self.shell is not None else None
        desk = self._put_away()
        if desk is None or geometry is None:
            return
        self._door.restoreGeometry(geometry)
        self._door.show()
        self.unlocking.closing(desk.close)  # beside the window: work under way may need a while to stop

    def close(self) -> None:
        """Before the program ends: nothing stays unlocked."""
        desk = self._put_away()
        if desk is not None:
            desk.close()
        self.unlocking.close_lane()
        self._inbox_closed()
        sys.excepthook = self._hook

    def _put_away(self) -> Desk | None:
        """Close every window that shows something of the vault; returns what is still to be closed."""
        shell, self.shell = self.shell, None
        if shell is None:
            return None
        self._idle.stop()
        shell.put_down()
        shell.desk.drop()
        for window in self._app.topLevelWidgets():
            if isinstance(window, QDialog) and not (self.inbox is not None and self.inbox.isAncestorOf(window)):
                window.close()
        shell.hide()
        shell.deleteLater()
        empty_clipboard(QGuiApplication.clipboard())
        return shell.desk

    def _opened(self, session: Session) -> None:
        if self.shell is not None:  # never two vaults: what came second is closed again
            session.close()
            return
        desk = Desk(session)
        remember(desk.vault)
        self.shell = Shell(desk, self.theme)
        self.shell.locking.connect(self.lock, Qt.ConnectionType.QueuedConnection)
        self.shell.closing.connect(self._app.quit)
        self._idle.left.connect(self.shell.locks_in)
        if self._door.isVisible():
            self.shell.restoreGeometry(self._door.saveGeometry())
        self.shell.show()
        self._door.hide()
        self._idle.start()
        desk.watch()

    def _fault(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """The outermost frame: a bug is said as one, without a word of the case."""
        if issubclass(kind, KeyboardInterrupt):
            self._app.quit()
            return
        if os.environ.get("EVIDENCEVAULT_DEBUG"):
            traceback.print_exception(kind, error, trace)
        sentence = fault_sentence(error)
        print(sentence, file=sys.stderr)
        if self.inbox is not None and self.inbox.isVisible():
            self.inbox.say_fault(sentence)
        if self.shell is not None:
            self.shell.say_fault(sentence)
        else:
            self.unlocking.say(sentence)


def empty_clipboard(clipboard: QClipboard) -> None:
    """Take back what this program put there; what others put there is theirs."""
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)


def run(
    vault: Path | None = None,
    member: str = "",
    *,
    unconfined: bool = False,
    session: Session | None = None,
    received: Received | None = None,
    ready: Callable[[Desktop], object] | None = None,
) -> int:
    """Show the desktop until its window is closed; returns the exit code.

    With a ``session`` it begins unlocked; with ``received`` it shows a received bundle and no vault.
    ``ready`` is called once the window is shown.
    """
    app = application()
    desktop = Desktop(app, vault, member, unconfined=unconfined)
    pulse = QTimer(app, interval=500)
    pulse.timeout.connect(lambda: None)  # while Qt waits Python hears no signal; this lets it listen
    pulse.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, app.quit))
    if session is not None:
        desktop.open_with(session)
    elif received is not None:
        desktop.open_received(received.file)
    else:
        desktop.show()
    if ready is not None:
        ready(desktop)
    return app.exec()
