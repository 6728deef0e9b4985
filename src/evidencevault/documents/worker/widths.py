# mypy: disable-error-code="no-untyped-call"
"""How wide letters are set where a name is to be hidden: advances of the font and size under each box."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymupdf

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import pages
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

_MONO, _SERIF, _BOLD, _ITALIC = 8, 4, 16, 2
"""Bits of a span's flags (MuPDF)."""


def widths(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """A frame a place: points for each of the letters, and whether it is the document's own font; none: not measured.

    Options: places (rows of page, x0, y0, x1, y1 in points, origin top left), letters.
    """
    data, letters = read(), str(question["letters"])
    known: dict[tuple[int, str], Any] = {}
    with pages.opened(data, media_of(question, data), limits) as document:
        for number, *box in question["places"]:
            if not 1 <= number <= document.count:
                raise Failed(Reason.NO_SUCH_PAGE)
            span = None if document.mupdf is None else _span(document.mupdf[number - 1], pymupdf.Rect(box))
            if span is None:
                yield {"advances": [], "own": False}
                continue
            key = (int(number), str(span["font"]))
            if key not in known:
                known[key] = _embedded(document.mupdf, int(number), str(span["font"]))
            advances, own = _advances(known[key], _stand_in(int(span["flags"])), letters, float(span["size"]))
            yield {"advances": advances, "own": own}


def _span(page: Any, box: Any) -> Any:
    """The run of letters of which most lie in the box; None where there is none."""
    upright, best, most = page.rotation_matrix, None, 0
    for block in page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                inside = sum(1 for char in span["chars"] if box.contains(_middle(char["bbox"], upright)))
                if inside > most:
                    best, most = span, inside
    return best


def _middle(box: Any, upright: Any) -> Any:
    drawn = pymupdf.Rect(box) * upright
    return (drawn.tl + drawn.br) / 2


def _embedded(document: Any, number: int, name: str) -> Any:
    """The font program of the document by that name; None where it has none that can be used."""
    for xref, _, _, base, *_ in document.get_page_fonts(number - 1, full=True):
        if base.rpartition("+")[2] == name.rpartition("+")[2]:
            program = document.extract_font(xref)[3]
            if program:
                try:
                    return pymupdf.Font(fontbuffer=program)
                except (RuntimeError, ValueError):  # damaged, or of a kind that MuPDF draws and does not measure
                    return None
    return None


def _stand_in(flags: int) -> Any:
    """The standard font that is nearest in kind."""
    names = ("cour", "cobo", "coit", "cobi") if flags & _MONO else ("helv", "hebo", "heit", "hebi")
    if flags & _SERIF and not flags & _MONO:
        names = ("tiro", "tibo", "tiit", "tibi")
    return pymupdf.Font(names[bool(flags & _BOLD) + 2 * bool(flags & _ITALIC)])


def _advances(font: Any, stand_in: Any, letters: str, size: float) -> tuple[list[float], bool]:
    """Points for each letter, in the document's font where it has the letter; whether it had most of them."""
    found, own = [], 0
    for letter in letters:
        if font is not None and font.has_glyph(ord(letter)):
            found.append(font.glyph_advance(ord(letter)) * size)
            own += 1
        else:
            found.append(stand_in.glyph_advance(ord(letter)) * size)
    return found, own * 2 > len(letters)
