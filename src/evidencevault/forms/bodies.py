"""Records to and from what is stored (formats.md §3): no floats, RFC 3339 times, unknown keys in ``extra``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from evidencevault.errors import Damaged
from evidencevault.forms.reading import empty, to_day, to_time
from evidencevault.forms.shapes import Form, Scalar, Shape, shapes
from evidencevault.resources import tr
from evidencevault.vault.canonical import Value

F = TypeVar("F", bound=Form)


def to_body(record: Form) -> dict[str, Value]:
    """The map to store. Fields at their default are left out, keys in ``extra`` stand beside the others."""
    body: dict[str, Value] = dict(record.extra)
    for shape in shapes(type(record)):
        value = getattr(record, shape.name)
        if shape.required or value != empty(shape):
            body[shape.key] = [_stored(one) for one in value] if shape.many else _stored(value)
    return body


def _stored(value: object) -> Value:
    if isinstance(value, Form):
        return to_body(value)
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise TypeError("a stored time has an offset")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def from_body(form: type[F], body: Mapping[str, Value]) -> F:
    """The record in a stored map. Choices are not judged (a later version may know more). Raises Damaged."""
    known = {shape.key: shape for shape in shapes(form)}
    filled: dict[str, Any] = {}
    for key, shape in known.items():
        if key in body:
            filled[shape.name] = _read(shape, body[key])
        elif shape.required:
            raise _damage(key)
        else:
            filled[shape.name] = empty(shape)
    extra = {key: value for key, value in body.items() if key not in known}
    return form(**filled, extra=extra)


def _read(shape: Shape, value: Value) -> object:
    if not shape.many:
        return _read_one(shape, value)
    if not isinstance(value, list):
        raise _damage(shape.key)
    return tuple(_read_one(shape, one) for one in value)


def _read_one(shape: Shape, value: Value) -> object:
    if shape.table is not None and isinstance(value, dict):
        return from_body(shape.table, value)
    made: object = None
    match shape.scalar, value:
        case Scalar.TEXT | Scalar.PARTIAL, str():
            made = value
        case Scalar.YES_NO, bool():
            made = value
        case Scalar.WHOLE, int() if not isinstance(value, bool):
            made = value
        case Scalar.TIME, str():
            made = to_time(value)
        case Scalar.DAY, str():
            made = to_day(value)
        case Scalar.DAY_OR_STEP, str():
            made = to_day(value) or value
    if made is None and (value is not None or shape.required):
        raise _damage(shape.key)
    return made


def _damage(key: str) -> Damaged:
    return Damaged(tr("A stored record does not hold what it must under “{key}”.").format(key=key))
