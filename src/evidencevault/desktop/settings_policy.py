"""The policy in force, and adopting another: a template of the program, or a file whose faults are named by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QLabel, QListView, QPushButton

from evidencevault.casework import policies
from evidencevault.casework.policies import Adopted
from evidencevault.desktop import words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.look import Theme
from evidencevault.desktop.policy_rows import PolicyDelegate, StepRow, counted, step_rows
from evidencevault.desktop.screen import banner
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.desktop.table import Rows
from evidencevault.errors import Refused, VaultError
from evidencevault.forms.reading import MAX_FORM
from evidencevault.policy.model import Policy
from evidencevault.resources import tr
from evidencevault.session import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """A policy as shown. ``adopted`` is a day, ``by`` who did so; both empty for a template."""

    policy: Policy
    adopted: str = ""
    by: str = ""


class PolicyPage(SettingsPage):
    """An administrator adopts; the others read."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("settings_policy")
        self._desk = desk
        self._text = ""  # the file that is to be adopted, once it was asked whether
        self._steps: Rows[StepRow] = Rows()
        view = self.child(QListView, "steps")
        view.setModel(self._steps)
        view.setItemDelegate(PolicyDelegate(theme, view))
        self._template = self.child(QComboBox, "template")
        admin = "admin" in desk.member.roles
        for name in ("adopt", "file"):
            self.child(QPushButton, name).setEnabled(admin)
        said = (
            tr("Open cases stay under theirs. What was adopted stays on record with who adopted it and when.")
            if admin
            else tr("Only an administrator adopts a policy.")
        )
        self.child(QLabel, "only").setText(said)
        for name, act in (
            ("look", self._look),
            ("adopt", self._adopt_template),
            ("file", self._adopt_file),
            ("yes", self._adopt),
            ("no", self.begin),
        ):
            self.child(QPushButton, name).clicked.connect(act)

    def begin(self) -> None:
        """The policy in force, read anew."""
        banner(self, "asking", "")
        banner(self, "faults", "")
        if self._template.count() == 0:
            self._desk.ask(lambda _: _templates(), self._offer, self.failed)
        self._desk.ask(_in_force, self._show, self.failed)

    def _offer(self, found: list[tuple[str, str]]) -> None:
        self._template.clear()
        for name, title in found:
            self._template.addItem(title, name)

    def _show(self, shown: Shown) -> None:
        policy = shown.policy
        self.child(QLabel, "title").setText(words.isolated(policy.title))
        state = self.child(QLabel, "state")
        state.setText(tr("In force") if shown.adopted else tr("Template, binds nobody"))
        state.setProperty("chip", "good" if shown.adopted else "plain")
        state.style().polish(state)
        facts = [tr("Version {n}").format(n=policy.version), counted(policy)]
        if shown.adopted:
            said = tr("adopted {day} by {name}")
            facts.append(said.format(day=words.isolated(shown.adopted), name=words.isolated(shown.by)))
        self.child(QLabel, "facts").setText(words.line(facts))
        note = self.child(QLabel, "note")
        note.setText(policy.note)
        note.setVisible(bool(policy.note))
        self._steps.show(step_rows(policy))

    def _look(self) -> None:
        name = str(self._template.currentData())
        self._desk.ask(lambda _: Shown(policies.read(policies.shipped_text(name))), self._show, self.failed)

    def _adopt_template(self) -> None:
        name = str(self._template.currentData())
        self._desk.ask(lambda _: _checked(policies.shipped_text(name)), self._ask, self._faulty)

    def _adopt_file(self) -> None:
        kinds = f"{tr('Policies')} (*.toml);;{tr('All files')} (*)"
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Adopt a file"), filter=kinds)
        if chosen:
            self.take(Path(chosen))

    def take(self, file: Path) -> None:
        """Check a file, and ask whether it is adopted; its faults are shown with their lines."""
        self._desk.ask(lambda _: _checked(_read(file)), self._ask, self._faulty)

    def _ask(self, checked: tuple[str, Policy]) -> None:
        self._text, policy = checked
        self._show(Shown(policy))
        banner(self, "faults", "")
        said = tr("“{title}”, version {version}: every case that is opened from now on is under it.")
        banner(self, "asking", said.format(title=words.isolated(policy.title), version=policy.version))
        self.child(QPushButton, "yes").setFocus()

    def _faulty(self, error: VaultError) -> None:
        banner(self, "asking", "")
        banner(self, "faults", error.sentence)

    def _adopt(self) -> None:
        text = self._text
        self.child(QFrame, "adopting").setEnabled(False)
        job = self._desk.act(lambda session: policies.adopt(session.office, text), self._adopted, self._faulty)
        job.ended.connect(lambda: self.child(QFrame, "adopting").setEnabled(True))

    def _adopted(self, made: Adopted) -> None:
        self.told.emit(tr("“{title}” is adopted.").format(title=words.isolated(made.policy.title)))
        self.begin()


def _in_force(session: Session) -> Shown:
    office = session.office
    found = policies.in_force(policies.adopted(office), office.clock().astimezone(UTC).date())
    if found is None:
        return Shown(policies.read(policies.shipped_text(policies.DEFAULT)))
    return Shown(found.policy, datetime.fromisoformat(found.at).date().isoformat(), office.standing.handle(found.by))


def _templates() -> list[tuple[str, str]]:
    return [(name, policies.read(policies.shipped_text(name)).title) for name in policies.shipped()]


def _checked(text: str) -> tuple[str, Policy]:
    return text, policies.read(text)


def _read(file: Path) -> str:
    try:
        data = file.read_bytes()[: MAX_FORM + 1]
        text = data.decode("utf-8")
    except OSError as error:
        raise Refused(tr("{file} cannot be read: {why}.").format(file=file, why=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise Refused(tr("{file} is not UTF-8 text. Nothing was saved.").format(file=file)) from error
    if len(data) > MAX_FORM:
        raise Refused(tr("{file} is larger than any policy is. Nothing was saved.").format(file=file))
    return text
