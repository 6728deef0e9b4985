"""Pages that lie on their side or upside down: read as they lie, and where that gives no language, turned.

Tesseract's own detection of orientation is not within reach through MuPDF. Small words tell instead: a page of any
length in a language has some, and what is read from letters that stand on their heads has almost none.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from itertools import pairwise

from PIL import Image

_Reads = Callable[[Image.Image, float], tuple[str, bytes]]
_Glances = Callable[[Image.Image, str], str]
_TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
"""Degrees against the clock by which a page is turned before it is read."""
_WORDS = (
    "the and was for that with not you this have had from are were but his her they she our their what when said "
    "het een van voor niet met zijn was aan dat die ook maar naar door bij hij haar wij hebben heeft uit over toen "
    "les des une que est pas pour dans qui sur avec elle nous vous sont par plus mais son ses était ont cette "
    "los las una que con por para del como pero más está fue era sus muy sobre cuando también hay ella "
    "في من على إلى أن عن ما هذا هذه مع كان كانت لا لم هو هي التي الذي بعد قبل"
)
_SMALL_WORDS = frozenset(_WORDS.split())
"""The most frequent words of three letters or more; of Arabic, of two."""
_LYING = (90, 270)
_AROUND = ".,;:!?()\"'’‘“”،؛؟-"
_SIGNS, _PLAIN, _SURE, _BETTER = 8, 0.5, 0.8, 1.3
"""Signs from which a turn is tried; the share of them in words below which none were read, and from which all were; by
how much more a turn must give."""
_CLEAR = 3.0
"""How many times as much the ink must change one way as the other, before lines are taken to lie across it."""
_FEW, _SHARE = 20, 0.04
"""Signs below which words are not counted; the share of small words from which a reading counts as a language."""


def read(
    picture: Image.Image, width: float, height: float, reads: _Reads, languages: Sequence[str], glances: _Glances
) -> tuple[str, bytes]:
    """What stands in the pixels of a page of this size (points), with four floats a character, as the page is shown.

    ``reads`` takes pixels and the width in points that they stand for; ``glances`` one of the ``languages``.
    """
    letters, boxes = reads(picture, width)
    upright = small_words(letters)
    if upright >= max(2, _SHARE * len(letters.split())):
        return letters, boxes
    # Half as fine is enough to know which way up it stands.
    coarse = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)), Image.Resampling.BOX)
    possible, signs = _possible(coarse), len("".join(letters.split()))
    if signs >= _SIGNS and (possible == _LYING or _wordlike(letters) < _PLAIN * signs):
        # No words came of it: any turn that gives more of them is better, however few there are.
        score, least = _wordlike, _BETTER * _wordlike(letters)
    elif signs >= _FEW and _wordlike(letters) < _SURE * signs:
        score, least = small_words, max(1.0, 2.0 * upright)
    else:
        return letters, boxes
    told = {
        turn: max(score(glances(coarse.transpose(_TURNS[turn]), language)) for language in languages)
        for turn in possible
    }
    best = max(told, key=lambda turn: told[turn])
    if told[best] <= least:
        return letters, boxes
    letters, boxes = reads(picture.transpose(_TURNS[best]), width if best == 180 else height)
    return letters, _as_shown(boxes, best, width, height)


def _wordlike(text: str) -> int:
    """Letters in words of three and more that are written in one case, but for the first."""
    words = ["".join(sign for sign in word if sign not in _AROUND) for word in text.split()]
    plain = [
        word for word in words if word.isalpha() and word[1:] in (word[1:].lower(), word[1:].upper(), word[1:].title())
    ]
    return sum(len(word) for word in plain if len(word) >= 3)


def _possible(picture: Image.Image) -> tuple[int, ...]:
    """The turns that are worth a look: lines and the gaps between them change the ink from row to row, not across."""
    grey = picture.convert("L")
    down = _changes(grey.resize((1, grey.height), Image.Resampling.BOX))
    across = _changes(grey.resize((grey.width, 1), Image.Resampling.BOX))
    if down > _CLEAR * across:
        return (180,)
    return _LYING if across > _CLEAR * down else (90, 180, 270)


def _changes(strip: Image.Image) -> float:
    """The mean square of what changes between neighbours."""
    values = strip.tobytes()
    return sum((a - b) ** 2 for a, b in pairwise(values)) / max(len(values) - 1, 1)


def small_words(text: str) -> int:
    """How many of its words are small words of a language."""
    return sum(word.strip(_AROUND).lower() in _SMALL_WORDS for word in text.split())


def _as_shown(boxes: bytes, turn: int, width: float, height: float) -> bytes:
    """Boxes of the turned page as boxes of the page; empty ones stay empty."""
    shown = bytearray()
    for x0, y0, x1, y1 in struct.iter_unpack("<4f", boxes):
        if (x0, y0, x1, y1) == (0.0, 0.0, 0.0, 0.0):
            box = (x0, y0, x1, y1)
        elif turn == 180:
            box = (width - x1, height - y1, width - x0, height - y0)
        elif turn == 90:
            box = (width - y1, x0, width - y0, x1)
        else:
            box = (y0, height - x1, y1, height - x0)
        shown += struct.pack("<4f", *box)
    return bytes(shown)
