"""Interviews, or decisions, to read: their list and the one chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QLabel, QListView, QSplitter, QStackedWidget, QTextBrowser

from evidencevault.casework import decisions, interviews
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import readers, rows
from evidencevault.desktop.delegates import StatementDelegate
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseHead, StatementRow
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.resources import tr

FULL, EMPTY, WAITING = range(3)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one such screen shows: how its rows and its text are read, and what it says when there are none."""

    listed: Callable[[CaseFile], list[StatementRow]]
    text: Callable[[CaseFile, str], str]
    title: str
    none: str
    how: str
    icon: str


def interviews_shelf() -> Shelf:
    """Interviews."""
    return Shelf(
        rows.interview_rows,
        lambda case, number: readers.interview_html(interviews.get(case, number), interviews.signature(case, number)),
        tr("Interviews"),
        tr("No interview yet"),
        tr("“evidencevault interview add” files one from a form; “--template” prints the form."),
        "message-square-text",
    )


def decisions_shelf() -> Shelf:
    """Decisions."""
    return Shelf(
        rows.decision_rows,
        lambda case, number: readers.decision_html(decisions.get(case, number)),
        tr("Decisions"),
        tr("No decision yet"),
        tr("“evidencevault decision add” files one from a form. “No action” is a decision as well."),
        "scale",
    )


class StatementsScreen(CaseScreen):
    """One shelf of a case."""

    def __init__(self, desk: Desk, theme: Theme, shelf: Shelf) -> None:
        super().__init__("statements", desk)
        self._theme, self._shelf, self._html = theme, shelf, ""
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._text, self._views = self.child(QTextBrowser, "text"), self.child(QStackedWidget, "views")
        self._model: Rows[StatementRow] = Rows()
        self._list.setModel(self._model)
        self._list.setAccessibleName(shelf.title)
        self._list.setItemDelegate(StatementDelegate(theme, self._list))
        self._list.selectionModel().selectionChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: self._text.setFocus())
        self.child(QLabel, "emptyTitle").setText(shelf.none)
        self.child(QLabel, "emptyText").setText(shelf.how)
        splitter = self.child(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([420, 758])
        theme.changed.connect(self._coloured)
        self._coloured()

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if self.begin_case(head.row.id):
            self._model.show([])
            self._views.setCurrentIndex(1)
            self._pages.setCurrentIndex(WAITING)
        self.child(QLabel, "reference").setText(head.row.id)
        self.child(QLabel, "title").setText(self._shelf.title)
        shelf = self._shelf
        self.read(lambda opened: shelf.listed(opened.case), self._came)

    def seek(self, text: str) -> None:
        """Show what holds these words in its line."""
        if not self.fresh(text):
            return
        sought, chosen = text.casefold().strip(), current(self._list)
        self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _came(self, found: list[StatementRow]) -> None:
        chosen = current(self._list)
        self._model.show(found)
        self.child(QLabel, "count").setText(str(len(found)))
        self._pages.setCurrentIndex(FULL if found else EMPTY)
        if found and (chosen is None or not choose(self._list, self._model, chosen.id)):
            choose(self._list, self._model, found[0].id)

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: StatementRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is None:
            return
        shelf, number = self._shelf, row.id

        def work(opened: Opened) -> str:
            return shelf.text(opened.case, number)

        self.read(work, self._show)

    def _show(self, html: str) -> None:
        if html != self._html:  # read again after a change elsewhere: keep the place
            self._html = html
            self._text.setHtml(self._html)
        self._views.setCurrentIndex(0)

    def _coloured(self) -> None:
        readers.prepare(self._text, self._theme.tokens)
        if self._html:
            self._text.setHtml(self._html)
