"""The frames of a film as they are displayed: upright, of one size, each with its time; and one of them to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.tracks import Clock, Tracks, opened, size

_NORMAL = 1 / 25  # seconds that a frame lasts where nothing says it
Planes = list[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame as it was decoded, from when and until when it is displayed, in seconds."""

    frame: VideoFrame
    start: float
    end: float


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


def joined(planes: Planes) -> VideoFrame:
    """A frame of planes of YUV 4:2:0."""
    flat = np.concatenate([plane.reshape(-1) for plane in planes])
    return VideoFrame.from_ndarray(flat.reshape(-1, planes[0].shape[1]), "yuv420p")


def still(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """What is displayed at ``millisecond``, as RGB, at most ``width`` pixels wide."""
    wanted = int(question["millisecond"]) / 1000
    key = _key(read, wanted, limits)
    with opened(read) as tracks:
        screen, found = Screen(film_of(tracks), limits), None
        screen.measure(first_of(read))
        for one in _shown(tracks, screen, key):
            found = one
            if one.end > wanted:
                break
        if found is None:
            raise Failed(Reason.DAMAGED)
        upright = joined(screen.planes(found.frame))
    width = max(1, min(int(question["width"]), screen.width))
    height = max(1, round(screen.height * width / screen.width))
    rgb = upright.reformat(width, height, "rgb24", src_colorspace="ITU709", src_color_range="MPEG").to_ndarray()
    yield {"width": width, "height": height, "data": np.ascontiguousarray(rgb).tobytes()}


def film_of(tracks: Tracks) -> VideoStream:
    """The film of a recording. Raises Failed (unsupported) where it is sound only."""
    if tracks.video is None:
        raise Failed(Reason.UNSUPPORTED)
    return tracks.video


def first_of(read: Read) -> VideoFrame:
    """The first frame of a film. Raises Failed: unsupported, damaged."""
    with opened(read) as tracks:
        for frame in tracks.frames(film_of(tracks)):
            return cast(VideoFrame, frame)
    raise Failed(Reason.DAMAGED)


def _key(read: Read, wanted: float, limits: Limits) -> int:
    """The number of the packet from which to decode: the last that needs none before it. An index may lie."""
    found = 0
    with opened(read) as tracks:
        screen = Screen(film_of(tracks), limits)
        for number, packet in enumerate(tracks.packets(film_of(tracks))):
            at = screen.pass_over(packet, tracks) if packet.size else 0.0
            if at > wanted + 1:  # packets come in the order of decoding, about a second from that of display
                break
            found = number if packet.is_keyframe and at <= wanted else found
    return found


def _shown(tracks: Tracks, screen: Screen, key: int) -> Iterator[Shown]:
    for number, packet in enumerate(tracks.packets(film_of(tracks))):
        if number < key:
            screen.pass_over(packet, tracks)
            continue
        for frame in tracks.decoded(packet):
            yield from screen.take(cast(VideoFrame, frame), tracks)
    yield from screen.rest()
