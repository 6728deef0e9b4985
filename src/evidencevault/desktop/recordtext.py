"""Any record to read: what it is first, then each answer under its question, nothing left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from evidencevault.casework.codes import word
from evidencevault.desktop import words
from evidencevault.desktop.markup import body, escaped
from evidencevault.forms.reading import empty
from evidencevault.forms.shapes import Form, Shape, shapes
from evidencevault.resources import tr

_HEAD = frozenset({"number", "label"})


def record_html(head: str, record: Form, told: Iterable[str] = (), *, first: str = "") -> str:
    """The whole record; ``first`` is the key of the words that stand on top, ``told`` sentences about it."""
    parts = [f'<p class="muted">{escaped(head)}</p>']
    known = shapes(type(record))
    top = next((one for one in known if one.key == first), None)
    if top is not None:
        parts.append(f'<p class="h1">{escaped(str(getattr(record, top.name)))}</p>')
    parts += [f'<p class="warn"><b>{escaped(one)}</b></p>' for one in told]
    parts += _fields(record, skip={first, *_HEAD})
    return body(parts)


def _fields(record: Form, skip: Iterable[str] = ()) -> list[str]:
    parts = []
    for shape in shapes(type(record)):
        value = getattr(record, shape.name)
        if shape.key in skip or (not shape.required and value == empty(shape)) or value in (None, "", ()):
            continue
        parts.append(f'<p class="h2">{escaped(tr(shape.told).rstrip("."))}</p>')
        parts += _value(shape, value)
    return parts


def _value(shape: Shape, value: object) -> list[str]:
    several = value if isinstance(value, tuple) else (value,)
    if shape.table is not None:
        return [_table(one) for one in several if isinstance(one, Form)]
    return [f"<p>{escaped(_said(shape, one))}</p>" for one in several]


def _table(record: Form) -> str:
    cells = []
    for shape in shapes(type(record)):
        value = getattr(record, shape.name)
        if value in (None, "", ()):
            continue
        several = value if isinstance(value, tuple) else (value,)
        said = ", ".join(_said(shape, one) for one in several if not isinstance(one, Form))
        nested = "".join(_table(one) for one in several if isinstance(one, Form))
        cells.append(f'<p><span class="name">{escaped(tr(shape.told).rstrip("."))}:</span> {escaped(said)}</p>{nested}')
    return '<table width="100%"><tr><td>' + "".join(cells) + "</td></tr></table>"


def _said(shape: Shape, value: object) -> str:
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, datetime):
        return words.stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    return word(str(value)) if shape.choices else str(value)
