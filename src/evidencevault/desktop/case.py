"""The case as a whole: its timeline with what is due, and its facts in short."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QSplitter, QStackedWidget, QTextBrowser

from evidencevault.desktop import readers, scale
from evidencevault.desktop.case_delegates import TimeDelegate
from evidencevault.desktop.case_facts import facts_html
from evidencevault.desktop.case_rows import TimeRow, timeline
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseHead
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW, Rows

FULL, NOTHING, WAITING = range(3)


class CaseOverview(CaseScreen):
    """``wanted`` carries where a line of the timeline leads."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("case", desk)
        self._theme, self._html, self._kind, self._sought = theme, "", "all", ""
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._facts = self.child(QTextBrowser, "facts")
        self._model: Rows[TimeRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(TimeDelegate(theme, self._list))
        self._list.activated.connect(self._open)
        self._list.doubleClicked.connect(self._open)
        for kind in ("all", "happened", "deadlines"):
            self.child(QPushButton, kind).clicked.connect(partial(self._filtered, kind))
        panes = self.child(QSplitter, "panes")
        panes.setStretchFactor(0, 1)
        panes.setSizes([scale.px(760), scale.px(400)])
        theme.changed.connect(self._coloured)
        self._coloured()

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if self.begin_case(head.row.id):
            self._model.show([])
            self._pages.setCurrentIndex(WAITING)
            self._facts.setHtml("")

        def work(opened: Opened) -> tuple[list[TimeRow], str]:
            return timeline(opened.case), facts_html(opened.case)

        self.read(work, self._came)

    def seek(self, text: str) -> None:
        """Show what holds these words."""
        if self.fresh(text):
            self._sought = text.casefold().strip()
            self._refilter()

    def narrow(self, narrow: bool) -> None:
        """In a small window the kinds of moments get the room of the title."""
        self.child(QLabel, "timelineTitle").setVisible(not narrow)

    def focus_list(self) -> None:
        """Give the keyboard to the timeline."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _came(self, found: tuple[list[TimeRow], str]) -> None:
        rows, self._html = found
        self._model.show(rows)
        self._paged()
        self._facts.setHtml(self._html)

    def _filtered(self, kind: str, _: bool = False) -> None:
        self._kind = kind
        self._refilter()

    def _refilter(self) -> None:
        self._model.filter(self._wanted)
        self._paged()

    def _wanted(self, row: TimeRow) -> bool:
        kind = self._kind == "all" or row.deadline == (self._kind == "deadlines")
        return kind and self._sought in row.spoken.casefold()

    def _paged(self) -> None:
        self._pages.setCurrentIndex(FULL if self._model.rowCount() else NOTHING)

    def _open(self, index: QModelIndex) -> None:
        row: TimeRow = index.data(ROW)
        if row.ref:
            self.wanted.emit("", row.ref)

    def _coloured(self) -> None:
        readers.prepare(self._facts, self._theme.tokens)
        self._facts.setHtml(self._html)
