"""A document as one reel of pages: scrolls through all of them, draws only what is in view, zooms, turns.

Pages keep their own direction in every language. What is chosen in them goes to the clipboard by Ctrl+C alone.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from evidencevault.desktop import reel_keys, reel_paint
from evidencevault.desktop.look import Tokens
from evidencevault.desktop.reel_choice import Choice
from evidencevault.desktop.reel_layout import ReelLayout, Size, Spot
from evidencevault.desktop.reel_sheets import Sheet, Sheets

ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0)
WIDTH, PAGE, FREE = "width", "page", "free"
_MOST = 4000  # device pixels of a page's width
_AREA = 36_000_000  # pixels of one page
_AHEAD = 12_000_000  # pixels up to which neighbours are drawn ahead
_SETTLED = 100  # ms without scrolling or zooming before pages are asked for


class Reel(QAbstractScrollArea):
    """``turned`` carries the page that is looked at, ``zoomed`` the zoom, ``spoken`` when text is chosen."""

    turned = Signal(int)
    zoomed = Signal(float)
    finding = Signal()  # Ctrl+F
    found_next = Signal(int)  # F3, Shift+F3: +1, -1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.sheets = Sheets()
        self.lay = ReelLayout()
        self.choice = Choice(self)
        self._fit, self._page, self._wheel = WIDTH, 0, 0
        self.colours = reel_paint.Colours()
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED)
        self._settling.timeout.connect(self._want)
        self.sheets.measured.connect(self._measured)
        self.sheets.came.connect(lambda _: self.viewport().update())
        self.sheets.failed.connect(lambda *_: self.viewport().update())

    # --- what is shown

    def colour(self, t: Tokens) -> None:
        """The colours of the theme; the paper stays white."""
        self.colours = reel_paint.Colours.of(t)
        self.viewport().update()

    def clear(self) -> None:
        """An empty ground."""
        self.sheets.close()
        self.choice.clear()
        self.lay = ReelLayout()
        self._fit, self._page = WIDTH, 0
        self._scrolls()
        self.viewport().update()

    @property
    def page(self) -> int:
        """The page that is looked at, from 1; 0 before the sizes are known."""
        return self._page

    @property
    def fitted(self) -> str:
        """To what the zoom is fitted: WIDTH, PAGE or (FREE) to nothing."""
        return self._fit

    def go(self, page: int, spot: Spot | None = None) -> None:
        """Bring a page into view, or a place on it into its middle."""
        if not 1 <= page <= self.lay.count:
            return
        top = self.lay.top(page) - 8
        if spot is not None:
            box = self.lay.shown(page, reel_paint.point(spot), self.across)
            view = QRectF(self.origin(), QSizeF(self.viewport().size()))
            if view.adjusted(30, 30, -30, -30).contains(box.center()):
                return
            top = box.center().y() - self.viewport().height() / 3
            self.horizontalScrollBar().setValue(round(box.center().x() - self.viewport().width() / 2))
        self.verticalScrollBar().setValue(round(top))
        self._want()

    def fit(self, how: str) -> None:
        """Fit the width or the whole page, now and whenever the window changes."""
        self._fit = how
        self._zoom_to(self._fitted())

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """A zoom of one's own (1.0: as large as on paper); ``at`` (of the viewport) stays where it is."""
        self._fit = FREE
        self._zoom_to(zoom, at)

    def larger(self, at: QPointF | None = None) -> None:
        """The next zoom."""
        self.set_zoom(next((one for one in ZOOMS if one > self.lay.zoom * 1.01), ZOOMS[-1]), at)

    def smaller(self, at: QPointF | None = None) -> None:
        """The zoom before."""
        self.set_zoom(next((one for one in reversed(ZOOMS) if one < self.lay.zoom * 0.99), ZOOMS[0]), at)

    def turn(self) -> None:
        """A quarter to the right."""
        page = self._page
        self.lay = ReelLayout(self.lay.sizes, self.lay.zoom, self.lay.quarter + 1)
        if self._fit != FREE:
            self.lay = ReelLayout(self.lay.sizes, self._fitted(), self.lay.quarter)
            self.zoomed.emit(self.lay.zoom)
        self._scrolls()
        self.go(page)
        self.viewport().update()

    # --- geometry

    @property
    def across(self) -> float:
        """Pixels of the reel's width: at least the viewport's."""
        return max(float(self.viewport().width()), self.lay.width)

    def spot(self, place: QPointF) -> Spot | None:
        """The place of a page under a place of the viewport."""
        return self.lay.spot(place + self.origin(), self.across)

    def origin(self) -> QPointF:
        """The place of the reel that is at the upper left of the viewport."""
        high = self.viewport().height()
        above = min(0.0, (self.lay.height - high) / 2)  # what is lower than the window stands in its middle
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value() + above)

    def _fitted(self) -> float:
        view = self.viewport()
        return self.lay.fit(view.width(), view.height() if self._fit == PAGE else None)

    def _zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        at = at or QPointF(self.viewport().rect().center())
        spot = self.spot(at)
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        self.lay = ReelLayout(self.lay.sizes, zoom, self.lay.quarter)
        self._scrolls()
        if spot is not None:
            where = self.lay.shown(spot.page, reel_paint.point(spot), self.across).topLeft()
            self.verticalScrollBar().setValue(round(where.y() - at.y()))
            self.horizontalScrollBar().setValue(round(where.x() - at.x()))
        self.zoomed.emit(zoom)
        self._settling.start()
        self.viewport().update()

    def _measured(self, sizes: list[Size]) -> None:
        self.lay = ReelLayout(sizes, 1.0, 0)
        self.lay = ReelLayout(sizes, self._fitted(), 0)
        self._scrolls()
        self.verticalScrollBar().setValue(0)
        self.zoomed.emit(self.lay.zoom)
        self._moved()
        self._want()
        self.viewport().update()

    def _scrolls(self) -> None:
        view = self.viewport()
        for bar, length, room in (
            (self.verticalScrollBar(), self.lay.height, view.height()),
            (self.horizontalScrollBar(), self.lay.width, view.width()),
        ):
            bar.setPageStep(room)
            bar.setSingleStep(48)
            bar.setRange(0, max(0, round(length - room)))

    def in_view(self) -> range:
        """The pages of which something is seen."""
        top = self.origin().y()
        return self.lay.pages_between(top, top + self.viewport().height())

    def _want(self) -> None:
        """Ask for what is in view, then for its neighbours."""
        self._settling.stop()
        if not self.lay.count or not self.sheets.opened:
            return
        seen = self.in_view()
        sheets = sorted((self._sheet(page) for page in seen), key=lambda one: abs(one.page - self._page))
        high = self.lay.sizes[seen.start - 1]
        if sheets and sheets[0].width ** 2 * high[1] / high[0] < _AHEAD:
            near = (seen.stop, seen.start - 1, seen.stop + 1)
            sheets += [self._sheet(page) for page in near if 1 <= page <= self.lay.count]
        self.sheets.want(sheets)

    def _sheet(self, page: int) -> Sheet:
        wide, high = self.lay.sizes[page - 1]
        most = min(_MOST, int((_AREA * wide / high) ** 0.5))
        return Sheet(page, max(40, min(most, self.lay.pixels(page, self.devicePixelRatioF()))))

    def _moved(self) -> None:
        page = self.lay.page_at(self.origin().y() + self.viewport().height() * 0.35)
        if page != self._page:
            self._page = page
            self.turned.emit(page)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Drawn anew as a whole: a handful of pictures."""
        reel_paint.paint(self)

    # --- what a person does

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is fitted stays fitted; the same page stays in view."""
        if not self.lay.count:
            return
        if self._fit == FREE:
            self._scrolls()
            self._settling.start()
        else:
            self._zoom_to(self._fitted(), QPointF(self.viewport().width() / 2, 0))
        self._moved()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Draw what is in view now; what is missing is asked for when the scrolling rests."""
        self._moved()
        self._settling.start()
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it zooms at the pointer."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        delta: QPoint = event.angleDelta()
        self._wheel += delta.y()
        while abs(self._wheel) >= 120:  # a touchpad sends many small steps
            step = 120 if self._wheel > 0 else -120
            self._wheel -= step
            (self.larger if step > 0 else self.smaller)(event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Ctrl+F, Ctrl+C and the like belong to the page while it has the keyboard."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and reel_keys.ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pages, zoom, choosing, finding."""
        if not reel_keys.pressed(self, event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to choose text."""
        if event.button() == Qt.MouseButton.LeftButton:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.choice.press(event.position(), extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose on; at the edge the pages move along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            bar, y = self.verticalScrollBar(), event.position().y()
            over = min(0.0, y) + max(0.0, y - self.viewport().height())
            bar.setValue(bar.value() + round(over / 2))
            self.choice.drag(event.position())
        self.viewport().setCursor(self.choice.cursor(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose a word."""
        self.choice.choose_word(event.position())

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
