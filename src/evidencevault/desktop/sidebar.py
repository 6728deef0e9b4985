"""The sidebar: screens of the open case, and the cases themselves, in one list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QItemSelection, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QListView, QSplitter

from evidencevault.desktop import scale
from evidencevault.desktop.delegates import NavDelegate, NavRow
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import DOT, CaseHead, CaseRow
from evidencevault.desktop.screens import HOME, Place
from evidencevault.desktop.table import ROW, Index, Rows, choose
from evidencevault.resources import tr

RAIL, LEAST = 60, 190  # px at 100 %
QWIDGETSIZE_MAX = 16777215


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

    def __init__(self, frame: QFrame, view: QListView, theme: Theme, places: Sequence[Place]) -> None:
        super().__init__(view)
        self._frame = frame
        self._view, self._places = view, places
        self._model = _NavRows()
        self._cases: Sequence[CaseRow] = ()
        self._head: CaseHead | None = None
        self._screen = HOME
        self._quiet = False
        self._wide: QByteArray | None = None  # how the panes were divided before there was little room
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

    def narrow(self, narrow: bool) -> None:
        """Show icons alone, or names as well."""
        frame, panes = self._frame, self._frame.parentWidget()
        if isinstance(panes, QSplitter) and narrow and frame.maximumWidth() == QWIDGETSIZE_MAX:
            self._wide = panes.saveState()
        frame.setMinimumWidth(scale.px(RAIL if narrow else LEAST))
        frame.setMaximumWidth(scale.px(RAIL) if narrow else QWIDGETSIZE_MAX)
        if isinstance(panes, QSplitter) and narrow:
            panes.setSizes([scale.px(RAIL), max(1, panes.width() - scale.px(RAIL))])
        elif isinstance(panes, QSplitter) and self._wide is not None:
            panes.restoreState(self._wide)
            self._wide = None
        for one in frame.findChildren(QFrame, "drop"):
            one.setMaximumHeight(0 if narrow else QWIDGETSIZE_MAX)

    def _rows(self) -> list[NavRow]:
        listed = [one for one in self._places if one.listed]
        made = [NavRow(one.id, "screen", one.title, icon=one.icon) for one in listed if not one.of_case]
        head = self._head
        if head is not None:
            made.append(NavRow("head-case", "head", head.row.id))
            made += [
                NavRow(one.id, "screen", one.title, icon=one.icon, count=head.counts.get(one.id, 0))
                for one in listed
                if one.of_case
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
