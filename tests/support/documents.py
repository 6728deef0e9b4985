"""A stand-in for the document workers: text files have pages (form feeds part them), ``.box`` files have members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from evidencevault.documents.requests import ByteSource, Child, DocumentFailed, Findings, PageText, Pixels
from evidencevault.errors import Refused

if TYPE_CHECKING:
    from evidencevault.documents.workers import Workers


class PlainWorkers:
    """Looks at documents without a process. A member is a line ``name=content`` of a ``.box``."""

    def __init__(self, confined: bool = True) -> None:
        self.confined = confined
        self.asked: list[tuple[str, str]] = []

    def _data(self, ask: str, name: str, source: ByteSource) -> bytes:
        if not self.confined:
            raise Refused("This machine confines nothing.")
        self.asked.append((ask, name))
        data = source.read(0, source.size)
        if data.startswith(b"CRASH"):
            raise DocumentFailed(f"“{name}” broke its reader.", name)
        return data

    def look(self, name: str, source: ByteSource) -> Findings:
        data = self._data("look", name, source)
        box = name.endswith(".box")
        pages = None if box or not data else data.count(b"\f") + 1
        mismatch = "application/pdf" if name.endswith(".pdf") else ""
        return Findings("text/plain", "text", mismatch, pages, "", False, box, (("Author", "nobody"),), ())

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        parts = self._data("text", name, source).decode("utf-8", "replace").split("\f")
        return [PageText(n, 595.0, 842.0, one, b"") for n, one in enumerate(parts, 1)]

    def render(self, name: str, source: ByteSource, page: int, width: int) -> Pixels:
        self._data("render", name, source)
        return Pixels(1, 1, bytes((page, 0, 0)), 9)

    def thumbnail(self, name: str, source: ByteSource) -> bytes:
        self._data("thumbnail", name, source)
        return b"\x89PNG of " + name.encode()

    def children(self, name: str, source: ByteSource) -> Iterator[Child]:
        for line in self._data("children", name, source).splitlines():
            if line == b"BOMB":
                raise DocumentFailed(f"“{name}” unpacks to too much.", name)
            inner, _, content = line.partition(b"=")
            yield Child(inner.decode(), content.replace(b"|", b"\n"))


def workers(confined: bool = True) -> Workers:
    """The stand-in, typed as what it stands in for."""
    return cast("Workers", PlainWorkers(confined))
