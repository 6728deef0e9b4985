"""Declaring that a vault was put back from a copy, where this computer has seen a later state of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QToolButton

from evidencevault.custody import restore
from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Lane
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.vault import keyfiles

FIELDS = ("reason", "member", "passphrase", "keyFile")


class DeclareScreen(Form):
    """``declared`` carries the vault's folder, the user (empty: it was left for later) and a sentence."""

    declared = Signal(object, str, str)

    def __init__(self, lane: Lane) -> None:
        super().__init__("restoring_declare")
        self._lane = lane
        self._folder = Path()
        for name, after in (("reason", "member"), ("member", "passphrase")):
            self._field(name).returnPressed.connect(self._field(after).setFocus)
        self._field("passphrase").returnPressed.connect(self._declare)
        self.child(QPushButton, "declare").clicked.connect(self._declare)
        self.child(QPushButton, "later").clicked.connect(self._later)
        self.child(QToolButton, "keyBrowse").clicked.connect(self._browse)

    def start(self, folder: Path, told: str) -> None:
        """For a vault that was put back; ``told`` says what came of that."""
        self._folder = folder
        for name in FIELDS:
            self._field(name).setText("")
        banner(self, "notice", told)
        self.say("")
        self._field("reason").setFocus()

    def say(self, sentence: str) -> None:
        """Why something was not done."""
        banner(self, "problem", sentence)

    def leave(self) -> None:
        """No passphrase stays in a field."""
        self._field("passphrase").setText("")

    def _field(self, name: str) -> QLineEdit:
        return self.child(QLineEdit, name)

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose the key file"))
        if chosen:
            self._field("keyFile").setText(chosen)

    def _later(self) -> None:
        self.leave()
        said = tr("It is not declared yet: opening what is older is refused until it is.")
        self.declared.emit(self._folder, "", said)

    def _declare(self) -> None:
        reason, member = self._field("reason").text().strip(), self._field("member").text().strip()
        passphrase, key_file = self._field("passphrase").text(), self._field("keyFile").text().strip()
        if not reason or not member or not passphrase:
            self.say(tr("Say the reason, which user you are, and the passphrase."))
            return
        if self._lane.busy:
            return
        folder = self._folder

        def work(_: object) -> None:
            key = keyfiles.read(Path(key_file)) if key_file else None
            restore.accept_head(folder, member, passphrase, reason, key_file=key)

        def done(_: object) -> None:
            self.leave()
            self.declared.emit(folder, member, tr("The restore is declared. Unlock the vault as always."))

        self.say("")
        self._busy(True)
        self._lane.submit(work, done, self._failed).ended.connect(lambda: self._busy(False))

    def _failed(self, error: VaultError) -> None:
        self.say(error.sentence)
        self._field("passphrase").selectAll()

    def _busy(self, busy: bool) -> None:
        self.setEnabled(not busy)
        self.child(QPushButton, "declare").setText(tr("Declaring …") if busy else tr("Declare it"))
