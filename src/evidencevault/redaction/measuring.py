"""The width attack on an exhibit's own marks, in its own fonts: what the approver sees before signing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from evidencevault.custody.casefile import CaseFile, Value
from evidencevault.documents.requests import ByteSource, Place, Widths
from evidencevault.evidence import exhibits
from evidencevault.evidence.conversion import paged_object
from evidencevault.redaction import gaps, subjects
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.gaps import Figure
from evidencevault.redaction.marks import Box, Mark
from evidencevault.redaction.subjects import Subject


class Measurer(Protocol):
    """What measuring asks of ``documents.workers.Workers``."""

    def widths(self, name: str, source: ByteSource, places: Sequence[Place], texts: Sequence[str]) -> Widths:
        """How wide texts would be in the letters under each place."""
        ...


def measure(
    case: CaseFile, workers: Measurer, subject: Subject, marks: Iterable[Mark], pages: Finder, dpi: int
) -> tuple[Figure, ...]:
    """The figures of the marks of persons that were not widened; the caller has entered the view.

    Raises DocumentFailed, Damaged.
    """
    every = list(marks)
    wide = [(mark.page, box) for mark in every if mark.widened for box in mark.boxes]
    tight = [
        mark for mark in every if mark.kind == "person" and mark.boxes and not mark.widened and not _within(mark, wide)
    ]
    if not tight or subject.object is None:
        return ()
    register = [name for person in subjects.persons(case) for name in person.all_names]
    public, sheets = gaps.public_names(), pages.sheets
    asked = gaps.texts(sheets, register, public)
    with case.open_object(paged_object(case, exhibits.get(case, subject.number))) as reader:
        widths = workers.widths(subject.name, reader, gaps.places(tight), asked)
    return gaps.figures(tight, sheets, widths, register, public, dpi)


def _within(mark: Mark, wide: Sequence[tuple[int, Box]]) -> bool:
    """Whether widened marks cover it, so that its own edges are not seen."""
    return all(any(page == mark.page and over.covers(box) for page, over in wide) for box in mark.boxes)


def gives_away(figure: Figure) -> bool:
    """Whether a gap is to be widened or signed for: narrow, or not measured (pixels, joined letters)."""
    return figure.narrow or not figure.measured


def told(figure: Figure) -> dict[str, Value]:
    """A figure as part of a record's body."""
    return {
        "mark": figure.mark_id,
        "register": figure.register,
        "public": figure.public,
        "measured": figure.measured,
        "singled_out": figure.singled_out,
        "narrow": gives_away(figure),
    }
