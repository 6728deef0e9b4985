"""What was found that a page does not show: bounded, without doubles, and what could not be read is an item too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from evidencevault.documents.requests import UNSEEN_TEXT, Limits
from evidencevault.documents.worker.failed import Answer

_BATCH = 200
_PARTS = 25


class Found:
    """Collects items (kind, page from 1 or 0, text) up to ``limits.hidden``; what comes then is counted only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most = limits.hidden
        self._kept: dict[tuple[str, int, str], None] = {}
        self._unread: dict[int, list[str]] = {}
        self._more = 0
        # Listing must end by itself before the program ends it, so that what was found by then is not lost.
        self._until = time.monotonic() + limits.seconds * 0.6

    def add(self, kind: str, page: int, *parts: object) -> None:
        """One item, its parts on one line with blanks made single; nothing is kept of an empty one."""
        line = " ".join(_clean(str(part)) for part in parts if part is not None).strip()
        if not line:
            return
        item = (kind, page, line[:UNSEEN_TEXT])
        if item in self._kept:
            return
        if len(self._kept) < self._most:
            self._kept[item] = None
        else:
            self._more += 1

    def long(self, kind: str, page: int, text: str) -> None:
        """A long text, as several items where it is longer than one may be; what is beyond these is counted only."""
        line = _clean(text)
        parts = range(0, len(line), UNSEEN_TEXT)
        for start in parts[:_PARTS]:
            self.add(kind, page, line[start : start + UNSEEN_TEXT])
        self._more += len(parts[_PARTS:])

    @property
    def full(self) -> bool:
        """Whether there is no use in looking on: many times what is kept, or the time is up."""
        return self._more > self._most or time.monotonic() > self._until

    def within(self) -> Found:
        """An empty list under the same limits, for what is inside and is told in other words."""
        return Found(self._limits)

    def items(self) -> Iterator[tuple[str, int, str]]:
        """What was kept, in the order found."""
        yield from self._kept

    @contextmanager
    def trying(self, what: str, page: int = 0) -> Iterator[None]:
        """What fails inside is named in an item at the end, one for a page; the list goes on."""
        try:
            yield
        except MemoryError:
            raise
        except Exception:  # whatever a parser throws at one damaged part: the others are listed all the same
            self._unread.setdefault(page, []).append(what)

    def answers(self) -> Iterator[Answer]:
        """The items in batches; at last, where there are more, how many."""
        for page, parts in self._unread.items():
            self.add("unreadable", page, ", ".join(parts))
        rows = [[kind, page, text] for kind, page, text in self._kept]
        if self._more:
            rows.append(["more", 0, str(self._more)])
        for start in range(0, len(rows), _BATCH):
            yield {"items": rows[start : start + _BATCH]}


def _clean(text: str) -> str:
    # Half a surrogate pair is no character, and would not come through the pipe as one.
    whole = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text.replace("\0", " "))
    return " ".join(whole.split())
