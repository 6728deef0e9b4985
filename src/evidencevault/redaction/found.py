"""What a search found: places, none twice, and of what was read in pixels whole words with room around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import Glyph

ROOM = 2.0
"""Points around a word read in pixels: text recognition is not exact about where ink ends."""


@dataclass(frozen=True, slots=True)
class Found:
    """One suggestion: a page (from 1) and its boxes, one for each line.

    ``sure`` is False where text recognition may have misread what stands there.
    """

    page: int
    boxes: tuple[Box, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Spot:
    """One hit of a person: its letters (page, whether read in pixels, place of the glyph), as it is, and widened."""

    letters: frozenset[tuple[int, bool, int]]
    exact: Found
    wide: Found

    @property
    def read(self) -> bool:
        """Whether it was read in pixels."""
        return any(read for _, read, _ in self.letters)


def without_doubles(found: Sequence[Found]) -> list[Found]:
    """Each once, and none that lies wholly within another; by page and height."""
    kept: list[Found] = []
    for one in sorted(set(found), key=lambda f: (f.page, -sum((b.x1 - b.x0) * (b.y1 - b.y0) for b in f.boxes))):
        if not any(
            one.page == more.page and all(any(wide.covers(box) for wide in more.boxes) for box in one.boxes)
            for more in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda f: (f.page, f.boxes[0].y0, f.boxes[0].x0))


def whole_words(glyphs: Sequence[Glyph], boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """Boxes grown over every word of which they touch a letter: in a word, recognised letters have no exact place."""
    grown = []
    for box in boxes:
        for word in words(glyphs):
            if any(box.holds_middle(one.box) for one in word):
                for one in word:
                    box = box.union(one.box)
        grown.append(box.grown(ROOM))
    return tuple(grown)


def merged(written: list[Found], read: list[Found]) -> list[Found]:
    """What the file says and what the pixels say: where both lie on each other, one place that covers both."""
    rest: list[Found] = []
    for one in read:
        twins = [other for other in written if other.page == one.page and _same_place(other, one)]
        if not twins:
            rest.append(one)
        for twin in twins:
            written[written.index(twin)] = Found(twin.page, tuple(_with(box, one.boxes) for box in twin.boxes))
    return without_doubles([*written, *rest])


def together(spots: Sequence[Spot], *, wide: bool) -> list[Found]:
    """Hits as a search for a person gives them: what is written and what is read there as one place."""
    written, read = (
        without_doubles([spot.wide if wide else spot.exact for spot in spots if spot.read is layer])
        for layer in (False, True)
    )
    return merged(written, read)


def _same_place(one: Found, other: Found) -> bool:
    return all(any(_overlap(box, more) for more in other.boxes) for box in one.boxes) and all(
        any(_overlap(box, more) for more in one.boxes) for box in other.boxes
    )


def _overlap(one: Box, other: Box) -> bool:
    return one.holds_middle(other) or other.holds_middle(one)


def _with(box: Box, others: tuple[Box, ...]) -> Box:
    for other in others:
        if _overlap(box, other):
            box = box.union(other)
    return box


def words(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Runs of glyphs without white space, none of them over two lines."""
    runs: list[list[Glyph]] = [[]]
    line = None
    for one in glyphs:
        if not one.text.strip() or one.line != line:
            runs.append([])
        if one.text.strip():
            runs[-1].append(one)
        line = one.line
    return [run for run in runs if run]
