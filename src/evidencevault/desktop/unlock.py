"""Unlocking a vault, and choosing one's own passphrase at the first time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QToolButton,
)

from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Lane
from evidencevault.desktop.recent import recent
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.session import Session

LEAST = 12  # characters of an own passphrase


class OwnPassphraseWanted(VaultError):
    """The keys were made by somebody else: the member must choose a passphrase of their own first."""


class UnlockScreen(QStackedWidget):
    """Two forms: the passphrase, and (once) the own passphrase. ``opened`` carries the session."""

    opened = Signal(object)
    received = Signal()  # a received bundle is to be opened, without any vault

    def __init__(self, vault: Path | None, member: str, *, unconfined: bool) -> None:
        super().__init__()
        self._unconfined = unconfined
        self._lane = Lane("unlocking")
        self._first, self._own = Form("unlock"), Form("unlock_own")
        self.addWidget(self._first)
        self.addWidget(self._own)
        self._vault = self._first.child(QComboBox, "vault")
        self._member = self._first.child(QLineEdit, "member")
        self._passphrase = self._first.child(QLineEdit, "passphrase")
        self.card = self._first.child(QFrame, "card")
        self._offer(vault)
        self._member.setText(member)
        self._wire()

    def close_lane(self) -> None:
        """Before the program ends."""
        self._lane.close()

    def start(self) -> None:
        """Empty, with the keyboard where it is needed first."""
        self._offer(Path(self._vault.currentText()) if self._vault.currentText() else None)
        self.setCurrentWidget(self._first)
        self._empty()
        self._problem(self._first, "")
        self._busy(False)
        if not self._vault.currentText():
            self._vault.setFocus()
        elif not self._member.text():
            self._member.setFocus()
        else:
            self._passphrase.setFocus()

    def _offer(self, vault: Path | None) -> None:
        known = [str(one) for one in recent()]
        if vault is not None:
            known = [str(vault), *(one for one in known if one != str(vault))]
        self._vault.clear()
        self._vault.addItems(known)

    def _wire(self) -> None:
        first, own = self._first, self._own
        first.child(QPushButton, "unlock").clicked.connect(self._unlock)
        own.child(QPushButton, "unlock").clicked.connect(self._unlock_own)
        own.child(QPushButton, "back").clicked.connect(lambda: self.start())
        first.child(QPushButton, "received").clicked.connect(self.received)
        for field in (*self._vault.findChildren(QLineEdit), self._member, self._passphrase):
            field.setAcceptDrops(False)  # what is dropped is a bundle, wherever it falls
        self._vault.setAcceptDrops(False)
        first.child(QToolButton, "browse").clicked.connect(self._browse)
        first.child(QToolButton, "reveal").toggled.connect(self._reveal)
        self._member.returnPressed.connect(self._passphrase.setFocus)
        self._passphrase.returnPressed.connect(self._unlock)
        own.child(QLineEdit, "first").returnPressed.connect(own.child(QLineEdit, "second").setFocus)
        own.child(QLineEdit, "second").returnPressed.connect(self._unlock_own)
        self._passphrase.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter that does not fit the shift key tells of Caps Lock."""
        if watched is self._passphrase and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            letter, shift = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if letter.isalpha() and letter.lower() != letter.upper():
                self._first.child(QLabel, "caps").setVisible(letter.isupper() != shift)
        return super().eventFilter(watched, event)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose the folder of a vault"), self._vault.currentText())
        if chosen:
            self._vault.setEditText(chosen)

    def _reveal(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._passphrase.setEchoMode(mode)

    def _empty(self) -> None:
        """No passphrase stays in a field. ``clear`` would leave it in the field's undo history."""
        for field in (self._passphrase, *(self._own.child(QLineEdit, name) for name in ("first", "second"))):
            field.setText("")
        self._first.child(QToolButton, "reveal").setChecked(False)
        self._first.child(QLabel, "caps").hide()

    def _unlock(self) -> None:
        folder, member = self._vault.currentText().strip(), self._member.text().strip()
        if not folder or not member or not self._passphrase.text():
            self._problem(self._first, tr("Say which vault, which user, and the passphrase."))
            return
        self._try(self._first, None)

    def _unlock_own(self) -> None:
        first, second = self._own.child(QLineEdit, "first").text(), self._own.child(QLineEdit, "second").text()
        if len(first) < LEAST:
            self._problem(self._own, tr("Take at least {n} characters; four words are more than that.").format(n=LEAST))
        elif first != second:
            self._problem(self._own, tr("The two are not the same. Type the new passphrase twice."))
        else:
            self._try(self._own, lambda: first)

    def _try(self, form: Form, own: Callable[[], str] | None) -> None:
        folder, member = Path(self._vault.currentText().strip()), self._member.text().strip()
        passphrase, unconfined = self._passphrase.text(), self._unconfined
        if self._lane.busy:  # one try at a time: a second Enter must not open a second vault
            return
        self._problem(form, "")
        self._busy(True)

        def work(_: object) -> Session:
            return Session.unlock(folder, member, passphrase, own_passphrase=own or _ask_for_own, unconfined=unconfined)

        job = self._lane.submit(work, self._done, self._failed)
        job.ended.connect(lambda: self._busy(False))

    def _done(self, session: Session) -> None:
        self._empty()
        self.opened.emit(session)

    def closing(self, work: Callable[[], object]) -> None:
        """Show that the vault is being locked while ``work`` does it; nobody unlocks before it is done."""
        self.start()
        self._busy(True, tr("Locking …"))
        job = self._lane.submit(lambda _: work())
        job.ended.connect(self.start)

    def say(self, sentence: str) -> None:
        """A fault of the program, said on the form that is shown."""
        self._problem(self._first if self.currentWidget() is self._first else self._own, sentence)

    def _failed(self, error: VaultError) -> None:
        if isinstance(error, OwnPassphraseWanted):
            self.setCurrentWidget(self._own)
            self._own.child(QLineEdit, "first").setFocus()
            return
        form = self._first if self.currentWidget() is self._first else self._own
        self._problem(form, error.sentence)
        if form is self._first:
            QTimer.singleShot(0, self._passphrase.selectAll)
            QTimer.singleShot(0, self._passphrase.setFocus)

    def _problem(self, form: Form, sentence: str) -> None:
        form.child(QFrame, "problem").setVisible(bool(sentence))
        form.child(QLabel, "problemText").setText(sentence)

    def _busy(self, busy: bool, said: str = "") -> None:
        for form, text in ((self._first, tr("Unlock")), (self._own, tr("Take this passphrase"))):
            form.setEnabled(not busy)
            form.child(QPushButton, "unlock").setText((said or tr("Opening …")) if busy else text)


def _ask_for_own() -> str:
    raise OwnPassphraseWanted(tr("Choose your own passphrase."))
