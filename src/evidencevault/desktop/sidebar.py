"""The sidebar: screens of the open case, and the cases themselves, in one list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QObject, Qt, Signal
from PySide6.QtWidgets import QListView

from evidencevault.desktop.delegates import NavDelegate, NavRow
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import DOT, CaseHead, CaseRow
from evidencevault.desktop.table import ROW, Index, Rows, choose
from evidencevault.resources import tr

CASES, EVIDENCE, INTERVIEWS, DECISIONS, CUSTODY = "cases", "evidence", "interviews", "decisions", "custody"
IN_CASE = (EVIDENCE, INTERVIEWS, DECISIONS, CUSTODY)


class _NavRows(Rows[NavRow]):
    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        row = index.data(ROW)
        if row is not None and row.kind == "head":
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class Sidebar(QObject):
    """Fills the list view. ``screen`` carries the id of a screen, ``case`` the reference of a case."""

    screen = Signal(str)
    case = Signal(str)

    def __init__(self, view: QListView, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self._model = _NavRows()
        self._cases: Sequence[CaseRow] = ()
        self._head: CaseHead | None = None
        self._screen = CASES
        self._quiet = False
        view.setModel(self._model)
        view.setItemDelegate(NavDelegate(theme, view))
        view.setUniformItemSizes(False)  # headings, screens and cases differ
        view.selectionModel().selectionChanged.connect(self._chosen)

    def show(self, cases: Sequence[CaseRow], head: CaseHead | None, screen: str) -> None:
        """Everything anew, with one screen chosen."""
        self._cases, self._head, self._screen = cases, head, screen
        self._quiet = True
        self._model.show(self._rows())
        choose(self._view, self._model, screen)
        self._quiet = False

    def _rows(self) -> list[NavRow]:
        head = self._head
        made = [NavRow(CASES, "screen", tr("Cases"), icon="folder-open", count=len(self._cases))]
        if head is not None:
            row = head.row
            made += [
                NavRow("head-case", "head", row.id),
                NavRow(EVIDENCE, "screen", tr("Evidence"), icon="files", count=row.exhibits),
                NavRow(INTERVIEWS, "screen", tr("Interviews"), icon="message-square-text", count=head.interviews),
                NavRow(DECISIONS, "screen", tr("Decisions"), icon="scale", count=head.decisions),
                NavRow(CUSTODY, "screen", tr("Chain of custody"), icon="history", count=head.entries),
            ]
        if self._cases:
            made.append(NavRow("head-cases", "head", tr("Cases given to you")))
        for one in self._cases:
            tone = "bad" if one.overdue else one.tone
            state = tr("damaged") if one.problem else tr("overdue") if one.overdue else one.severity
            sub = DOT.join(filter(None, [one.id, state]))
            made.append(NavRow(f"case {one.id}", "case", one.title, sub, tone=tone, count=one.exhibits))
        return made

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        if self._quiet or not selected.indexes():
            return
        row: NavRow = selected.indexes()[0].data(ROW)
        if row.kind == "case":
            self.case.emit(row.id.removeprefix("case "))
        elif row.kind == "screen":
            self.screen.emit(row.id)
