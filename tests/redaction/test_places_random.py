"""Whatever the text, the font and the mark: no letter that a mark touches survives, and no other letter is lost."""

from __future__ import annotations

import io
import string

import pikepdf
import pymupdf
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTContainer
from PIL import Image
from tests.support import places_redacted as redacted
from tests.support.places_pdf import sheet
from tests.support.places_text import FONT, LATIN

from evidencevault.documents.worker.structural_redact import hit, letters, within

_FONTS = ("helv", "tiro", "cour", "Inter", "Noto")
_FILES = {"Inter": LATIN, "Noto": FONT}
_WORDS = st.text(string.ascii_letters + string.digits + "éüñ-.,  ", min_size=1, max_size=20)
_LINES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(20, 190), st.sampled_from(_FONTS), st.sampled_from((8, 13, 24)), _WORDS),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[1] // 30,
)
_MARKS = st.lists(
    st.tuples(st.integers(0, 360), st.integers(0, 180), st.integers(2, 150), st.integers(2, 60)), min_size=1, max_size=3
)


def _page(lines: list[tuple[int, int, str, int, str]]) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        for name, file in _FILES.items():
            if any(line[2] == name for line in lines):
                page.insert_font(name, fontfile=str(file))
        for x, y, font, size, text in lines:
            # Noto Sans Arabic has digits, no Latin letters.
            shown = "".join(c for c in text if c.isdigit()) if font == "Noto" else text
            page.insert_text((x, y), shown, fontname=font, fontsize=size)
        return bytes(document.tobytes())


def _rows(marks: list[tuple[int, int, int, int]]) -> redacted.Rows:
    return [[1, float(x), float(y), float(x + wide), float(y + high), ""] for x, y, wide, high in marks]


@settings(max_examples=30, deadline=None)
@given(_LINES, _MARKS)
def test_no_touched_letter_survives_a_rebuild(
    lines: list[tuple[int, int, str, int, str]], marks: list[tuple[int, int, int, int]]
) -> None:
    source, rows = _page(lines), _rows(marks)
    data = redacted.rebuilt(source, rows)
    if data is None:
        return
    boxes = [pymupdf.Rect(row[1:5]) for row in rows]
    with pymupdf.open(stream=source, filetype="pdf") as before, pymupdf.open(stream=data, filetype="pdf") as after:
        kept = [one for one in letters(before[0]) if not hit(one, boxes) and within(one, before[0].rect)]
        left = letters(after[0])
    assert not [one for one in left if hit(one, boxes)]
    assert sorted(one.text for one in left if one.text.strip()) == sorted(one.text for one in kept if one.text.strip())
    if any(font == "Noto" for _, _, font, _, _ in lines):
        return  # its cells reach far below the line: another reader sees their middle elsewhere
    inner = [pymupdf.Rect(box.x0 + 3, box.y0 + 3, box.x1 - 3, box.y1 - 3) for box in boxes]
    for page in extract_pages(io.BytesIO(data)):
        for char in _chars(page):
            middle = pymupdf.Point((char.x0 + char.x1) / 2, 200 - (char.y0 + char.y1) / 2)
            assert not any(middle in box for box in inner if box.is_valid)


def _chars(node: object) -> list[LTChar]:
    if isinstance(node, LTChar):
        return [node]
    return [char for one in node for char in _chars(one)] if isinstance(node, LTContainer) else []


@settings(max_examples=15, deadline=None)
@given(_LINES, _MARKS)
def test_no_touched_pixel_survives_a_burn(
    lines: list[tuple[int, int, str, int, str]], marks: list[tuple[int, int, int, int]]
) -> None:
    """Pixels under a mark are black; those of a page without the marked words are the same elsewhere."""
    rows = _rows(marks)
    with pymupdf.open(stream=redacted.burnt(_page(lines), rows, 100), filetype="pdf") as document:
        drawn = document[0].get_pixmap(dpi=100, colorspace=pymupdf.csGRAY)
        assert not document[0].get_text().strip()
    picture = Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)
    zoom = 100 / 72
    for _, x0, y0, x1, y1, _ in rows:
        sides = (float(str(x0)), float(str(y0)), min(400.0, float(str(x1))), min(200.0, float(str(y1))))
        box = [int(side * zoom) + (2 if n < 2 else -2) for n, side in enumerate(sides)]
        if box[0] < box[2] and box[1] < box[3]:
            assert picture.crop((box[0], box[1], box[2], box[3])).getextrema()[1] <= 12


_TURNS = st.tuples(*(st.floats(-150, 150, allow_nan=False).map(lambda one: round(one, 2)) for _ in range(4))).filter(
    lambda one: abs(one[0] * one[3] - one[1] * one[2]) > 500
)


@settings(max_examples=20, deadline=None)
@given(_TURNS, st.integers(50, 350), st.integers(30, 170), _MARKS)
def test_no_touched_pixel_of_an_image_survives_a_rebuild(
    turn: tuple[float, ...], x: int, y: int, marks: list[tuple[int, int, int, int]]
) -> None:
    """An image turned, skewed and mirrored at random; the boxes are taken off again: there is only black under them."""
    made = sheet()
    grey = b"/Type/XObject/Subtype/Image/Width 64/Height 48/ColorSpace/DeviceGray/BitsPerComponent 8"
    made.xobjects = b"/I0 " + made.pdf.stream(bytes((200 + n * 7 % 50) for n in range(64 * 48)), grey)
    made.drawn = b"q %.2f %.2f %.2f %.2f %d %d cm /I0 Do Q\n" % (*turn, x, y)
    source, rows = made.write(), _rows(marks)
    data = redacted.rebuilt(source, rows)
    if data is None:
        return
    before, after = _grey(_without_boxes(source)), _grey(_without_boxes(data))
    for row in rows:
        x0, y0, x1, y1 = (float(str(one)) for one in row[1:5])
        box = (int(2 * x0), int(2 * y0), int(2 * min(x1, 400)), int(2 * min(y1, 200)))
        if box[0] < box[2] and box[1] < box[3]:
            both = zip(before.crop(box).tobytes(), after.crop(box).tobytes(), strict=True)
            # Paper is 255; on the edge of the image it mixes with what was there, and with the black that is there now.
            assert [one for one, now in both if one < 250 and abs(one - now) < 3] == []


def _grey(data: bytes) -> Image.Image:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        drawn = document[0].get_pixmap(matrix=pymupdf.Matrix(2, 2), colorspace=pymupdf.csGRAY, alpha=False)
        return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


_BOXES = ("re", "f", "Tj", "TJ")
"""And the line of the page, which may stand under a mark that it does not touch with its ink."""


def _without_boxes(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        kept = [one for one in pikepdf.parse_content_stream(pdf.pages[0]) if str(one.operator) not in _BOXES]
        pdf.pages[0].Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(out := io.BytesIO())
    return out.getvalue()
