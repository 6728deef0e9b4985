# mypy: disable-error-code="no-untyped-call"
"""Images decoded to pixels, overwritten where they must not be seen, and written anew: no byte of the source stays."""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
import pymupdf
from pikepdf import Dictionary, Name, Object, Stream
from PIL import Image, ImageChops, ImageDraw

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker.structural_keys import unsafe

QUALITY = 90
DENSEST = 300
"""Pixels an inch: finer ones can not be seen on the page and could hold what nobody marked."""
_FAINT = 16
"""Of 255: an alpha below which a colour is not seen."""
_FAR = 1e4
Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """What may be seen of an image: within ``shown``, not within ``hidden``. User space."""

    shown: Box
    hidden: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Pixels:
    colour: Image.Image | None  # None for a stencil
    alpha: Image.Image | None


class Images:
    """The images of one open document."""

    def __init__(self, document: Any, out: pikepdf.Pdf, limits: Limits) -> None:
        self._document = document
        self._out = out
        self._left = 4 * limits.pixels
        self._written: dict[tuple[int, tuple[int, int]], Object] = {}

    def rewritten(self, source: Object, ctm: Matrix, window: Window) -> Object | None:
        """The image as it may be seen under this matrix; None where nothing of it can be seen. Failed if not clear."""
        if not isinstance(source, Stream) or "/Matte" in source.get("/SMask", {}):
            raise unsafe()
        wide, high = int(source.get("/Width", 0)), int(source.get("/Height", 0))
        if not 0 < wide * high <= self._left:
            raise unsafe()
        size = _size(wide, high, ctm)
        if size is None:
            return None
        cover = _cover(size, ctm, window)
        key = (source.objgen[0], size)
        if cover is None and key in self._written:
            return self._written[key]
        self._left -= wide * high
        pixels = self._decoded(source)
        made = self._encoded(_resized(pixels, size), cover)
        if cover is None:
            self._written[key] = made
        return made

    def _decoded(self, source: Stream) -> _Pixels:
        drawn = self._pixmap(source)
        if source.get("/ImageMask", False):
            return _Pixels(None, _grey(drawn))
        space = pymupdf.csGRAY if drawn.colorspace is not None and drawn.colorspace.n == 1 else pymupdf.csRGB
        alpha: Image.Image | None = None
        if drawn.alpha:
            alpha = Image.frombytes("L", (drawn.width, drawn.height), bytes(drawn.samples[drawn.n - 1 :: drawn.n]))
        solid = pymupdf.Pixmap(space, pymupdf.Pixmap(drawn, 0) if drawn.alpha else drawn)
        mode = "L" if solid.n == 1 else "RGB"
        colour = Image.frombytes(mode, (solid.width, solid.height), solid.samples)
        mask: Any = source.get("/SMask", source.get("/Mask"))
        if isinstance(mask, Stream):
            alpha = _grey(self._pixmap(mask))
            larger = (max(colour.width, alpha.width), max(colour.height, alpha.height))
            colour, alpha = colour.resize(larger), alpha.resize(larger)
        return _Pixels(colour, alpha)

    def _pixmap(self, source: Stream) -> Any:
        wide, high = int(source.get("/Width", 0)), int(source.get("/Height", 0))
        if not source.is_indirect or not 0 < wide * high <= self._left + 1:
            raise unsafe()
        return pymupdf.Pixmap(self._document, source.objgen[0])

    def _encoded(self, pixels: _Pixels, cover: Image.Image | None) -> Object:
        alpha = pixels.alpha
        if alpha is not None and cover is not None:
            alpha.paste(0, mask=cover)
        if pixels.colour is None:
            if alpha is None:
                raise unsafe()
            return self._stencil(alpha)
        colour = pixels.colour
        if cover is not None:
            colour.paste(0, mask=cover)
        keys = Dictionary(Type=Name.XObject, Subtype=Name.Image)
        if alpha is not None:
            # What lies under nothing is not seen: it must not be there.
            colour.paste(0, mask=alpha.point(lambda value: 255 if value < _FAINT else 0))
            soft = Dictionary(Type=Name.XObject, Subtype=Name.Image)
            keys["/SMask"] = self._stream(alpha, soft, lossless=True)
        return self._stream(colour, keys, lossless=False)

    def _stencil(self, alpha: Image.Image) -> Object:
        bits = alpha.point(lambda value: 0 if value > 127 else 255).convert("1", dither=Image.Dither.NONE)
        keys = Dictionary(Type=Name.XObject, Subtype=Name.Image, ImageMask=True, BitsPerComponent=1)
        keys["/Width"], keys["/Height"] = bits.width, bits.height
        keys["/Filter"] = Name.FlateDecode
        return self._out.make_stream(zlib.compress(bits.tobytes(), 6), keys)

    def _stream(self, picture: Image.Image, keys: Dictionary, lossless: bool) -> Object:
        if picture.mode == "RGB":
            grey = picture.convert("L")
            picture = grey if ImageChops.difference(picture, grey.convert("RGB")).getbbox() is None else picture
        keys["/Width"], keys["/Height"], keys["/BitsPerComponent"] = picture.width, picture.height, 8
        keys["/ColorSpace"] = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
        body, kind = zlib.compress(picture.tobytes(), 6), Name.FlateDecode
        if not lossless:
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=QUALITY, subsampling=0)
            if jpeg.tell() < len(body):
                body, kind = jpeg.getvalue(), Name.DCTDecode
        keys["/Filter"] = kind
        return self._out.make_stream(body, keys)


def _grey(drawn: Any) -> Image.Image:
    """A mask as coverage: 255 where it lets paint through."""
    if drawn.n != 1:
        drawn = pymupdf.Pixmap(pymupdf.csGRAY, drawn)
    return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


def _resized(pixels: _Pixels, size: tuple[int, int]) -> _Pixels:
    def fit(picture: Image.Image | None) -> Image.Image | None:
        return picture if picture is None or picture.size == size else picture.resize(size, Image.Resampling.BOX)

    return _Pixels(fit(pixels.colour), fit(pixels.alpha))


def _size(wide: int, high: int, ctm: Matrix) -> tuple[int, int] | None:
    across, down = math.hypot(ctm[0], ctm[1]), math.hypot(ctm[2], ctm[3])
    if not all(map(math.isfinite, ctm)) or abs(ctm[0] * ctm[3] - ctm[1] * ctm[2]) < 1e-9:
        return None
    return (
        max(1, min(wide, math.ceil(across * DENSEST / 72))),
        max(1, min(high, math.ceil(down * DENSEST / 72))),
    )


def _cover(size: tuple[int, int], ctm: Matrix, window: Window) -> Image.Image | None:
    """The pixels to overwrite; None where there is none."""
    outside = Image.new("L", size, 255)
    ImageDraw.Draw(outside).polygon(_corners(window.shown, size, ctm), fill=0, outline=0)
    for box in window.hidden:
        # Wider by a pixel: those on the border hold a part of what is under the mark.
        corners = _corners(box, size, ctm)
        ImageDraw.Draw(outside).polygon(corners, fill=255)
        # The outline of a polygon is drawn within it; lines are drawn on both sides.
        ImageDraw.Draw(outside).line([*corners, corners[0], corners[1]], fill=255, width=4)
    return outside if outside.getextrema()[1] else None


def _corners(box: Box, size: tuple[int, int], ctm: Matrix) -> Sequence[tuple[float, float]]:
    """The corners of a box of user space, in pixels of the image."""
    a, b, c, d, e, f = ctm
    det = a * d - b * c
    found = []
    for x, y in ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])):
        u, v = (d * (x - e) - c * (y - f)) / det, (a * (y - f) - b * (x - e)) / det
        u, v = max(-_FAR, min(_FAR, u)), max(-_FAR, min(_FAR, v))
        found.append((u * size[0] - 0.5, (1 - v) * size[1] - 0.5))
    return found
