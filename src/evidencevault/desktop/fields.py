"""One widget for each kind of field: it shows a value, gives it as a form would hold it, and says when it changes."""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from evidencevault.casework.codes import word
from evidencevault.desktop import scale
from evidencevault.desktop.flow import FlowLayout
from evidencevault.forms.shapes import Scalar, Shape
from evidencevault.resources import tr

WRAPPED = 46  # characters in a line of what can be ticked
LINES = 5  # of a text that is meant to be long


class FieldWidget(QWidget):
    """A field of a form. ``value`` is None where nothing was filled in."""

    changed = Signal()

    @abstractmethod
    def value(self) -> Any:
        """As :func:`evidencevault.forms.reading.from_values` takes it; None is left out."""

    @abstractmethod
    def show_value(self, value: Any) -> None:
        """Show a stored value; None or empty shows nothing."""

    @abstractmethod
    def named(self, name: str) -> QWidget:
        """Take a name for screen readers; returns what gets the keyboard when its label is chosen."""

    def offer(self, words: Sequence[str]) -> None:
        """Words that are likely here, such as labels of persons."""


def _inside(outer: QWidget, *widgets: QWidget) -> None:
    layout = QHBoxLayout(outer)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(scale.px(6))
    for one in widgets:
        layout.addWidget(one)


class LineField(FieldWidget):
    """A line of text, or a whole number, or a day."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self._shape, self._line = shape, QLineEdit()
        self._line.setAcceptDrops(True)
        hints = {
            Scalar.DAY: "2026-05-01",
            Scalar.PARTIAL: "2014-03-09 · 2014-03 · 2014",
            Scalar.DAY_OR_STEP: "2026-05-01",
        }
        if shape.scalar in hints:
            self._line.setPlaceholderText(hints[shape.scalar])
        self._line.textChanged.connect(self.changed)
        _inside(self, self._line)

    def value(self) -> Any:
        """Text; a number where it is one."""
        text = self._line.text().strip()
        if self._shape.scalar is Scalar.WHOLE and text.isdecimal():
            return int(text)
        return text or None

    def show_value(self, value: Any) -> None:
        """As it is written."""
        shown = value.isoformat() if isinstance(value, date) else value
        self._line.setText("" if shown is None else str(shown))

    def named(self, name: str) -> QWidget:
        """The line."""
        self._line.setAccessibleName(name)
        return self._line

    def offer(self, words: Sequence[str]) -> None:
        """Completed as one types, wherever in the word."""
        completer = QCompleter(QStringListModel(list(words), self), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._line.setCompleter(completer)


class TextField(FieldWidget):
    """Several lines of text."""

    def __init__(self, lines: int = LINES) -> None:
        super().__init__()
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        high = QFontMetrics(self._text.font()).lineSpacing()
        self._text.setFixedHeight(high * lines + scale.px(20))
        self._text.textChanged.connect(self.changed)
        _inside(self, self._text)

    def value(self) -> Any:
        """The text as typed."""
        return self._text.toPlainText().strip() or None

    def show_value(self, value: Any) -> None:
        """The text."""
        self._text.setPlainText(str(value or ""))

    def named(self, name: str) -> QWidget:
        """The text."""
        self._text.setAccessibleName(name)
        return self._text


class ListField(TextField):
    """Several short texts, one a line."""

    def __init__(self) -> None:
        super().__init__(lines=3)
        self._text.setPlaceholderText(tr("One a line"))

    def value(self) -> Any:
        """A list."""
        return [one.strip() for one in self._text.toPlainText().splitlines() if one.strip()] or None

    def show_value(self, value: Any) -> None:
        """One a line."""
        self._text.setPlainText("\n".join(value or ()))


class ChoiceField(FieldWidget):
    """One of a few words; what is not required may be left open."""

    def __init__(self, choices: Sequence[tuple[Any, str]], *, optional: bool) -> None:
        super().__init__()
        self._box = QComboBox()
        # What a policy says may be long: the list shows it whole, the field as much as there is room for.
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(12)
        if optional:
            self._box.addItem("–", None)
        else:
            self._box.setPlaceholderText(tr("Choose"))
        for code, said in choices:
            self._box.addItem(said, code)
        self._box.setCurrentIndex(0 if optional else -1)
        self._box.currentIndexChanged.connect(self.changed)
        _inside(self, self._box)

    def value(self) -> Any:
        """The code."""
        return self._box.currentData()

    def show_value(self, value: Any) -> None:
        """A code that a later version wrote is shown as it is."""
        place = self._box.findData(value)
        if place < 0 and value not in (None, ""):
            self._box.addItem(str(value), value)
            place = self._box.count() - 1
        self._box.setCurrentIndex(place)

    def named(self, name: str) -> QWidget:
        """The box."""
        self._box.setAccessibleName(name)
        return self._box


class ChecksField(FieldWidget):
    """Several of a few words."""

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._checks: dict[str, QCheckBox] = {}
        self._flow = FlowLayout(self, scale.px(12))
        for code, said in choices:
            self._add(code, said)

    def _add(self, code: str, said: str) -> None:
        check = QCheckBox("\n".join(textwrap.wrap(said, WRAPPED)))  # Qt breaks no line of a box by itself
        check.setAccessibleName(said)
        check.toggled.connect(self.changed)
        self._flow.addWidget(check)
        self._checks[code] = check

    def value(self) -> Any:
        """The codes in their order."""
        return [code for code, check in self._checks.items() if check.isChecked()] or None

    def show_value(self, value: Any) -> None:
        """The stored codes; one that is no choice any more is shown as it is, and kept."""
        for code in value or ():
            if code not in self._checks:
                self._add(code, word(code))
        for code, check in self._checks.items():
            check.setChecked(code in (value or ()))

    def named(self, name: str) -> QWidget:
        """The first."""
        for check in self._checks.values():
            check.setAccessibleName(f"{name}: {check.accessibleName()}")
        return next(iter(self._checks.values()))


class TimeField(FieldWidget):
    """A moment, typed in the zone of this computer; “Now” fills it in."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._stored: datetime | None = None
        self._line, self._now = QLineEdit(), QPushButton(tr("Now"))
        self._line.setPlaceholderText("2026-05-01 10:00")
        self._line.textChanged.connect(self.changed)
        self._now.clicked.connect(lambda: self.show_value(self._clock()))
        _inside(self, self._line, self._now)

    def value(self) -> Any:
        """With its distance from UTC; what is no moment stays text, and is refused as such."""
        text = self._line.text().strip()
        if not text:
            return None
        if self._stored is not None and text == _written(self._stored):
            return self._stored  # else its seconds, and the zone in which it was written, would be lost
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        return at if at.tzinfo is not None else at.astimezone()

    def show_value(self, value: Any) -> None:
        """To the minute."""
        self._stored = value if isinstance(value, datetime) else None
        self._line.setText("" if self._stored is None else _written(self._stored))

    def named(self, name: str) -> QWidget:
        """The line."""
        self._line.setAccessibleName(name)
        self._now.setAccessibleName(tr("{field}: now").format(field=name))
        return self._line


def _written(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def field_for(
    shape: Shape, *, long: bool, clock: Callable[[], datetime], choices: Sequence[tuple[str, str]] = ()
) -> FieldWidget:
    """The widget for a field that is no table; ``choices`` are those of the case, where the form has none itself."""
    words = [(code, word(code)) for code in shape.choices] or list(choices)
    if words:
        # What has a default needs no open choice; what may be left out does.
        return ChecksField(words) if shape.many else ChoiceField(words, optional=not shape.required)
    if shape.many:
        return ListField()
    if shape.scalar is Scalar.YES_NO:
        return ChoiceField([(True, word("yes")), (False, word("no"))], optional=True)
    if shape.scalar is Scalar.TIME:
        return TimeField(clock)
    return TextField() if long else LineField(shape)


class TableBox(QVBoxLayout):
    """The space in which a nested table stands."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(scale.px(12), scale.px(10), scale.px(12), scale.px(12))
        self.setSpacing(scale.px(8))
