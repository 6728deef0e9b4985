"""The office at a glance, in full: charts and registers, and the same without names on paper or as CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QStackedWidget, QTextBrowser, QWidget

from evidencevault.bundle.inside import write_whole
from evidencevault.desktop import overview_rows, readers
from evidencevault.desktop.charts import BarChart
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import filling
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.overview_rows import Told
from evidencevault.desktop.screen import Screen
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session

FULL, EMPTY, WAITING = range(3)
CHARTS = ("states", "ages", "severities", "voices", "findings", "deadlines", "missed", "categories")
TABLES = ("speeds", "decided", "waiting")


class OverviewScreen(Screen):
    """Counts anew whenever it is shown."""

    def __init__(self, desk: Desk, theme: Theme, files: Files | None = None) -> None:
        super().__init__("overview")
        self._desk, self._theme, self._files = desk, theme, files or Files()
        self._told: Told | None = None
        self._pages = self.child(QStackedWidget, "pages")
        self._charts = {name: self._chart(name) for name in CHARTS}
        for name, work in (("csv", overview_rows.as_csv), ("pdf", overview_rows.as_pdf)):
            self.child(QPushButton, name).clicked.connect(partial(self._save, name, work))
        self.child(QPushButton, "retention").clicked.connect(lambda: self.wanted.emit("retention", ""))
        for name in TABLES:
            browser = self.child(QTextBrowser, name)
            browser.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            browser.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._pages.setCurrentIndex(WAITING)
        theme.changed.connect(self._coloured)

    def _chart(self, name: str) -> BarChart:
        place = self.child(QWidget, name)
        card = place.parentWidget()
        title = card.findChild(QLabel) if card is not None else None
        chart = BarChart(self._theme, title.text() if title is not None else name)
        filling(place, chart)
        return chart

    def refresh(self) -> None:
        """Count anew, in the background."""
        self._desk.ask_long(overview_rows.counted, self._came, self.failed)

    def seek(self, text: str) -> None:
        """Nothing is listed here that could be sought."""

    def focus_list(self) -> None:
        """Give the keyboard to the page, which scrolls."""
        self.child(QScrollArea, "scroll").setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _came(self, told: Told) -> None:
        self._told = told
        for name, chart in self._charts.items():
            chart.show_bars(told.bars[name])
            card = self.child(QWidget, f"{name}Card")
            card.setVisible(any(bar.total for bar in told.bars[name]))
        self._coloured()
        self.banner("problem", told.faults and tr("Not everything could be counted:") + "\n" + told.faults)
        self._pages.setCurrentIndex(FULL if told.cases else EMPTY)

    def _coloured(self) -> None:
        for name in TABLES:
            browser = self.child(QTextBrowser, name)
            readers.prepare(browser, self._theme.tokens)
            if self._told is not None:
                browser.setHtml(getattr(self._told, name))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tables are as high as their rows: the page scrolls, not they."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for name in TABLES:
            browser = self.child(QTextBrowser, name)
            browser.setFixedHeight(round(browser.document().size().height()) + 4)

    def _save(self, kind: str, work: Callable[[Session, Progress], bytes], _: bool = False) -> None:
        title = tr("Save the overview, without names")
        path = self._files.save(self, title, Path.home() / f"{tr('overview')}.{kind}")
        if path is not None:
            self._write(path, kind, work)

    def _write(self, path: Path, kind: str, work: Callable[[Session, Progress], bytes]) -> None:
        button = self.child(QPushButton, kind)
        button.setEnabled(False)

        def write(session: Session, progress: Progress) -> None:
            write_whole(path, [work(session, progress)])

        job = self._desk.ask_long(write, lambda _: self.told.emit(tr("Saved: {file}").format(file=path)), self.failed)
        job.ended.connect(lambda: button.setEnabled(True))
