"""Suggestions: where on the pages a term, a person or a pattern stands, as boxes over whole glyphs.

Nothing here marks anything: what is found becomes a mark when a member takes it over (plans.mark).
"""

from __future__ import annotations

import calendar
import re
import sys
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban
from stdnum.be import nn as be_nn
from stdnum.es import dni as es_dni
from stdnum.es import nie as es_nie
from stdnum.es import nif as es_nif
from stdnum.fr import nir as fr_nir
from stdnum.nl import bsn as nl_bsn

from evidencevault.documents.requests import PageText
from evidencevault.errors import Refused
from evidencevault.redaction import widening
from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import Glyph, Page, pattern_of
from evidencevault.redaction.persons import person_patterns
from evidencevault.resources import tr

_WIDEST = 14_400
"""Points: no page of a PDF is wider (ISO 32000, annex C); stands for the size of a picture."""
PATTERNS = ("email", "phone", "iban", "national-id", "date")

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "januari",
    "februari",
    "maart",
    "mei",
    "juni",
    "juli",
    "augustus",
    "oktober",
    "mrt",
    "okt",
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
    "janv",
    "févr",
    "fevr",
    "juil",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "ene",
    "abr",
    "ago",
    "dic",
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "ابريل",
    "إبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "اغسطس",
    "سبتمبر",
    "أكتوبر",
    "اكتوبر",
    "نوفمبر",
    "ديسمبر",
    "كانون",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين",
    "جانفي",
    "فيفري",
    "أفريل",
    "ماي",
    "جوان",
    "جويلية",
    "أوت",
]
_MONTH = "(?:" + "|".join(sorted(map(re.escape, set(_MONTHS)), key=len, reverse=True)) + ")"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?:1[89][0-9]{2}|20[0-9]{2}|['’]?[0-9]{2})"
_GAP = r"[\s,.\-/]{1,3}"
_DATES = tuple(
    re.compile(rf"(?<![^\W_]){text}(?![^\W_])", re.IGNORECASE)
    for text in (
        rf"{_DAY}(?:st|nd|rd|th|e|er|ème|º|°|\.)?(?:\s+(?:of|de|van))?{_GAP}{_MONTH}\.?(?:\s+الأول|\s+الثاني)?(?:(?:\s+(?:de|del))?{_GAP}{_YEAR})?",
        rf"{_MONTH}\.?\s+{_DAY}(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?",
        rf"{_MONTH}\.?(?:\s+(?:de|del|of))?\s+(?:1[89][0-9]{{2}}|20[0-9]{{2}})",
        r"[0-9]{1,2}\s?[./\-]\s?[0-9]{1,2}\s?[./\-]\s?(?:[0-9]{4}|[0-9]{2})",
        r"(?:1[89]|20)[0-9]{2}\s?[./\-]\s?[0-9]{1,2}\s?[./\-]\s?[0-9]{1,2}",
    )
)
_NUMERIC = re.compile(r"[0-9]+")
_ATOM = r"[^\W_][\w+%'’~-]*"
_AT = r"(?:\s?[@＠]\s?|\s?[\[(]\s?at\s?[\])]\s?)"
_EMAIL = re.compile(
    rf"(?<!\w)\w[\w+%'’~-]*(?:\n?\.[\w+%'’~-]+)*{_AT}{_ATOM}(?:\n?\.{_ATOM}|-\n{_ATOM}\.{_ATOM})+", re.IGNORECASE
)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}[\s.-]?[0-9]{2}(?:[\s.-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![^\W_])[A-Z0-9](?:[\s./-]{0,2}[A-Z0-9]){7,16}", re.IGNORECASE)


def _iban(text: str) -> bool:
    # Without the lists of banks: an account at a bank founded since is an account.
    return bool(iban.is_valid(text, check_country=False))


_NATIONAL: tuple[tuple[int, Callable[[str], bool]], ...] = (
    (15, fr_nir.is_valid),
    (11, be_nn.is_valid),
    (9, nl_bsn.is_valid),
    (8, nl_bsn.is_valid),
    (9, es_dni.is_valid),
    (9, es_nie.is_valid),
    (9, es_nif.is_valid),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One suggestion: a page (from 1) and its boxes, one for each line."""

    page: int
    boxes: tuple[Box, ...]


class Finder:
    """The pages of one exhibit, prepared once and searched often."""

    def __init__(self, pages: Iterable[PageText]) -> None:
        self._pages = {page.page: (page, Page(glyphs_of(page))) for page in pages}

    @property
    def count(self) -> int:
        """Pages."""
        return len(self._pages)

    def term(self, text: str) -> list[Found]:
        """Every place of a term, whole words only, whatever its case, accents, spacing or line breaks."""
        pattern = pattern_of(text)
        if not pattern.words:
            raise Refused(tr("A term to hide needs at least one letter or digit."))
        return [Found(n, boxes) for n, (_, page) in self._pages.items() for boxes in page.find([pattern])]

    def person(self, names: Sequence[str], aliases: Sequence[str] = (), widen: bool = True) -> list[Found]:
        """Every place of a person, in every form of :func:`persons.person_patterns`.

        ``widen`` carries each box on to the end of its line's room: the width of a gap gives a name away
        (redaction.md).
        """
        patterns = person_patterns(names, aliases)
        found = []
        for number, (size, page) in self._pages.items():
            for boxes in page.find(patterns):
                wide = widening.widen(page.glyphs, size.width, size.height, boxes) if widen else boxes
                found.append(Found(number, wide))
        return _without_doubles(found)

    def pattern(self, name: str, region: str) -> list[Found]:
        """Every place of a pattern of :data:`PATTERNS`. ``region`` is the ISO 3166 country of the case (telephones)."""
        if name not in PATTERNS:
            known = ", ".join(PATTERNS)
            raise Refused(tr("There is no pattern “{name}”; there are: {known}.").format(name=name, known=known))
        found = []
        for number, (_, page) in self._pages.items():
            for text, reading in page.texts():
                for start, end in spans(name, text, region):
                    found.append(Found(number, reading.boxes_of_text(start, end)))
        return _without_doubles(found)

    def line(self, number: int, y: float) -> Found:
        """The whole width of the line of text at height ``y`` (points from the top); Refused if none is there."""
        page, prepared = self._page(number)
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

    def text_under(self, number: int, boxes: Sequence[Box]) -> str:
        """What stands under the boxes, in the order of the file: what the attack must not find afterwards."""
        _, prepared = self._page(number)
        return "".join(g.text for g in prepared.glyphs if any(box.holds_middle(g.box) for box in boxes))

    def _page(self, number: int) -> tuple[PageText, Page]:
        if number not in self._pages:
            raise Refused(tr("This exhibit has no page {page}.").format(page=number))
        return self._pages[number]


def spans(name: str, text: str, region: str) -> Iterator[tuple[int, int]]:
    """Start and end of each place of a pattern in a running text."""
    plain = "".join(str(unicodedata.decimal(c, c)) for c in text)
    if name == "email":
        yield from ((m.start(), m.end()) for m in _EMAIL.finditer(plain))
    elif name == "phone":
        yield from _phones(plain.replace("\n", " "), region)
    elif name == "iban":
        yield from _checked(_IBAN, plain, ((length, _iban) for length in range(34, 14, -1)))
    elif name == "national-id":
        yield from _checked(_NUMBER, plain, _NATIONAL)
    else:
        yield from _dates(plain)


def _phones(text: str, region: str) -> Iterator[tuple[int, int]]:
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
        yield match.start, match.end
    # A number of a range not yet known to the library is still somebody's number, if it is written like one.
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE):
        if match.raw_string[0] in "+(0" and not any(p.fullmatch(match.raw_string) for p in _DATES):
            yield match.start, match.end


def _checked(
    candidate: re.Pattern[str], text: str, checks: Iterable[tuple[int, Callable[[str], bool]]]
) -> Iterator[tuple[int, int]]:
    """Runs that look like a number and whose check digits agree; a run is tried at every word it could end at."""
    tests = list(checks)
    at = 0
    while (match := candidate.search(text, at)) is not None:
        at = match.start() + 1
        solid = [i for i in range(match.start(), match.end()) if text[i].isalnum()]
        for length, valid in tests:
            if length > len(solid):
                continue
            end = solid[length - 1] + 1
            if (end == len(text) or not text[end].isalnum()) and valid("".join(text[i] for i in solid[:length])):
                yield match.start(), end
                at = end
                break


def _dates(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if _is_date(match.group()):
                yield match.start(), match.end()


def _is_date(text: str) -> bool:
    if any(c.isalpha() for c in text):
        return True
    parts = [int(number) for number in _NUMERIC.findall(text)]
    year, one, two = parts if parts[0] > 31 else (parts[2], parts[0], parts[1])
    year = year if year > 99 else 2000
    if not (1000 < year < 2200 and 1 <= max(one, two) <= 31 and 1 <= min(one, two) <= 12):
        return False
    return any(1 <= m <= 12 and 1 <= d <= calendar.monthrange(year, m)[1] for d, m in ((one, two), (two, one)))


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


def _without_doubles(found: list[Found]) -> list[Found]:
    """Each once, and none that lies wholly within another."""
    kept: list[Found] = []
    for one in sorted(set(found), key=lambda f: (f.page, -sum((b.x1 - b.x0) * (b.y1 - b.y0) for b in f.boxes))):
        if not any(
            one.page == more.page and all(any(wide.covers(box) for wide in more.boxes) for box in one.boxes)
            for more in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda f: (f.page, f.boxes[0].y0, f.boxes[0].x0))
