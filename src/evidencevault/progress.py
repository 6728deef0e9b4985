"""Progress of long work: the worker advances and says, the face shows and may cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from evidencevault.errors import Cancelled


@dataclass(frozen=True, slots=True)
class State:
    """Where the work stands. ``done`` and ``total`` share one unit (bytes or things); ``total`` 0 means unknown."""

    done: int = 0
    total: int = 0
    said: str = ""


class Progress:
    """Handed to every long function. Thread-safe; the face passes ``show`` and may call :meth:`cancel`."""

    def __init__(self, show: Callable[[State], None] | None = None) -> None:
        self._show = show
        self._lock = threading.Lock()
        self._state = State()
        self._cancelled = threading.Event()

    @property
    def state(self) -> State:
        """The latest state."""
        return self._state

    def expect(self, total: int) -> None:
        """Set how much there is to do."""
        self._move(State(self._state.done, total, self._state.said))

    def advance(self, amount: int = 1) -> None:
        """Count ``amount`` more as done; raises :class:`Cancelled` if the person stopped."""
        self.check()
        with self._lock:
            state = self._state = State(self._state.done + amount, self._state.total, self._state.said)
        self._tell(state)

    def say(self, text: str) -> None:
        """Name what is being worked on."""
        self._move(State(self._state.done, self._state.total, text))

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled.set()

    @property
    def stopping(self) -> bool:
        """Whether the person asked for it."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise :class:`Cancelled` if the person stopped."""
        if self._cancelled.is_set():
            raise Cancelled("Stopped. What was finished before stays; the rest was not begun.")

    def _move(self, state: State) -> None:
        with self._lock:
            self._state = state
        self._tell(state)

    def _tell(self, state: State) -> None:
        if self._show is not None:
            self._show(state)
