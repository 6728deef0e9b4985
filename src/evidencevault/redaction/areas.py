"""Marks drawn by hand over the pages: a selection of text, and everything but a box. Pure geometry."""

from __future__ import annotations

from collections.abc import Sequence

from evidencevault.errors import Refused
from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import MARGIN, Glyph
from evidencevault.resources import tr

Point = tuple[float, float]


def selection(glyphs: Sequence[Glyph], start: Point, end: Point) -> tuple[Box, ...]:
    """One box a line over the letters from one point to another, as a reader drags over them.

    The letters nearest to the two points begin and end it, in the order in which the page is read. Refused where the
    page has no text.
    """
    solid = [(at, one) for at, one in enumerate(glyphs) if one.text.strip()]
    if not solid:
        raise Refused(tr("This page has no text to select; draw a box instead."))
    first, last = sorted((_nearest(solid, start), _nearest(solid, end)))
    lines: dict[int, Box] = {}
    for one in glyphs[first : last + 1]:
        if one.text.strip():
            lines[one.line] = lines[one.line].union(one.box) if one.line in lines else one.box
    return tuple(sorted((box.grown(MARGIN) for box in lines.values()), key=lambda box: (box.y0, box.x0)))


def inverse(width: float, height: float, kept: Box) -> tuple[Box, ...]:
    """Everything of a page but one box: the strips above, below, left and right of it. Refused if nothing is left.

    The kept box is cut to the page and rounded inwards, so that rounding never shows more than was drawn.
    """
    x0, y0, x1, y1 = max(kept.x0, 0.0), max(kept.y0, 0.0), min(kept.x1, width), min(kept.y1, height)
    if x1 <= x0 or y1 <= y0:
        raise Refused(tr("The part to keep does not lie on the page."))
    strips = ((0.0, 0.0, width, y0), (0.0, y1, width, height), (0.0, y0, x0, y1), (x1, y0, width, y1))
    found = tuple(Box(*strip) for strip in strips if strip[2] > strip[0] and strip[3] > strip[1])
    if not found:
        raise Refused(tr("The part to keep is the whole page: nothing would be hidden."))
    return found


def _nearest(solid: Sequence[tuple[int, Glyph]], point: Point) -> int:
    def away(item: tuple[int, Glyph]) -> tuple[float, float]:
        box = item[1].box
        across = max(box.x0 - point[0], 0.0, point[0] - box.x1)
        down = max(box.y0 - point[1], 0.0, point[1] - box.y1)
        # Lines first: a point left of a line belongs to that line, however far its first letter is.
        return down, across

    return min(solid, key=away)[0]
