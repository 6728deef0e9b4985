"""The width attack, made on burnt pixels: it names the child in an unwidened gap and finds nothing in a widened one."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from evidencevault.documents import requests
from evidencevault.documents.requests import Bytes, PageText, Widths
from evidencevault.documents.said import Said
from evidencevault.documents.workers import Workers
from evidencevault.redaction import gaps, widening
from evidencevault.redaction.finding import Finder, Found, glyphs_of
from evidencevault.redaction.marks import Box, Mark
from evidencevault.resources import find

DPI = 200
CHILD = "Wietske"
CLASS = ("Aisha Bakker", "Bram de Boer", "Chloe Dubois", "Daan Visser", "Emma Peeters", "Finn Maes", "Gijs Smit",
         "Hugo Maertens", "Imane Alaoui", "Jules Lambert", "Kato Claes", "Lotte Jacobs", "Mila Willems", "Noah Martin",
         "Olivia Wouters", "Pim Kok", "Quinten Bos", "Roos Mulder", "Sami Haddadi", "Tess Vos", "Ugo Leroy",
         "Vera Dekker", f"{CHILD} Bartelsen", "Xander Kuipers", "Yara Nasser", "Zoë Hermans", "Lina Farah",
         "Otis Prins", "Sara Blom", "Ties Koster")  # fmt: skip
SEVEN = ("Bo", "Ian", "Sara", "Wietske", "Alexander", "Guillermina", "Maximiliaan-Willem")


def page(*lines: tuple[float, float, str], font: str = "tiro", file: Path | None = None) -> bytes:
    with pymupdf.open() as document:
        sheet = document.new_page()
        for x, y, text in lines:
            sheet.insert_text((x, y), text, fontname=font, fontsize=12, fontfile=str(file) if file else None)
        return bytes(document.tobytes())


def letter(name: str, font: str = "tiro", file: Path | None = None) -> bytes:
    return page(
        (72, 100, "On Monday the children came in early,"),
        (72, 116, f"and then {name} told us about it."),
        (72, 132, "Nobody else was in the room that day."),
        font=font,
        file=file,
    )


def marks(found: list[Found]) -> list[Mark]:
    at = "2026-01-02T03:04:05+00:00"
    return [Mark(f"m{n:04d}", one.page, one.boxes, "person", "child", "", "aa", at) for n, one in enumerate(found, 1)]


def burnt(workers: Workers, data: bytes, plan: list[Mark]) -> Image.Image:
    rows = [requests.Mark(one.page, b.x0, b.y0, b.x1, b.y1) for one in plan for b in one.boxes]
    copy = workers.burn("letter.pdf", Bytes(data), rows, DPI)
    with pymupdf.open(stream=copy, filetype="pdf") as document:
        return Image.open(io.BytesIO(document.extract_image(document[0].get_images()[0][0])["image"])).convert("L")


def ask(workers: Workers, data: bytes, plan: list[Mark]) -> tuple[list[PageText], Widths]:
    pages = workers.text("letter.pdf", Bytes(data))
    texts = gaps.texts(pages, CLASS, gaps.public_names())
    return pages, workers.widths("letter.pdf", Bytes(data), gaps.places(plan), texts)


def ink_beside(picture: Image.Image, box: Box) -> float:
    """Points from the last ink before the black box to the first after it, seen in the pixels alone."""
    zoom = DPI / 72
    top, bottom = int(box.y0 * zoom) + 3, int(box.y1 * zoom) - 3
    strip = picture.crop((0, top, picture.width, bottom))
    dark = [min(strip.getpixel((x, y)) for y in range(strip.height)) < 160 for x in range(strip.width)]
    solid = [max(strip.getpixel((x, y)) for y in range(strip.height)) < 40 for x in range(strip.width)]
    first, last = solid.index(True), len(solid) - 1 - solid[::-1].index(True)
    before = max(x for x in range(first) if dark[x])
    after = min(x for x in range(last + 1, len(dark)) if dark[x])
    return (after - before - 1) / zoom


@pytest.fixture(scope="module")
def workers() -> Workers:
    return Workers()


def test_the_list_is_large_clean_and_licensed() -> None:
    names = gaps.public_names()
    assert len(names.all()) > 4000 and {"Sara", "فاطمة", "Zoë"} & set(names.given)
    assert all(name == name.strip() and not any(c.isdigit() for c in name) for name in names.all())
    lines = find("resources/names/names.txt").read_text("utf-8").splitlines()
    assert lines == sorted(set(lines), key=lambda line: line.split("\t")[0])
    assert "MIT" in find("resources/names/LICENSE").read_text("utf-8")


@pytest.mark.parametrize(
    ("font", "file"), [("tiro", None), ("inter", find("resources/fonts/Inter-Regular.otf"))], ids=["base", "embedded"]
)
def test_the_gap_in_the_pixels_gives_the_name_away(workers: Workers, font: str, file: Path | None) -> None:
    data = letter(CHILD, font, file)
    plan = marks(Finder(workers.text("letter.pdf", Bytes(data))).person([CLASS[22]], widen=False))
    pages, widths = ask(workers, data, plan)
    measure = lambda text: widths.width(0, text)  # noqa: E731
    # What a reader has: the ink beside the box, two spaces, the thin white beside the letters n and t.
    seen = ink_beside(burnt(workers, data, plan), plan[0].boxes[0])
    setting = widths.settings[0]
    assert setting is not None and not setting.substitute
    gap = gaps.gap_of(plan[0], pages[0], glyphs_of(pages[0]))
    assert gap is not None and gap.text == CHILD and not gap.open
    assert gap.width == pytest.approx(measure(CHILD), abs=0.1)
    assert gap.left is not None and gap.right is not None and gap.right - gap.left > gap.width
    from_pixels = replace(gap, width=seen - 2 * setting.space - 0.8)
    class_mates = [name.split()[0] for name in CLASS]
    fitting = gaps.candidates(from_pixels, measure, class_mates, 0.4)
    assert CHILD in fitting and len(fitting) <= 3
    public = gaps.public_names().all()
    assert len(gaps.candidates(from_pixels, measure, public, 0.4)) < len(public) / 10

    [figure] = gaps.figures(plan, pages, widths, CLASS, gaps.public_names(), DPI)
    assert figure.measured and figure.true_fits and figure.singled_out and figure.narrow
    assert figure.register == 1 and 0 < figure.public < 1000


def test_widened_every_name_burns_to_the_same_pixels(workers: Workers) -> None:
    pictures, plans = [], []
    for name in SEVEN:
        data = letter(name)
        plan = marks(Finder(workers.text("letter.pdf", Bytes(data))).person([name]))
        plans.append((data, plan))
        pictures.append(burnt(workers, data, plan).tobytes())
    assert len(set(pictures)) == 1
    pages, widths = ask(workers, *plans[3])
    [figure] = gaps.figures(plans[3][1], pages, widths, CLASS, gaps.public_names(), DPI)
    assert figure.measured and not figure.narrow and figure.register == len(CLASS)


def test_two_words_are_counted_over_pairs(workers: Workers) -> None:
    data = letter(CLASS[22])
    plan = marks(Finder(workers.text("letter.pdf", Bytes(data))).person([CLASS[22]], widen=False))
    pages, widths = ask(workers, data, plan)
    [figure] = gaps.figures(plan, pages, widths, CLASS, gaps.public_names(), DPI)
    assert figure.true_fits and figure.public > 10_000 and figure.register >= 1
    few = gaps.Names(("Ida", "Wietske", "Maximilian"), ("Bartelsen", "Li", "Bartelsen"))
    [figure] = gaps.figures(plan, pages, widths, CLASS, few, DPI)
    assert figure.public == 2  # spelt out: Wietske with each of the two Bartelsens


def test_a_name_broken_over_two_lines_is_put_together(workers: Workers) -> None:
    data = page((72, 100, "Then we saw Wiets-"), (72, 116, "ke in the class room"), (72, 132, "and nobody else."))
    plan = marks(Finder(workers.text("letter.pdf", Bytes(data))).person([CLASS[22]], widen=False))
    pages, widths = ask(workers, data, plan)
    gap = gaps.gap_of(plan[0], pages[0], glyphs_of(pages[0]))
    assert gap is not None and gap.text == CHILD and gap.width == pytest.approx(widths.width(0, CHILD), abs=0.1)
    [figure] = gaps.figures(plan, pages, widths, CLASS, gaps.public_names(), DPI)
    assert figure.true_fits and figure.narrow


@pytest.mark.parametrize(
    ("operator", "size", "spacing", "space"),
    [(b"1.5 Tc", 12, 1.5, 4.5), (b"3 Tw", 12, 0, 6), (b"120 Tz", 13.1453, 0, 3.6)],
)
def test_spacing_is_read_from_the_line(
    operator: bytes, size: float, spacing: float, space: float, workers: Workers
) -> None:
    with pymupdf.open(stream=letter(CHILD)) as document:
        for xref in document[0].get_contents():
            document.update_stream(xref, document.xref_stream(xref).replace(b"BT", b"BT " + operator))
        data = bytes(document.tobytes())
    plan = marks(Finder(workers.text("letter.pdf", Bytes(data))).person([CLASS[22]], widen=False))
    pages, widths = ask(workers, data, plan)
    setting, gap = widths.settings[0], gaps.gap_of(plan[0], pages[0], glyphs_of(pages[0]))
    assert setting is not None and gap is not None
    assert (setting.size, setting.spacing, setting.space) == pytest.approx((size, spacing, space), abs=0.01)
    assert widths.width(0, CHILD) == pytest.approx(gap.width, abs=0.1)


def test_a_font_that_cannot_be_read_is_replaced_and_that_is_said(workers: Workers) -> None:
    with pymupdf.open(stream=letter(CHILD, "inter", find("resources/fonts/Inter-Regular.otf"))) as document:
        for xref in range(1, document.xref_length()):
            if document.xref_get_key(xref, "Subtype")[1] in ("/OpenType", "/CIDFontType0C"):
                document.update_stream(xref, b"no font at all")
        data = bytes(document.tobytes())
    place = requests.Place(1, requests.Box(60, 80, 500, 140))
    [setting] = workers.widths("a.pdf", Bytes(data), [place], ["Quinten Xyz"]).settings
    assert setting is not None and setting.substitute


@pytest.mark.parametrize("floats", [(1.0,) * 5, (0.5,) + (1.0,) * 5, (0.0, float("nan"), 1, 1, 0, 1), (7.0,) * 6])
def test_a_worker_that_lies_about_widths_is_not_believed(
    floats: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said("a.pdf", {"fonts": 1}, struct.pack(f"<{len(floats)}f", *floats))
    monkeypatch.setattr(Workers, "_one", lambda *_, **__: said)
    with pytest.raises(requests.DocumentFailed):
        Workers().widths("a.pdf", Bytes(b""), [requests.Place(1, requests.Box(0, 0, 1, 1))], ["a"])


@pytest.mark.parametrize("written", [f"{CHILD}’s", f"{CHILD}'s"])
def test_a_possessive_is_taken_off(written: str, workers: Workers) -> None:
    data = letter(written)
    plan = marks(Finder(workers.text("letter.pdf", Bytes(data))).person([CLASS[22]], widen=False))
    pages, widths = ask(workers, data, plan)
    [figure] = gaps.figures(plan, pages, widths, CLASS, gaps.public_names(), DPI)
    assert figure.true_fits and figure.singled_out


def test_pictures_and_vertical_text_are_not_measured(workers: Workers) -> None:
    out = io.BytesIO()
    Image.new("L", (200, 100), 255).save(out, "PNG")
    place = requests.Place(1, requests.Box(0, 0, 100, 50))
    assert workers.widths("a.png", Bytes(out.getvalue()), [place], ["Sara"]).settings == (None,)
    with pymupdf.open() as document:
        document.new_page().insert_text((100, 400), "then Sara spoke", rotate=90)
        data = bytes(document.tobytes())
    whole = requests.Place(1, requests.Box(0, 0, 600, 800))
    asked = workers.widths("a.pdf", Bytes(data), [whole], ["Sara"])
    assert asked.settings == (None,) and asked.width(0, "Sara") is None
    with pytest.raises(requests.DocumentFailed):
        workers.widths("a.pdf", Bytes(data), [requests.Place(2, place.box)], ["Sara"])


def widened(data: bytes, name: str) -> Box:
    with pymupdf.open(stream=data, filetype="pdf"):
        [found] = Finder(Workers().text("a.pdf", Bytes(data))).person([name])
    return found.boxes[0]


def test_a_table_cell_is_covered_to_its_end() -> None:
    def table(name: str) -> bytes:
        return page(
            *((72, y, text) for y, text in ((100, "Pupil"), (116, f"{name} came"), (132, "Someone"))),
            *((200, y, text) for y, text in ((100, "Day"), (116, "Monday"), (132, "Friday"))),
        )

    boxes = {widened(table(name), name) for name in SEVEN[:5]}
    assert len(boxes) == 1 and boxes.pop().x1 == pytest.approx(198, abs=0.1)


def test_a_narrow_cell_is_known_by_its_column() -> None:
    """The next column begins nearer than three line heights, but where it begins in the other rows, too."""
    data = page(*((x, y, text) for y, row in ((100, ("Pupil", "Day")), (116, ("Alexander", "Monday"))) for x, text in zip((72, 140), row, strict=True)))  # fmt: skip  # noqa: E501
    assert widened(data, "Alexander").x1 == pytest.approx(138, abs=0.1)


def test_a_centred_line_is_covered_to_both_sides(workers: Workers) -> None:
    font, pictures = pymupdf.Font("tiro"), set()
    for name in SEVEN:
        rows = [(100, "A letter to the parents of the third class"), (116, f"about {name} of class 3"), (132, "Ghent")]
        data = page(*((297.5 - font.text_length(text, 12) / 2, y, text) for y, text in rows))
        plan = marks(Finder(workers.text("a.pdf", Bytes(data))).person([name]))
        pictures.add(burnt(workers, data, plan).tobytes())
    assert len(pictures) == 1


def glyphs(*lines: tuple[float, float, str], step: float = 6) -> list[widening.Glyph]:
    return [
        widening.Glyph(c, Box(x + i * step, y, x + (i + 1) * step, y + 12), n)
        for n, (x, y, text) in enumerate(lines)
        for i, c in enumerate(text)
    ]


def test_right_to_left_lines_are_mirrored() -> None:
    words = "شرح لنا سارة ذلك"
    lines = [widening.Glyph(c, Box(500 - 6 * i, y, 506 - 6 * i, y + 12), n) for n, y in enumerate((100.0, 120.0)) for i, c in enumerate(words)]  # fmt: skip  # noqa: E501
    [box] = widening.widen(lines, 595, 842, [Box(458, 99.5, 482, 112.5)])
    assert (box.x0, box.x1) == (89, 482)  # the right margin, mirrored


def test_mixed_directions_and_columns_of_letters_go_both_ways() -> None:
    mixed = glyphs((72, 100, "and سارة Anna then"), (72, 120, "and again the line"), (72, 140, "سارة"))
    [box] = widening.widen(mixed, 595, 842, [Box(126, 99, 150, 113)])
    assert box.x0 <= 72 and box.x1 >= 523
    down = [widening.Glyph(c, Box(100, 100 + 12 * i, 108, 112 + 12 * i), 0) for i, c in enumerate("then Sara came")]
    [box] = widening.widen(down, 595, 842, [Box(99, 159, 109, 208)])
    assert (box.y0, box.y1) == (0, 842) and (box.x0, box.x1) == (99, 109)


def test_two_lines_are_each_covered_to_their_end_and_nothing_leaves_the_page() -> None:
    lines = glyphs((72, 100, "we saw Maximi-"), (72, 120, "liaan in class"), (72, 140, "and nobody else"))
    first, second = Box(113, 99, 157, 113), Box(71, 119, 103, 133)
    wide = widening.widen(lines, 595, 842, [first, second])
    assert [(b.x0, b.x1) for b in wide] == [(113, 523), (71, 523)]
    assert all(after.covers(before) for after, before in zip(wide, (first, second), strict=True))
    [box] = widening.widen(lines, 150, 842, [Box(113, 99, 157, 113)])
    assert box.x1 == 150
    away = Box(700, 99, 720, 113)
    assert widening.widen(lines, 595, 842, [away]) == (away,)
