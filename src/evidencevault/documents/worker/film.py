"""Film: every frame drawn anew with its areas blackened and its sound silenced, into a new file."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.screen import Planes, Screen, Shown, film_of, first_of, joined
from evidencevault.documents.worker.sound import MARGIN, STEP, Line, framed, length, silenced
from evidencevault.documents.worker.tracks import Tracks, opened

TICKS = 90_000
_BLACK, _GREY = 16, 128  # luma and chroma (ITU-R BT.709, narrow range)
_X264 = {"preset": "veryfast", "crf": "20", "threads": "2", "flags": "+bitexact"}
_SPOKEN, _LEAST, _MOST = 128_000, 200_000, 40_000_000  # bits a second: the sound, and bounds of the picture
_SEI = "6"  # in which x264 signs with its version and settings


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle of pixels over a time in seconds."""

    start: float
    end: float
    x0: int
    y0: int
    x1: int
    y1: int


def blacken(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """An MP4 of H.264 and, where there is sound, AAC. Words on how far it is, then the file.

    ``areas``: rows of start, end (milliseconds), x0, y0, x1, y1 (pixels as displayed); ``spans``: of start and end.
    """
    first, rate = first_of(read), _rate(length(read, limits), limits)
    with opened(read) as tracks:
        areas = [_area(one) for one in question["areas"]]
        spans = [(int(one[0]), int(one[1])) for one in question["spans"]]
        told, out = 0, _Film(tracks, first, limits, rate, areas, spans)
        for packet in tracks.packets(*(one for one in (tracks.video, tracks.audio) if one)):
            out.take(packet)
            if out.size() > limits.answer:
                raise Failed(Reason.TOO_LARGE)
            if out.at - told >= STEP:
                told = out.at
                yield {"at": told}
        data = out.finish()
    yield {"at": out.at, "suffix": ".mp4", "data": data}


def _rate(milliseconds: int, limits: Limits) -> int:
    """Bits of picture a second at most: a long film leaves less sharp rather than not at all."""
    fitting = limits.answer * 8 * 1000 // max(1, milliseconds) * 9 // 10 - _SPOKEN
    return max(_LEAST, min(_MOST, fitting))


class _Film:
    """The new file."""

    def __init__(
        self,
        tracks: Tracks,
        first: VideoFrame,
        limits: Limits,
        rate: int,
        areas: list[_Area],
        spans: list[tuple[int, int]],
    ) -> None:
        self._tracks, self._areas, self._spans = tracks, areas, spans
        self._screen = Screen(film_of(tracks), limits)
        self._screen.measure(first)
        self._line = Line(tracks.audio, limits) if tracks.audio else None
        self._out, self.at = io.BytesIO(), 0
        self._file = av.open(self._out, "w", format="mp4", options={"fflags": "+bitexact"})
        # All streams are there before the first packet: the header is written with it.
        self._film = self._begun(rate)
        self._bare = BitStreamFilterContext(f"filter_units=remove_types={_SEI}", self._film)
        self._sound: AudioStream | None = None
        if self._line:
            self._sound = self._file.add_stream(
                "aac", rate=self._line.rate, layout=self._line.layout, options={"flags": "+bitexact", "b": str(_SPOKEN)}
            )
        self._last = -1

    def size(self) -> int:
        """Bytes written until now."""
        return self._out.tell()

    def take(self, packet: Packet[Any]) -> None:
        """Decode, overwrite, encode."""
        for frame in self._tracks.decoded(packet):
            if isinstance(frame, VideoFrame):
                for one in self._screen.take(frame, self._tracks):
                    self._draw(one)
            elif isinstance(frame, AudioFrame) and self._line:
                self._speak(list(self._line.take(frame, self._tracks)))

    def finish(self) -> bytes:
        """The whole file. Raises Failed (damaged) where no frame was seen."""
        for one in self._screen.rest():
            self._draw(one)
        if self._last < 0:
            raise Failed(Reason.DAMAGED)
        if self._line and self._sound:
            self._speak(list(self._line.rest()))
            self._file.mux(self._sound.encode(None))
        self._mux([*self._film.encode(None), None])
        self._file.close()
        return self._out.getvalue()

    def _draw(self, one: Shown) -> None:
        planes = self._screen.planes(one.frame)
        for area in self._areas:
            if one.start < area.end and one.end > area.start:
                _overwrite(planes, area)
        frame = joined(planes)
        frame.pts = self._last = max(self._last + 1, round(one.start * TICKS))
        frame.time_base = Fraction(1, TICKS)
        frame.colorspace, frame.color_range = 1, 1
        self._mux(self._film.encode(frame))
        self.at = round(one.start * 1000)

    def _begun(self, rate: int) -> VideoStream:
        film = self._file.add_stream("libx264", rate=25, options={**_X264, "maxrate": str(rate), "bufsize": str(rate)})
        film.width, film.height, film.pix_fmt = self._screen.width, self._screen.height, "yuv420p"
        film.time_base = film.codec_context.time_base = Fraction(1, TICKS)
        film.codec_context.colorspace, film.codec_context.color_range = 1, 1
        return film

    def _mux(self, packets: list[Packet[Any]] | list[Packet[Any] | None]) -> None:
        for packet in packets:
            for bare in self._bare.filter(packet):
                bare.stream = self._film
                self._file.mux(bare)

    def _speak(self, rows: list[tuple[int, NDArray[np.int16]]]) -> None:
        for at, samples in rows:
            if self._line and self._sound:
                frame = framed(silenced(samples, at, self._line.rate, self._spans), at, self._line)
                self._file.mux(self._sound.encode(frame))


def _area(row: list[Any]) -> _Area:
    """With a margin of time, and out to whole cells of colour, which are two pixels wide and high."""
    start, end, x0, y0, x1, y1 = row
    return _Area(
        (start - MARGIN) / 1000, (end + MARGIN) / 1000,
        max(0, math.floor(x0 / 2) * 2), max(0, math.floor(y0 / 2) * 2),
        max(0, math.ceil(x1 / 2) * 2), max(0, math.ceil(y1 / 2) * 2),
    )  # fmt: skip


def _overwrite(planes: Planes, area: _Area) -> None:
    for plane, value, cell in zip(planes, (_BLACK, _GREY, _GREY), (1, 2, 2), strict=True):
        plane[area.y0 // cell : area.y1 // cell, area.x0 // cell : area.x1 // cell] = value
