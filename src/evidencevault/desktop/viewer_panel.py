"""What stands below the pages of an exhibit: its details, the notes on it, its chain of custody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QItemSelection, QObject, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
)

from evidencevault.desktop import readers, rows
from evidencevault.desktop.delegates import CustodyDelegate
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.note_rows import NoteDelegate, NoteRow, note_rows
from evidencevault.desktop.rows import CustodyRow
from evidencevault.desktop.shown import Shown
from evidencevault.desktop.table import ROW, Rows
from evidencevault.evidence import notes
from evidencevault.resources import tr

DETAILS, NOTES, CUSTODY = range(3)
T = TypeVar("T")


class Panel(QObject):
    """Drives the lower half of the viewer's form. ``jumped`` carries an exhibit's number, ``to_page`` a page."""

    jumped = Signal(str)
    to_page = Signal(int)
    failed = Signal(object)
    undoable = Signal(str, object)

    def __init__(self, form: Form, desk: Desk, theme: Theme) -> None:
        super().__init__(form)
        self._form, self._desk, self._theme = form, desk, theme
        self._tabs, self._facts = form.child(QStackedWidget, "tabs"), form.child(QTextBrowser, "facts")
        self._words = form.child(QPlainTextEdit, "noteWords")
        self._shown: Shown | None = None
        self._page, self._may_note = 0, False
        self._editing: NoteRow | None = None
        self._entries: Rows[CustodyRow] = Rows()
        self._notes: Rows[NoteRow] = Rows()
        entries, self._list = form.child(QListView, "entries"), form.child(QListView, "noteList")
        entries.setModel(self._entries)
        entries.setItemDelegate(CustodyDelegate(theme, entries))
        self._list.setModel(self._notes)
        self._list.setItemDelegate(NoteDelegate(theme, self._list))
        self._wire()
        theme.changed.connect(self.coloured)
        self.coloured()

    def _wire(self) -> None:
        button = self._form.child
        for place, name in enumerate(("tabDetails", "tabNotes", "tabCustody")):
            button(QPushButton, name).clicked.connect(lambda _=False, at=place: self._tabs.setCurrentIndex(at))
        self._facts.anchorClicked.connect(lambda url: self.jumped.emit(url.fragment()))
        self._list.selectionModel().selectionChanged.connect(self._note_chosen)
        self._list.activated.connect(lambda index: self.to_page.emit(index.data(ROW).page))
        self._words.textChanged.connect(self._written)
        button(QPushButton, "noteSave").clicked.connect(self._save)
        button(QPushButton, "noteCancel").clicked.connect(self._cancel)
        button(QPushButton, "noteRemove").clicked.connect(self._take_back)

    def clear(self) -> None:
        """Nothing is shown."""
        self._shown, self._may_note = None, False
        self._facts.setHtml("")
        self.show_entries([])
        self._show_notes([])
        self._cancel()

    def show(self, shown: Shown, *, may_read: bool) -> None:
        """An exhibit's facts and entries; its notes only where its content may be read."""
        before, self._shown = self._shown, shown
        if before is None or before.case != shown.case or before.exhibit.number != shown.exhibit.number:
            self._cancel()
            self._show_notes([])
        self._may_note = may_read and shown.may_note
        self._facts.setHtml(shown.facts)
        self.show_entries(shown.entries)
        self._form.child(QFrame, "noting").setVisible(self._may_note)
        if may_read:
            self.read_notes()
        self._written()

    def show_entries(self, entries: list[CustodyRow]) -> None:
        """The chain of custody of the exhibit."""
        self._entries.show(entries)
        self._form.child(QPushButton, "tabCustody").setText(tr("Chain of custody") + _count(len(entries)))

    def read_entries(self) -> None:
        """Read the chain of custody anew: the opening stands in it now."""
        self._read(lambda o, number: rows.custody_rows(o.case, number), self.show_entries)

    def read_notes(self) -> None:
        """Read the notes on the exhibit."""
        self._read(lambda o, number: note_rows(o.case, number), self._show_notes)

    def page(self, page: int) -> None:
        """The page that is looked at: where a new note goes."""
        self._page = page
        if self._editing is None:
            text = tr("New note on page {n}").format(n=page) if page else tr("New note on the whole item")
            self._form.child(QLabel, "noteLabel").setText(text)

    def write_note(self) -> None:
        """Give the keyboard to a new note."""
        self._form.child(QPushButton, "tabNotes").click()
        self._words.setFocus()

    def coloured(self) -> None:
        """Colours of the theme."""
        readers.prepare(self._facts, self._theme.tokens)
        if self._shown is not None:
            self._facts.setHtml(self._shown.facts)

    # --- notes

    def _show_notes(self, found: list[NoteRow]) -> None:
        self._notes.show(found)
        self._form.child(QPushButton, "tabNotes").setText(tr("Notes") + _count(len(found)))

    def _note_chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: NoteRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is None or not self._may_note:
            return
        if self._editing is None and self._words.toPlainText().strip():
            return  # what is being typed is not thrown away for a click
        self._editing = row
        self._words.setPlainText(row.words)
        self._form.child(QLabel, "noteLabel").setText(tr("Change this note"))
        for name in ("noteCancel", "noteRemove"):
            self._form.child(QPushButton, name).show()

    def _cancel(self) -> None:
        self._editing = None
        self._words.setPlainText("")
        self._list.clearSelection()
        for name in ("noteCancel", "noteRemove"):
            self._form.child(QPushButton, name).hide()
        self.page(self._page)

    def _written(self) -> None:
        text = self._words.toPlainText().strip()
        fresh = bool(text) and (self._editing is None or text != self._editing.words)
        self._form.child(QPushButton, "noteSave").setEnabled(fresh and self._may_note)

    def _save(self) -> None:
        text, editing, page = self._words.toPlainText(), self._editing, self._page

        def work(o: Opened, number: str) -> None:
            if editing is None:
                notes.add(o.case, number, page, text)
            else:
                notes.change(o.case, editing.item, text)

        self._do(work)

    def _take_back(self) -> None:
        editing, shown = self._editing, self._shown
        if editing is None or shown is None:
            return
        item, reference = editing.item, shown.case

        def undo() -> None:
            self._desk.do(reference, lambda o: notes.put_back(o.case, item), self._refreshed, self.failed.emit)

        self._do(lambda o, _: notes.take_back(o.case, item))
        self.undoable.emit(tr("The note was taken back."), undo)

    def _do(self, work: Callable[[Opened, str], object]) -> None:
        if self._shown is not None:
            number = self._shown.exhibit.number
            self._desk.do(self._shown.case, lambda o: work(o, number), self._saved, self.failed.emit)

    def _saved(self, _: object) -> None:
        self._cancel()
        self._refreshed(None)

    def _refreshed(self, _: object) -> None:
        self.read_notes()

    def _read(self, work: Callable[[Opened, str], T], came: Callable[[T], None]) -> None:
        shown = self._shown
        if shown is None:
            return
        number = shown.exhibit.number

        def arrived(found: T) -> None:
            now = self._shown
            if now is not None and (now.case, now.exhibit.number) == (shown.case, number):
                came(found)

        self._desk.read(shown.case, lambda o: work(o, number), arrived, self.failed.emit)


def _count(number: int) -> str:
    return f"  {number}" if number else ""
