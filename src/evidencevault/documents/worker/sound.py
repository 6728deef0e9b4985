"""Sound: what a recording is, its samples on one line of time, and silence over spans of it."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.tracks import Clock, Tracks, opened, size

MARGIN = 50
"""Milliseconds silenced before and after each span: who marks by ear marks late."""
STEP = 5000
"""Milliseconds of recording between two words on how far the work is."""
Samples = NDArray[np.int16]
_HOLE = 0.1  # seconds that may be missing between frames before silence is put there
_PACKET = 10.0  # seconds that one may last; where it says more, it lies
_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)


def recording(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """Kind, length by what is really there, width and height as displayed, streams, metadata and chapters."""
    with opened(read) as tracks:
        wide, high, container = 0, 0, tracks.container
        metadata = [*container.metadata.items()]
        for one in container.streams:
            metadata += [(f"{one.type} {one.index}: {key}", value) for key, value in one.metadata.items()]
        for chapter in container.chapters():
            metadata += [("chapter", str(chapter["metadata"].get("title", "")))]
        streams = [f"{one.type}: {one.codec_context.name if one.codec_context else '?'}" for one in container.streams]
        if tracks.video:
            first = next(tracks.frames(tracks.video), None)
            if first is None:
                raise Failed(Reason.DAMAGED)
            wide, high = size(cast(av.VideoFrame, first), tracks.video)
        yield {
            "kind": "video" if tracks.video else "sound",
            "milliseconds": length(read, limits),
            "width": wide,
            "height": high,
            "streams": [[one[:200], ""] for one in streams[:500]],
            "metadata": [[key[:200], value[:2000]] for key, value in metadata[:500]],
        }


def length(read: Read, limits: Limits) -> int:
    """Milliseconds until the last packet ends. A header may say anything."""
    with opened(read) as tracks:
        streams, last = [one for one in (tracks.video, tracks.audio) if one], 0.0
        clocks = {one.index: Clock(limits) for one in streams}
        for packet in tracks.packets(*streams):
            if packet.size:
                lasts = min(max(0.0, float((packet.duration or 0) * (packet.time_base or 0))), _PACKET)
                last = max(last, clocks[packet.stream_index].at(tracks.seconds(packet), lasts) + lasts)
    return round(last * 1000)


def silence(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """The sound alone, as WAV (16 bit, at most stereo and 48 kHz), as FLAC where a WAV would be too large.

    Both keep every sample that is not silenced, play on every system, and silence in them is nought, exactly.
    ``spans``: rows of start and end in milliseconds. Words on how far it is, then the file.
    """
    with opened(read) as tracks:
        if tracks.audio is None:
            raise Failed(Reason.UNSUPPORTED)
        line = Line(tracks.audio, limits)
        flat = length(read, limits) * line.rate * line.channels * 2 // 1000 > limits.answer - (1 << 20)
        out: _Wave | _Flac = _Flac(line) if flat else _Wave(line)
        told, spans = 0, [(int(one[0]), int(one[1])) for one in question["spans"]]
        for at, samples in line.read(tracks):
            out.add(silenced(samples, at, line.rate, spans), at)
            if out.size() > limits.answer:
                raise Failed(Reason.TOO_LARGE)
            if at * 1000 // line.rate - told >= STEP:
                told = at * 1000 // line.rate
                yield {"at": told}
        if not line.samples:
            raise Failed(Reason.DAMAGED)
    yield {"at": line.samples * 1000 // line.rate, "suffix": out.suffix, "data": out.finish()}


def silenced(samples: Samples, at: int, rate: int, spans: list[tuple[int, int]], margin: int = MARGIN) -> Samples:
    """The samples (n, channels), which begin at sample ``at``, with nought over the spans of milliseconds."""
    for start, end in spans:
        first, last = (start - margin) * rate // 1000 - at, -((-(end + margin) * rate) // 1000) - at
        samples[max(0, first) : max(0, last)] = 0
    return samples


class Line:
    """Samples of a recording in one row from time nought, (n, channels) of 16 bits. Holes are silence."""

    def __init__(self, audio: AudioStream, limits: Limits) -> None:
        self._audio, self._clock = audio, Clock(limits)
        self.rate = next((one for one in _RATES if one >= audio.codec_context.sample_rate), _RATES[-1])
        self.channels = 1 if audio.codec_context.channels == 1 else 2
        self.layout = "mono" if self.channels == 1 else "stereo"
        self.samples = 0
        self._resampler, self._takes = self._fresh(), ("", 0, "")

    def read(self, tracks: Tracks) -> Iterator[tuple[int, Samples]]:
        """All samples, each row with the number of its first."""
        for frame in tracks.frames(self._audio):
            yield from self.take(cast(AudioFrame, frame), tracks)
        yield from self.rest()

    def take(self, frame: AudioFrame, tracks: Tracks) -> Iterator[tuple[int, Samples]]:
        """The samples of one frame, after silence where some are missing before it."""
        if not frame.sample_rate or not frame.samples:
            return
        begins = self._clock.at(tracks.seconds(frame), frame.samples / frame.sample_rate)
        takes = (frame.format.name, frame.sample_rate, frame.layout.name)
        if takes != self._takes:  # the resampler takes one kind only
            yield from self.rest()
            self._takes = takes
        missing = begins - self.samples / self.rate
        if missing > _HOLE:
            yield from self.rest()
            yield from self._empty(round(begins * self.rate) - self.samples)
        frame.pts = None
        for one in self._resampler.resample(frame):
            yield self._row(one)

    def rest(self) -> Iterator[tuple[int, Samples]]:
        """What the resampler still holds."""
        if self._takes[1]:
            for one in self._resampler.resample(None):
                yield self._row(one)
        self._resampler = self._fresh()

    def _fresh(self) -> AudioResampler:
        return AudioResampler("s16", self.layout, self.rate)

    def _empty(self, missing: int) -> Iterator[tuple[int, Samples]]:
        while missing > 0:
            some = min(missing, self.rate)
            self.samples += some
            missing -= some
            yield self.samples - some, np.zeros((some, self.channels), np.int16)

    def _row(self, frame: AudioFrame) -> tuple[int, Samples]:
        # A copy, packed (one row, channels in turn): what is silenced must not be the decoder's own memory.
        samples = np.array(frame.to_ndarray(), np.int16).reshape(-1, self.channels)
        self.samples += len(samples)
        return self.samples - len(samples), samples


class _Wave:
    """A WAV of two chunks: what the samples are, and the samples."""

    suffix = ".wav"

    def __init__(self, line: Line) -> None:
        self._out = io.BytesIO()
        self._file = wave.open(self._out, "wb")  # noqa: SIM115  (closed by finish)
        self._file.setparams((line.channels, 2, line.rate, 0, "NONE", ""))

    def add(self, samples: Samples, at: int) -> None:
        self._file.writeframesraw(samples.astype("<i2").tobytes())

    def size(self) -> int:
        return self._out.tell()

    def finish(self) -> bytes:
        self._file.close()
        return self._out.getvalue()


class _Flac:
    """A FLAC without tags or pictures."""

    suffix = ".flac"

    def __init__(self, line: Line) -> None:
        self._out, self._line = io.BytesIO(), line
        self._file = av.open(self._out, "w", format="flac", options={"fflags": "+bitexact"})
        self._stream = self._file.add_stream("flac", rate=line.rate, layout=line.layout, options={"flags": "+bitexact"})

    def add(self, samples: Samples, at: int) -> None:
        self._file.mux(self._stream.encode(framed(samples, at, self._line)))

    def size(self) -> int:
        return self._out.tell()

    def finish(self) -> bytes:
        self._file.mux(self._stream.encode(None))
        self._file.close()
        return self._out.getvalue()


def framed(samples: Samples, at: int, line: Line) -> AudioFrame:
    """Samples as a frame for an encoder; without its time AAC would come later by what the encoder puts before."""
    frame = AudioFrame.from_ndarray(samples.reshape(1, -1), "s16", line.layout)
    frame.sample_rate, frame.pts, frame.time_base = line.rate, at, Fraction(1, line.rate)
    return frame
