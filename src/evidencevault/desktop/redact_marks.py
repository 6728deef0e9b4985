"""The list of marks beside the pages: choose one, give it another reason, remove it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QListView, QPushButton, QStackedWidget

from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.redact_delegates import MarkDelegate
from evidencevault.desktop.redact_rows import MarkRow, PlanView
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.redaction import standings
from evidencevault.resources import tr

FULL, EMPTY = range(2)


class MarksPanel(Form):
    """``chosen`` and ``removing`` carry the number of a mark, ``reasoned`` also the code of a reason."""

    chosen = Signal(str)
    removing = Signal(str)
    reasoned = Signal(str, str)
    nothing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("redact_marks")
        self._quiet = False
        self._list, self._reason = self.child(QListView, "list"), self.child(QComboBox, "reason")
        self._model: Rows[MarkRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(MarkDelegate(theme, self._list))
        self._list.selectionModel().selectionChanged.connect(self._selected)
        self._reason.activated.connect(self._reasoned)
        self.child(QPushButton, "remove").clicked.connect(self._remove)
        self.child(QPushButton, "nothing").clicked.connect(self.nothing)
        for keys in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            QShortcut(QKeySequence(keys), self._list, self._remove, context=Qt.ShortcutContext.WidgetShortcut)

    def show_plan(self, view: PlanView) -> None:
        """The marks of a plan, by page."""
        now = current(self._list)
        self._quiet = True
        top = lambda one: (one.page, one.boxes[0].y0 if one.boxes else 0.0, one.span.start if one.span else 0)  # noqa: E731
        self._model.show(sorted(view.marks, key=top))
        self._reason.clear()
        for code, told in view.reasons:
            self._reason.addItem(f"{told} ({code})", code)
        if now is not None:
            choose(self._list, self._model, now.id, scroll=False)
        self._quiet = False
        self.child(QStackedWidget, "pages").setCurrentIndex(FULL if view.marks else EMPTY)
        self.child(QFrame, "foot").setVisible(bool(view.marks))
        left = tr("Left open on purpose: {n}").format(n=view.left_open)
        self.child(QLabel, "leftOpen").setText(left)
        self.child(QLabel, "leftOpen").setVisible(bool(view.left_open))
        self._told_empty(view)
        self._show(current(self._list))

    def choose(self, mark_id: str) -> None:
        """The mark that was chosen on the page."""
        self._quiet = True
        if not mark_id or not choose(self._list, self._model, mark_id):
            self._list.clearSelection()
            self._list.selectionModel().clearCurrentIndex()
        self._quiet = False
        self._show(current(self._list))

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _told_empty(self, view: PlanView) -> None:
        title, text = self.child(QLabel, "emptyTitle"), self.child(QLabel, "emptyText")
        done = view.state in (standings.NOTHING, standings.WAITING, standings.APPROVED) and not view.marks
        title.setText(tr("Reviewed, nothing to hide") if done else tr("Nothing is marked"))
        how = tr("Drag a box over a page, or let the program look for names under “Find”.")
        after = tr("Somebody looked at this item and found nothing that has to be hidden.")
        text.setText(after if done else how)
        self.child(QPushButton, "nothing").setVisible(not done and view.may_mark)

    def _selected(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: MarkRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        self._show(row)
        if row is not None and not self._quiet:
            self.chosen.emit(row.id)

    def _show(self, row: MarkRow | None) -> None:
        for name in ("reason", "remove"):
            self.child(QComboBox if name == "reason" else QPushButton, name).setEnabled(row is not None)
        self._reason.setCurrentIndex(self._reason.findData(row.code) if row is not None else -1)

    def _reasoned(self) -> None:
        row, code = current(self._list), self._reason.currentData()
        if row is not None and code != row.code:
            self.reasoned.emit(row.id, code)

    def _remove(self) -> None:
        row = current(self._list)
        if row is not None:
            self.removing.emit(row.id)
