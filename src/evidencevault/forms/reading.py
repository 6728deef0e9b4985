"""A TOML form into its frozen dataclass; every refusal names line and key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from evidencevault.errors import FormError
from evidencevault.forms.positions import Path, lines
from evidencevault.forms.shapes import DayOrStep, Form, Scalar, Shape, shapes, shorthand
from evidencevault.resources import tr

F = TypeVar("F", bound=Form)
PARTIAL = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_LIKE_A_DAY = re.compile(r"\s*\d+[-./ ]\d")
MAX_FORM = 16 * 1024 * 1024
"""Bytes of a form. A transcript of a whole day is under one MiB."""
Fault = tuple[Path, str]
"""What no single field shows: where it stands, and what is wrong in a sentence."""
Rule = Callable[[F], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a value stands, for the sentence of a refusal. :func:`places` gives that of a whole text."""

    lines: Mapping[Path, int]
    path: Path = ()

    def at(self, *steps: str | int) -> Where:
        """Further in."""
        return Where(self.lines, (*self.path, *steps))

    @property
    def key(self) -> str:
        """As it is written: ``step[2].within``."""
        text = ""
        for step in self.path:
            text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
        return text

    def line(self) -> int | None:
        """Counted from 1; None where there is no text."""
        path = self.path
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def wrong(self, why: str) -> FormError:
        """The refusal that names line and key."""
        line = self.line()
        if line is None:
            error = FormError(tr("{key}: {why} Nothing was saved.").format(key=self.key, why=why))
        else:
            told = tr("Line {line}, {key}: {why} Nothing was saved.")
            error = FormError(told.format(line=line, key=self.key, why=why))
        error.path, error.why = self.path, why
        return error


def parse(form: type[F], text: str | bytes, rule: Rule[F] | None = None) -> F:
    """The record that a TOML text (UTF-8) fills in and ``rule`` lets pass. Raises FormError with line and key."""
    decoded = _decoded(text)
    try:
        table = tomllib.loads(decoded)
    except tomllib.TOMLDecodeError as error:
        raise FormError(_syntax(decoded, str(error))) from error
    except RecursionError as error:
        raise FormError(tr("The form nests deeper than any form does. Nothing was saved.")) from error
    # TOML reads CRLF as LF; so must whatever counts its lines.
    where = Where(lines(decoded.replace("\r\n", "\n")))
    return _ruled(_table(form, table, where), rule, where)


def places(text: str | bytes) -> Where:
    """The places of a text that :func:`parse` has taken, for what is judged afterwards."""
    return Where(lines(_decoded(text).replace("\r\n", "\n")))


def from_values(form: type[F], values: Mapping[str, object]) -> F:
    """The record from values by TOML key (as a command's options give them), under the same rules. Raises FormError."""
    return _table(form, values, Where({}))


def check(record: F, rule: Rule[F] | None = None) -> F:
    """The record, if it would be accepted as a form; what the program writes is not judged. Raises FormError."""
    return _ruled(_checked(record, Where({})), rule, Where({}))


def _ruled(record: F, rule: Rule[F] | None, where: Where) -> F:
    for path, why in rule(record) if rule is not None else ():
        raise where.at(*path).wrong(why)
    return record


def _checked(record: F, where: Where) -> F:
    known = shapes(type(record))
    values = {shape.key: getattr(record, shape.name) for shape in known if not shape.given}
    left_out = {
        shape.key for shape in known if not shape.given and not shape.required and values[shape.key] == empty(shape)
    }
    made = _table(type(record), {key: value for key, value in values.items() if key not in left_out}, where)
    kept = {shape.name: getattr(record, shape.name) for shape in known if shape.given}
    return replace(made, extra=record.extra, **kept)


def _decoded(text: str | bytes) -> str:
    if len(text) > MAX_FORM:
        raise FormError(tr("The form is larger than {n} MiB. Nothing was saved.").format(n=MAX_FORM >> 20))
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise FormError(tr("Line {line}: the form is not UTF-8 text. Nothing was saved.").format(line=line)) from error


def _syntax(text: str, why: str) -> str:
    found = re.search(r"\(at line (\d+), column \d+\)", why)
    line = int(found[1]) if found else text.count("\n") + 1
    written = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
    key = re.match(r"\s*(?:\[+\s*)?([\w.-]+)", written)
    return tr("Line {line}{key}: this is not valid TOML ({why}). Nothing was saved.").format(
        line=line, key=f", {key[1]}" if key else "", why=why
    )


def _table(form: type[F], table: Mapping[str, object], where: Where) -> F:
    known = {name: shape for shape in shapes(form) for name in (shape.key, *shape.aliases)}
    filled: dict[str, Any] = {}
    for key, value in table.items():
        shape = known.get(key)
        if shape is None:
            raise where.at(key).wrong(_unknown(key, known))
        if shape.given:
            raise where.at(key).wrong(tr("this is written by the program; leave it out."))
        if shape.name in filled:
            raise where.at(key).wrong(tr("this is given twice, under two names."))
        filled[shape.name] = _field(shape, value, where.at(key))
    for shape in shapes(form):
        if shape.required and filled.get(shape.name) is None:
            raise where.at(shape.key).wrong(tr("this is required and missing."))
        filled.setdefault(shape.name, empty(shape))
    return form(**filled)


def _unknown(key: str, known: Mapping[str, Shape]) -> str:
    close = difflib.get_close_matches(key.replace("-", "_"), known, 1)
    if close:
        return tr("this key is unknown. Is “{key}” meant?").format(key=close[0])
    return tr("this key is unknown. Known are: {keys}.").format(
        keys=", ".join(shape.key for shape in dict.fromkeys(known.values()))
    )


def empty(shape: Shape) -> object:
    """What an optional field holds when it is left out."""
    if shape.default is not None:
        return shape.default
    if shape.many:
        return ()
    return "" if shape.scalar is Scalar.TEXT else None


def _field(shape: Shape, value: object, where: Where) -> object:
    if not shape.many:
        return _one(shape, value, where)
    if shape.table and isinstance(value, Mapping | str):
        value = [value] if value else []
    if not isinstance(value, list | tuple):
        raise where.wrong(tr("a list is expected."))
    if shape.required and not value:
        raise where.wrong(tr("at least one is required."))
    made = tuple(_one(shape, one, where.at(place)) for place, one in enumerate(value))
    if any(one in ("", None) for one in made):
        raise where.wrong(tr("an element is empty."))
    return made


def _one(shape: Shape, value: object, where: Where) -> object:
    if shape.table is not None:
        return _nested(shape, shape.table, value, where)
    if value == "":
        # An untouched line of a template; a required one counts as missing.
        if shape.required:
            raise where.wrong(tr("this is required and empty."))
        return empty(shape) if not shape.many else ""
    made = _scalar(shape, value)
    if made is None:
        raise where.wrong(_expected(shape))
    if shape.required and isinstance(made, str) and not made.strip():
        raise where.wrong(tr("this is required and empty."))
    if shape.choices and made not in shape.choices:
        raise where.wrong(tr("one of these is expected: {choices}.").format(choices=", ".join(shape.choices)))
    return made


def _nested(shape: Shape, table: type[Form], value: object, where: Where) -> Form | None:
    if isinstance(value, table):
        return _checked(value, where)  # from_values may be handed a finished table
    if isinstance(value, Mapping):
        return _table(table, value, where)
    first = shorthand(table)
    if not isinstance(value, str) or first is None:
        raise where.wrong(tr("a table is expected."))
    if value == "":
        if shape.required:
            raise where.wrong(tr("this is required and empty."))
        return None
    return _table(table, {first.key: value}, where)


def _expected(shape: Shape) -> str:
    kinds = {
        Scalar.TEXT: tr("text in quotes is expected."),
        Scalar.WHOLE: tr("a whole number, zero or more, is expected."),
        Scalar.YES_NO: tr("true or false is expected."),
        Scalar.TIME: tr("a time with its offset is expected, such as 2026-05-01T10:00:00+02:00."),
        Scalar.DAY: tr("a date is expected, such as 2026-05-01."),
        Scalar.PARTIAL: tr("a date, month or year is expected, such as 2014-03-09, 2014-03 or 2014."),
        Scalar.DAY_OR_STEP: tr("a date is expected, such as 2026-05-01, or a step of the policy."),
        None: tr("a table is expected."),
    }
    return f"{kinds[shape.scalar]} {tr(shape.hint)}".strip() if shape.hint else kinds[shape.scalar]


def _scalar(shape: Shape, value: object) -> object:
    """The value in the field's type, or None where it does not fit."""
    match shape.scalar, value:
        case Scalar.TEXT, str():
            return value
        case Scalar.YES_NO, bool():
            return value
        case Scalar.WHOLE, int() if not isinstance(value, bool) and 0 <= value < 2**63:
            return value
        case Scalar.TIME, datetime() | str():
            return to_time(value)
        case Scalar.DAY | Scalar.PARTIAL | Scalar.DAY_OR_STEP, datetime():
            return None  # a datetime is a date to Python
        case Scalar.DAY, date() | str():
            return to_day(value)
        case Scalar.DAY_OR_STEP, date() | str():
            return to_day_or_step(value)
        case Scalar.PARTIAL, date() | str() | int():
            text = value.isoformat() if isinstance(value, date) else str(value)
            return text if PARTIAL.fullmatch(text) and (len(text) < 10 or to_day(text)) else None
        case _:
            return None


def to_time(value: datetime | str) -> datetime | None:
    """A time with offset (RFC 3339), or None."""
    if isinstance(value, str):
        if not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", value):
            return None
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if value.tzinfo is not None and value.utcoffset() is not None else None


def to_day_or_step(value: date | str) -> DayOrStep | None:
    """A date, or the name of a step; None for what was meant as a date and is none."""
    day = to_day(value)
    return value if day is None and isinstance(value, str) and not _LIKE_A_DAY.match(value) else day


def to_day(value: date | str) -> date | None:
    """A date (RFC 3339 full-date), or None."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == 10 else None
        except ValueError:
            return None
    return value
