"""Placing a box without a mouse: it lies on a page, is moved and sized by arrows, and taken with Enter."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt

from evidencevault.desktop.redact_tools import TEXT, Placed

STEP, FINE = 8.0, 1.0  # points
_SIZE = (120.0, 14.0)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Placing:
    """A box on its way: where it lies on a page of a size, all in points."""

    placed: Placed
    size: tuple[float, float]

    def key(self, key: int, *, sizing: bool, fine: bool) -> Placing | None:
        """What a key makes of it; None where the key is none of its."""
        arrow = _ARROWS.get(Qt.Key(key))
        if arrow is None:
            return None
        step = FINE if fine else STEP
        return self._sized(arrow, step) if sizing else self._moved(arrow, step)

    def _moved(self, arrow: tuple[int, int], step: float) -> Placing:
        (x0, y0), (x1, y1) = self.placed.start, self.placed.end
        dx = _within(arrow[0] * step, -min(x0, x1), self.size[0] - max(x0, x1))
        dy = _within(arrow[1] * step, -min(y0, y1), self.size[1] - max(y0, y1))
        return self._at((x0 + dx, y0 + dy), (x1 + dx, y1 + dy))

    def _sized(self, arrow: tuple[int, int], step: float) -> Placing:
        (x0, y0), (x1, y1) = self.placed.start, self.placed.end
        lower = y0 if self.placed.tool == TEXT else y0 + 1
        end = (_within(x1 + arrow[0] * step, x0 + 1, self.size[0]), _within(y1 + arrow[1] * step, lower, self.size[1]))
        return self._at((x0, y0), end)

    def _at(self, start: tuple[float, float], end: tuple[float, float]) -> Placing:
        return replace(self, placed=replace(self.placed, start=start, end=end))


def begin(tool: str, page: int, near: tuple[float, float], size: tuple[float, float]) -> Placing:
    """A box of the size of a name near a point; of the text tool one that lies within a line."""
    wide, high = min(_SIZE[0], size[0]), 0.0 if tool == TEXT else min(_SIZE[1], size[1])
    x, y = _within(near[0] - wide / 2, 0, size[0] - wide), _within(near[1] - high / 2, 0, size[1] - high)
    return Placing(Placed(tool, page, (x, y), (x + wide, y + high)), size)


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(value, most))
