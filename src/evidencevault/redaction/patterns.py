"""Patterns over running text: addresses of mail and web, telephones, accounts, national numbers, dates, coordinates.

Check digits and numbering plans are python-stdnum's and phonenumbers'; what is found is a suggestion for a person.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban
from stdnum.be import nn as be_nn
from stdnum.es import dni as es_dni
from stdnum.es import nie as es_nie
from stdnum.es import nif as es_nif
from stdnum.fr import nir as fr_nir
from stdnum.nl import bsn as nl_bsn

PATTERNS = ("email", "phone", "iban", "national-id", "date", "birth", "url", "gps")

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


_WORD_END = r"[^\s<>\"“”«»{}|\\^`]"
_URL = re.compile(
    rf"(?<![\w@])(?:[a-z][a-z0-9+.-]{{1,15}}://|www\d?\.){_WORD_END}+(?:(?<=[/_.?=&%-])\n{_WORD_END}+)*"
    r"|(?<![\w@./])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
    rf"\.[a-z]{{2,12}}(?:/{_WORD_END}*)(?:(?<=[/_.?=&%-])\n{_WORD_END}+)*",
    re.IGNORECASE,
)
_AFTER_URL = ".,;:!?)]}>'’”\"»"
_SECONDS = r"(?:[0-9]{1,2}(?:[.,][0-9]+)?\s?(?:''|[\"”″])\s?)?"
_DEGREES = rf"[0-9]{{1,3}}\s?[°º]\s?(?:[0-9]{{1,2}}(?:[.,][0-9]+)?\s?['’′]\s?{_SECONDS})?"
_GPS = tuple(
    re.compile(rf"(?<![\w.,-]){text}(?![\w])", re.IGNORECASE)
    for text in (
        r"(?:geo:\s?)?[+-]?[0-9]{1,2}\.[0-9]{3,}\s?°?\s?[NS]?\s?[,;/ ]\s?[+-]?[0-9]{1,3}\.[0-9]{3,}(?:\s?°?\s?[EWO])?",
        rf"{_DEGREES}[NSZ]\s?[,;/]?\s?{_DEGREES}[EWO]",
        rf"[NSZ]\s?{_DEGREES}[,;/]?\s?[EWO]\s?{_DEGREES}",
        r"[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}",
    )
)
"""Decimal degrees (RFC 5870 too), degrees with minutes, plus codes."""
_LATITUDE, _LONGITUDE = 90.0, 180.0
_BORN = re.compile(
    r"\b(?:born|birth|birthday|d\.?o\.?b|geboren|geboorte\w*|geb|né|née|naissance|naci[oó]|nacid[oa]|nacimiento|"
    r"nacimento)\b|ولد|ولدت|الميلاد|ميلاد|مواليد",
    re.IGNORECASE,
)
_NEAR = 48
"""Characters between a word for birth and the date: “born in a village near Ghent on”."""


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


def spans(name: str, text: str, region: str) -> Iterator[tuple[int, int]]:
    """Start and end of each place of a pattern in a running text. ``region`` is ISO 3166, for telephones."""
    plain = "".join(str(unicodedata.decimal(c, c)) for c in text)
    if name == "phone":
        yield from _phones(plain.replace("\n", " "), region)
    elif name == "national-id":
        yield from _checked(_NUMBER, plain, _NATIONAL)
    elif name == "iban":
        yield from _checked(_IBAN, plain, ((length, _iban) for length in range(34, 14, -1)))
    else:
        yield from {"email": _emails, "date": _dates, "birth": _births, "url": _urls, "gps": _places}[name](plain)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    yield from ((m.start(), m.end()) for m in _EMAIL.finditer(text))


def _urls(text: str) -> Iterator[tuple[int, int]]:
    for match in _URL.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip(_AFTER_URL))


def _places(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _GPS:
        for match in pattern.finditer(text):
            numbers = [float(one) for one in re.findall(r"[0-9]+\.[0-9]{3,}", match.group())]
            if len(numbers) != 2 or (numbers[0] <= _LATITUDE and numbers[1] <= _LONGITUDE):
                yield match.start(), match.end()


def _births(text: str) -> Iterator[tuple[int, int]]:
    dates = sorted(set(_dates(text)))
    for word in _BORN.finditer(text):
        for start, end in dates:
            if 0 <= start - word.end() <= _NEAR and not any(c.isdigit() for c in text[word.end() : start]):
                yield start, end


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
