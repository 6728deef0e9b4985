"""The policy that is offered for the country: what it promises, and whether it is adopted now."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QLabel, QListView, QRadioButton

from evidencevault.casework import policies
from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers
from evidencevault.desktop.look import Theme
from evidencevault.desktop.passphrase import Judge
from evidencevault.desktop.policy_rows import PolicyDelegate, StepRow, counted, step_rows
from evidencevault.desktop.table import Rows
from evidencevault.policy.model import Policy


class PolicyPage(FoundingPage):
    """A template binds nobody until it is adopted."""

    def __init__(self, theme: Theme, beside: Judge) -> None:
        super().__init__("founding_policy")
        self._known: dict[str, Policy] = {}
        self._wanted = policies.DEFAULT
        self._template = self.child(QComboBox, "template")
        self._steps: Rows[StepRow] = Rows()
        view = self.child(QListView, "steps")
        view.setModel(self._steps)
        view.setItemDelegate(PolicyDelegate(theme, view))
        self._template.currentIndexChanged.connect(lambda _: self._shown())
        beside(_templates, self._came)  # to read them all takes most of a second

    def show_answers(self, answers: Answers) -> None:
        """The template of the country, or the one chosen."""
        self._wanted = answers.template
        self._template.setCurrentIndex(self._template.findData(answers.template))
        self.child(QRadioButton, "now" if answers.adopt else "later").setChecked(True)
        self._shown()
        self._template.setFocus()

    def answered(self, answers: Answers) -> Answers:
        """With the template, and whether it is adopted."""
        chosen = str(self._template.currentData() or self._wanted)
        return replace(answers, template=chosen, adopt=self.child(QRadioButton, "now").isChecked())

    def _came(self, found: dict[str, Policy]) -> None:
        self._known = found
        wanted = self._wanted
        for name, policy in found.items():
            self._template.addItem(policy.title, name)
        self._template.setCurrentIndex(self._template.findData(wanted))

    def _shown(self) -> None:
        policy = self._known.get(str(self._template.currentData()))
        if policy is not None:
            self._steps.show(step_rows(policy))
            self.child(QLabel, "counted").setText(counted(policy))


def _templates() -> dict[str, Policy]:
    return {name: policies.read(policies.shipped_text(name)) for name in policies.shipped()}
