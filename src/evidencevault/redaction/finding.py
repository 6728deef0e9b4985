"""Suggestions: where on the pages a term, a person or a pattern stands, as boxes over whole glyphs.

Nothing here marks anything: what is found becomes a mark when a member takes it over (plans.mark).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

from evidencevault.documents.requests import PageText
from evidencevault.errors import Refused
from evidencevault.redaction import areas, likeness, widening
from evidencevault.redaction.areas import Point
from evidencevault.redaction.found import ROOM, Found, Spot, merged, whole_words, without_doubles
from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import Glyph, Page, pattern_of
from evidencevault.redaction.patterns import PATTERNS, spans
from evidencevault.redaction.persons import person_patterns
from evidencevault.resources import tr

_Search = Callable[[Page], Iterable[tuple[Box, ...]]]
_WIDEST = 14_400
"""Points: no page of a PDF is wider (ISO 32000, annex C); stands for the size of a picture."""


class Finder:
    """The pages of one exhibit, prepared once and searched often."""

    def __init__(self, pages: Iterable[PageText], read: Iterable[PageText] = ()) -> None:
        """``read`` is what text recognition read in the pixels of the same pages, or of some of them."""
        self._pages = {page.page: (page, Page(glyphs_of(page))) for page in pages}
        self._read = {page.page: (page, Page(glyphs_of(page))) for page in read}

    @property
    def sheets(self) -> list[PageText]:
        """The pages as they are written."""
        return [page for page, _ in self._pages.values()]

    @property
    def texts(self) -> list[str]:
        """What stands on the pages, as written and as recognised."""
        return [page.text for page, _ in (*self._pages.values(), *self._read.values())]

    @property
    def count(self) -> int:
        """Pages."""
        return len(self._pages)

    @property
    def unread(self) -> tuple[int, ...]:
        """Pages in whose pixels text may stand that was not recognised."""
        return tuple(n for n, (page, _) in self._pages.items() if page.pictured and n not in self._read)

    def term(self, text: str) -> list[Found]:
        """Every place of a term, whole words only, whatever its case, accents, spacing or line breaks."""
        pattern = pattern_of(text)
        if not pattern.words:
            raise Refused(tr("A term to hide needs at least one letter or digit."))
        return self._everywhere(lambda page: page.find([pattern]))

    def person(self, names: Sequence[str], aliases: Sequence[str] = (), widen: bool = True) -> list[Found]:
        """Every place of a person, in every form of :func:`persons.person_patterns`.

        ``widen`` hides what follows on the line, too (see :mod:`evidencevault.redaction.widening`).
        """
        patterns = person_patterns(names, aliases)
        return self._everywhere(lambda page: page.find(patterns), widen)

    def spots(self, names: Sequence[str], aliases: Sequence[str] = ()) -> list[Spot]:
        """Every hit of a person by itself, as written and as read, none merged: to see which lies within another's."""
        patterns, found = person_patterns(names, aliases), []
        for pages, read in ((self._pages, False), (self._read, True)):
            for number, (page, prepared) in pages.items():
                for boxes in prepared.find(patterns):
                    letters = frozenset((number, read, at) for at in _letters(prepared.glyphs, boxes))
                    exact = Found(number, whole_words(prepared.glyphs, boxes) if read else boxes)
                    found.append(Spot(letters, exact, _widened(exact, page, prepared)))
        return found

    def misread(self, names: Sequence[str], aliases: Sequence[str] = ()) -> list[Found]:
        """Words in the pixels that may be a name of a person, misread by one letter; none that :meth:`person` finds."""
        sought, near = likeness.wanted([*names, *aliases]), []
        known = [(one.page, box) for one in self.person(names, aliases) for box in one.boxes]
        for number, (page, prepared) in self._read.items():
            for box in likeness.misread(prepared.glyphs, sought):
                if not any(number == on and hit.holds_middle(box) for on, hit in known):
                    near.append(_widened(Found(number, (box.grown(ROOM),), sure=False), page, prepared))
        return without_doubles(near)

    def pattern(self, name: str, region: str) -> list[Found]:
        """Every place of a pattern of :data:`PATTERNS`. ``region`` is the ISO 3166 country of the case (telephones)."""
        if name not in PATTERNS:
            known = ", ".join(PATTERNS)
            raise Refused(tr("There is no pattern “{name}”; there are: {known}.").format(name=name, known=known))

        def places(page: Page) -> Iterator[tuple[Box, ...]]:
            for text, reading in page.texts():
                for start, end in spans(name, text, region):
                    yield reading.boxes_of_text(start, end)

        return self._everywhere(places)

    def _everywhere(self, places: _Search, widen: bool = False) -> list[Found]:
        """What a search gives on the characters of all pages, and on what was recognised in their pixels."""
        written = [Found(n, boxes) for n, (_, page) in self._pages.items() for boxes in places(page)]
        read = [
            Found(n, whole_words(page.glyphs, boxes)) for n, (_, page) in self._read.items() for boxes in places(page)
        ]
        if widen:
            written = [_widened(one, *self._pages[one.page]) for one in written]
            read = [_widened(one, *self._read[one.page]) for one in read]
        return merged(without_doubles(written), without_doubles(read))

    def line(self, number: int, y: float) -> Found:
        """The whole width of the line of text at height ``y`` (points from the top); Refused if none is there."""
        page, prepared = self._readable(number)
        hit = {g.line for g in prepared.glyphs if g.text.strip() and g.box.y0 <= y <= g.box.y1}
        if not hit:
            raise Refused(tr("Page {page} has no line of text at height {y}.").format(page=number, y=y))
        chosen = [g.box for g in prepared.glyphs if g.line in hit and g.text.strip()]
        top, bottom = min(box.y0 for box in chosen), max(box.y1 for box in chosen)
        return Found(number, (Box(0, max(top, 0), page.width, min(bottom, page.height)),))

    def box(self, number: int, box: Box) -> Found:
        """A box drawn by hand, cut to the page; Refused where it lies outside."""
        page, _ = self._page(number)
        if not page.width:  # a picture: its size in points is known only where it is rendered
            return Found(number, (box,))
        cut = (max(box.x0, 0), max(box.y0, 0), min(box.x1, page.width), min(box.y1, page.height))
        if cut[0] >= cut[2] or cut[1] >= cut[3]:
            raise Refused(tr("That box does not lie on page {page}.").format(page=number))
        return Found(number, (Box(*cut),))

    def whole(self, number: int) -> Found:
        """The whole page."""
        page, _ = self._page(number)
        return Found(number, (Box(0, 0, page.width or _WIDEST, page.height or _WIDEST),))

    def selection(self, number: int, start: Point, end: Point) -> Found:
        """The text from one point to another, in reading order; Refused where the page has none."""
        _, prepared = self._readable(number)
        return Found(number, areas.selection(prepared.glyphs, start, end))

    def all_but(self, number: int, kept: Box) -> Found:
        """Everything of a page but one box; Refused where the box lies outside, or is the whole page."""
        page, _ = self._page(number)
        return Found(number, areas.inverse(page.width, page.height, kept))

    def text_under(self, number: int, boxes: Sequence[Box]) -> str:
        """What stands under the boxes, in the order of the file, else as it was read in the pixels.

        It is what the attack must not find afterwards.
        """
        _, prepared = self._page(number)
        for page in (prepared, self._read[number][1]) if number in self._read else (prepared,):
            under = "".join(g.text for g in page.glyphs if any(box.holds_middle(g.box) for box in boxes))
            if under.strip():
                return under
        return ""

    def _readable(self, number: int) -> tuple[PageText, Page]:
        """A page as it is written, or where nothing is as it was read."""
        written = self._page(number)
        return written if written[0].text.strip() else self._read.get(number, written)

    def _page(self, number: int) -> tuple[PageText, Page]:
        if number not in self._pages:
            raise Refused(tr("This exhibit has no page {page}.").format(page=number))
        return self._pages[number]


def _letters(glyphs: Sequence[Glyph], boxes: Sequence[Box]) -> list[int]:
    return [at for at, g in enumerate(glyphs) if g.text.strip() and any(box.holds_middle(g.box) for box in boxes)]


def mentions(text: str, names: Sequence[str], aliases: Sequence[str] = ()) -> bool:
    """Whether a person stands in a text that is on no page, in any form of :func:`persons.person_patterns`."""
    lines = text.split("\n")
    glyphs = [
        Glyph(sign, Box(at, 2 * line, at + 1, 2 * line + 1), line)
        for line, said in enumerate(lines)
        for at, sign in enumerate(said)
    ]
    return bool(Page(glyphs).find(person_patterns(names, aliases)))


def _widened(found: Found, page: PageText, prepared: Page) -> Found:
    boxes = widening.widen(prepared.glyphs, page.width, page.height, found.boxes)
    return Found(found.page, boxes, found.sure)


def glyphs_of(page: PageText) -> list[Glyph]:
    """The characters of a page as the matcher takes them; a newline of the page begins the next line."""
    sides = array("f", page.boxes)
    if sys.byteorder == "big":
        sides.byteswap()
    found: list[Glyph] = []
    line = 0
    for at, char in enumerate(page.text):
        if char == "\n":
            line += 1
            continue
        x0, y0, x1, y1 = sides[4 * at : 4 * at + 4]
        found.append(Glyph(char, Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), line))
    return found
