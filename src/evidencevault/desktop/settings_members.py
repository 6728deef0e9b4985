"""Who works in the vault: added, with their roles and line manager, retired."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from evidencevault.custody import managers, membership
from evidencevault.desktop import strength, words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import filling
from evidencevault.desktop.look import Theme
from evidencevault.desktop.member_rows import MemberDelegate, MemberRow, member_rows, named
from evidencevault.desktop.passphrase import NewPassphrase
from evidencevault.desktop.screen import banner
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.desktop.table import Rows, choose, current
from evidencevault.resources import tr
from evidencevault.session import Session

ROLES = ("officer", "legal", "oversight", "admin")
NOBODY, ONE, NEW = range(3)


class MembersPage(SettingsPage):
    """Administrators change; the others read."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("settings_members")
        self._desk, self._admin = desk, "admin" in desk.member.roles
        self._rows: Rows[MemberRow] = Rows()
        self._list, self._detail = self.child(QListView, "list"), self.child(QStackedWidget, "detail")
        self._list.setModel(self._rows)
        self._list.setItemDelegate(MemberDelegate(theme, self._list))
        self._list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self._list.clicked.connect(lambda _: self._chosen())
        self._new = NewPassphrase(
            lambda work, done: desk.ask(lambda _: work(), done, self.failed),
            lambda: [self.child(QLineEdit, "newName").text()],
        )
        filling(self.child(QWidget, "fields"), self._new)
        self._new.entered.connect(self._create)
        for role in ROLES:
            self.child(QCheckBox, role).clicked.connect(self._edited)
        self.child(QComboBox, "manager").activated.connect(self._edited)
        for name, act in (
            ("add", self._begin_new),
            ("cancel", self.empty),
            ("create", self._create),
            ("save", self._save),
            ("confirm", self._confirm),
            ("retire", self._ask_retire),
            ("keep", lambda: banner(self, "retiring", "")),
            ("really", self._retire),
        ):
            self.child(QPushButton, name).clicked.connect(act)
        self.child(QPushButton, "add").setEnabled(self._admin)

    def narrow(self, narrow: bool) -> None:
        """The user under the list, or beside it."""
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self.child(QHBoxLayout, "split").setDirection(direction)

    def begin(self) -> None:
        """The users, read anew."""
        self._desk.ask(member_rows, self._show, self.failed)

    def empty(self) -> None:
        """No new user, no passphrase in a field."""
        self._new.empty()
        self.child(QLineEdit, "newName").setText("")
        if self._detail.currentIndex() == NEW:
            self._chosen()

    @property
    def _row(self) -> MemberRow | None:
        row = current(self._list)
        return row if isinstance(row, MemberRow) else None

    def _show(self, found: list[MemberRow]) -> None:
        before = self._row
        self._rows.show(found)
        if before is None or not choose(self._list, self._rows, before.id):
            choose(self._list, self._rows, self._desk.member.name)
        if self._detail.currentIndex() != NEW:
            self._chosen()

    def _chosen(self) -> None:
        row = self._row
        self._detail.setCurrentIndex(NOBODY if row is None else ONE)
        banner(self, "retiring", "")
        if row is None:
            return
        self.child(QLabel, "name").setText(words.isolated(row.name))
        state = self.child(QLabel, "state")
        state.setText(row.state_words)
        state.setProperty("chip", row.tone)
        state.style().polish(state)
        proposed = self.child(QLabel, "proposed")
        proposed.setText(row.proposed)
        proposed.setVisible(bool(row.proposed))
        may = self._admin and row.active
        for role in ROLES:
            box = self.child(QCheckBox, role)
            box.setChecked(role in row.roles)
            box.setEnabled(may)
        self._fill_managers(row, may)
        self.child(QPushButton, "save").setEnabled(False)
        self.child(QPushButton, "save").setVisible(may)
        self.child(QPushButton, "confirm").setVisible(may and row.by_other)
        self.child(QPushButton, "retire").setVisible(may and row.name != self._desk.member.name)

    def _fill_managers(self, row: MemberRow, may: bool) -> None:
        combo = self.child(QComboBox, "manager")
        combo.clear()
        combo.addItem(tr("nobody"), "")
        for one in self._rows.rows:
            if one.active and one.name != row.name:
                combo.addItem(words.isolated(one.name), one.name)
        combo.setCurrentIndex(max(0, combo.findData(row.manager)))
        combo.setEnabled(may)

    def _wanted(self) -> tuple[frozenset[str], str]:
        roles = frozenset(role for role in ROLES if self.child(QCheckBox, role).isChecked())
        return roles, str(self.child(QComboBox, "manager").currentData() or "")

    def _edited(self, *_: object) -> None:
        row = self._row
        changed = row is not None and self._wanted() != (row.roles, row.manager)
        self.child(QPushButton, "save").setEnabled(changed)

    def _save(self) -> None:
        row = self._row
        if row is not None:
            roles, manager = self._wanted()
            self._change(row, roles, manager)

    def _confirm(self) -> None:
        row = self._row
        if row is not None:
            self._change(row, row.roles if row.proposed_roles is None else row.proposed_roles,
                         row.manager if row.proposed_manager is None else row.proposed_manager)  # fmt: skip

    def _change(self, row: MemberRow, roles: frozenset[str], manager: str) -> None:
        def work(session: Session) -> bool:
            in_effect = True
            if roles != row.roles:
                in_effect = membership.set_roles(session.office, row.name, roles)
            if manager != row.manager:
                in_effect = managers.set_manager(session.office, row.name, manager) and in_effect
            return in_effect

        name = words.isolated(row.name)

        def done(in_effect: bool) -> None:
            said = (
                tr("{name}: saved.")
                if in_effect
                else tr("{name}: proposed. It takes effect when another administrator confirms it.")
            )
            self._changed(said.format(name=name))

        self._write(work, done)

    def _ask_retire(self) -> None:
        row = self._row
        if row is not None:
            said = tr("{name} opens nothing any more. What they have seen they have seen. This cannot be undone.")
            banner(self, "retiring", said.format(name=words.isolated(row.name)))
            self.child(QPushButton, "keep").setFocus()

    def _retire(self) -> None:
        row = self._row
        if row is None:
            return
        name = row.name
        said = tr("{name} was retired.").format(name=words.isolated(name))
        self._write(lambda session: membership.retire(session.office, name), lambda _: self._changed(said))

    def _begin_new(self) -> None:
        # The first time the dictionaries of those who guess are read: not when somebody waits for it.
        self._desk.ask(lambda _: strength.judge("x"), lambda _: None, self.failed)
        self.empty()
        for role in ROLES:
            self.child(QCheckBox, f"new{role.title()}").setChecked(False)
        self._detail.setCurrentIndex(NEW)
        self.child(QLineEdit, "newName").setFocus()

    def _create(self) -> None:
        name, passphrase = self.child(QLineEdit, "newName").text().strip(), self._new.text
        roles = frozenset(role for role in ROLES if self.child(QCheckBox, f"new{role.title()}").isChecked())
        problem = self._new.problem()
        if not roles:
            problem = tr("Tick at least one of the roles.")
        if not name:
            problem = tr("Say how the new user is called in the vault.")
        self.refused.emit(problem)
        if problem:
            return

        def done(_: object) -> None:
            self.empty()
            self._detail.setCurrentIndex(ONE)
            said = tr("{name} was added ({roles}). Tell them their first passphrase in person.")
            self._changed(said.format(name=words.isolated(name), roles=named(roles)))

        self._write(lambda session: membership.invite(session.office, name, roles, passphrase), done)

    def _write(self, work: Callable[[Session], object], done: Callable[[bool], object]) -> None:
        self.refused.emit("")
        for part in ("person", "newcomer"):
            self.child(QFrame, part).setEnabled(False)
        job = self._desk.act(work, done, self.failed)
        job.ended.connect(self._written)

    def _written(self) -> None:
        for part in ("person", "newcomer"):
            self.child(QFrame, part).setEnabled(True)

    def _changed(self, said: str) -> None:
        self.told.emit(said)
        self.begin()
