"""First step of a bundle: which exhibits go, how each goes, and what keeps one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLabel, QListView, QPushButton, QSplitter, QStackedWidget, QWidget

from evidencevault.desktop import bundle_rows, bundle_steps, scale
from evidencevault.desktop.bundle_delegates import TickDelegate
from evidencevault.desktop.bundle_item import BundleItem
from evidencevault.desktop.bundle_known import Known
from evidencevault.desktop.bundle_rows import GoingRow
from evidencevault.desktop.bundle_steps import CHOSEN, COPY, EVERY, ORIGINAL, OUT, PERSON, WITHHELD, Choice, Going
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.look import Theme
from evidencevault.desktop.table import ROW, Rows, current
from evidencevault.resources import tr

FULL, NOTHING, WAITING = range(3)
_ANY, _OPEN = "any", "open"


class BundleMakeWhat(Form):
    """``chose`` carries another choice, ``asked`` an exhibit of which it is to be told who may approve it.

    ``searching`` and ``stopping`` begin and end the search for what is about a person.
    """

    chose = Signal(object)
    wanted = Signal(str, str)
    asked = Signal(str)
    searching = Signal()
    stopping = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("bundle_make_what")
        self._choice, self._known = Choice(), Known()
        self._filter, self._sought = _ANY, ""
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._model = Rows[GoingRow]()
        self._list.setModel(self._model)
        self._list.setItemDelegate(TickDelegate(theme, self._list, lambda exhibit: self._toggle([exhibit])))
        self._list.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self._list, lambda: self._toggle(self._chosen()))
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._quiet = self._searches = False
        self.item = BundleItem()
        filling(self.child(QWidget, "right"), self.item)
        self.item.treated.connect(self._treated)
        self.item.based.connect(lambda text: self._changed(replace(self._choice, basis=text)))
        self.item.wanted.connect(self.wanted)
        self._modes = {EVERY: "every", CHOSEN: "chosen", PERSON: "person"}
        for mode, name in self._modes.items():
            self.child(QPushButton, name).clicked.connect(lambda _=False, mode=mode: self._mode(mode))
        self._whose = self.child(QComboBox, "whose")
        self._whose.activated.connect(lambda _: self._person(self._whose.currentText()))
        self._find = self.child(QPushButton, "find")
        self._find.clicked.connect(self._find_them)
        self._chips = self._made_chips()
        splitter = self.child(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scale.px(460), scale.px(460)])
        self._pages.setCurrentIndex(WAITING)

    def show_known(self, known: Known, choice: Choice) -> None:
        """Everything anew."""
        self._known, self._choice = known, choice
        self.item.offer(known.reasons)
        self._whose.blockSignals(True)
        self._whose.clear()
        self._whose.addItems(list(known.persons))
        self._whose.setCurrentIndex(known.persons.index(choice.person) if choice.person in known.persons else -1)
        self._whose.setPlaceholderText(tr("Choose a person"))
        self._whose.blockSignals(False)
        for mode, name in self._modes.items():
            self.child(QPushButton, name).setChecked(mode == choice.mode)
        self.child(QWidget, "request").setVisible(choice.mode == PERSON)
        self._find.setEnabled(bool(choice.person) or self._searches)
        if not self._searches:
            self.child(QLabel, "found").setText(_told(choice))
        self._draw()

    def search_goes_on(self, said: str | None) -> None:
        """A search for a person is under way and looks at this; None: it has ended."""
        self._searches = said is not None
        self._find.setText(tr("Stop") if self._searches else tr("Find what is about them"))
        if said is not None:
            self.child(QLabel, "found").setText(tr("Looking … {what}").format(what=said))

    def point_to(self, exhibit: str) -> None:
        """Put the cursor on an exhibit."""
        self._filter = _ANY
        self._refilter()
        place = self._model.row_of(exhibit)
        if place >= 0:
            self._select([exhibit])
            self._list.scrollTo(self._model.index(place, 0))

    def seek(self, text: str) -> None:
        """Show the exhibits that hold these words."""
        self._sought = text.casefold().strip()
        self._refilter()

    def focus_first(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the one chosen."""
        return now is self._list and self.item.focus_first()

    # --- what is shown

    def _made_chips(self) -> dict[str, QPushButton]:
        flow = FlowLayout(self.child(QWidget, "chips"), scale.px(6))
        made = {}
        for name in (_ANY, _OPEN, COPY, WITHHELD, ORIGINAL, OUT):
            chip = made[name] = QPushButton()
            chip.setProperty("kind", "filter")
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            chip.setChecked(name == _ANY)
            chip.clicked.connect(lambda _=False, name=name: self._filtered(name))
            flow.addWidget(chip)
        return made

    def _draw(self) -> None:
        chosen, choice, known = self._chosen(), self._choice, self._known
        rows = [
            bundle_rows.going_row(one, known.seen[one.exhibit], choice, bundle_steps.is_ready(choice, one))
            for one in known.standings
        ]
        self._quiet = True
        self._model.show(rows)
        self._count(rows)
        self._select(chosen)
        self._quiet = False
        self._selected()
        if not chosen and rows:
            self._select([rows[0].id])

    def _count(self, rows: Sequence[GoingRow]) -> None:
        titles = {
            _ANY: tr("All"),
            _OPEN: tr("Not ready"),
            COPY: tr("Copies"),
            WITHHELD: tr("Withheld"),
            ORIGINAL: tr("Originals"),
            OUT: tr("Not in it"),
        }
        for name, chip in self._chips.items():
            count = sum(map(_kept(name), rows))
            chip.setText(f"{titles[name]}  {count}")
            chip.setAccessibleName(chip.text())
            chip.setVisible(bool(count) or name in (_ANY, self._filter))
            chip.setChecked(name == self._filter)
        self._paged()

    def _paged(self) -> None:
        rows = self._model.rowCount()
        self._pages.setCurrentIndex(FULL if rows else NOTHING)
        title, text = tr("No evidence yet"), tr("A bundle is made of evidence items: bring some in first.")
        if self._model.rows:
            title, text = tr("Nothing fits"), tr("No evidence item is so.")
        self.child(QLabel, "emptyTitle").setText(title)
        self.child(QLabel, "emptyText").setText(text)

    def _filtered(self, name: str) -> None:
        self._filter = name
        self._refilter()

    def _refilter(self) -> None:
        kept, sought, chosen = _kept(self._filter), self._sought, self._chosen()
        everything = self._filter == _ANY and not sought
        self._model.filter(None if everything else lambda row: kept(row) and sought in row.spoken.casefold())
        for name, chip in self._chips.items():
            chip.setChecked(name == self._filter)
        self._paged()
        self._select(chosen)

    # --- choosing

    def _chosen(self) -> list[str]:
        return [index.data(ROW).id for index in self._list.selectedIndexes()]

    def _select(self, exhibits: Sequence[str]) -> None:
        places = [place for place in map(self._model.row_of, exhibits) if place >= 0]
        model, selection = self._list.selectionModel(), QItemSelection()
        for place in places:
            selection.select(self._model.index(place, 0), self._model.index(place, 0))
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            model.setCurrentIndex(self._model.index(places[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def _selected(self) -> None:
        if self._quiet:
            return
        wanted = {*self._chosen()}
        found = [one for one in self._known.standings if one.exhibit in wanted]
        self.item.show_items(found, self._choice)
        if len(found) == 1 and found[0].state == "waiting":
            self.asked.emit(found[0].exhibit)

    def _toggle(self, exhibits: Sequence[str]) -> None:
        """Put them in where the first is out, else take them out."""
        if exhibits:
            into = self._choice.going(exhibits[0]).how == OUT
            self._changed(self._choice.treat(exhibits, Going(COPY if into else OUT)))

    def _treated(self, going: Going) -> None:
        row = current(self._list)
        exhibits = self._chosen() or ([row.id] if row is not None else [])
        self._changed(self._choice.treat(exhibits, going))

    def _find_them(self) -> None:
        (self.stopping if self._searches else self.searching).emit()

    def _mode(self, mode: str) -> None:
        if mode != self._choice.mode:
            self._changed(replace(self._choice, mode=mode, treated={}))

    def _person(self, label: str) -> None:
        if label != self._choice.person:
            fresh = replace(self._choice, person=label, about=(), unknown=(), searched=False, treated={})
            self._changed(fresh)

    def _changed(self, choice: Choice) -> None:
        self._choice = choice
        self.chose.emit(choice)


def _told(choice: Choice) -> str:
    if not choice.searched:
        return tr("Every document is searched for them; each that is read is entered as opened.")
    said = tr("About them: {n}.").format(n=len(choice.about))
    if choice.unknown:
        said += " " + tr("To be said by you, because they cannot be read: {n}.").format(n=len(choice.unknown))
    return said


def _kept(name: str) -> Callable[[GoingRow], bool]:
    if name == _ANY:
        return lambda row: True
    return (lambda row: not row.ready) if name == _OPEN else (lambda row: row.how == name)
