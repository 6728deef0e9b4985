"""Before and after, side by side."""

from __future__ import annotations

import pymupdf
from PIL import Image
from tests.support.redactable import Desk

from evidencevault.documents.workers import Workers
from evidencevault.progress import Progress
from evidencevault.redaction import burning, comparing, marking, plans, subjects
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box


def test_the_original_stands_left_and_the_copy_right(desk: Desk) -> None:
    case, workers = desk.case("anna"), Workers()
    marking.mark(case, workers, "E001", Wanted(boxes=((1, Box(100, 300, 300, 400)),)), "other")
    shown = plans.show(case, "E001")
    assert shown is not None
    subject = subjects.subject(case, "E001")
    burnt = burning.burn(case, workers, subject, shown.plan, Progress())
    assert burnt is not None
    data = comparing.beside(case, workers, subject, burnt, Progress())
    with pymupdf.open(stream=data) as document:
        assert document.page_count == 2
        drawn = document[0].get_pixmap(dpi=150)
    picture = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)
    left, right = picture.crop((0, 0, 1000, picture.height)), picture.crop((1020, 0, 2020, picture.height))
    middle = (int(200 / 595 * 1000), int(350 / 595 * 1000))
    assert left.getpixel(middle) == (255, 255, 255) and right.getpixel(middle) == (0, 0, 0)
    words = (int(72 / 595 * 1000), int(85 / 595 * 1000), 600, int(104 / 595 * 1000))
    assert all(min(side.crop(words).convert("L").tobytes()) < 80 for side in (left, right))
