"""Work that somebody stops."""

from __future__ import annotations

from evidencevault.progress import Progress, State


def stopping_at(step: int) -> Progress:
    """A progress that is cancelled at this step."""
    seen = 0

    def count(_: State) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            progress.cancel()

    progress = Progress(count)
    return progress
