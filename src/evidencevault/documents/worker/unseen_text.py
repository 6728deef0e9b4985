# mypy: disable-error-code="no-untyped-call"
"""Letters of a PDF's page that nobody sees: covered, in the colour of what is behind, outside, without ink.

A letter counts as unseen where the drawn page has one colour all over it; what was painted there later says why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pymupdf
from PIL import Image

from evidencevault.documents.worker.found import Found

_ZOOM = 2.0
_PIXELS = 6_000_000
_ALIKE = 10  # of 255: what differs less is not seen
_NEAR = 60  # of 255 in each colour: a thin stroke is blended with what is behind it
_TINY = 2.0  # points
_FAINT = 0.04
_NO_INK = 3  # PDF text rendering mode 3
_COVERS_MOST = 4000
_PAINTS = {"fill-path": "shape", "fill-image": "image", "fill-shade": "shape", "stroke-path": "line"}
_Box = tuple[float, float, float, float]
_Paint = tuple[int, str, _Box]  # place in the order of painting, what, where


@dataclass(slots=True)
class _Run:
    """Neighbouring letters with the same fate, on one line."""

    kind: str
    line: float
    text: str = ""
    end: float = 0.0


def listed(page: Any, number: int, found: Found) -> None:
    """Add what is unseen of this page (``number`` from 1). The page is turned upright for good."""
    page.set_rotation(0)
    spans = page.get_texttrace()
    if not any(span["chars"] for span in spans):
        return
    drawn = _Drawn(page)
    runs: list[_Run] = []
    for span in spans:
        _span(span, drawn, runs)
    joined: dict[str, list[str]] = {}
    for run in runs:
        if any(letter.isalnum() for letter in run.text):
            joined.setdefault(run.kind, []).append(run.text.strip())
    for kind, lines in joined.items():
        if kind == "covered":
            for line in lines:
                found.add(kind, number, line)
        else:  # a scan with a layer of text would else fill the list by itself
            found.long(kind, number, "\n".join(lines))


def _span(span: dict[str, Any], drawn: _Drawn, runs: list[_Run]) -> None:
    upright = abs(span["dir"][1]) < 0.01
    over = drawn.over(span)
    for code, _, origin, box in span["chars"]:
        letter = chr(code) if 0 < code < 0x110000 else "\ufffd"
        line = round(origin[1], 1) if upright else round(origin[0], 1)
        if not letter.isalnum():  # blanks have no ink, and dots too little: they go with the letters around them
            if runs and runs[-1].kind and runs[-1].line == line:
                runs[-1].text += letter
                runs[-1].end = box[2]
            continue
        kind = drawn.fate(span, _ink(origin, box, span["size"], upright), over)
        if not runs or runs[-1].kind != kind or (kind and abs(runs[-1].line - line) > 2):
            runs.append(_Run(kind, line))
        if kind:
            apart = runs[-1].text and upright and abs(box[0] - runs[-1].end) > 0.2 * span["size"]
            runs[-1].text += f" {letter}" if apart else letter
            runs[-1].end = box[2]


def _ink(origin: tuple[float, float], box: _Box, size: float, upright: bool) -> _Box:
    """Where a letter's ink must be: its line's neighbours and what underlines it are left out."""
    across = (box[2] - box[0]) * 0.05
    if upright:
        top, bottom = max(box[1], origin[1] - 0.7 * size), min(box[3], origin[1])
        if bottom > top:
            return box[0] + across, top, box[2] - across, bottom
    down = (box[3] - box[1]) * 0.1
    return box[0] + across, box[1] + down, box[2] - across, box[3] - down


class _Drawn:
    """The page as drawn, and what was painted on it, in order."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._rect = tuple(page.rect)
        wide, high = max(1.0, page.rect.width), max(1.0, page.rect.height)
        self._zoom = min(_ZOOM, math.sqrt(_PIXELS / (wide * high)))
        matrix = pymupdf.Matrix(self._zoom, self._zoom)
        pixels = page.get_pixmap(matrix=matrix, colorspace=pymupdf.csRGB, alpha=False)
        self._picture = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
        painted = [(at, _PAINTS[kind], box) for at, (kind, box, *_) in enumerate(page.get_bboxlog()) if kind in _PAINTS]
        painted.sort(key=lambda one: -_area(one[2]))
        self._painted = painted[:_COVERS_MOST]
        self._solid: dict[int, tuple[float, ...]] | None = None
        self._see_through: list[_Box] | None = None

    def over(self, span: dict[str, Any]) -> list[_Paint]:
        """What was painted after these letters, and touches them."""
        left, top, right, bottom = span["bbox"]
        return [
            one
            for one in self._painted
            if one[0] > span["seqno"]
            and one[2][0] <= right and one[2][2] >= left and one[2][1] <= bottom and one[2][3] >= top
        ]  # fmt: skip

    def fate(self, span: dict[str, Any], ink: _Box, over: list[_Paint]) -> str:
        """The kind of unseen that this letter is, empty if it is seen."""
        x, y = (ink[0] + ink[2]) / 2, (ink[1] + ink[3]) / 2
        left, top, right, bottom = self._rect
        if not (left <= x <= right and top <= y <= bottom):
            return "outside"
        if span["type"] == _NO_INK or span["opacity"] < _FAINT:
            return "invisible"
        if span["size"] < _TINY:
            return "tiny"
        later = [one for one in over if _within((x, y, x, y), one[2])]
        region = self._region(ink)
        if region is None:
            return ""
        extremes: Any = region.getextrema()
        if all(high - low <= _ALIKE for low, high in extremes):
            return "covered" if any(what != "line" for _, what, _ in later) else "invisible"
        return "covered" if any(self._hides(one, span, ink, region) for one in later) else ""

    def _region(self, ink: _Box) -> Image.Image | None:
        zoom, (left, top) = self._zoom, self._rect[:2]
        crop = (
            max(0, int((ink[0] - left) * zoom)),
            max(0, int((ink[1] - top) * zoom)),
            min(self._picture.width, math.ceil((ink[2] - left) * zoom)),
            min(self._picture.height, math.ceil((ink[3] - top) * zoom)),
        )
        return self._picture.crop(crop) if crop[2] > crop[0] and crop[3] > crop[1] else None

    def _hides(self, one: _Paint, span: dict[str, Any], ink: _Box, region: Image.Image) -> bool:
        """Whether this later paint hides a letter although there is something to be seen there, such as a label."""
        at, what, box = one
        if not _within(ink, box):
            return False
        if what == "image":
            return not any(_within(ink, other) for other in self._masked())
        fill = self._fills().get(at)
        if fill is None:
            return False
        colour = _rgb(span["color"])
        if _near(colour, fill):  # black on black: hidden if the shape is really there, and not clipped away
            return _share(region, fill) > 0.5
        return _share(region, colour) == 0

    def _fills(self) -> dict[int, tuple[float, ...]]:
        """The colour of every opaque rectangle, by its place in the order of painting."""
        if self._solid is None:
            self._solid = {}
            for one in self._page.get_cdrawings():
                rectangle = len(one["items"]) == 1 and one["items"][0][0] in ("re", "qu")
                if rectangle and one.get("fill") and (one.get("fill_opacity") or 0) > 0.95:
                    self._solid[one["seqno"]] = _rgb(one["fill"])
        return self._solid

    def _masked(self) -> list[_Box]:
        if self._see_through is None:
            self._see_through = [one["bbox"] for one in self._page.get_image_info() if one.get("has-mask")]
        return self._see_through


def _area(box: _Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _within(inner: _Box, outer: _Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _rgb(colour: Any) -> tuple[float, ...]:
    """0 to 255. Grey, RGB and CMYK by their number of parts, as MuPDF hands them out."""
    parts = [float(one) for one in (colour if isinstance(colour, (tuple, list)) else [colour])]
    if len(parts) == 4:
        return tuple(255 * (1 - min(1.0, one + parts[3])) for one in parts[:3])
    return tuple(255 * one for one in (parts if len(parts) == 3 else parts[:1] * 3))


def _near(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    return all(abs(one - other) <= _NEAR for one, other in zip(first, second, strict=True))


def _share(region: Image.Image, colour: tuple[float, ...]) -> float:
    """Which part of a region has about this colour."""
    counted: Any = region.getcolors(region.width * region.height) or []
    near = sum(int(count) for count, pixel in counted if _near(pixel, colour))
    return near / max(1, region.width * region.height)
