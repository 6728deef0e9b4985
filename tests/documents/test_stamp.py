"""Numbers below the pages of finished copies: text, in a strip of their own, the same bytes each time."""

from __future__ import annotations

import io

import pikepdf
import pymupdf
import pytest
from PIL import Image
from tests.documents.conftest import pdf, refused

from evidencevault.documents.requests import Bytes, Mark, Suspect
from evidencevault.documents.workers import Workers

NUMBERS = ("NLSOS-000007", "NLSOS-000008")
SECRET = "Mirelva Dornhoek"


def letter() -> bytes:
    with pymupdf.open() as document:
        for _ in NUMBERS:
            page = document.new_page(width=400, height=300)
            page.insert_text((40, 290), f"The last line, {SECRET}, stands at the very end", fontsize=9)
        return bytes(document.tobytes())


def marks() -> tuple[Mark, ...]:
    return tuple(Mark(page, 95, 278, 175, 296, "Child A" if page == 2 else "") for page in (1, 2))


@pytest.fixture(params=["raster", "structural"])
def copy(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    make = Workers().burn if request.param == "raster" else Workers().rebuild
    return request.param, make("a.pdf", Bytes(letter()), list(marks()))


def test_the_number_stands_below_and_nothing_else_changes(copy: tuple[str, bytes]) -> None:
    mode, before = copy
    after = Workers().stamp(Bytes(before), NUMBERS)
    with pymupdf.open(stream=before) as old, pymupdf.open(stream=after) as new:
        for page, number in zip(range(2), NUMBERS, strict=True):
            assert new[page].rect.height == old[page].rect.height + 18 and new[page].rect.width == 400
            strip = pymupdf.Rect(0, 300, 400, 318)
            assert new[page].get_text(clip=strip).strip() == number
            assert new[page].get_text(clip=pymupdf.Rect(0, 0, 400, 299)) == old[page].get_text()
            assert pixels(old[page], old[page].rect) == pixels(new[page], pymupdf.Rect(0, 0, 400, 300))
    found = Workers().attack([Suspect("a.pdf", Bytes(after), marks=marks(), mode=mode, stamps=NUMBERS)], [SECRET])
    assert found.clean, found.findings


def pixels(page: pymupdf.Page, area: pymupdf.Rect) -> bytes:
    return bytes(page.get_pixmap(clip=area).samples)


def test_the_same_numbers_give_the_same_file(copy: tuple[str, bytes]) -> None:
    _, before = copy
    assert Workers().stamp(Bytes(before), NUMBERS) == Workers().stamp(Bytes(before), NUMBERS)


def test_another_number_words_in_the_strip_and_a_page_without_are_found(copy: tuple[str, bytes]) -> None:
    mode, before = copy
    after = Workers().stamp(Bytes(before), NUMBERS)

    def found(data: bytes, stamps: tuple[str, ...]) -> list[str]:
        said = Workers().attack([Suspect("a.pdf", Bytes(data), mode=mode, stamps=stamps)], [])
        return [one.where for one in said.findings]

    assert found(after, NUMBERS) == []
    assert found(after, (NUMBERS[0], "NLSOS-000009")) == ["page 2: not its number below it"]
    assert found(after, NUMBERS[:1]) == ["not a number for each page"]
    assert found(before, NUMBERS)
    with pikepdf.open(io.BytesIO(after)) as document:
        document.pages[1].contents_add(b"q BT /Bates 9 Tf 20 -10 Td (more) Tj ET Q")
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert "page 2: not its number below it" in found(out.getvalue(), NUMBERS)


def test_a_mark_that_was_not_burnt_is_found_above_the_strip() -> None:
    after = Workers().stamp(Bytes(Workers().burn("a.pdf", Bytes(letter()), [])), NUMBERS)
    said = Workers().attack([Suspect("a.pdf", Bytes(after), marks=marks()[:1], mode="raster", stamps=NUMBERS)], [])
    assert {one.where for one in said.findings} == {
        "page 1: a marked area is not black (MuPDF)",
        "page 1: a marked area is not black (Pillow)",
    }


def test_a_number_is_not_larger_than_its_page() -> None:
    out = io.BytesIO()
    Image.new("L", (40, 40), 255).save(out, "PNG")
    burnt = Workers().burn("a.png", Bytes(out.getvalue()), [])
    after = Workers().stamp(Bytes(burnt), NUMBERS[:1])
    assert Workers().attack([Suspect("a.pdf", Bytes(after), mode="raster", stamps=NUMBERS[:1])], []).clean
    with pymupdf.open(stream=after) as document:
        (word,) = document[0].get_text("words")
        assert word[0] >= 0 and word[2] <= document[0].rect.width


def test_a_searchable_copy_keeps_its_words() -> None:
    burnt = Workers().burn("a.pdf", Bytes(letter()), list(marks()), languages="eng")
    after = Workers().stamp(Bytes(burnt), NUMBERS)
    suspect = Suspect("a.pdf", Bytes(after), marks=marks(), mode="raster", searchable=True, stamps=NUMBERS)
    assert Workers().attack([suspect], [SECRET]).clean
    with pymupdf.open(stream=after) as document:
        assert "the very end" in document[0].get_text() and NUMBERS[0] in document[0].get_text()


@pytest.mark.parametrize("numbers", [NUMBERS[:1], ("A 1", "A2"), ("A)", "B"), ("É1", "É2"), ("", "")])
def test_numbers_that_do_not_fit_are_refused(numbers: tuple[str, ...]) -> None:
    refused(lambda: Workers().stamp(Bytes(Workers().burn("a.pdf", Bytes(pdf(2)), [])), numbers))
