"""What every module of the worker shares: the refusal of a document, and the shapes of question and answer."""

from __future__ import annotations

from collections.abc import Callable

from evidencevault.documents.requests import Reason

Answer = dict[str, object]
Read = Callable[[], bytes]
"""Fetches the whole document over the pipe. Raises Failed: empty, too large."""


class Failed(Exception):
    """A reason of the document's own, such as empty, encrypted, damaged, unsupported, too large."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
