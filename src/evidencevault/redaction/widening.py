"""Widening: what is left of a line must say nothing of the width of the name that was taken out of it.

Everything after a name is displaced by it, the ragged end of the line too. So a box goes on to the end of the line's
room, which stands where it stands whatever the name: the next column, or the margin. Bland, Iyer, Levchenko, "Story
Beyond the Eye: Glyph Positions Break PDF Text Redaction", PoPETs 2023. Where lines break still moves with a name.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import MARGIN, Glyph

_COLUMN = 3.0
"""Line heights between two glyphs beyond which the second begins another column (as matching._lying_order has it)."""
_CELL = 0.6
"""Line heights beyond which it does so if other lines begin or end just there: no space between words is as wide."""
_SAME = 1.0
"""Points: edges no further apart are one edge."""
_CLEAR = 2.0
"""Points left free before the next column."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Neighbouring glyphs of one height: a line of a paragraph, or what one cell holds of a row."""

    glyphs: tuple[Glyph, ...]
    box: Box


def widen(glyphs: Sequence[Glyph], width: float, height: float, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Each box carried on to the end of its line's room, cut to the page. Points; ``glyphs`` are those of the page.

    A line that is not flush with others of its side (centred, right-aligned, alone), one of mixed direction, one drawn
    upside down and one that runs vertically is covered to both sides. A name on two lines needs nothing else: its
    second half begins where the line does, and what follows it is displaced as well.
    """
    solid = [g for g in glyphs if g.text.strip()]
    right = width if width > 0 else max((g.box.x1 for g in solid), default=0.0)
    bottom = height if height > 0 else max((g.box.y1 for g in solid), default=0.0)
    return tuple(_widened(solid, right, bottom, box) for box in boxes)


def _widened(solid: Sequence[Glyph], width: float, height: float, box: Box) -> Box:
    hidden = [g for g in solid if box.holds_middle(g.box)]
    if not hidden or min(box.x1, width) <= max(box.x0, 0) or min(box.y1, height) <= max(box.y0, 0):
        return box
    if _runs_down(solid, hidden):
        turned = [Glyph(g.text, _turned(g.box), g.line) for g in solid]
        wide = _turned(_to_both_sides(turned, height, _turned(box)))
    elif (towards := _direction(solid, hidden)) == 0:
        wide = _to_both_sides(solid, width, box)
    elif towards > 0:
        wide = _to_the_right(solid, width, box)
    else:
        mirrored = [Glyph(g.text, _mirrored(g.box, width), g.line) for g in solid]
        wide = _mirrored(_to_the_right(mirrored, width, _mirrored(box, width)), width)
    return Box(max(wide.x0, 0), max(wide.y0, 0), min(wide.x1, width), min(wide.y1, height))


def _to_the_right(solid: Sequence[Glyph], width: float, box: Box) -> Box:
    pieces = _pieces(solid)
    piece = _piece_of(pieces, box)
    elsewhere = _elsewhere(pieces, piece)
    if not any(abs(other.box.x0 - piece.box.x0) <= _SAME for other in elsewhere):
        return _to_both_sides(solid, width, box)
    end = _end(pieces, piece, width)
    return _covering(box, piece, box.x0, end)


def _to_both_sides(solid: Sequence[Glyph], width: float, box: Box) -> Box:
    end = _end(pieces := _pieces(solid), _piece_of(pieces, box), width)
    mirrored = _pieces([Glyph(g.text, _mirrored(g.box, width), g.line) for g in solid])
    start = width - _end(mirrored, _piece_of(mirrored, _mirrored(box, width)), width)
    return _covering(box, _piece_of(pieces, box), start, end)


def _end(pieces: Sequence[_Piece], piece: _Piece, width: float) -> float:
    """Where the room of this piece ends: at the next column, the margin, or the edge of the page."""
    after = [p.box.x0 for p in pieces if p is not piece and _abreast(p, piece) and p.box.x0 >= piece.box.x1 - _SAME]
    if after:
        return max(min(after) - _CLEAR, piece.box.x1)
    # The margin is mirrored from the left: the right edges of lines are ragged, and move with the name.
    edge = width - _margin(pieces)
    beyond = any(p.box.x1 > edge + _SAME for p in pieces)
    return width if beyond else edge


def _margin(pieces: Sequence[_Piece]) -> float:
    """The leftmost edge that two lines share; the page's edge where none do. One alone could be a centred line's."""
    edges = sorted(p.box.x0 for p in pieces)
    shared = (a for a, b in itertools.pairwise(edges) if b - a <= _SAME)
    return max(next(shared, 0.0), 0.0)


def _pieces(solid: Sequence[Glyph]) -> list[_Piece]:
    """The page's rows, taken apart where a column or a cell begins."""
    parts = [part for row in _rows(solid) for part in _split(row)]
    starts = [part[0].box.x0 for part in (each for row in parts for each in row)]
    ends = [max(g.box.x1 for g in part) for row in parts for part in row]
    pieces = []
    for row in parts:
        joined: list[list[Glyph]] = []
        for part in row:
            if joined and not _begins_cell(joined[-1], part, starts, ends):
                joined[-1] += part
            else:
                joined.append(list(part))
        pieces += [_piece(part) for part in joined]
    return pieces


def _rows(solid: Sequence[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(solid, key=lambda g: (g.box.y0 + g.box.y1, g.box.x0)):
        middle = (glyph.box.y0 + glyph.box.y1) / 2
        if rows and rows[-1][0].box.y0 <= middle <= rows[-1][0].box.y1:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda g: (g.box.x0, g.box.x1)) for row in rows]


def _split(row: Sequence[Glyph]) -> list[list[list[Glyph]]]:
    parts: list[list[Glyph]] = []
    for glyph in row:
        if parts and glyph.box.x0 - parts[-1][-1].box.x1 <= _CELL * _tall(glyph):
            parts[-1].append(glyph)
        else:
            parts.append([glyph])
    return [parts]


def _begins_cell(
    before: Sequence[Glyph], part: Sequence[Glyph], starts: Sequence[float], ends: Sequence[float]
) -> bool:
    apart = part[0].box.x0 - max(g.box.x1 for g in before)
    if apart > _COLUMN * _tall(part[0]):
        return True
    # Each edge is among the edges itself: shared means found twice.
    start, end = part[0].box.x0, max(g.box.x1 for g in part)
    return _shared(start, starts) or _shared(end, ends)


def _shared(edge: float, edges: Sequence[float]) -> bool:
    return sum(abs(edge - other) <= _SAME for other in edges) > 1


def _piece(glyphs: Sequence[Glyph]) -> _Piece:
    box = glyphs[0].box
    for glyph in glyphs[1:]:
        box = box.union(glyph.box)
    return _Piece(tuple(glyphs), box)


def _piece_of(pieces: Sequence[_Piece], box: Box) -> _Piece:
    """The piece of which the box hides most."""
    return max(pieces, key=lambda piece: sum(box.holds_middle(g.box) for g in piece.glyphs))


def _abreast(one: _Piece, other: _Piece) -> bool:
    shared = min(one.box.y1, other.box.y1) - max(one.box.y0, other.box.y0)
    return shared > 0.3 * min(one.box.y1 - one.box.y0, other.box.y1 - other.box.y0)


def _elsewhere(pieces: Sequence[_Piece], piece: _Piece) -> list[_Piece]:
    return [other for other in pieces if other is not piece and not _abreast(other, piece)]


def _covering(box: Box, piece: _Piece, start: float, end: float) -> Box:
    """The box from ``start`` to ``end``, as high as the letters of the piece that then lie under it."""
    covered = [g.box for g in piece.glyphs if (g.box.x0 + g.box.x1) / 2 >= start]
    top = min([box.y0, *(c.y0 - MARGIN for c in covered)])
    bottom = max([box.y1, *(c.y1 + MARGIN for c in covered)])
    return Box(min(start, box.x0), top, max(end, box.x1), bottom)


def _direction(solid: Sequence[Glyph], hidden: Sequence[Glyph]) -> int:
    """1 where the line runs to the right, -1 to the left, 0 where that can not be told."""
    numbers, under = {g.line for g in hidden}, {id(g) for g in hidden}
    mates = [g for g in solid if g.line in numbers]
    rest = [g for g in mates if id(g) not in under]
    kinds = {kind for g in rest for c in g.text if (kind := strong(c))}
    kinds = kinds or {kind for g in hidden for c in g.text if (kind := strong(c))}
    if len(kinds) > 1:
        return 0
    if -1 in kinds:
        return -1
    steps = [after.box.x0 - before.box.x0 for before, after in itertools.pairwise(mates)]
    return 0 if steps and sum(step < 0 for step in steps) > len(steps) / 2 else 1


def strong(char: str) -> int:
    """1 for a letter of a script that runs to the right, -1 to the left, 0 for what has no direction."""
    kind = unicodedata.bidirectional(char)
    return -1 if kind in ("R", "AL") else 1 if kind == "L" else 0


def _runs_down(solid: Sequence[Glyph], hidden: Sequence[Glyph]) -> bool:
    """Whether the letters of the line stand above each other."""
    numbers = {g.line for g in hidden}
    line = _piece([g for g in solid if g.line in numbers]).box
    return len(hidden) > 1 and (line.y1 - line.y0) > 2 * (line.x1 - line.x0)


def _tall(glyph: Glyph) -> float:
    return max(glyph.box.y1 - glyph.box.y0, 0.1)


def _turned(box: Box) -> Box:
    return Box(box.y0, box.x0, box.y1, box.x1)


def _mirrored(box: Box, width: float) -> Box:
    return Box(width - box.x1, box.y0, width - box.x0, box.y1)
