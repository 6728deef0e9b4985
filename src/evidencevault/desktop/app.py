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

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog

from evidencevault.desktop import forms, words
from evidencevault.desktop.application import application, choose, dark_wanted, empty_clipboard
from evidencevault.desktop.away import AwayWatch
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.door import Door
from evidencevault.desktop.idle import IdleWatch
from evidencevault.desktop.inbox import Inbox
from evidencevault.desktop.look import DARK, LIGHT, Theme, Tokens, pixmap
from evidencevault.desktop.preferences import Choices, Preferences
from evidencevault.desktop.recent import remember
from evidencevault.desktop.shell import SIZE, Place, Shell
from evidencevault.desktop.unlock import UnlockScreen
from evidencevault.desktop.unseen import keep_unseen
from evidencevault.errors import fault_sentence
from evidencevault.resources import tr
from evidencevault.session import Session

SWITCH = "Ctrl+Shift+L"


__all__ = ["Desktop", "Received", "application", "empty_clipboard", "run"]


@dataclass(frozen=True, slots=True)
class Received:
    """That the program begins with a received bundle; None: which one is asked."""

    file: Path | None


class Desktop(QObject):
    """Owns the windows and moves between them; forgets the keys on locking.

    ``before_locking`` are called first whenever the vault is about to be locked, in the window's thread: each only
    queues what must be saved (:meth:`Desk.put_down`) and returns. ``rebuild_wanted``: language or text size were
    changed, the shell is to be made anew over its desk.
    """

    rebuild_wanted = Signal()

    def __init__(
        self,
        app: QApplication,
        vault: Path | None,
        member: str,
        *,
        unconfined: bool,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._translator = forms.install_translator(app)
        self.preferences = preferences or Preferences()
        self.theme = Theme(app, self._tokens())
        app.setWindowIcon(QIcon(pixmap("shield-check", self.theme.tokens.accent, 64)))
        self._unconfined = unconfined
        self._places: dict[tuple[Path, str], Place] = {}  # where each user was, until the program ends
        self.before_locking: list[Callable[[], object]] = []
        self._door = self._make_door(vault, member)
        self.inbox: Inbox | None = None
        self.shell: Shell | None = None
        self._idle = IdleWatch(app)
        self._idle.over.connect(self.lock)
        AwayWatch(self).away.connect(self.lock)
        self.theme.changed.connect(self._themed)
        self.preferences.changed.connect(self._preferred)
        app.styleHints().colorSchemeChanged.connect(self._system_themed)
        self._hook = sys.excepthook
        sys.excepthook = self._fault
        app.aboutToQuit.connect(self.close)

    @property
    def unlocking(self) -> UnlockScreen:
        """The forms that unlock."""
        return self._door.unlocking

    def show(self) -> None:
        """Begin before any vault is open."""
        self._door.show()
        keep_unseen(self._door)
        self._door.start()

    def open_received(self, path: Path | None = None) -> None:
        """Show the window of a received bundle, which needs no vault."""
        if self.inbox is None:
            self.inbox = Inbox(self._app, self.theme, unconfined=self._unconfined)
            self.inbox.emptied.connect(lambda: empty_clipboard(QGuiApplication.clipboard()))
            self.inbox.closed.connect(self._inbox_closed)
        self.inbox.start(path)
        keep_unseen(self.inbox)

    def _inbox_closed(self) -> None:
        inbox, self.inbox = self.inbox, None
        if inbox is not None:
            inbox.shut()
            inbox.deleteLater()

    def open_with(self, session: Session) -> None:
        """Begin with a vault that is unlocked already."""
        self._opened(session)

    def lock(self) -> None:
        """Take everything off the screen at once; then stop what is under way and forget the keys."""
        self._lock(None, "")

    def switch_member(self) -> None:
        """Lock, and let somebody else unlock: who was here finds their case and screen again when they are back."""
        if self.shell is not None:
            name = words.isolated(self.shell.desk.member.name)
            self._lock("", tr("{name} can go on where they were as soon as they unlock again.").format(name=name))

    def _lock(self, member: str | None, notice: str) -> None:
        """``member`` is who is expected next (None: who was here; empty: anybody)."""
        if self.shell is None:
            return
        geometry, here = self.shell.saveGeometry(), self.shell.desk
        faults = self._put_away()
        self._door.restoreGeometry(geometry)
        self._door.show()
        keep_unseen(self._door)
        # Beside the window: work under way may need a while to stop.
        self._door.locking(here.close, here.vault, here.member.name if member is None else member, notice)
        for fault in faults:
            self._fault(type(fault), fault, fault.__traceback__)

    def close(self) -> None:
        """Before the program ends: nothing stays unlocked."""
        desk = self.shell.desk if self.shell is not None else None
        self._put_away()
        if desk is not None:
            desk.close()
        self._door.shut()
        self._inbox_closed()
        sys.excepthook = self._hook

    def _put_away(self) -> list[Exception]:
        """Close every window that shows something of the vault, and let what was typed be saved behind them.

        Returns what went wrong in that: a fault must not keep the vault open.
        """
        shell, self.shell = self.shell, None
        if shell is None:
            return []
        self._idle.stop()
        self._places[shell.desk.vault, shell.desk.member.name] = shell.place
        for window in self._app.topLevelWidgets():
            if isinstance(window, QDialog) and not (self.inbox is not None and self.inbox.isAncestorOf(window)):
                window.close()
        shell.hide()
        faults = []
        for act in (shell.put_down, *self.before_locking):
            try:
                act()
            except Exception as fault:
                faults.append(fault)
        shell.desk.drop()  # all but what was just handed over to be saved
        shell.deleteLater()
        empty_clipboard(QGuiApplication.clipboard())
        return faults

    def _opened(self, session: Session) -> None:
        if self.shell is not None:  # never two vaults: what came second is closed again
            session.close()
            return
        desk = Desk(session)
        remember(desk.vault, desk.member.name)
        self.shell = Shell(desk, self.theme, self._places.pop((desk.vault, desk.member.name), None))
        self.shell.locking.connect(self.lock, Qt.ConnectionType.QueuedConnection)
        self.shell.closing.connect(self._app.quit)
        QShortcut(QKeySequence(SWITCH), self.shell, self.switch_member)
        self._idle.left.connect(self.shell.locks_in)
        if self._door.isVisible():
            self.shell.restoreGeometry(self._door.saveGeometry())
        self.shell.show()
        keep_unseen(self.shell)
        self._door.hide()
        self._idle.allow(60 * self.preferences.now.minutes)
        self._idle.start()
        desk.watch()

    # --- what was chosen in the settings

    def _preferred(self, before: Choices, now: Choices) -> None:
        self._idle.allow(60 * now.minutes)
        if now.theme != before.theme:
            self.theme.use(self._tokens())
        if (now.language, now.text) != (before.language, before.text):
            choose(now)
            application()
            self.theme.use(self.theme.tokens)
            self._renew_door()
            self.rebuild_wanted.emit()

    def _tokens(self) -> Tokens:
        theme = self.preferences.now.theme
        return DARK if theme == "dark" or (theme == "system" and dark_wanted(self._app)) else LIGHT

    def _themed(self) -> None:
        """Somebody wants it light or dark whatever the system says."""
        if self.theme.tokens is not self._tokens():
            self.preferences.change(theme=self.theme.tokens.name)

    def _system_themed(self) -> None:
        if self.theme.tokens is not self._tokens():
            self.theme.use(self._tokens())

    def _make_door(self, vault: Path | None, member: str) -> Door:
        door = Door(self.theme, vault, member, unconfined=self._unconfined)
        door.opened.connect(self._opened)
        door.received.connect(self.open_received)
        door.resize(*SIZE)
        return door

    def _renew_door(self) -> None:
        """In another language or size; it is hidden while a vault is open."""
        before, self._door = self._door, self._make_door(None, "")
        before.shut()
        before.deleteLater()

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
            self._door.say(sentence)


def run(
    vault: Path | None = None,
    member: str = "",
    *,
    unconfined: bool = False,
    session: Session | None = None,
    received: Received | None = None,
    language: str = "",
    ready: Callable[[Desktop], object] | None = None,
) -> int:
    """Show the desktop until its window is closed; returns the exit code.

    With a ``session`` it begins unlocked; with ``received`` it shows a received bundle and no vault. ``language`` is
    named in the call and comes before the one in the settings. ``ready`` is called once the window is shown.
    """
    preferences = Preferences()
    choose(preferences.now, language)
    app = application()
    desktop = Desktop(app, vault, member, unconfined=unconfined, preferences=preferences)
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
