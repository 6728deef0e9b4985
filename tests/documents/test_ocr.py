"""Text recognition in real confined processes: what is read, where it stands, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pymupdf
import pytest
from PIL import Image
from tests.documents.conftest import pdf, refused
from tests.support import scans

from evidencevault.documents import tessdata
from evidencevault.documents.requests import Bytes, PageText, Reason
from evidencevault.documents.workers import Workers
from evidencevault.errors import Refused
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marks import Box

NAME = "Wietske Bartelsen"
TEXT = f"On Monday {NAME}\ncame to the office."


def read(data: bytes, name: str = "scan.pdf", languages: str = "eng", pages: tuple[int, ...] = ()) -> list[PageText]:
    return list(Workers().ocr(name, Bytes(data), pages, languages))


def ink(data: bytes, box: Box, name: str = "scan.pdf") -> tuple[int, int]:
    """Dark pixels within a box of the first page, and those of the whole page."""
    shown = Workers().render(name, Bytes(data), 1, 1200)
    picture = (
        Image.frombytes("RGB", (shown.width, shown.height), shown.data).convert("L").point(lambda v: 255 * (v < 110))
    )
    scale = shown.width / read(data, name)[0].width
    inner = picture.crop(tuple(int(side * scale) for side in (box.x0, box.y0, box.x1, box.y1)))  # type: ignore[arg-type]
    return inner.histogram()[255], picture.histogram()[255]


def test_a_scan_is_read_and_the_box_covers_the_ink_of_the_name() -> None:
    data = scans.scanned(TEXT, "Nothing here.")
    pages = read(data)
    assert [page.page for page in pages] == [1, 2] and "Bartelsen" in pages[0].text
    (found,) = Finder(Workers().text("scan.pdf", Bytes(data)), pages).term(NAME)
    with_name, _ = ink(data, found.boxes[0])
    alone = scans.scanned(f"          {NAME}")
    _, name_only = ink(alone, found.boxes[0])
    assert found.page == 1 and with_name >= 0.98 * name_only


def test_a_noisy_scan_gives_most_of_its_words() -> None:
    said = "Yesterday the trainer asked three children to stay behind although their parents waited"
    words = said.split()
    text = "\n".join(" ".join(words[at : at + 4]) for at in range(0, len(words), 4))
    (page,) = read(scans.scanned(text, noisy=True))
    assert sum(word in page.text.split() for word in words) >= len(words) - 1


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_boxes_of_a_turned_page_are_as_it_is_shown(rotate: int) -> None:
    """The page is stored lying and shown upright: what is read is read as shown."""
    upright = scans.drawn(TEXT)
    lying = upright.rotate(rotate, expand=True)
    with pymupdf.open() as document:
        page = document.new_page(width=lying.width * 0.36, height=lying.height * 0.36)
        page.insert_image(page.rect, stream=scans.png(lying))
        page.set_rotation(rotate)
        data = bytes(document.tobytes())
    (plain,) = read(scans.scanned(TEXT))
    (turned,) = read(data)
    assert turned.text.split() == plain.text.split()
    assert (round(turned.width), round(turned.height)) == (round(plain.width), round(plain.height))
    here, there = (one.box(one.text.index("Wietske"), one.text.index("Wietske") + 7) for one in (turned, plain))
    assert all(abs(one - other) < 3 for one, other in zip(here, there, strict=True))


def test_pictures_of_every_frame_are_read() -> None:
    frames = [scans.drawn(text) for text in ("First frame", "Second frame")]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    assert [page.text.split() for page in read(out.getvalue(), "scan.tiff")] == [
        ["First", "frame"],
        ["Second", "frame"],
    ]
    assert [page.page for page in read(out.getvalue(), "scan.tiff", pages=(2,))] == [2]


def test_only_pages_with_room_for_text_in_pixels_are_called_pictured() -> None:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 100), "Letters only")
        mixed = document.new_page()
        mixed.insert_text((72, 100), "Letters and a picture")
        mixed.insert_image(pymupdf.Rect(72, 200, 400, 360), stream=scans.png(scans.drawn(TEXT)))
        speck = document.new_page()
        speck.insert_text((72, 100), "Letters and a speck")
        speck.insert_image(pymupdf.Rect(72, 200, 80, 203), stream=scans.png(scans.drawn(TEXT)))
        outlines = document.new_page()
        outlines.insert_text((72, 100), "Letters, and outlines of others")
        for n in range(14):
            outlines.draw_rect(pymupdf.Rect(72 + 10 * n, 200, 79 + 10 * n, 212), fill=(0, 0, 0))
        document.new_page()
        data = bytes(document.tobytes())
    assert [page.pictured for page in Workers().text("a.pdf", Bytes(data))] == [False, True, False, True, True]
    assert [page.pictured for page in Workers().text("a.png", Bytes(scans.png(scans.drawn(TEXT))))] == [True]


def test_arabic_is_read() -> None:
    if "ara" not in tessdata.languages(tessdata.folder()):
        pytest.skip("Tesseract's Arabic is not offered here")
    with pymupdf.open() as document:
        page = document.new_page(width=420, height=200)
        text = "جاءت سارة إلى المدرسة يوم الاثنين وتحدثت مع المدرب أحمد بعد التدريب في القاعة الكبيرة. " * 3
        page.insert_htmlbox(pymupdf.Rect(20, 20, 400, 180), f"<p style='font-size:14px'>{text}</p>")
        pixels = page.get_pixmap(dpi=200)
        picture = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    pages = read(scans.png(picture), "note.png", "ara")
    assert len(Finder(Workers().text("note.png", Bytes(scans.png(picture))), pages).term("سارة")) == 3


def test_nothing_to_read_and_what_cannot_be_read() -> None:
    assert read(pdf())[0].text.split() == ["Page", "1", "of", "a", "letter"]
    assert read(scans.png(Image.new("RGB", (300, 200), "white")), "a.png")[0].text.strip() == ""
    assert refused(lambda: read(b"%PDF-1.7 broken", "a.pdf")).reason is Reason.DAMAGED
    assert refused(lambda: read(pdf(), pages=(9,))).reason is Reason.NO_SUCH_PAGE
    with pytest.raises(Refused, match="tlh"):
        read(pdf(), languages="eng+tlh")


def test_languages_of_a_country_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tessdata.preferred("BE", ("eng", "nld", "fra", "spa")) == "nld+fra+eng+spa"
    assert tessdata.preferred("XX", ("eng", "ara")) == "eng+ara" and tessdata.preferred("NL", ()) == ""
    (tmp_path / "tessdata").mkdir()
    (tmp_path / "tessdata" / "fra.traineddata").write_bytes(b"")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert tessdata.languages(tessdata.folder()) == ("fra",) and tessdata.languages(None) == ()
