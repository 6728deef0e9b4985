"""The documents of a received bundle: their list and the one chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QSplitter, QStackedWidget

from evidencevault.desktop.delegates import ReceivedDelegate
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_desk import InboxDesk, Opened
from evidencevault.desktop.inbox_notes import Notepad
from evidencevault.desktop.inbox_reader import InboxReader
from evidencevault.desktop.inbox_rows import DocumentRow
from evidencevault.desktop.look import Theme
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.resources import tr

FULL, EMPTY = range(2)


class InboxDocuments(Form):
    """List on one side, reader on the other."""

    def __init__(self, desk: InboxDesk, theme: Theme, notes: Notepad) -> None:
        super().__init__("inbox_documents")
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._filter, self._count = self.child(QLineEdit, "filter"), self.child(QLabel, "count")
        self.panes = self.child(QSplitter, "panes")
        self.reader = InboxReader(desk, theme, notes)
        self.panes.addWidget(self.reader)
        self.panes.setStretchFactor(1, 1)
        self.panes.setSizes([400, 880])
        self._model: Rows[DocumentRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(ReceivedDelegate(theme, self._list))
        self._list.selectionModel().selectionChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: self.reader.focus_page())
        self._filter.textChanged.connect(self._seek)
        self._filter.returnPressed.connect(self.focus_list)
        self._filter.setAcceptDrops(False)

    def show_opened(self, opened: Opened) -> None:
        """The documents of a bundle that is whole."""
        self._filter.setText("")
        self.reader.may_note(opened.may_seal)
        self.child(QLabel, "totals").setText(opened.totals)
        self.child(QFrame, "foot").setVisible(bool(opened.totals))
        self._show(opened.rows)
        if opened.rows:
            choose(self._list, self._model, opened.rows[0].id)

    def clear(self) -> None:
        """Forget everything."""
        self._filter.setText("")
        self.child(QLabel, "totals").setText("")
        self.reader.clear()
        self._show([])

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_filter(self) -> None:
        """Give the keyboard to the search."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def next_pane(self) -> None:
        """The keyboard goes from the list to the page and back."""
        if self._list.hasFocus():
            self.reader.focus_page()
        else:
            self.focus_list()

    def _show(self, rows: Sequence[DocumentRow]) -> None:
        self._model.show(rows)
        self._counted()

    def _seek(self, text: str) -> None:
        sought, chosen = text.casefold().strip(), current(self._list)
        self._model.filter((lambda row: sought in row.sought) if sought else None)
        if chosen is not None:
            choose(self._list, self._model, chosen.id)
        self._counted()

    def _counted(self) -> None:
        shown, every = self._model.rowCount(), len(self._model.rows)
        self._count.setText(f"{shown}" if shown == every else f"{shown} / {every}")
        self._pages.setCurrentIndex(FULL if shown else EMPTY)
        title, text = tr("No document in this bundle"), tr("It holds its proofs and nothing else.")
        if every:
            title, text = tr("Nothing fits"), tr("No document holds these words in its line.")
        self.child(QLabel, "emptyTitle").setText(title)
        self.child(QLabel, "emptyText").setText(text)

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: DocumentRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is not None:
            self.reader.show_row(row)
