"""What lies over the pages: marks, suggestions, the chosen one, and what is being drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter

from evidencevault.desktop import redact_paint
from evidencevault.desktop.redact_layout import Roll
from evidencevault.desktop.redact_rows import MarkRow
from evidencevault.redaction.marks import Box
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggestion on a page."""

    id: str
    page: int
    boxes: tuple[Box, ...]


@dataclass(slots=True)
class Scene:
    """``open``: one reads under every mark. ``narrow`` are marks whose width gives a name away.

    ``waiting`` was placed and is not written yet, ``drawn`` is what a tool would hide now (a page and its boxes).
    """

    marks: Sequence[MarkRow] = ()
    hints: Sequence[Hint] = ()
    chosen: str = ""
    hint: str = ""
    over: str = ""
    open: bool = False
    narrow: frozenset[str] = frozenset()
    drawn: tuple[int, tuple[Box, ...]] = (0, ())
    waiting: Sequence[tuple[int, tuple[Box, ...]]] = ()
    handles: bool = False
    _by_page: dict[int, list[MarkRow]] = field(default_factory=dict)

    def show(self, marks: Sequence[MarkRow]) -> None:
        """Exchange the marks; the chosen one stays chosen where it is still there."""
        self.marks, self._by_page = marks, {}
        for one in marks:
            self._by_page.setdefault(one.page, []).append(one)
        if self.chosen not in {one.id for one in marks}:
            self.chosen = ""

    @property
    def chosen_mark(self) -> MarkRow | None:
        """The chosen mark."""
        return next((one for one in self.marks if one.id == self.chosen), None)

    def mark_at(self, page: int, x: float, y: float) -> MarkRow | None:
        """The smallest mark at a point of a page."""
        hit = [
            (sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in one.boxes), n, one)
            for n, one in enumerate(self._by_page.get(page, ()))
            if any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in one.boxes)
        ]
        return min(hit)[2] if hit else None

    def neighbour(self, page: int, by: int) -> MarkRow | None:
        """The mark after the chosen one (or before it); where none is chosen the first from a page on."""
        order = sorted(self.marks, key=lambda one: (one.page, one.boxes[0].y0, one.boxes[0].x0) if one.boxes else (0,))
        if not order:
            return None
        places = [n for n, one in enumerate(order) if one.id == self.chosen]
        if places:
            return order[(places[0] + by) % len(order)]
        return next((one for one in order if one.page >= page), order[0])

    def draw(self, painter: QPainter, roll: Roll, pages: range, font: QFont) -> None:
        """Everything on these pages."""
        for page in pages:
            for one in self._by_page.get(page, ()):
                self._mark(painter, one, [roll.box(page, box) for box in one.boxes], font)
        for hint in self.hints:
            if hint.page in pages:
                places = [roll.box(hint.page, box) for box in hint.boxes]
                redact_paint.suggested(painter, places, chosen=hint.id == self.hint)
        for page, boxes in self.waiting:
            if page in pages:
                redact_paint.drawing(painter, [roll.box(page, box) for box in boxes], handles=False)
        page, drawn = self.drawn
        if page in pages and drawn:
            redact_paint.drawing(painter, [roll.box(page, box) for box in drawn], handles=self.handles)

    def call_out(self, painter: QPainter, roll: Roll, pages: range, font: QFont, view: QRectF) -> None:
        """Say beside the chosen mark what it is."""
        one = self.chosen_mark or next((mark for mark in self.marks if mark.id == self.over), None)
        if one is None or one.page not in pages or not one.boxes:
            return
        lines = [f"{one.reason} ({one.code})", one.told]
        if one.label and one.label not in one.told:
            lines[0] = f"{one.label} · {lines[0]}"
        if one.widened:
            lines.append(tr("hidden to the end of the line, so that its width says nothing"))
        if one.id in self.narrow:
            lines.append(tr("its width gives the name away"))
        box = roll.box(one.page, one.boxes[0])
        redact_paint.callout(painter, box, lines, font, view, bad=one.id in self.narrow)

    def _mark(self, painter: QPainter, one: MarkRow, boxes: Sequence[QRectF], font: QFont) -> None:
        chosen, narrow = one.id == self.chosen, one.id in self.narrow
        if self.open or chosen or narrow or one.id == self.over:
            redact_paint.seen_through(painter, boxes, chosen=chosen, narrow=narrow)
        else:
            text = f"{one.label} · {one.code}" if one.label else one.code
            redact_paint.hidden(painter, boxes, text, font)
