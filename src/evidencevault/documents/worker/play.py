"""A recording decoded to be seen and heard: samples and pictures from a time on, as fast as they are taken."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from evidencevault.documents.requests import PCM_CHANNELS, PCM_RATE, Limits
from evidencevault.documents.worker.failed import Answer, Read
from evidencevault.documents.worker.tracks import Tracks, opened, size

_LAYOUT = "stereo"
_HOLE = 0.1  # seconds that may be missing between two frames before silence is put there
_FILL = 60.0  # seconds of silence at most: a clock that jumps further is not believed
_LASTS = 0.2  # seconds before the wanted time from which a picture may still be the one that is displayed


def play(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """First how long it says it is; then rows of samples (s16, stereo) and pictures (RGB), each with its milliseconds.

    ``at`` milliseconds, ``width`` pixels at most, ``speed`` of the sound (its pitch stays).
    """
    at, width, speed = int(question["at"]) / 1000, int(question["width"]), float(question["speed"])
    with opened(read) as tracks:
        said = (tracks.container.duration or 0) / av.time_base
        streams = [one for one in (tracks.video, tracks.audio) if one is not None]
        yield {
            "milliseconds": max(0, min(round(said * 1000), limits.recording)),
            "film": tracks.video is not None,
            "sound": tracks.audio is not None,
        }
        if at:
            with contextlib.suppress(av.FFmpegError):  # what cannot be sought in is decoded up to there
                tracks.container.seek(round((at + tracks.origin) * av.time_base))
        listener, viewer = _Listener(at, speed), _Viewer(at, width)
        for packet in tracks.packets(*streams):
            yield from _decoded(packet, tracks, listener, viewer)
        yield from listener.rest()


def _decoded(packet: Packet[Any], tracks: Tracks, listener: _Listener, viewer: _Viewer) -> Iterator[Answer]:
    for frame in tracks.decoded(packet):
        seconds = tracks.seconds(frame)
        if isinstance(frame, AudioFrame):
            yield from listener.take(frame, seconds)
        elif seconds is not None:
            yield from viewer.take(frame, seconds, cast(VideoStream, tracks.video))


class _Viewer:
    """Pictures from a time on, upright and no wider than they are shown."""

    def __init__(self, at: float, width: int) -> None:
        self._at, self._width = at, width

    def take(self, frame: VideoFrame, seconds: float, video: VideoStream) -> Iterator[Answer]:
        """One picture, where it is not before the wanted time."""
        if seconds < self._at - _LASTS:
            return
        wide, high = size(frame, video)
        width = max(2, min(self._width, wide))
        height = max(2, round(high * width / wide))
        turns = round(frame.rotation / 90) % 4
        lying = (height, width) if turns % 2 else (width, height)
        rgb = np.rot90(frame.reformat(*lying, "rgb24").to_ndarray(), turns)
        data = np.ascontiguousarray(rgb).tobytes()
        yield {"shown": max(0, round(seconds * 1000)), "width": width, "height": height, "data": data}


class _Listener:
    """Samples from a time on, on one line of time: silence where some are missing."""

    def __init__(self, at: float, speed: float) -> None:
        self._next = at  # seconds of the recording at which the next sample stands
        self._resampler = AudioResampler("s16", _LAYOUT, PCM_RATE)
        self._takes: tuple[str, int, str] = ("", 0, "")
        self._speed = speed
        self._graph = _tempo(speed) if speed != 1.0 else None

    def take(self, frame: AudioFrame, seconds: float | None) -> Iterator[Answer]:
        """The samples of a frame."""
        if not frame.sample_rate or not frame.samples:
            return
        takes = (frame.format.name, frame.sample_rate, frame.layout.name)
        if takes != self._takes:  # the resampler takes one kind only
            self._resampler, self._takes = AudioResampler("s16", _LAYOUT, PCM_RATE), takes
        frame.pts = None
        rows = [np.array(one.to_ndarray(), np.int16).reshape(-1, PCM_CHANNELS)
                for one in self._resampler.resample(frame)]  # fmt: skip
        for row in rows:
            begins = self._next if seconds is None else seconds
            missing = begins - self._next
            if missing < -_HOLE:  # before the wanted time, or once more what was heard
                row = row[min(len(row), round(-missing * PCM_RATE)) :]
            elif _HOLE < missing <= _FILL:
                yield from self._said(np.zeros((round(missing * PCM_RATE), PCM_CHANNELS), np.int16))
            yield from self._said(row)
            seconds = None

    def rest(self) -> Iterator[Answer]:
        """What the change of speed still holds."""
        if self._graph is not None:
            self._graph.push(None)
            yield from self._changed()

    def _said(self, row: Any) -> Iterator[Answer]:
        if not len(row):
            return
        at = self._next
        self._next += len(row) / PCM_RATE
        if self._graph is None:
            yield {"heard": round(at * 1000), "data": row.astype("<i2").tobytes()}
            return
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(row).reshape(1, -1), "s16", _LAYOUT)
        frame.sample_rate = PCM_RATE
        self._graph.push(frame)
        yield from self._changed()

    def _changed(self) -> Iterator[Answer]:
        assert self._graph is not None
        while True:
            try:
                frame = cast(AudioFrame, self._graph.pull())
            except (av.BlockingIOError, av.EOFError):
                return
            yield {"heard": round(self._next * 1000), "data": frame.to_ndarray().astype("<i2").tobytes()}


def _tempo(speed: float) -> Graph:
    """What makes sound quicker or slower without making it higher or lower."""
    graph = Graph()
    given = graph.add_abuffer(sample_rate=PCM_RATE, format="s16", layout=_LAYOUT, channels=PCM_CHANNELS)
    tempo = graph.add("atempo", f"{speed:.2f}")
    packed = graph.add("aformat", f"sample_fmts=s16:sample_rates={PCM_RATE}:channel_layouts={_LAYOUT}")
    graph.link_nodes(given, tempo, packed, graph.add("abuffersink")).configure()
    return graph
