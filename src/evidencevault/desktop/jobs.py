"""The only threads of the window: lanes, each doing one job after the other, and jobs that report to the window.

What a job's work raises as VaultError reaches ``failed``; anything else is a bug and is raised again in the window's
thread, where the outermost handler says so. A job that has reported holds nothing any more: what it closed over may
be a case, a key or a passphrase. A lane's thread never holds a job or any other QObject: whoever lets go of the last
reference destroys it, and Qt's objects must be destroyed in the window's thread.
"""

from __future__ import annotations

import itertools
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

    def __init__(self, work: Work, done: Done | None, failed: Failed | None) -> None:
        super().__init__()
        self.progress = Progress()
        self._work: Work | None = work  # kept until it has reported, so that what it closed over is let go of here
        self._done, self._failed = done, failed
        self.must_be_done = False  # what was typed and not saved: dropping a lane does not stop it

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

    def arrive(self, result: object, error: BaseException | None, after: Callable[[], object]) -> None:
        """Called by the lane in the window's thread, once; ``after`` the report it is no longer under way."""
        done, failed = self._done, self._failed
        self._work = self._done = self._failed = None
        try:
            if error is None:
                if done is not None:
                    done(result)
            elif not isinstance(error, VaultError):
                raise error
            elif failed is not None and not isinstance(error, Cancelled):
                failed(error)
        finally:
            after()
            self.ended.emit()
            # What waits for the end may name this job: no collector sees that circle, and keys would hang on it.
            if self.receivers(SIGNAL("ended()")):
                self.ended.disconnect()


class _Courier(QObject):
    """Brings what came of a job (its number, result, error) from a lane's thread into the window's."""

    came = Signal(int, object, object)

    def __init__(self, deliver: Callable[[int, object, BaseException | None], None]) -> None:
        super().__init__()
        self._deliver = deliver
        # Queued: it is sent in the lane's thread and must arrive in the window's.
        self.came.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def _arrived(self, number: int, result: object, error: BaseException | None) -> None:
        self._deliver(number, result, error)


class Lane:
    """One thread that does its jobs in the order in which they came."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[tuple[int, Work, Progress] | threading.Event | None] = queue.SimpleQueue()
        self._kept: dict[int, Job] = {}  # so that a job lives until it has reported
        self._numbers = itertools.count()
        self._courier = _Courier(self._deliver)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(
        self, work: Work, done: Done | None = None, failed: Failed | None = None, *, must_be_done: bool = False
    ) -> Job:
        """Queue work. ``done`` gets what it returns, ``failed`` its refusal (a cancelled job is not told to it)."""
        job, number = Job(work, done, failed), next(self._numbers)
        job.must_be_done = must_be_done
        self._kept[number] = job
        self._queue.put((number, work, job.progress))
        return job

    @property
    def busy(self) -> bool:
        """Whether something is under way or waits."""
        return bool(self._kept)

    def drop(self) -> None:
        """Cancel everything but what must be done; nothing reports any more."""
        for job in tuple(self._kept.values()):
            if job.must_be_done:
                job.silence()
            else:
                job.drop()

    def hush(self) -> None:
        """Go on, and report nothing."""
        for job in tuple(self._kept.values()):
            job.silence()

    def settle(self) -> None:
        """Wait until everything that was queued so far is done; called in this lane itself, there is nothing to do."""
        if threading.current_thread() is self._thread:
            return
        over = threading.Event()
        self._queue.put(over)
        while not over.wait(0.1) and self._thread.is_alive():
            pass

    def close(self) -> None:
        """Drop everything and wait until the job under way has stopped. May be called in any thread."""
        self.drop()
        self._queue.put(None)
        self._thread.join()

    def finish(self) -> None:
        """Do what was queued, report nothing, and end. For work that must not be lost when the program ends."""
        self.hush()
        self._queue.put(None)
        self._thread.join()

    def _deliver(self, number: int, result: object, error: BaseException | None) -> None:
        self._kept[number].arrive(result, error, lambda: self._kept.pop(number))

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if isinstance(item, threading.Event):
                item.set()
                continue
            number, work, progress = item
            del item
            result, error = _done(work, progress)
            del work, progress
            self._courier.came.emit(number, result, error)
            del result, error


def _done(work: Work, progress: Progress) -> tuple[object, BaseException | None]:
    try:
        progress.check()
        return work(progress), None
    except BaseException as error:
        return None, error
