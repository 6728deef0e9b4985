"""When the vault locks, switching users, and one's own passphrase."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPushButton, QToolButton, QWidget

from evidencevault.custody import membership
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import filling
from evidencevault.desktop.passphrase import NewPassphrase
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.recent import known_as, remember
from evidencevault.desktop.screen import banner
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault import keyfiles

MINUTES = (1, 2, 5, 10, 15, 30, 60)


class LockPage(SettingsPage):
    """A new passphrase asks for the old one: an unlocked screen is no proof of who sits there."""

    switching = Signal()
    locking = Signal()

    def __init__(self, desk: Desk, preferences: Preferences) -> None:
        super().__init__("settings_lock")
        self._desk, self._preferences = desk, preferences
        self._minutes = self.child(QComboBox, "minutes")
        for n in MINUTES:
            self._minutes.addItem(tr("1 minute") if n == 1 else tr("{n} minutes").format(n=n), n)
        self._minutes.activated.connect(lambda _: preferences.change(minutes=int(self._minutes.currentData())))
        self._old, self._key_file = self.child(QLineEdit, "old"), self.child(QLineEdit, "keyFile")
        self._new = NewPassphrase(
            lambda work, done: desk.ask(lambda _: work(), done, self.failed), lambda: [desk.member.name]
        )
        self._new.entered.connect(self._save)
        filling(self.child(QWidget, "fields"), self._new)
        for name, act in (
            ("switch", self.switching.emit),
            ("lockNow", self.locking.emit),
            ("change", lambda: self._changing(True)),
            ("cancel", lambda: self._changing(False)),
            ("save", self._save),
        ):
            self.child(QPushButton, name).clicked.connect(act)
        self.child(QToolButton, "keyBrowse").clicked.connect(self._browse)
        self.child(QToolButton, "keyClear").clicked.connect(self._key_file.clear)
        self._old.setAcceptDrops(False)

    def begin(self) -> None:
        """As chosen."""
        nearest = min(MINUTES, key=lambda one: abs(one - self._preferences.now.minutes))
        self._minutes.setCurrentIndex(self._minutes.findData(nearest))

    def empty(self) -> None:
        """No passphrase stays in a field."""
        self._changing(False)

    def _changing(self, changing: bool) -> None:
        self.child(QWidget, "changing").setVisible(changing)
        self.child(QPushButton, "change").setVisible(not changing)
        banner(self, "refused", "")
        self._old.setText("")
        self._new.empty()
        if changing:
            self._key_file.setText(known_as(self._desk.vault).key_file)
            self._old.setFocus()

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose the key file"))
        if chosen:
            self._key_file.setText(chosen)

    def _save(self) -> None:
        problem = self._new.problem()
        if not self._old.text():
            problem = tr("Type the passphrase that you have used until now.")
        banner(self, "refused", problem)
        if problem:
            return
        old, new, to = self._old.text(), self._new.text, self._key_file.text().strip()
        before = known_as(self._desk.vault).key_file
        self.setEnabled(False)

        def work(session: Session) -> None:
            until_now = keyfiles.read(Path(before)) if before else None
            from_now = keyfiles.read(Path(to)) if to else None
            membership.prove(session.office, old, until_now)
            membership.change_passphrase(session.office, new, from_now)

        def done(_: object) -> None:
            self._changing(False)
            remember(self._desk.vault, self._desk.member.name, to)
            self.told.emit(tr("The passphrase was changed."))

        job = self._desk.act(work, done, self._not_changed)
        job.ended.connect(lambda: self.setEnabled(True))

    def _not_changed(self, error: VaultError) -> None:
        banner(self, "refused", error.sentence)
        self._old.setFocus()
