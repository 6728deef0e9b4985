"""Where sound comes out: QtMultimedia, where it is installed and the computer has an output; else silence, said so.

It gets samples that the confined worker decoded, never a recording: no foreign file is parsed in this process.
"""

from __future__ import annotations

import sys
from typing import Any

from evidencevault.documents.requests import PCM_CHANNELS, PCM_RATE
from evidencevault.resources import tr

_BUFFER = PCM_RATE * PCM_CHANNELS * 2 // 4  # a quarter of a second


class Speaker:
    """``why`` says why nothing can be heard; it is empty where something can."""

    def __init__(self) -> None:
        self.why = ""
        self._sink: Any = None
        self._into: Any = None
        self._loudness = 1.0
        try:
            from PySide6 import QtMultimedia
        except ImportError:  # the part is not installed, or a library of the system is not there
            self.why = tr("No sound: the part “player” is not installed on this computer.")
            return
        self._parts = QtMultimedia

    @property
    def playing(self) -> bool:
        """Whether samples are being taken."""
        return self._into is not None

    def start(self) -> None:
        """Open the computer's output, if there is one."""
        if self._sink is None and not self.why:
            output = self._parts.QMediaDevices.defaultAudioOutput()
            shape = self._parts.QAudioFormat()
            shape.setSampleRate(PCM_RATE)
            shape.setChannelCount(PCM_CHANNELS)
            shape.setSampleFormat(self._parts.QAudioFormat.SampleFormat.Int16)
            if output.isNull() or not output.isFormatSupported(shape):
                self.why = tr("No sound: this computer has no output for sound.")
                return
            self._sink = self._parts.QAudioSink(output, shape)
            self._sink.setBufferSize(_BUFFER)
            self._sink.setVolume(self._loudness)
        if self._sink is not None:
            self._into = self._sink.start()

    def stop(self) -> None:
        """Throw away what was not heard yet."""
        if self._sink is not None:
            self._sink.reset()
        self._into = None

    def pause(self, paused: bool) -> None:
        """Hold on, or go on."""
        if self._sink is not None and self._into is not None:
            self._sink.suspend() if paused else self._sink.resume()

    def loudness(self, part: float) -> None:
        """From 0 to 1."""
        self._loudness = part
        if self._sink is not None:
            self._sink.setVolume(part)

    @property
    def room(self) -> int:
        """Bytes that are taken now."""
        return int(self._sink.bytesFree()) if self._sink is not None and self._into is not None else 0

    @property
    def heard(self) -> float:
        """Seconds that were heard since the start."""
        return float(self._sink.processedUSecs()) / 1e6 if self._sink is not None else 0.0

    def write(self, samples: bytes) -> None:
        """Give samples."""
        if self._into is not None and samples:
            self._into.write(samples if sys.byteorder == "little" else _swapped(samples))


def _swapped(samples: bytes) -> bytes:
    turned = bytearray(samples)
    turned[0::2], turned[1::2] = samples[1::2], samples[0::2]
    return bytes(turned)
