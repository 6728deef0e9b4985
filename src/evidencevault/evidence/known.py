"""The records of a kind as read so far, kept beside an opened case: only what is new since is opened again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from evidencevault.custody.casefile import CaseFile, Kind, Record
from evidencevault.evidence.model import Exhibit, Findings, exhibit_from, with_findings

_T = TypeVar("_T")
_FEW = 32  # below this, single reads are quicker than reading the whole kind


class _Kept(Generic[_T]):
    """Item → (revision, parsed) in the order in which the records were made."""

    def __init__(self, kind: Kind, parse: Callable[[Record], _T]) -> None:
        self._kind = kind
        self._parse = parse
        self._held: dict[bytes, tuple[int, _T]] = {}

    def refreshed(self, case: CaseFile) -> dict[bytes, tuple[int, _T]]:
        state = case.ledger.state
        now = {one.item: one.revision for one in state.of_kind(self._kind) if one.item not in state.erased}
        missing = [item for item, revision in now.items() if self._held.get(item, (0,))[0] != revision]
        if missing or len(now) != len(self._held):
            many = len(missing) > _FEW
            read = case.records(self._kind) if many else [case.record(item) for item in missing]
            wanted = set(missing)
            fresh = {one.item: (one.revision, self._parse(one)) for one in read if one.item in wanted}
            self._held = {item: fresh.get(item) or self._held[item] for item in now}
        return self._held

    def part(self, case: CaseFile, first: int, most: int) -> list[_T]:
        """So many of the kind from one on, in their order; what is erased is left out."""
        state = case.ledger.state
        part = state.of_kind(self._kind)[first : first + most]
        items = [one.item for one in part if one.item not in state.erased]
        missing = [item for item in items if self.current(case, item) is None]
        self._held.update((one.item, (one.revision, self._parse(one))) for one in case.records_of(missing))
        return [self._held[item][1] for item in items]

    def count(self, case: CaseFile) -> int:
        """How many there ever were."""
        return len(case.ledger.state.of_kind(self._kind))

    def whole(self, case: CaseFile) -> bool:
        """Whether all were read, in whatever revision."""
        state = case.ledger.state
        every = state.of_kind(self._kind)
        few = len(self._held) + len(state.erased) < len(every)
        return not few and all(one.item in self._held for one in every if one.item not in state.erased)

    def current(self, case: CaseFile, item: bytes) -> _T | None:
        """One record, if it was read and is the newest revision."""
        held, latest = self._held.get(item), case.ledger.state.records.get(item)
        fresh = held is not None and latest is not None and held[0] == latest.revision
        return held[1] if held is not None and fresh and item not in case.ledger.state.erased else None

    def find(self, case: CaseFile, near: int, fits: Callable[[_T], bool]) -> tuple[bytes, _T] | None:
        """One that fits, looked for from the ``near``-th on outwards: only as many are read as it takes."""
        state = case.ledger.state
        items = [one.item for one in state.of_kind(self._kind) if one.item not in state.erased]
        place = {item: n for n, item in enumerate(items)}
        nearest = sorted(items, key=lambda item: abs(place[item] - near))
        for start in range(0, len(nearest), _FEW):
            part = nearest[start : start + _FEW]
            missing = [item for item in part if self.current(case, item) is None]
            read = {one.item: (one.revision, self._parse(one)) for one in case.records_of(missing)}
            held = {**self._held, **read}
            self._held = {item: held[item] for item in items if item in held}
            found = next(((item, held[item][1]) for item in part if fits(held[item][1])), None)
            if found is not None:
                return found
        return None

    @property
    def held(self) -> dict[bytes, tuple[int, _T]]:
        """What was read so far."""
        return self._held


class Known:
    """Findings and exhibits of one opened case."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._records: _Kept[Exhibit] = _Kept(Kind.EXHIBIT, lambda record: exhibit_from(record, None))
        self._findings = _Kept(Kind.FINDINGS, Findings.from_record)
        self._items: dict[str, bytes] = {}  # of findings, by the exhibit they are about
        self._merged: dict[str, tuple[Exhibit, Findings, Exhibit]] = {}

    def findings(self, case: CaseFile) -> dict[str, Findings]:
        """By exhibit number, the newest."""
        with self._lock:
            return {found.exhibit: found for _, found in self._findings.refreshed(case).values()}

    def findings_of(self, case: CaseFile, exhibit: bytes, number: str) -> Findings | None:
        """Those of one exhibit. They are written in the order of the exhibits, so they stand near its place."""
        with self._lock:
            item = self._items.get(number)
            known_already = self._findings.current(case, item) if item is not None else None
            if known_already is not None:
                return known_already
            state = case.ledger.state
            before = (one.item for one in state.of_kind(Kind.EXHIBIT) if one.item not in state.erased)
            near = next((n for n, one in enumerate(before) if one == exhibit), 0)
            found = self._findings.find(case, near, lambda one: one.exhibit == number)
            if found is None:
                return None
            self._items[number] = found[0]
            return found[1]

    def findings_item(self, case: CaseFile, number: str) -> bytes | None:
        """The item of an exhibit's findings, for its next revision."""
        with self._lock:
            found = self._findings.refreshed(case)
            return next((item for item, (_, one) in found.items() if one.exhibit == number), None)

    def part(self, case: CaseFile, first: int, most: int) -> tuple[list[Exhibit], int | None]:
        """So many exhibits from one on, with what was found in them as far as that was read, and where to go on.

        Once all are read: all of them, and None.
        """
        with self._lock:
            read: list[Exhibit] = []
            found: dict[str, Findings] = {}
            if not self._all_read(case):
                read = self._records.part(case, first, most)
                found = {one.exhibit: one for one in self._findings.part(case, first, most)}
            if self._all_read(case):
                return self.exhibits(case), None
            end = max(self._records.count(case), self._findings.count(case))  # what is added meanwhile stands behind
            return [self._with(one, found.get(one.number)) for one in read], min(first + most, end)

    def _all_read(self, case: CaseFile) -> bool:
        return self._records.whole(case) and self._findings.whole(case)

    def read_so_far(self, case: CaseFile) -> list[Exhibit]:
        """The exhibits read so far that are there still, without what was found in them."""
        with self._lock:
            erased = case.ledger.state.erased
            return [one for item, (_, one) in self._records.held.items() if item not in erased]

    def exhibits(self, case: CaseFile) -> list[Exhibit]:
        """All, in the order of their numbers."""
        with self._lock:
            findings = self.findings(case)
            return [self._with(one, findings.get(one.number)) for _, one in self._records.refreshed(case).values()]

    def _with(self, exhibit: Exhibit, findings: Findings | None) -> Exhibit:
        if findings is None:
            return exhibit
        held = self._merged.get(exhibit.number)
        if held is None or held[0] is not exhibit or held[1] is not findings:
            held = self._merged[exhibit.number] = (exhibit, findings, with_findings(exhibit, findings))
        return held[2]


_known: WeakKeyDictionary[CaseFile, Known] = WeakKeyDictionary()
_lock = threading.Lock()


def known(case: CaseFile) -> Known:
    """What is kept for this opened case; it goes when the case is closed."""
    with _lock:
        return _known.setdefault(case, Known())
