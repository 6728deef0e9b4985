"""What a document is, says, shows and holds: questions that leave it as it is."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from evidencevault.documents import libreoffice, privately, sentences, tessdata
from evidencevault.documents.asking import Asking, pdf_of
from evidencevault.documents.names import child_name
from evidencevault.documents.requests import (
    UNSEEN_TEXT,
    Box,
    ByteSource,
    Child,
    Converted,
    Face,
    Findings,
    HiddenItem,
    PageText,
    Pixels,
    Reason,
)
from evidencevault.documents.said import Said
from evidencevault.documents.supervision import Question, answers

_LONGEST = 1e6  # points of a page's side


class Looking(Asking):
    """Questions that only read."""

    def look(self, name: str, source: ByteSource) -> Findings:
        """Type, mismatch, pages, metadata, and what the pages do not show. Raises DocumentFailed."""
        said = self._one(name, "look", source)
        reason = said.reason("failed")
        media = said.shown("media_type", 200)
        return Findings(
            media_type=media,
            described=said.shown("described", 500),
            mismatch=sentences.mismatch(PurePath(name).suffix, media) if said.truth("mismatch") else "",
            pages=None if reason else said.number("pages", self._limits.pages),
            reason=sentences.sentence(name, reason) if reason else "",
            encrypted=reason is Reason.ENCRYPTED,
            container=said.truth("container"),
            metadata=tuple(said.pairs("metadata", 2000)),
            hidden=tuple(_hidden(said)),
            convertible=reason is Reason.NO_OFFICE,
        )

    def convert(self, name: str, source: ByteSource) -> Converted:
        """A PDF of what has pages only through LibreOffice, made in a folder in memory that is gone on return.

        Raises DocumentFailed, with ``Reason.NO_OFFICE`` where it is not installed, ``Reason.NO_MEMORY`` where there is
        no file system in memory.
        """
        program = libreoffice.program()
        if program is None:
            raise sentences.failed(name, Reason.NO_OFFICE)
        if not privately.in_memory():
            raise sentences.failed(name, Reason.NO_MEMORY)
        with privately.folder() as folder:
            said = self._one(name, "convert", source, folder=str(folder), program=str(program))
        return Converted(pdf_of(said), said.shown("by", 100).strip())

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        """All pages with their text and a box for each character. Raises DocumentFailed."""
        if (known := self._texts.get(name, source)) is not None:
            return known
        pages = []
        for page in self.each_text(name, source):  # no comprehension: in a traceback it would keep the process alive
            pages.append(page)
        self._texts.keep(name, source, pages)
        return pages

    def each_text(self, name: str, source: ByteSource) -> Iterator[PageText]:
        """The same page by page, as they are read; who stops asking ends the work. Raises DocumentFailed."""
        known = self._texts.get(name, source)
        if known is not None:
            yield from known
            return
        for said in self._ask(name, "text", source):
            yield self._page(said)

    def sizes(self, name: str, source: ByteSource) -> list[tuple[float, float]]:
        """Width and height of each page in points, as displayed. Raises DocumentFailed."""
        said = self._one(name, "sizes", source)
        if not said.data or len(said.data) % 8 or len(said.data) > 8 * self._limits.pages:
            raise said.nonsense()
        found = [struct.unpack_from("<ff", said.data, at) for at in range(0, len(said.data), 8)]
        if not all(0 < side < _LONGEST for size in found for side in size):
            raise said.nonsense()
        return [(wide, high) for wide, high in found]

    def languages(self, country: str) -> str:
        """What text recognition is asked for in a country (ISO 3166), such as "nld+eng"; "" where there is none."""
        return tessdata.preferred(country, tessdata.languages(tessdata.folder()))

    def ocr(
        self,
        name: str,
        source: ByteSource,
        pages: Sequence[int],
        languages: str,
        begun: Callable[[Callable[[], None]], None] | None = None,
    ) -> Iterator[PageText]:
        """The text in the pixels of pages (from 1; none named: all), one by one as they are read.

        Boxes are those of whole words. ``begun`` is given what ends the work at once, from any thread. Raises
        DocumentFailed, also after some pages; Refused where a language is not installed.
        """
        more = {"pages": list(pages), **self._recognition(languages)}
        expected = iter(pages) if pages else itertools.count(1)
        for said in answers(Question("ocr", name, source, self._limits, more), self._unconfined, begun):
            page = self._page(said)
            if page.page != next(expected, None):
                raise said.nonsense()
            yield page
        if pages and next(expected, None) is not None:
            raise sentences.failed(name, Reason.NONSENSE)

    def _recognition(self, languages: str) -> dict[str, object]:
        folder = tessdata.folder()
        for language in languages.split("+"):
            if folder is None or language not in tessdata.languages(folder):
                raise sentences.not_installed(language)
        return {"languages": languages, "tessdata": str(folder), "readable": [str(folder)]}

    def _page(self, said: Said) -> PageText:
        text = said.text("text", self._limits.page_text)
        if len(said.data) != 16 * len(text):
            raise said.nonsense()
        number = said.number("page", self._limits.pages)
        return PageText(number, said.real("width"), said.real("height"), text, said.data, said.truth("pictured"))

    def hidden(self, name: str, source: ByteSource) -> list[HiddenItem]:
        """Everything that the pages do not show, item by item; kinds are codes of ``sentences.unseen``.

        An item of the kind ``more`` says how many were not listed. Raises DocumentFailed.
        """
        items: list[HiddenItem] = []
        for said in self._ask(name, "hidden", source):
            for kind, page, text in said.places("items", self._limits.pages, UNSEEN_TEXT):
                if sentences.unseen(kind) is None or len(items) > self._limits.hidden:
                    raise said.nonsense()
                items.append(HiddenItem(kind, page, text))
        return items

    def render(self, name: str, source: ByteSource, page: int, width: int) -> Pixels:
        """One page (from 1) at about ``width`` pixels. Raises DocumentFailed."""
        said = self._one(name, "render", source, page=page, width=width)
        wide, high = said.number("width", 1 << 16), said.number("height", 1 << 20)
        if wide * high > self._limits.pixels or len(said.data) != 3 * wide * high:
            raise said.nonsense()
        return Pixels(wide, high, said.data, said.number("pages", self._limits.pages))

    def thumbnail(self, name: str, source: ByteSource) -> bytes:
        """A PNG of at most 256 pixels a side. Raises DocumentFailed."""
        said = self._one(name, "thumbnail", source)
        if not said.data.startswith(b"\x89PNG") or len(said.data) > 1 << 20:
            raise said.nonsense()
        return said.data

    def children(self, name: str, source: ByteSource) -> Iterator[Child]:
        """The files inside a mail or an archive, one by one. Raises DocumentFailed, also after some were given."""
        for said in self._ask(name, "children", source):
            yield Child(child_name(said.text("child", 4096)), said.data)

    def faces(self, name: str, source: ByteSource, pages: Sequence[int] = ()) -> Iterator[Face]:
        """What may be faces, page by page (from 1; none given means all). Raises DocumentFailed, also after some."""
        for said in self._ask(name, "faces", source, pages=list(pages)):
            page = said.number("page", self._limits.pages)
            for x0, y0, x1, y1, score in said.reals("faces", 5, 2000):
                if not (0 <= x0 < x1 and 0 <= y0 < y1 and 0 <= score <= 1):
                    raise said.nonsense()
                yield Face(page, Box(x0, y0, x1, y1), score)


def _hidden(said: Said) -> Iterator[HiddenItem]:
    for untrusted_kind, count in said.numbered("hidden", 1 << 40):
        kind = sentences.hidden(untrusted_kind)
        if kind is None or count is None:
            raise said.nonsense()
        yield HiddenItem(kind, 0, str(count))
