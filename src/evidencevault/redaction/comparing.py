"""Before and after side by side, page by page: what an approver looks at. A PDF of pictures for one pair of eyes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

from evidencevault.custody.casefile import CaseFile
from evidencevault.documents import pictures
from evidencevault.documents.pictures import Picture
from evidencevault.documents.requests import Bytes, ByteSource, Pixels
from evidencevault.evidence import reading
from evidencevault.progress import Progress
from evidencevault.redaction.burning import PURPOSE, Burnt
from evidencevault.redaction.subjects import Subject

WIDTH = 1000
"""Pixels of each of the two pages."""
_BETWEEN = 20
_POINTS = 72 / 150


class Renderer(Protocol):
    """What comparing asks of ``documents.workers.Workers``."""

    def render(self, name: str, source: ByteSource, page: int, width: int) -> Pixels:
        """One page at about so many pixels."""
        ...


def beside(case: CaseFile, workers: Renderer, subject: Subject, burnt: Burnt, progress: Progress) -> bytes:
    """A PDF of as many pages as the copy has: the original on the left, the redacted copy on the right.

    The caller has entered the view. Raises DocumentFailed, Cancelled.
    """
    return pictures.pdf(_pages(case, workers, subject, burnt, progress))


def _pages(case: CaseFile, workers: Renderer, subject: Subject, burnt: Burnt, progress: Progress) -> Iterator[Picture]:
    progress.expect(progress.state.done + burnt.pages)
    with reading.paged(case, subject.number, purpose=PURPOSE, how="redaction-preview") as reader:
        for number in range(1, burnt.pages + 1):
            before = workers.render(subject.name, reader, number, WIDTH)
            after = workers.render("copy.pdf", Bytes(burnt.data), number, WIDTH)
            yield _pair(number, before, after)
            progress.advance()


def _pair(number: int, before: Pixels, after: Pixels) -> Picture:
    across, down = before.width + _BETWEEN + after.width, max(before.height, after.height)
    grey = b"\x80" * 3
    rows = bytearray()
    for row in range(down):
        rows += b"\0"  # no predictor for this row (RFC 2083, 6.2)
        rows += _row(before, row) + grey * _BETWEEN + _row(after, row)
    data = zlib.compress(bytes(rows), 6)
    return Picture(number, across * _POINTS, down * _POINTS, across, down, 3, 8, "flate", data)


def _row(pixels: Pixels, row: int) -> bytes:
    length = 3 * pixels.width
    return pixels.data[row * length : (row + 1) * length] if row < pixels.height else b"\x80" * length
