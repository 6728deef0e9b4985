"""The lists of a received bundle read back: index.csv, redactions.csv, withheld.csv, and the totals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, TypeVar

from evidencevault.bundle.contents import Document, Redaction, Withheld
from evidencevault.errors import Damaged
from evidencevault.resources import tr

INDEX, REDACTIONS, WITHHELD = "data/index.csv", "data/redactions.csv", "data/withheld.csv"
LARGEST = 64 << 20
_TOTAL = "TOTAL"
T = TypeVar("T", Document, Redaction, Withheld)


@dataclass(frozen=True, slots=True)
class Lists:
    """What a bundle says it holds. ``totals``: the counts at the end of withheld.csv under their names."""

    documents: tuple[Document, ...]
    redactions: tuple[Redaction, ...]
    withheld: tuple[Withheld, ...]
    totals: Mapping[str, int]


def read(index: bytes, redactions: bytes, withheld: bytes) -> Lists:
    """The three files together. Raises Damaged naming the one that is not written as it must be."""
    held, counted = [], {}
    for row in _rows(withheld, WITHHELD):
        values = list(row.values())
        if values[0] == _TOTAL:
            counted[values[1]] = _number(values[2], WITHHELD)
        else:
            held.append(_made(Withheld, row, WITHHELD))
    documents = tuple(_made(Document, row, INDEX) for row in _rows(index, INDEX))
    marks = tuple(_made(Redaction, row, REDACTIONS) for row in _rows(redactions, REDACTIONS))
    return Lists(documents, marks, tuple(held), counted)


def _rows(data: bytes, path: str) -> Iterator[dict[str, str]]:
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        names = next(reader, [])
        for row in reader:
            if len(row) != len(names):
                raise _malformed(path)
            yield dict(zip(names, map(_plain, row), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _malformed(path) from error


def _plain(cell: str) -> str:
    """Without the quote that keeps a spreadsheet from taking a cell for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def _made(kind: type[T], row: Mapping[str, str], path: str) -> T:
    try:
        return kind(**{one.name: _value(one, row, path) for one in fields(kind)})
    except KeyError as error:
        raise _malformed(path) from error


def _value(one: Field[Any], row: Mapping[str, str], path: str) -> Any:
    if one.name not in row and one.default == "":
        return ""  # an older bundle
    return _number(row[one.name], path) if one.type == "int" else row[one.name]


def _number(text: str, path: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _malformed(path)
    return int(text)


def _malformed(path: str) -> Damaged:
    return Damaged(tr("{name!r} in the bundle is not written as a list must be.").format(name=path))
