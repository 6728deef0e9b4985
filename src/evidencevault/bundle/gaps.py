"""Gaps that a court is told of: in time (clocks, silences) and in custody (what nobody knows or saw).

Each is one sentence with entry numbers, times and durations, and with no name or free text in it, so that the same
sentence may stand in the report for the file of the case and in the one that leaves the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from evidencevault.custody.casefile import SeenEntry
from evidencevault.evidence.model import Exhibit
from evidencevault.resources import tr

_MOVED = frozenset({"transferred", "received", "imported"})


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: of which exhibit ("" of the case itself), at which entry (None: of no one entry), and what to say."""

    exhibit: str
    entry: int | None
    said: str


def gaps(entries: Sequence[SeenEntry], exhibits: Iterable[Exhibit], witnessed: int) -> list[Gap]:
    """All gaps of a case: ``entries`` from the first one on, ``witnessed`` of them below a cosigned head."""
    found = [*_clocks(entries), *_breaks(entries), *_unwitnessed(len(entries), witnessed)]
    by_exhibit: dict[str, list[SeenEntry]] = {}
    for one in entries:
        if one.action in _MOVED:
            for number in subjects_of(one):
                by_exhibit.setdefault(number, []).append(one)
    for exhibit in exhibits:
        found += _of_exhibit(exhibit, by_exhibit.get(exhibit.number, []))
    return found


def subjects_of(one: SeenEntry) -> set[str]:
    """What an entry is about: numbers of exhibits, bundles, records."""
    if isinstance(one.subject, list):
        return {str(part) for part in one.subject}
    return {one.subject} if isinstance(one.subject, str) else set()


def duration(lasted: timedelta) -> str:
    """``3 d 4 h``, ``2 h 5 min``, ``12.4 s``: the two largest units of a length of time."""
    seconds = lasted.total_seconds()
    if seconds < 60:
        return tr("{n} s").format(n=f"{seconds:.3g}")
    minutes = round(seconds / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, tr("{n} d")), (hours, tr("{n} h")), (minutes, tr("{n} min")))
    return " ".join(unit.format(n=count) for count, unit in parts if count)


def _clocks(entries: Sequence[SeenEntry]) -> Iterator[Gap]:
    for before, after in pairwise(entries):
        one, two = _moment(before.time), _moment(after.time)
        if one is not None and two is not None and two < one:
            said = tr(
                "Entry {n} is dated {by} before entry {before}: a clock was set back, or two computers disagree. The "
                "order of the entries is proven, their times are not."
            )
            yield Gap("", after.sequence, said.format(n=after.sequence, by=duration(one - two), before=before.sequence))


def _breaks(entries: Sequence[SeenEntry]) -> Iterator[Gap]:
    for one in entries:
        if one.action == "reincarnated":
            yield Gap("", one.sequence, _restored(one))
        elif one.action == "rekeyed":
            said = tr("Entry {n}: a new epoch of keys was opened; what follows is closed to whoever left before.")
            yield Gap("", one.sequence, said.format(n=one.sequence))
        elif one.action == "noted" and isinstance(one.details, dict) and one.details.get("kind") == "export-failed":
            said = tr("Entry {n}: what entry {entry} says was handed out did not arrive whole.")
            yield Gap("", one.sequence, said.format(n=one.sequence, entry=one.details.get("entry")))


def _restored(one: SeenEntry) -> str:
    match one.details:
        case {"remembered": [int(seen), str()], "restored": [int(left), str()]}:
            said = tr(
                "Entry {n}: a restored backup was declared. {seen} entries had been seen before, {left} were restored; "
                "what else was written is missing."
            )
            return said.format(n=one.sequence, seen=seen, left=left)
        case _:
            return tr("Entry {n}: a restored backup was declared.").format(n=one.sequence)


def _unwitnessed(size: int, witnessed: int) -> Iterator[Gap]:
    if not witnessed:
        yield Gap("", None, tr("Nobody has witnessed a head of this chain: all entries rest on their authors alone."))
    elif witnessed < size:
        said = tr("The first {n} entries were witnessed by a second person; the {more} after them not yet.")
        yield Gap("", None, said.format(n=witnessed, more=size - witnessed))


def _of_exhibit(one: Exhibit, moved: Sequence[SeenEntry]) -> Iterator[Gap]:
    came = next((entry for entry in moved if entry.action != "transferred"), None)
    if one.acquired_at is None:
        yield Gap(one.number, None, tr("When it was taken over is not recorded."))
    elif came is not None:
        yield from _between(one, one.acquired_at, came)
    if one.custody_before == "unknown":
        yield Gap(one.number, None, tr("Custody before it was taken over is unknown."))
    elif one.custody_before is None:
        yield Gap(one.number, None, tr("Nobody recorded whether custody before it was taken over is known."))
    last = moved[-1] if moved else None
    if last is not None and last.action == "transferred":
        said = tr("Handed over at entry {n}; no later entry says that it came back or went on.")
        yield Gap(one.number, last.sequence, said.format(n=last.sequence))


def _between(one: Exhibit, acquired: str, came: SeenEntry) -> Iterator[Gap]:
    taken, entered = _day_or_moment(acquired), _moment(came.time)
    if taken is None or entered is None:
        return
    waited = entered - taken if isinstance(taken, datetime) else _local_day(came.time) - taken
    if waited < timedelta(0):
        said = tr("Taken over on {taken}, which is {by} after entry {n} brought it in: one of the clocks was wrong.")
        yield Gap(one.number, came.sequence, said.format(taken=acquired, by=duration(-waited), n=came.sequence))
    elif waited >= timedelta(days=1):
        said = tr("Taken over on {taken}, entered {by} later (entry {n}): no entry covers the time between.")
        yield Gap(one.number, came.sequence, said.format(taken=acquired, by=duration(waited), n=came.sequence))


def _local_day(time: str) -> date:
    return datetime.fromisoformat(time).date()


def _day_or_moment(text: str) -> date | datetime | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else _moment(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """A time with its zone; one without (which nothing of ours writes) counts as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
