"""Film: every frame drawn anew with its areas blackened, into a new file; one frame for the reviewer."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

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
from evidencevault.documents.worker.sound import MARGIN, STEP, Line, framed, silenced
from evidencevault.documents.worker.tracks import Clock, Tracks, opened, size

TICKS = 90_000
_NORMAL = 1 / 25  # seconds that a frame lasts where nothing says it
_BLACK, _GREY = 16, 128  # luma and chroma (ITU-R BT.709, narrow range)
_X264 = {"preset": "veryfast", "crf": "20", "threads": "2", "flags": "+bitexact"}
_SEI = "6"  # in which x264 signs with its version and settings
Planes = list[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame as it was decoded, from when and until when it is displayed, in seconds."""

    frame: VideoFrame
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle of pixels over a time in seconds."""

    start: float
    end: float
    x0: int
    y0: int
    x1: int
    y1: int


class Screen:
    """Frames of a film on one line of time, all of the size of the first: shape and turn may change in a stream."""

    def __init__(self, video: VideoStream, limits: Limits) -> None:
        self._video, self._clock = video, Clock(limits)
        self.width = self.height = 0
        rate = video.average_rate
        self._lasts = float(1 / rate) if rate and 1 <= rate <= 240 else _NORMAL
        self._held: tuple[VideoFrame, float] | None = None

    def measure(self, frame: VideoFrame) -> None:
        """The first frame says how large all are."""
        wide, high = size(frame, self._video)
        if not self.width:
            self.width, self.height = wide, high

    def pass_over(self, packet: Packet[Any], tracks: Tracks) -> float:
        """Let time go on over a packet that is not decoded; its time."""
        return self._clock.at(tracks.seconds(packet), 0.0)

    def take(self, frame: VideoFrame, tracks: Tracks) -> Iterator[Shown]:
        """The frame before this one, which is known only now to end."""
        self.measure(frame)
        start = self._clock.at(tracks.seconds(frame), 0.0)
        yield from self._let_go(start)
        self._held = frame, start

    def rest(self) -> Iterator[Shown]:
        """The last frame."""
        if self._held:
            yield from self._let_go(self._held[1] + self._lasts)
            self._held = None

    def _let_go(self, until: float) -> Iterator[Shown]:
        if self._held and until > self._held[1]:  # two at one time: the later one is seen
            yield Shown(*self._held, until)

    def planes(self, frame: VideoFrame) -> Planes:
        """A copy in YUV 4:2:0, upright and of the size of the screen."""
        turns = round(frame.rotation / 90) % 4
        wide, high = (self.height, self.width) if turns % 2 else (self.width, self.height)
        even = frame.reformat(wide, high, "yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        flat = np.array(even.to_ndarray(), np.uint8).reshape(-1)
        whole, part = wide * high, wide * high // 4
        planes = [
            flat[:whole].reshape(high, wide),
            flat[whole : whole + part].reshape(high // 2, wide // 2),
            flat[whole + part :].reshape(high // 2, wide // 2),
        ]
        return [np.ascontiguousarray(np.rot90(one, turns)) for one in planes]


def blacken(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """An MP4 of H.264 and, where there is sound, AAC. Words on how far it is, then the file.

    ``areas``: rows of start, end (milliseconds), x0, y0, x1, y1 (pixels as displayed); ``spans``: of start and end.
    """
    data = read()
    first = _first(data)
    with opened(data) as tracks:
        areas = [_area(one) for one in question["areas"]]
        spans = [(int(one[0]), int(one[1])) for one in question["spans"]]
        told, out = 0, _Film(tracks, first, limits, areas, spans)
        for packet in tracks.packets(*(one for one in (tracks.video, tracks.audio) if one)):
            out.take(packet)
            if out.size() > limits.answer:
                raise Failed(Reason.TOO_LARGE)
            if out.at - told >= STEP:
                told = out.at
                yield {"at": told}
        data = out.finish()
    yield {"at": out.at, "suffix": ".mp4", "data": data}


class _Film:
    """The new file."""

    def __init__(
        self, tracks: Tracks, first: VideoFrame, limits: Limits, areas: list[_Area], spans: list[tuple[int, int]]
    ) -> None:
        self._tracks, self._areas, self._spans = tracks, areas, spans
        self._screen = Screen(_film_of(tracks), limits)
        self._screen.measure(first)
        self._line = Line(tracks.audio, limits) if tracks.audio else None
        self._out, self.at = io.BytesIO(), 0
        self._file = av.open(self._out, "w", format="mp4", options={"fflags": "+bitexact"})
        # All streams are there before the first packet: the header is written with it.
        self._film = self._begun()
        self._bare = BitStreamFilterContext(f"filter_units=remove_types={_SEI}", self._film)
        self._sound: AudioStream | None = None
        if self._line:
            self._sound = self._file.add_stream(
                "aac", rate=self._line.rate, layout=self._line.layout, options={"flags": "+bitexact", "b": "128k"}
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
        frame = _joined(planes)
        frame.pts = self._last = max(self._last + 1, round(one.start * TICKS))
        frame.time_base = Fraction(1, TICKS)
        frame.colorspace, frame.color_range = 1, 1
        self._mux(self._film.encode(frame))
        self.at = round(one.start * 1000)

    def _begun(self) -> VideoStream:
        film = self._file.add_stream("libx264", rate=25, options=_X264)
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


def _joined(planes: Planes) -> VideoFrame:
    flat = np.concatenate([plane.reshape(-1) for plane in planes])
    return VideoFrame.from_ndarray(flat.reshape(-1, planes[0].shape[1]), "yuv420p")


def still(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """What is displayed at ``millisecond``, as RGB, at most ``width`` pixels wide."""
    data, wanted = read(), int(question["millisecond"]) / 1000
    key = _key(data, wanted, limits)
    with opened(data) as tracks:
        screen, found = Screen(_film_of(tracks), limits), None
        screen.measure(_first(data))
        for one in _shown(tracks, screen, key):
            found = one
            if one.end > wanted:
                break
        if found is None:
            raise Failed(Reason.DAMAGED)
        upright = _joined(screen.planes(found.frame))
    width = max(1, min(int(question["width"]), screen.width))
    height = max(1, round(screen.height * width / screen.width))
    rgb = upright.reformat(width, height, "rgb24", src_colorspace="ITU709", src_color_range="MPEG").to_ndarray()
    yield {"width": width, "height": height, "data": np.ascontiguousarray(rgb).tobytes()}


def _film_of(tracks: Tracks) -> VideoStream:
    if tracks.video is None:
        raise Failed(Reason.UNSUPPORTED)
    return tracks.video


def _first(data: bytes) -> VideoFrame:
    with opened(data) as tracks:
        for frame in tracks.frames(_film_of(tracks)):
            return cast(VideoFrame, frame)
    raise Failed(Reason.DAMAGED)


def _key(data: bytes, wanted: float, limits: Limits) -> int:
    """The number of the packet from which to decode: the last that needs none before it. An index may lie."""
    found = 0
    with opened(data) as tracks:
        screen = Screen(_film_of(tracks), limits)
        for number, packet in enumerate(tracks.packets(_film_of(tracks))):
            at = screen.pass_over(packet, tracks) if packet.size else 0.0
            if at > wanted + 1:  # packets come in the order of decoding, about a second from that of display
                break
            found = number if packet.is_keyframe and at <= wanted else found
    return found


def _shown(tracks: Tracks, screen: Screen, key: int) -> Iterator[Shown]:
    for number, packet in enumerate(tracks.packets(_film_of(tracks))):
        if number < key:
            screen.pass_over(packet, tracks)
            continue
        for frame in tracks.decoded(packet):
            yield from screen.take(cast(VideoFrame, frame), tracks)
    yield from screen.rest()
