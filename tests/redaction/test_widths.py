"""The width of a gap gives a name away (PoPETs 2023), tried on our own pages; and no more after widening."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from evidencevault.documents import requests
from evidencevault.documents.requests import Bytes
from evidencevault.documents.workers import Workers
from evidencevault.redaction import gaps
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.found import Found
from evidencevault.redaction.gaps import Figure
from evidencevault.redaction.marks import Mark

CLASS = (
    """
Aaltje Bos,Bram Visser,Cato Smit,Daan Mulder,Elif Kaya,Fenna Dekker,Gijs Peters,Hajar Amrani,Ilse Hendriks
Jelle Koster,Kim Jansen,Lotte Prins,Mees Blom,Noor Willems,Otis Hermans,Puck Verhoeven,Quinten Maas,Roos Vos
Sem Kuiper,Tess Schouten,Umar Demir,Vera Molenaar,Wout Post,Xavi Ruiz,Yara Haddad,Zoë Kramer,Anouk Groen
Boris Wit,Wietske Bartelsen,Dina Roos
""".strip()
    .replace("\n", ",")
    .split(",")
)
SEVEN = ("Jo", "Kim", "Wietske", "Noor", "Bartholomeus", "Fenna", "Wilhelmina")
FONT = Path(__file__).parents[2] / "resources" / "fonts" / "Inter-Regular.otf"
DPI = 200
SIZE = 11


def letter(name: str, embedded: bool = False, x: float = 60) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=420, height=200)
        more = {"fontname": "F0", "fontfile": str(FONT)} if embedded else {}
        page.insert_text((x, 50), "This is what happened in the hall that day.", fontsize=SIZE, **more)
        page.insert_text((x, 70), f"On Monday {name} told us about it.", fontsize=SIZE, **more)
        page.insert_text((x, 90), "Nobody else was in the hall then.", fontsize=SIZE, **more)
        if embedded:
            document.subset_fonts()
        return bytes(document.tobytes())


def found(data: bytes, name: str, widen: bool) -> list[Found]:
    return Finder(Workers().text("a.pdf", Bytes(data))).person([name], widen=widen)


def burnt(data: bytes, name: str, widen: bool) -> Image.Image:
    """The burnt page, drawn as its receiver sees it, one pixel of it for one of the copy."""
    boxes = [box for one in found(data, name, widen) for box in one.boxes]
    marks = [requests.Mark(1, box.x0, box.y0, box.x1, box.y1, "") for box in boxes]
    with pymupdf.open(stream=Workers().burn("a.pdf", Bytes(data), marks, DPI)) as copy:
        drawn = copy[0].get_pixmap(dpi=DPI)
        return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples).convert("L")


def ink_after(picture: Image.Image, start: int) -> int:
    """The first column with ink, after the first one without, at or right of ``start`` on the second line."""
    scale = DPI / 72
    line = picture.crop((0, int(60 * scale), picture.width, int(73 * scale)))
    dark = [line.crop((x, 0, x + 1, line.height)).getextrema()[0] < 128 for x in range(line.width)]  # type: ignore[operator]
    x = start
    while dark[x]:
        x += 1
    while not dark[x]:
        x += 1
    return x


def box_end(picture: Image.Image) -> int:
    """The column after the black box on the second line."""
    scale = DPI / 72
    line = picture.crop((0, int(63 * scale), picture.width, int(68 * scale)))
    black = [line.crop((x, 0, x + 1, line.height)).getextrema()[1] < 60 for x in range(line.width)]  # type: ignore[operator]
    return max(x for x, is_black in enumerate(black) if is_black) + 1


def test_without_widening_the_pixels_single_out_the_name() -> None:
    name = "Wietske"
    font = pymupdf.Font("helv")
    with_name = burnt(letter(name), name, widen=False)
    observed = ink_after(with_name, box_end(with_name))
    # What an outsider does: sets any text in the same font, and measures where the next word begins.
    other = burnt(letter("Kim"), "Kim", widen=False)
    base = ink_after(other, box_end(other)) - font.text_length("Kim", SIZE) * DPI / 72
    everybody = {word for whole in CLASS for word in whole.split()} | set(gaps.public_names())
    fitting = {
        one for one in everybody if abs(base + font.text_length(one, SIZE) * DPI / 72 - observed) <= gaps.TOLERANCE
    }
    of_class = {word for whole in CLASS for word in whole.split()} & fitting
    assert name in fitting and len(fitting) < 0.04 * len(everybody)
    assert of_class == {name}


@pytest.mark.parametrize("embedded", [False, True])
def test_with_widening_seven_names_leave_the_same_page(embedded: bool) -> None:
    pages = {name: burnt(letter(name, embedded), name, widen=True).tobytes() for name in SEVEN}
    assert len(set(pages.values())) == 1
    bare = {name: burnt(letter(name, embedded), name, widen=False).tobytes() for name in SEVEN}
    assert len(set(bare.values())) == len(SEVEN)


def figure(data: bytes, name: str, register: list[str], widened: bool = False) -> list[Figure]:
    places = found(data, name, widened)
    marks = [
        Mark(f"m{n:04d}", one.page, one.boxes, "person", "child", "Child A", "aa", "2026-01-01T00:00:00+00:00",
             what="Child A", widened=widened)
        for n, one in enumerate(places, 1)
    ]  # fmt: skip
    pages = Finder(Workers().text("a.pdf", Bytes(data)))
    holes = gaps.gaps(marks, pages)
    rows = [requests.Mark(one.page, one.box.x0, one.box.y0, one.box.x1, one.box.y1) for one in holes]
    settings = Workers().widths("a.pdf", Bytes(data), rows, gaps.letters_of(register))
    return gaps.figures(holes, settings, register, DPI)


@pytest.mark.parametrize("embedded", [False, True])
def test_the_figure_says_so_before(embedded: bool) -> None:
    (one,) = figure(letter("Wietske", embedded), "Wietske", CLASS)
    assert one.measured and one.register == 0 and 0 < one.public < 300 and one.narrow
    (whole,) = figure(letter("Wietske Bartelsen", embedded), "Wietske Bartelsen", CLASS)
    assert whole.register == 0 and whole.public > 10_000 and whole.narrow
    twins = ["Wietske", *(f"Wietsk{letter}" for letter in "eéêë"), "Wlietske"]
    (many,) = figure(letter("Wietske"), "Wietske", twins)
    assert many.register == 3 and not many.narrow
    assert figure(letter("Wietske", embedded), "Wietske", CLASS, widened=True) == []


def test_the_widths_are_those_of_the_font_of_the_document() -> None:
    data = letter("Wietske", embedded=True)
    (one,) = found(data, "Wietske", False)
    box = one.boxes[0]
    place = requests.Mark(1, box.x0, box.y0, box.x1, box.y1)
    (setting,) = Workers().widths("a.pdf", Bytes(data), [place], "Wietsk")
    assert setting is not None and setting.own
    real = pymupdf.Font(fontfile=str(FONT))
    assert setting.advances == pytest.approx([real.glyph_advance(ord(c)) * SIZE for c in "Wietsk"], abs=0.02)
    nowhere = requests.Mark(1, 5, 150, 20, 160)
    assert Workers().widths("a.pdf", Bytes(data), [nowhere], "abc") == [None]


def test_a_gap_in_pixels_is_not_measured_and_counts_as_narrow() -> None:
    told = gaps.figures([gaps.Gap("m0001", 1, found(letter("Kim"), "Kim", False)[0].boxes[0], "")], [None], [], DPI)
    assert [(one.measured, one.narrow) for one in told] == [(False, True)]


def test_the_list_is_large_and_has_no_doubles() -> None:
    names = gaps.public_names()
    assert len(names) >= 4000 and len(set(names)) == len(names) and all(name.strip() == name for name in names)
