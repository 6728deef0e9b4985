"""The matcher over the characters of a page: finds words as a reader would, whatever the file calls them.

MuPDF's own search misses hyphenated, letter-spaced and accented variants and is led astray by marked content
(redaction.md); this one works on glyphs and their boxes. Every page is read twice, in the order of the file and in the
order in which it lies on the paper, because letters may be drawn in any order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from evidencevault.redaction.marks import Box

MARGIN = 0.75
"""Points added round what is found: antialiasing and italic overhang reach a little past a glyph's box."""

APOSTROPHES = "'’‘‛ʼ`´ʹ′＇"
HYPHENS = "-‐‑‒–—−⁃﹣－\u00ad"
_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069ـ"
)
_JOINS_WORDS = frozenset(' .,·•_/\\()[]"“”„«»:;+' + APOSTROPHES + HYPHENS)
_JOINS_LETTERS = frozenset(" .·_" + HYPHENS)
# Letters that Unicode does not take apart although readers and registers do; Arabic and Persian spellings of one name.
_ALIKE = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t",
        "ĸ": "k", "ə": "e", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا",
    }
)  # fmt: skip
_PROCLITICS = frozenset(
    [
        "و",
        "ف",
        "ب",
        "ل",
        "ك",
        "ال",
        "وال",
        "بال",
        "فال",
        "كال",
        "لل",
        "ولل",
        "ول",
        "وب",
        "וה",
        "ו",
        "ב",
        "ל",
        "ה",
        "מ",
        "ש",
        "כ",
    ]
)
"""Particles that Arabic and Hebrew write onto a name ("and Ahmad", "to Sara")."""
_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it stands on the page (a ligature is one): its text, its box, the number of its line."""

    text: str
    box: Box
    line: int


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a pattern, folded. ``capital``: only a capital letter in the page counts (initials, short names)."""

    text: str
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that follow each other. ``genitive``: a Dutch or Scandinavian final s is part of the name ("Jans fiets").

    ``apart``: between the words must stand a dot; for initials such as "J.V.".
    """

    words: tuple[Word, ...]
    genitive: bool = False
    apart: bool = False


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Casefolded, compatibility-decomposed, without accents; ligatures taken apart; alike letters made one."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Me", "Cf") and c not in _INVISIBLE)
    return kept.translate(_ALIKE)


def words_of(text: str) -> list[str]:
    """The folded words of a text: runs of letters and digits."""
    folded = "".join(c if c.isalnum() else " " for c in fold(text))
    return folded.split()


def pattern_of(text: str, genitive: bool = False) -> Pattern:
    """The pattern that finds ``text``."""
    return Pattern(tuple(Word(word) for word in words_of(text)), genitive)


@dataclass(frozen=True, slots=True)
class _Char:
    folded: str  # one letter or digit
    glyph: int
    capital: bool
    gap: str  # what stands between the one before and this, folded: spaces, signs, "\n" where the line changes


class Page:
    """The characters of one page made ready for matching; ``orders`` are the ways in which it is read."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self.glyphs = tuple(glyphs)
        lying = _lying_order(self.glyphs)
        self.orders = [_Reading(self.glyphs)]
        if [g for g in lying if g.text.strip()] != [g for g in self.glyphs if g.text.strip()]:
            self.orders.append(_Reading(lying))

    def find(self, patterns: Sequence[Pattern]) -> list[tuple[Box, ...]]:
        """Every hit of any pattern, each as one box a line, covering whole glyphs and a margin; no doubles."""
        found: dict[tuple[Box, ...], None] = {}
        for reading in self.orders:
            for start, end in reading.hits(patterns):
                found[reading.boxes(start, end)] = None
        return _largest_only(list(found))

    def texts(self) -> Iterator[tuple[str, _Reading]]:
        """The page's running text in each order, for patterns over text (see :meth:`_Reading.boxes_of_text`)."""
        for reading in self.orders:
            yield reading.text, reading


class _Reading:
    """One order of the glyphs."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self.glyphs = glyphs
        self.chars = _chars(glyphs)
        self.folded = "".join(char.folded for char in self.chars)
        self.text, self._offsets = _running_text(glyphs)

    def hits(self, patterns: Sequence[Pattern]) -> Iterator[tuple[int, int]]:
        """First and last glyph of each hit."""
        for pattern in patterns:
            joined = "".join(word.text for word in pattern.words)
            if not joined:
                continue
            for spelling, backwards in _directions(joined):
                start = self.folded.find(spelling)
                while start >= 0:
                    hit = self._judge(start, pattern, backwards)
                    if hit is not None:
                        yield hit
                    start = self.folded.find(spelling, start + 1)

    def _judge(self, start: int, pattern: Pattern, backwards: bool) -> tuple[int, int] | None:
        words = tuple(reversed(pattern.words)) if backwards else pattern.words
        lengths = [len(word.text) for word in words]
        end = start + sum(lengths)
        firsts = set()
        at = start
        for word, length in zip(words, lengths, strict=True):
            firsts.add(at)
            if word.capital and not self.chars[at].capital:
                return None
            at += length
        if not self._gaps_fit(start, end, firsts, pattern.apart):
            return None
        spaced = self._is_spaced(start, end, firsts)
        if not self._begins_word(start, spaced, end):
            return None
        end = self._with_possessive(end, pattern.genitive)
        if not self._ends_word(start, end, spaced):
            return None
        return self.chars[start].glyph, self._with_final_dot(end, pattern.apart)

    def _gaps_fit(self, start: int, end: int, firsts: set[int], apart: bool) -> bool:
        inner = []
        for at in range(start + 1, end):
            gap = self.chars[at].gap
            if at in firsts:
                if not _only(gap, _JOINS_WORDS) or (apart and "." not in gap):
                    return False
            elif not _broken_word(gap):
                inner.append(at)
        if not inner:
            return True
        # Letter-spaced: then every letter stands apart, not just some.
        within = [at for at in range(start + 1, end) if at not in firsts]
        return len(inner) == len(within) and all(
            _only(self.chars[at].gap, _JOINS_LETTERS) and "\n" not in self.chars[at].gap for at in within
        )

    def _is_spaced(self, start: int, end: int, firsts: set[int]) -> bool:
        within = [at for at in range(start + 1, end) if at not in firsts]
        return any(not _broken_word(self.chars[at].gap) for at in within)

    def _begins_word(self, at: int, spaced: bool, end: int) -> bool:
        if at == 0:
            return True
        here, before = self.chars[at], self.chars[at - 1]
        if spaced:
            return self._in_plain_word(at - 1, at - 1) or self._wider(at, at, end)
        if here.gap and not _continues(here.gap, here):
            return True
        if _without_spaces(here.folded) or _kinds_differ(before.folded, here.folded):
            return True
        if not here.gap and here.capital and not before.capital:
            return True
        first = at
        while first > 0 and not self.chars[first].gap and at - first < 4:
            first -= 1
        return "".join(char.folded for char in self.chars[first:at]) in _PROCLITICS

    def _ends_word(self, start: int, end: int, spaced: bool) -> bool:
        if end == len(self.chars):
            return True
        after, last = self.chars[end], self.chars[end - 1]
        if spaced:
            return self._in_plain_word(end + 1, end) or self._wider(end, start, end)
        if after.gap and not _continues(after.gap, after):
            return True
        if _without_spaces(last.folded) or _kinds_differ(last.folded, after.folded):
            return True
        return not after.gap and after.capital and not last.capital

    def _in_plain_word(self, at: int, letter: int) -> bool:
        """Whether ``letter`` is followed or preceded at once by another: then it is no letter-spaced word's."""
        return 0 < at < len(self.chars) and not self.chars[at].gap and self.chars[letter].folded.isalpha()

    def _wider(self, at: int, start: int, end: int) -> bool:
        """Whether the gap before ``at`` parts words where the letters themselves stand apart."""
        gap = self.chars[at].gap
        if "\n" in gap or not _only(gap, _JOINS_LETTERS):
            return True
        if _without_spaces(self.chars[at].folded):
            return True
        inside = [width for i in range(start + 1, end) if (width := self._width(i)) is not None]
        here = self._width(at)
        if here is None or not inside:
            return len(gap) > 1
        return here > 1.4 * max(median(inside), 0.1) + 0.1

    def _width(self, at: int) -> float | None:
        left, right = self.glyphs[self.chars[at - 1].glyph], self.glyphs[self.chars[at].glyph]
        if left.line != right.line:
            return None
        return max(right.box.x0 - left.box.x1, left.box.x0 - right.box.x1, 0.0)

    def _with_possessive(self, end: int, genitive: bool) -> int:
        if end >= len(self.chars) or self.chars[end].folded != "s":
            return end
        gap = self.chars[end].gap
        follows = self.chars[end + 1] if end + 1 < len(self.chars) else None
        closes = follows is None or bool(follows.gap)
        if closes and ((gap and all(c in APOSTROPHES for c in gap)) or (genitive and not gap)):
            return end + 1
        return end

    def _with_final_dot(self, end: int, initials: bool) -> int:
        last = self.chars[end - 1].glyph
        following = last + 1
        if initials and following < len(self.glyphs) and self.glyphs[following].text == ".":
            return following
        return last

    def boxes(self, first: int, last: int) -> tuple[Box, ...]:
        """One box for each line between two glyphs, both included, with the margin."""
        lines: dict[int, Box] = {}
        for glyph in self.glyphs[first : last + 1]:
            if glyph.text.strip():
                lines[glyph.line] = lines[glyph.line].union(glyph.box) if glyph.line in lines else glyph.box
        return tuple(sorted(box.grown(MARGIN) for box in lines.values()))

    def boxes_of_text(self, start: int, end: int) -> tuple[Box, ...]:
        """The boxes of the running text between two offsets."""
        return self.boxes(self._offsets[start], self._offsets[end - 1])


def _directions(joined: str) -> list[tuple[str, bool]]:
    """The spelling, and back to front where it is right-to-left: that is often stored in the order it is drawn."""
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in joined):
        return [(joined, False), (joined[::-1], True)]
    return [(joined, False)]


def _chars(glyphs: Sequence[Glyph]) -> list[_Char]:
    found: list[_Char] = []
    gap = ""
    line: int | None = None
    for index, glyph in enumerate(glyphs):
        if line is not None and glyph.line != line:
            gap += "\n"
        line = glyph.line
        if glyph.text in APOSTROPHES:
            gap += "'"
            continue
        if glyph.text == "\u00ad":
            gap += glyph.text
            continue
        for letter in fold(glyph.text):
            if letter.isalnum():
                found.append(_Char(letter, index, glyph.text[:1].isupper(), gap))
                gap = ""
            else:
                gap += " " if letter.isspace() else letter
    return found


def _running_text(glyphs: Sequence[Glyph]) -> tuple[str, list[int]]:
    text: list[str] = []
    offsets: list[int] = []
    line: int | None = None
    for index, glyph in enumerate(glyphs):
        if line is not None and glyph.line != line:
            text.append("\n")
            offsets.append(index)
        line = glyph.line
        for char in unicodedata.normalize("NFKC", glyph.text):
            if char not in _INVISIBLE:
                text.append("-" if char in HYPHENS else char)
                offsets.append(index)
    return "".join(text), offsets


def _lying_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs as they lie: lines by their middle, left to right, a space where they stand well apart."""
    solid = sorted((g for g in glyphs if g.text.strip()), key=lambda g: (g.box.y0 + g.box.y1, g.box.x0))
    rows: list[list[Glyph]] = []
    for glyph in solid:
        middle = (glyph.box.y0 + glyph.box.y1) / 2
        if rows and rows[-1][0].box.y0 <= middle <= rows[-1][0].box.y1:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    laid: list[Glyph] = []
    line = -1
    for row in rows:
        row.sort(key=lambda g: (g.box.x0, g.box.x1))
        line += 1
        for before, glyph in zip([None, *row], row, strict=False):
            height = glyph.box.y1 - glyph.box.y0
            apart = 0.0 if before is None else glyph.box.x0 - before.box.x1
            if before is not None and apart > 3 * height:
                line += 1  # another column
            elif before is not None and apart > 0.18 * height:
                laid.append(Glyph(" ", Box(before.box.x1, glyph.box.y0, glyph.box.x0, glyph.box.y1), line))
            laid.append(Glyph(glyph.text, glyph.box, line))
    return laid


def _only(gap: str, allowed: frozenset[str]) -> bool:
    return len(gap) <= 8 and all(c in allowed or c == "\n" for c in gap)


def _broken_word(gap: str) -> bool:
    """Nothing, or the end of a line (with or without its hyphen), or a soft hyphen."""
    bare = gap.replace(" ", "")
    if not bare:
        return not gap
    return bare in ("\u00ad", "\n") or (bare.endswith("\n") and len(bare) == 2 and bare[0] in HYPHENS)


def _continues(gap: str, after: _Char) -> bool:
    """Whether a word goes on after this gap: a soft hyphen, or a hyphen at the line's end before a small letter."""
    bare = gap.replace(" ", "")
    if bare.strip("\n") == "\u00ad":
        return True
    return len(bare) == 2 and bare[0] in HYPHENS and bare[1] == "\n" and not after.capital and after.folded.isalpha()


def _kinds_differ(one: str, other: str) -> bool:
    return one.isdigit() != other.isdigit()


def _without_spaces(char: str) -> bool:
    return unicodedata.name(char, "").startswith(_WITHOUT_SPACES)


def _largest_only(found: list[tuple[Box, ...]]) -> list[tuple[Box, ...]]:
    """Hits that lie wholly within another are dropped: “Jan” within “Jan de Vries” is one mark, not two."""
    kept: list[tuple[Box, ...]] = []
    for boxes in sorted(found, key=lambda many: -sum((b.x1 - b.x0) * (b.y1 - b.y0) for b in many)):
        if boxes and not any(all(any(other.covers(box) for other in more) for box in boxes) for more in kept):
            kept.append(boxes)
    return sorted(kept, key=lambda many: (many[0].y0, many[0].x0))
