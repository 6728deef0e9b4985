"""The line that is being typed in an interview: question, answer, what was seen, phase, kind of question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from evidencevault.casework.codes import word
from evidencevault.casework.interviews import Line
from evidencevault.casework.prompts import LEADING, PROMPTS
from evidencevault.desktop import words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.screen import banner
from evidencevault.resources import tr

READ_AFTER = 250  # ms after the last key of a question, for its kind


class TalkLine(Form):
    """``typed`` carries a field and its text, ``chosen`` phase and kind (empty: by its words).

    ``done`` ends the line; ``rested`` comes when a question was typed; ``away`` and ``back`` are for a written line.
    """

    typed = Signal(str, str)
    chosen = Signal(str, str)
    rested = Signal()
    done = Signal()
    away = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__("talk_line")
        self._showing = False  # fields are being filled: what they send is no typing
        self._question, self._answer = (self.child(QPlainTextEdit, name) for name in ("question", "answer"))
        self._note = self.child(QLineEdit, "note")
        self._phase, self._kind = self.child(QComboBox, "phase"), self.child(QComboBox, "kind")
        self._read = QTimer(self, singleShot=True, interval=READ_AFTER)
        self._read.timeout.connect(self.rested)
        for name, text in (("question", self._question), ("answer", self._answer)):
            text.textChanged.connect(lambda name=name, text=text: self._typed(name, text.toPlainText()))
            text.installEventFilter(self)
        self._note.textEdited.connect(lambda text: self._typed("note", text))
        self._note.returnPressed.connect(self.done)
        self._phase.currentTextChanged.connect(self._chosen)
        self._kind.currentIndexChanged.connect(self._chosen)
        for name, signal in (("next", self.done), ("away", self.away), ("back", self.back)):
            self.child(QPushButton, name).clicked.connect(signal)

    def shortcuts(self, over: QObject) -> None:
        """Keys for phase and kind, wherever the keyboard is within ``over``."""
        keys: dict[str, Callable[[], None]] = {
            "Alt+.": lambda: self._turn(1),
            "Alt+,": lambda: self._turn(-1),
            **{f"Ctrl+{n}": partial(self._kind.setCurrentIndex, n) for n in range(len(PROMPTS) + 1)},
        }
        for key, run in keys.items():
            QShortcut(QKeySequence(key), over, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def begin(self) -> None:
        """Give the keyboard to the question."""
        self._question.setFocus()

    def offer(self, phases: Sequence[str]) -> None:
        """The phases of the model; with none they are typed freely."""
        self._showing = True
        self._phase.clear()
        self._phase.setEditable(not phases)
        for code in phases:
            self._phase.addItem(word(code), code)
        self._kind.clear()
        for code in ("", *PROMPTS):
            self._kind.addItem(words.prompt(code) if code else tr("by its words"), code)
        self._showing = False

    def show_line(self, line: Line, number: int, *, again: bool) -> None:
        """A line and its number from 1; ``again``: it was written before and is put right."""
        self._showing = True
        for edit, text in ((self._question, line.question), (self._answer, line.answer)):
            if edit.toPlainText() != text:
                edit.setPlainText(text)
                edit.moveCursor(QTextCursor.MoveOperation.End)
        self._note.setText(line.note)
        if self._phase.isEditable():
            self._phase.setEditText(line.phase)
        else:
            self._phase.setCurrentIndex(max(0, self._phase.findData(line.phase)))
        self._kind.setCurrentIndex(max(0, self._kind.findData(line.prompt_kind)))
        self._showing = False
        for name in ("away", "back"):
            self.child(QPushButton, name).setVisible(again)
        told = tr("Put right: line {n}") if again else tr("Line {n}")
        self.child(QLabel, "line").setText(told.format(n=number))
        self.show_time(line)

    def show_time(self, line: Line) -> None:
        """When its first word was typed."""
        self.child(QLabel, "at").setText(line.at.strftime("%H:%M:%S") if line.at else "")

    def suggest(self, line: Line, found: str) -> None:
        """Say what kind the question is by its words, and heed one that leads."""
        by_words = tr("by its words: {kind}").format(kind=words.prompt(found)) if found else tr("by its words")
        self._kind.setItemText(0, by_words)
        heed = tr("This question may put an answer into the child's mouth. It stays as it was asked.")
        banner(self, "heed", heed if line.question and (line.prompt_kind or found) == LEADING else "")

    def _typed(self, name: str, text: str) -> None:
        if not self._showing:
            self.typed.emit(name, text)
            if name == "question":
                self._read.start()

    def _chosen(self) -> None:
        if not self._showing:
            self.chosen.emit(self._phase.currentData() or self._phase.currentText().strip(), self._kind.currentData())

    def _turn(self, by: int) -> None:
        place = self._phase.currentIndex() + by
        if 0 <= place < self._phase.count():
            self._phase.setCurrentIndex(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes from the question to the answer, and from there to the next line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._answer.setFocus() if watched is self._question else self.done.emit()
                return True
        return super().eventFilter(watched, event)
