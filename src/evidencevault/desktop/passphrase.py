"""The fields for a new passphrase: typed twice, its strength in words, and one of seven words as an offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QPushButton, QToolButton, QWidget

from evidencevault.desktop import strength
from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Done
from evidencevault.resources import tr
from evidencevault.vault import passphrases

REST = 120  # ms after the last letter
Judge = Callable[[Callable[[], Any], Done], object]
"""Does work beside the window and hands over what came of it."""


class NewPassphrase(Form):
    """``entered`` is sent on Enter in the second field."""

    entered = Signal()

    def __init__(self, beside: Judge, about: Callable[[], Sequence[str]] = tuple) -> None:
        super().__init__("passphrase")
        self._beside, self._about = beside, about
        self._judged: tuple[str, int] | None = None
        self._first, self._second = self.child(QLineEdit, "first"), self.child(QLineEdit, "second")
        self._reveal = self.child(QToolButton, "reveal")
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._judge)
        self._first.textChanged.connect(self._typed)
        self._first.returnPressed.connect(self._second.setFocus)
        self._second.returnPressed.connect(self.entered)
        self._reveal.toggled.connect(self._shown)
        self.child(QPushButton, "offer").clicked.connect(self._offer)
        for field in (self._first, self._second):
            field.setAcceptDrops(False)

    @property
    def text(self) -> str:
        """The passphrase, once :meth:`problem` finds none."""
        return self._first.text()

    def problem(self) -> str:
        """Why it is not taken; empty where it is."""
        if self._judged is None or self._judged[0] != self.text:
            self._judged = (self.text, strength.judge(self.text, self._about()))
        return strength.problem(self.text, self._second.text(), self._judged[1])

    def begin(self) -> None:
        """Empty, with the keyboard in the first field."""
        self.empty()
        self._first.setFocus()

    def empty(self) -> None:
        """No passphrase stays in a field. ``clear`` would leave it in the field's undo history."""
        for field in (self._first, self._second):
            field.setText("")
        self._judged = None
        self._reveal.setChecked(False)
        self._hint(offered=False)

    def _shown(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._first.setEchoMode(mode)
        self._second.setEchoMode(mode)

    def _typed(self) -> None:
        self._rest.start()
        if not self.text:
            self.child(QWidget, "judged").hide()

    def _judge(self) -> None:
        text, about = self.text, self._about()
        if text:
            self._beside(lambda: strength.judge(text, about), lambda score: self._show(text, score))

    def _show(self, text: str, score: int) -> None:
        if text != self.text:
            return
        self._judged = (text, score)
        words, tone = strength.said(score)
        bar, said = self.child(QProgressBar, "strength"), self.child(QLabel, "strengthText")
        bar.setRange(0, 4)
        bar.setValue(max(score, 1) if score < 4 else 4)
        bar.setProperty("tone", tone)
        bar.style().polish(bar)
        bar.setAccessibleDescription(words)
        said.setText(words)
        said.setProperty("role", {"bad": "overdue", "warn": "waiting"}.get(tone, "muted"))
        said.style().polish(said)
        self.child(QWidget, "judged").show()

    def _offer(self) -> None:
        self._first.setText(passphrases.offered())
        self._first.setCursorPosition(0)
        self._second.setText("")
        self._reveal.setChecked(True)
        self._hint(offered=True)
        self._second.setFocus()

    def _hint(self, *, offered: bool) -> None:
        said = (
            tr("Write these words down, keep the paper apart from the computer until you know them; type them once.")
            if offered
            else tr("Four words or more that do not belong together are strong, and can be remembered.")
        )
        self.child(QLabel, "hint").setText(said)
