"""The overview as it leaves the house: counts without names or references, small ones suppressed.

A count below five is left out, and with it others of the same group until what is left out adds up to five or more and
is at least two numbers: otherwise a total that is known from elsewhere would give it away (cell suppression; see
Hundepool et al., Statistical Disclosure Control, 2012, chapter 4). Totals are never given. Times are told of a step
only where the count that they come from is.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidencevault.casework.cases import CATEGORIES, SEVERITIES, STATES
from evidencevault.casework.counted import BANDS, OLDER, Overview, band
from evidencevault.casework.decisions import FINDINGS
from evidencevault.casework.speeds import Speed
from evidencevault.resources import later

SMALL = 5
TENTH = 10
"""Cases from which on the slowest tenth is more than one of them."""
HIDDEN = "*"
"""Stands for a count that is left out: fewer than five, or another that would give one away."""
AGES = (*(name for _, name in BANDS), OLDER)


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by row and column; None where one is left out. ``title`` and columns are English messages (or codes)."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """How a step is kept, in days: what was left of its deadline (negative: late), and how long it took.

    Each as median and of the slowest tenth; None where that would tell of a few cases.
    """

    name: str
    median: float | None
    slowest: float | None
    took: float | None
    longest: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """What leaves: tables, and the pace of steps. ``whole``: every case could be read and is counted."""

    tables: tuple[Table, ...]
    speeds: tuple[Pace, ...]
    whole: bool = True


def suppressed(counts: Sequence[int], small: int = SMALL) -> list[int | None]:
    """One group of counts without those that must not be told."""
    hidden = {place for place, count in enumerate(counts) if count < small}
    # The smallest of the others go with them, because together they say no more than their sum.
    for place in sorted(set(range(len(counts))) - hidden, key=lambda place: (counts[place], place)):
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= small):
            break
        hidden.add(place)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def told(overview: Overview, small: int = SMALL) -> Told:
    """The overview without names."""
    names = overview.names()
    kept = _by(
        "deadlines", later("Deadlines by step"), ((names[one.step], one.outcome) for one in overview.responses),
        ("met", "late", "open"), small,
    )  # fmt: skip
    signed = [one for one in overview.decided if one.signed is not None]
    measures = Counter(measure for one in signed for measure in one.listed)
    tables = (
        _one("states", later("Open cases by state"), Counter(one.state for one in overview.open), STATES[:-1], small),
        _one("ages", later("Open cases by age in days"), Counter(one.band for one in overview.open), AGES, small),
        _one("severities", later("Open cases by severity"), Counter(one.severity for one in overview.open), SEVERITIES,
             small),
        _by("categories", later("Categories by year of report"), overview.reported, CATEGORIES, small),
        kept,
        _missed(overview, names, small),
        _one("findings", later("Findings of decisions"), Counter(one.finding for one in signed), FINDINGS, small),
        _one("measures", later("Measures decided"), measures, sorted(measures), small),
        _one("signatures", later("Decisions with every signature"), Counter(one.state for one in overview.decided),
             ("yes", "no", "draft"), small),
        _one("voices", later("Voices unanswered, by days waiting"), Counter(band(one.days) for one in overview.voices),
             AGES, small),
    )  # fmt: skip
    met = {row for row, (count, *_) in kept.rows if count is not None}
    paces = [_pace(one) for one in overview.speeds() if one.name in met and one.cases >= small]
    return Told(tables, tuple(paces), whole=all(one.counted for one in overview.faults))


def _pace(one: Speed) -> Pace:
    many = one.cases >= TENTH
    return Pace(one.name, one.median, one.slowest if many else None, one.took, one.longest if many else None)


def _one(name: str, title: str, counts: Mapping[str, int], rows: Iterable[str], small: int) -> Table:
    """A table of one column: its rows are one group, because together they are all there is."""
    names = tuple(rows)
    kept = suppressed([counts.get(one, 0) for one in names], small)
    return Table(name, title, ("count",), tuple((one, (count,)) for one, count in zip(names, kept, strict=True)))


def _by(name: str, title: str, pairs: Iterable[tuple[object, str]], columns: Sequence[str], small: int) -> Table:
    """A table of several columns, each row a group."""
    counts = Counter((str(row), column) for row, column in pairs)
    names = sorted({row for row, _ in counts})
    rows = tuple((row, tuple(suppressed([counts[row, one] for one in columns], small))) for row in names)
    return Table(name, title, tuple(columns), rows)


def _missed(overview: Overview, names: Mapping[str, str], small: int) -> Table:
    years = sorted({one.year for one in overview.missed})
    pairs = ((names[one.step], str(one.year)) for one in overview.missed)
    return _by("missed", later("Missed deadlines by step and year"), pairs, [str(one) for one in years], small)


def as_csv(told: Told) -> bytes:
    """UTF-8, a line a count: table, row, column, value. What a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("table", "row", "column", "value"))
    for line in _lines(told):
        writer.writerow([_harmless(one) for one in line])
    return out.getvalue().encode()


def _lines(told: Told) -> Iterator[tuple[str, str, str, str]]:
    for counted in told.tables:
        for row, counts in counted.rows:
            for column, count in zip(counted.columns, counts, strict=True):
                yield counted.name, row, column, HIDDEN if count is None else str(count)
    for pace in told.speeds:
        for table, column, days in (
            ("days-left", "median", pace.median),
            ("days-left", "slowest-tenth", pace.slowest),
            ("days-taken", "median", pace.took),
            ("days-taken", "slowest-tenth", pace.longest),
        ):
            if days is not None:
                yield table, pace.name, column, f"{days:.1f}"
    if not told.whole:
        yield "complete", "every case could be read", "", "no"


def _harmless(cell: str) -> str:
    # OWASP, CSV injection: an apostrophe before a sign with which formulas begin. Numbers of our own stay numbers.
    number = cell.lstrip("-").replace(".", "", 1).isdigit()
    return "'" + cell if cell[:1] in "=+-@\t\r" and cell and not number else cell
