"""Short recordings of nobody: a tone that never stops, and a bright square that moves over a striped ground."""

from __future__ import annotations

import io
import struct
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

RATE = 16_000
SIDE = 24
"""Pixels of the square."""


def tone(milliseconds: int, channels: int = 1, rate: int = RATE) -> NDArray[np.int16]:
    """(n, channels) of 440 Hz at a quarter of full loudness."""
    times = np.arange(milliseconds * rate // 1000) / rate
    return np.repeat((8000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16)[:, None], channels, axis=1)


def sound(
    milliseconds: int = 3000, kind: str = "wav", codec: str = "pcm_s16le", title: str = "", hole: int = 0, **more: int
) -> bytes:
    """A recording of the tone; with a hole of milliseconds, of twice the tone and nothing between."""
    out, samples = io.BytesIO(), tone(milliseconds, **more)
    layout = "mono" if samples.shape[1] == 1 else "stereo"
    rate = more.get("rate", RATE)
    with av.open(out, "w", format=kind) as file:
        if title:
            file.metadata["title"] = title
        stream = file.add_stream(codec, rate=rate, layout=layout)
        _encode(file, stream, samples, layout, rate)
        if hole:
            _encode(file, stream, samples, layout, rate, after=(milliseconds + hole) * rate // 1000)
        file.mux(stream.encode(None))
    return out.getvalue()


def film(
    frames: int = 25,
    size: tuple[int, int] = (160, 96),
    title: str = "",
    rate: int = 25,
    voice: bool = True,
    kind: str = "mp4",
    noise: bool = False,
) -> bytes:
    """A film with the tone: the square goes right, two pixels a frame. With a title: tags and chapters, too."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as file:
        picture = file.add_stream("libx264", rate=rate, options={"crf": "18", "preset": "ultrafast", "g": "10"})
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        spoken = file.add_stream("aac", rate=RATE, layout="mono") if voice else None
        if title:
            file.metadata["title"] = title
            file.metadata["comment"] = title
            file.set_chapters(
                [{"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000), "metadata": {"title": title}}]
            )
        for number in range(frames):
            picture_of = av.VideoFrame.from_ndarray(drawn(number, size) if not noise else _noise(number, size), "rgb24")
            picture_of.pts, picture_of.time_base = number, Fraction(1, rate)
            file.mux(picture.encode(picture_of))
        file.mux(picture.encode(None))
        if spoken:
            _encode(file, spoken, tone(frames * 1000 // rate), "mono", RATE)
            file.mux(spoken.encode(None))
    return out.getvalue()


def drawn(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    """One frame: bright stripes, and the square, brighter, with its left edge at ``2 * number``, top at 20."""
    wide, high = size
    picture = np.full((high, wide, 3), 90, np.uint8)
    picture[::8] = (60, 120, 160)
    left = min(2 * number, wide - SIDE)
    picture[20 : 20 + SIDE, left : left + SIDE] = 250
    return picture


def _noise(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.random.default_rng(number).integers(0, 256, (size[1], size[0], 3), np.uint8)


def turned(mp4: bytes) -> bytes:
    """The same film with a header that says: to be shown a quarter turned, as telephones write it."""
    at = mp4.index(b"tkhd") + 4
    at += 40 if mp4[at] == 0 else 52
    return mp4[:at] + struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30) + mp4[at + 36 :]


def samples(data: bytes, channels: int = 1, rate: int = RATE) -> NDArray[np.int16]:
    """All samples of a recording, (n, channels)."""
    resampler = av.AudioResampler("s16", "mono" if channels == 1 else "stereo", rate)
    with av.open(io.BytesIO(data)) as file:
        rows = [one for frame in file.decode(audio=0) for one in resampler.resample(frame)]
    return np.concatenate([one.to_ndarray().reshape(-1, channels) for one in rows])


def pictures(data: bytes) -> list[tuple[float, NDArray[np.uint8]]]:
    """All frames of a film: time in seconds, luma."""
    with av.open(io.BytesIO(data)) as file:
        return [(float(one.time), one.to_ndarray(format="gray")) for one in file.decode(video=0)]


def _encode(file: object, stream: object, samples: NDArray[np.int16], layout: str, rate: int, after: int = 0) -> None:
    for start in range(0, len(samples), 4096):
        frame = av.AudioFrame.from_ndarray(samples[start : start + 4096].reshape(1, -1), "s16", layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, after + start, Fraction(1, rate)
        file.mux(stream.encode(frame))  # type: ignore[attr-defined]
