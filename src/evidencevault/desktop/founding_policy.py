"""The policy that is offered for the country: what it promises, and whether it is adopted now."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QLabel, QListView, QRadioButton

from evidencevault.casework import policies
from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers
from evidencevault.desktop.look import Theme
from evidencevault.desktop.policy_rows import PolicyDelegate, StepRow, counted, step_rows
from evidencevault.desktop.table import Rows


class PolicyPage(FoundingPage):
    """A template binds nobody until it is adopted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("founding_policy")
        self._template = self.child(QComboBox, "template")
        self._steps: Rows[StepRow] = Rows()
        view = self.child(QListView, "steps")
        view.setModel(self._steps)
        view.setItemDelegate(PolicyDelegate(theme, view))
        for name in policies.shipped():
            self._template.addItem(policies.read(policies.shipped_text(name)).title, name)
        self._template.currentIndexChanged.connect(lambda _: self._shown())

    def show_answers(self, answers: Answers) -> None:
        """The template of the country, or the one chosen."""
        self._template.setCurrentIndex(self._template.findData(answers.template))
        self.child(QRadioButton, "now" if answers.adopt else "later").setChecked(True)
        self._shown()
        self._template.setFocus()

    def answered(self, answers: Answers) -> Answers:
        """With the template, and whether it is adopted."""
        chosen = str(self._template.currentData())
        return replace(answers, template=chosen, adopt=self.child(QRadioButton, "now").isChecked())

    def _shown(self) -> None:
        policy = policies.read(policies.shipped_text(str(self._template.currentData())))
        self._steps.show(step_rows(policy))
        self.child(QLabel, "counted").setText(counted(policy))
