"""“Write down now”: first whether a child is in danger, then the words; everything else is filled in or can follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from evidencevault.casework import hearing
from evidencevault.casework.codes import word
from evidencevault.casework.concerns import CHANNELS, Concern
from evidencevault.desktop import drafting, scale
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.look import Theme
from evidencevault.desktop.record import KEPT_AFTER
from evidencevault.desktop.recordform import local_now
from evidencevault.desktop.rows import CaseRow
from evidencevault.desktop.screen import banner
from evidencevault.errors import FormError, VaultError
from evidencevault.forms.reading import from_values
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault.drafts import Draft

DRAFT = "writedown"
SAFETY = {"danger": "at-risk", "safe": "safe", "unknown": "unknown"}


class WriteDown(QDialog):
    """Blocks nothing. ``filed`` carries the case and the reference of the voice."""

    filed = Signal(str, str)

    def __init__(self, desk: Desk, theme: Theme, cases: Sequence[CaseRow], case: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._form = Form("writedown", self)
        filling(self, self._form)
        self.setWindowTitle(tr("Write down now"))
        self._typed = False
        part = self._form.child
        self._words, self._who = part(QPlainTextEdit, "words"), part(QLineEdit, "who")
        self._to, self._at = part(QLineEdit, "to"), part(QLineEdit, "at")
        self._channel, self._case = part(QComboBox, "channel"), part(QComboBox, "case")
        for code in CHANNELS:
            self._channel.addItem(word(code), code)
        self._case.addItem(tr("A new case"), "")
        for one in cases:
            if not one.problem:
                self._case.addItem(f"{one.id}  {one.title}", one.id)
        self._case.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._case.setCurrentIndex(max(0, self._case.findData(case)))
        self._to.setText(desk.member.name)
        self._at.setText(local_now().strftime("%Y-%m-%d %H:%M"))
        self._rest = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._rest.timeout.connect(self.keep)
        self._wire()
        theme.wear(self)
        room = parent.size()
        self.resize(min(scale.px(660), room.width()), min(scale.px(680), room.height()))
        desk.ask(lambda session: session.drafts.load(DRAFT), self._kept, self._failed)
        self._told()

    def _wire(self) -> None:
        part = self._form.child
        for name in SAFETY:
            part(QPushButton, name).toggled.connect(self._told)
        for field in (self._who, self._to, self._at):
            field.textChanged.connect(self._changed)
        self._words.textChanged.connect(self._changed)
        part(QPushButton, "save").clicked.connect(self.save)
        part(QPushButton, "cancel").clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.save)
        self.finished.connect(self.deleteLater)

    def keep(self) -> None:
        """Keep the words, sealed, while they are typed."""
        self._rest.stop()
        if self._typed:
            body = drafting.to_body({"words": self._words.toPlainText(), "who": self._who.text()})
            self._desk.put_aside(lambda session: drafting.keep(session, DRAFT, body))

    def reject(self) -> None:
        """Leave. The words stay sealed, and are here again the next time."""
        self.keep()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Also when the vault is locked."""
        self.keep()
        super().closeEvent(event)

    def save(self) -> None:
        """File it as a voice."""
        if not self._form.child(QPushButton, "save").isEnabled():
            return
        try:
            concern = from_values(Concern, self._values())
        except FormError as error:
            self._failed(error)
            return
        self._rest.stop()
        self._form.child(QPushButton, "save").setEnabled(False)
        safety, reference = self._safety(), self._case.currentData()
        if reference:

            def work(opened: Opened) -> str:
                number = hearing.heard_in(opened.case, concern, safety)
                opened.session.drafts.drop(DRAFT)
                return number

            self._desk.do(reference, work, lambda number: self._done(reference, number), self._failed)
        else:
            self._desk.begin_with(lambda session: _opened(session, concern, safety), self._done, self._failed)

    def _values(self) -> dict[str, object]:
        text = self._at.text().strip()
        try:
            at: object = datetime.fromisoformat(text).astimezone()
        except ValueError:
            at = text
        return {
            "words": self._words.toPlainText(),
            "from": self._who.text().strip(),
            "channel": self._channel.currentData(),
            "to": self._to.text().strip(),
            "heard_at": at,
        }

    def _safety(self) -> str:
        part = self._form.child
        return next((code for name, code in SAFETY.items() if part(QPushButton, name).isChecked()), "")

    def _kept(self, draft: Draft | None) -> None:
        if draft is not None and not self._words.toPlainText():
            values = drafting.from_body(draft.body)
            self._words.setPlainText(str(values.get("words", "")))
            self._who.setText(str(values.get("who", "")))
            told = tr("You typed this before and did not save it. It was kept sealed on this computer.")
            banner(self._form, "kept", told)

    def _changed(self) -> None:
        self._typed = True
        self._rest.start()
        self._told()

    def _told(self) -> None:
        danger = self._form.child(QPushButton, "danger").isChecked()
        act = tr(
            "Call the emergency number or the police first, and stay with the child or send somebody. This can wait; "
            "what you typed is kept."
        )
        banner(self._form, "act", act if danger else "")
        missing = []
        if not self._safety():
            missing.append(tr("whether a child is in danger"))
        if not self._words.toPlainText().strip():
            missing.append(tr("the words"))
        if not self._to.text().strip():
            missing.append(tr("who heard it"))
        text = tr("Still missing: {fields}").format(fields="; ".join(missing)) if missing else ""
        self._form.child(QLabel, "missing").setText(text)
        self._form.child(QPushButton, "save").setEnabled(not missing)

    def _done(self, case: str, number: str) -> None:
        self._typed = False
        self.accept()
        self.filed.emit(case, number)

    def _failed(self, error: VaultError) -> None:
        banner(self._form, "problem", error.sentence)
        self._told()


def _opened(session: Session, concern: Concern, safety: str) -> tuple[str, str]:
    case, number = hearing.heard(session.office, concern, safety)
    session.drafts.drop(DRAFT)
    return case.reference, number
