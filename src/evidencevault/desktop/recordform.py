"""A form made from what a record asks for: its questions as labels, a widget for each answer, nested tables within."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.dragging import dragged
from evidencevault.desktop.fields import FieldWidget, TableBox, field_for
from evidencevault.forms.shapes import Form, Shape, shapes
from evidencevault.resources import tr

LONG = frozenset(
    {
        "allegation", "alternatives", "disability", "done", "effect_on_child", "happened", "happened_to", "note",
        "notes", "plan", "proportionality", "question", "rationale", "reason", "reason_again", "support_given", "what",
        "words",
    }
)  # fmt: skip
Path = Sequence[str | int]
_REF = "ref"


def local_now() -> datetime:
    """The moment, in the zone of this computer."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a record is asked for: all but ``skip``, what is in ``order`` first.

    ``offers`` are likely words of a field, ``choices`` the only ones, as codes with what they mean.
    """

    skip: frozenset[str] = frozenset()
    offers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    clock: Callable[[], datetime] = local_now


class RecordForm(QWidget):
    """Fields one below the other. ``changed`` is sent whenever an answer changes."""

    changed = Signal()

    def __init__(self, form: type[Form], asked: Asked) -> None:
        super().__init__()
        known = [one for one in shapes(form) if not one.given and one.key not in asked.skip]
        place = {key: n for n, key in enumerate(asked.order)}
        self._shapes = sorted(known, key=lambda one: place.get(one.key, len(place)))  # the others keep their order
        self._fields: dict[str, FieldWidget] = {}
        self._wrong: dict[str, QLabel] = {}
        self._first: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(scale.px(14))
        for shape in self._shapes:
            self._add(shape, asked)

    def _add(self, shape: Shape, asked: Asked) -> None:
        text = tr(shape.told).rstrip(".") + (" ★" if shape.required else "")
        label, wrong = _label(text, "field"), _label("", "wrong")
        wrong.hide()
        made = made_for(shape, asked)
        target = made.named(tr(shape.told).rstrip("."))
        label.setBuddy(target)
        self._first = self._first or target
        if shape.key in asked.offers:
            made.offer(asked.offers[shape.key])
        made.changed.connect(self.changed)
        made.changed.connect(wrong.hide)
        box = QVBoxLayout()
        box.setSpacing(scale.px(5))
        for one in (label, made, wrong):
            box.addWidget(one)
        self._layout.addLayout(box)
        self._fields[shape.key], self._wrong[shape.key] = made, wrong

    def begin(self) -> None:
        """Give the keyboard to the first field."""
        if self._first is not None:
            self._first.setFocus()

    def values(self) -> dict[str, Any]:
        """What was filled in, by key."""
        found = {key: one.value() for key, one in self._fields.items()}
        return {key: value for key, value in found.items() if value is not None}

    def show_record(self, record: Form | Mapping[str, Any] | None) -> None:
        """Show a stored record, values by key (a draft), or with None nothing but what a form has by itself."""
        for shape in self._shapes:
            if record is None:
                value = shape.default
            elif isinstance(record, Form):
                value = getattr(record, shape.name)
            else:
                value = record.get(shape.key)
            self._fields[shape.key].show_value(value)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Fill some fields in, by key."""
        for key, value in values.items():
            if key in self._fields:
                self._fields[key].show_value(value)

    def add(self, key: str, value: Any) -> None:
        """Add a table to a field that holds several, where it is not there yet."""
        widget = self._fields.get(key)
        if isinstance(widget, TablesField):
            widget.append(value)

    def missing(self) -> list[str]:
        """The questions without an answer that need one, those of nested tables included."""
        found = []
        for shape in self._shapes:
            widget = self._fields[shape.key]
            if isinstance(widget, Nested):
                found += widget.missing()
            elif shape.required and widget.value() is None:
                found.append(tr(shape.told).rstrip("."))
        return found

    def mark(self, path: Path, why: str) -> bool:
        """Say what is wrong at the field it is wrong with; False where that is not shown here."""
        if not path or str(path[0]) not in self._fields:
            return False
        key, rest = str(path[0]), path[1:]
        widget = self._fields[key]
        if rest and isinstance(widget, Nested) and widget.mark(rest, why):
            return True
        self._wrong[key].setText(why)
        self._wrong[key].show()
        widget.setFocus()
        return True


class Nested(FieldWidget):
    """A field that holds tables."""

    def missing(self) -> list[str]:
        """What they lack."""
        return []

    def mark(self, path: Path, why: str) -> bool:
        """Say what is wrong in one of them."""
        return False


class TableField(Nested):
    """One table; where it may be left out, a box says whether it is filled in."""

    def __init__(self, shape: Shape, form: type[Form], asked: Asked) -> None:
        super().__init__()
        self._asked = QCheckBox(tr("Fill in"))
        self._frame, self._inner = _framed(form, asked)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._asked)
        outer.addWidget(self._frame)
        self._asked.setVisible(not shape.required)
        self._asked.setChecked(shape.required)
        self._frame.setVisible(shape.required)
        self._asked.toggled.connect(self._frame.setVisible)
        self._asked.toggled.connect(self.changed)
        self._inner.changed.connect(self.changed)

    def value(self) -> Any:
        """The table, or None."""
        return self._inner.values() if self._asked.isChecked() else None

    def show_value(self, value: Any) -> None:
        """A stored table."""
        self._asked.setChecked(value is not None or self._asked.isHidden())
        self._inner.show_record(value)

    def named(self, name: str) -> QWidget:
        """The box, or the first field within."""
        self._asked.setAccessibleName(tr("Fill in: {field}").format(field=name))
        return self._asked

    def missing(self) -> list[str]:
        """What the table lacks."""
        return self._inner.missing() if self._asked.isChecked() else []

    def mark(self, path: Path, why: str) -> bool:
        """In the table."""
        return self._inner.mark(path, why)


class TablesField(Nested):
    """Several tables, added and taken away one by one."""

    def __init__(self, form: type[Form], asked: Asked) -> None:
        super().__init__()
        self._form, self._asked, self._name = form, asked, ""
        self._takes = any(one.key == _REF for one in shapes(form))
        self.setAcceptDrops(self._takes)
        self._inner: list[tuple[QFrame, RecordForm]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(scale.px(8))
        self._more = QPushButton(tr("Add one"))
        self._more.setProperty("kind", "link")
        self._more.clicked.connect(lambda: self._add(None).begin())
        row = QHBoxLayout()
        row.addWidget(self._more)
        row.addStretch(1)
        self._layout.addLayout(row)

    def append(self, value: Any) -> None:
        """One more, where it is not there yet."""
        if value not in (self.value() or ()):
            self._add(value)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A reference, where the tables have a field for one."""
        if self._takes and dragged(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Another table with that reference."""
        self.append({_REF: dragged(event.mimeData())})
        event.acceptProposedAction()

    def _add(self, value: Any) -> RecordForm:
        frame, inner = _framed(self._form, self._asked)
        inner.show_record(value)
        away = QPushButton(tr("Take away"))
        away.setProperty("kind", "link")
        away.setAccessibleName(tr("Take away: {field}").format(field=self._name))
        away.clicked.connect(lambda: self._take(frame))
        box = frame.layout()
        if box is not None:
            box.addWidget(away)
        self._layout.insertWidget(len(self._inner), frame)
        self._inner.append((frame, inner))
        inner.changed.connect(self.changed)
        self.changed.emit()
        return inner

    def _take(self, frame: QFrame) -> None:
        self._inner = [one for one in self._inner if one[0] is not frame]
        frame.hide()
        frame.deleteLater()
        self._more.setFocus()
        self.changed.emit()

    def value(self) -> Any:
        """The tables."""
        return [inner.values() for _, inner in self._inner] or None

    def show_value(self, value: Any) -> None:
        """Stored tables in place of what is there."""
        for frame, _ in list(self._inner):
            self._take(frame)
        for one in value or ():
            self._add(one)

    def named(self, name: str) -> QWidget:
        """The button that adds."""
        self._name = name
        self._more.setAccessibleName(tr("Add one: {field}").format(field=name))
        return self._more

    def missing(self) -> list[str]:
        """What they lack together."""
        return [one for _, inner in self._inner for one in inner.missing()]

    def mark(self, path: Path, why: str) -> bool:
        """In the table at that place."""
        place = path[0] if path else None
        return isinstance(place, int) and place < len(self._inner) and self._inner[place][1].mark(path[1:], why)


def made_for(shape: Shape, asked: Asked) -> FieldWidget:
    """The widget for any field."""
    if shape.table is None:
        chosen = asked.choices.get(shape.key, ())
        return field_for(shape, long=shape.key in LONG, clock=asked.clock, choices=chosen)
    if shape.many:
        return TablesField(shape.table, replace(asked, skip=frozenset(), order=()))
    return TableField(shape, shape.table, replace(asked, skip=frozenset(), order=()))


def _framed(form: type[Form], asked: Asked) -> tuple[QFrame, RecordForm]:
    frame, inner, box = QFrame(), RecordForm(form, asked), TableBox()
    frame.setProperty("pane", "pill")
    frame.setLayout(box)
    box.addWidget(inner)
    return frame, inner


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
