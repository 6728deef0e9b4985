"""Burn, attack and typeset in real confined processes."""

from __future__ import annotations

import base64
import io
import zipfile

import pymupdf
import pytest
from PIL import Image

from evidencevault.documents.requests import Bytes, DocumentFailed, Mark, Reason, Suspect
from evidencevault.documents.workers import Workers

NAME = "Johanna Vermeulen"


def _letter() -> bytes:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 100), f"Letter of {NAME}, page one", fontsize=14)
        document.set_metadata({"author": NAME})
        document.embfile_add("note.txt", NAME.encode())
        return bytes(document.tobytes())


def _mark(data: bytes) -> Mark:
    page = Workers().text("letter.pdf", Bytes(data))[0]
    start = page.text.index(NAME)
    return Mark(1, *page.box(start, start + len(NAME)))


def test_burnt_file_is_clean_and_deterministic() -> None:
    letter = _letter()
    mark = _mark(letter)
    burnt = Workers().burn("letter.pdf", Bytes(letter), [mark])
    assert burnt == Workers().burn("letter.pdf", Bytes(letter), [mark])
    report = Workers().attack([Suspect("copy.pdf", Bytes(burnt), True, (mark,))], [NAME, "note.txt"])
    assert report.clean and report.files == 1 and report.methods


def test_attack_finds_what_was_left() -> None:
    letter = _letter()
    mark = _mark(letter)
    report = Workers().attack([Suspect("copy.pdf", Bytes(letter), True, (mark,))], [NAME])
    assert {one.secret for one in report.findings} == {0, None}


def test_attack_sees_a_mark_that_is_not_black() -> None:
    letter = _letter()
    mark = _mark(letter)
    burnt = Workers().burn("letter.pdf", Bytes(letter), [])
    found = Workers().attack([Suspect("copy.pdf", Bytes(burnt), True, (mark,))], []).findings
    assert [one.where for one in found if "not black" in one.where]


@pytest.mark.parametrize(
    "leak",
    [
        NAME.encode("utf-16-le"),
        NAME.encode().hex().encode(),
        *(base64.b64encode(b"x" * n + NAME.encode() + b"tail") for n in range(3)),
        b"J o h a n n a  V e r m e u l e n",
        b"johanna-ver-\nmeulen",
        b"Johanna%20Vermeulen",
        "Jöhanna Vermeulen".encode(),
    ],
)
def test_attack_knows_the_encodings(leak: bytes) -> None:
    found = Workers().attack([Suspect("a.bin", Bytes(b"before " + leak + b" after"))], [NAME]).findings
    assert [one.secret for one in found]


def test_attack_looks_into_archives_and_names() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", NAME * 3)
    found = Workers().attack([Suspect("x.zip", Bytes(out.getvalue())), Suspect(f"{NAME}.txt", Bytes(b""))], [NAME])
    assert {one.file for one in found.findings} == {"x.zip", f"{NAME}.txt"}


def test_picture_burns_upright_at_the_marked_place() -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), (200, 30, 30)).save(out, "JPEG")
    page = Workers().text("photo.jpg", Bytes(out.getvalue()))[0]
    mark = Mark(1, 0, 0, page.width / 2, page.height / 2)
    burnt = Workers().burn("photo.jpg", Bytes(out.getvalue()), [mark])
    assert Workers().attack([Suspect("p.pdf", Bytes(burnt), True, (mark,))], []).clean


def test_no_such_page_is_refused() -> None:
    with pytest.raises(DocumentFailed) as caught:
        Workers().burn("letter.pdf", Bytes(_letter()), [Mark(9, 0, 0, 1, 1)])
    assert caught.value.reason is Reason.NO_SUCH_PAGE


def test_typeset_keeps_latin_and_arabic() -> None:
    data = Workers().typeset("<h1>Report</h1><p>Zoë مرحبا</p>")
    text = Workers().text("report.pdf", Bytes(data))[0].text
    assert "Report" in text and "Zoë" in text and "1 / 1" in text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_fit_turned_pages(turn: int) -> None:
    with pymupdf.open(stream=_letter(), filetype="pdf") as document:
        document[0].set_rotation(turn)
        turned = bytes(document.tobytes())
    blank = Workers().burn("a.pdf", Bytes(turned), [Mark(1, 0, 0, 2000, 2000)])
    page = Workers().text("a.pdf", Bytes(turned))[0]
    assert 0 <= page.box(0, 20).x0 <= page.width and 0 <= page.box(0, 20).y0 <= page.height
    burnt = Workers().burn("a.pdf", Bytes(turned), [Mark(1, *page.box(0, len(page.text) - 1))])
    with pymupdf.open(stream=burnt, filetype="pdf") as document:
        pixels = document[0].get_pixmap(colorspace=pymupdf.csGRAY)
    # All ink lies inside the mark: a box that misses its words would leave grey strokes outside it.
    box = page.box(0, len(page.text) - 1)
    for y in range(pixels.height):
        for x in range(pixels.width):
            if not (box.x0 - 2 <= x <= box.x1 + 2 and box.y0 - 2 <= y <= box.y1 + 2):
                assert pixels.pixel(x, y)[0] > 200
    assert blank != burnt
