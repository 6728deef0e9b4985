"""Recommendations of outside investigators, as they send them: a list as CSV or JSON, read row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping

from evidencevault.casework.actions import Recommendation
from evidencevault.errors import FormError
from evidencevault.forms.reading import MAX_FORM, from_values
from evidencevault.resources import tr

COLUMNS = ("words", "owner", "due", "from", "document")
"""What a row can hold; ``words`` is required, ``due`` a date, ``from`` the body, ``document`` the exhibit (E001)."""


def recommendations(data: bytes, body: str = "", document: str = "") -> list[Recommendation]:
    """The rows of a CSV file with a heading, or of a JSON list of objects. UTF-8.

    ``body`` and ``document`` fill in where a row names none. Raises FormError naming row and column.
    """
    if len(data) > MAX_FORM:
        raise FormError(tr("The file is larger than any such list. Nothing was saved."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormError(tr("The file is not UTF-8 text. Save it as “CSV UTF-8”. Nothing was saved.")) from error
    rows = _objects(text) if text.lstrip()[:1] in ("[", "{") else _lines(text)
    made = [_recommendation(number, row, body, document) for number, row in rows]
    if not made:
        raise FormError(tr("The file holds no recommendation. Nothing was saved."))
    return made


def _objects(text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormError(tr("The file is no JSON: {why}. Nothing was saved.").format(why=error)) from error
    rows = found.get("recommendations") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise FormError(tr("A list of recommendations is expected. Nothing was saved."))
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise FormError(tr("Row {row}: an object with “words” is expected. Nothing was saved.").format(row=number))
        yield number, row


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        unknown = [name for name in head if name not in COLUMNS]
        if unknown or "words" not in head or len(set(head)) != len(head):
            raise FormError(
                tr("The first row must name the columns, “words” among them. Known are: {columns}.").format(
                    columns=", ".join(COLUMNS)
                )
            )
        for row in reader:
            if len(row) > len(head):
                raise FormError(
                    tr("Row {row}: there are more cells than columns. Nothing was saved.").format(row=reader.line_num)
                )
            if any(cell.strip() for cell in row):
                yield reader.line_num, {name: cell.strip() for name, cell in zip(head, row, strict=False)}
    except csv.Error as error:
        raise FormError(
            tr("Row {row}: {why}. Nothing was saved.").format(row=reader.line_num, why=error)
        ) from error


def _recommendation(number: int, row: Mapping[str, object], body: str, document: str) -> Recommendation:
    values = {key: value for key, value in row.items() if value not in ("", None)}
    who = values.pop("from", body)
    source = dict(who) if isinstance(who, Mapping) else {"body": who}
    where = values.pop("document", document)
    if where:
        source["document"] = where
    try:
        return from_values(Recommendation, {**values, "from": source})
    except FormError as error:
        raise FormError(tr("Row {row}: {why}").format(row=number, why=error)) from error
