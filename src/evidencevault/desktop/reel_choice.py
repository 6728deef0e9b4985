"""What is chosen and what was found in a reel of pages: from the worker's characters, drawn over the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter

from evidencevault.desktop.reel_layout import Spot
from evidencevault.desktop.reel_text import Hit, Letters, Place

if TYPE_CHECKING:
    from evidencevault.desktop.reel import Reel

_FOUND, _FOUND_NOW = QColor(255, 214, 0, 110), QColor(255, 122, 0, 150)  # on paper, which is white in both themes


class Choice:
    """Where choosing began and where it is; the hits of a search, and the one looked at."""

    def __init__(self, reel: Reel) -> None:
        self._reel = reel
        self.letters = Letters()
        self._from: Place | None = None
        self._to: Place | None = None
        self._hits: dict[int, list[Hit]] = {}
        self._now: Hit | None = None

    def clear(self) -> None:
        """Another document."""
        self.letters = Letters()
        self._from = self._to = None
        self.show_hits((), None)

    def show_hits(self, hits: Sequence[Hit], now: Hit | None, *, go: bool = True) -> None:
        """Mark what was found, and (``go``) bring the one looked at into view."""
        self._hits = {}
        for hit in hits:
            self._hits.setdefault(hit.page, []).append(hit)
        self._now = now
        letters = self.letters.page(now.page) if now else None
        if go and now is not None and letters is not None:
            box = next(iter(letters.boxes(now.start, now.end)), None)
            middle = Spot(now.page, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) if box else None
            self._reel.go(now.page, middle)
        self._reel.viewport().update()

    @property
    def text(self) -> str:
        """What is chosen."""
        return self.letters.text(self._from, self._to) if self._from and self._to else ""

    def copy(self) -> None:
        """Put what is chosen on the clipboard: only a person's own key does that."""
        text = self.text
        if text:
            QGuiApplication.clipboard().setText(text)

    # --- by mouse

    def press(self, at: QPointF, *, extend: bool) -> None:
        """Begin at a place, or with Shift go on to it."""
        place = self._place(at)
        if not extend or self._from is None:
            self._from = place
        self._to = place
        self._reel.viewport().update()

    def drag(self, at: QPointF) -> None:
        """Go on to a place."""
        place = self._place(at)
        if self._from is not None and place is not None:
            self._to = place
            self._reel.viewport().update()

    def choose_word(self, at: QPointF) -> None:
        """The word under a place."""
        place = self._place(at)
        letters = self.letters.page(place.page) if place else None
        if place is not None and letters is not None:
            start, end = letters.word(place.at)
            self._choose(Place(place.page, start), Place(place.page, end))

    def cursor(self, at: QPointF) -> Qt.CursorShape:
        """A text cursor over text."""
        spot = self._reel.spot(at)
        letters = self.letters.page(spot.page) if spot else None
        over = spot is not None and letters is not None and letters.on_text(spot.x, spot.y)
        return Qt.CursorShape.IBeamCursor if over else Qt.CursorShape.ArrowCursor

    def _place(self, at: QPointF) -> Place | None:
        spot = self._reel.spot(at)
        letters = self.letters.page(spot.page) if spot else None
        return Place(spot.page, letters.at(spot.x, spot.y)) if spot is not None and letters is not None else None

    # --- by keys

    def choose_page(self, page: int) -> None:
        """All of a page."""
        letters = self.letters.page(page)
        if letters is not None:
            self._choose(Place(page, 0), Place(page, len(letters.text)))

    def step(self, way: str, *, by_word: bool) -> None:
        """Move the end of what is chosen; begins at the first character of the page that is looked at."""
        if self._to is None or self._from is None:
            self._from = self._to = Place(self._reel.page, 0)
        letters = self.letters.page(self._to.page)
        if letters is None:
            return
        at = self._to.at
        if way in ("up", "down"):
            moved = letters.above_or_below(at, -1 if way == "up" else 1)
        elif way in ("home", "end"):
            moved = letters.line(at)[way == "end"]
        else:
            moved = at + (1 if way == "right" else -1)
            if by_word:
                start, end = letters.word(min(at, len(letters.text)) if way == "right" else max(0, at - 1))
                moved = max(end, at + 1) if way == "right" else min(start, at - 1)
        self._to = self._beyond(moved, way, len(letters.text))
        box = next(iter(self._boxes_of(Place(self._to.page, max(0, self._to.at - 1)), self._to)), None)
        if box is not None:
            self._reel.go(self._to.page, box)
        self._reel.viewport().update()

    def _beyond(self, at: int | None, way: str, length: int) -> Place:
        """The place, or at the edge of its page the next page's."""
        assert self._to is not None
        page, forth = self._to.page, way in ("right", "down")
        if at is not None and 0 <= at <= length:
            return Place(page, at)
        other = self.letters.page(page + 1 if forth else page - 1)
        if other is None:
            return Place(page, length if forth else 0)
        return Place(page + 1, 0) if forth else Place(page - 1, len(other.text))

    def _boxes_of(self, first: Place, last: Place) -> list[Spot]:
        letters = self.letters.page(first.page)
        found = letters.boxes(first.at, last.at) if letters is not None else []
        return [Spot(first.page, (one.x0 + one.x1) / 2, (one.y0 + one.y1) / 2) for one in found]

    def _choose(self, first: Place, last: Place) -> None:
        self._from, self._to = first, last
        self._reel.viewport().update()

    # --- drawing

    def paint(self, painter: QPainter, page: int, accent: QColor, origin: QPointF) -> None:
        """What was found and what is chosen on a page."""
        letters = self.letters.page(page)
        if letters is None:
            return
        for hit in self._hits.get(page, ()):
            self._fill(painter, page, hit.start, hit.end, _FOUND_NOW if hit == self._now else _FOUND, origin)
        if self._from is not None and self._to is not None and self._from != self._to:
            chosen = QColor(accent)
            chosen.setAlpha(80)
            for where, start, end in self.letters.chosen(self._from, self._to):
                if where == page:
                    self._fill(painter, page, start, end, chosen, origin)

    def _fill(self, painter: QPainter, page: int, start: int, end: int, colour: QColor, origin: QPointF) -> None:
        reel, letters = self._reel, self.letters.page(page)
        for box in letters.boxes(start, end) if letters is not None else ():
            painter.fillRect(reel.lay.shown(page, box, reel.across).translated(-origin), colour)
