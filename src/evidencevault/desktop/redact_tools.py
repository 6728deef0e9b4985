"""The tools of the canvas: what each would hide between two points of a page, and what it asks of the service."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.errors import Refused
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box
from evidencevault.resources import tr

BOX, TEXT, LINE, PAGE, INVERSE = "box", "text", "line", "page", "inverse"
TOOLS = (BOX, TEXT, LINE, PAGE, INVERSE)
KEYS = {"R": BOX, "T": TEXT, "L": LINE, "P": PAGE, "I": INVERSE}
_LEAST = 2.0  # points: a smaller box is a slip of the hand
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A tool used on a page (from 1), from one point to another, in points from the top left."""

    tool: str
    page: int
    start: Point
    end: Point

    @property
    def box(self) -> Box:
        """The rectangle between the two."""
        (x0, y0), (x1, y1) = self.start, self.end
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    @property
    def big_enough(self) -> bool:
        """Whether a box was meant."""
        return self.tool not in (BOX, INVERSE) or (
            self.box.x1 - self.box.x0 >= _LEAST and self.box.y1 - self.box.y0 >= _LEAST
        )


def said(tool: str) -> str:
    """How a tool is used, in one sentence."""
    return {
        BOX: tr("Box (R): drag over what is to be hidden. By key: Enter, arrows (with Shift: the size), Enter."),
        TEXT: tr("Text (T): drag from the first word to the last. By key: Enter, arrows, Enter."),
        LINE: tr("Line (L): click on a line of text. By key: Enter, up and down, Enter."),
        PAGE: tr("Page (P): click on a page to hide all of it. By key: Enter."),
        INVERSE: tr("All but (I): drag over what may be seen; the rest of the page is hidden."),
    }[tool]


def shape(finder: Finder, placed: Placed) -> tuple[Box, ...]:
    """What would be hidden; nothing where the tool finds nothing there."""
    try:
        match placed.tool:
            case "text":
                return finder.selection(placed.page, placed.start, placed.end).boxes
            case "line":
                return finder.line(placed.page, placed.end[1]).boxes
            case "page":
                return finder.whole(placed.page).boxes
            case "inverse":
                return finder.all_but(placed.page, placed.box).boxes if placed.big_enough else ()
            case _:
                return (placed.box,)
    except Refused:
        return ()


def wanted(placed: Placed) -> Wanted:
    """What is asked of the service."""
    page = placed.page
    match placed.tool:
        case "text":
            return Wanted(texts=((page, placed.start, placed.end),))
        case "line":
            return Wanted(lines=((page, placed.end[1]),))
        case "page":
            return Wanted(pages=(page,))
        case "inverse":
            return Wanted(all_but=((page, placed.box),))
        case _:
            return Wanted(boxes=((page, placed.box),))
