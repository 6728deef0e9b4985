"""What the fields of a record are: derived once from its frozen dataclass, used by every reader and writer of it."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, NewType

from evidencevault.vault.canonical import Value

PartialDate = NewType("PartialDate", str)
"""A day, month or year as text: ``2014-03-09``, ``2014-03`` or ``2014``. Many children's birthdays are not known."""
DayOrStep = date | str
"""A day, or a step of the policy by its id, with a reference where it is due for each record: ``feedback C02``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Base of every record and nested table. ``extra`` keeps stored keys that this version does not know."""

    extra: Mapping[str, Value] = field(default_factory=dict, hash=False, repr=False)


class Scalar(Enum):
    """The kinds of a single value."""

    TEXT = "text"
    WHOLE = "whole number"
    YES_NO = "true or false"
    TIME = "time"
    DAY = "date"
    PARTIAL = "date, month or year"
    DAY_OR_STEP = "date or step"


SCALARS: Mapping[Any, Scalar] = {
    str: Scalar.TEXT,
    int: Scalar.WHOLE,
    bool: Scalar.YES_NO,
    datetime: Scalar.TIME,
    date: Scalar.DAY,
    PartialDate: Scalar.PARTIAL,
    DayOrStep: Scalar.DAY_OR_STEP,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One field: its Python ``name``, its ``key`` in TOML and in stored bodies, and what it takes.

    ``table`` is the nested form's class, if it is one; ``many`` says it is a list; ``given``: by the program;
    ``ready``: its block stands open in the template although it may be left out.
    """

    name: str
    key: str
    told: str
    required: bool
    given: bool
    many: bool
    scalar: Scalar | None
    table: type[Form] | None
    choices: tuple[str, ...]
    aliases: tuple[str, ...]
    hint: str
    ready: bool
    default: object


def asked(
    told: str,
    *,
    required: bool = False,
    given: bool = False,
    choices: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    hint: str = "",
    ready: bool = False,
    default: Any = None,
) -> Any:
    """A field of a form. ``told`` explains it in the template (a gettext message), ``hint`` ends a refusal.

    The default is None, empty text or an empty list by the field's type, unless ``required`` or ``default`` is given.
    """
    metadata = dict(told=told, required=required, given=given, choices=choices, aliases=aliases, hint=hint, ready=ready)
    if required:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


_known: dict[type[Form], tuple[Shape, ...]] = {}


def shapes(form: type[Form]) -> tuple[Shape, ...]:
    """The fields of a form in order, without ``extra``. Derived once, as every record read asks for them."""
    if form not in _known:
        hints = typing.get_type_hints(form)
        _known[form] = tuple(_shape(one, hints[one.name]) for one in dataclasses.fields(form) if one.name != "extra")
    return _known[form]


def _shape(one: dataclasses.Field[Any], hint: Any) -> Shape:
    many, inner = _unwrapped(hint)
    table = inner if isinstance(inner, type) and issubclass(inner, Form) else None
    told = one.metadata
    return Shape(
        name=one.name,
        key=one.name.rstrip("_"),  # `from` and `with` are words of Python
        told=told["told"],
        required=told["required"],
        given=told["given"],
        many=many,
        scalar=None if table else SCALARS[inner],
        table=table,
        choices=told["choices"],
        aliases=told["aliases"],
        hint=told["hint"],
        ready=told["ready"],
        default=None if told["required"] else one.default,
    )


def _unwrapped(hint: Any) -> tuple[bool, Any]:
    if hint == DayOrStep:
        return False, hint
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        return True, typing.get_args(hint)[0]
    return False, hint


def shorthand(form: type[Form]) -> Shape | None:
    """The first field of a nested table, if plain text: ``present = ["Anna"]`` stands for ``[{who = "Anna"}]``."""
    first = shapes(form)[0]
    return first if first.scalar is Scalar.TEXT and not first.many else None
