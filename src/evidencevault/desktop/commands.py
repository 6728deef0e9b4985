"""What can be asked of the window by key: each act once, with its words, for the shortcuts and for the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """An act, what it is called, and the keys for it in Qt's portable writing (``Ctrl+L``; empty: none)."""

    title: str
    keys: str
    act: Callable[[], object]

    @property
    def shown_keys(self) -> str:
        """The keys as this system writes them."""
        return QKeySequence(self.keys).toString(QKeySequence.SequenceFormat.NativeText)


def bind(window: QWidget, commands: Iterable[Command]) -> None:
    """Let the keys of the commands work in a whole window."""
    for one in commands:
        if one.keys:
            QShortcut(QKeySequence(one.keys), window, one.act)
