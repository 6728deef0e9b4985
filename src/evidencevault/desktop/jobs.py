"""The only threads of the window: lanes, each doing one job after the other, and jobs that report to the window.

What a job's work raises as VaultError reaches ``failed``; anything else is a bug and is raised again in the window's
thread, where the outermost handler says so.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from evidencevault.errors import Cancelled, VaultError
from evidencevault.progress import Progress

Work = Callable[[Progress], Any]


class Job(QObject):
    """Work given to a lane. Its signals are sent in the thread that made it (the window's)."""

    done = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _came = Signal(object, object)

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.progress = Progress()
        self._work = work
        # Queued: it is sent in the lane's thread and must arrive in the window's.
        self._came.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Stop at the next step; a job not begun is not begun."""
        self.progress.cancel()

    def run(self) -> None:
        """Called by the lane, in its thread."""
        try:
            self.progress.check()
            result = self._work(self.progress)
        except BaseException as error:
            self._came.emit(None, error)
        else:
            self._came.emit(result, None)

    def _arrived(self, result: object, error: BaseException | None) -> None:
        try:
            if error is None:
                self.done.emit(result)
            elif isinstance(error, VaultError):
                self.failed.emit(error)
            else:
                raise error
        finally:
            self.ended.emit()


class Lane:
    """One thread that does its jobs in the order in which they came."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._kept: set[Job] = set()  # so that a job lives until it has reported
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(
        self,
        work: Work,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[VaultError], object] | None = None,
    ) -> Job:
        """Queue work. ``done`` gets what it returns, ``failed`` its refusal (a cancelled job is not told to it)."""
        job = Job(work)
        self._kept.add(job)
        job.ended.connect(lambda: self._kept.discard(job))
        if done is not None:
            job.done.connect(done)
        if failed is not None:
            job.failed.connect(lambda error: None if isinstance(error, Cancelled) else failed(error))
        self._jobs.put(job)
        return job

    @property
    def busy(self) -> bool:
        """Whether something is under way or waits."""
        return bool(self._kept)

    def close(self) -> None:
        """Cancel everything and wait until the job under way has stopped."""
        for job in tuple(self._kept):
            job.cancel()
        self._jobs.put(None)
        self._thread.join()
        for job in tuple(self._kept):
            job.blockSignals(True)  # who waited for it is closed as well
        self._kept.clear()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
