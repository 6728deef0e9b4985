"""Marking a recording: a stretch of time is silenced."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from evidencevault.desktop.forms import Form
from evidencevault.errors import Refused
from evidencevault.redaction.marks import Span
from evidencevault.resources import tr

_TIME = re.compile(r"(?:(?:([0-9]{1,3}):)?([0-9]{1,3}):)?([0-9]{1,5})(?:[.,]([0-9]{1,3}))?")


class SpansForm(Form):
    """``spanned`` carries the stretch (Span)."""

    spanned = Signal(object)

    def __init__(self) -> None:
        super().__init__("redact_spans")
        self.child(QPushButton, "silence").clicked.connect(self._taken)
        for name in ("from", "to"):
            self.child(QLineEdit, name).returnPressed.connect(self._taken)

    def clear(self, *, may_mark: bool) -> None:
        """Another recording."""
        for name in ("from", "to"):
            self.child(QLineEdit, name).clear()
        self.child(QLabel, "wrong").setText("")
        self.child(QPushButton, "silence").setEnabled(may_mark)

    def _taken(self) -> None:
        said = self.child(QLabel, "wrong")
        try:
            span = Span(*(_milliseconds(self.child(QLineEdit, name).text()) for name in ("from", "to")))
        except Refused as error:
            said.setText(error.sentence)
            return
        said.setText("")
        self.spanned.emit(span)


def _milliseconds(text: str) -> int:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise Refused(tr("Write a time as minutes and seconds, such as 1:02."))
    hours, minutes, seconds, part = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)
    return whole * 1000 + int((part or "0").ljust(3, "0"))
