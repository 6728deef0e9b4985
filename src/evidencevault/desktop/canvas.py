"""One page on its ground: fits the width, zooms, turns. The page keeps its own direction in every language."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

MARGIN = 28
WIDEST = 860  # pixels of the layout at 100 %: wider lines are hard to read
ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
MOST = 4000  # device pixels of width asked of the document worker
_BETWEEN = 350  # ms
_SETTLED = 120  # ms without a change of size before the page is asked for again


class PageCanvas(QAbstractScrollArea):
    """Shows one image. ``resized`` is sent when the page is wanted at another width (:meth:`wanted_width`)."""

    resized = Signal()
    zoomed = Signal(float)
    turned_over = Signal(int)  # -1: the page before, +1: the page after

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._image: QImage | None = None
        self._zoom = 1.0
        self._quarter = 0
        self._ground, self._shade = QColor("#DDE2E8"), 12
        self._flipped = QElapsedTimer()  # since a wheel turned a page: a touchpad sends dozens of events
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED)
        self._settling.timeout.connect(self.resized)

    def colour(self, ground: str, *, dark: bool) -> None:
        """The ground of the theme."""
        self._ground, self._shade = QColor(ground), 26 if dark else 12
        self.viewport().update()

    @property
    def zoom(self) -> float:
        """1.0 fits the width."""
        return self._zoom

    def wanted_width(self) -> int:
        """Device pixels of the page's width as it lies (before it is turned)."""
        shown = self._shown_width() * self.devicePixelRatioF()
        if self._quarter % 2 and self._image is not None and self._image.height():
            shown *= self._image.width() / self._image.height()
        return max(100, min(MOST, round(shown)))

    def show_page(self, image: QImage | None, *, top: bool = False) -> None:
        """Exchange the image (None: an empty ground); ``top`` scrolls to its beginning."""
        self._image = image
        self._scrolls()
        if top:
            self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def set_zoom(self, zoom: float) -> None:
        """Another size; asks for the page anew."""
        self._zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        self.zoomed.emit(self._zoom)
        self._scrolls()
        self.viewport().update()
        self._settling.start()

    def larger(self) -> None:
        """The next size."""
        self.set_zoom(next((one for one in ZOOMS if one > self._zoom + 0.01), ZOOMS[-1]))

    def smaller(self) -> None:
        """The size before."""
        self.set_zoom(next((one for one in reversed(ZOOMS) if one < self._zoom - 0.01), ZOOMS[0]))

    def turn(self, quarter: int | None = None) -> None:
        """A quarter to the right, or to a given number of quarters."""
        self._quarter = (self._quarter + 1) % 4 if quarter is None else quarter % 4
        self._scrolls()
        self.viewport().update()
        self._settling.start()

    def _shown_width(self) -> float:
        return min(self.viewport().width() - 2 * MARGIN, WIDEST) * self._zoom

    def _page(self) -> QRectF:
        """The page in the viewport's coordinates."""
        width = max(40.0, self._shown_width())
        height = width * 1.414
        if self._image is not None:
            across, down = self._image.width(), self._image.height()
            if self._quarter % 2:
                across, down = down, across
            height = width * down / max(1, across)
        view = self.viewport()
        left = (view.width() - width) / 2 if width + 2 * MARGIN <= view.width() else MARGIN
        return QRectF(
            left - self.horizontalScrollBar().value(), MARGIN - self.verticalScrollBar().value(), width, height
        )

    def _scrolls(self) -> None:
        page, view = self._page(), self.viewport()
        bars = (
            (self.verticalScrollBar(), page.height(), view.height()),
            (self.horizontalScrollBar(), page.width(), view.width()),
        )
        for bar, length, room in bars:
            bar.setPageStep(room)
            bar.setSingleStep(40)
            bar.setRange(0, max(0, round(length + 2 * MARGIN - room)) if self._image is not None else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, shadow, page."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._ground)
        if self._image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        page = self._page()
        painter.setPen(Qt.PenStyle.NoPen)
        for spread in range(12, 0, -2):
            painter.setBrush(QColor(0, 0, 0, self._shade // 2))
            painter.drawRoundedRect(page.adjusted(-spread / 2, -spread / 3, spread / 2, spread), 3, 3)
        image = self._image.transformed(QTransform().rotate(90 * self._quarter)) if self._quarter else self._image
        painter.drawImage(page, image)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self.palette().accent().color())
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page follows the width at once, and is asked for anew when that has settled."""
        self._scrolls()
        self._settling.start()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Painted whole: one image."""
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it zooms; at the end of a page it goes on to the next."""
        delta: QPoint = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.larger() if delta.y() > 0 else self.smaller()
            event.accept()
            return
        bar = self.verticalScrollBar()
        at_end = bar.value() == (bar.minimum() if delta.y() > 0 else bar.maximum())
        if delta.y() and at_end:
            if not self._flipped.isValid() or self._flipped.elapsed() > _BETWEEN:
                self._flipped.restart()
                self.turned_over.emit(-1 if delta.y() > 0 else 1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page up and down turn pages; the arrows scroll."""
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.turned_over.emit(1 if event.key() == Qt.Key.Key_PageDown else -1)
        elif event.key() == Qt.Key.Key_R:
            self.turn()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have other pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._settling.start()
        super().changeEvent(event)

    def focusInEvent(self, event: object) -> None:
        """Show the ring."""
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        """Hide the ring."""
        self.viewport().update()
