"""Records as TOML: the commented template of a form, and a record written out so that it reads back."""

from __future__ import annotations

import textwrap
from datetime import date, datetime

from evidencevault.forms.reading import empty
from evidencevault.forms.shapes import Form, Scalar, Shape, shapes, shorthand
from evidencevault.resources import tr

_EXAMPLES = {
    Scalar.TEXT: '""',
    Scalar.WHOLE: "0",
    Scalar.YES_NO: "false",
    Scalar.TIME: "2026-05-01T10:00:00+02:00",
    Scalar.DAY: "2026-05-01",
    Scalar.PARTIAL: '"2014-03"',
    Scalar.DAY_OR_STEP: "2026-05-01",
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def template_of(form: type[Form], title: str) -> str:
    """A commented form: required keys stand empty to be filled, optional ones are commented out."""
    out = [
        f"# {title}",
        "# " + tr("Keys marked ★ are required. To use another key, take away its #. Times carry their offset, or Z."),
    ]
    given = [shape.key for shape in shapes(form) if shape.given]
    if given:
        out.append("# " + tr("Written by the program: {keys}.").format(keys=", ".join(given)))
    asked_for = [shape for shape in shapes(form) if not shape.given]
    # Tables go last: in TOML every plain key below a table's header would belong to that table.
    for shape in (one for one in asked_for if not _block(one)):
        out += ["", *_told(shape), _plain(shape)]
    for shape in (one for one in asked_for if _block(one)):
        out += ["", *_told(shape), *_block_lines(shape)]
    return "\n".join(out) + "\n"


def _block(shape: Shape) -> bool:
    return shape.table is not None and (shape.many or not shape.required or shorthand(shape.table) is None)


def _told(shape: Shape) -> list[str]:
    text = ("★ " if shape.required else "") + tr(shape.told)
    choices = shape.choices
    first = shorthand(shape.table) if shape.table else None
    if first is not None and not choices:
        choices = first.choices
    if choices:
        text += " " + tr("One of: {choices}.").format(choices=", ".join(choices))
    if shape.table is not None and shape.many:
        text += " " + tr("Repeat the block for each.")
    out = textwrap.wrap(
        text, 110, initial_indent="# ", subsequent_indent="# ", break_long_words=False, break_on_hyphens=False
    )
    if first is not None and shape.table is not None and shape.required and not shape.many:
        keys = ", ".join(f"{one.key} = {_example(one)}" for one in shapes(shape.table))
        out.append("# " + tr("To say more: {example}").format(example=f"{shape.key} = {{ {keys} }}"))
    return out


def _example(shape: Shape) -> str:
    if shape.many:
        return "[]"
    if shape.choices:
        return _text(str(shape.default or shape.choices[0]))
    return '""' if shape.scalar is None else _EXAMPLES[shape.scalar]


def _plain(shape: Shape) -> str:
    if shape.required:
        return f"{shape.key} = []" if shape.many else f'{shape.key} = ""'
    return f"# {shape.key} = {_example(shape)}"


def _block_lines(shape: Shape) -> list[str]:
    assert shape.table is not None
    mark = "" if shape.required or shape.ready else "# "
    out = [f"{mark}[[{shape.key}]]" if shape.many else f"{mark}[{shape.key}]"]
    for inner in shapes(shape.table):
        if inner.given:
            continue
        choices = " " + tr("One of: {choices}.").format(choices=", ".join(inner.choices)) if inner.choices else ""
        # Of a block that every form has, the plain texts stand ready to be filled.
        ready = inner.required or (inner.scalar is Scalar.TEXT and not inner.many and not inner.choices)
        out.append(f"{mark if ready else '# '}{inner.key} = {_example(inner)}  # {tr(inner.told)}{choices}")
    return out


def to_toml(record: Form) -> str:
    """The record as a form to edit. What the program writes itself, and stored keys it does not know, are left out."""
    return "\n".join(_lines(record, "")) + "\n"


def _lines(record: Form, prefix: str) -> list[str]:
    plain: list[str] = []
    tables: list[str] = []
    for shape in shapes(type(record)):
        value = getattr(record, shape.name)
        if shape.given or (not shape.required and value == empty(shape)):
            continue
        path = f"{prefix}{shape.key}"
        if shape.table is None:
            plain.append(f"{shape.key} = {_literal(value)}")
        elif shape.many and value:
            for one in value:
                tables += ["", f"[[{path}]]", *_lines(one, f"{path}.")]
        elif shape.many:
            plain.append(f"{shape.key} = []")
        else:
            tables += ["", f"[{path}]", *_lines(value, f"{path}.")]
    return [*plain, *tables]


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_literal(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        offset = value.utcoffset()
        # TOML knows offsets of whole minutes; the few odd ones of history go as text, which the form reads too.
        text = value.isoformat()
        return text if offset is not None and not offset.seconds % 60 else _text(text)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else _text(str(value))


def _text(value: str) -> str:
    if "\n" in value:
        return '"""\n' + "".join(char if char == "\n" else _escaped(char) for char in value) + '"""'
    return '"' + "".join(_escaped(char) for char in value) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\u{ord(char):04X}" if ord(char) < 0x20 or ord(char) == 0x7F else char
