"""A forgotten passphrase: new keys from enough recovery shares."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from evidencevault.custody import membership
from evidencevault.desktop import words
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.jobs import Lane
from evidencevault.desktop.passphrase import NewPassphrase
from evidencevault.desktop.screen import banner
from evidencevault.errors import Refused, VaultError
from evidencevault.resources import tr
from evidencevault.vault import shares
from evidencevault.vault.shares import ReadShare


class RecoveringScreen(Form):
    """``recovered`` carries the vault's folder and the user who has new keys."""

    recovered = Signal(object, str)
    back = Signal()

    def __init__(self, lane: Lane) -> None:
        super().__init__("recovering")
        self._lane = lane
        self._folder = Path()
        self._shares: tuple[ReadShare, ...] = ()
        self._member, self._share = self.child(QLineEdit, "member"), self.child(QPlainTextEdit, "share")
        self._new = NewPassphrase(lambda work, done: lane.submit(lambda _: work(), done), lambda: [self._member.text()])
        filling(self.child(QWidget, "fields"), self._new)
        self._new.entered.connect(self._recover)
        self.child(QPushButton, "add").clicked.connect(self._add)
        self.child(QPushButton, "recover").clicked.connect(self._recover)
        self.child(QPushButton, "back").clicked.connect(self._leave)

    def start(self, folder: Path, member: str) -> None:
        """For a vault and a user."""
        self._folder = folder
        self._forget()
        said = tr("For the vault in {folder}").format(folder=words.isolated(str(folder)))
        self.child(QLabel, "whose").setText(said)
        self._member.setText(member)
        self.say("")
        self._busy(False)
        (self._share if member else self._member).setFocus()

    def say(self, sentence: str) -> None:
        """Why it does not go on."""
        banner(self, "problem", sentence)

    def _leave(self) -> None:
        self._forget()
        self.back.emit()

    def _forget(self) -> None:
        self._shares = ()
        self._share.setPlainText("")
        self._new.empty()
        self._tell()

    def _add(self) -> bool:
        """Take the share that was typed; says what is wrong with it."""
        try:
            read = shares.read(self._share.toPlainText())
            self._check(read)
        except Refused as error:
            self.say(error.sentence)
            self._share.setFocus()
            return False
        self._shares = (*self._shares, read)
        self._share.setPlainText("")
        self.say("")
        self._tell()
        if len(self._shares) >= read.needed:
            self._new.begin()
        else:
            self._share.setFocus()
        return True

    def _check(self, read: ReadShare) -> None:
        if any(one.of != read.of for one in self._shares):
            raise Refused(tr("This share belongs to another set than the one before. Was it made for another vault?"))
        if any(one.number == read.number for one in self._shares):
            raise Refused(tr("Share {n} was added already. Take another one.").format(n=read.number))

    def _tell(self) -> None:
        if not self._shares:
            said = tr("No share was added yet.")
        elif len(self._shares) < self._shares[0].needed:
            said = tr("{n} of {m} shares. Add the next one.").format(n=len(self._shares), m=self._shares[0].needed)
        else:
            said = tr("{n} shares: enough. Now choose a new passphrase.").format(n=len(self._shares))
        self.child(QLabel, "read").setText(said)

    def _recover(self) -> None:
        if self._share.toPlainText().strip() and not self._add():
            return
        if not self._shares or len(self._shares) < self._shares[0].needed:
            self.say(tr("There are not enough shares yet. Nothing was changed."))
            return
        problem = self._new.problem()
        if problem or not self._member.text().strip():
            self.say(problem or tr("Say which user gets new keys."))
            return
        if not self._lane.busy:
            self._work()

    def _work(self) -> None:
        folder, member = self._folder, self._member.text().strip()
        given, passphrase = [one.words for one in self._shares], self._new.text
        self.say("")
        self._busy(True)

        def done(_: object) -> None:
            self._forget()
            self.recovered.emit(folder, member)

        job = self._lane.submit(lambda _: membership.recover(folder, member, given, passphrase), done, self._failed)
        job.ended.connect(lambda: self._busy(False))

    def _failed(self, error: VaultError) -> None:
        self.say(error.sentence)

    def _busy(self, busy: bool) -> None:
        self.setEnabled(not busy)
        self.child(QPushButton, "recover").setText(tr("Making new keys …") if busy else tr("Make new keys"))
