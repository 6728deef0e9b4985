"""The first screen: what needs action today, the cases with what is due next in each, and a few charts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QScrollArea, QSplitter, QStackedWidget, QWidget

from evidencevault.bundle.inside import write_whole
from evidencevault.casework import reminders
from evidencevault.desktop import scale, words
from evidencevault.desktop.case_delegates import CaseDelegate, TodayDelegate
from evidencevault.desktop.charts import BarChart
from evidencevault.desktop.copy_rows import owed
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import filling
from evidencevault.desktop.home_rows import Glance, TodayRow
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseRow
from evidencevault.desktop.screen import Screen, banner
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.desktop.verifying import Verifier
from evidencevault.resources import tr
from evidencevault.session import Session

FULL, EMPTY, WAITING = range(3)


class HomeScreen(Screen):
    """All cases. ``opened`` carries a case and a record of it (or nothing) that the person opens."""

    opened = Signal(str, str)
    writing = Signal()  # something is to be written down now

    def __init__(self, desk: Desk, theme: Theme, files: Files | None = None) -> None:
        super().__init__("home")
        self._desk, self._files = desk, files or Files()
        self._today, self._list = self.child(QListView, "today"), self.child(QListView, "list")
        self._pages, self._today_pages = self.child(QStackedWidget, "pages"), self.child(QStackedWidget, "todayPages")
        self._cases: Rows[CaseRow] = Rows()
        self._waiting: Rows[TodayRow] = Rows()
        self._list.setModel(self._cases)
        self._list.setItemDelegate(CaseDelegate(theme, self._list))
        self._today.setModel(self._waiting)
        self._today.setItemDelegate(TodayDelegate(theme, self._today))
        for view in (self._list, self._today):
            view.clicked.connect(self._open)
            view.activated.connect(self._open)
        self._charts = {
            "states": BarChart(theme, tr("Open cases by state")),
            "ages": BarChart(theme, tr("Open cases by days since the report")),
            "deadlines": BarChart(theme, tr("Deadlines")),
        }
        for name, chart in self._charts.items():
            filling(self.child(QWidget, name), chart)
        self.child(QPushButton, "writeDown").clicked.connect(self.writing)
        self.child(QPushButton, "newCase").clicked.connect(lambda: self.wanted.emit("newcase", ""))
        officer = "officer" in desk.member.roles
        for name in ("writeDown", "newCase"):
            self.child(QPushButton, name).setVisible(officer)
        self.child(QPushButton, "makeCopy").clicked.connect(lambda: self.wanted.emit("settings", "copies"))
        self.child(QPushButton, "calendar").clicked.connect(self._save_calendar)
        self.child(QPushButton, "whole").clicked.connect(lambda: self.wanted.emit("overview", ""))
        self.verifier = Verifier(self, desk)
        panes = self.child(QSplitter, "panes")
        panes.setStretchFactor(0, 1)
        panes.setSizes([scale.px(800), scale.px(370)])
        self._pages.setCurrentIndex(WAITING)
        self._today_pages.setCurrentIndex(WAITING)

    def _save_calendar(self) -> None:
        to = self._files.save(self, tr("Save what is due as a calendar"), Path.home() / f"{tr('due')}.ics")
        if to is None:
            return

        def write(session: Session) -> None:
            due = [one for one in session.duties() if one.duty.state == "open"]
            write_whole(to, [reminders.calendar(due, session.office.clock())])

        told = tr("It is in {file}.").format(file=words.isolated(str(to)))
        self._desk.ask(write, lambda _: self.told.emit(told), self.failed)

    def show_glance(self, found: Glance) -> None:
        """Everything anew."""
        self.show_cases(found.cases)
        self._waiting.show(found.today)
        self.child(QLabel, "todayCount").setText(str(len(found.today)))
        self._today_pages.setCurrentIndex(FULL if found.today else EMPTY)
        self.refresh()
        for name, bars in (("states", found.states), ("ages", found.ages), ("deadlines", found.deadlines)):
            self._charts[name].show_bars(bars)

    def refresh(self) -> None:
        """Whether the vault should be copied again; where there is nothing in it yet, nothing is said."""
        if self._cases.rows:
            self._desk.ask(owed, lambda said: banner(self, "copies", said), self.failed)

    def show_cases(self, found: list[CaseRow]) -> None:
        """The cases anew."""
        chosen = current(self._list)
        self._cases.show(found)
        self.child(QLabel, "count").setText(str(len(found)))
        self._pages.setCurrentIndex(FULL if found else EMPTY)
        if chosen is not None:
            choose(self._list, self._cases, chosen.id)

    def seek(self, text: str) -> None:
        """Show the cases, and what is due in them, that hold these words."""
        if not self.fresh(text):
            return
        sought = text.casefold().strip()
        for model in (self._cases, self._waiting):
            model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)

    def narrow(self, narrow: bool) -> None:
        """The charts are left to the whole overview."""
        self.child(QScrollArea, "right").setVisible(not narrow)

    def focus_list(self) -> None:
        """Give the keyboard to what needs action; to the cases where nothing does."""
        view = self._today if self._waiting.rowCount() else self._list
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self, now: QWidget | None) -> bool:
        """From what needs action to the cases."""
        if now is not self._today:
            return False
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _open(self, index: QModelIndex) -> None:
        row: CaseRow | TodayRow = index.data(ROW)
        if isinstance(row, TodayRow):
            if row.readable:
                self.opened.emit(row.case, row.ref)
            else:
                self.banner("problem", tr("You see what is due in this case; its content was not given to you."))
        elif row.problem:
            self.banner("problem", row.problem)
        else:
            self.opened.emit(row.id, "")
