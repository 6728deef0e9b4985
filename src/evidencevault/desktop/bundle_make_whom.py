"""Second step of a bundle: for whom, by their keys in the address book or with a passphrase."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QStackedWidget, QWidget

from evidencevault.bundle.sealing import AGE, SHORTEST, SHORTEST_OF_ZIP, ZIP
from evidencevault.desktop.address_book import AddressBook
from evidencevault.desktop.bundle_steps import PERSON, Choice
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.formats import fingerprints
from evidencevault.resources import tr

BOOK, PASSPHRASE = range(2)


class BundleMakeWhom(Form):
    """``chose`` carries another choice; ``came`` is sent when the address book was read."""

    chose = Signal(object)
    came = Signal()
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, desk: Desk, theme: Theme, files: Files) -> None:
        super().__init__("bundle_make_whom")
        self._choice = Choice()
        self._book = AddressBook(desk, theme, files, ticking=True)
        filling(self.child(QWidget, "book"), self._book)
        self._book.told.connect(self.told)
        self._book.failed.connect(self.failed)
        self._book.came.connect(self.came)
        self._book.ticked.connect(lambda: self._changed(people=self._book.chosen))
        self._ways = self.child(QStackedWidget, "ways")
        for name, sealed in (("byKey", False), ("byPassphrase", True)):
            button = self.child(QPushButton, name)
            button.clicked.connect(lambda _=False, sealed=sealed: self._changed(by_passphrase=sealed))
        self._form = self.child(QComboBox, "form")
        self._form.addItem(tr("An age file, for those who have age or this program"), AGE)
        self._form.addItem(tr("A ZIP that 7-Zip opens (AES-256)"), ZIP)
        self._form.activated.connect(lambda _: self._changed(form=self._form.currentData()))
        self._passphrase, self._again = self.child(QLineEdit, "passphrase"), self.child(QLineEdit, "again")
        self._passphrase.textEdited.connect(lambda text: self._changed(passphrase=text))
        self._again.textEdited.connect(lambda text: self._changed(again=text))
        self._shown = self.child(QCheckBox, "show")
        self._shown.toggled.connect(self._show)
        self.child(QPushButton, "suggest").clicked.connect(self._suggest)
        self._labels = self.child(QCheckBox, "ownLabels")
        self._labels.clicked.connect(lambda on: self._changed(own_labels=on))

    @property
    def names(self) -> Sequence[str]:
        """Everybody in the address book."""
        return self._book.names

    def refresh(self) -> None:
        """Read the address book anew."""
        self._book.refresh()

    def show_choice(self, choice: Choice) -> None:
        """Everything anew."""
        self._choice = choice
        self.child(QPushButton, "byPassphrase" if choice.by_passphrase else "byKey").setChecked(True)
        self._ways.setCurrentIndex(PASSPHRASE if choice.by_passphrase else BOOK)
        if choice.people != self._book.chosen:
            self._book.tick(choice.people)
        self._form.setCurrentIndex(self._form.findData(choice.form))
        for line, text in ((self._passphrase, choice.passphrase), (self._again, choice.again)):
            if line.text() != text:
                line.setText(text)
        self._labels.setChecked(choice.own_labels)
        self.child(QFrame, "options").setVisible(not choice.by_passphrase and choice.mode != PERSON)
        self._rule()

    def seek(self, text: str) -> None:
        """Show whom these words are about."""
        self._book.seek(text)

    def focus_first(self) -> None:
        """Give the keyboard to the address book, or to the passphrase."""
        if self._choice.by_passphrase:
            self._passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._book.focus_list()

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the one chosen."""
        return not self._choice.by_passphrase and self._book.next_pane(now)

    def _rule(self) -> None:
        least = SHORTEST_OF_ZIP if self._choice.form == ZIP else SHORTEST
        said = tr("At least {n} letters; “Suggest words” takes eight words by chance, which nobody guesses.")
        self.child(QLabel, "rule").setText(said.format(n=least))
        self.child(QWidget, "twice").setVisible(not self._shown.isChecked())

    def _show(self, on: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
        self._passphrase.setEchoMode(mode)
        if on:  # what is seen need not be typed twice
            self._changed(again=self._passphrase.text())
        self._rule()

    def _suggest(self) -> None:
        found = fingerprints.words(secrets.token_bytes(32))
        self._shown.setChecked(True)
        self._changed(passphrase=found, again=found)
        self._passphrase.setFocus()

    def _changed(self, **more: object) -> None:
        if "passphrase" in more and self._shown.isChecked():
            more["again"] = more["passphrase"]
        choice = replace(self._choice, **more)  # type: ignore[arg-type]
        self.show_choice(choice)
        self.chose.emit(choice)
