"""Until when the policy keeps each closed case. It proposes; erasing is an act of two people, item by item."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView, QPushButton, QStackedWidget

from evidencevault.desktop import words
from evidencevault.desktop.delegates import StatementDelegate
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import StatementRow
from evidencevault.desktop.screen import Screen
from evidencevault.desktop.table import ROW, Rows
from evidencevault.evidence import retention
from evidencevault.evidence.retention import Kept
from evidencevault.resources import tr
from evidencevault.session import Session

FULL, EMPTY, WAITING = range(3)


class RetentionScreen(Screen):
    """Read anew whenever it is shown. ``opened`` carries the reference of a case."""

    opened = Signal(str)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("retention")
        self._desk = desk
        self._pages, self._list = self.child(QStackedWidget, "pages"), self.child(QListView, "list")
        self._model: Rows[StatementRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(StatementDelegate(theme, self._list))
        for signal in (self._list.activated, self._list.doubleClicked):
            signal.connect(self._open)
        self.child(QPushButton, "back").clicked.connect(lambda: self.wanted.emit("overview", ""))
        self._pages.setCurrentIndex(WAITING)

    def refresh(self) -> None:
        """Read it, in the background."""
        self._desk.ask(retention_rows, self._came, self.failed)

    def seek(self, text: str) -> None:
        """Show the cases whose line holds these words."""
        if self.fresh(text):
            sought = text.casefold().strip()
            self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _came(self, found: list[StatementRow]) -> None:
        self.banner("problem", "")
        self._model.show(found)
        self._pages.setCurrentIndex(FULL if found else EMPTY)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ROW).id)


def retention_rows(session: Session) -> list[StatementRow]:
    """The closed cases that this member may read, those first that are kept for the shortest time."""
    now = session.office.clock()
    return [_row(one, one.proposed(now)) for one in retention.kept(session.cases())]


def _row(one: Kept, proposed: bool) -> StatementRow:
    closed = tr("closed {day}").format(day=words.isolated(one.closed.date().isoformat()))
    count = tr("Evidence items: {n}").format(n=one.exhibits)
    if one.held:
        state, tone, icon = tr("held: {holds}").format(holds=", ".join(one.held)), "bad", "lock"
    elif proposed:
        state, tone, icon = tr("can be erased"), "warn", "clock"
    else:
        state, tone, icon = tr("kept") if one.until else tr("the policy says nothing of it"), "plain", "archive"
    until = words.isolated(one.until.date().isoformat()) if one.until else ""
    return StatementRow(
        id=one.case,
        title=tr("{case}, until {day}").format(case=words.isolated(one.case), day=until) if until else one.case,
        sub=words.line([closed, count, one.clause]),
        when="",
        state=state,
        tone=tone,
        icon="archive",
        state_icon=icon,
    )
