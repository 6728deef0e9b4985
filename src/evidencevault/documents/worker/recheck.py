"""The attack on a redacted recording, in a process of its own: it sees only what is about to leave."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.screen import Screen, Shown
from evidencevault.documents.worker.sound import Line, Samples
from evidencevault.documents.worker.tracks import Tracks, opened

QUIET = 64
"""The loudest sample (of 32,768) in a silenced span of AAC, which smears what is near; other formats keep noughts."""
DARK = 28
"""The lightest luma within a black area (black is 16): what H.264 leaves of an edge nearby."""
_RIM = 8
METHODS = [
    "streams, tags and chapters of the recording; parts of the file that no player reads",
    "every sample within the silenced spans, decoded anew",
    "every pixel within the black areas of every frame displayed in their time, decoded anew",
]
_FORCED = {"major_brand", "minor_version", "compatible_brands", "handler_name", "language", "vendor_id"}
"""What the MP4 muxer writes into every file; the values are held against these:"""
_VALUES = {"isom", "512", "isomiso2avc1mp41", "VideoHandler", "SoundHandler", "und", "[0][0][0][0]"}
_EMPTY = b"\0\0\0\x3dudta\0\0\0\x35meta\0\0\0\0\0\0\0!hdlr\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0\0\0\0\x08ilst"
"""The list of tags, empty, which the MP4 muxer writes all the same."""
_STREAMS = {"wav": [["pcm_s16le"]], "flac": [["flac"]], "mov": [["h264"], ["h264", "aac"]]}


def recheck(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """Methods, and findings as rows of (where, None). What cannot be decoded to its end is a finding, too.

    ``spans`` and ``areas`` as in the making: milliseconds, pixels as displayed; margins are not counted on.
    """
    data = read()
    found = list(_outside(data))
    try:
        with opened(read) as tracks:
            found += _described(tracks)
            found += _Checked(tracks, limits, question["spans"], question["areas"]).findings()
    except Failed as failed:
        found.append(f"it could not be decoded: {failed.reason.value}")
    rows: list[list[object]] = [[where, None] for where in dict.fromkeys(found)]
    yield {"methods": METHODS, "findings": rows[:10_000]}


def _described(tracks: Tracks) -> Iterator[str]:
    container, kind = tracks.container, tracks.container.format.name.split(",")[0]
    if [one.codec_context.name if one.codec_context else one.type for one in container.streams] not in _STREAMS.get(
        kind, []
    ):
        yield "other streams than one picture and one sound"
    holders: list[tuple[str, dict[str, str]]] = [("file", container.metadata)]
    holders += [(f"stream {one.index}", one.metadata) for one in container.streams]
    for where, tags in holders:
        for key, value in tags.items():
            if key not in _FORCED or value not in _VALUES:
                yield f"tag of the {where}: {key}"
    if container.chapters():
        yield "chapters"


class _Checked:
    """What is heard and seen in the new file. A span without a sample or an area without a pixel proves nothing."""

    def __init__(self, tracks: Tracks, limits: Limits, spans: list[list[int]], areas: list[list[int]]) -> None:
        self._tracks, self._spans, self._areas = tracks, spans, areas
        self._line = Line(tracks.audio, limits) if tracks.audio else None
        self._screen = Screen(tracks.video, limits) if tracks.video else None
        self._met: set[tuple[int, ...]] = set()

    def findings(self) -> Iterator[str]:
        """Raises Failed (damaged) at the first part that cannot be decoded."""
        streams = [one for one in (self._tracks.video, self._tracks.audio) if one]
        for packet in self._tracks.packets(*streams, strict=True):
            for frame in self._tracks.decoded(packet, strict=True):
                if packet.is_corrupt or frame.is_corrupt:
                    yield "a part that is damaged"
                if isinstance(frame, VideoFrame) and self._screen:
                    yield from self._seen(self._screen.take(frame, self._tracks), self._screen)
                elif isinstance(frame, AudioFrame) and self._line:
                    yield from self._heard(self._line.take(frame, self._tracks), self._line)
        if self._screen:
            yield from self._seen(self._screen.rest(), self._screen)
        if self._line:
            yield from self._heard(self._line.rest(), self._line)
        # A film without sound has nothing to silence.
        for one in [*(self._spans if self._line or not self._screen else ()), *self._areas]:
            if tuple(one) not in self._met and one[0] < one[1]:
                yield f"nothing was found from {one[0]} to {one[1]} ms that could have been redacted"

    def _heard(self, rows: Iterator[tuple[int, Samples]], line: Line) -> Iterator[str]:
        most = QUIET if self._screen else 0
        for at, samples in rows:
            for start, end in self._spans:
                first, last = start * line.rate // 1000 - at, end * line.rate // 1000 - at
                inside = samples[max(0, first) : max(0, last)].astype(np.int32)
                if not inside.size:
                    continue
                self._met.add((start, end))
                if int(np.abs(inside).max()) > most:
                    yield f"sound within {start} to {end} ms"

    def _seen(self, frames: Iterator[Shown], screen: Screen) -> Iterator[str]:
        for one in frames:
            now = [area for area in self._areas if one.start * 1000 < area[1] and one.end * 1000 > area[0]]
            luma = screen.planes(one.frame)[0] if now else None
            for area in now:
                inside = _inside(luma, area[2:])
                if not inside.size:
                    continue
                self._met.add(tuple(area))
                if int(inside.max()) > DARK:
                    yield f"a picture in an area at {round(one.start * 1000)} ms"


def _inside(luma: Any, box: list[int]) -> Any:
    """What of the picture lies within the box, without the rim where H.264 mixes it with what lies beside."""
    height, width = luma.shape
    left, top, right, bottom = max(0, box[0]), max(0, box[1]), min(width, box[2]), min(height, box[3])
    rim = max(0, min(_RIM, (right - left) // 4, (bottom - top) // 4))
    return luma[top + rim : max(top, bottom) - rim, left + rim : max(left, right) - rim]


def _outside(data: bytes) -> Iterator[str]:
    """Parts of the file that should not be there: unknown boxes, chunks or blocks, and what follows the last."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        parts, allowed = _chunks(data), [b"fmt ", b"data"]
    elif data[:4] == b"fLaC":
        yield from _blocks(data)
        return
    elif data[4:8] == b"ftyp":
        parts, allowed = _boxes(data), [b"ftyp", b"free", b"mdat", b"moov"]
    else:
        yield "it is neither WAV, FLAC nor MP4"
        return
    for name in parts:
        if name not in allowed:
            yield f"a part {name!r} of the file"
    index = data[data.rfind(b"moov") :].replace(_EMPTY, b"")
    if allowed[-1] == b"moov" and any(name in index for name in (b"udta", b"uuid", b"meta")):
        yield "user data in the index"


def _chunks(data: bytes) -> list[bytes]:
    found, at = [], 12
    while at + 8 <= len(data):
        found.append(data[at : at + 4])
        (length,) = struct.unpack("<I", data[at + 4 : at + 8])
        at += 8 + length + length % 2
    return found if at == len(data) else [*found, b"rest"]


def _boxes(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if length == 1:
            (length,) = struct.unpack(">Q", data[at + 8 : at + 16].ljust(8, b"\0"))
        found.append(name if name != b"free" or length == 8 else b"free with content")
        if length < 8:
            return [*found, b"rest"]
        at += length
    return found if at == len(data) else [*found, b"rest"]


def _blocks(data: bytes) -> Iterator[str]:
    at, last = 4, False
    while not last and at + 4 <= len(data):
        last, kind = bool(data[at] & 0x80), data[at] & 0x7F
        length = int.from_bytes(data[at + 1 : at + 4], "big")
        body = data[at + 4 : at + 4 + length]
        if kind not in (0, 1, 3, 4) or (kind == 1 and body.strip(b"\0")):
            yield "a block of the file that holds no sound"
        at += 4 + length
