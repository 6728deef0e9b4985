"""The width attack on one's own marks: how many names would fit the gap that a mark leaves, and does it single one out.

Measured as an attacker would (redaction.md): the set width of each name of the register and of a public list, in the
font of the document, against the width of the name that is hidden.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from evidencevault.custody.casefile import CaseFile
from evidencevault.documents import requests
from evidencevault.documents.requests import ByteSource, Setting
from evidencevault.redaction import subjects
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marks import Box, Mark, Value
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import find

TOLERANCE = 0.75
"""Pixels of the burnt page within which a width fits."""
ENOUGH = 20
"""Candidates below which a gap is narrow."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A mark whose width is that of what it hides: the text (a secret), and the box."""

    mark: str
    page: int
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """How many other names fit a gap: of the case's register, and of the public list (pairs of names for full names).

    ``measured`` is False where letters have no font to measure (pixels): nothing is known, and it counts as narrow.
    """

    mark: str
    page: int
    register: int
    public: int
    measured: bool

    @property
    def narrow(self) -> bool:
        """Whether the gap gives the name away: few candidates, or none but the true one in the register."""
        return not self.measured or self.register == 0 or self.register + self.public < ENOUGH

    def to_body(self) -> dict[str, Value]:
        """As part of a record's body."""
        return {
            "mark": self.mark,
            "page": self.page,
            "register": self.register,
            "public": self.public,
            "measured": self.measured,
        }


class Measurer(Protocol):
    """What measuring asks of ``documents.workers.Workers``."""

    def widths(
        self, name: str, source: ByteSource, places: Sequence[requests.Mark], letters: str
    ) -> list[Setting | None]:
        """How wide letters are set at each place; None where none stands there."""
        ...


@lru_cache(maxsize=1)
def public_names() -> tuple[str, ...]:
    """Given and family names of many countries (resources/names)."""
    return tuple(find("resources/names/names.txt").read_text(encoding="utf-8").splitlines())


def gaps(marks: Iterable[Mark], pages: Finder) -> list[Gap]:
    """The marks of persons that end where the name ends; those that were widened leave no gap to measure."""
    found = []
    for mark in marks:
        for box in mark.boxes if mark.kind == "person" and not mark.widened else ():
            text = " ".join(pages.text_under(mark.page, [box]).split())
            found.append(Gap(mark.id, mark.page, box, text))
    return found


def measure(
    case: CaseFile, workers: Measurer, subject: Subject, marks: Iterable[Mark], pages: Finder, dpi: int
) -> list[Figure]:
    """The figures of an exhibit's marks, as its own fonts set the names; the caller has entered the view.

    Raises DocumentFailed, Damaged.
    """
    found = gaps(marks, pages)
    if not found or subject.object is None:
        return []
    register = [name for person in subjects.persons(case) for name in person.all_names]
    places = [requests.Mark(one.page, one.box.x0, one.box.y0, one.box.x1, one.box.y1) for one in found]
    with case.open_object(subject.object) as reader:
        settings = workers.widths(subject.name, reader, places, letters_of(register))
    return figures(found, settings, register, dpi)


def letters_of(register: Sequence[str]) -> str:
    """Every letter whose width is asked for."""
    return "".join(sorted({" ", *(c for name in (*register, *public_names()) for c in name)}))


def figures(
    found: Sequence[Gap], settings: Sequence[Setting | None], register: Sequence[str], dpi: int
) -> list[Figure]:
    """A figure for each gap, from how letters are set there (in the order of :func:`letters_of`)."""
    letters = letters_of(register)
    told = []
    for gap, setting in zip(found, settings, strict=True):
        if setting is None or not gap.text:
            told.append(Figure(gap.mark, gap.page, 0, 0, False))
            continue
        widths = dict(zip(letters, setting.advances, strict=True))
        told.append(_figure(gap, widths, register, TOLERANCE * 72 / dpi))
    return told


def _figure(gap: Gap, widths: Mapping[str, float], register: Sequence[str], tolerance: float) -> Figure:
    missing = [c for c in gap.text if c not in widths]
    if missing:
        return Figure(gap.mark, gap.page, 0, 0, False)
    target = _width(gap.text, widths)
    words = len(gap.text.split())
    own = {name for whole in register for name in ((whole,) if words > 1 else whole.split())} - {gap.text}
    known = sum(abs(_width(name, widths) - target) <= tolerance for name in own)
    single = sorted(_width(name, widths) for name in public_names() if name not in own and name != gap.text)
    public = _within(single, target, tolerance) if words == 1 else _pairs(single, target - widths[" "], tolerance)
    return Figure(gap.mark, gap.page, known, public, True)


def _pairs(widths: Sequence[float], target: float, tolerance: float) -> int:
    """How many pairs of names have a sum that fits; counted, not listed: there are tens of millions."""
    return sum(_within(widths, target - one, tolerance) for one in widths)


def _within(ordered: Sequence[float], target: float, tolerance: float) -> int:
    return bisect.bisect_right(ordered, target + tolerance) - bisect.bisect_left(ordered, target - tolerance)


def _width(text: str, widths: Mapping[str, float]) -> float:
    return sum(widths[c] for c in text)
