"""TOML forms on the command line: ``--file`` (``-`` is standard input) and ``--template``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, TypeVar

import typer

from evidencevault.casework import forms
from evidencevault.cli.face import Face, plain, table
from evidencevault.errors import FormError, Refused, UsageError
from evidencevault.resources import tr

F = TypeVar("F", bound=forms.Form)
FileOption = Annotated[
    Path | None, typer.Option("--file", help="The filled-in form; - is standard input.", metavar="F")
]
TemplateOption = Annotated[bool, typer.Option("--template", help="Print an empty form with comments, and end.")]
OptionalReference = Annotated[str | None, typer.Argument(metavar="REF", help="Such as NL-2026-0001.")]


def wants_template(asked: bool, kind: str) -> bool:
    """Print the template where it was asked for."""
    if asked:
        print(forms.template(kind), end="")
    return asked


def form(kind: type[F], file: Path | None, rule: Callable[[F], Iterable[forms.Fault]] | None = None) -> F:
    """The record that a form fills in. Raises UsageError without a file, FormError with line and key, Refused."""
    if file is None:
        raise UsageError(tr("Give the filled-in form with --file F; --template prints an empty one."))
    try:
        text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Refused(
            tr("The form {file} cannot be read: {why}.").format(file=plain(file), why=error.strerror)
        ) from error
    return forms.parse(kind, text, rule)


def from_options(kind: type[F], values: Mapping[str, object]) -> F:
    """The record that the options of a call fill in; what was left out is None. Raises UsageError."""
    try:
        return forms.from_values(kind, {key: value for key, value in values.items() if value is not None})
    except FormError as error:
        raise UsageError(error.sentence) from error


def needed(reference: str | None) -> str:
    """The case's reference. Raises UsageError where none was given."""
    if reference is None:
        raise UsageError(tr("Which case? Give its reference, such as NL-2026-0001."))
    return reference


def body(record: forms.Form) -> dict[str, object]:
    """A record as its JSON document."""
    return {key: value for key, value in forms.to_body(record).items() if key != "v"}


def show_record(face: Face, reference: str, record: forms.Form) -> None:
    """One record: as JSON, or as the form it was filled in with."""
    face.show({"case": reference, **body(record)}, *(plain(line) for line in forms.to_toml(record).splitlines()))


def show_records(
    face: Face,
    reference: str,
    name: str,
    records: Sequence[forms.Form],
    columns: Sequence[str],
    due: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """A list of records: whole as JSON, the chosen columns as a table; ``due`` by number stands in it as ``due_at``."""
    rows = [body(one) for one in records]
    rows = [{**one, "due_at": due[number]} if (number := str(one.get("number"))) in due else one for one in rows]
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    face.show(
        {"case": reference, name: rows},
        *table([column.replace("_", " ").capitalize() for column in columns], cells),
        *([] if rows else [tr("There are none in {case}.").format(case=reference)]),
    )


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value)
    if isinstance(value, dict):
        return " ".join(_cell(one) for one in value.values() if one)
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
