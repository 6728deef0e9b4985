"""Recognition of what lies askew, is long, vast, tiny, or nothing but noise."""

from __future__ import annotations

import os
import threading

import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.documents.conftest import refused
from tests.documents.test_ocr import NAME, TEXT, ink, read
from tests.support import scans
from tests.support.places import PLACES, SECRET

from evidencevault.documents.requests import Bytes, PageText, Reason
from evidencevault.documents.worker.turning import small_words
from evidencevault.documents.workers import Workers
from evidencevault.redaction.finding import Finder

NOT_SEEN = ("pixels under a black area",)
"""Places that are marked by hand: not even the eye sees what is there."""
ALIKE = "pixels of a "
"""Images that differ only in how they are packed: one of them is enough ("pixels of an inline image")."""
LONGER = f"On Monday {NAME}\ncame to the office and\nspoke with the trainer."


def written(texts: list[str], width: int, size: int, step: int) -> bytes:
    """A picture as screens have them: lines of letters of ``size`` pixels, ``step`` pixels apart."""
    picture = Image.new("RGB", (width, step * (len(texts) + 1)), "white")
    for at, text in enumerate(texts):
        ImageDraw.Draw(picture).text((size, step // 2 + at * step), text, "black", ImageFont.load_default(size))
    return scans.png(picture)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_picture_that_lies_turned_is_read_and_the_boxes_lie_on_it(turn: int) -> None:
    data = scans.png(scans.drawn(LONGER).rotate(turn, expand=True))
    (page,) = read(data, "scan.png")
    assert page.text.split() == LONGER.split()
    (found,) = Finder((), [page]).term(NAME)
    with_name, every = ink(data, found.boxes[0], "scan.png")
    alone = scans.png(scans.drawn(f"          {NAME}").rotate(turn, expand=True))
    _, name_only = ink(alone, found.boxes[0], "scan.png")
    assert 0.98 * name_only <= with_name < 0.5 * every


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_name_alone_on_a_turned_picture_is_read(turn: int) -> None:
    (page,) = read(scans.png(scans.drawn(f"Note by {NAME}").rotate(turn, expand=True)), "note.png")
    assert page.text.split() == ["Note", "by", *NAME.split()]


def test_what_stands_upright_is_not_turned() -> None:
    assert small_words(TEXT) == 1 and small_words("سارة ذهبت إلى المدرسة من البيت") == 2
    names = "Wietske Bartelsen\nJoost Vermeulen\nAnouk Hendriks"
    assert read(scans.png(scans.drawn(names)), "list.png")[0].text.split() == names.split()


def test_every_message_of_a_long_picture_is_read() -> None:
    lines = [f"Message {at} from {NAME}" for at in range(1, 16)]
    (page,) = read(written(lines, 700, 24, 480), "chat.png")
    assert page.height == 842 and len(Finder((), [page]).term(NAME)) == len(lines)


def test_tiny_letters_are_read_as_if_they_were_larger() -> None:
    (page,) = read(written(["On Monday the trainer saw", NAME, "come to the office"], 320, 9, 20), "small.png")
    assert len(Finder((), [page]).term(NAME)) == 1


@pytest.mark.parametrize("size", [(3200, 4400), (100, 14_000)])
def test_a_page_too_large_for_its_pixels_is_read_coarser(size: tuple[int, int]) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=size[0], height=size[1])
        page.insert_text((10, 300), NAME, fontsize=min(60, size[0] / 10))
        data = bytes(document.tobytes())
    (shown,) = read(data, "plan.pdf")
    assert NAME in shown.text and (shown.width, shown.height) == size


def test_noise_is_no_work_without_end() -> None:
    noise = Image.frombytes("L", (1200, 1200), os.urandom(1_440_000)).convert("RGB")
    noise.paste(scans.drawn(TEXT, dpi=150, width=400, height=120), (100, 100))
    (page,) = read(scans.png(noise), "noise.png")
    assert page.page == 1


def test_a_page_is_left_in_its_middle_when_that_is_asked() -> None:
    ended = threading.Event()

    def begun(end: object) -> None:
        assert callable(end)
        threading.Timer(0.3, lambda: (end(), ended.set())).start()

    big = scans.png(scans.drawn("word " * 12, width=2000, height=2000, size=40))
    error = refused(lambda: list(Workers().ocr("a.png", Bytes(big), (), "eng", begun)))
    assert error.reason is Reason.CRASHED and ended.is_set()


def test_pages_that_are_no_pages_asked_for_are_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workers, "_page", lambda self, said: PageText(7, 10, 10, "", b""))
    assert refused(lambda: read(scans.scanned(TEXT))).reason is Reason.NONSENSE


def pictured(document: pymupdf.Document) -> list[bool]:
    return [page.pictured for page in Workers().text("a.pdf", Bytes(bytes(document.tobytes())))]


def test_strips_and_a_word_in_one_outline_call_for_recognition_and_a_ruled_box_does_not() -> None:
    with pymupdf.open() as document:
        strip = scans.png(Image.new("RGB", (800, 10), "white"))
        for _ in range(3):
            document.new_page().insert_text((72, 100), "Letters")
        pages = [document[number] for number in range(3)]
        for at in range(20):
            pages[0].insert_image(pymupdf.Rect(100, 200 + at * 5, 400, 205 + at * 5), stream=strip)
        outline = pages[1].new_shape()
        outline.draw_polyline([(72 + at * 2, 200 + at % 2 * 9) for at in range(60)])
        outline.finish(fill=(0, 0, 0))
        outline.commit()
        pages[2].draw_rect(pymupdf.Rect(72, 200, 300, 220), fill=(0.5, 0.5, 0.5))
        assert pictured(document) == [True, True, False]


def test_every_place_that_only_the_eye_sees_is_found() -> None:
    """Type 3 fonts, outlines, images of every kind, letters that pass for others: sought as a member seeks them."""
    missed = []
    for place in PLACES.values():
        if place.how != "box" or place.name in NOT_SEEN or place.name.startswith(ALIKE):
            continue
        source = Bytes(place(SECRET))
        pages = Workers().text("a.pdf", source)
        wanted = [page.page for page in pages if page.pictured]
        seen = list(Workers().ocr("a.pdf", source, wanted, "eng")) if wanted else []
        if not Finder(pages, seen).term(SECRET):
            missed.append(place.name)
    assert missed == []
