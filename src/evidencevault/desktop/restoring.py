"""Getting a vault back from a copy, before any vault is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QToolButton, QWidget

from evidencevault.desktop import words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.importing import Card
from evidencevault.desktop.jobs import Lane
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.session import restore_copy
from evidencevault.vault.backup_restore import Restored

TOLD = 8  # damaged files named; the command line lists all


class RestoringScreen(Form):
    """``restored`` carries what was made, and a sentence about it."""

    restored = Signal(object, str)
    back = Signal()

    def __init__(self, lane: Lane) -> None:
        super().__init__("restoring")
        self._lane = lane
        self._copy, self._folder = self.child(QLineEdit, "copy"), self.child(QLineEdit, "folder")
        self._card = Card(self, in_bytes=True, afterwards=tr("Finishing …"))
        self._copy.returnPressed.connect(self._folder.setFocus)
        self._folder.returnPressed.connect(self._restore)
        self.child(QPushButton, "restore").clicked.connect(self._restore)
        self.child(QPushButton, "back").clicked.connect(self.back)
        self.child(QToolButton, "copyBrowse").clicked.connect(
            lambda: self._browse(self._copy, tr("Choose the folder of the copy"))
        )
        self.child(QToolButton, "browse").clicked.connect(
            lambda: self._browse(self._folder, tr("Choose a new or empty folder"))
        )

    def start(self, copy: Path | None = None) -> None:
        """Empty but for the copy, where one was chosen already."""
        self._copy.setText(str(copy or ""))
        self._folder.setText("")
        self.say("")
        self._working(False)
        (self._folder if copy else self._copy).setFocus()

    def say(self, sentence: str) -> None:
        """Why something was not done."""
        banner(self, "problem", sentence)

    def _browse(self, field: QLineEdit, title: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self, title, field.text())
        if chosen:
            field.setText(chosen)

    def _restore(self) -> None:
        copy, folder = self._copy.text().strip(), self._folder.text().strip()
        if not copy or not folder:
            self.say(tr("Name the folder of the copy, and a new or empty folder for the vault."))
            (self._folder if copy else self._copy).setFocus()
            return
        if self._lane.busy:
            return
        self.say("")
        self._working(True)
        job = self._lane.submit(
            lambda progress: restore_copy(Path(copy), Path(folder), progress=progress), self._done, self._failed
        )
        job.ended.connect(lambda: self._working(False))
        self._card.follow(job, tr("Getting the vault back"))

    def _done(self, made: Restored) -> None:
        said = tr("The vault is in {folder}, as it was when the copy was made.")
        told = said.format(folder=words.isolated(str(made.folder)))
        if made.damage:
            lacking = tr("The copy does not have these files whole; the vault is without them:")
            told = "\n".join([told, lacking, *made.damage[:TOLD]])
            if len(made.damage) > TOLD:
                told += "\n" + tr("and {n} more; “evidencevault backup verify” lists all").format(
                    n=len(made.damage) - TOLD
                )
        self.restored.emit(made, told)

    def _failed(self, error: VaultError) -> None:
        self.say(error.sentence)

    def _working(self, working: bool) -> None:
        self.child(QWidget, "asking").setVisible(not working)
        self.child(QWidget, "making").setVisible(working)
        if working:
            self.child(QToolButton, "cancel").setFocus()
