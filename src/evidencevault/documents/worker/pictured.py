# mypy: disable-error-code="no-untyped-call"
"""Whether a page may say more than its characters do: pixels, outlines of letters, letters that are not what they seem.

Where it may, text recognition reads it too. A page too many costs a second, one too few a name.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import pymupdf

_PICTURE = 24.0
"""Points: a picture that is smaller holds no word."""
_SHARE = 0.01
"""Of the page: scans come in strips, too, each lower than a letter."""
_LETTER, _OUTLINES = 40.0, 12
"""Points, and how many drawn shapes of at most that size could be a word in outlines."""
_THIN = 1.5
"""Points: what is thinner is a rule or the border of a cell."""
_POINTS, _SHAPES = 40, 2_000
"""Lines and curves of one shape from which it could be a word in one; shapes up to which each is looked at."""
_STRANGE = 3
"""Characters without a meaning from which the letters of a page are not believed."""


def pictured(page: Any, letters: str) -> bool:
    """Whether text recognition could find more on the page than its characters (``letters``)."""
    return (
        not letters.strip()
        or _meaningless(letters)
        or _drawn_letters(page)
        or _passed_off(page, letters)
        or _drawn(page)
    )


def _meaningless(letters: str) -> bool:
    """Characters that stand for none: the font says what they look like, and not what they are."""
    return sum(c == "\ufffd" or unicodedata.category(c) == "Co" for c in letters) >= _STRANGE


def _drawn_letters(page: Any) -> bool:
    """A Type 3 font draws anything for any character (ISO 32000-1, 9.6.5)."""
    return bool(page.parent.is_pdf) and any(font[2] == "Type3" for font in page.get_fonts(full=True))


def _passed_off(page: Any, letters: str) -> bool:
    """Whether characters stand for others in the file's own words (ActualText; ISO 32000-1, 14.9.4)."""
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_IGNORE_ACTUALTEXT
    return bool(page.parent.is_pdf) and page.get_text("text", flags=flags).split() != letters.split()


def _drawn(page: Any) -> bool:
    pixels, outlines, low = 0.0, 0, False
    shapes = page.get_bboxlog()
    for kind, box in shapes:
        drawn = pymupdf.Rect(box) & page.rect
        if "image" in kind or "imgmask" in kind:
            pixels += drawn.width * drawn.height
            large = drawn.width > _PICTURE and drawn.height > _PICTURE / 3
            if large or pixels > _SHARE * page.rect.width * page.rect.height:
                return True
        elif kind in ("fill-path", "stroke-path"):
            outlines += _THIN < drawn.width < _LETTER and _THIN < drawn.height < _LETTER
            low = low or 4 < min(drawn.width, drawn.height) < _LETTER <= max(drawn.width, drawn.height)
    return outlines >= _OUTLINES or (low and len(shapes) <= _SHAPES and _intricate(page))


def _intricate(page: Any) -> bool:
    """Whether one low shape has as many corners as a word in outlines has."""
    return any(
        len(shape["items"]) >= _POINTS and 4 < min(shape["rect"][3] - shape["rect"][1], _width(shape)) < _LETTER
        for shape in page.get_cdrawings()
        if "items" in shape
    )


def _width(shape: Any) -> float:
    return float(shape["rect"][2] - shape["rect"][0])
