"""Widening: what stays of a line must say nothing of how wide the hidden name was.

The position of every letter after a gap gives the width of the gap, and the width gives the name (Bland, Iyer,
Levchenko, "Story Beyond the Eye", PoPETs 2023). So a name is hidden to the end of the line's room: not to its last
letter, which moves with the name, but to the next column or the margin, which do not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from statistics import median

from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import Glyph

_NEAR = 1.5
"""Points within which two edges are the same edge."""
_BESIDE = 2.0
"""Points that stay free before the next column."""


def widened(glyphs: Sequence[Glyph], width: float, height: float, boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """Each box carried on to the end of its line's room (points; the page is ``width`` by ``height``).

    From the name on where lines begin flush; over the whole room where the line is centred or flush at its end, since
    then its beginning moves too. Each line of a name that is broken over lines is treated so. Letters that run upwards
    or downwards are hidden over the height of the page.
    """
    return tuple(_one(glyphs, width, height, box) for box in boxes)


def _one(glyphs: Sequence[Glyph], width: float, height: float, box: Box) -> Box:
    solid = [one for one in glyphs if one.text.strip()]
    hidden = [one for one in solid if box.holds_middle(one.box)]
    if not hidden:
        return box
    if len(hidden) > 1 and box.y1 - box.y0 > 2 * (box.x1 - box.x0):
        return Box(box.x0, min(0.0, box.y0), box.x1, max(height, box.y1))
    lines = {one.line for one in hidden}
    mates = [one.box for one in solid if one.line in lines and _beside(one.box, box)]
    left, right = _room(solid, lines, mates, box, width)
    to_left = any(unicodedata.bidirectional(c) in ("R", "AL") for one in hidden for c in one.text)
    if _moves_at_both_ends(solid, lines, mates, width, to_left):
        return Box(min(left, box.x0), box.y0, max(right, box.x1), box.y1)
    if to_left:
        return Box(min(left, box.x0), box.y0, box.x1, box.y1)
    return Box(box.x0, box.y0, max(right, box.x1), box.y1)


def _beside(one: Box, box: Box) -> bool:
    return box.y0 <= (one.y0 + one.y1) / 2 <= box.y1


def _room(solid: Sequence[Glyph], lines: set[int], mates: Sequence[Box], box: Box, width: float) -> tuple[float, float]:
    """Left and right edge of what the line may fill: up to the columns beside it, else the margins of the page."""
    high = median(one.y1 - one.y0 for one in mates)
    first, last = min(one.x0 for one in mates), max(one.x1 for one in mates)
    others = [one.box for one in solid if one.line not in lines and _beside(one.box, box)]
    after = [one.x0 for one in others if one.x0 > last + high / 2]
    before = [one.x1 for one in others if one.x1 < first - high / 2]
    margin_left = min(one.box.x0 for one in solid)
    margin_right = width - margin_left
    right = min(after) - _BESIDE if after else margin_right if last <= margin_right else width
    margin_left_end = width - max(one.box.x1 for one in solid)
    left = max(before) + _BESIDE if before else min(margin_left, max(margin_left_end, 0.0))
    return max(left, 0.0), min(right, width)


def _moves_at_both_ends(
    solid: Sequence[Glyph], lines: set[int], mates: Sequence[Box], width: float, to_left: bool
) -> bool:
    """Whether the line is set from its middle, or flush only at the end at which reading stops."""
    first, last = min(one.x0 for one in mates), max(one.x1 for one in mates)
    edges: dict[int, tuple[float, float]] = {}
    for one in solid:
        if one.line not in lines:
            x0, x1 = edges.get(one.line, (one.box.x0, one.box.x1))
            edges[one.line] = (min(x0, one.box.x0), max(x1, one.box.x1))
    begins = any(abs((x1 - last) if to_left else (x0 - first)) <= _NEAR for x0, x1 in edges.values())
    ends = any(abs((x0 - first) if to_left else (x1 - last)) <= _NEAR for x0, x1 in edges.values())
    centred = abs((first + last) / 2 - width / 2) <= 2 * _NEAR or any(
        abs((first + last) / 2 - (x0 + x1) / 2) <= _NEAR for x0, x1 in edges.values()
    )
    return not begins and (ends or centred)
