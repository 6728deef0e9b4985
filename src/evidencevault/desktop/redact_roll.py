"""A roll of pages that scrolls and zooms; their pictures come from :class:`redact_images.Images`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.canvas import MOST, ZOOMS
from evidencevault.desktop.redact_images import Images
from evidencevault.desktop.redact_layout import MARGIN, Roll
from evidencevault.desktop.redact_scene import Scene

WIDEST = 900  # pixels of the layout at 100 %
_SETTLED = 120  # ms


class RollView(QAbstractScrollArea):
    """``page_changed`` names the page in the middle of the view."""

    page_changed = Signal(int)
    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # pages keep their own direction
        self.viewport().setMouseTracking(True)
        self.scene = Scene()
        self.roll = Roll((), 0, 0, 1)
        self._images: Images | None = None
        self._sizes: Sequence[tuple[float, float]] = ()
        self._zoom, self._page = 1.0, 0
        self._ground, self._shade = QColor("#DDE2E8"), 12
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED)
        self._settling.timeout.connect(self._want)

    def colour(self, ground: str, *, dark: bool) -> None:
        """The ground of the theme."""
        self._ground, self._shade = QColor(ground), 26 if dark else 12
        self.viewport().update()

    def show_pages(self, sizes: Sequence[tuple[float, float]], images: Images | None) -> None:
        """Another exhibit: the sizes of its pages in points, and what brings their pictures; nothing for none."""
        if self._images is not None and self._images is not images:
            self._images.came.disconnect(self._came)
        if images is not None and images is not self._images:
            images.came.connect(self._came)
        self._images, self._sizes, self._page = images, sizes, 0
        self._laid_out()
        self.verticalScrollBar().setValue(0)
        self._turned()
        self._want()

    @property
    def page(self) -> int:
        """The page in the middle of the view; 0 where there is none."""
        return self._page

    @property
    def zoom(self) -> float:
        """1.0 fits the width."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Another size; what is in the middle stays there."""
        middle = (self._top() + self.viewport().height() / 2) / max(1.0, self.roll.height)
        self._zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        self._laid_out()
        self.verticalScrollBar().setValue(round(middle * self.roll.height - self.viewport().height() / 2))
        self.zoomed.emit(self._zoom)
        self._settling.start()

    def larger(self) -> None:
        """The next size."""
        self.set_zoom(next((one for one in ZOOMS if one > self._zoom + 0.01), ZOOMS[-1]))

    def smaller(self) -> None:
        """The size before."""
        self.set_zoom(next((one for one in reversed(ZOOMS) if one < self._zoom - 0.01), ZOOMS[0]))

    def go_to(self, page: int) -> None:
        """The top of a page (from 1)."""
        if 1 <= page <= self.roll.count:
            self.verticalScrollBar().setValue(round(self.roll.page(page).top() - MARGIN))

    def reveal(self, place: QRectF) -> None:
        """Scroll so far that a place of the roll is seen."""
        view, room = self._view(), scale.px(60)
        if place.top() < view.top() + room or place.bottom() > view.bottom() - room:
            self.verticalScrollBar().setValue(round(place.center().y() - view.height() / 2))
        if place.left() < view.left() or place.right() > view.right():
            self.horizontalScrollBar().setValue(round(place.left() - MARGIN))

    def on_roll(self, at: QPoint | QPointF) -> QPointF:
        """A place of the viewport on the roll."""
        return QPointF(at) + QPointF(self.horizontalScrollBar().value(), self._top())

    def visible(self) -> range:
        """Numbers of the pages in view."""
        return self.roll.between(self._top(), self._top() + self.viewport().height())

    def wanted_width(self) -> int:
        """Device pixels of the widest page."""
        widest = self.roll.width - 2 * MARGIN
        return max(100, min(MOST, round(widest * self.devicePixelRatioF())))

    def _top(self) -> int:
        return self.verticalScrollBar().value()

    def _view(self) -> QRectF:
        view = self.viewport()
        return QRectF(self.horizontalScrollBar().value(), self._top(), view.width(), view.height())

    def _laid_out(self) -> None:
        view = self.viewport()
        room = min(view.width() - 2 * MARGIN, scale.px(WIDEST))
        self.roll = Roll(self._sizes, room, view.width(), self._zoom)
        bars = (
            (self.verticalScrollBar(), self.roll.height, view.height()),
            (self.horizontalScrollBar(), self.roll.width, view.width()),
        )
        for bar, length, seen in bars:
            bar.setPageStep(seen)
            bar.setSingleStep(scale.px(40))
            bar.setRange(0, max(0, round(length - seen)) if self._sizes else 0)
        self.viewport().update()

    def _want(self) -> None:
        pages = self.visible()
        if self._images is not None and pages:
            self._images.want(list(pages), self.wanted_width())

    def _came(self, page: int) -> None:
        if page in self.visible():
            self.viewport().update()

    def _turned(self) -> None:
        page = self.roll.nearest(self._top() + self.viewport().height() / 2)
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, pages, and what lies over them."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        pages, view = self.visible(), self._view()
        painter.translate(-view.topLeft())
        for page in pages:
            self._draw_page(painter, page)
        font = QFont(self.font())
        font.setPixelSize(scale.px(12))
        self.scene.draw(painter, self.roll, pages, font)
        self.scene.call_out(painter, self.roll, pages, font, view)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self.palette().accent().color())
            painter.drawRect(view.adjusted(0.5, 0.5, -1, -1))

    def _draw_page(self, painter: QPainter, page: int) -> None:
        place = self.roll.page(page)
        painter.setPen(Qt.PenStyle.NoPen)
        for spread in range(10, 0, -2):
            painter.setBrush(QColor(0, 0, 0, self._shade // 2))
            painter.drawRoundedRect(place.adjusted(-spread / 2, -spread / 3, spread / 2, spread), 3, 3)
        painter.fillRect(place, QColor("#FFFFFF"))
        picture = self._images.image(page) if self._images is not None else None
        if picture is not None:
            painter.drawImage(place, picture)

    # --- what moves it

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pages follow the width at once, and are asked for anew when that has settled."""
        share = self._top() / max(1.0, self.roll.height)
        self._laid_out()
        self.verticalScrollBar().setValue(round(share * self.roll.height))
        self._turned()
        self._settling.start()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Painted whole."""
        self._turned()
        self.viewport().update()
        self._settling.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.larger() if event.angleDelta().y() > 0 else self.smaller()
            event.accept()
        else:
            super().wheelEvent(event)

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
