"""The entries of an opened case as read so far: only what is new is decrypted, and each item finds its own at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

from evidencevault.custody.casefile import CaseFile, SeenEntry

_KEPT = ("kind", "member")  # of the details; the rest is not shown


class Entries:
    """Used by the reading lane alone. What is kept goes when the case is closed."""

    def __init__(self) -> None:
        self._all: list[SeenEntry] = []
        self._places: dict[str, list[int]] = {}

    def follow(self, case: CaseFile) -> Entries:
        """Read what was written since. Raises Damaged."""
        for one in case.entries(len(self._all)):
            for subject in subjects_of(one):
                self._places.setdefault(subject, []).append(len(self._all))
            details = one.details if isinstance(one.details, Mapping) else {}
            self._all.append(replace(one, details={key: details[key] for key in _KEPT if key in details}))
        return self

    def about(self, subject: str | None) -> list[SeenEntry]:
        """All, or those about one subject; oldest first."""
        if subject is None:
            return list(self._all)
        return [self._all[place] for place in self._places.get(subject, [])]


_entries: WeakKeyDictionary[CaseFile, Entries] = WeakKeyDictionary()


def entries_of(case: CaseFile) -> Entries:
    """The entries of an opened case, up to date."""
    return _entries.setdefault(case, Entries()).follow(case)


def subjects_of(one: SeenEntry) -> tuple[str, ...]:
    """What an entry is about: none, one, or several items."""
    if isinstance(one.subject, list):
        return tuple(str(part) for part in one.subject)
    return (one.subject,) if isinstance(one.subject, str) else ()
