# mypy: disable-error-code="no-untyped-call"
"""Raster burn (mode D): render, overwrite the marked pixels, give them out packed. Nothing is copied."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pymupdf
from PIL import Image

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import packing, pages
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

_COARSEST = 100
"""Dots per inch below which letters of a page are no letters any more."""
_DRAWN, _READABLE = 48, 7
"""Pixels of a label's letters (em) as they are drawn once, and the least in a box: capitals of five pixels."""


def burn(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """A frame a page: its pixels, packed. ``marks``: rows of page, x0, y0, x1, y1 (points, origin top left), label.

    Further options: ``dpi``; ``first`` and ``step``, by which several processes share the pages.
    """
    data, dpi, marks = read(), int(question["dpi"]), list(question["marks"])
    with pages.opened(data, media_of(question, data), limits) as document:
        if any(not 1 <= mark[0] <= document.count for mark in marks):
            raise Failed(Reason.NO_SUCH_PAGE)
        for number in range(int(question["first"]), document.count + 1, int(question["step"])):
            width, height, picture = _drawn(document, number, dpi, limits)
            _overwrite(picture, [mark for mark in marks if mark[0] == number], width, height)
            yield {"page": number, "pages": document.count, "width": width, "height": height, **packing.packed(picture)}


def _drawn(document: pages.Paged, number: int, dpi: int, limits: Limits) -> tuple[float, float, Image.Image]:
    """Width and height in points, and the pixels."""
    if document.picture is not None:
        upright = document.frame(number).convert("RGB")
        width, height = pages.points(upright.width, upright.height)
        most = math.ceil(width * dpi / 72)
        if upright.width > most:
            upright = upright.resize((most, max(1, round(height * dpi / 72))))
        return width, height, Image.frombytes("RGB", upright.size, upright.tobytes())
    page = document.mupdf[number - 1]
    # A plan or a poster is drawn as finely as memory allows; it is read from further away.
    zoom = min(dpi / 72, math.sqrt(limits.pixels / (page.rect.width * page.rect.height)))
    if zoom < _COARSEST / 72:
        raise Failed(Reason.TOO_LARGE)
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return page.rect.width, page.rect.height, Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def _overwrite(picture: Image.Image, marks: list[Any], width: float, height: float) -> None:
    """Black over every pixel that a box touches; then the labels white on them, as large as fits."""
    across, down = picture.width / width, picture.height / height
    labelled: list[tuple[str, tuple[int, int, int, int]]] = []
    for _, left, top, right, bottom, label in marks:
        x0, x1 = max(0, math.floor(left * across)), min(picture.width, math.ceil(right * across))
        y0, y1 = max(0, math.floor(top * down)), min(picture.height, math.ceil(bottom * down))
        if x1 <= x0 or y1 <= y0:
            continue
        picture.paste((0, 0, 0), (x0, y0, x1, y1))
        if label:
            labelled.append((str(label), (x0, y0, x1, y1)))
    # A box that overlaps another one must not cut its label.
    for label, box in labelled:
        _write(picture, label, box)


def _write(picture: Image.Image, text: str, box: tuple[int, int, int, int]) -> None:
    x0, y0, x1, y1 = box
    line = _line(text)
    scale = min((x1 - x0) / line.width, (y1 - y0) / line.height)
    if scale * _DRAWN < _READABLE:
        return
    size = max(1, int(line.width * scale)), max(1, int(line.height * scale))
    at = x1 - size[0] if _from_the_right(text) else x0
    picture.paste(line.resize(size, Image.Resampling.BOX).convert("RGB"), (at, y0 + (y1 - y0 - size[1]) // 2))


def _from_the_right(text: str) -> bool:
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


@lru_cache(maxsize=256)
def _line(text: str) -> Image.Image:
    """A label white on black in one line, drawn once and fitted to each of its boxes."""
    styled = f'<p style="color:#fff;margin:0;white-space:nowrap;font-family:sans-serif;font-size:{_DRAWN}px">'
    with pymupdf.open() as document:
        page = document.new_page(width=_DRAWN * (len(text) + 2), height=2 * _DRAWN)
        page.draw_rect(page.rect, color=None, fill=(0, 0, 0))
        page.insert_htmlbox(page.rect, f"{styled}{html.escape(text)}</p>", scale_low=0)
        drawn = page.get_pixmap(colorspace=pymupdf.csGRAY, alpha=False)
        line = Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)
    ink = line.getbbox() or (0, 0, 1, 1)
    edge = _DRAWN // 8
    return line.crop((max(0, ink[0] - edge), 0, min(line.width, ink[2] + edge), max(ink[3] + edge, _DRAWN)))
