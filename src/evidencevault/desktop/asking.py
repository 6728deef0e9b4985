"""A question of the window with buttons that say what they do. It blocks nothing: what is answered is a signal."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from evidencevault.desktop.forms import child, filling, load
from evidencevault.desktop.look import Theme


class Question(QDialog):
    """Asks once. ``agreed`` and ``otherwise`` are sent for the first and the second button; Cancel sends nothing."""

    agreed = Signal()
    otherwise = Signal()

    def __init__(self, title: str, text: str, verb: str, theme: Theme, parent: QWidget, other: str = "") -> None:
        super().__init__(parent)
        self._form = load("asking", self)
        filling(self, self._form)
        self.setWindowTitle(title)
        child(self._form, QLabel, "title").setText(title)
        child(self._form, QLabel, "text").setText(text)
        buttons = {name: child(self._form, QPushButton, name) for name in ("ok", "other", "cancel")}
        for name, said in (("ok", verb), ("other", other)):
            buttons[name].setText(said)
            buttons[name].setAccessibleName(said)
            buttons[name].setVisible(bool(said))
        theme.wear(self)
        buttons["ok"].clicked.connect(lambda: self._answered(self.agreed))
        buttons["other"].clicked.connect(lambda: self._answered(self.otherwise))
        buttons["cancel"].clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)

    def _answered(self, signal: SignalInstance) -> None:
        self.accept()
        signal.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its text needs."""
        width = max(self._form.sizeHint().width(), 480)  # a button may be asked to be narrower than its words
        self.resize(width, self._form.heightForWidth(width))
        super().showEvent(event)
