"""A sentence that floats over the window for a few seconds, for what needs no answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QLabel, QWidget

from evidencevault.desktop.look import pixmap

SECONDS = 6
_ICON = "#7FD6A4"  # on the toast's dark ground in both themes


class Toast(QFrame):
    """One at a time, at the lower edge of its window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("pane", "toast")
        icon = QLabel()
        icon.setTextFormat(Qt.TextFormat.PlainText)
        icon.setPixmap(pixmap("circle-check", _ICON, 18))
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setProperty("role", "strong")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(icon)
        layout.addWidget(self._text)
        shade = QGraphicsDropShadowEffect(self)
        shade.setBlurRadius(28)
        shade.setOffset(0, 8)
        shade.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shade)
        self._gone = QTimer(self, singleShot=True, interval=SECONDS * 1000)
        self._gone.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence, in place of the one before."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._gone.start()

    def place(self) -> None:
        """In the middle above the lower edge; called when the window changes its size."""
        outer = self._over.rect()
        self.move((outer.width() - self.width()) // 2, outer.height() - self.height() - 44)
