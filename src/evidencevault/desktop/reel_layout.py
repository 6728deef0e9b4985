"""Where each page lies when all of a document stand below each other: pure arithmetic, no widget."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF

from evidencevault.documents.requests import Box

MARGIN, GAP = 24, 18  # pixels around the pages, and between two
DOT = 96 / 72  # pixels of the layout for a point at 100 %
WIDEST = 900  # pixels to which a page is fitted: wider lines are hard to read
LARGEST_FIT = 2.0  # a small picture is not blown up beyond this
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page (from 1) in points of the page as it lies, before it is turned."""

    page: int
    x: float
    y: float


class ReelLayout:
    """Pages of a document at a zoom, turned by quarters to the right. Places are in pixels of the whole reel."""

    def __init__(self, sizes: Sequence[Size] = (), zoom: float = 1.0, quarter: int = 0) -> None:
        self.sizes = tuple(sizes)
        self.zoom, self.quarter = zoom, quarter % 4
        self._turned = [(high, wide) if quarter % 2 else (wide, high) for wide, high in self.sizes]
        self._above = [0.0, *accumulate(high for _, high in self._turned)]  # points of all pages before
        self._widest = max((wide for wide, _ in self._turned), default=0.0)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self.sizes)

    @property
    def scale(self) -> float:
        """Pixels for a point."""
        return self.zoom * DOT

    @property
    def width(self) -> float:
        """Pixels of the widest page with its margins."""
        return self._widest * self.scale + 2 * MARGIN

    @property
    def height(self) -> float:
        """Pixels of all pages with gaps and margins."""
        return self._above[-1] * self.scale + max(0, self.count - 1) * GAP + 2 * MARGIN if self.count else 0.0

    def fit(self, width: int, height: int | None = None) -> float:
        """The zoom at which the widest page fills a width, or also the highest a height."""
        if not self.count or not self._widest:
            return 1.0
        room = min(width - 2 * MARGIN, WIDEST)
        found = max(60.0, room) / (self._widest * DOT)
        if height is not None:
            tallest = max(high for _, high in self._turned)
            found = min(found, max(60.0, height - 2 * MARGIN) / (tallest * DOT))
        return min(found, LARGEST_FIT)

    def top(self, page: int) -> float:
        """Where a page begins."""
        return MARGIN + self._above[page - 1] * self.scale + (page - 1) * GAP

    def rect(self, page: int, across: float) -> QRectF:
        """A page in a reel that is ``across`` pixels wide: each in its middle."""
        wide, high = self._turned[page - 1]
        wide, high = wide * self.scale, high * self.scale
        return QRectF((max(across, self.width) - wide) / 2, self.top(page), wide, high)

    def page_at(self, y: float) -> int:
        """The page at a height; in a gap the one above it."""
        if not self.count:
            return 0
        return max(1, min(self.count, bisect_right(range(1, self.count + 1), y, key=self.top)))

    def pages_between(self, upper: float, lower: float) -> range:
        """The pages of which something lies between two heights."""
        if not self.count:
            return range(0)
        return range(self.page_at(upper), self.page_at(lower) + 1)

    def pixels(self, page: int, density: float) -> int:
        """Device pixels of a page's width as it lies."""
        return round(self.sizes[page - 1][0] * self.scale * density)

    def shown(self, page: int, box: Box, across: float) -> QRectF:
        """A box of a page as it is turned and laid."""
        wide, high = self.sizes[page - 1]
        x0, y0, x1, y1 = {
            0: (box.x0, box.y0, box.x1, box.y1),
            1: (high - box.y1, box.x0, high - box.y0, box.x1),
            2: (wide - box.x1, high - box.y1, wide - box.x0, high - box.y0),
            3: (box.y0, wide - box.x1, box.y1, wide - box.x0),
        }[self.quarter]
        at, scale = self.rect(page, across), self.scale
        return QRectF(at.x() + x0 * scale, at.y() + y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale)

    def spot(self, place: QPointF, across: float) -> Spot | None:
        """The place of a page that lies under a place of the reel; beside a page the nearest one on it."""
        page = self.page_at(place.y())
        if not page:
            return None
        at = self.rect(page, across)
        x, y = (place.x() - at.x()) / self.scale, (place.y() - at.y()) / self.scale
        wide, high = self.sizes[page - 1]
        x, y = {0: (x, y), 1: (y, high - x), 2: (wide - x, high - y), 3: (wide - y, x)}[self.quarter]
        return Spot(page, x, y)
