# mypy: disable-error-code="no-untyped-call"
"""What a rebuilt page must stand before it is given out: all its text can be seen, and it looks as it did."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from typing import Any

import pikepdf
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
_LINES = 12
"""Lines and plain areas that may lie under others, as in tables; more could be letters drawn stroke by stroke."""
_NARROWEST = 0.3
_GRID, _SAME = 4.0, 0.12
"""Points of a search grid; how near to each other, in sizes, the middles of two letters are in the same place."""
_EDGE = 0.75
_SHOWS = frozenset(("Tj", "TJ", "'", '"'))


@dataclass(frozen=True, slots=True)
class Painting:
    """What a page painted before it was redacted, and after."""

    before: list[Painted]
    after: list[Painted]


def check(source: Any, page: Any, bare: Any, marks: list[list[Any]], painted: Painting, limits: Limits) -> None:
    """Compare a rebuilt page with its source, and with itself ``bare`` of text; UNSAFE on any doubt."""
    if page.rect.width * page.rect.height * _ZOOM * _ZOOM > limits.pixels:
        raise unsafe()
    boxes = [pymupdf.Rect(mark[1:5]).normalize() & page.rect for mark in marks]
    drawn = _picture(page)
    _letters_are_seen(page, ImageChops.difference(drawn, _picture(bare)))
    _nothing_is_covered(painted.before)
    _paths_are_seen(page, drawn, boxes, painted.before)
    _no_path_is_left(page, boxes, painted.after)
    _looks_as_it_did(_picture(source), drawn, boxes)


def without_text(data: bytes) -> bytes:
    """The same file with no letter drawn."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            kept = [one for one in pikepdf.parse_content_stream(page) if str(one.operator) not in _SHOWS]
            page.obj["/Contents"] = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _picture(page: Any) -> Image.Image:
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(_ZOOM, _ZOOM), colorspace=pymupdf.csGRAY, alpha=False)
    return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


def _letters_are_seen(page: Any, ink: Image.Image) -> None:
    """Every letter changes the page, is large enough to be read, and no other letter stands in its place."""
    places: dict[tuple[int, int], list[tuple[str, Any]]] = {}
    for letter in letters(page):
        if not letter.text.strip():
            continue
        combining = unicodedata.category(letter.text[0]).startswith("M")
        if letter.size < SMALLEST or (letter.cell.width < _NARROWEST and not combining) or not _seen(ink, letter.ink):
            raise unsafe()
        middle = (letter.ink.tl + letter.ink.br) / 2
        column, row = int(middle.x / _GRID), int(middle.y / _GRID)
        for near in (places.get((column + x, row + y), ()) for x in (-1, 0, 1) for y in (-1, 0, 1)):
            for text, other in near:
                if text != letter.text and not combining and abs(middle - other) < _SAME * letter.size:
                    raise unsafe()
        places.setdefault((column, row), []).append((letter.text, middle))


def _seen(drawn: Image.Image, box: Any) -> bool:
    """Whether anything stands out in a box."""
    x0, y0 = max(0, int(box.x0 * _ZOOM) - 1), max(0, int(box.y0 * _ZOOM) - 1)
    x1, y1 = min(drawn.width, int(box.x1 * _ZOOM) + 2), min(drawn.height, int(box.y1 * _ZOOM) + 2)
    if x0 >= x1 or y0 >= y1:
        return False
    low, high = drawn.crop((x0, y0, x1, y1)).getextrema()
    return bool(high - low >= _CONTRAST)  # type: ignore[operator]


def _nothing_is_covered(painted: list[Painted]) -> None:
    """No picture, no path that could be a letter, not many lines lie under what was painted after them."""
    covers = [(n, one.box) for n, one in enumerate(painted) if one.kind == "cover" and area(one.box) > 4]
    covered = [(n, one) for n, one in enumerate(painted) if one.kind in ("image", "path")]
    lines = [(n, one) for n, one in enumerate(painted) if one.kind == "line"]
    if len(covers) * (len(covered) + len(lines)) > _PAIRS:
        raise unsafe()
    under = [one for n, one in lines if any(later > n + 1 and shared(one.box, box) == one.box for later, box in covers)]
    if len(under) > _LINES or sum(one.kind == "white" for one in painted) > _LINES:
        raise unsafe()
    for number, one in covered:
        for later, box in covers:
            # What is painted is followed by its own area.
            if later > number + 1 and area(shared(one.box, box)) > (4 if one.kind == "image" else area(one.box) / 2):
                raise unsafe()


def _no_path_is_left(page: Any, boxes: list[Any], painted: list[Painted]) -> None:
    """Nothing but the boxes themselves is drawn under the marks; pictures were overwritten there before."""
    inner = [pymupdf.Rect(box.x0 + _EDGE, box.y0 + _EDGE, box.x1 - _EDGE, box.y1 - _EDGE) for box in boxes]
    for one in painted:
        box = _upright(one.box, page.rect.height)
        if one.kind not in ("path", "line") or any(abs(box - mark) < 1 for mark in boxes):
            continue
        if any(box.x0 < mark.x1 and mark.x0 < box.x1 and box.y0 < mark.y1 and mark.y0 < box.y1 for mark in inner):
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
