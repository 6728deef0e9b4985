"""Somebody who receives bundles: the key in words and as a QR code, who compared it, and taking them out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QWidget

from evidencevault.casework import recipients
from evidencevault.desktop import words
from evidencevault.desktop.copy_rows import held_words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.recipient_rows import KeyShown, Known, how
from evidencevault.errors import VaultError
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault.backup_renewal import Renewal


class RecipientCard(Form):
    """``changing`` is sent when other keys are to be given; ``told`` and ``failed`` say what came of a check."""

    changing = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__("recipient")
        self._desk = desk
        self._known: Known | None = None
        self._which, self._manner = self.child(QComboBox, "which"), self.child(QComboBox, "manner")
        for code in recipients.HOWS:
            self._manner.addItem(how(code), code)
        self._which.currentIndexChanged.connect(self._show_key)
        self.child(QPushButton, "enter").clicked.connect(self._enter)
        self.child(QLineEdit, "whom").returnPressed.connect(self._enter)
        self.child(QPushButton, "change").clicked.connect(lambda: self.changing.emit(self._known))
        self.child(QPushButton, "remove").clicked.connect(self._ask)
        self.child(QPushButton, "keep").clicked.connect(self._keep)
        self.child(QPushButton, "gone").clicked.connect(self._remove)

    def show_known(self, one: Known) -> None:
        """Another one, or the same after a change."""
        if self._known is None or self._known.name != one.name:
            self.child(QLineEdit, "whom").clear()
            self.child(QFrame, "asking").hide()
        self._known = one
        self.child(QLabel, "name").setText(words.isolated(words.one_line(one.name)))
        self.child(QLabel, "organisation").setText(words.isolated(words.one_line(one.organisation)))
        self.child(QLabel, "organisation").setVisible(bool(one.organisation))
        chip = self.child(QLabel, "checked")
        chip.setText(tr("Key checked") if one.checks else tr("Key not checked"))
        dye(chip, "good" if one.checks else "warn")
        self.child(QLabel, "checks").setText("\n".join(one.checks) or tr("Nobody has entered a check yet."))
        self.child(QWidget, "several").setVisible(len(one.keys) > 1)
        place = max(0, self._which.currentIndex()) if self._which.count() == len(one.keys) else 0
        self._which.blockSignals(True)
        self._which.clear()
        count = len(one.keys)
        self._which.addItems([tr("Key {n} of {all}").format(n=n, all=count) for n in range(1, count + 1)])
        self._which.setCurrentIndex(place)
        self._which.blockSignals(False)
        self._show_key()

    def focus_first(self) -> None:
        """Give the keyboard to the question how the key was compared."""
        self._manner.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_key(self) -> None:
        if self._known is not None and 0 <= self._which.currentIndex() < len(self._known.keys):
            show_key(self, self._known.keys[self._which.currentIndex()])

    def _enter(self) -> None:
        if self._known is None:
            return
        name, manner = self._known.name, self._manner.currentData()
        whom = self.child(QLineEdit, "whom").text()
        self._desk.act(
            lambda session: recipients.check(session.office, name, manner, whom),
            lambda _: self._entered(name),
            self.failed.emit,
        )

    def _entered(self, name: str) -> None:
        self.child(QLineEdit, "whom").clear()
        self.told.emit(tr("Entered: you compared the key of {name}.").format(name=words.isolated(name)))

    def _ask(self) -> None:
        if self._known is None:
            return
        text = tr(
            "Take {name} out of the address book? The checks of their keys go with them. Bundles keep for whom they "
            "were made."
        )
        self.child(QLabel, "askingText").setText(text.format(name=words.isolated(words.one_line(self._known.name))))
        self.child(QFrame, "asking").show()
        self.child(QPushButton, "keep").setFocus()

    def _keep(self) -> None:
        self.child(QFrame, "asking").hide()
        self.child(QPushButton, "remove").setFocus()

    def _remove(self) -> None:
        if self._known is None:
            return
        name = self._known.name
        self.child(QFrame, "asking").hide()
        told = tr("{name} is not in the address book any more.").format(name=words.isolated(name))

        def work(session: Session, progress: Progress) -> Renewal:
            return recipients.remove(session.office, name, progress)[1]

        def done(copies: Renewal) -> None:
            self.told.emit(" ".join([told, *held_words(copies)]))

        self._desk.act_long(work, done, self._refused)

    def _refused(self, error: VaultError) -> None:
        self.failed.emit(error)


def show_key(form: Form, key: KeyShown) -> None:
    """Fill in the labels ``words``, ``fingerprint``, ``qr`` (and ``text``, where the form has it) of a form."""
    form.child(QLabel, "words").setText(words.isolated(key.words))
    form.child(QLabel, "fingerprint").setText(words.isolated(key.fingerprint))
    text = form.form.findChild(QLabel, "text")
    if text is not None:
        # A key is one word: without a place to break it would make the card as wide as itself.
        text.setText(words.isolated("\u200b".join(key.text[n : n + 8] for n in range(0, len(key.text), 8))))
    made, label = QPixmap(), form.child(QLabel, "qr")
    made.loadFromData(key.qr)
    side = label.maximumWidth() * 3  # drawn larger, so that it stays sharp where a pixel of the layout is several
    made = made.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation)
    made.setDevicePixelRatio(3)
    label.setPixmap(made)


def dye(chip: QLabel, tone: str) -> None:
    """Give a chip another tone."""
    chip.setProperty("chip", tone)
    chip.style().unpolish(chip)
    chip.style().polish(chip)
