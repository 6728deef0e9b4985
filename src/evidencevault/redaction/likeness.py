"""Words that recognition may have misread: a name but for one letter, or for letters that look alike in print.

Only suggestions are made of them, never marks by themselves, and never of patterns: a number misread is another number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evidencevault.redaction.found import words
from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import Glyph, fold, words_of
from evidencevault.redaction.persons import PARTICLES, TITLES

SHORTEST, SHORTEST_ALIKE = 6, 4
"""Letters of a name from which one of them may be wrong, and from which those that look alike may be exchanged."""
_ALIKE = (
    *(("rn", "m"), ("vv", "w"), ("ii", "u"), ("cl", "d")),
    *(("0", "o"), ("1", "l"), ("i", "l"), ("5", "s")),
)


def wanted(names: Iterable[str]) -> frozenset[str]:
    """The folded words of names that are long enough to be told when misread."""
    found = (word for name in names for word in words_of(name))
    return frozenset(word for word in found if len(word) >= SHORTEST_ALIKE and word not in PARTICLES | TITLES)


def misread(glyphs: Sequence[Glyph], sought: Iterable[str]) -> Iterator[Box]:
    """The boxes of words that are nearly, and not quite, one of ``sought``; whole runs without white space."""
    shapes = {word: _shape(word) for word in sought}
    for run in words(glyphs):
        for piece in words_of("".join(glyph.text for glyph in run)):
            if piece not in shapes and any(_alike(piece, word, shape) for word, shape in shapes.items()):
                yield _around(run)
                break


def _alike(piece: str, word: str, shape: str) -> bool:
    if abs(len(piece) - len(word)) > 2:
        return False
    seen = _shape(piece)
    return seen == shape or (len(word) >= SHORTEST and (_one_apart(piece, word) or _one_apart(seen, shape)))


def _shape(word: str) -> str:
    shape = fold(word)
    for one, other in _ALIKE:
        shape = shape.replace(one, other)
    return shape


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter put in, left out or exchanged makes one of the other (Levenshtein distance 1)."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[at + (len(one) == len(other)) :] == other[at + 1 :]


def _around(run: Sequence[Glyph]) -> Box:
    box = run[0].box
    for glyph in run[1:]:
        box = box.union(glyph.box)
    return box
