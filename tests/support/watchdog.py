"""Names every stretch in which the window's thread was busy too long to answer, in processor time: load is no fault.

A timer beats in the event loop; a thread looks how much the window's thread has worked since the last beat. Where that
is more than the limit it takes the thread's stack, so that what was slow has a name. Work of the test itself (nothing
of ``evidencevault/desktop`` on the stack) is not meant.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

LIMIT = 0.05  # s of processor time, on a machine as fast as REFERENCE
BEAT, LOOK = 2, 0.004  # ms, s
REFERENCE = 0.030  # s that _yardstick() takes on the machine on which the limit was set
OURS = "/evidencevault/desktop/"


@dataclass(frozen=True)
class Stall:
    """How long it took (s), and the frames of the window's code, innermost last."""

    seconds: float
    frames: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.seconds * 1000:.0f} ms in {' > '.join(self.frames)}"


class Watchdog(QObject):
    """Watches the thread that made it, from :meth:`start` to :meth:`stop`."""

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[Stall] = []
        self._thread = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._thread)
        self.limit = LIMIT * max(1.0, _yardstick() / REFERENCE)
        self._since = self._now()
        self._caught: tuple[str, ...] = ()
        self._over = threading.Event()
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._tick)
        self._looking = threading.Thread(target=self._look, name="watchdog", daemon=True)

    def start(self) -> None:
        self._tick()
        self._beat.start()
        self._looking.start()

    def stop(self) -> None:
        """Stop watching; :attr:`stalls` are complete."""
        self._tick()
        self._beat.stop()
        self._over.set()
        self._looking.join()

    def _now(self) -> float:
        return time.clock_gettime(self._clock)

    def _tick(self) -> None:
        now, caught, self._caught = self._now(), self._caught, ()
        if caught:
            self.stalls.append(Stall(now - self._since, caught))
        self._since = now

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            if not self._caught and self._now() - self._since > self.limit:
                frame = sys._current_frames().get(self._thread)
                stack = traceback.extract_stack(frame)
                self._caught = tuple(
                    f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in stack if OURS in one.filename
                )


def _yardstick() -> float:
    """Processor time of a piece of work that is always the same."""
    begun, total = time.thread_time(), 0
    for n in range(400_000):
        total += n % 7
    assert total
    return time.thread_time() - begun
