"""What gives way where there is little room: a line that ends in “…”, and a pile of screens of which one is shown."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QPalette, QTextLayout
from PySide6.QtWidgets import QLabel, QStackedWidget, QStyle, QStylePainter, QWidget

from evidencevault.desktop import scale

LEAST = 60  # px at 100 %
_ENDLESS = 1e6  # px


class Elided(QLabel):
    """A text that does not ask for its whole length; what is cut stands in its tooltip, and is read out whole.

    It takes one line, or as many as its property ``lines`` says (a form may set it).
    """

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        whole = super().minimumSizeHint()
        return QSize(min(scale.px(LEAST), whole.width()), max(whole.height(), self._high()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole text, or as much of it as there is room for."""
        room, text = self.contentsRect(), self.text()
        if self.fontMetrics().horizontalAdvance(text) <= room.width():
            self.setToolTip("")
            super().paintEvent(event)
            return
        shown, whole = self._broken(text, room.width())
        self.setToolTip("" if whole else text)
        painter = QStylePainter(self)
        flags = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        ink = QPalette.ColorRole.WindowText
        painter.drawItemText(room, flags, self.palette(), self.isEnabled(), "\n".join(shown), ink)

    def _broken(self, text: str, width: int) -> tuple[list[str], bool]:
        """The lines that are shown, and whether that is all of the text."""
        layout, rest = QTextLayout(text, self.font()), text
        lines: list[str] = []
        layout.beginLayout()
        while len(lines) < self._most() - 1 and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
            rest = text[line.textStart() + line.textLength() :]
        layout.endLayout()
        last = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, width)
        return [*lines, *([last] if last else [])], last == rest

    def _most(self) -> int:
        return int(self.property("lines") or 1)

    def _high(self) -> int:
        layout = QTextLayout(self.text(), self.font())  # letters of another script may be higher than the font says
        layout.beginLayout()
        line = layout.createLine()
        if line.isValid():
            line.setLineWidth(_ENDLESS)
        high = line.height() if line.isValid() else 0
        layout.endLayout()
        return max(ceil(high), self.fontMetrics().lineSpacing()) * self._most()


class Pile(QStackedWidget):
    """As large as the screen that is shown needs to be; those that are hidden ask for nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """What the shown one would like."""
        shown = self.currentWidget()
        return shown.sizeHint() if shown is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """What the shown one needs."""
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()
