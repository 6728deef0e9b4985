"""The list of evidence items: read in slices, filtered, sorted, chosen; small pictures of what was opened."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QListView, QPushButton, QStackedWidget, QToolButton, QWidget

from evidencevault.desktop.delegates import EvidenceDelegate
from evidencevault.desktop.evidence_thumbs import Thumbs
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.items import KINDS, EvidenceRow, Slice, evidence_slice
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.resources import tr

FULL, EMPTY, NOTHING, WAITING = range(4)
SLICES = (150, 2000, 5000)  # exhibits read at once: the first at once, then so that pages are not kept waiting
Key = Callable[[EvidenceRow], Any]


class EvidenceList(QObject):
    """Drives the left half of the evidence screen. ``chosen`` carries the exhibit to show, ``picked`` how many."""

    chosen = Signal(str)
    picked = Signal(int)
    filled = Signal()

    def __init__(self, screen: CaseScreen, theme: Theme) -> None:
        super().__init__(screen)
        self._screen = screen
        self._sought, self._kind = "", ""
        self._quiet, self._fresh = False, True
        self._reading: Job | None = None
        self.view, self._pages = screen.child(QListView, "list"), screen.child(QStackedWidget, "pages")
        self.model: Rows[EvidenceRow] = Rows()
        self.thumbs = Thumbs(screen, self.view)
        self.view.setModel(self.model)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setItemDelegate(EvidenceDelegate(theme, self.view, self.thumbs.picture))
        self._sorts: tuple[tuple[str, Key | None], ...] = (
            (tr("Number"), None),
            (tr("Name"), attrgetter("folded")),
            (tr("Acquired"), attrgetter("acquired")),
            (tr("Size"), attrgetter("size")),
            (tr("Kind"), lambda row: f"{row.kind} {row.folded}"),
        )
        self._counted = QTimer(self, singleShot=True, interval=0)
        self._counted.timeout.connect(lambda: self.picked.emit(len(self.numbers())))
        self._wire()

    def _wire(self) -> None:
        part = self._screen.child
        sort = part(QComboBox, "sort")
        sort.addItems([name for name, _ in self._sorts])
        sort.currentIndexChanged.connect(self._sorted)
        part(QToolButton, "reverse").toggled.connect(self._sorted)
        flow = FlowLayout(part(QWidget, "kinds"))
        for kind in ("all", *(one for one in KINDS if one != "video")):
            button = part(QPushButton, kind)
            button.clicked.connect(lambda _=False, kind=kind: self._filtered(kind))
            flow.addWidget(button)
        self.view.selectionModel().currentChanged.connect(self._moved)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._counted.start())

    # --- reading

    def clear(self) -> None:
        """Another case comes."""
        self._fresh = True
        if self._reading is not None:
            self._reading.drop()
            self._reading = None
        self.model.show([])
        self.thumbs.clear()
        self._pages.setCurrentIndex(WAITING)

    def read(self) -> None:
        """Read the list, or what is new of it."""
        if self._reading is None:  # else the list is long: never ask twice at once
            self._read(0, 0)

    def _read(self, part: int, first: int) -> None:
        most = SLICES[min(part, len(SLICES) - 1)]
        job = self._reading = self._screen.read(
            lambda opened: evidence_slice(opened.case, first, most),
            lambda found: self._came(found, part),
        )
        job.ended.connect(lambda: self._ended(job))

    def _ended(self, job: Job) -> None:
        if self._reading is job:
            self._reading = None

    def _came(self, found: Slice, part: int) -> None:
        if found.whole:
            self._settle(found.rows)
        elif self._fresh:
            self.model.extend(found.rows)
        count = len(self.model.rows)
        self._screen.child(QPushButton, "all").setText(tr("All") + f"  {count}{'' if found.whole else ' …'}")
        self.paged()
        self.filled.emit()
        if found.then is not None:
            self._read(part + 1, found.then)

    def _settle(self, rows: list[EvidenceRow]) -> None:
        kept, at = self.numbers(), self.current
        self._quiet = True  # the same row again is no new choice
        if not self.model.settled(rows):
            self._choose_again(kept, at)
        self._quiet = self._fresh = False

    # --- choosing

    @property
    def current(self) -> str:
        """The exhibit under the cursor, or nothing."""
        row = current(self.view)
        return row.id if row is not None else ""

    def numbers(self) -> list[str]:
        """The chosen exhibits, in the order of the list."""
        places = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [self.model.index(place, 0).data(ROW).id for place in places]

    def choose(self, number: str, *, scroll: bool = True) -> bool:
        """Put the cursor on an exhibit; False where it is not shown."""
        return choose(self.view, self.model, number, scroll=scroll)

    def _choose_again(self, numbers: list[str], at: str) -> None:
        selection = self.view.selectionModel()
        if at:
            choose(self.view, self.model, at, scroll=False)
        for number in numbers if len(numbers) > 1 else ():
            place = self.model.row_of(number)
            if place >= 0:
                selection.select(self.model.index(place, 0), QItemSelectionModel.SelectionFlag.Select)

    def _moved(self, now: QModelIndex, _: QModelIndex) -> None:
        row: EvidenceRow | None = now.data(ROW) if now.isValid() else None
        if row is not None and not self._quiet:
            self.chosen.emit(row.id)

    # --- filtering and sorting

    def seek(self, text: str) -> None:
        """Show what holds these words in number, name, source, path or tags."""
        self._sought = text.casefold().strip()
        self._refilter()

    def show_all(self) -> None:
        """No filter."""
        self._screen.child(QPushButton, "all").setChecked(True)
        self._kind = self._sought = ""
        self._refilter()

    def paged(self) -> None:
        """The list, or why it is empty."""
        if not self.model.rows:
            self._pages.setCurrentIndex(EMPTY)
        else:
            self._pages.setCurrentIndex(FULL if self.model.rowCount() else NOTHING)

    def _sorted(self) -> None:
        at = self.current
        key = self._sorts[self._screen.child(QComboBox, "sort").currentIndex()][1]
        self.model.sort_by(key, reverse=self._screen.child(QToolButton, "reverse").isChecked())
        if at:
            self.choose(at)

    def _filtered(self, kind: str) -> None:
        self._kind = "" if kind == "all" else kind
        self._refilter()

    def _refilter(self) -> None:
        kind, sought, at = self._kind, self._sought, self.current
        kinds = {kind, "video"} if kind == "image" else {kind}
        if kind or sought:
            self.model.filter(lambda row: (not kind or row.kind in kinds) and sought in row.sought)
        else:
            self.model.filter(None)
        self.paged()
        if at:
            self.choose(at)

    def focus(self) -> None:
        """Give the keyboard to the list."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def seen(self, reference: str, number: str, picture: QImage) -> None:
        """An exhibit was opened: its first page may stand small beside its name."""
        if reference == self._screen.reference:
            self.thumbs.put(number, picture)
