# mypy: disable-error-code="no-untyped-call"
"""Takes what is under the marks off a flattened page: letters one by one, paths that are touched, then black boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pymupdf

from evidencevault.documents.worker.structural_keys import unsafe

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_IGNORE_ACTUALTEXT
_SLIVER = 0.05
"""Points by which ink may reach into a mark: half of what a screen can show."""
_STRIP = 10_000.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A character: its cell (as wide as it moves on), the box of its ink, its size. Points, origin top left."""

    text: str
    cell: Any
    ink: Any
    size: float


def letters(page: Any) -> list[Letter]:
    """Every character of a page, also those that lie outside it."""
    everything = pymupdf.INFINITE_RECT()
    cells = _characters(page.get_text("rawdict", flags=_FLAGS, clip=everything))
    accurate = page.get_text("rawdict", flags=_FLAGS | pymupdf.TEXT_ACCURATE_BBOXES, clip=everything)
    inks: dict[object, Any] = {}
    for place, _, box, _ in _characters(accurate):
        inks[place] = inks[place] | box if place in inks else box
    # Lines are parted by other rules there: the order differs, the places do not. Without ink known, the cell counts.
    return [Letter(text, cell, inks.get(place, cell), size) for place, text, cell, size in cells]


def redact(page: Any, marks: list[list[Any]]) -> None:
    """Remove what the marks touch, and what lies outside the page; then draw the boxes with their labels."""
    boxes = [pymupdf.Rect(mark[1:5]).normalize() & page.rect for mark in marks]
    boxes = [box for box in boxes if not box.is_empty]
    for grown in (0.1, 1.0):
        doomed = [one for one in letters(page) if hit(one, boxes) or not within(one, page.rect)]
        if not doomed:
            break
        for one in doomed:
            _target(page, _middle(one.cell, grown))
        page.apply_redactions(images=0, graphics=0, text=0)
    if any(hit(one, boxes) or not within(one, page.rect) for one in letters(page)):
        raise unsafe()
    for box in boxes:
        _target(page, box)
    if boxes:
        page.apply_redactions(images=0, graphics=2, text=1)
    for strip in _strips(page.rect):
        _target(page, strip)
    page.apply_redactions(images=0, graphics=1, text=1)
    _draw(page, boxes, marks)


def hit(letter: Letter, boxes: list[Any]) -> bool:
    """Whether any ink of a letter lies in a box, or, for one without ink, its middle."""
    middle = (letter.cell.tl + letter.cell.br) / 2
    for box in boxes:
        if middle in box:
            return True
        if letter.text.strip():
            both = letter.ink & box
            if both.width > _SLIVER and both.height > _SLIVER:
                return True
    return False


def within(letter: Letter, page: Any) -> bool:
    """Whether the middle of a letter lies on the page."""
    return (letter.ink.tl + letter.ink.br) / 2 in page


def _characters(said: dict[str, Any]) -> Iterator[tuple[object, str, Any, float]]:
    for block in said["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    place = (char["c"], *(round(one, 2) for one in char["origin"]))
                    yield place, char["c"], pymupdf.Rect(char["bbox"]), float(span["size"])


def _middle(cell: Any, side: float) -> Any:
    """A small square within a letter: neighbours whose cells overlap with the mark are not meant."""
    half = max(0.01, side * min(cell.width, cell.height) / 2)
    x, y = (cell.x0 + cell.x1) / 2, (cell.y0 + cell.y1) / 2
    return pymupdf.Rect(x - half, y - half, x + half, y + half)


def _target(page: Any, box: Any) -> None:
    page.add_redact_annot(box, fill=False, cross_out=False)


def _strips(page: Any) -> list[Any]:
    """All around the page."""
    far, edge = _STRIP, 0.5
    return [
        pymupdf.Rect(-far, -far, page.x1 + far, page.y0 - edge),
        pymupdf.Rect(-far, page.y1 + edge, page.x1 + far, page.y1 + far),
        pymupdf.Rect(-far, -far, page.x0 - edge, page.y1 + far),
        pymupdf.Rect(page.x1 + edge, -far, page.x1 + far, page.y1 + far),
    ]


def _draw(page: Any, boxes: list[Any], marks: list[list[Any]]) -> None:
    drawing = page.new_shape()
    for box in boxes:
        drawing.draw_rect(box)
        drawing.finish(color=None, fill=(0, 0, 0))
    drawing.commit()
    for mark in marks:
        box = pymupdf.Rect(mark[1:5]).normalize() & page.rect
        if mark[5] and not box.is_empty:
            _label(page, box, str(mark[5]))


def _label(page: Any, box: Any, text: str) -> None:
    """White on the box, as large as fits; letters that Helvetica lacks leave the box black."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return
    wide = pymupdf.get_text_length(text, fontname="helv", fontsize=1)
    size = min(0.7 * box.height, 0.9 * box.width / max(wide, 0.1))
    if size >= 2:
        place = (box.x0 + (box.width - wide * size) / 2, box.y1 - (box.height - 0.7 * size) / 2)
        page.insert_text(place, text, fontsize=size, fontname="helv", color=(1, 1, 1))
