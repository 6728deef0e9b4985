"""An exhibit of a case as the reel reads it: sizes, pages and characters, out of the confined worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.jobs import Done, Failed, Job
from evidencevault.desktop.pages import image
from evidencevault.desktop.reel_layout import Size
from evidencevault.desktop.reel_sheets import Sheet
from evidencevault.desktop.reel_text import MOST, PageLetters
from evidencevault.documents.requests import PageText
from evidencevault.documents.workers import Workers
from evidencevault.errors import VaultError
from evidencevault.evidence import exhibits, reading, recognition
from evidencevault.progress import Progress
from evidencevault.vault.objects import ObjectReader

_BATCH = 8  # pages of characters handed over at once
Pages = list[tuple[int, PageLetters]]


class CaseDocument:
    """One opening of an exhibit; every question enters the view first, if it is not entered already."""

    def __init__(self, desk: Desk, reference: str, number: str, purpose: str | None) -> None:
        self._desk = desk
        self.reference, self.number, self.purpose = reference, number, purpose

    def sizes(self, done: Done, failed: Failed) -> Job:
        """See Source."""
        return self._read(lambda o: reading.sizes(o.case, o.workers, self.number, purpose=self.purpose), done, failed)

    def page(self, sheet: Sheet, done: Done, failed: Failed) -> Job:
        """See Source."""

        def work(o: Opened) -> QImage:
            page, width = sheet
            drawn = image(reading.render(o.case, o.workers, self.number, page, width=width, purpose=self.purpose))
            return drawn.convertToFormat(QImage.Format.Format_RGB32)  # what the screen takes without another step

        return self._read(work, done, failed)

    def opened(self, done: Done, failed: Failed, *, how: str, pages: bool = True) -> Job:
        """Open its bytes to be read beside everything else; ``done`` gets :class:`Held`."""

        def work(o: Opened) -> Held:
            name = exhibits.get(o.case, self.number).name
            reader = reading.opened(o.case, self.number, purpose=self.purpose, how=how, pages=pages)
            return Held(o.workers, name, self._desk.keep(reader), self._desk)

        return self._read(work, done, failed)

    def recognised(self, sizes: list[Size], missing: frozenset[int], done: Done, failed: Failed) -> Job:
        """What text recognition once read in the pixels of these pages."""

        def work(o: Opened) -> Pages:
            kept = recognition.kept(o.case, self.number)
            return [(n, PageLetters(page, sizes[n - 1][0])) for n, page in kept.items() if n in missing]

        return self._read(work, done, failed)

    def _read(self, work: Callable[[Opened], object], done: Done, failed: Failed) -> Job:
        return self._desk.read(self.reference, work, done, failed)


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that were opened in the reading lane, and who reads them; whoever takes them closes them."""

    workers: Workers
    name: str
    reader: ObjectReader
    desk: Desk

    def close(self) -> None:
        """In any thread."""
        self.desk.let_go(self.reader)


class Lettering(QObject):
    """Reads the characters of a document beside everything else. ``came`` carries pages, ``ended`` whether all came."""

    came = Signal(object)
    ended = Signal(bool)
    failed = Signal(object)

    def __init__(self, desk: Desk, document: CaseDocument, sizes: list[Size]) -> None:
        super().__init__()
        self._desk, self._document, self._sizes = desk, document, sizes
        self._empty: set[int] = set()
        self._dropped = False
        self._passed = _Passed()
        self._passed.pages.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._job: Job = document.opened(self._opened, self._refused, how="text")

    def drop(self) -> None:
        """Nobody waits for it any more."""
        self._dropped = True
        self._job.cancel()

    def _opened(self, held: Held) -> None:
        if self._dropped:
            held.close()
            return
        sizes, passed = self._sizes, self._passed
        self._job = self._desk.along(lambda progress: _each(held, sizes, passed, progress), self._read, self._refused)

    def _take(self, pages: Pages) -> None:
        if not self._dropped:
            self._empty |= {page for page, letters in pages if not letters.text.strip()}
            self.came.emit(pages)

    def _read(self, whole: bool) -> None:
        if self._dropped:
            return
        if self._empty:
            missing = frozenset(self._empty)
            self._job = self._document.recognised(
                self._sizes, missing, lambda pages: self._recognised(pages, whole), self._refused
            )
        else:
            self.ended.emit(whole)

    def _recognised(self, pages: Pages, whole: bool) -> None:
        if not self._dropped:
            self.came.emit(pages)
            self.ended.emit(whole)

    def _refused(self, error: VaultError) -> None:
        if not self._dropped:
            self.failed.emit(error)


class _Passed(QObject):
    """Hands pages from the lane to the window."""

    pages = Signal(object)


def _each(held: Held, sizes: list[Size], passed: _Passed, progress: Progress) -> bool:
    """Read page after page; whether all were read, or they became too many to be held."""
    batch: Pages = []
    held_bytes = 0
    try:
        for text in held.workers.each_text(held.name, held.reader):
            progress.check()
            if not 1 <= text.page <= len(sizes):
                continue
            letters = _letters(text, sizes)
            held_bytes += letters.size
            if held_bytes > MOST:
                return False
            batch.append((text.page, letters))
            if len(batch) >= _BATCH:
                passed.pages.emit(batch)
                batch = []
        return True
    finally:
        passed.pages.emit(batch)
        held.close()


def _letters(text: PageText, sizes: list[Size]) -> PageLetters:
    return PageLetters(text, sizes[text.page - 1][0])
