# mypy: disable-error-code="no-untyped-call"
"""What a rebuilt page must stand before it is given out: all its text can be seen, and it looks as it did."""

from __future__ import annotations

from typing import Any

import pymupdf
from PIL import Image, ImageChops, ImageDraw

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker.structural_images import Box
from evidencevault.documents.worker.structural_keys import unsafe
from evidencevault.documents.worker.structural_redact import letters
from evidencevault.documents.worker.structural_state import Painted, area, shared

SMALLEST = 2.0
"""Points: smaller letters are not read by an eye that marks a page."""
_ZOOM = 2.0
_CONTRAST = 12
_BLOCK, _MEAN = 12, 24
"""A word that is gone or come changes blocks of so many pixels by more than this mean, out of 255."""
_PAIRS = 4_000_000


def check(source: Any, page: Any, marks: list[list[Any]], painted: list[Painted], limits: Limits) -> None:
    """Compare a rebuilt page with its source; Failed with ``Reason.UNSAFE`` on any doubt."""
    if page.rect.width * page.rect.height * _ZOOM * _ZOOM > limits.pixels:
        raise unsafe()
    boxes = [pymupdf.Rect(mark[1:5]).normalize() & page.rect for mark in marks]
    drawn = _picture(page)
    _letters_are_seen(page, drawn, boxes)
    _nothing_is_covered(painted)
    _paths_are_seen(page, drawn, boxes, painted)
    _looks_as_it_did(_picture(source), drawn, boxes)


def _picture(page: Any) -> Image.Image:
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(_ZOOM, _ZOOM), colorspace=pymupdf.csGRAY, alpha=False)
    return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


def _letters_are_seen(page: Any, drawn: Image.Image, boxes: list[Any]) -> None:
    _no_letter_is_covered(page)
    for letter in letters(page):
        middle = (letter.ink.tl + letter.ink.br) / 2
        if not letter.text.strip() or any(middle in box for box in boxes):
            continue
        if letter.size < SMALLEST or not _seen(drawn, letter.ink):
            raise unsafe()


def _no_letter_is_covered(page: Any) -> None:
    """No picture or shading is painted over a letter: it would stand out there, and not be what is seen."""
    covers = [
        (n, pymupdf.Rect(box))
        for n, (kind, box) in enumerate(page.get_bboxlog())
        if kind in ("fill-image", "fill-shade")
    ]
    spans = page.get_texttrace() if covers else []
    if sum(len(span["chars"]) for span in spans) * len(covers) > _PAIRS:
        raise unsafe()
    for span in spans:
        for char in span["chars"]:
            cell = pymupdf.Rect(char[3])
            middle = (cell.tl + cell.br) / 2
            if any(later > span["seqno"] and middle in cover for later, cover in covers):
                raise unsafe()


def _seen(drawn: Image.Image, box: Any) -> bool:
    """Whether anything stands out in a box."""
    x0, y0 = max(0, int(box.x0 * _ZOOM) - 1), max(0, int(box.y0 * _ZOOM) - 1)
    x1, y1 = min(drawn.width, int(box.x1 * _ZOOM) + 2), min(drawn.height, int(box.y1 * _ZOOM) + 2)
    if x0 >= x1 or y0 >= y1:
        return False
    low, high = drawn.crop((x0, y0, x1, y1)).getextrema()
    return bool(high - low >= _CONTRAST)  # type: ignore[operator]


def _nothing_is_covered(painted: list[Painted]) -> None:
    """No picture, and no path that could be a letter, lies under what was painted after it."""
    covers = [(n, one.box) for n, one in enumerate(painted) if one.kind == "cover" and area(one.box) > 4]
    covered = [(n, one) for n, one in enumerate(painted) if one.kind != "cover"]
    if len(covers) * len(covered) > _PAIRS:
        raise unsafe()
    for number, one in covered:
        for later, box in covers:
            # What is painted is followed by its own area.
            if later > number + 1 and area(shared(one.box, box)) > (4 if one.kind == "image" else area(one.box) / 2):
                raise unsafe()


def _paths_are_seen(page: Any, drawn: Image.Image, boxes: list[Any], painted: list[Painted]) -> None:
    for one in painted:
        box = _upright(one.box, page.rect.height)
        marked = any(box.intersects(mark) for mark in boxes)
        if one.kind == "path" and area(one.box) > 0 and not marked and not _seen(drawn, box):
            raise unsafe()


def _upright(box: Box, height: float) -> Any:
    return pymupdf.Rect(box[0], height - box[3], box[2], height - box[1])


def _looks_as_it_did(before: Image.Image, after: Image.Image, boxes: list[Any]) -> None:
    if before.size != after.size:
        raise unsafe()
    for picture in (before, after):
        for box in boxes:
            sides = [box.x0 * _ZOOM - 3, box.y0 * _ZOOM - 3, box.x1 * _ZOOM + 3, box.y1 * _ZOOM + 3]
            ImageDraw.Draw(picture).rectangle(sides, fill=0)
    change = ImageChops.difference(before, after)
    blocks = (max(1, change.width // _BLOCK), max(1, change.height // _BLOCK))
    if int(change.resize(blocks, Image.Resampling.BOX).getextrema()[1]) > _MEAN:  # type: ignore[arg-type]
        raise unsafe()
