# mypy: disable-error-code="no-untyped-call"
"""Text out of pixels: MuPDF's own Tesseract over pages as they are drawn, with a box for each character.

Within a word Tesseract's boxes are parted evenly, so only whole words have boxes to rely on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pymupdf

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import pages
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

DPI = 200
_SMALL = 300.0
"""Points: a page that is narrower is drawn finer, up to twice as fine."""


def ocr(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """A frame a page, as ``text`` gives them. Options: pages (none: all), languages ("nld+eng"), tessdata (folder)."""
    data = read()
    total = 0
    with pages.opened(data, media_of(question, data), limits) as document:
        for number in question["pages"] or range(1, document.count + 1):
            if not 1 <= number <= document.count:
                raise Failed(Reason.NO_SUCH_PAGE)
            width, height, pixels = _drawn(document, number, limits)
            letters, boxes = _recognised(pixels, width, str(question["languages"]), str(question["tessdata"]))
            total += len(letters)
            if total > limits.text or len(letters) > limits.page_text:
                raise Failed(Reason.TOO_LARGE)
            yield {"page": number, "width": width, "height": height, "text": letters, "data": boxes}


def _drawn(document: pages.Paged, number: int, limits: Limits) -> tuple[float, float, Any]:
    """Width and height in points, and the pixels in RGB: in grey ones MuPDF recognises nothing, and says nothing."""
    if document.picture is not None:
        upright = document.frame(number).convert("RGB")
        width, height = pages.points(upright.width, upright.height)
        most = round(width * _zoom(width, height, limits))
        if upright.width > most:
            upright = upright.resize((most, max(1, round(upright.height * most / upright.width))))
        return width, height, pymupdf.Pixmap(pymupdf.csRGB, upright.width, upright.height, upright.tobytes(), False)
    page = document.mupdf[number - 1]
    zoom = _zoom(page.rect.width, page.rect.height, limits)
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return page.rect.width, page.rect.height, drawn


def _zoom(width: float, height: float, limits: Limits) -> float:
    """Pixels a point: finer for narrow pages, coarser for those that would not fit into memory."""
    wanted = DPI / 72 * min(2.0, max(1.0, _SMALL / max(width, 1.0)))
    return min(wanted, math.sqrt(limits.pixels / max(width * height, 1.0)))


def _recognised(pixels: Any, width: float, languages: str, tessdata: str) -> tuple[str, bytes]:
    """Characters, and four floats for each in points of the page; a newline after each line."""
    made = pixels.pdfocr_tobytes(compress=False, language=languages, tessdata=tessdata)
    with pymupdf.open(stream=made, filetype="pdf") as document:
        scale = width / max(document[0].rect.width, 1.0)
        return pages.letters_of(document[0], scale)
