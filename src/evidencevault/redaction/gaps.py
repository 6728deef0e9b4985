"""The width attack: how many names fit the gap that a mark leaves. Pure; the widths come from a document worker.

After Bland, Iyer, Levchenko, "Story Beyond the Eye: Glyph Positions Break PDF Text Redaction", PoPETs 2023. A box that
goes on to the end of its line's room (widening) leaves no gap: then every name fits.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evidencevault.documents.requests import Box as PlaceBox
from evidencevault.documents.requests import PageText, Place, Widths
from evidencevault.redaction import widening
from evidencevault.redaction.finding import glyphs_of
from evidencevault.redaction.marks import Box, Mark
from evidencevault.redaction.matching import APOSTROPHES, HYPHENS, Glyph, fold
from evidencevault.resources import find

FEW = 20
"""Fewer names than this in a gap, and it is narrow."""
_PIXELS = 0.75
"""How exactly a reader can measure a gap in a burnt page."""

Measure = Callable[[str], float | None]


@dataclass(frozen=True, slots=True)
class Names:
    """The public list (resources/names): given and family names, each sorted; some are both."""

    given: tuple[str, ...]
    family: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """Every name once."""
        return tuple(sorted({*self.given, *self.family}))


@dataclass(frozen=True, slots=True)
class Gap:
    """The room one mark takes out of a line: page, first box, what stood there, and its width in points.

    ``left`` and ``right`` are the edges of the ink that stays beside it, None where the line begins or ends there.
    ``open``: the box goes on to the end of the line's room, so no width is to be seen.
    """

    page: int
    box: Box
    text: str
    width: float
    left: float | None
    right: float | None
    open: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """How many names fit the gap of a mark: persons of the register, and names (or pairs of them) of the public list.

    ``true_fits``: what stood there fits too, so the measures hold; ``singled_out``: of the register it alone fits.
    """

    mark_id: str
    register: int
    public: int
    true_fits: bool
    singled_out: bool
    measured: bool

    @property
    def narrow(self) -> bool:
        """Whether the gap says too much: to be widened, or signed for."""
        return self.measured and (self.register + self.public < FEW or self.singled_out)


@lru_cache(maxsize=1)
def public_names() -> Names:
    """The shipped list."""
    rows = [line.split("\t") for line in find("resources/names/names.txt").read_text("utf-8").splitlines()]
    return Names(tuple(name for name, uses in rows if "g" in uses), tuple(name for name, uses in rows if "f" in uses))


def tolerance(dpi: int) -> float:
    """Points within which two widths look the same in a page burnt at ``dpi``."""
    return _PIXELS * 72 / dpi


def places(marks: Sequence[Mark]) -> tuple[Place, ...]:
    """Where to ask for widths: the first box of each mark, in their order."""
    return tuple(Place(mark.page, PlaceBox(*_sides(mark.boxes[0]))) for mark in marks)


def texts(pages: Sequence[PageText], register: Sequence[str], public: Names) -> tuple[str, ...]:
    """What to ask widths of: every name, in both cases, and the letters of the pages (a mark hides some of them)."""
    letters = {char for page in pages for char in page.text if not char.isspace()}
    names = {*register, *public.given, *public.family}
    return (*names, *(name.upper() for name in names), "".join(sorted(letters)), ".-’'")


def figures(
    marks: Sequence[Mark],
    pages: Sequence[PageText],
    widths: Widths,
    register: Sequence[str],
    public: Names,
    dpi: int,
) -> tuple[Figure, ...]:
    """One figure for each mark; ``widths`` was asked for with :func:`places` of the same marks and :func:`texts`."""
    by_number = {page.page: page for page in pages}
    glyphs = {number: glyphs_of(by_number[number]) for number in {m.page for m in marks} & by_number.keys()}
    found = []
    for number, mark in enumerate(marks):
        gap = gap_of(mark, by_number[mark.page], glyphs[mark.page]) if mark.page in glyphs else None
        found.append(_figure(mark.id, gap, _measure(widths, number), register, public, tolerance(dpi)))
    return tuple(found)


def gap_of(mark: Mark, page: PageText, glyphs: Sequence[Glyph]) -> Gap | None:
    """The gap of a mark; None where no text lies under it, or where it is right-to-left (joined letters)."""
    boxes = sorted(mark.boxes, key=lambda box: box.y0)  # a name on two lines begins on the upper one
    parts = [[g for g in glyphs if g.text.strip() and box.holds_middle(g.box)] for box in boxes]
    parts = [sorted(part, key=lambda g: g.box.x0) for part in parts if part]
    if not parts or any(widening.strong(c) < 0 for part in parts for g in part for c in g.text):
        return None
    text, width = "", 0.0
    for number, part in enumerate(parts):
        broken = number + 1 < len(parts) and part[-1].text in HYPHENS
        spelt, wide = _spelt(part[:-1] if broken and len(part) > 1 else part)
        text, width = text + spelt + ("" if broken or number + 1 == len(parts) else " "), width + wide
    box = boxes[0]
    beside = [g for g in glyphs if g.text.strip() and g.line == parts[0][0].line and not box.holds_middle(g.box)]
    left = max((g.box.x1 for g in beside if g.box.x1 <= parts[0][0].box.x1), default=None)
    right = min((g.box.x0 for g in beside if g.box.x0 >= parts[0][-1].box.x0), default=None)
    wide_boxes = widening.widen(glyphs, page.width, page.height, boxes)
    is_open = all(_reaches(one, wide) for one, wide in zip(boxes, wide_boxes, strict=True))
    return Gap(mark.page, box, text, width, left, right, is_open)


def candidates(gap: Gap, advances: Measure, names: Sequence[str], within: float) -> tuple[str, ...]:
    """The names as wide as the gap, ``within`` points; what can not be measured does not count."""
    return tuple(name for name in names if _fits(advances(_like(gap.text, name)), gap, advances, within))


def _figure(
    mark_id: str, gap: Gap | None, measure: Measure, register: Sequence[str], public: Names, within: float
) -> Figure:
    if gap is None or (not gap.open and measure(gap.text) is None):
        return Figure(mark_id, 0, 0, False, False, False)
    words = len(_bare(gap.text).split())
    if gap.open:
        many = len(public.all()) if words == 1 else len(public.given) * len(public.family)
        return Figure(mark_id, len(register), many, True, False, True)
    fitting = {name for name in register if candidates(gap, measure, forms(name, words), within)}
    true = {name for name in register if fold(_bare(gap.text)) in {fold(form) for form in forms(name, words)}}
    public_fits = (
        len(candidates(gap, measure, public.all(), within)) if words == 1 else _pairs(gap, measure, public, within)
    )
    true_fits = _fits(measure(_like(gap.text, _bare(gap.text))), gap, measure, within)
    return Figure(mark_id, len(fitting), public_fits, true_fits, bool(true) and fitting == true, True)


def forms(name: str, words: int) -> tuple[str, ...]:
    """How a person of the register may be written in so many words: one (each part, initials) or several."""
    parts = name.split()
    if not parts:
        return ()
    initials = [f"{part[0]}." for part in parts]
    if words == 1:
        return tuple(dict.fromkeys([*parts, initials[0], "".join(initials), "".join(part[0] for part in parts)]))
    rest = " ".join(parts[1:])
    several = [name, f"{parts[0]} {parts[-1]}", f"{initials[0]} {rest}", f"{initials[0]} {parts[-1]}", rest]
    return tuple(dict.fromkeys(form for form in [*several, " ".join(initials)] if len(form.split()) > 1))


def _pairs(gap: Gap, measure: Measure, public: Names, within: float) -> int:
    """How many pairs of a given and a family name fit, counted over sorted widths without spelling them out."""
    given = [wide for name in public.given if (wide := measure(_like(gap.text, name))) is not None]
    family = sorted(wide for name in public.family if (wide := measure(_like(gap.text, name))) is not None)
    # A pair is set with the space between, and spacing on both sides of that: what "a a" has more than twice "a".
    letter = _bare(gap.text)[0]
    one, two = measure(letter), measure(f"{letter} {letter}")
    if one is None or two is None:
        return 0
    room = _room(gap, measure) - (two - 2 * one)
    return sum(bisect_right(family, room - wide + within) - bisect_left(family, room - wide - within) for wide in given)


def _fits(wide: float | None, gap: Gap, measure: Measure, within: float) -> bool:
    return wide is not None and abs(wide - _room(gap, measure)) <= within


def _room(gap: Gap, measure: Measure) -> float:
    """The gap's width without a possessive ending, which a reader guesses from the sentence."""
    bare = _bare(gap.text)
    if bare == gap.text:
        return gap.width
    return gap.width - ((measure(gap.text) or 0.0) - (measure(bare) or 0.0))


def _bare(text: str) -> str:
    return text[:-2] if len(text) > 3 and text[-1] in "sS" and text[-2] in APOSTROPHES else text


def _like(pattern: str, name: str) -> str:
    return name.upper() if len(pattern) > 2 and pattern.isupper() else name


def _spelt(part: Sequence[Glyph]) -> tuple[str, float]:
    """The letters of one line with their spaces, and their width."""
    text = part[0].text
    for before, glyph in itertools.pairwise(part):
        apart = glyph.box.x0 - before.box.x1
        text += (" " if apart > 0.1 * (glyph.box.y1 - glyph.box.y0) else "") + glyph.text
    return text, part[-1].box.x1 - part[0].box.x0


def _reaches(box: Box, wide: Box) -> bool:
    """Whether the box already is as wide as widening would make it."""
    across = box.x0 <= wide.x0 + 1 and box.x1 >= wide.x1 - 1
    return across and box.y0 <= wide.y0 + 1 and box.y1 >= wide.y1 - 1


def _measure(widths: Widths, place: int) -> Measure:
    known: dict[str, float | None] = {}

    def measure(text: str) -> float | None:
        if text not in known:
            known[text] = widths.width(place, text)
        return known[text]

    return measure


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1
