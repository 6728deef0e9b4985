"""The first user's passphrase, and a key file where one is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QRadioButton, QToolButton, QWidget

from evidencevault.desktop.forms import filling
from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers
from evidencevault.desktop.passphrase import Judge, NewPassphrase
from evidencevault.resources import tr


class PassphrasePage(FoundingPage):
    """Twice the same and strong enough."""

    def __init__(self, beside: Judge) -> None:
        super().__init__("founding_passphrase")
        self._about: Sequence[str] = ()
        self._new = NewPassphrase(beside, lambda: self._about)
        self._new.entered.connect(self.entered)
        filling(self.child(QWidget, "fields"), self._new)
        self._none, self._made = self.child(QRadioButton, "keyNone"), self.child(QRadioButton, "keyNew")
        self._given = self.child(QRadioButton, "keyGiven")
        self._file = self.child(QLineEdit, "keyFile")
        for one in (self._none, self._made, self._given):
            one.toggled.connect(self._shown)
        self.child(QToolButton, "keyBrowse").clicked.connect(self._browse)
        self._wanted = self.child(QPushButton, "keyWanted")
        self._wanted.clicked.connect(self._want)

    def show_answers(self, answers: Answers) -> None:
        """The key file as chosen; the passphrase is typed anew."""
        self._about = (answers.name, answers.organisation)
        self._file.setText(answers.key_file)
        chosen = self._none if not answers.key_file else self._made if answers.key_is_new else self._given
        chosen.setChecked(True)
        self._shown()
        if self._new.text != answers.passphrase or not answers.passphrase:
            self._new.begin()

    def answered(self, answers: Answers) -> Answers:
        """With passphrase and key file."""
        file = "" if self._none.isChecked() else self._file.text().strip()
        return replace(answers, passphrase=self._new.text, key_file=file, key_is_new=self._made.isChecked())

    def problem(self) -> str:
        """Why the passphrase is not taken; or that no key file was named."""
        if not self._none.isChecked() and not self._file.text().strip():
            return self._new.problem() or tr("Say which key file, or go on without one.")
        return self._new.problem()

    def empty(self) -> None:
        """Both fields."""
        self._new.empty()

    def _want(self) -> None:
        self._made.setChecked(True)
        self._shown()
        self._made.setFocus()

    def _shown(self) -> None:
        with_key = not self._none.isChecked()
        self.child(QWidget, "keyRow").setVisible(with_key)
        self.child(QWidget, "keyKinds").setVisible(with_key)
        self._wanted.setVisible(not with_key)

    def _browse(self) -> None:
        if self._made.isChecked():
            offered = str(Path.home() / "evidencevault.key")
            chosen, _ = QFileDialog.getSaveFileName(self, tr("A new key file"), offered)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose the key file"))
        if chosen:
            self._file.setText(chosen)
