"""Where the vault shall be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolButton

from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers
from evidencevault.resources import tr


class PlacePage(FoundingPage):
    """A folder that is not there yet, or empty."""

    def __init__(self) -> None:
        super().__init__("founding_place")
        self._folder = self.child(QLineEdit, "folder")
        self._folder.returnPressed.connect(self.entered)
        self.child(QToolButton, "browse").clicked.connect(self._browse)

    def show_answers(self, answers: Answers) -> None:
        """The folder chosen, or one to begin with."""
        self._folder.setText(answers.folder or str(Path.home() / "EvidenceVault"))
        self._folder.setFocus()

    def answered(self, answers: Answers) -> Answers:
        """With the folder."""
        return replace(answers, folder=self._folder.text().strip())

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose a new or empty folder"))
        if chosen:
            self._folder.setText(chosen)
