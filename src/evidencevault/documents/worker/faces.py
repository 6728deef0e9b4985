# mypy: disable-error-code="no-untyped-call"
"""Where faces are: pictures and rendered pages, looked at whole, turned, and in enlarged tiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import pages
from evidencevault.documents.worker.centerface import THRESHOLD, UNUSUAL, Found, Network, thinned
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

NETWORK = Network()
"""Loaded at import, before the worker is confined: afterwards the file could not be read."""
MARGIN = 0.3
"""Of width and height, added on each side: the network marks eyes to chin, hair and ears give a child away too."""
_DPI = 200
_WHOLE = 1024
_FINE = (2560, 4096)
_TILE, _LAP = 1024, 128


def faces(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """An answer a page: its number and rows of x0, y0, x1, y1 (points), score. ``pages`` from 1; none means all."""
    data = read()
    with pages.opened(data, media_of(question, data), limits) as document:
        for number in [int(one) for one in question["pages"]] or range(1, document.count + 1):
            if not 1 <= number <= document.count:
                raise Failed(Reason.NO_SUCH_PAGE)
            width, height, picture = _drawn(document, number, limits)
            across, down = width / picture.width, height / picture.height
            found = [_widened(face) for face in seen(picture)]
            rows = [
                [max(0.0, x0 * across), max(0.0, y0 * down), min(width, x1 * across), min(height, y1 * down), score]
                for x0, y0, x1, y1, score in found
            ]
            yield {"page": number, "faces": [row for row in rows if row[0] < row[2] and row[1] < row[3]]}


def seen(picture: Image.Image) -> list[Found]:
    """Faces in pixels of an RGB picture, each once, the surest first."""
    found = list(_whole(picture, THRESHOLD))
    for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270):
        # Photographs lie on scanners as they come; faces on their side are half as sure to the network.
        found += [_turned_back(face, turn, picture) for face in _whole(picture.transpose(turn), UNUSUAL)]
    return thinned(found + list(_tiles(picture)))


def _whole(picture: Image.Image, threshold: float) -> Iterator[Found]:
    """One look at the picture made small, for faces that fill it."""
    scale = min(1.0, _WHOLE / max(picture.size))
    for face in NETWORK.faces(_resized(picture, scale), threshold):
        yield _scaled(face, 1 / scale)


def _tiles(picture: Image.Image) -> Iterator[Found]:
    """Looks at parts, small pictures enlarged: of pedestrians 20 pixels high two were found instead of none."""
    longest = max(picture.size)
    scale = min(2.0, max(1.0, _FINE[0] / longest)) if longest <= _FINE[1] else _FINE[1] / longest
    pixels = _resized(picture, scale)
    for top in _starts(pixels.shape[0]):
        for left in _starts(pixels.shape[1]):
            for face in NETWORK.faces(pixels[top : top + _TILE, left : left + _TILE], UNUSUAL):
                moved = Found(face.x0 + left, face.y0 + top, face.x1 + left, face.y1 + top, face.score)
                yield _scaled(moved, 1 / scale)


def _starts(length: int) -> range:
    return range(0, max(1, length - _LAP), _TILE - _LAP)


def _resized(picture: Image.Image, scale: float) -> NDArray[np.uint8]:
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return np.asarray(picture if size == picture.size else picture.resize(size, Image.Resampling.BICUBIC))


def _scaled(face: Found, by: float) -> Found:
    return Found(face.x0 * by, face.y0 * by, face.x1 * by, face.y1 * by, face.score)


def _turned_back(face: Found, turn: Image.Transpose, picture: Image.Image) -> Found:
    """A box in the turned picture (Pillow turns against the clock) as a box in the picture itself."""
    width, height = picture.size
    if turn is Image.Transpose.ROTATE_90:
        return Found(width - face.y1, face.x0, width - face.y0, face.x1, face.score)
    if turn is Image.Transpose.ROTATE_180:
        return Found(width - face.x1, height - face.y1, width - face.x0, height - face.y0, face.score)
    return Found(face.y0, height - face.x1, face.y1, height - face.x0, face.score)


def _widened(face: Found) -> tuple[float, float, float, float, float]:
    across, down = (face.x1 - face.x0) * MARGIN, (face.y1 - face.y0) * MARGIN
    return face.x0 - across, face.y0 - down, face.x1 + across, face.y1 + down, face.score


def _drawn(document: pages.Paged, number: int, limits: Limits) -> tuple[float, float, Image.Image]:
    """Width and height in points, and the pixels: all that a picture has, a page at 200 dots an inch."""
    if document.picture is not None:
        wide, high, rgb = pages.pixmap(document, number, limits.pixels, limits)
        return *pages.points(wide, high), Image.frombytes("RGB", (wide, high), rgb)
    size = document.mupdf[number - 1].rect
    scale = min(_DPI / 72, _FINE[1] / max(size.width, size.height, 1.0))
    wide, high, rgb = pages.pixmap(document, number, max(1, round(size.width * scale)), limits)
    return size.width, size.height, Image.frombytes("RGB", (wide, high), rgb)
