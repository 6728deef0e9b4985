"""Each step of the demo as one line: when it ended, how long it took, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from evidencevault.custody.office import Clock

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """Says each step with the time of day at which it ended and the seconds that it took."""

    tell: Tell
    clock: Clock

    @contextmanager
    def step(self, what: str) -> Iterator[list[str]]:
        """One step; what is put into the list is said with it. A step that fails is not said."""
        begun, more = time.monotonic(), list[str]()
        yield more
        took = time.monotonic() - begun
        said = f"{what}: {', '.join(more)}" if more else what
        self.tell(f"{self.clock().strftime('%H:%M:%S')} {took:6.1f} s  {said}")
