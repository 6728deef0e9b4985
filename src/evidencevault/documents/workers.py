"""Questions about foreign documents, each answered by a fresh confined process, and the answers as frozen records."""

from __future__ import annotations

import importlib.util
import itertools
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import PurePath

from evidencevault.documents import libreoffice, memory, pictures, privately, rasters, sentences, tessdata
from evidencevault.documents.names import child_name
from evidencevault.documents.requests import (
    LIMITS,
    UNSEEN_TEXT,
    Area,
    AttackReport,
    Box,
    Bytes,
    ByteSource,
    Child,
    Confinement,
    Converted,
    DocumentFailed,
    Face,
    Finding,
    Findings,
    HiddenItem,
    Limits,
    Mark,
    PageText,
    Pixels,
    Place,
    Reason,
    Recording,
    Redacted,
    Setting,
    Span,
    Suspect,
    Widths,
)
from evidencevault.documents.said import Said
from evidencevault.documents.supervision import NEEDED, Question, answers
from evidencevault.resources import tr

_BEGINNINGS = {".wav": (0, b"RIFF"), ".flac": (0, b"fLaC"), ".mp4": (4, b"ftyp")}

_CHARACTERS = 4096
"""Distinct letters asked for at once; a name with one beyond them is not measured."""


class Workers:
    """Asks a fresh confined process about one document at a time; texts read lately are remembered. Thread-safe."""

    def __init__(self, unconfined: bool = False, limits: Limits = LIMITS) -> None:
        self._unconfined = unconfined
        self._limits = limits
        self._texts = memory.Texts()

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
        return Converted(_pdf(said), said.shown("by", 100).strip())

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        """All pages with their text and a box for each character. Raises DocumentFailed."""
        if (known := self._texts.get(name, source)) is not None:
            return known
        pages = []
        for said in self._ask(name, "text", source):  # no comprehension: in a traceback it would keep the process alive
            pages.append(self._page(said))
        self._texts.keep(name, source, pages)
        return pages

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
        return _pdf(self._one(name, "rebuild", source, marks=_rows(marks)))

    def widths(self, name: str, source: ByteSource, places: Sequence[Place], texts: Sequence[str]) -> Widths:
        """How wide ``texts`` would be in the letters under each place. Raises DocumentFailed."""
        characters = "".join(sorted(set().union(*texts)))[:_CHARACTERS]
        rows = [[one.page, *one.box] for one in places]
        said = self._one(name, "widths", source, places=rows, characters=characters)
        return _widths(said, len(places), characters)

    def typeset(self, html: str) -> bytes:
        """HTML as a PDF of A4 pages with numbers and embedded fonts. Raises DocumentFailed."""
        return _pdf(self._one("report.html", "typeset", Bytes(html.encode())))

    def stamp(self, source: ByteSource, numbers: Sequence[str]) -> bytes:
        """A finished copy with a number below each page. Raises DocumentFailed."""
        return _pdf(self._one("copy.pdf", "stamp", source, numbers=list(numbers)))

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

    def recording(self, name: str, source: ByteSource) -> Recording:
        """What a recording is: its length is counted, not believed. Raises DocumentFailed."""
        said = self._one(name, "recording", source)
        kind = said.text("kind", 10)
        wide, high = said.number("width", 1 << 16), said.number("height", 1 << 16)
        if kind not in ("sound", "video") or (kind == "video") != bool(wide and high):
            raise said.nonsense()
        streams = tuple(stream for stream, _ in said.pairs("streams", 1))
        length = said.number("milliseconds", self._limits.recording)
        return Recording(kind, length, wide, high, streams, tuple(said.pairs("metadata", 2000)))

    def silence(
        self, name: str, source: ByteSource, spans: Sequence[Span], heard: Callable[[int], None] | None = None
    ) -> Redacted:
        """The sound alone, with silence over the spans; ``heard`` is told how far (ms). Raises DocumentFailed."""
        return self._redacted(name, "silence", source, (".wav", ".flac"), heard, spans=_plain(spans))

    def blacken(
        self,
        name: str,
        source: ByteSource,
        areas: Sequence[Area],
        spans: Sequence[Span],
        seen: Callable[[int], None] | None = None,
    ) -> Redacted:
        """The film drawn anew, areas black, spans silent; ``seen`` is told how far (ms). Raises DocumentFailed."""
        return self._redacted(name, "blacken", source, (".mp4",), seen, areas=_plain(areas), spans=_plain(spans))

    def still(self, name: str, source: ByteSource, millisecond: int, width: int) -> Pixels:
        """What a film displays at a time, at most ``width`` pixels wide. Raises DocumentFailed."""
        said = self._one(name, "still", source, millisecond=millisecond, width=width)
        wide, high = said.number("width", width), said.number("height", 1 << 16)
        if not wide * high or wide * high > self._limits.pixels or len(said.data) != 3 * wide * high:
            raise said.nonsense()
        return Pixels(wide, high, said.data, 1)

    def attack_recording(
        self, name: str, source: ByteSource, spans: Sequence[Span], areas: Sequence[Area] = ()
    ) -> AttackReport:
        """Decode a redacted recording anew and look for what should be gone. Raises DocumentFailed if undone.

        Secrets in its bytes and its name are sought by ``attack``, as in any file.
        """
        said = self._one(name, "recheck", source, spans=_plain(spans), areas=_plain(areas))
        findings = tuple(Finding(name, where, None) for where, _ in said.numbered("findings", 0))
        return AttackReport(1, 0, tuple(said.texts("methods", 200)), findings)

    def _redacted(
        self,
        name: str,
        kind: str,
        source: ByteSource,
        endings: tuple[str, ...],
        tell: Callable[[int], None] | None,
        **more: object,
    ) -> Redacted:
        last: Said | None = None
        for said in self._ask(name, kind, source, **more):
            if last is not None and last.data:
                raise said.nonsense()
            last, at = said, said.number("at", self._limits.recording)
            if tell is not None:
                tell(at)
        if last is None:
            raise sentences.failed(name, Reason.NONSENSE)
        suffix = last.text("suffix", 5)
        if suffix not in endings or not last.data.startswith(_BEGINNINGS[suffix][1], _BEGINNINGS[suffix][0]):
            raise last.nonsense()
        return Redacted(suffix, last.data)

    def probe(self, act: str = "") -> dict[str, bool]:
        """Let a worker try what it must not be able to do; ``act`` may be hang, exhaust or crash."""
        return _refused(self._one("probe", "probe", Bytes(b""), act=act))

    def _one(self, name: str, kind: str, source: ByteSource, **more: object) -> Said:
        said = list(self._ask(name, kind, source, **more))
        if len(said) != 1:
            raise sentences.failed(name, Reason.NONSENSE)
        return said[0]

    def _ask(self, name: str, kind: str, source: ByteSource, **more: object) -> Iterator[Said]:
        return answers(Question(kind, name, source, self._limits, more), self._unconfined)


def faces_available() -> bool:
    """Whether what finds faces is installed (the extra ``faces``)."""
    return _installed("numpy", "onnxruntime")


def heic_available() -> bool:
    """Whether what reads HEIC pictures is installed (the extra ``heic``)."""
    return _installed("pillow_heif")


def recordings_available() -> bool:
    """Whether what reads sound and film is installed (the extra ``media``)."""
    return _installed("av", "numpy")


def _installed(*packages: str) -> bool:
    return all(importlib.util.find_spec(one) is not None for one in packages)


def confinement() -> Confinement:
    """Start a worker and let it try what it must not: sandboxed only if everything was refused."""
    try:
        refused = Workers(limits=replace(LIMITS, seconds=20)).probe()
    except DocumentFailed as error:
        return Confinement(False, error.sentence)
    parts = tuple((name, tr("refused") if held else tr("possible")) for name, held in sorted(refused.items()))
    return Confinement(bool(refused) and all(refused.values()), " + ".join(sorted(NEEDED)), parts)


def _hidden(said: Said) -> Iterator[HiddenItem]:
    for untrusted_kind, count in said.numbered("hidden", 1 << 40):
        kind = sentences.hidden(untrusted_kind)
        if kind is None or count is None:
            raise said.nonsense()
        yield HiddenItem(kind, 0, str(count))


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


def _pdf(said: Said) -> bytes:
    if not said.data.startswith(b"%PDF-"):
        raise said.nonsense()
    return said.data


def _refused(said: Said) -> dict[str, bool]:
    untrusted = said.untrusted.get("refused")
    if not isinstance(untrusted, dict):
        raise said.nonsense()
    return {str(name): held is True for name, held in untrusted.items()}


def _plain(rows: Sequence[Span] | Sequence[Area]) -> list[list[int]]:
    if any(row.end < row.start for row in rows):
        raise ValueError("a time that ends before it begins")
    return [list(row) for row in rows]


def _rows(marks: Sequence[Mark]) -> list[list[object]]:
    return [[one.page, one.x0, one.y0, one.x1, one.y1, one.label] for one in marks]
