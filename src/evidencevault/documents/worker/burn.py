# mypy: disable-error-code="no-untyped-call"
"""Raster burn (mode D): render, overwrite the marked pixels, write a new PDF of pictures only. Nothing is copied."""

from __future__ import annotations

import html
import io
import math
import zlib
from collections.abc import Iterator
from typing import Any

import pymupdf
from PIL import Image, ImageChops

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import pages
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

QUALITY = 85


def burn(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """The burnt PDF. ``marks``: rows of page, x0, y0, x1, y1 (points, origin top left), label; ``dpi``."""
    data, dpi, marks = read(), int(question["dpi"]), list(question["marks"])
    out = _Pdf()
    with pages.opened(data, media_of(question, data), limits) as document:
        if any(not 1 <= mark[0] <= document.count for mark in marks):
            raise Failed(Reason.NO_SUCH_PAGE)
        for number in range(1, document.count + 1):
            width, height, picture = _drawn(document, number, dpi, limits)
            for mark in marks:
                if mark[0] == number:
                    _overwrite(picture, mark[1:5], str(mark[5]), picture.width / width, picture.height / height)
            out.page(width, height, picture)
    yield {"data": out.finish()}


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


def _label(text: str, width: int, height: int) -> Image.Image:
    with pymupdf.open() as document:
        page = document.new_page(width=width, height=height)
        page.draw_rect(page.rect, color=None, fill=(0, 0, 0))
        styled = f'<p style="color:#fff;margin:0;font-family:sans-serif;font-size:{height * 0.7:.0f}px">'
        page.insert_htmlbox(page.rect, f"{styled}{html.escape(text)}</p>", scale_low=0)
        drawn = page.get_pixmap(colorspace=pymupdf.csRGB, alpha=False)
        return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples).crop((0, 0, width, height))


class _Pdf:
    """The smallest PDF of one picture a page: no metadata, fonts or dates; the same input, the same bytes."""

    def __init__(self) -> None:
        self._objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
        self._kids: list[int] = []

    def page(self, width: float, height: float, picture: Image.Image) -> None:
        """Add a page of this size in points."""
        grey = picture.convert("L")
        if ImageChops.difference(picture, grey.convert("RGB")).getbbox() is None:
            picture = grey
        space = b"/DeviceGray" if picture.mode == "L" else b"/DeviceRGB"
        flat, jpeg = zlib.compress(picture.tobytes(), 6), io.BytesIO()
        picture.save(jpeg, "JPEG", quality=QUALITY, subsampling=0)
        body, kind = (flat, b"/FlateDecode") if len(flat) <= jpeg.tell() else (jpeg.getvalue(), b"/DCTDecode")
        drawn = b"q %.3f 0 0 %.3f 0 0 cm /I Do Q" % (width, height)
        first = len(self._objects) + 1
        self._kids.append(first)
        self._objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 R>>"
            % (width, height, first + 1, first + 2),
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace%b/BitsPerComponent 8/Filter%b/Length %d>>"
            % (picture.width, picture.height, space, kind, len(body))
            + b"\nstream\n" + body + b"\nendstream",
            b"<</Length %d>>\nstream\n" % len(drawn) + drawn + b"\nendstream",
        ]  # fmt: skip

    def finish(self) -> bytes:
        """The whole file."""
        kids = b" ".join(b"%d 0 R" % one for one in self._kids)
        self._objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._kids), kids)
        out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self._objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
        return bytes(out)
