# mypy: disable-error-code="no-untyped-call"
"""How wide texts would be in the letters that stand under a box: advances of the font, and how the line is spaced."""

from __future__ import annotations

import array
import itertools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from string import ascii_letters
from typing import Any

import pymupdf

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import pages
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

_FONTS = 256
_LEVEL = 0.999
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP


@dataclass(frozen=True, slots=True)
class _Letter:
    """A character as set: where it starts, how far it moves the pen, in which span and line; points, page upright."""

    text: str
    x: float
    advance: float
    box: Any
    font: str
    flags: int
    size: float
    line: int


def widths(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """For each of ``places`` (page, x0, y0, x1, y1) font, size, spacing, space, substitute as float32; then for each
    font the advances of ``characters`` in em, -1 where it has none. Font -1: not measurable (pictures, vertical text).
    """
    data, places, characters = read(), list(question["places"]), str(question["characters"])
    out, fonts = array.array("f"), _Fonts(characters)
    with pages.opened(data, media_of(question, data), limits) as document:
        if any(not 1 <= place[0] <= document.count for place in places):
            raise Failed(Reason.NO_SUCH_PAGE)
        lines: dict[int, list[_Letter]] = {}
        for number, *box in places:
            if document.mupdf is None:
                out.extend(_UNMEASURED)
                continue
            if number not in lines:  # one page's letters at a time: a document may have very many
                lines = {number: _letters(document.mupdf[number - 1], limits)}
            out.extend(_setting(document.mupdf, number, lines[number], box, fonts))
    for advances in fonts.advances:
        out.extend(advances)
    if sys.byteorder == "big":
        out.byteswap()
    yield {"fonts": len(fonts.advances), "data": out.tobytes()}


_UNMEASURED = (-1.0, 0.0, 0.0, 0.0, 0.0)


def _letters(page: Any, limits: Limits) -> list[_Letter]:
    found: list[_Letter] = []
    upright, number = page.rotation_matrix, 0
    for block in page.get_text("rawdict", flags=_FLAGS)["blocks"]:
        for line in block.get("lines", ()):
            number += 1
            if (
                pymupdf.Point(line["dir"]) * pymupdf.Matrix(upright.a, upright.b, upright.c, upright.d, 0, 0)
            ).x < _LEVEL:
                continue
            for span in line["spans"]:
                for char in span["chars"]:
                    box = pymupdf.Rect(char["bbox"]) * upright
                    at = pymupdf.Point(char["origin"]) * upright
                    kind = span["font"], span["flags"], span["size"], number
                    found.append(_Letter(char["c"], at.x, box.width, box, *kind))
            if len(found) > limits.page_text:
                raise Failed(Reason.TOO_LARGE)
    return found


def _setting(document: Any, page: int, letters: list[_Letter], box: list[float], fonts: _Fonts) -> tuple[float, ...]:
    x0, y0, x1, y1 = box
    under = [
        one
        for one in letters
        if x0 <= (one.box.x0 + one.box.x1) / 2 <= x1 and y0 <= (one.box.y0 + one.box.y1) / 2 <= y1 and one.text.strip()
    ]
    if not under or under[0].size <= 0:
        return _UNMEASURED
    first = under[0]
    index, substitute = fonts.index(document, page, first, letters)
    if index < 0:
        return _UNMEASURED
    line = [one for one in letters if one.line == first.line]
    spacing, space = _spacing(line, first)
    return float(index), first.size, spacing, space, float(substitute)


def _spacing(line: list[_Letter], first: _Letter) -> tuple[float, float]:
    """What is added after each letter (Tc, ISO 32000 9.3.2), and how far a space moves the pen (with Tw)."""
    extra, spaces = [], []
    for one, after in itertools.pairwise(line):
        pitch = after.x - one.x
        if one.text.isspace():
            spaces.append(pitch)
        elif not after.text.isspace() and one.font == first.font:
            extra.append(pitch - one.advance)
    spacing = median(extra) if extra else 0.0
    # MuPDF's boxes are floats: what is less than a hundredth of a letter is no spacing.
    spacing = spacing if abs(spacing) > 0.004 * first.size else 0.0
    return spacing, median(spaces) if spaces else first.size / 4


class _Fonts:
    """The distinct fonts met so far and their advances. What the page itself shows outweighs the font program."""

    def __init__(self, characters: str) -> None:
        self._characters = characters
        self._known: dict[tuple[int, str, int, float], tuple[int, bool]] = {}
        self.advances: list[list[float]] = []

    def index(self, document: Any, page: int, first: _Letter, letters: list[_Letter]) -> tuple[int, bool]:
        """The font's number, -1 where there are too many; whether a standard font stands in for part of it."""
        # By page: two pages may mean different programs by one name.
        key = page, first.font, first.flags, first.size
        if key not in self._known:
            if len(self.advances) >= _FONTS:
                return -1, False
            advances, substitute = self._measured(document, page, first, letters)
            self._known[key] = len(self.advances), substitute
            self.advances.append(advances)
        return self._known[key]

    def _measured(self, document: Any, page: int, first: _Letter, letters: list[_Letter]) -> tuple[list[float], bool]:
        seen: dict[str, float] = {}
        for one in letters:
            if (one.font, one.flags, one.size) == (first.font, first.flags, first.size):
                seen[one.text] = one.advance / first.size
        own, standard = _embedded(document, page, first.font), pymupdf.Font(_standard(first))
        close = [
            seen[c] / there for c in seen if c.strip() and (there := _advance(standard, c)) > 0 and 0 < seen[c] < 10
        ]
        scale = median(close) if close else 1.0
        advances, substitute = [], False
        for char in self._characters:
            wide = seen.get(char, -1.0)
            if not 0 <= wide < 10 and own is not None:
                wide = _advance(own, char)
            if not 0 <= wide < 10 and (stand_in := _advance(standard, char)) >= 0:
                wide = stand_in * scale
                substitute = substitute or (char in ascii_letters and not _is_standard(first.font))
            advances.append(wide if 0 <= wide < 10 else -1.0)
        return advances, substitute


def _advance(font: Any, char: str) -> float:
    """In em; -1 where the font has no such letter. A subset may keep the code and drop the outline: width 0."""
    if not font.has_glyph(ord(char)):
        return -1.0
    wide = float(font.glyph_advance(ord(char)))
    return wide if math.isfinite(wide) and wide > 0 else -1.0


def _embedded(document: Any, page: int, name: str) -> Any:
    """The font program of the page by that name, None where there is none or it can not be read."""
    if not document.is_pdf:
        return None
    for row in document.get_page_fonts(page - 1):
        xref, extension, called = row[0], row[1], str(row[3])
        if extension != "n/a" and _plain(called) == _plain(name):
            try:
                return pymupdf.Font(fontbuffer=document.extract_font(xref)[3])
            except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):  # the standard font stands in
                return None
    return None


def _plain(name: str) -> str:
    """A font's name without the mark of a subset; MuPDF and the file differ in its blanks ("Inter Regular")."""
    return "".join(char for char in name.split("+", 1)[-1].casefold() if char.isalnum())


def _is_standard(name: str) -> bool:
    return name.lower() in pymupdf.Base14_fontdict


def _standard(letter: _Letter) -> str:
    """The code of the standard font that is nearest: by name, else by serif, weight and slope."""
    if _is_standard(letter.font):
        return letter.font
    bold, italic = bool(letter.flags & pymupdf.TEXT_FONT_BOLD), bool(letter.flags & pymupdf.TEXT_FONT_ITALIC)
    if letter.flags & pymupdf.TEXT_FONT_MONOSPACED:
        family = ("cour", "coit", "cobo", "cobi")
    elif letter.flags & pymupdf.TEXT_FONT_SERIFED:
        family = ("tiro", "tiit", "tibo", "tibi")
    else:
        family = ("helv", "heit", "hebo", "hebi")
    return family[2 * bold + italic]
