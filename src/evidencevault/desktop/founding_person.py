"""Who makes the vault: login name and roles."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLineEdit

from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers

ROLES = ("officer", "legal", "oversight")


class PersonPage(FoundingPage):
    """The first user is administrator as well."""

    def __init__(self) -> None:
        super().__init__("founding_person")
        self._name = self.child(QLineEdit, "name")
        self._name.returnPressed.connect(self.entered)

    def show_answers(self, answers: Answers) -> None:
        """What was answered."""
        self._name.setText(answers.name)
        for role in ROLES:
            self.child(QCheckBox, role).setChecked(role in answers.roles)
        self._name.setFocus()

    def answered(self, answers: Answers) -> Answers:
        """With name and roles."""
        roles = frozenset(role for role in ROLES if self.child(QCheckBox, role).isChecked())
        return replace(answers, name=self._name.text().strip(), roles=roles)
