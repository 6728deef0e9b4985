"""Texts of documents read lately, so that a plan with thirty marks does not read its document thirty times.

In memory only, by the SHA-256 of what was read; what was not asked for longest goes first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import PurePath

from evidencevault.documents.requests import MIB, ByteSource, PageText

MOST = 64 * MIB
"""Bytes of characters and their boxes that are kept."""
_Key = tuple[bytes, str]


class Texts:
    """Pages by what they were read from. Thread-safe."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, tuple[int, tuple[PageText, ...]]] = OrderedDict()

    def get(self, name: str, source: ByteSource) -> list[PageText] | None:
        """The pages read from this content under a name of this ending; None where there are none."""
        key = _key(name, source)
        with self._lock:
            found = self._kept.get(key) if key else None
            if key is None or found is None:
                return None
            self._kept.move_to_end(key)
            return list(found[1])

    def keep(self, name: str, source: ByteSource, pages: list[PageText]) -> None:
        """Remember pages, if their content says its digest and they are not too large."""
        key, size = _key(name, source), sum(5 * len(page.boxes) // 4 for page in pages)
        if key is None or size > self._most:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = size, tuple(pages)
                self._size += size
            while self._size > self._most:
                _, (gone, _) = self._kept.popitem(last=False)
                self._size -= gone


def _key(name: str, source: ByteSource) -> _Key | None:
    digest = getattr(source, "sha256", None)  # only what the vault holds has one
    return (digest, PurePath(name).suffix.lower()) if isinstance(digest, bytes) else None
