"""The address book: who receives bundles, each with the key; also where a bundle's receivers are ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QListView, QPushButton, QSplitter, QStackedWidget, QWidget

from evidencevault.desktop import recipient_rows, scale
from evidencevault.desktop.bundle_delegates import TickDelegate
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.recipient import RecipientCard
from evidencevault.desktop.recipient_add import RecipientAdd
from evidencevault.desktop.recipient_rows import Known, RecipientRow
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.resources import tr

FULL, EMPTY, WAITING = range(3)
PERSON, NOBODY, ADDING = range(3)


class AddressBook(Form):
    """List on one side, the one chosen on the other. ``ticked`` is sent when others are chosen for a bundle."""

    told = Signal(str)
    failed = Signal(object)
    ticked = Signal()
    came = Signal()

    def __init__(self, desk: Desk, theme: Theme, files: Files, *, ticking: bool = False) -> None:
        super().__init__("address_book")
        self._desk, self._ticking = desk, ticking
        self._chosen: tuple[str, ...] = ()
        self._pointed = ""
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._right, self._model = self.child(QStackedWidget, "right"), Rows[RecipientRow]()
        self._list.setModel(self._model)
        self._list.setItemDelegate(TickDelegate(theme, self._list, self._tick))
        self._card, self._adding = RecipientCard(desk), RecipientAdd(desk, files)
        filling(self.child(QWidget, "person"), self._card)
        filling(self.child(QWidget, "adding"), self._adding)
        self.child(QLabel, "emptyTitle").setText(tr("Nobody is in the address book yet"))
        self.child(QLabel, "emptyText").setText(tr("Add who receives bundles, with the key that they gave you."))
        self._wire()
        if ticking:
            self.child(QLabel, "title").setText(tr("Tick who it is for"))
        splitter = self.child(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scale.px(360), scale.px(640)])
        self._pages.setCurrentIndex(WAITING)
        self._say_nobody()

    def _wire(self) -> None:
        self._list.selectionModel().selectionChanged.connect(self._selected)
        self._list.activated.connect(lambda _: self._card.focus_first())
        for name in ("add", "addFirst"):
            self.child(QPushButton, name).clicked.connect(self.add)
        self._card.changing.connect(self._change)
        self._card.told.connect(self.told)
        self._card.failed.connect(self.failed)
        self._adding.saved.connect(self._saved)
        self._adding.left.connect(self._back)
        self._desk.vault_changed.connect(self.refresh)
        if self._ticking:
            space = QShortcut(QKeySequence(Qt.Key.Key_Space), self._list, self._tick_current)
            space.setContext(Qt.ShortcutContext.WidgetShortcut)

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody in the book."""
        return tuple(one.id for one in self._model.rows)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Who is ticked, as far as they are in the book."""
        return tuple(one for one in self.names if one in self._chosen)

    def tick(self, names: tuple[str, ...]) -> None:
        """Tick these, and nobody else."""
        self._chosen = names
        self._show(self._model.rows)

    def refresh(self) -> None:
        """Read the book anew."""
        self._desk.ask(recipient_rows.book_rows, self._came, self.failed.emit)

    def seek(self, text: str) -> None:
        """Show whom these words are about."""
        sought = text.casefold().strip()
        self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)

    def add(self) -> None:
        """Put somebody in."""
        self._right.setCurrentIndex(ADDING)
        self._pages.setCurrentIndex(FULL)
        self._adding.start()

    def focus_list(self) -> None:
        """Give the keyboard to the list; to its one action where it is empty."""
        empty = self._pages.currentIndex() == EMPTY
        target: QWidget = self.child(QPushButton, "addFirst") if empty else self._list
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the one chosen."""
        if now is not self._list or self._right.currentIndex() != PERSON:
            return False
        self._card.focus_first()
        return True

    def _came(self, found: list[RecipientRow]) -> None:
        self._show(found)
        self.came.emit()

    def _show(self, found: Sequence[RecipientRow]) -> None:
        rows = [replace(one, ticked=one.id in self._chosen if self._ticking else None) for one in found]
        chosen = self._pointed or getattr(current(self._list), "id", "")
        self._model.show(rows)
        self.child(QLabel, "count").setText(str(len(rows)))
        adding = self._right.currentIndex() == ADDING
        self._pages.setCurrentIndex(FULL if rows or adding else EMPTY)
        self.child(QFrame, "head").setVisible(bool(rows) or adding)
        self._pointed = ""
        if not choose(self._list, self._model, chosen) and rows:
            choose(self._list, self._model, recipient_rows.chosen_first(rows))
        if not rows:
            self._say_nobody()

    def _say_nobody(self) -> None:
        if self._right.currentIndex() != ADDING:
            self.child(QLabel, "rightTitle").setText(tr("A key is checked before it is used"))
            text = tr("Whoever you choose is shown here with their key in words and as a code.")
            self.child(QLabel, "rightText").setText(text)
            self._right.setCurrentIndex(NOBODY)

    def _selected(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: RecipientRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is not None:
            name = row.id
            self._desk.ask(
                lambda session: recipient_rows.known(session, name),
                lambda found: self._known(name, found),
                self.failed.emit,
            )

    def _known(self, name: str, found: Known) -> None:
        if getattr(current(self._list), "id", "") == name:
            self._card.show_known(found)
            if self._right.currentIndex() != ADDING:
                self._right.setCurrentIndex(PERSON)

    def _change(self, one: Known) -> None:
        self._right.setCurrentIndex(ADDING)
        self._adding.start(one)

    def _saved(self, name: str) -> None:
        self._pointed = name
        if self._ticking and name not in self._chosen:
            self._chosen = (*self._chosen, name)
        self._back()
        self.told.emit(tr("{name} is in the address book.").format(name=name))
        self.refresh()
        self.ticked.emit()

    def _back(self) -> None:
        self._right.setCurrentIndex(PERSON if self._model.rows else NOBODY)
        self._pages.setCurrentIndex(FULL if self._model.rows else EMPTY)
        self.focus_list()

    def _tick_current(self) -> None:
        row = current(self._list)
        if row is not None:
            self._tick(row.id)

    def _tick(self, name: str) -> None:
        others = tuple(one for one in self._chosen if one != name)
        self._chosen = others if name in self._chosen else (*others, name)
        self._show(self._model.rows)
        self.ticked.emit()
