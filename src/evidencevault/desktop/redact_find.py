"""Suggestions beside the pages: look for them, go through them, hide or leave open one or a whole group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QLineEdit, QListView, QPushButton, QStackedWidget

from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.redact_delegates import HitDelegate
from evidencevault.desktop.redact_hits import HitRow, Hits
from evidencevault.desktop.redact_scene import Hint
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.redaction.suggesting import LEFT_OPEN, MARKED, NEW, Suggestion
from evidencevault.resources import tr

BEFORE, FULL, NONE = range(3)


class FindPanel(Form):
    """``looking`` says whether faces are looked for, ``term`` carries words, ``accepted`` and ``refused`` finds."""

    looking = Signal(bool)
    term = Signal(str)
    accepted = Signal(object)
    refused = Signal(object)
    pointed = Signal(object)  # a HitRow

    def __init__(self, theme: Theme) -> None:
        super().__init__("redact_find")
        self._hits: Hits | None = None
        self._quiet = self._may_mark = False
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._model: Rows[HitRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(HitDelegate(theme, self._list))
        self._list.selectionModel().selectionChanged.connect(self._selected)
        part = self.child
        part(QPushButton, "look").clicked.connect(lambda: self.looking.emit(part(QCheckBox, "faces").isChecked()))
        part(QPushButton, "hideTerm").clicked.connect(self._hide_term)
        part(QLineEdit, "term").returnPressed.connect(self._hide_term)
        part(QPushButton, "accept").clicked.connect(lambda: self._decide(hide=True))
        part(QPushButton, "refuse").clicked.connect(lambda: self._decide(hide=False))
        for keys, hide in (("H", True), ("O", False)):
            decide = partial(self._decide, hide=hide)
            QShortcut(QKeySequence(keys), self._list, decide, context=Qt.ShortcutContext.WidgetShortcut)
        self.clear(faces=False, may_mark=False)

    def clear(self, *, faces: bool, may_mark: bool) -> None:
        """Another exhibit: nothing was looked for yet."""
        self._hits, self._may_mark = None, may_mark
        self._model.show([])
        self._pages.setCurrentIndex(BEFORE)
        self.child(QCheckBox, "faces").setVisible(faces)
        self.child(QCheckBox, "faces").setChecked(False)
        self.child(QLineEdit, "term").clear()
        for name in ("look", "hideTerm"):
            self.child(QPushButton, name).setEnabled(may_mark)
        self._show(None)

    @property
    def hits(self) -> Hits | None:
        """What was found last."""
        return self._hits

    def show_hits(self, hits: Hits) -> None:
        """What was found, or the same after the plan was changed; the cursor goes on to the next that is undecided."""
        now = current(self._list)
        place = self._list.currentIndex().row()
        self._hits, self._quiet = hits, True
        self._model.show(hits.rows)
        self._pages.setCurrentIndex(FULL if hits.rows else NONE)
        self._quiet = False
        if now is not None:
            following = [one.id for one in hits.rows[max(0, place) :] if one.fresh and (one.is_group == now.is_group)]
            choose(self._list, self._model, following[0] if following else now.id)
        elif hits.rows:
            choose(self._list, self._model, hits.rows[0].id)
        self._show(current(self._list))

    def hints(self) -> tuple[list[Hint], str]:
        """What is not hidden yet, for the pages; and which of it is chosen."""
        now = current(self._list)
        open_still = (one for one in self._model.rows if not one.is_group and one.state != MARKED)
        shown = [Hint(one.id, one.page, one.boxes) for one in open_still]
        return shown, now.id if now is not None else ""

    def focus_list(self) -> None:
        """Give the keyboard to the list, or to what makes one."""
        target = self._list if self._model.rows else self.child(QPushButton, "look")
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _selected(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: HitRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        self._show(row)
        if row is not None and not self._quiet:
            self.pointed.emit(row)

    def _show(self, row: HitRow | None) -> None:
        told = ""
        if row is not None:
            told = tr("The whole group: {what}").format(what=row.title) if row.is_group else tr("This one place")
        self.child(QLabel, "chosen").setText(told)
        self.child(QFrame, "foot").setVisible(row is not None and self._may_mark)
        self.child(QPushButton, "accept").setEnabled(bool(row is not None and self._members(row, hide=True)))
        self.child(QPushButton, "refuse").setEnabled(bool(row is not None and self._members(row, hide=False)))

    def _members(self, row: HitRow, *, hide: bool) -> Sequence[Suggestion]:
        """Of a group those that nobody decided about; a single place also where it was left open."""
        found = self._hits.found if self._hits is not None else ()
        if row.is_group:
            return [one for one in found if one.group == row.id and one.state == NEW]
        allowed = (NEW, LEFT_OPEN) if hide else (NEW,)
        return [one for one in found if one.id == row.id and one.state in allowed]

    def _decide(self, *, hide: bool) -> None:
        row = current(self._list)
        chosen = self._members(row, hide=hide) if row is not None and self._may_mark else ()
        if chosen:
            (self.accepted if hide else self.refused).emit(chosen)

    def _hide_term(self) -> None:
        term = self.child(QLineEdit, "term")
        if term.text().strip():
            self.term.emit(term.text().strip())
            term.clear()
        else:
            term.setFocus()
