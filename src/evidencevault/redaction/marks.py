"""A mark says what to hide on one page and why; a plan is all marks of one exhibit. Pure: no vault, no parser.

Coordinates are PDF points (1/72 inch), origin top left, pages from 1. They are kept to the thousandth of a point,
always rounded outwards: stored records hold no floats (formats.md §3), and a box may grow but never shrink.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.errors import Refused
from evidencevault.resources import tr

Value = None | bool | int | str | bytes | list["Value"] | dict[str, "Value"]

KINDS = ("box", "text", "line", "page", "inverse", "term", "person", "pattern", "face", "span")
FOUND = ("term", "person", "pattern", "face")
"""Kinds that a search finds, everywhere or in one place; the others are set by hand."""
DRAFT = "draft"
NONE_TO_HIDE = "none-to-hide"
PRIVILEGE = "privilege"
REASONS = (
    "child",
    "reporter",
    "witness",
    "third-party",
    "respondent",
    "address",
    "contact",
    "birth",
    "health",
    "location",
    "image",
    PRIVILEGE,
    "other",
)
"""Reason codes of every policy (records.md); a policy may add its own."""

_ID = re.compile(r"m[0-9]{4,}\Z")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_LARGEST = 10**9


def _outwards(value: float, up: bool) -> float:
    # round(…, 6) first: 0.1 * 1000 is not 100, and a box read back must equal the box written.
    thousandths = round(value * 1000, 6)
    return (math.ceil(thousandths) if up else math.floor(thousandths)) / 1000


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle in points, origin top left: (x0, y0) is the upper left corner, x1 and y1 lie right and below."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        sides = (self.x0, self.y0, self.x1, self.y1)
        if not all(math.isfinite(side) and abs(side) <= _LARGEST / 1000 for side in sides):
            raise Refused(tr("A mark's corners must be finite numbers of points."))
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise Refused(tr("A mark's right and lower edges must not lie before its left and upper ones."))
        for name, up in (("x0", False), ("y0", False), ("x1", True), ("y1", True)):
            object.__setattr__(self, name, _outwards(getattr(self, name), up))

    def touches(self, other: Box) -> bool:
        """Whether the two share any area, or any point where one of them is thin."""
        return self.x0 <= other.x1 and other.x0 <= self.x1 and self.y0 <= other.y1 and other.y0 <= self.y1

    def covers(self, other: Box) -> bool:
        """Whether ``other`` lies wholly within this box."""
        return self.x0 <= other.x0 and self.y0 <= other.y0 and self.x1 >= other.x1 and self.y1 >= other.y1

    def holds_middle(self, other: Box) -> bool:
        """Whether the middle of ``other`` lies within this box (boxes of neighbouring lines often touch)."""
        return self.x0 <= (other.x0 + other.x1) / 2 <= self.x1 and self.y0 <= (other.y0 + other.y1) / 2 <= self.y1

    def union(self, other: Box) -> Box:
        """The smallest box that covers both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def grown(self, by: float) -> Box:
        """The box with ``by`` points added on every side."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def thousandths(self) -> list[Value]:
        """The four sides as whole thousandths of a point, for a sealed record."""
        return [round(side * 1000) for side in (self.x0, self.y0, self.x1, self.y1)]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a recording in milliseconds from its beginning, the end not included."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= _LARGEST:
            raise Refused(tr("A stretch of a recording needs a beginning and, after it, an end."))


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to hide: boxes on one page, why, under which label, set by whom and when.

    ``term`` is the searched text of a term mark: what the attack must not find afterwards. ``what`` is what was looked
    for by the others that are found: the label of a person, the name of a pattern, "face". ``at`` is RFC 3339 with
    offset; ``author`` the hex key_id of the member. In a recording ``span`` says when; boxes are then pixels of the
    picture, and without boxes the sound is silenced; the page is 1. ``widened``: the boxes end where the line's room
    ends, and say nothing of how wide the hidden name is.
    """

    id: str
    page: int
    boxes: tuple[Box, ...]
    kind: str
    reason: str
    label: str
    author: str
    at: str
    term: str = ""
    what: str = ""
    span: Span | None = None
    widened: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Refused(tr("There is no kind of mark called “{kind}”.").format(kind=self.kind))
        if not _ID.match(self.id) or self.page < 1 or not (self.boxes or self.span):
            raise Refused(tr("A mark needs a number, a page from 1 and at least one box."))
        check_reason(self.reason)
        if datetime.fromisoformat(self.at).tzinfo is None:
            raise Refused(tr("A mark's time must say its offset."))


@dataclass(frozen=True, slots=True)
class Open:
    """A place that was found and is left open on purpose: where, what was found there, by whom decided and when.

    ``kind`` and ``what`` as in a mark; ``what`` of a term is the term.
    """

    page: int
    boxes: tuple[Box, ...]
    kind: str
    what: str
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be hidden in one exhibit, bound to the bytes that were reviewed.

    ``state`` is ``draft`` or ``none-to-hide`` ("reviewed, nothing to hide"); that a plan is approved stands in a record
    of its own that names this plan's commitment, so changing a plan can never keep its approval. ``counter`` is the
    number of the last mark ever given, so that a removed mark's number is not given again. ``before`` is the revision
    that undo goes back to (0: the empty plan; None: there is nothing before), ``undone`` those that redo takes up.
    ``sent``: a member asked for its approval, and nothing was changed since.
    """

    exhibit: str
    exhibit_sha256: bytes
    marks: tuple[Mark, ...] = ()
    state: str = DRAFT
    counter: int = 0
    left_open: tuple[Open, ...] = ()
    before: int | None = None
    undone: tuple[int, ...] = ()
    sent: bool = False

    def __post_init__(self) -> None:
        if self.state not in (DRAFT, NONE_TO_HIDE) or len(self.exhibit_sha256) != 32:
            raise Refused(tr("The redaction plan of {exhibit} is not well formed.").format(exhibit=self.exhibit))
        if self.state == NONE_TO_HIDE and self.marks:
            raise Refused(
                tr("{exhibit} has marks, so “nothing to hide” cannot be said of it; remove them first.").format(
                    exhibit=self.exhibit
                )
            )
        names = [mark.id for mark in self.marks]
        if len(set(names)) != len(names):
            raise Refused(tr("Two marks of {exhibit} bear the same number.").format(exhibit=self.exhibit))

    def with_marks(self, more: tuple[Mark, ...]) -> Plan:
        """The plan as a draft with ``more`` marks."""
        numbers = [int(mark.id[1:]) for mark in more]
        plan = replace(self, marks=self.marks + more, state=DRAFT, counter=max([self.counter, *numbers]))
        # What is hidden after all is not open any more: else the leak check would let it pass there.
        return replace(plan, left_open=tuple(one for one in plan.left_open if not plan.hides(one)))

    def hides(self, left: Open) -> bool:
        """Whether a place that was left open is hidden by marks now."""
        here = [box for mark in self.marks if mark.page == left.page for box in mark.boxes]
        return all(any(one.holds_middle(box) for one in here) for box in left.boxes)

    def mark(self, mark_id: str) -> Mark:
        """One mark by its number; Refused if there is none."""
        for one in self.marks:
            if one.id == mark_id:
                return one
        raise Refused(tr("{exhibit} has no mark {mark}.").format(exhibit=self.exhibit, mark=mark_id))

    def concerns(self, label: str) -> bool:
        """Whether it holds a mark for a person."""
        return any(label in (mark.label, mark.what) for mark in self.marks)

    def without(self, mark_id: str) -> Plan:
        """The plan as a draft without one mark; Refused if it has no such mark."""
        gone = self.mark(mark_id)
        return replace(self, marks=tuple(one for one in self.marks if one is not gone), state=DRAFT)

    def leaving_open(self, more: tuple[Open, ...]) -> Plan:
        """The plan as a draft with more places that stay open on purpose."""
        return replace(self, left_open=self.left_open + more, state=DRAFT)

    def covers(self, page: int, boxes: tuple[Box, ...]) -> bool:
        """Whether every box of a place lies within one box of a mark on its page."""
        wide = [box for mark in self.marks if mark.page == page for box in mark.boxes]
        return all(any(one.covers(box) for one in wide) for box in boxes)

    def leaves_open(self, page: int, boxes: tuple[Box, ...], what: str) -> bool:
        """Whether a place was left open on purpose: one of each two boxes holds the middle of the other."""
        left = [box for one in self.left_open if (one.page, one.what) == (page, what) for box in one.boxes]
        return all(any(one.holds_middle(box) or box.holds_middle(one) for one in left) for box in boxes)

    def next_id(self, ahead: int = 0) -> str:
        """The number of the next mark, or of the one ``ahead`` further on."""
        return f"m{self.counter + 1 + ahead:04d}"

    def pages(self) -> dict[int, tuple[Mark, ...]]:
        """The marks by page."""
        found: dict[int, tuple[Mark, ...]] = {}
        for mark in self.marks:
            found[mark.page] = (*found.get(mark.page, ()), mark)
        return found


def check_reason(code: str) -> None:
    """Refused unless ``code`` looks like a reason code (lower case, digits, hyphens)."""
    if not _CODE.match(code):
        raise Refused(
            tr("“{code}” is not a reason code; use one of: {known}.").format(code=code, known=", ".join(REASONS))
        )
