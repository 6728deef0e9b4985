"""The chain of custody of a case: its entries, each in full, its verification, and what can leave the house of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTextBrowser,
    QWidget,
)

from evidencevault.bundle import checkpoints
from evidencevault.bundle import report as reports
from evidencevault.desktop import readers, rows, scale, words
from evidencevault.desktop.custody_entry import EntryPage, answer_sheet, entry_page
from evidencevault.desktop.custody_filter import CustodyFilter
from evidencevault.desktop.delegates import CustodyDelegate
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import filling
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.record import RecordEditor
from evidencevault.desktop.rows import CaseHead, CustodyRow
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.desktop.verifying import Verifier
from evidencevault.resources import tr

FULL, NOTHING, WAITING = range(3)
READING, CHOOSE, ANSWERING = range(3)


class CustodyScreen(CaseScreen):
    """One case's entries, newest first."""

    def __init__(self, desk: Desk, theme: Theme, files: Files | None = None) -> None:
        super().__init__("custody", desk)
        self._theme, self._files, self._html = theme, files or Files(), ""
        self._page: EntryPage | None = None
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._sides, self._entry = self.child(QStackedWidget, "sides"), self.child(QTextBrowser, "entry")
        self._model: Rows[CustodyRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(CustodyDelegate(theme, self._list))
        self._filter = CustodyFilter(self)
        self._editor = RecordEditor(desk, theme)
        filling(self.child(QWidget, "answering"), self._editor)
        self.verifier = Verifier(self, desk)
        self._wire()
        theme.changed.connect(self._coloured)
        self._coloured()

    def _wire(self) -> None:
        button = self.child
        self._filter.changed.connect(self._filtered)
        self._list.selectionModel().currentChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: self._go_to_item())
        self._editor.saved.connect(self._answered)
        self._editor.left.connect(lambda: self._sides.setCurrentIndex(READING))
        button(QPushButton, "answer").clicked.connect(self._answer)
        button(QPushButton, "goto").clicked.connect(self._go_to_item)
        button(QPushButton, "report").clicked.connect(self._report)
        button(QPushButton, "checkpoint").clicked.connect(self._checkpoint)
        splitter = button(QSplitter, "panes")
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([scale.px(760), scale.px(400)])

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if self.begin_case(head.row.id):
            self._editor.keep()
            self._model.show([])
            self._page = None
            self._filter.reset()
            self._sides.setCurrentIndex(CHOOSE)
            self._pages.setCurrentIndex(WAITING)
        self.verifier.about(self.reference)
        self.child(QLabel, "reference").setText(head.row.id)
        self.child(QPushButton, "report").setEnabled(head.may_import)
        self.read(lambda opened: rows.custody_rows(opened.case), self._came)

    def seek(self, text: str) -> None:
        """Show the entries that hold these words: an item, a person at work, an act."""
        if self.fresh(text):
            self._filter.words = text
            self._filtered()

    def narrow(self, narrow: bool) -> None:
        """In a small window the entry stands below the list."""
        panes = self.child(QSplitter, "panes")
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if panes.orientation() != wanted:
            panes.setOrientation(wanted)
            panes.setSizes([scale.px(300), scale.px(220)] if narrow else [scale.px(760), scale.px(400)])

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the entry."""
        if now is not self._list:
            return False
        self._entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def put_down(self) -> None:
        """What is typed is kept sealed."""
        self._editor.keep()

    def _came(self, found: list[CustodyRow]) -> None:
        chosen = current(self._list)
        self._filter.offer(found)
        self._model.show(found)
        self._filtered()
        if chosen is not None:
            choose(self._list, self._model, chosen.id, scroll=False)

    def _filtered(self) -> None:
        chosen = current(self._list)
        self._model.filter(self._filter.wanted(datetime.now().astimezone()))
        self._pages.setCurrentIndex(FULL if self._model.rowCount() else NOTHING)
        told = tr("{n} of {all}").format(n=self._model.rowCount(), all=len(self._model.rows))
        self.child(QLabel, "shown").setText(told)
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    # --- one entry

    def _chosen(self, now: QModelIndex, _: QModelIndex) -> None:
        row: CustodyRow | None = now.data(ROW) if now.isValid() else None
        if row is None or (self._page is not None and self._page.sequence == row.sequence):
            return
        sequence = row.sequence
        self.read(lambda opened: entry_page(opened.case, sequence), self._show)

    def _show(self, page: EntryPage) -> None:
        if self._sides.currentIndex() == ANSWERING:
            self._editor.keep()
        self._page, self._html = page, page.html
        self._entry.setHtml(page.html)
        self.child(QPushButton, "answer").setVisible(page.unanswered)
        self.child(QPushButton, "goto").setVisible(bool(page.item))
        self.child(QFrame, "entryActs").setVisible(page.unanswered or bool(page.item))
        self._sides.setCurrentIndex(READING)

    def _go_to_item(self) -> None:
        if self._page is not None and self._page.item:
            self.wanted.emit("evidence", self._page.item)

    def _answer(self) -> None:
        if self._page is not None:
            self._editor.start(self.reference, answer_sheet(), str(self._page.sequence))
            self._sides.setCurrentIndex(ANSWERING)

    def _answered(self, said: str) -> None:
        self._sides.setCurrentIndex(READING)
        self.told.emit(said)
        if self._page is not None:
            sequence = self._page.sequence
            self.read(lambda opened: entry_page(opened.case, sequence), self._show)

    # --- what leaves the house

    def _report(self) -> None:
        title, name = tr("Custody report"), f"{self.reference} custody.pdf"
        self._written(title, name, lambda o, to: reports.write(o.case, o.workers, to, o.progress))

    def _checkpoint(self) -> None:
        menu, button = QMenu(self), self.child(QPushButton, "checkpoint")
        menu.addAction(tr("On paper, with a QR code …")).triggered.connect(lambda: self._print_checkpoint())
        menu.addAction(tr("As a file …")).triggered.connect(lambda: self._save_checkpoint())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _print_checkpoint(self) -> None:
        title, name = tr("Checkpoint to print"), f"{self.reference} checkpoint.pdf"
        self._written(title, name, lambda o, to: checkpoints.write_sheet(o.case, o.workers.typeset, to))

    def _save_checkpoint(self) -> None:
        title, name = tr("Checkpoint"), f"{self.reference} checkpoint.txt"
        self._written(title, name, lambda o, to: checkpoints.write_note(o.case, to))

    def _written(self, title: str, name: str, write: Callable[[Opened, Path], object]) -> None:
        to = self._files.save(self.window(), title, Path(name))
        if to is None:
            return
        self.banner("problem", "")
        told = tr("It is in {file}.").format(file=words.isolated(str(to)))
        job = self.desk.do(
            self.reference,
            lambda opened: write(opened, to),
            lambda _: self.told.emit(told),
            self.failed_in(self.reference),
        )
        self.verifier.card.follow(job, title)

    def _coloured(self) -> None:
        readers.prepare(self._entry, self._theme.tokens)
        if self._html:
            self._entry.setHtml(self._html)
