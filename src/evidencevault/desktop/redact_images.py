"""The pictures of the pages in view: fetched one after the other, those in view first, then the one that follows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from evidencevault.desktop.jobs import Job
from evidencevault.desktop.pages import About, Ask
from evidencevault.errors import VaultError

KEPT = 10
_NOTHING: About = ("", "", 0, None)


class Images(QObject):
    """``came`` names a page whose picture is there now; an older one of another width is shown until then."""

    came = Signal(int)
    failed = Signal(object)

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self._about = _NOTHING
        self._opening = 0
        self._wanted: list[int] = []
        self._width = 0
        self._job: Job | None = None
        self._kept: OrderedDict[int, tuple[int, QImage]] = OrderedDict()
        self._broken: set[tuple[int, int]] = set()

    def open(self, about: About) -> None:
        """Another exhibit; what was kept is forgotten."""
        self.close()
        self._about = about

    def close(self) -> None:
        """Forget everything."""
        self._opening += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._kept.clear()
        self._broken.clear()
        self._wanted, self._about = [], _NOTHING

    def want(self, pages: Sequence[int], width: int) -> None:
        """Which pages are in view, and how wide in device pixels."""
        ahead = [pages[-1] + 1] if pages and pages[-1] < self._about[2] else []
        self._wanted, self._width = [*pages, *ahead], width
        self._next()

    def image(self, page: int) -> QImage | None:
        """The picture of a page, perhaps of another width than is wanted."""
        kept = self._kept.get(page)
        return kept[1] if kept is not None else None

    def _next(self) -> None:
        if self._job is not None or not self._about[2]:
            return
        missing = (one for one in self._wanted if self._kept.get(one, (0,))[0] != self._width)
        page = next((one for one in missing if (one, self._width) not in self._broken), None)
        if page is None:
            return
        opening, width = self._opening, self._width
        self._job = self._ask(
            self._about,
            page,
            width,
            lambda image: self._arrived(opening, page, width, image),
            lambda error: self._refused(opening, page, width, error),
        )

    def _arrived(self, opening: int, page: int, width: int, image: QImage) -> None:
        if opening != self._opening:
            return
        self._job = None
        self._kept[page] = (width, image)
        self._kept.move_to_end(page)
        while len(self._kept) > max(KEPT, len(self._wanted)):
            self._kept.popitem(last=False)
        self.came.emit(page)
        self._next()

    def _refused(self, opening: int, page: int, width: int, error: VaultError) -> None:
        if opening == self._opening:
            self._job = None
            self._broken.add((page, width))
            self.failed.emit(error)
            self._next()
