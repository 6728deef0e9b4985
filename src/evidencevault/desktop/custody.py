"""The chain of custody of a case, and its verification."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QStackedWidget

from evidencevault.desktop import rows
from evidencevault.desktop.delegates import CustodyDelegate
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseHead, CustodyRow
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import Rows
from evidencevault.desktop.verifying import Verifier

FULL, NOTHING, WAITING = range(3)


class CustodyScreen(CaseScreen):
    """One case's entries, newest first."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("custody", desk)
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._model: Rows[CustodyRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(CustodyDelegate(theme, self._list))
        self.verifier = Verifier(self, desk)

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if self.begin_case(head.row.id):
            self._model.show([])
            self._pages.setCurrentIndex(WAITING)
        self.verifier.about(self.reference)
        self.child(QLabel, "reference").setText(head.row.id)
        self.read(lambda opened: rows.custody_rows(opened.case), self._came)

    def seek(self, text: str) -> None:
        """Show the entries that hold these words: an item, a person at work, an act."""
        if self.fresh(text):
            sought = text.casefold().strip()
            self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)
            self._paged()

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _came(self, found: list[CustodyRow]) -> None:
        self._model.show(found)
        self._paged()

    def _paged(self) -> None:
        self._pages.setCurrentIndex(FULL if self._model.rowCount() else NOTHING)
