"""New files without what was marked, and the attack on what is about to leave."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from evidencevault.documents import pictures, rasters
from evidencevault.documents.asking import pdf_of
from evidencevault.documents.looking import Looking
from evidencevault.documents.requests import (
    AttackReport,
    Bytes,
    ByteSource,
    Finding,
    Mark,
    PageText,
    Place,
    Setting,
    Suspect,
    Widths,
)
from evidencevault.documents.said import Said
from evidencevault.documents.supervision import Question, answers

_CHARACTERS = 4096
"""Distinct letters asked for at once; a name with one beyond them is not measured."""


class Redacting(Looking):
    """Questions that make or attack a copy."""

    def burn(
        self,
        name: str,
        source: ByteSource,
        marks: Sequence[Mark],
        dpi: int = 200,
        pages: int = 1,
        check: Callable[[], None] | None = None,
        languages: str = "",
    ) -> bytes:
        """A new PDF of pixels only, marked areas overwritten before it was made; ``dpi`` from 150 to 300.

        ``pages`` is about how many there are: the more, the more processes share them. ``check`` is called all the
        while, and may raise to stop. Where ``languages`` are named, what is recognised in the finished pixels lies
        under them as invisible text, but for words that touch a mark. Raises DocumentFailed, Refused as ``ocr`` does.
        """

        def ask(begun: Callable[[Callable[[], None]], None], **more: object) -> Iterator[Said]:
            return answers(Question("burn", name, source, self._limits, more), self._unconfined, begun)

        drawn = rasters.burnt(ask, name, marks, dpi, pages, (self._limits.pages, self._limits.answer), check)
        made = pictures.pdf(drawn)
        if not languages:
            return made
        read = self._recognised(Bytes(made), len(drawn), languages, check)
        return pictures.pdf(drawn, rasters.words_of(drawn, read, marks))

    def _recognised(self, copy: Bytes, pages: int, languages: str, check: Callable[[], None] | None) -> list[PageText]:
        """The text in the pixels of a burnt copy, by as many processes as there are processors."""
        more = self._recognition(languages)

        def part(first: int) -> Callable[[Callable[[Callable[[], None]], None]], list[PageText]]:
            numbers = list(range(first, min(first + rasters.PAGES_EACH, pages + 1)))
            question = Question("ocr", "copy.pdf", copy, self._limits, {**more, "pages": numbers})

            def read(begun: Callable[[Callable[[], None]], None]) -> list[PageText]:
                found = []
                for said in answers(question, self._unconfined, begun):
                    found.append(self._page(said))
                return found

            return read

        parts = [part(first) for first in range(1, pages + 1, rasters.PAGES_EACH)]
        return [page for share in rasters.shared(parts, check) for page in share]

    def rebuild(self, name: str, source: ByteSource, marks: Sequence[Mark]) -> bytes:
        """A new PDF that keeps its text but for what the marks touch.

        Raises DocumentFailed, with ``Reason.UNSAFE`` where only ``burn`` is safe.
        """
        return pdf_of(self._one(name, "rebuild", source, marks=_rows(marks)))

    def widths(self, name: str, source: ByteSource, places: Sequence[Place], texts: Sequence[str]) -> Widths:
        """How wide ``texts`` would be in the letters under each place. Raises DocumentFailed."""
        characters = "".join(sorted(set().union(*texts)))[:_CHARACTERS]
        rows = [[one.page, *one.box] for one in places]
        said = self._one(name, "widths", source, places=rows, characters=characters)
        return _widths(said, len(places), characters)

    def typeset(self, html: str) -> bytes:
        """HTML as a PDF of A4 pages with numbers and embedded fonts. Raises DocumentFailed."""
        return pdf_of(self._one("report.html", "typeset", Bytes(html.encode())))

    def stamp(self, source: ByteSource, numbers: Sequence[str]) -> bytes:
        """A finished copy with a number below each page. Raises DocumentFailed."""
        return pdf_of(self._one("copy.pdf", "stamp", source, numbers=list(numbers)))

    def attack(self, files: Sequence[Suspect], secrets: Sequence[str]) -> AttackReport:
        """Look for every secret in every file, a process for each. Raises DocumentFailed where it could not be done."""
        findings: list[Finding] = []
        methods: dict[str, None] = {}

        def one(file: Suspect) -> Said:
            more: dict[str, object] = {
                "file": file.name,
                "secrets": list(secrets),
                "mode": file.mode or ("raster" if file.burnt else ""),
                "searchable": file.searchable,
                "marks": _rows(file.marks),
                "stamps": list(file.stamps),
            }
            return self._one(file.name, "attack", file.source, **more)

        with ThreadPoolExecutor(os.cpu_count() or 1, "attack") as pool:
            for file, said in zip(files, pool.map(one, files), strict=True):
                methods.update(dict.fromkeys(said.texts("methods", 200)))
                found = said.numbered("findings", len(secrets) - 1)
                findings += [Finding(file.name, where, secret) for where, secret in found]
        return AttackReport(len(files), len(secrets), tuple(methods), tuple(findings))


def _widths(said: Said, places: int, characters: str) -> Widths:
    """Five floats a place (font, size, spacing, space, substitute), then each font's advances."""
    count = said.number("fonts", 256)
    if len(said.data) != 4 * (5 * places + count * len(characters)):
        raise said.nonsense()
    untrusted = struct.unpack(f"<{len(said.data) // 4}f", said.data)
    if not all(abs(one) < 1e6 for one in untrusted):  # not a number is not less than one
        raise said.nonsense()
    settings: list[Setting | None] = []
    for at in range(0, 5 * places, 5):
        font, size, spacing, space, substitute = untrusted[at : at + 5]
        if not (-1 <= font < count and font == int(font)):
            raise said.nonsense()
        settings.append(Setting(int(font), size, spacing, space, substitute == 1) if font >= 0 else None)
    fonts = []
    for at in range(5 * places, len(untrusted), max(len(characters), 1)):
        advances = zip(characters, untrusted[at : at + len(characters)], strict=True)
        fonts.append({char: advance for char, advance in advances if advance >= 0})
    return Widths(tuple(settings), tuple(fonts) or ({},) * count)


def _rows(marks: Sequence[Mark]) -> list[list[object]]:
    return [[one.page, one.x0, one.y0, one.x1, one.y1, one.label] for one in marks]
