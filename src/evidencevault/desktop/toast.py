"""A sentence that floats over the window for a few seconds, for what needs no answer; it may offer to take it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QLabel, QPushButton, QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.look import pixmap
from evidencevault.resources import tr

SECONDS = 6
UNDO_SECONDS = 15  # who wants to take something back needs longer than who only reads
_ICON = "#7FD6A4"  # on the toast's dark ground in both themes


class Toast(QFrame):
    """One at a time, at the lower edge of its window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._act: Callable[[], object] | None = None
        self.setProperty("pane", "toast")
        icon = QLabel()
        icon.setTextFormat(Qt.TextFormat.PlainText)
        icon.setPixmap(pixmap("circle-check", _ICON, scale.px(18)))
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setProperty("role", "strong")
        self._undo = QPushButton(tr("Undo"))
        self._undo.setAccessibleName(tr("Undo"))
        self._undo.setProperty("kind", "link")
        self._undo.setObjectName("undo")
        self._undo.clicked.connect(self._taken_back)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(scale.px(one) for one in (14, 12, 16, 12)))
        layout.setSpacing(scale.px(12))
        for one in (icon, self._text, self._undo):
            layout.addWidget(one)
        lift(self)
        self._gone = QTimer(self, singleShot=True)
        self._gone.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, act: Callable[[], object] | None = None, label: str = "") -> None:
        """Show a sentence, in place of the one before; with an act, a button for it (named “Undo” unless told)."""
        self._act = act
        self._text.setText(text)
        self._undo.setText(label or tr("Undo"))
        self._undo.setAccessibleName(self._undo.text())
        self._undo.setVisible(act is not None)
        self.setAccessibleName(text)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._gone.start(1000 * (SECONDS if act is None else UNDO_SECONDS))

    def take_back(self) -> bool:
        """Do what the button does, where it is offered."""
        offered = self.isVisible() and self._act is not None
        if offered:
            self._taken_back()
        return offered

    def place(self) -> None:
        """In the middle above the lower edge; called when the window changes its size."""
        outer = self._over.rect()
        self.move((outer.width() - self.width()) // 2, outer.height() - self.height() - scale.px(44))

    def _taken_back(self) -> None:
        act, self._act = self._act, None
        self.hide()
        if act is not None:
            act()


def lift(widget: QWidget) -> None:
    """Let it float: a soft shadow below."""
    shade = QGraphicsDropShadowEffect(widget)
    shade.setBlurRadius(28)
    shade.setOffset(0, 8)
    shade.setColor(QColor(0, 0, 0, 90))
    widget.setGraphicsEffect(shade)
