"""A list whose model sorts and filters itself: row numbers are permuted, rows stay as they are.

QSortFilterProxyModel takes 24 s to sort 100,000 rows in Python; Python's own sort takes 0.1 s. A view that lays out its
rows asks for each whether there is such a row: where Python counts them that takes 0.3 s, so Qt's own list of (empty)
strings does the counting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtWidgets import QListView

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
_ROW = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class Row(Protocol):
    """What a list shows: ``id`` is unique in it, ``spoken`` is read out."""

    @property
    def id(self) -> str:
        """Its name in the list."""

    @property
    def spoken(self) -> str:
        """As read out."""


R = TypeVar("R", bound=Row)


class Rows(QStringListModel, Generic[R]):
    """Frozen rows, the newest order and the newest filter over them."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[R] = ()
        self._shown: list[int] = []
        self._place: dict[str, int] | None = {}  # made when it is asked for: a long list takes a while
        self._wanted: Callable[[R], bool] | None = None
        self._key: Callable[[R], Any] | None = None
        self._reverse = False
        self._growing = False  # rows came at the end that are not sorted in yet

    @property
    def rows(self) -> Sequence[R]:
        """All rows, shown or not."""
        return self._rows

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself under ``ROW``; its spoken text for display and for screen readers."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row = self._rows[self._shown[index.row()]]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows are chosen; nobody writes into them or drags them."""
        return _ROW if index.isValid() else Qt.ItemFlag.NoItemFlags

    def show(self, rows: Sequence[R]) -> None:
        """Exchange all rows."""
        self._arrange(rows)

    def extend(self, rows: Sequence[R]) -> None:
        """More rows at the end, while a long list is being read; they are sorted in when all are :meth:`settled`."""
        first, self._growing = len(self._rows), True
        self._rows = [*self._rows, *rows]
        more = [n for n in range(first, len(self._rows)) if self._wanted is None or self._wanted(self._rows[n])]
        if not more:
            return
        at = len(self._shown)
        self._shown += more
        if self._place is not None:
            self._place.update((self._rows[n].id, at + place) for place, n in enumerate(more))
        self.insertRows(at, len(more))

    def settled(self, rows: Sequence[R]) -> bool:
        """All rows, newer ones in the place of those shown; False where they had to be arranged anew."""
        if not self._growing and len(rows) == len(self._rows) and all(map(is_, rows, self._rows)):
            return True
        same = len(rows) == len(self._rows) and all(a.id == b.id for a, b in zip(rows, self._rows, strict=True))
        if not same or self._wanted is not None or self._key is not None or self._reverse:
            self._arrange(rows)
            return False
        self._rows, self._growing = rows, False
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))
        return True

    def filter(self, wanted: Callable[[R], bool] | None) -> None:
        """Show what is wanted; None shows all."""
        self._wanted = wanted
        self._arrange(self._rows)

    def sort_by(self, key: Callable[[R], Any] | None, *, reverse: bool = False) -> None:
        """Sort by a key; None keeps the order in which the rows came."""
        self._key, self._reverse = key, reverse
        self._arrange(self._rows)

    def row_of(self, id_: str) -> int:
        """Where a row is shown; -1 where it is not."""
        if self._place is None:
            self._place = {self._rows[n].id: place for place, n in enumerate(self._shown)}
        return self._place.get(id_, -1)

    def _arrange(self, rows: Sequence[R]) -> None:
        self._rows, self._growing = rows, False
        self._shown = [n for n, row in enumerate(rows) if self._wanted is None or self._wanted(row)]
        if self._key is not None:
            keys = list(map(self._key, rows))
            self._shown.sort(key=keys.__getitem__, reverse=self._reverse)
        elif self._reverse:
            self._shown.reverse()
        self._place = None
        self.setStringList([""] * len(self._shown))  # tells the views that everything is another


def current(view: QListView) -> Any:
    """The row under the cursor, or None."""
    return view.currentIndex().data(ROW) if view.currentIndex().isValid() else None


def choose(view: QListView, model: Rows[Any], id_: str, *, scroll: bool = True) -> bool:
    """Put the cursor on a row by its id; False where it is not shown."""
    place = model.row_of(id_)
    if place < 0:
        return False
    index = model.index(place, 0)
    view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    if scroll:
        view.scrollTo(index)
    return True
