"""The pages of an open document as pictures: those in view first, then their neighbours, bounded in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from evidencevault.desktop.jobs import Done, Failed, Job
from evidencevault.desktop.reel_layout import Size
from evidencevault.errors import VaultError

KEPT = 192 << 20  # bytes of pictures in memory; what is in view is kept whatever it takes


class Sheet(NamedTuple):
    """A page (from 1) and the width in device pixels at which it is wanted."""

    page: int
    width: int


class Source(Protocol):
    """What an open document is read from; answers come in the window's thread."""

    def sizes(self, done: Done, failed: Failed) -> Job:
        """Ask for the size of each page in points."""

    def page(self, sheet: Sheet, done: Done, failed: Failed) -> Job:
        """Ask for a page as QImage."""


@dataclass(slots=True)
class _Asked:
    sheet: Sheet
    job: Job


class Sheets(QObject):
    """``measured`` carries the sizes, ``came`` the page that came, ``failed`` a page (0: none) and its error."""

    measured = Signal(object)
    came = Signal(int)
    failed = Signal(int, object)

    def __init__(self, most: int = KEPT) -> None:
        super().__init__()
        self._most = most
        self._source: Source | None = None
        self._opening = 0  # counts openings: what comes late from the one before is dropped
        self._images: dict[int, tuple[int, QImage]] = {}  # page → width asked for, picture
        self._refused: dict[Sheet, str] = {}
        self._wanted: tuple[Sheet, ...] = ()
        self._asked: _Asked | None = None
        self._measuring: Job | None = None

    @property
    def opened(self) -> bool:
        """Whether a document was begun to be read."""
        return self._source is not None

    def open(self, source: Source) -> None:
        """Begin to read a document: first how large its pages are."""
        self.close()
        self._source, opening = source, self._opening

        def sized(sizes: list[Size]) -> None:
            if opening == self._opening:
                self._measuring = None
                self.measured.emit(sizes)

        def refused(error: VaultError) -> None:
            if opening == self._opening:
                self._measuring = None
                self.failed.emit(0, error)

        self._measuring = source.sizes(sized, refused)

    def close(self) -> None:
        """Forget everything."""
        self._opening += 1
        for job in (self._measuring, self._asked.job if self._asked else None):
            if job is not None:
                job.cancel()
        self._measuring, self._asked, self._source, self._wanted = None, None, None, ()
        self._images.clear()
        self._refused.clear()

    def image(self, page: int) -> QImage | None:
        """The newest picture of a page, perhaps of another width; None before the first."""
        found = self._images.get(page)
        return found[1] if found else None

    def refusal(self, page: int) -> str:
        """Why a page could not be drawn; empty where it was not tried or could."""
        return next((why for sheet, why in self._refused.items() if sheet.page == page), "")

    def want(self, sheets: Sequence[Sheet]) -> None:
        """What is wanted now, the most urgent first; what was wanted before and is not any more is not asked for."""
        self._wanted = tuple(sheets)
        if self._asked is not None and self._asked.sheet not in self._wanted:
            self._asked.job.cancel()
            self._asked = None
        self._next()

    @property
    def bytes(self) -> int:
        """What the pictures in memory take."""
        return sum(image.sizeInBytes() for _, image in self._images.values())

    def _next(self) -> None:
        if self._asked is not None or self._source is None:
            return
        sheet = next((one for one in self._wanted if self._misses(one)), None)
        if sheet is None:
            return
        opening = self._opening
        answer = self._answer(opening, sheet)
        self._asked = _Asked(sheet, self._source.page(sheet, answer, self._refusal(opening, sheet)))

    def _misses(self, sheet: Sheet) -> bool:
        found = self._images.get(sheet.page)
        return sheet not in self._refused and (found is None or found[0] != sheet.width)

    def _answer(self, opening: int, sheet: Sheet) -> Callable[[QImage], None]:
        def came(image: QImage) -> None:
            if opening != self._opening:
                return
            self._images.pop(sheet.page, None)
            self._images[sheet.page] = sheet.width, image
            self._make_room()
            self.came.emit(sheet.page)
            self._ended(sheet)

        return came

    def _refusal(self, opening: int, sheet: Sheet) -> Callable[[VaultError], None]:
        def refused(error: VaultError) -> None:
            if opening == self._opening:
                self._refused[sheet] = error.sentence
                self.failed.emit(sheet.page, error)
                self._ended(sheet)

        return refused

    def _ended(self, sheet: Sheet) -> None:
        if self._asked is not None and self._asked.sheet == sheet:
            self._asked = None
        self._next()

    def _make_room(self) -> None:
        near = {one.page for one in self._wanted}
        room = self.bytes - self._most
        for page in [one for one in self._images if one not in near]:  # the oldest first
            if room <= 0:
                return
            room -= self._images.pop(page)[1].sizeInBytes()
