"""Names every stretch in which the window's thread was busy too long to answer, in processor time: load is no fault.

A timer beats in the event loop; an interval timer of the system (setitimer(2), processor time) interrupts the thread to
see how much it has worked since the last beat. Where that is more than the limit it takes the stack, so that what was
slow has a name. It all happens in the window's thread: another one that looked at its frames could be the last to let
go of what they hold. Work of the test itself (nothing of ``evidencevault/desktop`` on the stack) is not meant.
"""

from __future__ import annotations

import signal
import time
import traceback
from dataclasses import dataclass
from types import FrameType

from PySide6.QtCore import QObject, QTimer

LIMIT = 0.05  # s of processor time, on a machine as fast as REFERENCE
BEAT, LOOK = 2, 0.01  # ms, s
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
        self.limit = LIMIT * max(1.0, _yardstick() / REFERENCE)
        self._since = time.thread_time()
        self._caught: tuple[str, ...] = ()
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._tick)

    def start(self) -> None:
        self._before = signal.signal(signal.SIGVTALRM, self._look)
        self._tick()
        self._beat.start()
        signal.setitimer(signal.ITIMER_VIRTUAL, LOOK, LOOK)

    def stop(self) -> None:
        """Stop watching; :attr:`stalls` are complete."""
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, self._before)
        self._beat.stop()
        self._tick()

    def _tick(self) -> None:
        now, caught, self._caught = time.thread_time(), self._caught, ()
        if caught:
            self.stalls.append(Stall(now - self._since, caught))
        self._since = now

    def _look(self, number: int, frame: FrameType | None) -> None:
        if not self._caught and time.thread_time() - self._since > self.limit:
            ours = [one for one in traceback.extract_stack(frame) if OURS in one.filename]
            self._caught = tuple(f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in ours)


def _yardstick() -> float:
    """Processor time of a piece of work that is always the same."""
    begun, total = time.thread_time(), 0
    for n in range(400_000):
        total += n % 7
    assert total
    return time.thread_time() - begun
