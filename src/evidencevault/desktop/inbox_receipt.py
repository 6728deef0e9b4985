"""A receipt to send back: who received it, where the file goes, and five words that do the same by telephone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QPushButton, QWidget

from evidencevault.desktop import words
from evidencevault.desktop.forms import child, filling, load
from evidencevault.desktop.inbox_desk import InboxDesk, Opened
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.errors import VaultError
from evidencevault.resources import tr

_WIDE = 520


class ReceiptSheet(QDialog):
    """Writes one receipt of the open bundle."""

    def __init__(self, desk: InboxDesk, opened: Opened, files: Files, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._opened, self._files = desk, opened, files
        self._form = load("inbox_receipt", self)
        filling(self, self._form)
        self.setWindowTitle(tr("Write a receipt"))
        theme.wear(self)
        self._by, self._write = child(self._form, QLineEdit, "by"), self._button("write")
        if not opened.signs_alike:
            told = tr("It is signed with a key that is made for it alone; you need no account.")
            child(self._form, QLabel, "signing").setText(told)
        self._by.textChanged.connect(self._checked)
        self._write.clicked.connect(self._ask)
        self._button("cancel").clicked.connect(self.reject)
        self._button("close").clicked.connect(self.accept)
        self._button("copy").clicked.connect(self._copied)
        self.finished.connect(self.deleteLater)
        self._checked()

    def showEvent(self, event: QShowEvent) -> None:
        """The name first."""
        self._fit()
        self._by.setFocus()
        super().showEvent(event)

    def _button(self, name: str) -> QPushButton:
        return child(self._form, QPushButton, name)

    def _fit(self) -> None:
        width = max(self.minimumSizeHint().width(), _WIDE)
        self.resize(width, self._form.heightForWidth(width))

    def _checked(self) -> None:
        self._write.setEnabled(bool(self._by.text().strip()))

    def _ask(self) -> None:
        received = self._opened.received
        offered = self._opened.path.with_name(f"{received.name}-receipt.txt")
        to = self._files.save(self, tr("Where the receipt is written"), offered)
        if to is None:
            return
        self._write.setEnabled(False)
        now = datetime.now().astimezone()
        job = self._desk.write_receipt(
            received, self._by.text(), now, to, lambda code: self._done(to, code), self._failed
        )
        job.ended.connect(self._checked)

    def _done(self, to: Path, code: str) -> None:
        said = tr("The receipt is in {file}. Send it back to where the bundle came from.")
        child(self._form, QLabel, "goodText").setText(said.format(file=words.isolated(words.one_line(str(to)))))
        child(self._form, QFrame, "good").show()
        child(self._form, QFrame, "problem").hide()
        child(self._form, QLabel, "code").setText(words.isolated(code))
        child(self._form, QFrame, "asking").hide()
        child(self._form, QFrame, "done").show()
        self._fit()
        self._button("copy").setFocus()

    def _failed(self, error: VaultError) -> None:
        child(self._form, QLabel, "problemText").setText(error.sentence)
        child(self._form, QFrame, "problem").show()
        self._fit()
        self._by.setFocus()

    def _copied(self) -> None:
        code = child(self._form, QLabel, "code").text().strip(words.ISOLATE + words.END)
        QGuiApplication.clipboard().setText(code)
        self._button("copy").setText(tr("Copied"))
