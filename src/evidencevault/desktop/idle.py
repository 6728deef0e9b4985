"""Locks the vault when nobody has touched the program for a while, and says how long there is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

ALLOWED = 10 * 60  # seconds
NAP = 5.0  # seconds asleep after which the vault is locked


def awake_or_asleep() -> float:
    """Seconds on a clock that goes on while the computer sleeps, where the system has one."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # time.monotonic stands still there while it sleeps
    return time.monotonic()


def slept() -> float:
    """Seconds that the computer has slept since it was started; 0 where the system does not tell them apart."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC) - time.monotonic()
    return 0.0


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
        clock: Callable[[], float] = awake_or_asleep,
        asleep: Callable[[], float] = slept,
    ) -> None:
        super().__init__(app)
        self._app, self._allowed, self._clock, self._asleep = app, allowed, clock, asleep
        self._touched, self._slept = clock(), asleep()
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.look)

    def allow(self, seconds: int) -> None:
        """Lock after this long from now on."""
        self._allowed = seconds

    def start(self) -> None:
        """From unlocking on."""
        self.stop()
        self._touched, self._slept = self._clock(), self._asleep()
        self._app.focusWindowChanged.connect(self._watch)
        self._tick.start()
        self.look()

    def stop(self) -> None:
        """While the vault is locked."""
        if self._tick.isActive():
            self._app.focusWindowChanged.disconnect(self._watch)
        self._tick.stop()
        for window in self._app.topLevelWindows():
            window.removeEventFilter(self)

    def look(self) -> None:
        """Tell what is left."""
        self._watch()
        left = self._allowed - round(self._clock() - self._touched)
        if left <= 0 or self._asleep() - self._slept > NAP:
            self.stop()
            self.over.emit()
        else:
            self.left.emit(left)

    def _watch(self) -> None:
        # What somebody does reaches the windows first. A filter over the whole program would be asked for each event
        # of each widget, and make all of them slow.
        for window in self._app.topLevelWindows():
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there."""
        if event.type() in _ACTS:
            self._touched = self._clock()
        return False
