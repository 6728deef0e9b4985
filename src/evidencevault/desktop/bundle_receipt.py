"""That a bundle arrived: the receipt that came back as a file, or five words read over the telephone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from evidencevault.bundle import receipts
from evidencevault.bundle.orders import Order
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.screen import banner
from evidencevault.errors import Refused, VaultError
from evidencevault.resources import tr


class BundleReceipt(Form):
    """``entered`` carries the number of the bundle that arrived and the sentence that says so."""

    entered = Signal(str, str)
    closed = Signal()

    def __init__(self, desk: Desk, files: Files) -> None:
        super().__init__("bundle_receipt")
        self._desk, self._files = desk, files
        self._reference, self._number = "", ""
        self._words, self._by = self.child(QLineEdit, "words"), self.child(QLineEdit, "by")
        self._enter = self.child(QPushButton, "enter")
        for one in (self._words, self._by):
            one.textChanged.connect(lambda _: self._checked())
            one.returnPressed.connect(self._code)
        self._enter.clicked.connect(self._code)
        self.child(QPushButton, "file").clicked.connect(self._file)
        self.child(QPushButton, "close").clicked.connect(self.closed)

    def start(self, reference: str, number: str) -> None:
        """Ask about one bundle."""
        self._reference, self._number = reference, number
        self.child(QLabel, "title").setText(tr("{bundle} arrived").format(bundle=number))
        banner(self, "problem", "")
        self._words.clear()
        self._by.clear()
        self._checked()
        self.child(QPushButton, "file").setFocus()

    def _checked(self) -> None:
        lacks = [] if len(self._words.text().split()) == 5 else [tr("five words")]
        lacks += [] if self._by.text().strip() else [tr("who read them")]
        told = tr("Still missing: {what}").format(what=", ".join(lacks)) if lacks else ""
        self.child(QLabel, "missing").setText(told)
        self._enter.setEnabled(not lacks)

    def _file(self) -> None:
        path = self._files.any(self, tr("Choose the receipt"))
        if path is not None:
            self._do(lambda case: receipts.enter(case, read(path)))

    def _code(self) -> None:
        if self._enter.isEnabled():
            number, said, by = self._number, self._words.text(), self._by.text()
            self._do(lambda case: receipts.enter_code(case, number, said, by))

    def _do(self, work: Callable[[CaseFile], Order]) -> None:
        banner(self, "problem", "")
        self._enter.setEnabled(False)
        job = self._desk.do(self._reference, lambda opened: work(opened.case), self._done, self._failed)
        job.ended.connect(self._checked)

    def _done(self, order: Order) -> None:
        self.entered.emit(order.number, arrived(order))

    def _failed(self, error: VaultError) -> None:
        banner(self, "problem", error.sentence)


def read(path: Path) -> bytes:
    """A receipt's file. Raises Refused where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(receipts.LARGEST + 1)
    except OSError as error:
        said = tr("{file} cannot be read: {why}.").format(file=path.name, why=error.strerror)
        raise Refused(said) from error


def bring_in(case: CaseFile, path: Path) -> tuple[str, str]:
    """Enter the receipt in a file, of whichever bundle of the case it is; the bundle, and what to say."""
    order = receipts.enter(case, read(path))
    return order.number, arrived(order)


def arrived(order: Order) -> str:
    """What to say of a receipt that was entered."""
    assert order.receipt is not None
    return tr("{bundle} arrived: {by} confirmed it.").format(bundle=order.number, by=words.isolated(order.receipt.by))
