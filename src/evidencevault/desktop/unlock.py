"""Unlocking a vault, and choosing one's own passphrase at the first time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

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
    QWidget,
)

from evidencevault.desktop import words
from evidencevault.desktop.asked import Asked, OwnPassphraseWanted
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.jobs import Lane
from evidencevault.desktop.passphrase import NewPassphrase
from evidencevault.desktop.recent import known_as, recent, remember
from evidencevault.desktop.screen import banner
from evidencevault.errors import HeadRefused, VaultError
from evidencevault.resources import tr

if TYPE_CHECKING:
    from evidencevault.session import Session


class UnlockScreen(QStackedWidget):
    """Two forms: the passphrase, and (once) the own passphrase. ``opened`` carries the session."""

    opened = Signal(object)
    closed = Signal()  # the vault that was open is locked now
    received = Signal()  # a received bundle is to be opened, without any vault
    others = Signal()  # another vault, a new one, or the sample case
    forgotten = Signal(object, str)  # the vault's folder, and the user
    older = Signal(object)  # the folder of a vault that was put back from a copy, and is refused as older

    def __init__(self, lane: Lane, vault: Path | None, member: str, *, unconfined: bool) -> None:
        super().__init__()
        self._unconfined = unconfined
        self._next: tuple[Path, str, str] | None = None  # what is shown once the vault before is locked
        self._lane = lane
        self._first, self._own = Form("unlock"), Form("unlock_own")
        self.addWidget(self._first)
        self.addWidget(self._own)
        self._vault = self._first.child(QComboBox, "vault")
        self._member = self._first.child(QLineEdit, "member")
        self._passphrase = self._first.child(QLineEdit, "passphrase")
        self._key_file = self._first.child(QLineEdit, "keyFile")
        self._new = NewPassphrase(
            lambda work, done: self._lane.submit(lambda _: work(), done), lambda: [self._member.text()]
        )
        filling(self._own.child(QWidget, "fields"), self._new)
        self.card = self._first.child(QFrame, "card")
        self._offer(vault)
        self._fill_in(member)
        self._wire()

    def start(self, folder: Path | None = None, member: str | None = None, notice: str = "") -> None:
        """Empty, with the keyboard where it is needed first; on another vault or for another user where one is named.

        ``notice`` is a sentence about what went before.
        """
        if folder is None:
            folder = Path(self._vault.currentText()) if self._vault.currentText() else None
        self._offer(folder)
        self._fill_in(member)
        self.setCurrentWidget(self._first)
        self._empty()
        self._problem(self._first, "")
        banner(self._first, "notice", notice)
        self._busy(False)
        if not self._vault.currentText():
            self._vault.setFocus()
        elif not self._member.text():
            self._member.setFocus()
        else:
            self._passphrase.setFocus()

    def _offer(self, vault: Path | None) -> None:
        listed = [str(one) for one in recent()]
        if vault is not None:
            listed = [str(vault), *(one for one in listed if one != str(vault))]
        self._vault.clear()
        self._vault.addItems(listed)

    def _fill_in(self, member: str | None) -> None:
        """Who opened this vault last, unless somebody is named; and where their key file was."""
        text = self._vault.currentText()
        last = known_as(Path(text)) if text else None
        if member:
            self._member.setText(member)
        elif member is not None or not self._member.text():
            self._member.setText(last.member if last is not None and member is None else "")
        mine = last is not None and last.member == self._member.text()
        self._show_key_file(last.key_file if last is not None and mine else "")

    def _wire(self) -> None:
        first, own = self._first, self._own
        first.child(QPushButton, "unlock").clicked.connect(self._unlock)
        own.child(QPushButton, "unlock").clicked.connect(self._unlock_own)
        own.child(QPushButton, "back").clicked.connect(lambda: self.start())
        first.child(QPushButton, "received").clicked.connect(self.received)
        first.child(QPushButton, "others").clicked.connect(self.others)
        first.child(QPushButton, "putBack").clicked.connect(lambda: self.older.emit(self._asked().folder))
        first.child(QPushButton, "forgotten").clicked.connect(self._forgotten)
        first.child(QPushButton, "withKey").clicked.connect(self._browse_key)
        first.child(QToolButton, "keyBrowse").clicked.connect(self._browse_key)
        first.child(QToolButton, "keyNone").clicked.connect(lambda: self._show_key_file(""))
        for field in (*self._vault.findChildren(QLineEdit), self._member, self._passphrase, self._key_file):
            field.setAcceptDrops(False)  # what is dropped is a bundle or a vault, wherever it falls
        self._vault.setAcceptDrops(False)
        self._vault.activated.connect(lambda _: self._fill_in(None))
        first.child(QToolButton, "browse").clicked.connect(self._browse)
        first.child(QToolButton, "reveal").toggled.connect(self._reveal)
        self._member.returnPressed.connect(self._passphrase.setFocus)
        self._passphrase.returnPressed.connect(self._unlock)
        self._new.entered.connect(self._unlock_own)
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
            self._fill_in(None)

    def _browse_key(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose the key file"))
        if chosen:
            self._show_key_file(chosen)

    def _show_key_file(self, file: str) -> None:
        self._key_file.setText(file)
        self._first.child(QWidget, "keyRow").setVisible(bool(file))
        self._first.child(QPushButton, "withKey").setVisible(not file)

    def _forgotten(self) -> None:
        self.forgotten.emit(Path(self._vault.currentText().strip()), self._member.text().strip())

    def _reveal(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._passphrase.setEchoMode(mode)

    def _empty(self) -> None:
        """No passphrase stays in a field. ``clear`` would leave it in the field's undo history."""
        self._passphrase.setText("")
        self._new.empty()
        self._first.child(QToolButton, "reveal").setChecked(False)
        self._first.child(QLabel, "caps").hide()

    def _unlock(self) -> None:
        asked = self._asked()
        if not self._vault.currentText().strip() or not asked.member or not asked.passphrase:
            self._problem(self._first, tr("Say which vault, which user, and the passphrase."))
            return
        self._try(self._first, None)

    def _asked(self) -> Asked:
        return Asked(
            Path(self._vault.currentText().strip()),
            self._member.text().strip(),
            self._passphrase.text(),
            self._key_file.text().strip(),
        )

    def _unlock_own(self) -> None:
        problem, own = self._new.problem(), self._new.text
        if problem:
            self._problem(self._own, problem)
        else:
            self._try(self._own, lambda: own)

    def _try(self, form: Form, own: Callable[[], str] | None) -> None:
        asked, unconfined = self._asked(), self._unconfined
        if self._lane.busy:  # one try at a time: a second Enter must not open a second vault
            return
        self._problem(form, "")
        self._busy(True)

        def work(_: object) -> Session:
            return asked.unlock(own, unconfined=unconfined)

        def done(session: Session) -> None:
            self._empty()
            remember(asked.folder, asked.member, asked.key_file)
            self.opened.emit(session)

        job = self._lane.submit(work, done, self._failed)
        job.ended.connect(lambda: self._busy(False))

    def closing(self, work: Callable[[], object], vault: Path, member: str, notice: str) -> None:
        """Show that the vault is being locked while ``work`` does it; nobody unlocks before it is done."""
        self.start(vault, member, notice)
        self._busy(True, tr("Locking …"))
        job = self._lane.submit(lambda _: work())
        self._next = (vault, member, notice)
        job.ended.connect(self._closed)  # a slot of this widget: nobody calls it once the window is gone

    def _closed(self) -> None:
        self.closed.emit()
        if self._next is not None:
            self.start(*self._next)

    def say(self, sentence: str) -> None:
        """A fault of the program, said on the form that is shown."""
        self._problem(self._first if self.currentWidget() is self._first else self._own, sentence)

    def _failed(self, error: VaultError) -> None:
        if isinstance(error, OwnPassphraseWanted):
            self.setCurrentWidget(self._own)
            self._new.begin()
            return
        form = self._first if self.currentWidget() is self._first else self._own
        self._problem(form, words.breakable(error.sentence))
        self._first.child(QPushButton, "putBack").setVisible(isinstance(error, HeadRefused))
        if form is self._first:
            QTimer.singleShot(0, self._passphrase.selectAll)
            QTimer.singleShot(0, self._passphrase.setFocus)

    def _problem(self, form: Form, sentence: str) -> None:
        banner(form, "problem", sentence)
        self._first.child(QPushButton, "putBack").hide()
        if sentence and form is self._first:
            banner(form, "notice", "")

    def _busy(self, busy: bool, said: str = "") -> None:
        for form, text in ((self._first, tr("Unlock")), (self._own, tr("Take this passphrase"))):
            form.setEnabled(not busy)
            form.child(QPushButton, "unlock").setText((said or tr("Opening …")) if busy else text)
