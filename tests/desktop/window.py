"""Drives the window as a person would: keys, clicks, and waiting until it shows what it should."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.case_made import REFERENCE, Made

from evidencevault.desktop import screens
from evidencevault.desktop.app import Desktop
from evidencevault.desktop.evidence import EvidenceScreen
from evidencevault.desktop.forms import child
from evidencevault.desktop.shell import Shell
from evidencevault.desktop.table import Rows, choose
from evidencevault.desktop.viewer import Viewer

W = TypeVar("W", bound=QWidget)
LONG = 30_000  # ms: a slow machine is no failure


class Window:
    """The desktop on a made vault."""

    def __init__(self, app: QApplication, bot: QtBot, made: Made, *, unlocked: bool = True, name: str = "anna") -> None:
        self.app, self.bot, self.made = app, bot, made
        self.desktop = Desktop(app, made.vault, name, unconfined=False)
        self.closed = False
        if unlocked:
            self.desktop.open_with(made.unlock(name))
            self.until(lambda: self.shell._head is not None)
            self.shell.go(screens.EVIDENCE)
            self.until(lambda: self.shell.evidence.reference == REFERENCE and self.rows.rowCount() > 0)
        else:
            self.desktop.show()

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.app.aboutToQuit.disconnect(self.desktop.close)
            self.desktop.close()
            self.desktop.deleteLater()
            # Only an event loop deletes what is to be deleted later; windows left over make each style sheet slower.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def locked(self) -> None:
        """Wait until the vault is closed after locking: the form can be used again."""
        self.until(self.desktop.unlocking.currentWidget().isEnabled)

    @property
    def shell(self) -> Shell:
        assert self.desktop.shell is not None
        return self.desktop.shell

    @property
    def evidence(self) -> EvidenceScreen:
        return self.shell.evidence

    @property
    def viewer(self) -> Viewer:
        return self.evidence.viewer

    @property
    def rows(self) -> Rows:  # type: ignore[type-arg]
        model = child(self.evidence, QListView, "list").model()
        assert isinstance(model, Rows)
        return model

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something is so; fails after half a minute."""
        self.bot.waitUntil(lambda: bool(holds()), timeout=LONG)

    def part(self, kind: type[W], name: str, of: QWidget | None = None) -> W:
        return child(of or self.shell, kind, name)

    def click(self, name: str, of: QWidget | None = None) -> None:
        QTest.mouseClick(self.part(QPushButton, name, of), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))

    def choose(self, number: str) -> None:
        assert choose(child(self.evidence, QListView, "list"), self.rows, number)

    def entries(self, *actions: str) -> list[tuple[str, str]]:
        """What the ledger says, read beside the window: action and subject, oldest first."""
        found: list[tuple[str, str]] = []
        done: list[bool] = []

        def came(listed: list[tuple[str, str]]) -> None:
            found.extend(listed)
            done.append(True)

        self.shell.desk.read(
            REFERENCE,
            lambda opened: [
                (one.action, one.subject if isinstance(one.subject, str) else json.dumps(one.subject))
                for one in opened.case.entries()
                if one.action in actions
            ],
            came,
            lambda error: (_ for _ in ()).throw(error),
        )
        self.until(lambda: done)
        return found
