"""Recordings opened: one picture, one sound, a clock that starts at nought; what the file says of itself is checked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from evidencevault.documents.requests import MIB, Limits, Reason
from evidencevault.documents.worker.failed import Failed, Read

# Readers of lists of other files (concat, hls, dash, image2) and of text as film (tty) are left out.
_FORMATS = {
    "3g2", "3gp", "aac", "ac3", "aiff", "amr", "ape", "asf", "au", "avi", "caf", "dv", "flac", "flv", "m4a", "matroska",
    "mj2", "mov", "mp3", "mp4", "mpeg", "mpegts", "ogg", "oga", "wav", "w64", "webm", "wv",
}  # fmt: skip
_ANEW = 0.5
"""Seconds by which time may run back (frames out of order); more is a clock set anew, and players go on from there."""
_FRAME = 4096 * 2304
"""Pixels of one frame: several are held at once, and once more by the encoder."""
Frame = AudioFrame | VideoFrame


@dataclass(frozen=True, slots=True)
class Tracks:
    """An open recording: the first film that is no cover, the first sound, and the time its clock calls nought."""

    container: InputContainer
    video: VideoStream | None
    audio: AudioStream | None
    origin: float

    def frames(self, *streams: VideoStream | AudioStream) -> Iterator[Frame]:
        """The decoded frames of the streams as they come. A damaged packet is left out, as players do."""
        for packet in self.packets(*streams):
            yield from self.decoded(packet)

    def decoded(self, packet: Packet[Any], strict: bool = False) -> list[Frame]:
        """The frames that a packet completes; none where it is damaged. Raises Failed (damaged) if strict."""
        try:
            return list(packet.decode())
        except MemoryError:
            raise
        except av.FFmpegError as error:
            if strict:
                raise Failed(Reason.DAMAGED) from error
            return []

    def packets(self, *streams: VideoStream | AudioStream, strict: bool = False) -> Iterator[Packet[Any]]:
        """The packets of the streams, then an empty one for each. Where the file breaks off, they end.

        Raises Failed (damaged) there if strict.
        """
        coming = self.container.demux(*streams)
        while True:
            try:
                yield next(coming)
            except StopIteration:
                return
            except MemoryError:
                raise
            except av.FFmpegError as error:
                if strict:
                    raise Failed(Reason.DAMAGED) from error
                break
        for stream in streams:  # what the decoders still hold
            flush = Packet()
            flush.stream = stream
            yield flush

    def seconds(self, one: Frame | Packet[Any]) -> float | None:
        """When it is shown, by the recording's clock; None where it does not say."""
        return None if one.pts is None or not one.time_base else float(one.pts * one.time_base) - self.origin


@contextmanager
def opened(read: Read) -> Iterator[Tracks]:
    """Open by content; films are larger than memory, and are read as they are decoded.

    Raises Failed: empty, unsupported.
    """
    if not read.size:
        raise Failed(Reason.EMPTY)
    try:
        container = av.open(_File(read), mode="r", metadata_errors="replace", buffer_size=MIB)
    except MemoryError:
        raise
    except av.FFmpegError as error:
        raise Failed(Reason.UNSUPPORTED) from error
    with container:
        if not _FORMATS.intersection(container.format.name.split(",")):
            raise Failed(Reason.UNSUPPORTED)
        films = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
        video, audio = next(iter(films), None), next(iter(container.streams.audio), None)
        if not video and not audio:
            raise Failed(Reason.UNSUPPORTED)
        if any(one is not None and one.codec_context is None for one in (video, audio)):
            raise Failed(Reason.UNSUPPORTED)
        if video:
            # Frame threads would answer for a damaged packet several packets later.
            video.thread_type, video.thread_count = "SLICE", 2
        yield Tracks(container, video, audio, (container.start_time or 0) / av.time_base)


class _File(io.RawIOBase):
    """The document as a file that can be sought in."""

    def __init__(self, read: Read) -> None:
        self._read, self._at = read, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._read.size}[whence])
        return self._at

    def read(self, size: int = -1) -> bytes:
        data = self._read.part(self._at, self._read.size if size < 0 else size)
        self._at += len(data)
        return data


class Clock:
    """Times that never run back. Raises Failed (too large) beyond what a recording may last."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.recording / 1000
        self._next = self._shift = 0.0

    def at(self, said: float | None, lasts: float) -> float:
        """The time of what is said to be at ``said`` and lasts so long, in seconds from nought."""
        wanted = self._next if said is None else said + self._shift
        if wanted < self._next - _ANEW:
            self._shift += self._next - wanted
            wanted = self._next
        at = max(0.0, wanted)
        if not at + lasts <= self._most:
            raise Failed(Reason.TOO_LARGE)
        self._next = max(self._next, at + lasts)
        return at


def size(frame: VideoFrame, video: VideoStream) -> tuple[int, int]:
    """Width and height as displayed, both even: pixels made square, turned upright. Raises Failed (too large)."""
    shape = video.sample_aspect_ratio or 1
    wide, high = round(frame.width * shape) if 0.1 <= shape <= 10 else frame.width, frame.height
    if frame.rotation % 180:
        wide, high = high, wide
    if wide * high > _FRAME or frame.width * frame.height > _FRAME:
        raise Failed(Reason.TOO_LARGE)
    return max(2, wide // 2 * 2), max(2, high // 2 * 2)
