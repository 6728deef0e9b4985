"""What gives way where there is little room: a line that ends in “…”, and a pile of screens of which one is shown."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QStackedWidget, QStyle, QStylePainter, QWidget

from evidencevault.desktop import scale

LEAST = 60  # px at 100 %


class Elided(QLabel):
    """A line that does not ask for its whole length; what is cut stands in its tooltip, and is read out whole."""

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        whole = super().minimumSizeHint()
        return QSize(min(scale.px(LEAST), whole.width()), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole line, or as much of it as there is room for."""
        room, text = self.contentsRect(), self.text()
        cut = self.fontMetrics().horizontalAdvance(text) > room.width()
        self.setToolTip(text if cut else "")
        if not cut:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawItemText(room, option, self.palette(), self.isEnabled(), shown, QPalette.ColorRole.WindowText)


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
