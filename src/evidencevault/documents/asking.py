"""One question to a fresh confined process, within one set of limits."""

from __future__ import annotations

from collections.abc import Iterator

from evidencevault.documents import memory, sentences
from evidencevault.documents.requests import (
    LIMITS,
    ByteSource,
    Limits,
    Reason,
)
from evidencevault.documents.said import Said
from evidencevault.documents.supervision import Question, answers


class Asking:
    """Puts questions. Thread-safe."""

    def __init__(self, unconfined: bool = False, limits: Limits = LIMITS) -> None:
        self._unconfined = unconfined
        self._limits = limits
        self._texts = memory.Texts()  # read lately

    def _one(self, name: str, kind: str, source: ByteSource, **more: object) -> Said:
        said = list(self._ask(name, kind, source, **more))
        if len(said) != 1:
            raise sentences.failed(name, Reason.NONSENSE)
        return said[0]

    def _ask(self, name: str, kind: str, source: ByteSource, **more: object) -> Iterator[Said]:
        return answers(Question(kind, name, source, self._limits, more), self._unconfined)


def pdf_of(said: Said) -> bytes:
    """The PDF in an answer. Raises DocumentFailed where there is none."""
    if not said.data.startswith(b"%PDF-"):
        raise said.nonsense()
    return said.data
