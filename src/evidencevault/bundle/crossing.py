"""Bundles of one case laid side by side: what one hides and the other shows.

Two recipients who compare what they got see what either of them sees. So each place that a mark hides in one bundle is
sought in every other for somebody else: the same bytes under whatever number, open there. It warns, and never forbids:
sometimes one recipient may see more than another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidencevault.bundle import originals
from evidencevault.bundle.contents import ORIGINAL, REDACTED
from evidencevault.bundle.orders import Item, Order
from evidencevault.custody.casefile import CaseFile
from evidencevault.redaction import plans, subjects
from evidencevault.redaction.marks import Box, Mark, Plan, Span


@dataclass(frozen=True, slots=True)
class Crossing:
    """One exhibit as two bundles have it: numbers of the marks that the other one does not have.

    ``hidden_here`` are hidden in ``bundle`` as ``exhibit`` and can be seen in ``other`` as ``there``; ``hidden_there``
    the other way round.
    """

    bundle: str
    exhibit: str
    other: str
    there: str
    hidden_here: tuple[str, ...]
    hidden_there: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Copy:
    """How one bundle delivers one exhibit; an original has no marks."""

    bundle: str
    exhibit: str
    sha256: bytes
    marks: tuple[Mark, ...]


def crossings(case: CaseFile, order: Order, every: Sequence[Order]) -> tuple[Crossing, ...]:
    """Of one bundle with all for other recipients, and with itself where the same bytes are in it twice."""
    ours = _copies(case, order)
    others = [
        copy for one in every if one.number != order.number and _elsewhere(one, order) for copy in _copies(case, one)
    ]
    found = [_compared(here, there) for here in ours for there in others if here.sha256 == there.sha256]
    twice = [
        _compared(here, there)
        for place, here in enumerate(ours)
        for there in ours[place + 1 :]
        if here.sha256 == there.sha256
    ]
    return tuple(one for one in (*found, *twice) if one.hidden_here or one.hidden_there)


def _elsewhere(one: Order, other: Order) -> bool:
    """Whether two bundles go to different people; a passphrase says nothing about who has it."""
    return not one.recipients or not other.recipients or set(one.recipients) != set(other.recipients)


def _copies(case: CaseFile, order: Order) -> list[_Copy]:
    """What a bundle delivers; an original delivers what is inside it, too, and under its own number."""
    inside = originals.inside(case, [item.exhibit for item in order.items if item.kind == ORIGINAL])
    return [
        _Copy(order.number, item.exhibit, subjects.subject(case, number).sha256, _marks(case, order, item))
        for item in order.items
        if item.kind in (REDACTED, ORIGINAL)
        for number in (item.exhibit, *inside.get(item.exhibit, ()))
    ]


def _marks(case: CaseFile, order: Order, item: Item) -> tuple[Mark, ...]:
    if item.kind == ORIGINAL:
        return ()
    plan: Plan | None = plans.at(case, item.exhibit, item.revision, order.receiver)
    return plan.marks if plan else ()


def _compared(here: _Copy, there: _Copy) -> Crossing:
    return Crossing(
        here.bundle,
        here.exhibit,
        there.bundle,
        there.exhibit,
        _open(here.marks, there.marks),
        _open(there.marks, here.marks),
    )


def look_alike(one: Sequence[Mark], other: Sequence[Mark]) -> bool:
    """Whether two sets of marks hide the same."""
    return not _open(one, other) and not _open(other, one)


def _open(hidden: Sequence[Mark], by: Sequence[Mark]) -> tuple[str, ...]:
    """Numbers of the marks of which something is not covered by those of the other."""
    return tuple(mark.id for mark in hidden if _shown(mark, by))


def _shown(mark: Mark, by: Sequence[Mark]) -> bool:
    if mark.span is None:
        return _seen(mark, by)
    return _watched(mark, mark.span, by) if mark.boxes else _heard(mark.span, by)


def _seen(mark: Mark, by: Sequence[Mark]) -> bool:
    boxes = [box for one in by if one.page == mark.page for box in one.boxes]
    return any(uncovered(box, boxes) for box in mark.boxes)


def _heard(span: Span, by: Sequence[Mark]) -> bool:
    """Whether some of a stretch of sound is in none of the others."""
    at = span.start
    for one in sorted(other.span for other in by if other.span and not other.boxes):
        if one.start <= at < one.end:
            at = one.end
    return at < span.end


def _watched(mark: Mark, span: Span, by: Sequence[Mark]) -> bool:
    """Whether some of a part of a picture can be seen at some time of its stretch."""
    others = [(one.span, one.boxes) for one in by if one.span and one.boxes]
    edges = {span.start, span.end, *(edge for one, _ in others for edge in (one.start, one.end))}
    inside = sorted(edge for edge in edges if span.start <= edge <= span.end)
    for start, end in pairwise(inside):
        boxes = [box for one, all_boxes in others if one.start <= start and one.end >= end for box in all_boxes]
        if any(uncovered(box, boxes) for box in mark.boxes):
            return True
    return False


def uncovered(box: Box, by: Sequence[Box]) -> bool:
    """Whether any area of a box lies outside the union of others."""
    left = [(box.x0, box.y0, box.x1, box.y1)]
    for over in by:
        left = [piece for one in left for piece in _without(one, over)]
    return any(x1 - x0 > _HAIR and y1 - y0 > _HAIR for x0, y0, x1, y1 in left)


_HAIR = 0.002
"""Points: boxes are rounded outwards to the thousandth, so neighbours may differ by that."""
_Rectangle = tuple[float, float, float, float]


def _without(one: _Rectangle, over: Box) -> list[_Rectangle]:
    x0, y0, x1, y1 = one
    if over.x1 <= x0 or over.x0 >= x1 or over.y1 <= y0 or over.y0 >= y1:
        return [one]
    top, bottom = max(y0, over.y0), min(y1, over.y1)
    pieces = [(x0, y0, x1, top), (x0, bottom, x1, y1), (x0, top, over.x0, bottom), (over.x1, top, x1, bottom)]
    return [piece for piece in pieces if piece[2] > piece[0] and piece[3] > piece[1]]
