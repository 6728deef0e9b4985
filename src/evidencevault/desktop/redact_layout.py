"""Where pages lie below each other: points of a page to pixels of the roll, and back. Pure geometry."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF

from evidencevault.redaction.marks import Box

MARGIN = 24
GAP = 18  # pixels between two pages
_A4 = (595.0, 842.0)


class Roll:
    """Pages of given sizes in points, scaled alike; the widest is ``room`` pixels times ``zoom`` wide."""

    def __init__(self, sizes: Sequence[tuple[float, float]], room: float, view: float, zoom: float) -> None:
        known = [(wide or _A4[0], high or _A4[1]) for wide, high in sizes]
        widest = max((wide for wide, _ in known), default=_A4[0])
        self.scale = max(40.0, room) * zoom / widest
        self.width = widest * self.scale + 2 * MARGIN
        across = max(self.width, view)
        self._pages: list[QRectF] = []
        y = float(MARGIN)
        for wide, high in known:
            wide, high = wide * self.scale, high * self.scale
            self._pages.append(QRectF((across - wide) / 2, y, wide, high))
            y += high + GAP
        self.height = y - GAP + MARGIN if known else 0.0
        self._tops = [one.top() for one in self._pages]

    @property
    def count(self) -> int:
        """Pages."""
        return len(self._pages)

    def page(self, number: int) -> QRectF:
        """A page (from 1) on the roll."""
        return self._pages[number - 1]

    def between(self, top: float, bottom: float) -> range:
        """Numbers of the pages of which something lies between two heights."""
        first = self.nearest(top)
        last = max(first, bisect_right(self._tops, bottom))
        return range(first, last + 1) if self._pages else range(0)

    def nearest(self, y: float) -> int:
        """The page at a height, or the one above it; 0 where there is none at all."""
        return max(1, bisect_right(self._tops, y)) if self._pages else 0

    def on_page(self, number: int, at: QPointF) -> tuple[float, float]:
        """A place of the roll in points of a page, brought within the page."""
        page = self.page(number)
        x = min(max(at.x(), page.left()), page.right()) - page.left()
        y = min(max(at.y(), page.top()), page.bottom()) - page.top()
        return x / self.scale, y / self.scale

    def box(self, number: int, box: Box) -> QRectF:
        """A box of a page on the roll, cut to the page."""
        page = self.page(number)
        drawn = QRectF(
            page.left() + box.x0 * self.scale,
            page.top() + box.y0 * self.scale,
            (box.x1 - box.x0) * self.scale,
            (box.y1 - box.y0) * self.scale,
        )
        return drawn.intersected(page)

    def size(self, number: int) -> tuple[float, float]:
        """A page's width and height in points."""
        page = self.page(number)
        return page.width() / self.scale, page.height() / self.scale
