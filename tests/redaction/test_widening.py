"""Where a widened mark ends: at what does not move with the name."""

from __future__ import annotations

import pymupdf
import pytest

from evidencevault.documents.requests import Bytes, PageText
from evidencevault.documents.workers import Workers
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marks import Box

WIDTH, HEIGHT = 420.0, 200.0
SHORT, LONG = "Kim", "Wilhelmina"


def page(*lines: tuple[float, float, str], rotate: int = 0) -> list[PageText]:
    with pymupdf.open() as document:
        made = document.new_page(width=WIDTH, height=HEIGHT)
        for x, y, text in lines:
            made.insert_text((x, y), text, fontsize=11, rotate=rotate)
        return Workers().text("a.pdf", Bytes(bytes(document.tobytes())))


def centred(y: float, text: str) -> tuple[float, float, str]:
    return (WIDTH - pymupdf.get_text_length(text, fontsize=11)) / 2, y, text


def flush_right(y: float, text: str) -> tuple[float, float, str]:
    return 360 - pymupdf.get_text_length(text, fontsize=11), y, text


def boxes(pages: list[PageText], name: str) -> list[Box]:
    return [box for one in Finder(pages).person([name]) for box in one.boxes]


def covers(pages: list[PageText], name: str) -> bool:
    bare = [box for one in Finder(pages).person([name], widen=False) for box in one.boxes]
    wide = boxes(pages, name)
    return all(any(one.covers(box) for one in wide) for box in bare)


def edges(name: str, *lines: tuple[float, float, str]) -> list[tuple[float, float]]:
    pages = page(*lines)
    assert covers(pages, name)
    found = boxes(pages, name)
    assert all(one.x0 >= 0 and one.x1 <= WIDTH for one in found)
    return [(one.x0, one.x1) for one in found]


def test_a_ragged_line_is_hidden_to_the_margin() -> None:
    short, long = (
        edges(name, (60, 50, "This is the line above it."), (60, 70, f"On Monday {name} came."))
        for name in (SHORT, LONG)
    )
    assert short == long and short[0][1] == pytest.approx(WIDTH - 60, abs=0.01)


def test_a_line_beyond_the_margin_is_hidden_to_the_edge() -> None:
    text = "On Monday {} came to the hall, where everybody else already was."
    assert edges(LONG, (60, 50, "Above."), (60, 70, text.format(LONG)))[0][1] == WIDTH


def test_a_cell_is_hidden_to_the_next_column_and_no_further() -> None:
    rows = [[(60.0, y, name), (200.0, y, "present"), (300.0, y, "8.50")] for name, y in ((SHORT, 70.0), (LONG, 90.0))]
    head = [(60.0, 50.0, "Name"), (200.0, 50.0, "Was there"), (300.0, 50.0, "Paid")]
    pages = page(*head, *rows[0], *rows[1])
    (short,), (long,) = boxes(pages, SHORT), boxes(pages, LONG)
    assert short.x1 == long.x1 == pytest.approx(198, abs=1)


@pytest.mark.parametrize("placed", [centred, flush_right])
def test_a_line_that_moves_at_its_beginning_is_hidden_whole(placed: object) -> None:
    def lines(name: str) -> tuple[tuple[float, float, str], ...]:
        texts = ("A heading of the report", f"about {name} and others", "made by the office")
        return tuple(placed(50 + 20 * n, text) for n, text in enumerate(texts))  # type: ignore[operator]

    for name in (SHORT, LONG):
        pages = page(*lines(name))
        (box,) = boxes(pages, name)
        line = pages[0].text.splitlines()[1]
        start = pages[0].text.index(line)
        whole = pages[0].box(start, start + len(line))
        assert box.x0 <= whole.x0 and box.x1 >= whole.x1


def test_right_to_left_is_hidden_to_the_left() -> None:
    with pymupdf.open() as document:
        made = document.new_page(width=WIDTH, height=HEIGHT)
        made.insert_htmlbox(
            pymupdf.Rect(40, 40, 380, 160), "<div dir='rtl'>جاءت سارة إلى المدرسة<br>وكان الجميع هناك في الصباح</div>"
        )
        pages = Workers().text("a.pdf", Bytes(bytes(document.tobytes())))
    (bare,) = [box for one in Finder(pages).person(["سارة"], widen=False) for box in one.boxes]
    (wide,) = boxes(pages, "سارة")
    assert wide.x1 == bare.x1 and wide.x0 < bare.x0 - 40


def test_each_line_of_a_broken_name_is_hidden_to_its_end() -> None:
    found = edges("Wilhelmina", (60, 50, "On Monday morning Wilhel-"), (60, 70, "mina came to the hall."))
    assert len(found) == 2 and all(end == pytest.approx(WIDTH - 60, abs=0.01) for _, end in found)


def test_letters_that_run_upwards_are_hidden_over_the_whole_height() -> None:
    pages = page((60, 190, f"On Monday {LONG} came"), rotate=90)
    (box,) = boxes(pages, LONG)
    assert (box.y0, box.y1) == (0, HEIGHT)
