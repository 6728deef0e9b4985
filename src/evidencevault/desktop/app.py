"""The desktop program: one application, the unlocking window or the window of the unlocked vault."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QDialog

from evidencevault.desktop import forms, scale, words
from evidencevault.desktop.application import application, empty_clipboard
from evidencevault.desktop.away import AwayWatch
from evidencevault.desktop.collecting import Collector
from evidencevault.desktop.door import Door
from evidencevault.desktop.idle import IdleWatch
from evidencevault.desktop.kept import Kept
from evidencevault.desktop.look import pixmap
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.recent import remember
from evidencevault.desktop.unlock import UnlockScreen
from evidencevault.desktop.unseen import keep_unseen
from evidencevault.desktop.wearing import Wearing
from evidencevault.errors import fault_sentence
from evidencevault.resources import tr

if TYPE_CHECKING:  # imported when they are first needed: the first window does not wait for them
    from evidencevault.desktop.desk import Desk
    from evidencevault.desktop.inbox import Inbox
    from evidencevault.desktop.shell import Place, Shell
    from evidencevault.session import Session

__all__ = ["Desktop", "application", "empty_clipboard"]


class Desktop(QObject):
    """Owns the windows and moves between them; forgets the keys on locking.

    ``before_locking`` are called first whenever the vault is about to be locked, in the window's thread: each only
    queues what must be saved (:meth:`Desk.put_down`) and returns.
    """

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
        self._collector = Collector(self)
        self._translator = forms.install_translator(app)
        self.preferences = preferences or Preferences()
        self._wearing = Wearing(app, self.preferences)
        self._wearing.renewed.connect(self._renew)
        self.theme = self._wearing.theme
        app.setWindowIcon(QIcon(pixmap("shield-check", self.theme.tokens.accent, 64)))
        self._unconfined = unconfined
        self._places: dict[tuple[Path, str], Place] = {}  # where each user was, until the program ends
        self.before_locking: list[Callable[[], object]] = []
        self._kept = Kept("main")
        self._door = self._make_door(vault, member)
        self.inbox: Inbox | None = None
        self.shell: Shell | None = None
        self._idle = IdleWatch(app)
        self._idle.over.connect(self.lock)
        AwayWatch(self).away.connect(self.lock)
        self.preferences.changed.connect(lambda _, now: self._idle.allow(60 * now.minutes))
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
            from evidencevault.desktop.inbox import Inbox

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
        if desk is None:
            self._kept.note(self._door)
        self._put_away()
        self._kept.keep()
        if desk is not None:
            desk.close()
        self._door.shut()
        self._door.deleteLater()
        self._inbox_closed()
        self._collector.stop()
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
        from evidencevault.desktop.desk import Desk

        desk = Desk(session)
        remember(desk.vault, desk.member.name)
        self.shell = self._make_shell(desk, self._places.pop((desk.vault, desk.member.name), None))
        if self._door.isVisible():
            self.shell.restoreGeometry(self._door.saveGeometry())
        else:
            self._kept.place(self.shell)
        self.shell.show()
        keep_unseen(self.shell)
        self._door.hide()
        self._idle.allow(60 * self.preferences.now.minutes)
        self._idle.start()
        desk.watch()

    def _make_door(self, vault: Path | None, member: str) -> Door:
        door = Door(self.theme, vault, member, unconfined=self._unconfined)
        door.opened.connect(self._opened)
        door.unlocking.closed.connect(self._collector.forget, Qt.ConnectionType.QueuedConnection)
        door.received.connect(self.open_received)
        door.resize(*scale.WINDOW)
        self._kept.place(door)
        return door

    def _renew(self) -> None:
        """In another language or size; the door is hidden while a vault is open."""
        before, self._door = self._door, self._make_door(None, "")
        before.shut()
        before.deleteLater()
        if self.shell is not None:
            self._rebuild(self.shell)

    def _rebuild(self, before: Shell) -> None:
        """The same vault and place in a window made anew; what is under way goes on and reports to nobody."""
        before.put_down()
        before.desk.hush()
        self.shell = self._make_shell(before.desk, before.place)
        self.shell.restoreGeometry(before.saveGeometry())
        self.shell.show()
        keep_unseen(self.shell)
        before.hide()
        before.deleteLater()

    def _make_shell(self, desk: Desk, place: Place | None) -> Shell:
        from evidencevault.desktop.shell import Shell

        shell = Shell(desk, self.theme, self.preferences, place, self._kept)
        shell.locking.connect(self.lock, Qt.ConnectionType.QueuedConnection)
        shell.switching.connect(self.switch_member, Qt.ConnectionType.QueuedConnection)
        shell.closing.connect(self._app.quit)
        self._idle.left.connect(shell.locks_in)
        return shell

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
