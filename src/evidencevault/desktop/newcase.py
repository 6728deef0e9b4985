"""The report form that opens a case: safety first, then as a person tells it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from evidencevault.casework import opening
from evidencevault.casework.cases import Case
from evidencevault.desktop.case_shelf import FIRST
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import filling
from evidencevault.desktop.look import Theme
from evidencevault.desktop.record import RecordEditor
from evidencevault.desktop.screen import Screen
from evidencevault.desktop.sheets import Sheet
from evidencevault.resources import tr
from evidencevault.session import Session


class NewCaseScreen(Screen):
    """``opened`` carries the reference of the new case."""

    opened = Signal(str)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("newcase")
        self._sheet = Sheet(
            "newcase",
            tr("A new case"),
            tr("Open the case"),
            Case,
            skip=frozenset({"state", "policy", "version", "closing"}),
            order=FIRST,
            create=_created,
        )
        self._editor = RecordEditor(desk, theme)
        filling(self.child(QWidget, "sheet"), self._editor)
        self._editor.saved.connect(self.opened)
        self._editor.left.connect(lambda: self.wanted.emit("home", ""))

    def refresh(self) -> None:
        """A new form, or the draft of it that was kept."""
        self._editor.start("", self._sheet)

    def seek(self, text: str) -> None:
        """Nothing is listed here."""

    def focus_list(self) -> None:
        """The form gives itself the keyboard when it is there."""

    def put_down(self) -> None:
        """What is typed is kept sealed."""
        self._editor.keep()


def _created(session: Session, record: Case) -> str:
    return opening.create(session.office, record).reference
