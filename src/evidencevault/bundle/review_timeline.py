"""The picture of a review: a line for each step, its two periods, and when it was done. SVG with figures only.

The typesetter shapes no words inside a picture, so lines bear the numbers that the table gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evidencevault.casework.reviews import Review
from evidencevault.policy.review import FOLLOWED, LATE, NOT_DONE, STEP, Row, Verdict

WIDTH, LEFT, RIGHT, LINE, TOP = 480, 24, 8, 13, 14
"""Points: of the picture, its margins, a step's line and the dates above."""
MOST = 40
"""Lines of one picture; more would not stand on a page."""
THEN, NOW, GOOD, BAD = "#8a8a8a", "#3b6ea5", "#2e7d32", "#b3261e"
_TICKS = 5


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime

    def x(self, at: datetime) -> float:
        part = (min(max(at, self.first), self.last) - self.first) / (self.last - self.first)
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)


def pictures(review: Review) -> list[str]:
    """The pictures, in the order of the table; none where no step had a clock."""
    lines = [(number, row) for number, row in enumerate(review.rows, 1) if _shown(review, row)]
    moments = [at for _, row in lines for at in _moments(row)]
    if not moments:
        return []
    first, last = min(moments), max(moments)
    scale = _Scale(first, max(last, first + timedelta(hours=1)))
    return [_picture(scale, lines[place : place + MOST]) for place in range(0, len(lines), MOST)]


def _shown(review: Review, row: Row) -> bool:
    """Of a case from paper nothing that began when it was typed in: years lie between, and the rest were a point."""
    begun = [one.begun for one in (row.then, row.now) if one.begun is not None]
    return row.part == STEP and bool(begun) and not (review.from_paper and min(begun) >= review.opened)


def _moments(row: Row) -> Iterator[datetime]:
    for one in (row.then, row.now):
        yield from (at for at in (one.begun, one.due) if at is not None)
        if one.deed is not None and one.state in (FOLLOWED, LATE):
            yield one.deed.at


def _picture(scale: _Scale, lines: Sequence[tuple[int, Row]]) -> str:
    height = TOP + LINE * len(lines) + 2
    inside = [*_axis(scale, height)]
    for place, (number, row) in enumerate(lines):
        y = TOP + LINE * place
        inside.append(_text(2, y + 9, str(number)))
        inside += _period(scale, row.then, y + 3, THEN)
        inside += _period(scale, row.now, y + 9, NOW)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">'
        f"{''.join(inside)}</svg>"
    )


def _axis(scale: _Scale, height: float) -> Iterator[str]:
    seen: set[date] = set()
    for place in range(_TICKS):
        at = scale.first + (scale.last - scale.first) * place / (_TICKS - 1)
        x = scale.x(at)
        yield f'<line x1="{x}" y1="{TOP - 2}" x2="{x}" y2="{height}" stroke="#dddddd" stroke-width="0.5"/>'
        if at.date() not in seen:
            seen.add(at.date())
            # The last date ends at the edge; a date is about 36 points wide.
            yield _text(min(x, WIDTH - 36), TOP - 5, at.date().isoformat())


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="7" font-family="sans-serif" fill="#444444">{text}</text>'


def _period(scale: _Scale, verdict: Verdict, y: float, colour: str) -> Iterator[str]:
    if verdict.begun is None or verdict.due is None:
        return
    x, end = scale.x(verdict.begun), scale.x(verdict.due)
    yield f'<rect x="{x}" y="{y - 1.2}" width="{max(end - x, 1.5)}" height="2.4" fill="{colour}"/>'
    if verdict.state == NOT_DONE:
        yield _cross(end, y)
    elif verdict.deed is not None and verdict.state in (FOLLOWED, LATE):
        done = scale.x(verdict.deed.at)
        if verdict.state == FOLLOWED:
            yield f'<circle cx="{done}" cy="{y}" r="2.4" fill="{GOOD}"/>'
        else:
            yield f'<line x1="{end}" y1="{y}" x2="{done}" y2="{y}" stroke="{BAD}" stroke-width="0.6"/>'
            yield f'<polygon points="{done - 2.8},{y + 2.4} {done + 2.8},{y + 2.4} {done},{y - 2.8}" fill="{BAD}"/>'


def _cross(x: float, y: float) -> str:
    return (
        f'<path d="M{x - 2.2} {y - 2.2} L{x + 2.2} {y + 2.2} M{x - 2.2} {y + 2.2} L{x + 2.2} {y - 2.2}" '
        f'stroke="{BAD}" stroke-width="1.2" fill="none"/>'
    )
