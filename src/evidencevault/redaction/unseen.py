"""Everything that an exhibit's pages do not show, for who decides what leaves. The view is entered first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import HiddenItem
from evidencevault.evidence import exhibits, reading

if TYPE_CHECKING:
    from evidencevault.documents.workers import Workers

__all__ = ["HiddenItem", "unseen"]


def unseen(case: CaseFile, workers: Workers, exhibit: str, purpose: str | None = None) -> list[HiddenItem]:
    """The items; their kinds are codes of ``documents.sentences.unseen``.

    Raises as ``reading.original``, and DocumentFailed.
    """
    name = exhibits.get(case, exhibit).name
    with reading.original(case, exhibit, purpose=purpose, how="hidden") as reader:
        return workers.hidden(name, reader)
