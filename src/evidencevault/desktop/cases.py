"""The cases that were given to the member, with what is due in each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel, QListView, QStackedWidget

from evidencevault.desktop.delegates import CaseDelegate
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseRow
from evidencevault.desktop.screen import Screen
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.desktop.verifying import Verifier
from evidencevault.resources import tr

FULL, EMPTY, WAITING = range(3)


class CasesScreen(Screen):
    """All cases. ``opened`` carries the reference of the one that the person opens."""

    opened = Signal(str)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("cases")
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._model: Rows[CaseRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(CaseDelegate(theme, self._list))
        self._list.clicked.connect(self._open)
        self._list.activated.connect(self._open)
        self.verifier = Verifier(self, desk)
        self._pages.setCurrentIndex(WAITING)

    def _open(self, index: QModelIndex) -> None:
        row: CaseRow = index.data(ROW)
        if row.problem:
            self.banner("problem", row.problem)
        else:
            self.opened.emit(row.id)

    def show_cases(self, found: list[CaseRow]) -> None:
        """The cases anew."""
        chosen = current(self._list)
        self._model.show(found)
        self.child(QLabel, "count").setText(tr("Cases: {n}").format(n=len(found)))
        self._pages.setCurrentIndex(FULL if found else EMPTY)
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    def seek(self, text: str) -> None:
        """Show the cases that hold these words."""
        if not self.fresh(text):
            return
        sought = text.casefold().strip()
        self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)
