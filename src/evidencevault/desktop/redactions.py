"""Redactions of a case: every exhibit with how far its plan is, and beside the list the one that is being redacted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelection, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QListView, QPushButton, QSplitter, QStackedWidget, QWidget

from evidencevault.desktop import redact_rows, scale
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import Late, filling
from evidencevault.desktop.look import Theme
from evidencevault.desktop.redact import Redactor
from evidencevault.desktop.redact_delegates import PlanDelegate
from evidencevault.desktop.redact_rows import PlanRow
from evidencevault.desktop.rows import CaseHead
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.redaction import standings

FULL, EMPTY, NOTHING, WAITING = range(4)
_STATES = (
    standings.UNTOUCHED,
    standings.DRAFT,
    standings.WAITING,
    standings.APPROVED,
    standings.NOTHING,
    standings.CANNOT,
)


class RedactionsScreen(CaseScreen):
    """One case's redactions."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("redactions", desk)
        self._sought, self._state, self._pointed = "", "", ""
        self._quiet = self._alone = False
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._states = {name: self.child(QPushButton, name) for name in ("all", *_STATES)}
        self._model: Rows[PlanRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(PlanDelegate(theme, self._list))
        self._theme, self._late = theme, Late(self._made_redactor)
        self._wire()

    def _wire(self) -> None:
        flow = FlowLayout(self.child(QWidget, "states"), scale.px(6))
        for name, button in self._states.items():
            flow.addWidget(button)
            button.clicked.connect(lambda _=False, name=name: self._filtered("" if name == "all" else name))
        self.child(QPushButton, "goToEvidence").clicked.connect(lambda: self.wanted.emit("evidence", ""))
        self.child(QPushButton, "clear").clicked.connect(self._cleared)
        self._list.selectionModel().selectionChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: self._work_on())
        QShortcut(QKeySequence(Qt.Key.Key_Space), self._list, self._work_on,
                  context=Qt.ShortcutContext.WidgetShortcut)  # fmt: skip
        splitter = self.child(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scale.px(330), scale.px(848)])

    @property
    def redactor(self) -> Redactor:
        """What stands beside the list."""
        return self._late()

    def _made_redactor(self) -> Redactor:
        made = Redactor(self.desk, self._theme)
        made.told.connect(self.told)
        made.undoable.connect(self.undoable)
        made.wanted.connect(self.wanted)
        made.list_wanted.connect(self._show_list)
        QTimer.singleShot(0, self, partial(self._place, made))  # to dress it takes as long again as to make it
        return made

    def _place(self, made: Redactor) -> None:
        filling(self.child(QWidget, "redactor"), made)
        self._theme.dress(made)

    # --- what is shown

    def open_exhibit(self, number: str) -> None:
        """Redact an exhibit: its pages get the room of the list, too."""
        self._alone = True
        self.point_to(number)
        self.redactor.show_list(False)

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if self.begin_case(head.row.id):
            self._model.show([])
            self._cleared()
            if self._late.made is not None:
                self._late.made.clear()
                self._late.made.show_list(True)
            self._pages.setCurrentIndex(WAITING)
        elif self._late.made is not None:
            self._late.made.refresh()
        QTimer.singleShot(0, self, self._late)  # the list is there first
        self.read(lambda opened: redact_rows.plan_rows(opened.case), self._came)

    def seek(self, text: str) -> None:
        """Show what holds these words in number, name or source."""
        if self.fresh(text):
            self._sought = text.casefold().strip()
            self._refilter()

    def focus_list(self) -> None:
        """Give the keyboard to the list, or to the pages where it is hidden."""
        if self._list.isVisible() or self._late.made is None:
            self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._late.made.focus_pages()

    def point_to(self, ref: str) -> None:
        """Choose an exhibit, such as ``E001``; a page behind it (``E001#3``) is the evidence screen's."""
        ref = ref.partition("#")[0]
        if self._model.row_of(ref) < 0 and any(one.id == ref for one in self._model.rows):
            self._cleared()
        self._pointed = "" if choose(self._list, self._model, ref) else ref

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the pages, and to the panel beside them."""
        return self.redactor.next_pane(now)

    def narrow(self, narrow: bool) -> None:
        """In a small window the pages get the room of the list as soon as one is worked on."""
        self._alone = narrow

    def _came(self, found: Sequence[PlanRow]) -> None:
        chosen = current(self._list)
        self._quiet = True
        self._model.show(found)
        if chosen is not None:
            choose(self._list, self._model, chosen.id, scroll=False)
        self._quiet = False
        self.child(QLabel, "count").setText(str(len(found)))
        self._counted(found)
        self._paged()
        if self._pointed:
            self.point_to(self._pointed)

    def _counted(self, found: Sequence[PlanRow]) -> None:
        for state in _STATES:
            self._states[state].setVisible(any(one.code == state for one in found) or state == self._state)

    def _paged(self) -> None:
        if not self._model.rows:
            self._pages.setCurrentIndex(EMPTY)
        else:
            self._pages.setCurrentIndex(FULL if self._model.rowCount() else NOTHING)

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: PlanRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is not None and not self._quiet:
            self.redactor.show_exhibit(self.reference, row.id)

    def _work_on(self) -> None:
        if current(self._list) is not None:
            if self._alone:
                self.redactor.show_list(False)
            self.redactor.focus_pages()

    def _show_list(self, shown: bool) -> None:
        self.child(QFrame, "listing").setVisible(shown)

    # --- what is filtered

    def _filtered(self, state: str) -> None:
        self._state = state
        self._refilter()

    def _refilter(self) -> None:
        state, sought, chosen = self._state, self._sought, current(self._list)
        if state or sought:
            self._model.filter(lambda row: (not state or row.code == state) and sought in row.shown.sought)
        else:
            self._model.filter(None)
        self._paged()
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    def _cleared(self) -> None:
        self._states["all"].setChecked(True)
        self._state = self._sought = self._last_sought = ""
        self._refilter()
