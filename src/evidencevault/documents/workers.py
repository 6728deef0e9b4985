"""Questions about foreign documents, each answered by a fresh confined process, and the answers as frozen records."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from evidencevault.documents import sentences
from evidencevault.documents.names import child_name
from evidencevault.documents.requests import (
    LIMITS,
    AttackReport,
    Bytes,
    ByteSource,
    Child,
    Confinement,
    DocumentFailed,
    Finding,
    Findings,
    HiddenItem,
    Limits,
    Mark,
    PageText,
    Pixels,
    Place,
    Reason,
    Setting,
    Suspect,
    Widths,
)
from evidencevault.documents.said import Said
from evidencevault.documents.supervision import NEEDED, Question, answers
from evidencevault.resources import tr

_CHARACTERS = 4096
"""Distinct letters asked for at once; a name with one beyond them is not measured."""


class Workers:
    """Asks a fresh confined process about one document at a time. Thread-safe: no state but the limits."""

    def __init__(self, unconfined: bool = False, limits: Limits = LIMITS) -> None:
        self._unconfined = unconfined
        self._limits = limits

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
        )

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        """All pages with their text and a box for each character. Raises DocumentFailed."""
        pages = []
        for said in self._ask(name, "text", source):
            text = said.text("text", self._limits.page_text)
            if len(said.data) != 16 * len(text):
                raise said.nonsense()
            number = said.number("page", self._limits.pages)
            pages.append(PageText(number, said.real("width"), said.real("height"), text, said.data))
        return pages

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

    def burn(self, name: str, source: ByteSource, marks: Sequence[Mark], dpi: int = 200) -> bytes:
        """A new PDF of pixels only, marked areas overwritten before it was made. Raises DocumentFailed."""
        return _pdf(self._one(name, "burn", source, marks=_rows(marks), dpi=dpi))

    def widths(self, name: str, source: ByteSource, places: Sequence[Place], texts: Sequence[str]) -> Widths:
        """How wide ``texts`` would be in the letters under each place. Raises DocumentFailed."""
        characters = "".join(sorted(set().union(*texts)))[:_CHARACTERS]
        rows = [[one.page, *one.box] for one in places]
        said = self._one(name, "widths", source, places=rows, characters=characters)
        return _widths(said, len(places), characters)

    def typeset(self, html: str) -> bytes:
        """HTML as a PDF of A4 pages with numbers and embedded fonts. Raises DocumentFailed."""
        return _pdf(self._one("report.html", "typeset", Bytes(html.encode())))

    def attack(self, files: Sequence[Suspect], secrets: Sequence[str]) -> AttackReport:
        """Look for every secret in every file, a process for each. Raises DocumentFailed where it could not be done."""
        findings: list[Finding] = []
        methods: dict[str, None] = {}
        for one in files:
            more: dict[str, object] = {
                "file": one.name,
                "secrets": list(secrets),
                "burnt": one.burnt,
                "marks": _rows(one.marks),
            }
            said = self._one(one.name, "attack", one.source, **more)
            methods.update(dict.fromkeys(said.texts("methods", 200)))
            found = said.numbered("findings", len(secrets) - 1)
            findings += [Finding(one.name, where, secret) for where, secret in found]
        return AttackReport(len(files), len(secrets), tuple(methods), tuple(findings))

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


def _rows(marks: Sequence[Mark]) -> list[list[object]]:
    return [[one.page, one.x0, one.y0, one.x1, one.y1, one.label] for one in marks]
