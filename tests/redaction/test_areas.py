"""Selections of text and everything-but, by hand and by thousands of random boxes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evidencevault.errors import Refused
from evidencevault.redaction import areas
from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import Glyph

WIDE, HIGH = 600.0, 800.0


def line(text: str, y: float, number: int) -> list[Glyph]:
    return [Glyph(c, Box(50 + 10 * n, y, 60 + 10 * n, y + 12), number) for n, c in enumerate(text)]


def test_a_selection_runs_from_letter_to_letter_over_lines() -> None:
    page = [*line("first line", 100, 0), *line("second line", 120, 1), *line("third", 140, 2)]
    boxes = areas.selection(page, (112, 106), (65, 146))
    assert [box.y0 < y + 6 < box.y1 for box, y in zip(boxes, (100, 120, 140), strict=True)] == [True] * 3
    assert boxes[0].x0 <= 110 <= boxes[0].x0 + 2 and boxes[2].x1 <= 72
    assert areas.selection(page, (65, 146), (112, 106)) == boxes
    assert areas.selection(page, (0, 121), (0, 125))[0].x0 < 51
    with pytest.raises(Refused):
        areas.selection([], (0, 0), (9, 9))


sides = some.floats(-100, 900, allow_nan=False)


@given(sides, sides, sides, sides, some.floats(0, WIDE), some.floats(0, HIGH))
def test_everything_but_a_box_hides_everything_but_the_box(
    a: float, b: float, c: float, d: float, x: float, y: float
) -> None:
    kept = Box(min(a, c), min(b, d), max(a, c), max(b, d))
    outside = kept.x0 >= WIDE or kept.x1 <= 0 or kept.y0 >= HIGH or kept.y1 <= 0
    if outside or kept.x0 == kept.x1 or kept.y0 == kept.y1 or kept.covers(Box(0, 0, WIDE, HIGH)):
        return
    strips = areas.inverse(WIDE, HIGH, kept)
    hidden = any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in strips)
    well_inside = kept.x0 + 0.01 < x < kept.x1 - 0.01 and kept.y0 + 0.01 < y < kept.y1 - 0.01
    if well_inside:
        assert not hidden
    elif not (kept.x0 <= x <= kept.x1 and kept.y0 <= y <= kept.y1):
        assert hidden


def test_keeping_all_or_nothing_is_refused() -> None:
    with pytest.raises(Refused):
        areas.inverse(WIDE, HIGH, Box(0, 0, WIDE, HIGH))
    with pytest.raises(Refused):
        areas.inverse(WIDE, HIGH, Box(700, 10, 710, 20))
