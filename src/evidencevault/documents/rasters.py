"""Mode D on the program's side: several confined processes share the pages, and what they say is checked and joined."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from evidencevault.documents import pictures, sentences, text_layer
from evidencevault.documents.pictures import Picture
from evidencevault.documents.requests import Box, Mark, PageText, Reason, Word
from evidencevault.documents.said import Said

PAGES_EACH = 4
"""Pages from which a further process is worth its start."""
_LEAST_DPI, _MOST_DPI = 150, 300
_POLLED = 0.1  # seconds between two looks at whether it shall stop
_NEAR = 1.0  # points: words that come this close to a mark are left out

_Made = TypeVar("_Made")
_Kill = Callable[[], None]


class Asking(Protocol):
    """How a question about the document is put; ``begun`` is given what ends the process."""

    def __call__(self, begun: Callable[[_Kill], None], **more: object) -> Iterator[Said]:
        """The answers, one by one."""
        ...


@dataclass(slots=True)
class _Stop:
    """Ends the processes that were begun, and at once those that are begun later."""

    _kills: list[_Kill] = field(default_factory=list)
    _stopped: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begun(self, kill: _Kill) -> None:
        with self._lock:
            self._kills.append(kill)
            stopped = self._stopped
        if stopped:
            kill()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            kills = list(self._kills)
        for kill in kills:
            kill()


@dataclass(slots=True)
class Budget:
    """How many bytes all processes together may answer."""

    left: int
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, name: str, count: int) -> None:
        """Raises DocumentFailed where there is no room left."""
        with self._lock:
            self.left -= count
            if self.left < 0:
                raise sentences.failed(name, Reason.TOO_LARGE)


def shared(
    shares: Sequence[Callable[[Callable[[_Kill], None]], _Made]], check: Callable[[], None] | None = None
) -> list[_Made]:
    """What the shares make, in their order, as many at once as there are processors.

    ``check`` is called here ten times a second and may raise to stop. However this ends, no process is left.
    """
    end = _Stop()
    with ThreadPoolExecutor(min(len(shares), os.cpu_count() or 1), "pages") as pool:
        running = [pool.submit(share, end.begun) for share in shares]
        try:
            while True:
                done, waiting = wait(running, _POLLED, FIRST_EXCEPTION)
                for one in done:
                    one.result()
                if not waiting:
                    return [one.result() for one in running]
                if check is not None:
                    check()
        finally:
            for one in running:
                one.cancel()
            end.stop()


def burnt(
    ask: Asking,
    name: str,
    marks: Sequence[Mark],
    dpi: int,
    pages: int,
    most: tuple[int, int],
    check: Callable[[], None] | None,
) -> list[Picture]:
    """The pages, packed and in order. ``most``: pages, and bytes of all. Raises DocumentFailed; ValueError (dpi)."""
    if not _LEAST_DPI <= dpi <= _MOST_DPI:
        raise ValueError(f"{dpi} dots per inch: {_LEAST_DPI} to {_MOST_DPI} are drawn")
    step = max(1, min(os.cpu_count() or 1, pages // PAGES_EACH))
    rows = [[one.page, one.x0, one.y0, one.x1, one.y1, one.label] for one in marks]
    budget = Budget(most[1])

    def share(first: int, begun: Callable[[_Kill], None]) -> list[tuple[int, Picture]]:
        found = []
        for said in ask(begun, marks=rows, dpi=dpi, first=first, step=step):
            budget.spend(name, len(said.data))
            found.append((said.number("pages", most[0]), picture_of(said)))
        return found

    def shares(first: int) -> Callable[[Callable[[_Kill], None]], list[tuple[int, Picture]]]:
        return lambda begun: share(first, begun)

    made = [one for part in shared([shares(first) for first in range(1, step + 1)], check) for one in part]
    told = {count for count, _ in made}
    joined = sorted((picture for _, picture in made), key=lambda one: one.page)
    if len(told) != 1 or [one.page for one in joined] != list(range(1, told.pop() + 1)):
        raise sentences.failed(name, Reason.NONSENSE)
    return joined


def words_of(drawn: Sequence[Picture], read: Sequence[PageText], marks: Sequence[Mark]) -> Mapping[int, Sequence[Word]]:
    """The words that were recognised in the burnt pages, by page, but for those that touch a mark or lie nowhere."""
    sizes = {one.page: (one.width, one.height) for one in drawn}
    found: dict[int, list[Word]] = {}
    for page in read:
        width, height = sizes.get(page.page, (0.0, 0.0))
        hidden = [one for one in marks if one.page == page.page]
        found[page.page] = [
            word
            for word in page.words()
            # Written so that what is no number is refused, too.
            if -1 < word.box.x0 < word.box.x1 < width + 1
            and -1 < word.box.y0 < word.box.y1 < height + 1
            and text_layer.kept(word.text)
            and not any(_touches(word.box, one) for one in hidden)
        ]
    return found


def _touches(box: Box, mark: Mark) -> bool:
    (left, right), (top, bottom) = sorted((mark.x0, mark.x1)), sorted((mark.y0, mark.y1))
    across = box.x0 < right + _NEAR and box.x1 > left - _NEAR
    return across and box.y0 < bottom + _NEAR and box.y1 > top - _NEAR


def picture_of(said: Said) -> Picture:
    """A page as a worker packed it. Raises DocumentFailed where it cannot be one."""
    across, down = said.number("across", 1 << 16), said.number("down", 1 << 20)
    colours, bits, packed = said.number("colours", 3), said.number("bits", 8), said.text("packed", 8)
    fits = colours in pictures.SPACES and bits in (1, 8) and packed in pictures.FILTERS and across and down
    width, height = said.real("width"), said.real("height")
    if not fits or (packed == "fax" and (bits, colours) != (1, 1)) or not (width > 0 and height > 0):
        raise said.nonsense()
    return Picture(said.number("page", 1 << 20), width, height, across, down, colours, bits, packed, said.data)
