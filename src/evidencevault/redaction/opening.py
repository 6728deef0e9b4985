"""The plan of a copy for the person it is about (GDPR art. 15): their own names stay open, everybody else's are burnt.

What lies under a mark of theirs nobody had to look at, because it was hidden: there everybody else of the register,
and what leads to people, is sought anew. A family name that two persons bear is theirs only within their full name.
Doubt is burnt.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evidencevault.errors import Refused
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.found import ROOM, Found, Spot, together, without_doubles
from evidencevault.redaction.marks import DRAFT, Box, Mark, Open, Plan
from evidencevault.redaction.patterns import PATTERNS
from evidencevault.redaction.subjects import Named, spelling
from evidencevault.redaction.suggesting import REASON_OF_PATTERN, REASON_OF_ROLE
from evidencevault.resources import tr

LEADS = tuple(name for name in PATTERNS if name != "date")
"""Patterns that lead to people. That something happened on a day says nothing of anybody else."""
_INEXACT = 2 * ROOM
"""Points by which letters read in pixels may lie beside those that are written there."""
_Area = Sequence[tuple[int, Box]]


@dataclass(frozen=True, slots=True)
class Opener:
    """Whose names are left open, everybody else of the register, the country, and who opens them when (as in marks).

    ``by_hand`` are marks of theirs that the approver opens by number: what was marked by hand may hide anything.
    """

    person: Named
    others: Sequence[Named]
    country: str
    author: str
    at: str
    by_hand: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of one other person lies on the pages: certain hits, and those that are part of a name of the subject's."""

    who: Named
    certain: Sequence[Spot]
    within: Sequence[Spot]


def opened(plan: Plan, opener: Opener, finder: Finder | None) -> Plan:
    """The plan of the copy for this person; ``finder`` is None for what has no pages (a recording).

    Raises Refused where a mark to be opened by hand is not theirs, NotFound where there is none.
    """
    _check(plan, opener)
    own, seen = _seen(opener, finder) if finder else ([], [])
    gone = {mark.id for mark in plan.marks if _opens(mark, opener, seen)}
    area = [(mark.page, box) for mark in plan.marks if mark.id in gone for box in mark.boxes]
    # A place left open because a mark lay over it was never meant to be seen.
    left = tuple(one for one in plan.left_open if not plan.hides(one))
    kept = replace(plan, marks=tuple(mark for mark in plan.marks if mark.id not in gone), left_open=left, state=DRAFT)
    for mark in _fresh(kept, opener, own, seen, finder, area) if finder else ():
        if not kept.covers(mark.page, mark.boxes):
            kept = kept.with_marks((replace(mark, id=kept.next_id()),))
    theirs = tuple(
        Open(spot.exact.page, spot.exact.boxes, "person", one.who.label, opener.author, opener.at)
        for one in seen
        for spot in one.within
    )
    return replace(kept, left_open=(*kept.left_open, *theirs))


def _check(plan: Plan, opener: Opener) -> None:
    for number in opener.by_hand:
        if plan.mark(number).label != opener.person.label:
            raise Refused(
                tr("Mark {mark} of {exhibit} does not bear the label “{label}” alone, so it stays hidden.").format(
                    mark=number, exhibit=plan.exhibit, label=opener.person.label
                )
            )


def _seen(opener: Opener, finder: Finder) -> tuple[list[Spot], list[_Seen]]:
    own = finder.spots(opener.person.names, opener.person.aliases)
    return own, [_told_apart(one, finder.spots(one.names, one.aliases), own) for one in opener.others]


def _told_apart(who: Named, spots: Sequence[Spot], own: Sequence[Spot]) -> _Seen:
    """A hit is part of the subject's name where that says more than all hits of the other person together.

    What is read in pixels has lost its cells: where it lies on such a part as it is written, it is that part.
    """
    fits = frozenset[tuple[int, bool, int]]().union(*(spot.letters for spot in spots))
    whole = [one for one in own if one.letters - fits and _runs_on(one.exact.boxes)]
    within = [spot for spot in spots if any(spot.letters < one.letters for one in whole)]
    parts = [(one.exact.page, box.grown(_INEXACT)) for one in within if not one.read for box in one.exact.boxes]
    within += [
        spot
        for spot in spots
        if spot.read
        and spot not in within
        and all(any(spot.exact.page == page and part.covers(box) for page, part in parts) for box in spot.exact.boxes)
    ]
    return _Seen(who, [spot for spot in spots if spot not in within], within)


def _runs_on(boxes: Sequence[Box]) -> bool:
    """Whether a name stands in one line or goes on in the next: from one cell to another it is two names."""
    return not any(_beside(one, other) for one, other in itertools.combinations(boxes, 2))


def _beside(one: Box, other: Box) -> bool:
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    least = min(one.y1 - one.y0, other.y1 - other.y0)
    return high > least / 2 and max(one.x0, other.x0) - min(one.x1, other.x1) > least


def _opens(mark: Mark, opener: Opener, seen: Sequence[_Seen]) -> bool:
    label = opener.person.label
    if mark.id in opener.by_hand:
        return True
    match mark.kind:
        case "person" if mark.what == label:
            return mark.label in ("", label)
        case "person":
            parts = [spot for one in seen if one.who.label == mark.what for spot in one.within]
            places = [*together(parts, wide=False), *together(parts, wide=True)]
            places += [place for one in parts for place in (one.exact, one.wide)]
            return any((mark.page, mark.boxes) == (one.page, one.boxes) for one in places)
        case "term":
            return mark.label == label and spelling(mark.term) in opener.person.spelt
        case _:
            return False


def _fresh(
    kept: Plan, opener: Opener, own: Sequence[Spot], seen: Sequence[_Seen], finder: Finder, area: _Area
) -> Iterator[Mark]:
    """Marks for what comes to light in ``area`` and is neither hidden by what is kept nor left open on purpose."""
    for one in seen:
        label, reason = one.who.label, REASON_OF_ROLE.get(one.who.role, one.who.role)
        shown = [spot for spot in one.certain if _shows(kept, spot.exact, spot.wide, label, area)]
        misread = finder.misread(one.who.names, one.who.aliases)
        near = [found for found in misread if not _on(found, own) and _shows(kept, found, found, label, area)]
        for found in without_doubles([*together(shown, wide=True), *near]):
            yield _mark(opener, found, "person", reason, label, label)
    for name in LEADS:
        for found in finder.pattern(name, opener.country):
            if _shows(kept, found, found, name, area):
                yield _mark(opener, found, "pattern", REASON_OF_PATTERN.get(name, "other"), "", name)


def _mark(opener: Opener, found: Found, kind: str, reason: str, label: str, what: str) -> Mark:
    widened = kind == "person"
    return Mark(
        "m0000", found.page, found.boxes, kind, reason, label, opener.author, opener.at, "", what, None, widened
    )


def _shows(kept: Plan, exact: Found, wide: Found, what: str, area: _Area) -> bool:
    """Whether a place lies in the area, and nothing else hides it or leaves it open."""
    here = any(page == exact.page and _over(box, one) for page, box in area for one in exact.boxes)
    return here and not kept.covers(wide.page, wide.boxes) and not kept.leaves_open(exact.page, exact.boxes, what)


def _on(found: Found, spots: Iterable[Spot]) -> bool:
    return any(
        one.exact.page == found.page and _over(box, other)
        for one in spots
        for box in one.exact.boxes
        for other in found.boxes
    )


def _over(one: Box, other: Box) -> bool:
    """Whether two boxes lie on each other by more than the margins that neighbouring lines share."""
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    return wide > 0 and high > 0.3 * min(one.y1 - one.y0, other.y1 - other.y0)


def readable(plan: Plan, opener: Opener, finder: Finder) -> Mapping[str, int]:
    """Of the others, how often each can be read in the copy of a plan, because nobody hid them there."""
    counted: dict[str, int] = {}
    for one in _seen(opener, finder)[1]:
        open_there = [spot for spot in one.certain if not plan.covers(spot.exact.page, spot.exact.boxes)]
        if open_there:
            counted[one.who.label] = len(open_there)
    return counted
