"""Spreadsheets and lists as tables on pages: every sheet, row and column, hidden ones too, so they can be marked."""

from __future__ import annotations

import csv
import io
import itertools
import mimetypes
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import layout
from evidencevault.documents.worker.failed import Failed

# The library of workbooks asks for the system's list of endings when it is imported, and that lies in files.
mimetypes.init(files=[])
CELLS = 200_000
"""Cells of one file: more would be thousands of pages."""


def of_csv(content: str) -> bytes:
    """A list as one table; a formula is text here. Raises Failed: too large."""
    try:
        dialect: Any = csv.Sniffer().sniff(content[: 1 << 16], delimiters=",;\t|")
    except csv.Error:  # one column, or no telling: commas then
        dialect = csv.excel
    csv.field_size_limit(1 << 24)
    try:
        rows = list(itertools.islice(csv.reader(io.StringIO(content, newline=""), dialect), CELLS))
    except csv.Error as error:
        raise Failed(Reason.DAMAGED) from error
    if sum(len(row) + 1 for row in rows) > CELLS:
        raise Failed(Reason.TOO_LARGE)
    wide = max((len(row) for row in rows), default=0)
    return layout.page(layout.table([str(n), *row, *[""] * (wide - len(row))] for n, row in enumerate(rows, 1)))


def of_workbook(data: bytes, limits: Limits) -> bytes:
    """A workbook, sheet by sheet: cells as shown, then comments and formulas. Raises Failed: damaged, too large."""
    _no_bomb(data, limits)
    # Put off until here: the library takes a quarter of a second, which every other document would wait for.
    import openpyxl

    try:
        shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        meant = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:  # the library throws all sorts at a broken workbook
        raise Failed(Reason.DAMAGED) from error
    parts = []
    left = CELLS
    for number, sheet in enumerate(shown.worksheets):
        left -= sheet.max_row * sheet.max_column
        if left < 0:
            raise Failed(Reason.TOO_LARGE)
        parts.append(_sheet(sheet, meant.worksheets[number]))
    return layout.page(*parts)


def _no_bomb(data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > limits.whole:
                raise Failed(Reason.TOO_LARGE)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise Failed(Reason.DAMAGED) from error


def _sheet(shown: Any, meant: Any) -> str:
    from openpyxl.utils import get_column_letter

    hidden = "" if shown.sheet_state == "visible" else " [hidden sheet]"
    title = f"<h1>{layout.escaped(shown.title + hidden)}</h1>"
    columns = [get_column_letter(number) for number in range(1, shown.max_column + 1)]
    heads = ["", *(one + _hidden(shown.column_dimensions, one) for one in columns)]
    rows = [
        [f"{number}{_hidden(shown.row_dimensions, number)}", *(_shown(cell.value) for cell in row)]
        for number, row in enumerate(shown.iter_rows(), 1)
    ]
    notes = [*_formulas(meant), *_comments(meant)]
    beside = f"<h2>{layout.escaped(shown.title)}: formulas and comments</h2>{layout.table(notes)}" if notes else ""
    return title + layout.table([heads, *rows]) + beside


def _hidden(dimensions: Any, key: object) -> str:
    return " [hidden]" if key in dimensions and dimensions[key].hidden else ""


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _cells(sheet: Any) -> Iterable[Any]:
    return (cell for row in sheet.iter_rows() for cell in row)


def _formulas(sheet: Any) -> Iterator[list[str]]:
    for cell in _cells(sheet):
        if cell.data_type == "f":
            yield [cell.coordinate, str(getattr(cell.value, "text", cell.value))]


def _comments(sheet: Any) -> Iterator[list[str]]:
    for cell in _cells(sheet):
        if cell.comment is not None:
            yield [cell.coordinate, f"{cell.comment.author}: {cell.comment.text}"]
