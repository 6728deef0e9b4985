"""The only threads of the window: lanes, each doing one job after the other, and jobs that report to the window.

What a job's work raises as VaultError reaches ``failed``; anything else is a bug and is raised again in the window's
thread, where the outermost handler says so. A job that has reported holds nothing any more: what it closed over may
be a case, a key or a passphrase.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SIGNAL, QObject, Qt, Signal

from evidencevault.errors import Cancelled, VaultError
from evidencevault.progress import Progress

Work = Callable[[Progress], Any]
Done = Callable[[Any], object]
Failed = Callable[[VaultError], object]


class Job(QObject):
    """Work given to a lane. It reports in the thread that made it (the window's); ``ended`` is sent last."""

    ended = Signal()
    _came = Signal(object, object)

    def __init__(self, work: Work, done: Done | None, failed: Failed | None, after: Callable[[Job], object]) -> None:
        super().__init__()
        self.progress = Progress()
        self._work: Work | None = work
        self._done, self._failed, self._after = done, failed, after
        self.must_be_done = False  # what was typed and not saved: dropping a lane does not stop it
        # Queued: it is sent in the lane's thread and must arrive in the window's.
        self._came.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Stop at the next step; a job not begun is not begun."""
        self.progress.cancel()

    def drop(self) -> None:
        """Cancel, and report nothing: nobody waits for it any more."""
        self.progress.cancel()
        self._done = self._failed = None

    def silence(self) -> None:
        """Go on, and report nothing."""
        self._done = self._failed = None

    def run(self) -> None:
        """Called by the lane, in its thread."""
        work, self._work = self._work, None
        try:
            self.progress.check()
            result = work(self.progress) if work is not None else None
        except BaseException as error:
            self._came.emit(None, error)
        else:
            self._came.emit(result, None)

    def _arrived(self, result: object, error: BaseException | None) -> None:
        done, failed = self._done, self._failed
        self._done = self._failed = None
        try:
            if error is None:
                if done is not None:
                    done(result)
            elif not isinstance(error, VaultError):
                raise error
            elif failed is not None and not isinstance(error, Cancelled):
                failed(error)
        finally:
            self._after(self)
            self.ended.emit()
            # What waits for the end may name this job: no collector sees that circle, and keys would hang on it.
            if self.receivers(SIGNAL("ended()")):
                self.ended.disconnect()


class Lane:
    """One thread that does its jobs in the order in which they came."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._kept: set[Job] = set()  # so that a job lives until it has reported
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(
        self, work: Work, done: Done | None = None, failed: Failed | None = None, *, must_be_done: bool = False
    ) -> Job:
        """Queue work. ``done`` gets what it returns, ``failed`` its refusal (a cancelled job is not told to it)."""
        job = Job(work, done, failed, self._kept.discard)
        job.must_be_done = must_be_done
        self._kept.add(job)
        self._jobs.put(job)
        return job

    @property
    def busy(self) -> bool:
        """Whether something is under way or waits."""
        return bool(self._kept)

    def drop(self) -> None:
        """Cancel everything but what must be done; nothing reports any more."""
        for job in tuple(self._kept):
            if job.must_be_done:
                job.silence()
            else:
                job.drop()

    def hush(self) -> None:
        """Go on, and report nothing."""
        for job in tuple(self._kept):
            job.silence()

    def close(self) -> None:
        """Drop everything and wait until the job under way has stopped. May be called in any thread."""
        self.drop()
        self._jobs.put(None)
        self._thread.join()

    def finish(self) -> None:
        """Do what was queued, report nothing, and end. For work that must not be lost when the program ends."""
        self.hush()
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
