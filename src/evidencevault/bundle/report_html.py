"""The custody report's HTML: escaped text, times, hashes and tables as the typesetter (MuPDF's Story) lays them out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from evidencevault.bundle.gaps import Gap
from evidencevault.resources import language, tr

_STYLE = """
body { font-family: sans-serif; font-size: 9pt; }
h1 { font-size: 17pt; margin-bottom: 2pt; }
h2 { font-size: 12pt; margin-top: 16pt; margin-bottom: 3pt; }
p { margin-top: 3pt; margin-bottom: 5pt; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 2pt; border-bottom: 1px solid #cccccc; }
th { border-bottom: 1px solid #555555; }
.facts td { border-bottom: none; }
.name { color: #444444; }
.hash { font-family: monospace; font-size: 8pt; }
"""
_LONGEST = 32
"""Letters after which an unbroken word may go on in the next line: what a table's last column always has room for."""
_BREAK = "\u200b"
_MARK = "\u200e"
_LEFT_TO_RIGHT = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+([+-][\d:]+|Z)?)?")
"""Dates and times in text that is written from the right: without marks around them the day would change places with
the year."""
_FIXED = "\u00a0"
"""A space at which no line breaks: the typesetter gives a column the width of its longest word, and knows no other."""


def page(body: str) -> str:
    """The whole page."""
    return f"<html><head><style>{_STYLE}</style></head><body>{body}</body></html>"


def escaped(text: str) -> str:
    """Text that can not become markup: signs that do not print stand as escapes, long words may break.

    A file name with a line break or a mark that turns the direction of writing is evidence; it is shown, not obeyed.
    """
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode() for one in text
    )
    return html.escape(" ".join(map(_breakable, shown.split(" "))))


def _breakable(word: str) -> str:
    return _BREAK.join(word[n : n + _LONGEST] for n in range(0, len(word), _LONGEST))


def paragraph(text: str, *, strong: bool = False) -> str:
    """A paragraph of text of ours (escaped here), in the direction of its language."""
    shown = escaped(text)
    if _from_right():
        shown = _LEFT_TO_RIGHT.sub(f"{_MARK}\\g<0>{_MARK}", shown)
    shown = f"<b>{shown}</b>" if strong else shown
    return f'<p dir="rtl">{shown}</p>' if _from_right() else f"<p>{shown}</p>"


def _from_right() -> bool:
    return language() == "ar"


def hash_line(name: str, digest: str) -> str:
    """A hash in hex under its name, in one piece so that it can be copied.

    Beside a name that is written from the right, the first digits of a hash would change places with the rest of it.
    """
    shown = f'<span class="hash">{html.escape(digest)}</span>'
    if _from_right():
        return f"{paragraph(name + ':')}<p>{shown}</p>"
    return f"<p>{escaped(name)}: {shown}</p>"


def small_hash(digest: str) -> str:
    """A hash in hex for a cell, where it may take two lines."""
    return f'<span class="hash">{html.escape(_breakable(digest))}</span>'


def time_cell(text: str, zone: str) -> str:
    """``2026-11-22 20:41:03 +00:00 (UTC)`` of an RFC 3339 time, broken before the offset at most; a date stays one."""
    day, separator, clock = text.partition("T")
    if not separator:
        return escaped(day)
    at = next((place for place, sign in enumerate(clock) if sign in "+-Z"), len(clock))
    when = day + _FIXED + clock[:at].partition(".")[0]
    where = _FIXED.join(filter(None, [clock[at:].replace("Z", "+00:00"), f"({zone})" if zone else ""]))
    return html.escape(f"{when} {where}".strip())


def fact_table(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values (escaped already) under each other; what is empty is left out."""
    rows = "".join(
        f"<tr><td>{escaped(name).replace(' ', _FIXED)}{_FIXED}</td><td>{value}</td></tr>"
        for name, value in pairs
        if value
    )
    return f'<table class="facts">{rows}</table>' if rows else ""


def grid(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of escaped cells."""
    head = "".join(f"<th>{title}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def gap_list(gaps: Iterable[Gap], exhibit: str) -> str:
    """The gaps of one exhibit ("" of the case itself) under their heading; that there are none is said, too."""
    said = "".join(paragraph(f"• {gap.said}") for gap in gaps if gap.exhibit == exhibit)
    if not said:
        return paragraph(tr("No gaps in time or custody were found."))
    return paragraph(tr("Gaps in time and custody"), strong=True) + said
