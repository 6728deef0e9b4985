"""What every module of the worker shares: the refusal of a document, and the shapes of question and answer."""

from __future__ import annotations

from typing import Protocol

from evidencevault.documents.requests import Reason

Answer = dict[str, object]


class Read(Protocol):
    """Fetches the document over the pipe."""

    def __call__(self) -> bytes:
        """All of it. Raises Failed: empty, too large."""
        ...

    @property
    def size(self) -> int:
        """Its length in bytes, as the program says."""
        ...

    def part(self, offset: int, most: int) -> bytes:
        """Up to ``most`` bytes from ``offset``; none at the end. Raises Failed (damaged) where the pipe fails."""
        ...


class Failed(Exception):
    """A reason of the document's own, such as empty, encrypted, damaged, unsupported, too large."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
