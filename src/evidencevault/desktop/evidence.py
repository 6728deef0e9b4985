"""The evidence of a case: its head, its list, import, and the viewer beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelection, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from evidencevault.desktop import words
from evidencevault.desktop.delegates import EvidenceDelegate
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import filling
from evidencevault.desktop.importing import Card, Failures, ImportSheet, Wanted
from evidencevault.desktop.items import KINDS, EvidenceRow, evidence_rows
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseHead
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.desktop.viewer import Viewer
from evidencevault.evidence import intake
from evidencevault.evidence.intake import IntakeReport
from evidencevault.resources import tr

FULL, EMPTY, NOTHING, WAITING = range(4)
MEANWHILE = 2000  # ms between two looks at what an import has brought so far
Key = Callable[[EvidenceRow], Any]


class EvidenceScreen(CaseScreen):
    """One case's exhibits."""

    cleared = Signal()  # nothing is sought any more

    def __init__(self, desk: Desk, theme: Theme, pick: Callable[[QWidget], Sequence[Path]]) -> None:
        super().__init__("evidence", desk)
        self._theme, self._pick = theme, pick
        self._sought, self._kind, self._pointed = "", "", ""
        self._may_import = self._quiet = False
        self._unfinished: tuple[str, ...] = ()
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._model: Rows[EvidenceRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(EvidenceDelegate(theme, self._list))
        self.viewer = Viewer(desk, theme)
        filling(self.child(QWidget, "viewer"), self.viewer)
        self.viewer.jumped.connect(self.point_to)
        self.viewer.undoable.connect(self.undoable)
        self.viewer.refused.connect(self.failed)
        self._card = Card(self, in_bytes=True)
        self._reading: Job | None = None
        self._meanwhile = QTimer(self, interval=MEANWHILE)
        self._meanwhile.timeout.connect(self._read_meanwhile)
        self._sorts: tuple[tuple[str, Key | None], ...] = (
            (tr("Number"), None),
            (tr("Name"), lambda row: row.name.casefold()),
            (tr("Acquired"), lambda row: (row.acquired, row.order)),
            (tr("Size"), lambda row: (row.size, row.order)),
            (tr("Kind"), lambda row: (row.kind, row.name.casefold())),
        )
        self._wire()

    def _wire(self) -> None:
        sort = self.child(QComboBox, "sort")
        sort.addItems([name for name, _ in self._sorts])
        sort.currentIndexChanged.connect(self._sorted)
        reverse = self.child(QToolButton, "reverse")
        reverse.setToolTip(tr("Reverse the order"))
        reverse.toggled.connect(self._sorted)
        for kind in ("all", *(one for one in KINDS if one != "video")):
            button = self.child(QPushButton, kind)
            button.clicked.connect(lambda _=False, kind=kind: self._filtered(kind))
        for name in ("import", "importFirst"):
            self.child(QPushButton, name).clicked.connect(self.ask_for_files)
        self.child(QPushButton, "clear").clicked.connect(self._cleared)
        self.child(QPushButton, "clear").clicked.connect(self.cleared)
        self.child(QPushButton, "goOn").clicked.connect(lambda: self.bring_in([Path(p) for p in self._unfinished]))
        self._list.selectionModel().selectionChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: self.viewer.focus_page())
        opens = QShortcut(QKeySequence(Qt.Key.Key_Space), self._list)
        opens.setContext(Qt.ShortcutContext.WidgetShortcut)
        opens.activated.connect(self.viewer.focus_page)
        flow = FlowLayout(self.child(QWidget, "kinds"))
        for kind in ("all", *(one for one in KINDS if one != "video")):
            flow.addWidget(self.child(QPushButton, kind))
        splitter = self.child(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([420, 758])

    # --- what is shown

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        again = not self.begin_case(head.row.id)
        if not again:
            self._model.show([])
            self._cleared()
            self.viewer.clear()
            self._pages.setCurrentIndex(WAITING)
        self._headed(head)
        self._read_list()
        if again:
            self.viewer.refresh()

    def seek(self, text: str) -> None:
        """Show what holds these words in number, name, source, path or tags."""
        if not self.fresh(text):
            return
        self._sought = text.casefold().strip()
        self._refilter()

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def point_to(self, ref: str) -> None:
        """Choose an exhibit, such as ``E001``, or one of its pages, ``E001#3``."""
        number, _, page = ref.partition("#")
        self._pointed = number
        if choose(self._list, self._model, number):
            self._pointed = ""
        if page:
            self.viewer.turn_to(number, int(page))

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the page."""
        if now is not None and self.viewer.isAncestorOf(now):
            return False
        self.viewer.focus_page()
        return True

    def _headed(self, head: CaseHead) -> None:
        self._may_import = head.may_import
        for name in ("import", "importFirst"):
            self.child(QPushButton, name).setEnabled(head.may_import)
        self._unfinished = head.unfinished
        open_still = bool(head.unfinished) and head.may_import and not self.desk.working
        told = tr("An import is not complete. What came in is safe; “Go on” takes the rest.")
        self.banner("unfinished", told if open_still else "")

    def _read_list(self) -> None:
        self._reading = self.read(lambda opened: evidence_rows(opened.case), self._came)
        self._reading.ended.connect(self._list_was_read)

    def _list_was_read(self) -> None:
        self._reading = None

    def _read_meanwhile(self) -> None:
        if self._reading is None:  # else the list is long: never ask twice at once
            self._read_list()

    def _came(self, found: list[EvidenceRow]) -> None:
        chosen = current(self._list)
        self._quiet = True  # the same row again is no new choice
        self._model.show(found)
        self.child(QPushButton, "all").setText(tr("All") + f"  {len(found)}")
        self._paged()
        if chosen is not None:
            choose(self._list, self._model, chosen.id, scroll=False)
        self._quiet = False
        if self._pointed:
            self.point_to(self._pointed)

    def _paged(self) -> None:
        if not self._model.rows:
            self._pages.setCurrentIndex(EMPTY)
        else:
            self._pages.setCurrentIndex(FULL if self._model.rowCount() else NOTHING)

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: EvidenceRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is not None and not self._quiet:
            self.viewer.show_exhibit(self.reference, row.id)

    def _sorted(self) -> None:
        chosen = current(self._list)
        key = self._sorts[self.child(QComboBox, "sort").currentIndex()][1]
        self._model.sort_by(key, reverse=self.child(QToolButton, "reverse").isChecked())
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    def _filtered(self, kind: str) -> None:
        self._kind = "" if kind == "all" else kind
        self._refilter()

    def _refilter(self) -> None:
        kind, sought, chosen = self._kind, self._sought, current(self._list)
        kinds = {kind, "video"} if kind == "image" else {kind}
        if kind or sought:
            self._model.filter(lambda row: (not kind or row.kind in kinds) and sought in row.sought)
        else:
            self._model.filter(None)
        self._paged()
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    def _cleared(self) -> None:
        self.child(QPushButton, "all").setChecked(True)
        self._kind = self._sought = self._last_sought = ""
        self._refilter()

    # --- bringing in

    def ask_for_files(self) -> None:
        """Let the person choose files, then ask where they come from."""
        if not self._may_import:
            self.told.emit(tr("Open a case of yours first; an officer imports evidence."))
            return
        paths = self._pick(self)
        if paths:
            self.bring_in(paths)

    def bring_in(self, paths: Sequence[Path]) -> None:
        """Ask where files and folders come from, then import them."""
        if not self._may_import or not paths:
            return
        self.read(lambda opened: intake.warning(opened.case), partial(self._ask, self.reference, paths))

    def _ask(self, reference: str, paths: Sequence[Path], warning: str | None) -> None:
        sheet = ImportSheet(reference, paths, warning, self._theme, self.window())
        sheet.filled.connect(self._begin)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def _begin(self, wanted: Wanted) -> None:
        self.banner("problem", "")
        self.banner("unfinished", "")

        def work(opened: Opened) -> IntakeReport:
            return intake.bring_in(
                opened.case,
                wanted.paths,
                wanted.acquisition,
                workers=opened.workers,
                progress=opened.progress,
                restricted=wanted.restricted,
            )

        # Into the case for which the sheet was asked, whichever is shown by now.
        reference = wanted.reference
        done = partial(self._imported, reference)
        job = self.desk.do(reference, work, done, self.failed_in(reference))
        self._card.follow(job, tr("Importing into {case}").format(case=words.isolated(reference)))
        self._meanwhile.start()
        job.ended.connect(lambda: None if self.desk.working else self._meanwhile.stop())

    def _imported(self, reference: str, report: IntakeReport) -> None:
        fresh = sum(one.status == "imported" for one in report.exhibits)
        again = len(report.exhibits) - fresh
        said = tr("Imported and encrypted: {n}").format(n=fresh)
        if again:
            said += "  ·  " + tr("there already: {n}").format(n=again)
        if report.failed:
            dialog = Failures(report.failed, self._theme, self.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()
            said += "  ·  " + tr("not brought in: {n}").format(n=len(report.failed))
        if report.not_looked and reference == self.reference:
            self.banner("problem", report.not_looked)
        self.told.emit(said)
