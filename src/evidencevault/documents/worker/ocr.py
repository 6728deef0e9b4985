# mypy: disable-error-code="no-untyped-call"
"""Text out of pixels: MuPDF's own Tesseract over pages as they are drawn, with a box for each character.

Within a word Tesseract's boxes are parted evenly, so only whole words have boxes to rely on.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import Any

import pymupdf
from PIL import Image, ImageChops, ImageStat

from evidencevault.documents.requests import OCR_DPI, Limits, Reason
from evidencevault.documents.worker import pages, turning
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

_SMALL = 300.0
"""Points: a page that is narrower is drawn finer, up to twice as fine."""
_SHORT = 1754
"""Pixels of the shorter side of a picture, that of A4 at 200 dpi, to which a larger one is made smaller.

By the shorter side: a picture of a long conversation is narrow, and its letters are as small as those of any screen.
"""
_LOW, _ENLARGED = 16.0, 2_100_000
"""Pixels of the height of letters below which a page is read again twice as large (of letters of 8 to 10 pixels a
quarter to a tenth of the words is lost, and none so), and pixels of a page up to which that is done."""
_LONGEST = 30_000
"""Pixels: Tesseract takes no picture with a side of 32,768 (ImageData, INT16_MAX)."""


_RESTLESS, _LEAST = 0.25, 300_000
"""The share of neighbours, dark and light, from which pixels are noise or dots (small print has 0.12, noise 0.5), and
the pixels down to which these are smoothed. Over five minutes went into four million pixels of noise."""


def ocr(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """A frame a page, as ``text`` gives them. Options: pages (none: all), languages ("nld+eng"), tessdata (folder)."""
    data = read()
    total = 0

    languages, tessdata = str(question["languages"]), str(question["tessdata"])

    def reads(picture: Image.Image, width: float) -> tuple[str, bytes]:
        said = _recognised(picture, width, languages, tessdata)
        if picture.width * picture.height > _ENLARGED or _height(said[1]) * picture.width / max(width, 1.0) >= _LOW:
            return said
        larger = picture.resize((2 * picture.width, 2 * picture.height), Image.Resampling.BICUBIC)
        return _recognised(larger, width, languages, tessdata)

    def glances(picture: Image.Image, language: str) -> str:
        return _recognised(picture, 100.0, language, tessdata)[0]

    with pages.opened(data, media_of(question, data), limits) as document:
        for number in question["pages"] or range(1, document.count + 1):
            if not 1 <= number <= document.count:
                raise Failed(Reason.NO_SUCH_PAGE)
            width, height, picture = _drawn(document, number, limits)
            letters, boxes = turning.read(_calmed(picture), width, height, reads, _scripts(languages), glances)
            total += len(letters)
            if total > limits.text or len(letters) > limits.page_text:
                raise Failed(Reason.TOO_LARGE)
            yield {"page": number, "width": width, "height": height, "text": letters, "data": boxes}


def _scripts(languages: str) -> list[str]:
    """A language of each script: what is in neither is read by every language in turn, and that takes long."""
    named = languages.split("+")
    latin = [one for one in named if one != "ara"]
    return [*latin[:1], *(one for one in named if one == "ara")]


def _drawn(document: pages.Paged, number: int, limits: Limits) -> tuple[float, float, Image.Image]:
    """Width and height in points, and the pixels, never more than allowed: what is too large is read coarser."""
    if document.picture is not None:
        upright = document.frame(number).convert("RGB")
        width, height = pages.points(upright.width, upright.height)
        return width, height, _resized(upright, limits)
    page = document.mupdf[number - 1]
    wide, high = max(page.rect.width, 1.0), max(page.rect.height, 1.0)
    zoom = OCR_DPI / 72 * min(2.0, max(1.0, _SMALL / wide))
    zoom = min(zoom, math.sqrt(limits.pixels / (wide * high)), _LONGEST / max(wide, high))
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return page.rect.width, page.rect.height, Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def _resized(picture: Image.Image, limits: Limits) -> Image.Image:
    wide, high = picture.size
    factor = min(1.0, _SHORT / min(wide, high), math.sqrt(limits.pixels / (wide * high)), _LONGEST / max(wide, high))
    if factor == 1:
        return picture
    return picture.resize((max(1, int(wide * factor)), max(1, int(high * factor))), Image.Resampling.BICUBIC)


def _height(boxes: bytes) -> float:
    """Points that a quarter of the letters do not exceed in height; 0 where there are none."""
    heights = sorted(y1 - y0 for _, y0, _, y1 in struct.iter_unpack("<4f", boxes) if y1 > y0)
    return heights[len(heights) // 4] if heights else 0.0


def _calmed(picture: Image.Image) -> Image.Image:
    """Noise and the dots of a print smoothed away, half as fine at each step."""
    while picture.width * picture.height > _LEAST and _restlessness(picture) > _RESTLESS:
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)), Image.Resampling.BOX)
    return picture


def _restlessness(picture: Image.Image) -> float:
    """How many pixels, of all, are dark beside a light one."""
    grey = picture.convert("L")
    middle = ImageStat.Stat(grey).mean[0]
    inked = grey.point([255 * (value < middle) for value in range(256)])
    changes = ImageChops.difference(inked, ImageChops.offset(inked, 1, 0))
    return changes.histogram()[255] / (inked.width * inked.height)


def _recognised(picture: Image.Image, width: float, languages: str, tessdata: str) -> tuple[str, bytes]:
    """Characters, and four floats for each in points of a page of this width; a newline after each line."""
    # In grey pixels MuPDF recognises nothing, and says nothing.
    pixels = pymupdf.Pixmap(pymupdf.csRGB, picture.width, picture.height, picture.tobytes(), False)
    made = pixels.pdfocr_tobytes(compress=False, language=languages, tessdata=tessdata)
    with pymupdf.open(stream=made, filetype="pdf") as document:
        scale = width / max(document[0].rect.width, 1.0)
        return pages.letters_of(document[0], scale)
