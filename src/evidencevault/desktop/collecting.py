"""Circles of Python objects are collected in the window's thread alone.

Python collects in whichever thread happens to allocate. A circle may hold a QObject, and what is destroyed in another
thread than its own while its window is drawn takes the program down (Qt, “Threads and QObjects”).
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

EVERY = 200  # ms
LONG = 0.025  # s of processor time


class Collector(QObject):
    """Takes the place of the automatic collection from its making to :meth:`stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._aside = False  # whether something was left aside that may go when the vault is locked
        gc.disable()
        if not gc.get_freeze_count():
            gc.freeze()  # what was imported stays to the end: looking through it each time would hold the window up
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        if self._aside:
            self._aside = False
            gc.unfreeze()
        gc.enable()

    def forget(self) -> None:
        """The vault is locked: look through everything, also what was left aside."""
        if self._aside:
            gc.unfreeze()
        gc.collect()
        if self._aside:
            gc.freeze()

    def _look(self) -> None:
        """Collect the oldest generation whose turn it is, by Python's own thresholds."""
        counts, most = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > most[generation]:
                begun = time.thread_time()
                gc.collect(generation)
                if time.thread_time() - begun > LONG:
                    self._aside = True
                    gc.freeze()  # what a long list brought stays; to look through it each time holds the window up
                return
