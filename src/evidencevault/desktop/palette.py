"""Ctrl+K: everything that can be done, with its keys, and everything that can be found, from one line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QWidget

from evidencevault.desktop import palette_rows, scale
from evidencevault.desktop.case_delegates import FoundDelegate
from evidencevault.desktop.commands import Command
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.palette_rows import MOST, Found, Searched
from evidencevault.desktop.rows import CaseRow
from evidencevault.desktop.screen import banner
from evidencevault.desktop.table import ROW, Rows, current
from evidencevault.desktop.toast import lift
from evidencevault.errors import VaultError
from evidencevault.resources import tr

REST = 80  # ms after the last letter
WIDE, HIGH = 700, 480  # px at 100 %
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Palette(Form):
    """Floats over its window. ``chosen`` carries the case, the screen and the record to go to."""

    chosen = Signal(str, str, str)

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__("palette", parent)
        self._desk, self._over = desk, parent
        self._case = ""
        self._fixed: list[Found] = []
        self._names: list[Found] = []
        self._job: Job | None = None
        self._searched = False  # whether what is shown comes out of texts
        self._before: QWidget | None = None
        self._query, self._list = self.child(QLineEdit, "query"), self.child(QListView, "list")
        self._model: Rows[Found] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(FoundDelegate(theme, self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the line keeps the keyboard; the arrows move in the list
        self._list.clicked.connect(lambda index: self._take(index.data(ROW)))
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._sought)
        self._query.textChanged.connect(lambda _: self._rest.start())
        self._query.installEventFilter(self)
        self._query.setFrame(False)
        lift(self.child(QFrame, "card"))
        self.hide()

    def start(self, commands: Sequence[Command], cases: Sequence[CaseRow], case: str) -> None:
        """Open it on what can be done and found now; ``case`` is the open one, or empty."""
        self._before, self._case = self._over.focusWidget(), case
        self._fixed = palette_rows.of_cases(cases) + palette_rows.of_commands(commands)
        self._names = []
        if case:
            self._desk.read(case, lambda opened: palette_rows.of_case(opened.case), self._named, self._failed)
        banner(self, "problem", "")
        self._query.setText("")
        self._sought()
        self.place()
        self.show()
        self.raise_()
        self._query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place(self) -> None:
        """In the middle of the window, near its upper edge."""
        outer = self._over.rect()
        wide = min(scale.px(WIDE), outer.width() - scale.px(40))
        high = min(scale.px(HIGH), outer.height() - scale.px(100))
        self.setGeometry((outer.width() - wide) // 2, scale.px(64), wide, high)

    def leave(self) -> None:
        """Close it; the keyboard goes back to where it was."""
        self._stop()
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list, Enter takes the line, Escape closes."""
        if watched is self._query and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
            if key == Qt.Key.Key_Escape:
                self.leave()
                return True
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        if self._rest.isActive():  # faster than the list: take what belongs to these words
            self._rest.stop()
            self._sought()
        row = current(self._list)
        if row is not None:
            self._take(row)

    def _move(self, by: int) -> None:
        rows = self._model.rowCount()
        if rows:
            place = min(rows - 1, max(0, self._list.currentIndex().row() + by))
            self._list.setCurrentIndex(self._model.index(place, 0))

    def _named(self, found: list[Found]) -> None:
        self._names = found
        if self.isVisible() and not self._searched:
            self._sought()

    def _sought(self) -> None:
        """Filter what is known by name; nothing of any text is read by this."""
        self._stop()
        self._searched = False
        text = self._query.text()
        sought = text.casefold().split()
        known = [one for one in self._fixed if one.holds(sought)]
        named = [one for one in self._names if one.holds(sought)][:MOST] if sought else []
        self._show([*named, *known, *palette_rows.offers(text, self._case)])
        self._tell(tr("Enter opens. The text of documents is searched when you take that line; each hit is a view."))

    def _show(self, found: Sequence[Found]) -> None:
        self._model.show(found)
        if found:
            self._list.setCurrentIndex(self._model.index(0, 0))

    def _take(self, row: Found) -> None:
        if row.seek:
            self._search(row.seek)
            return
        self.leave()
        if row.command is not None:
            row.command.act()
        else:
            self.chosen.emit(row.case, row.screen, row.ref)

    def _search(self, where: str) -> None:
        self._stop()
        self._searched = True
        query = self._query.text()
        self._tell(tr("Searching … (Esc stops)"))
        if where == "case":
            self._job = self._desk.read(
                self._case,
                lambda o: palette_rows.searched([(o.case.reference, o.case)], query, o.progress),
                self._came,
                self._failed,
            )
        else:
            self._job = self._desk.ask_long(
                lambda session, progress: palette_rows.searched(palette_rows.every_case(session), query, progress),
                self._came,
                self._failed,
            )

    def _came(self, found: Searched) -> None:
        self._job = None
        self._show(found.hits)
        told = tr("Hits: {n}").format(n=len(found.hits)) if found.hits else tr("These words stand in no text.")
        if found.failed:
            told += " " + tr("Not searched, because they cannot be opened: {cases}").format(
                cases=", ".join(found.failed)
            )
        self._tell(told)

    def _failed(self, error: VaultError) -> None:
        self._job = None
        banner(self, "problem", error.sentence)

    def _tell(self, text: str) -> None:
        self.child(QLabel, "told").setText(text)

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.drop()
