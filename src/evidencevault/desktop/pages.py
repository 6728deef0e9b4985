"""The pages of the exhibit that is open: asked for one at a time, kept a few, the next one ahead of the reader."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.jobs import Done, Failed, Job
from evidencevault.errors import VaultError
from evidencevault.evidence import reading

KEPT = 6  # images in memory, the one shown included
_Key = tuple[int, int]  # page from 1, width in device pixels
About = tuple[str, str, int, str | None]
"""Case, exhibit, pages, and the purpose of opening it; or bundle, document, pages, None."""
Ask = Callable[[About, int, int, Done, Failed], Job]
"""Asks for a page at a width in pixels; ``done`` gets a QImage."""
_NOTHING: About = ("", "", 0, None)


def of_case(desk: Desk) -> Ask:
    """Pages of the exhibits of a case: each opening is entered."""

    def ask(about: About, page: int, width: int, done: Done, failed: Failed) -> Job:
        reference, number, _, purpose = about

        def work(opened: Opened) -> QImage:
            return image(reading.render(opened.case, opened.workers, number, page, width=width, purpose=purpose))

        return desk.read(reference, work, done, failed)

    return ask


class Pages(QObject):
    """``came`` carries the page that is wanted now; ``entered`` is sent when the opening stands in the ledger."""

    came = Signal(int, QImage)
    failed = Signal(object)
    entered = Signal()

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self._cache: OrderedDict[_Key, QImage] = OrderedDict()
        self._opening = 0  # counts openings, so that what comes late from the one before is dropped
        self._wanted: _Key | None = None
        self._under_way: tuple[_Key, Job] | None = None
        self._about = _NOTHING

    @property
    def asked(self) -> bool:
        """Whether a page of the open exhibit was wanted already."""
        return self._wanted is not None

    def open(self, reference: str, number: str, count: int, purpose: str | None) -> None:
        """An exhibit of ``count`` pages, if it is not the open one; nothing is read before a page is wanted."""
        if self._about != (reference, number, count, purpose):
            self.close()
            self._about = reference, number, count, purpose

    def close(self) -> None:
        """Forget every page."""
        self._opening += 1
        self._cancel()
        self._cache.clear()
        self._wanted, self._about = None, _NOTHING

    def want(self, page: int, width: int) -> None:
        """Ask for a page; it comes at once where it is kept."""
        self._wanted = key = (page, width)
        if key in self._cache:
            self._cache.move_to_end(key)
            self.came.emit(page, self._cache[key])
            self._ahead(key)
        elif self._under_way is None or self._under_way[0] != key:
            self._cancel()
            self._fetch(key)

    def _fetch(self, key: _Key) -> None:
        opening = self._opening
        job = self._ask(
            self._about,
            *key,
            lambda image: self._arrived(opening, key, image),
            lambda error: self._refused(opening, key, error),
        )
        self._under_way = key, job

    def _arrived(self, opening: int, key: _Key, image: QImage) -> None:
        if opening != self._opening:
            return
        self._ended(key)
        if not self._cache:
            self.entered.emit()
        self._cache[key] = image
        while len(self._cache) > KEPT:
            self._cache.popitem(last=False)
        if key == self._wanted:
            self.came.emit(key[0], image)
            self._ahead(key)

    def _refused(self, opening: int, key: _Key, error: VaultError) -> None:
        if opening == self._opening:
            self._ended(key)
            if key == self._wanted:
                self.failed.emit(error)

    def _ahead(self, key: _Key) -> None:
        following = (key[0] + 1, key[1])
        if key[0] < self._about[2] and following not in self._cache and self._under_way is None:
            self._fetch(following)

    def _ended(self, key: _Key) -> None:
        if self._under_way is not None and self._under_way[0] == key:
            self._under_way = None

    def _cancel(self) -> None:
        if self._under_way is not None:
            self._under_way[1].cancel()
            self._under_way = None


def image(pixels: reading.Pixels) -> QImage:
    """Pixels as the window draws them."""
    made = QImage(pixels.data, pixels.width, pixels.height, pixels.width * 3, QImage.Format.Format_RGB888)
    return made.copy()  # the bytes belong to Python and go when this returns
