"""Holding a received bundle against an earlier one of the same case: which file, what opens it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from evidencevault.bundle.inside import Needs
from evidencevault.desktop import words
from evidencevault.desktop.forms import child, filling, load
from evidencevault.desktop.inbox_checks import InboxChecks
from evidencevault.desktop.inbox_desk import Held, InboxDesk
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.errors import Damaged, VaultError
from evidencevault.resources import tr

_WIDE = 520


class Comparison(QObject):
    """Asks and compares. ``fits`` is sent where the bundle continues the earlier one, ``differs`` where it does not."""

    differs = Signal()
    fits = Signal()

    def __init__(self, desk: InboxDesk, checks: InboxChecks, files: Files, theme: Theme) -> None:
        super().__init__()
        self._desk, self._checks, self._files, self._theme = desk, checks, files, theme
        checks.comparing.connect(self.ask)

    def ask(self) -> None:
        """Which file."""
        path = self._files.earlier(self._checks)
        if path is not None:
            self._compare(path, None)

    def _compare(self, path: Path, secret: str | None) -> None:
        over = list[bool]()

        def done(held: Held) -> None:
            over.append(True)
            self._done(path, held)

        def failed(error: VaultError) -> None:
            over.append(True)
            self._failed(error)

        job = self._desk.compare(path, secret, done, failed)
        self._checks.compares(job)
        job.ended.connect(lambda: None if over else self._checks.not_compared(""))

    def _done(self, path: Path, held: Held) -> None:
        if held.needs is not Needs.NOTHING:
            self._checks.not_compared("")
            SecretSheet(path, held.needs, self._theme, self._checks, lambda said: self._compare(path, said)).open()
        elif held.unread:
            self._checks.not_compared(held.unread)
        else:
            self._checks.compared(held.bundle)
            self.fits.emit()

    def _failed(self, error: VaultError) -> None:
        if isinstance(error, Damaged):
            self._checks.differs(error)
            self.differs.emit()
        else:
            self._checks.not_compared(error.sentence)


class SecretSheet(QDialog):
    """Asks what opens the earlier bundle, and forgets it."""

    def __init__(self, path: Path, needs: Needs, theme: Theme, parent: QWidget, given: Callable[[str], object]) -> None:
        super().__init__(parent)
        self._form = load("inbox_earlier", self)
        filling(self, self._form)
        self.setWindowTitle(tr("Compare with an earlier bundle"))
        told = tr("What opens the bundle that is open here does not open {file}.")
        child(self._form, QLabel, "about").setText(told.format(file=words.isolated(words.one_line(path.name))))
        asked = tr("Its passphrase") if needs is Needs.PASSPHRASE else tr("Its key: the text, or the path of its file")
        child(self._form, QLabel, "field").setText(asked)
        theme.wear(self)
        self._secret, self._go = child(self._form, QLineEdit, "secret"), child(self._form, QPushButton, "compare")
        self._given = given
        self._secret.textChanged.connect(lambda text: self._go.setEnabled(bool(text.strip())))
        self._go.setEnabled(False)
        self._go.clicked.connect(self._agreed)
        child(self._form, QPushButton, "cancel").clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)

    def showEvent(self, event: QShowEvent) -> None:
        """The secret first."""
        width = max(self.minimumSizeHint().width(), _WIDE)
        self.resize(width, self._form.heightForWidth(width))
        self._secret.setFocus()
        super().showEvent(event)

    def _agreed(self) -> None:
        said = self._secret.text()
        self._secret.clear()
        self.accept()
        self._given(said)
