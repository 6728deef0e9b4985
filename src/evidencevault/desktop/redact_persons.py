"""The persons of the case beside the pages: which names are sought, and hiding all of one person."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QListView, QPushButton, QStackedWidget

from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.redact_delegates import PersonDelegate
from evidencevault.desktop.redact_people import PersonRow
from evidencevault.desktop.table import Rows, choose, current

FULL, EMPTY = range(2)


class PersonsPanel(Form):
    """``marking`` carries a person's label, the reason, and whether the line is hidden to its end."""

    marking = Signal(str, str, bool)
    wanted = Signal()  # the register

    def __init__(self, theme: Theme) -> None:
        super().__init__("redact_persons")
        self._list = self.child(QListView, "list")
        self._model: Rows[PersonRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(PersonDelegate(theme, self._list))
        self._list.selectionModel().selectionChanged.connect(lambda: self._show())
        self._list.activated.connect(lambda _: self._mark())
        self.child(QPushButton, "mark").clicked.connect(self._mark)
        self.child(QPushButton, "goToPersons").clicked.connect(self.wanted)

    def allow(self, may_mark: bool) -> None:
        """Whether there are pages to mark, and one may."""
        self.child(QPushButton, "mark").setEnabled(may_mark)

    def show_persons(self, rows: Sequence[PersonRow]) -> None:
        """Everybody in the register."""
        now = current(self._list)
        self._model.show(rows)
        self.child(QStackedWidget, "pages").setCurrentIndex(FULL if rows else EMPTY)
        if rows and not (now is not None and choose(self._list, self._model, now.id)):
            choose(self._list, self._model, rows[0].id)
        self._show()

    def _show(self) -> None:
        row = current(self._list)
        self.child(QFrame, "foot").setVisible(row is not None)
        if row is not None:
            self.child(QLabel, "who").setText(row.title)
            self.child(QLabel, "sought").setText(row.sought)

    def _mark(self) -> None:
        row = current(self._list)
        if row is not None and self.child(QPushButton, "mark").isEnabled():
            self.marking.emit(row.id, row.reason, self.child(QCheckBox, "widen").isChecked())
