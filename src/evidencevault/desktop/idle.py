"""Locks the vault when nobody has touched the program for a while, and says how long there is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

ALLOWED = 10 * 60  # seconds
NAP = 45.0  # seconds between two ticks of a second each: the computer slept meanwhile


def awake_or_asleep() -> float:
    """Seconds on a clock that goes on while the computer sleeps, where the system has one."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # time.monotonic stands still there while it sleeps
    return time.monotonic()


_ACTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.DragMove,
    }
)


class IdleWatch(QObject):
    """``left`` is sent each second with the seconds that are left; ``over`` when there are none, or it slept."""

    left = Signal(int)
    over = Signal()

    def __init__(
        self,
        app: QApplication,
        *,
        allowed: int = ALLOWED,
        nap: float = NAP,
        clock: Callable[[], float] = awake_or_asleep,
    ) -> None:
        super().__init__(app)
        self._app, self._allowed, self._nap, self._clock = app, allowed, nap, clock
        self._touched = self._looked = clock()
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.look)

    def allow(self, seconds: int) -> None:
        """Lock after this long from now on."""
        self._allowed = seconds

    def start(self) -> None:
        """From unlocking on."""
        self._touched = self._looked = self._clock()
        self._app.installEventFilter(self)
        self._tick.start()
        self.look()

    def stop(self) -> None:
        """While the vault is locked."""
        self._tick.stop()
        self._app.removeEventFilter(self)

    def look(self) -> None:
        """Tell what is left."""
        before, self._looked = self._looked, self._clock()
        left = self._allowed - round(self._looked - self._touched)
        if left <= 0 or self._looked - before > self._nap:
            self.stop()
            self.over.emit()
        else:
            self.left.emit(left)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there."""
        if event.type() in _ACTS:
            self._touched = self._clock()
        return False
