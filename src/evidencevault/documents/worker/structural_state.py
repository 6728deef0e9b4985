"""Matrices, clips and what was painted while a page is flattened: user space, points."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from evidencevault.documents.worker.structural_images import Box, Matrix
from evidencevault.documents.worker.structural_keys import number, unsafe

UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
COMPLEX = 8
"""Segments from which on a path could be a letter or a picture."""
_FURTHEST = 1e6


@dataclass(frozen=True, slots=True)
class State:
    """What ``q`` saves, as far as it decides what can be seen. ``plain`` is a clip of rectangles only."""

    ctm: Matrix
    clip: Box
    plain: bool = True
    mode: int = 0
    white_fill: bool = False
    white_line: bool = False


@dataclass(frozen=True, slots=True)
class Painted:
    """Something painted, in the order of painting. ``kind``: image, path (could be a letter), line, cover, white."""

    kind: str
    box: Box


@dataclass(slots=True)
class Path:
    """The path under construction: its points in user space, and whether it is one rectangle."""

    points: list[tuple[float, float]] = field(default_factory=list)
    segments: int = 0
    rectangles: int = 0

    def add(self, operator: str, values: list[float], ctm: Matrix) -> None:
        """A construction operator (8.5.2)."""
        self.segments += 1
        if operator == "re":
            x, y, wide, high = values
            self.rectangles += 1
            corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
        else:
            corners = list(zip(values[::2], values[1::2], strict=True))
        self.points += [moved(point, ctm) for point in corners]

    @property
    def box(self) -> Box:
        """What the path covers at most."""
        return around(self.points)

    def is_rectangle(self, ctm: Matrix) -> bool:
        """Whether the path is one rectangle along the axes."""
        straight = (ctm[1] == ctm[2] == 0) or (ctm[0] == ctm[3] == 0)
        return straight and self.rectangles == 1 and self.segments == 1


def matrix(values: list[Any]) -> Matrix:
    """Six numbers; Failed otherwise."""
    if len(values) != 6:
        raise unsafe()
    a, b, c, d, e, f = (float(number(one)) for one in values)
    return (a, b, c, d, e, f)


def times(first: Matrix, then: Matrix) -> Matrix:
    """``first``, then ``then``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def moved(point: tuple[float, float], by: Matrix) -> tuple[float, float]:
    """A point under a matrix; Failed where it lies beyond every page."""
    x = point[0] * by[0] + point[1] * by[2] + by[4]
    y = point[0] * by[1] + point[1] * by[3] + by[5]
    if not (abs(x) < _FURTHEST and abs(y) < _FURTHEST):
        raise unsafe()
    return x, y


def around(points: list[tuple[float, float]]) -> Box:
    """The box around points; empty where there are none."""
    if not points:
        return (0.0, 0.0, 0.0, 0.0)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))


def shared(one: Box, other: Box) -> Box:
    """Where two boxes overlap; empty (no width or height) where they do not."""
    x0, y0, x1, y1 = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (x0, y0, max(x0, x1), max(y0, y1))


def area(box: Box) -> float:
    """Square points."""
    return (box[2] - box[0]) * (box[3] - box[1])


def touching(one: Box, other: Box) -> bool:
    """Whether two boxes share a point, with the width of a line around them."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def coloured(state: State, operator: str, values: list[float]) -> State:
    """The state after a colour was set; only white is of interest, on which nothing can be seen."""
    white = {"g": values == [1], "rg": values == [1, 1, 1], "k": values == [0, 0, 0, 0]}.get(operator.lower(), False)
    return replace(state, white_fill=white) if operator.islower() else replace(state, white_line=white)


def clipped(state: State, path: Path, hidden: tuple[Box, ...]) -> State:
    """The state after ``W`` and a painting operator. A clip that is not plain must not have the shape of a secret."""
    box = path.box
    if path.is_rectangle(state.ctm):
        return replace(state, clip=shared(state.clip, box))
    if path.segments > COMPLEX and any(touching(box, one) for one in hidden):
        raise unsafe()
    return replace(state, clip=shared(state.clip, box), plain=False)
