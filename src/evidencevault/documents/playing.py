"""Sound and film: what they are, silenced, blackened, attacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evidencevault.documents import sentences
from evidencevault.documents.asking import Asking
from evidencevault.documents.requests import (
    PCM_CHANNELS,
    SPEEDS,
    Area,
    AttackReport,
    ByteSource,
    Finding,
    Heard,
    Opening,
    Pixels,
    Reason,
    Recording,
    Redacted,
    Seen,
    Span,
)
from evidencevault.documents.said import Said

_BEGINNINGS = {".wav": (0, b"RIFF"), ".flac": (0, b"fLaC"), ".mp4": (4, b"ftyp")}


class Playing(Asking):
    """Questions about recordings."""

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

    def play(
        self, name: str, source: ByteSource, at: int, width: int, speed: float
    ) -> Iterator[Opening | Heard | Seen]:
        """Decode from ``at`` milliseconds on: first an Opening, then samples and pictures up to ``width`` pixels wide.

        They come no faster than they are taken; who stops asking ends the work. Raises DocumentFailed, also after some.
        """
        if speed not in SPEEDS:
            raise ValueError("no such speed")
        begun = False
        for said in self._ask(name, "play", source, at=at, width=width, speed=speed):
            if not begun:
                begun = True
                length = said.number("milliseconds", self._limits.recording)
                yield Opening(length, said.truth("film"), said.truth("sound"))
            elif "heard" in said.untrusted:
                if len(said.data) % (2 * PCM_CHANNELS):
                    raise said.nonsense()
                yield Heard(said.number("heard", self._limits.recording), said.data)
            else:
                wide, high = said.number("width", width), said.number("height", 1 << 16)
                if not wide * high or wide * high > self._limits.pixels or len(said.data) != 3 * wide * high:
                    raise said.nonsense()
                yield Seen(said.number("shown", self._limits.recording), Pixels(wide, high, said.data, 1))

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


def _plain(rows: Sequence[Span] | Sequence[Area]) -> list[list[int]]:
    if any(row.end < row.start for row in rows):
        raise ValueError("a time that ends before it begins")
    return [list(row) for row in rows]
