# mypy: disable-error-code="no-untyped-call"
"""Raster burn (mode D): render, overwrite the marked pixels, give them out packed. Nothing is copied."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pymupdf
from PIL import Image

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import packing, pages
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of


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
            for mark in marks:
                if mark[0] == number:
                    _overwrite(picture, mark[1:5], str(mark[5]), picture.width / width, picture.height / height)
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
    zoom = dpi / 72
    if page.rect.width * page.rect.height * zoom * zoom > limits.pixels:
        raise Failed(Reason.TOO_LARGE)
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return page.rect.width, page.rect.height, Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def _overwrite(picture: Image.Image, box: list[float], label: str, across: float, down: float) -> None:
    """Black over every pixel the box touches; the label white on it, as large as fits."""
    x0, x1 = max(0, math.floor(box[0] * across)), min(picture.width, math.ceil(box[2] * across))
    y0, y1 = max(0, math.floor(box[1] * down)), min(picture.height, math.ceil(box[3] * down))
    if x1 <= x0 or y1 <= y0:
        return
    picture.paste((0, 0, 0), (x0, y0, x1, y1))
    if label and x1 - x0 > 8 and y1 - y0 > 8:
        picture.paste(_label(label, x1 - x0, y1 - y0), (x0, y0))


@lru_cache(maxsize=64)
def _label(text: str, width: int, height: int) -> Image.Image:
    with pymupdf.open() as document:
        page = document.new_page(width=width, height=height)
        page.draw_rect(page.rect, color=None, fill=(0, 0, 0))
        styled = f'<p style="color:#fff;margin:0;font-family:sans-serif;font-size:{height * 0.7:.0f}px">'
        page.insert_htmlbox(page.rect, f"{styled}{html.escape(text)}</p>", scale_low=0)
        drawn = page.get_pixmap(colorspace=pymupdf.csRGB, alpha=False)
        return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples).crop((0, 0, width, height))
