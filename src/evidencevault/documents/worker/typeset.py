# mypy: disable-error-code="no-untyped-call"
"""HTML to PDF for reports and slip sheets: A4, page numbers, embedded fonts (Latin, Greek, Cyrillic, Arabic, CJK)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pymupdf

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker.failed import Answer, Failed, Read


def typeset(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """The PDF of this HTML (UTF-8)."""
    story, raw = pymupdf.Story(read().decode("utf-8")), io.BytesIO()
    writer, more, count = pymupdf.DocumentWriter(raw), 1, 0
    paper = pymupdf.paper_rect("a4")
    while more:
        device = writer.begin_page(paper)
        more, _ = story.place(pymupdf.Rect(56, 56, paper.width - 56, paper.height - 64))
        story.draw(device)
        writer.end_page()
        count += 1
        if count > limits.pages:
            raise Failed(Reason.TOO_LARGE)
    writer.close()
    with pymupdf.open(stream=raw.getvalue(), filetype="pdf") as document:
        for number, page in enumerate(document, 1):
            page.insert_text((paper.width / 2 - 14, paper.height - 32), f"{number} / {count}", fontsize=8)
        document.subset_fonts()
        yield {"data": document.tobytes(garbage=3, deflate=True, no_new_id=True)}
