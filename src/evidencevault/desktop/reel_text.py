"""The characters of a document: which lies where, what is chosen, where words occur. Pure; no widget."""

from __future__ import annotations

import array
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from evidencevault.documents.requests import Box, PageText

MOST = 64 << 20  # bytes of characters and boxes that are held; what follows can be read, not chosen or found
HITS = 5000


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Before a character: page from 1, and how many characters of it come first."""

    page: int
    at: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Where words stand: characters from ``start`` to ``end`` of a page."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    box: Box


class PageLetters:
    """One page's characters; ``scale`` brings its boxes to the size at which the page is shown."""

    def __init__(self, text: PageText, width: float) -> None:
        self.text = text.text
        self.folded = "".join(map(_folded, text.text))
        scale = width / text.width if text.width else 1.0
        self._boxes = array.array("f", text.boxes)
        if scale != 1.0:
            self._boxes = array.array("f", (side * scale for side in self._boxes))
        self._lines = list(self._found_lines())

    @property
    def size(self) -> int:
        """Bytes held, roughly."""
        return 4 * len(self._boxes) + 2 * len(self.text)

    def _box(self, start: int, end: int) -> Box:
        part = self._boxes[4 * start : 4 * end]
        filled = [at for at in range(0, len(part), 4) if part[at + 2] > part[at]]
        if not filled:
            return Box(0, 0, 0, 0)
        return Box(
            min(part[at] for at in filled),
            min(part[at + 1] for at in filled),
            max(part[at + 2] for at in filled),
            max(part[at + 3] for at in filled),
        )

    def _found_lines(self) -> Iterator[_Line]:
        start = 0
        while start < len(self.text):
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            box = self._box(start, end)
            if box.x1 > box.x0:
                yield _Line(start, end, box)
            start = end + 1

    def at(self, x: float, y: float) -> int:
        """The place between two characters that is nearest to a point of the page."""

        def away(line: _Line) -> float:
            down = max(line.box.y0 - y, 0.0, y - line.box.y1)
            return 4 * down + max(line.box.x0 - x, 0.0, x - line.box.x1)

        line = min(self._lines, key=away, default=None)
        if line is None:
            return 0
        for place in range(line.start, line.end):
            left, right = self._boxes[4 * place], self._boxes[4 * place + 2]
            if right > left and x < (left + right) / 2:
                return place
        return line.end

    def on_text(self, x: float, y: float) -> bool:
        """Whether a point lies on a line of text."""
        return any(one.box.x0 <= x <= one.box.x1 and one.box.y0 <= y <= one.box.y1 for one in self._lines)

    def boxes(self, start: int, end: int) -> list[Box]:
        """A box a line around the characters from ``start`` to ``end``."""
        parts = ((max(start, line.start), min(end, line.end), line) for line in self._lines)
        found = [self._box(begins, ends) for begins, ends, _ in parts if begins < ends]
        return [box for box in found if box.x1 > box.x0]

    def word(self, at: int) -> tuple[int, int]:
        """The word around a place."""
        start = end = min(at, len(self.text))
        while start and _in_word(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and _in_word(self.text[end]):
            end += 1
        return (start, end) if start < end else (at, min(at + 1, len(self.text)))

    def line(self, at: int) -> tuple[int, int]:
        """The line around a place."""
        for one in self._lines:
            if one.start <= at <= one.end:
                return one.start, one.end
        return at, at

    def above_or_below(self, at: int, by: int) -> int | None:
        """The place one line up (-1) or down (+1); None beyond the page."""
        number = next((n for n, one in enumerate(self._lines) if one.start <= at <= one.end), None)
        if number is None or not 0 <= number + by < len(self._lines):
            return None
        here, there = self._lines[number], self._lines[number + by]
        letter = min(at, here.end - 1)
        middle = (there.box.y0 + there.box.y1) / 2
        return self.at(self._boxes[4 * letter] if at < here.end else here.box.x1, middle)


class Letters:
    """The characters of a document as far as they were read."""

    def __init__(self) -> None:
        self._pages: dict[int, PageLetters] = {}
        self.complete = self.cut = False  # everything was read; something was left out for its size

    def put(self, pages: Iterable[tuple[int, PageLetters]]) -> None:
        """More pages, or others in their place (text read in their pixels)."""
        self._pages.update(pages)

    def page(self, page: int) -> PageLetters | None:
        """One page; None before it was read."""
        return self._pages.get(page)

    def chosen(self, first: Place, last: Place) -> Iterator[tuple[int, int, int]]:
        """Page, start and end of what lies between two places."""
        first, last = min(first, last), max(first, last)
        for page in range(first.page, last.page + 1):
            letters = self._pages.get(page)
            if letters is not None:
                yield page, first.at if page == first.page else 0, last.at if page == last.page else len(letters.text)

    def text(self, first: Place, last: Place) -> str:
        """The characters between two places, with the line ends of the page."""
        return "\n".join(
            self._pages[page].text[start:end].rstrip("\n") for page, start, end in self.chosen(first, last)
        )

    def find(self, words: str) -> list[Hit]:
        """Every occurrence, whatever the case or accents; a space also stands for a line's end."""
        sought = " ".join("".join(map(_folded, words)).split())
        return list(self._occurrences(sought)) if sought else []

    def _occurrences(self, sought: str) -> Iterator[Hit]:
        count = 0
        for page in sorted(self._pages):
            folded, at = self._pages[page].folded, 0
            while (at := folded.find(sought, at)) >= 0:
                yield Hit(page, at, at + len(sought))
                at, count = at + len(sought), count + 1
                if count >= HITS:
                    return


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter in "'’_"


@lru_cache(maxsize=8192)
def _folded(letter: str) -> str:
    """One character for one: places in the folded text are places in the text."""
    if letter.isspace():
        return " "
    return (unicodedata.normalize("NFD", letter)[:1].lower() or letter)[:1]
