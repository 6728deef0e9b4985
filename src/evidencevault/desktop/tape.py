"""What was decoded of a recording and not played yet: a short buffer between the lane that reads and the window."""

from __future__ import annotations

import threading
from collections import deque

from evidencevault.documents.requests import PCM_CHANNELS, PCM_RATE, Heard, Opening, Pixels, Seen
from evidencevault.progress import Progress

AHEAD = 1.5  # seconds of sound
PICTURES = 12
_LOOK = 0.1  # seconds between two looks at whether to stop
_MOST = 96 << 20  # bytes of both, for recordings whose sound and pictures lie far apart
_SECOND = PCM_RATE * PCM_CHANNELS * 2


class Tape:
    """Filled in one thread and taken from in another. Waits where it is full, until it is cut."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._sound = bytearray()
        self._pictures: deque[Seen] = deque()
        self._cut = False
        self._given = 0  # bytes of samples
        self.opening: Opening | None = None
        self.whole = False  # nothing more comes

    def put(self, one: Opening | Heard | Seen, progress: Progress) -> bool:
        """Add something; waits for room. False once the tape was cut, or whoever fills it is told to stop."""
        with self._free:
            while self._full() and not self._cut:
                if progress.stopping:  # locking cuts no tapes
                    return False
                self._free.wait(_LOOK)
            if isinstance(one, Opening):
                self.opening = one
            elif isinstance(one, Heard):
                self._sound += one.data
            else:
                self._pictures.append(one)
            return not self._cut

    def end(self) -> None:
        """Nothing more comes."""
        self.whole = True

    def cut(self) -> None:
        """Nobody takes anything any more."""
        with self._free:
            self._cut = True
            self._sound.clear()
            self._pictures.clear()
            self._free.notify_all()

    @property
    def empty(self) -> bool:
        """Whether everything was taken."""
        with self._free:
            return not self._sound and not self._pictures

    @property
    def ready(self) -> bool:
        """Whether there is enough to begin with."""
        with self._free:
            opening = self.opening
            return self.whole or (
                opening is not None
                and (not opening.film or bool(self._pictures))
                and (not opening.sound or len(self._sound) >= _SECOND // 5)
            )

    def sound(self, most: int) -> bytes:
        """Up to so many bytes of samples, whole ones."""
        with self._free:
            most -= most % (2 * PCM_CHANNELS)
            taken = bytes(self._sound[:most])
            self._given += len(taken)
            del self._sound[:most]
            self._free.notify_all()
            return taken

    def pass_over(self, seconds: float) -> None:
        """Let go the samples up to so many seconds after the beginning: nobody hears them."""
        self.sound(max(0, round(seconds * _SECOND) - self._given))

    def picture(self, at: float) -> Pixels | None:
        """The picture that is displayed at a time (ms), if it is another than before; earlier ones are let go."""
        with self._free:
            found: Seen | None = None
            while self._pictures and self._pictures[0].at <= at:
                found = self._pictures.popleft()
            if found is not None:
                self._free.notify_all()
            return found.pixels if found else None

    def first_picture(self) -> Pixels | None:
        """The one that comes next, whenever that is."""
        with self._free:
            return self._pictures[0].pixels if self._pictures else None

    def _full(self) -> bool:
        opening = self.opening
        if opening is None:
            return False
        held = len(self._sound) + sum(len(one.pixels.data) for one in self._pictures)
        heard = not opening.sound or len(self._sound) > AHEAD * _SECOND
        seen = not opening.film or len(self._pictures) > PICTURES
        return held > _MOST or (heard and seen)
