"""Burnt pages: packed as small as fits, by as many processes as pay, and the same whoever draws them."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageChops, ImageDraw

from evidencevault.documents import pictures
from evidencevault.documents.pictures import Picture
from evidencevault.documents.requests import LIMITS, Bytes, DocumentFailed, Mark, Reason, Suspect
from evidencevault.documents.worker import packing
from evidencevault.documents.workers import Workers
from evidencevault.errors import Cancelled

LINES = "\n".join(f"Line {n} of what was said that day in the hall." for n in range(40))


def text(pages: int) -> bytes:
    with pymupdf.open() as document:
        for _ in range(pages):
            document.new_page().insert_text((60, 60), LINES, fontsize=11)
        return bytes(document.tobytes())


def fax(across: int = 1654, down: int = 800) -> bytes:
    picture = Image.new("1", (across, down), 1)
    picture.paste(0, (100, 100, 900, 300))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def noise() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((600, 400), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


def shown(data: bytes, page: int = 0, dpi: int = 100) -> Image.Image:
    with pymupdf.open(stream=data) as document:
        drawn = document[page].get_pixmap(dpi=dpi)
        return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def differ(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any pixel, after a blur of one pixel: renderers smooth edges in their own ways."""
    small = [
        picture.convert("L").resize((one.width // 4, one.height // 4), Image.Resampling.BOX) for picture in (one, other)
    ]
    return int(ImageChops.difference(*small).getextrema()[1])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "data", "packing"),
    [("a.pdf", text(1), b"/Predictor 15"), ("a.png", fax(), b"/CCITTFaxDecode"), ("b.png", noise(), b"/DCTDecode")],
)
def test_each_kind_of_page_is_packed_its_way_and_looks_as_it_did(
    name: str, data: bytes, packing: bytes, tmp_path: Path
) -> None:
    burnt = Workers().burn(name, Bytes(data), [])
    assert packing in burnt and burnt.count(b"/Filter") == 1
    drawn = shown(burnt)
    if name.endswith(".pdf"):
        assert differ(drawn, shown(data)) < 64
    else:
        with Image.open(io.BytesIO(data)) as before:
            assert differ(drawn, before.convert("RGB").resize(drawn.size)) < 64
    (tmp_path / "b.pdf").write_bytes(burnt)
    subprocess.run(["pdftoppm", "-r", "100", "-png", "b.pdf", "b"], cwd=tmp_path, check=True)
    (by_poppler,) = tmp_path.glob("b-*.png")
    with Image.open(by_poppler) as other:
        assert differ(drawn, other.convert("RGB").resize(drawn.size)) < 64
    assert Workers().attack([Suspect("b.pdf", Bytes(burnt), True)], []).clean


def test_marks_are_black_in_every_packing() -> None:
    for name, data in (("a.pdf", text(1)), ("a.png", fax()), ("b.png", noise())):
        mark = Mark(1, 100, 60, 200, 120)
        burnt = Workers().burn(name, Bytes(data), [mark])
        assert Workers().attack([Suspect("b.pdf", Bytes(burnt), True, (mark,))], []).clean
        assert shown(burnt, dpi=72).getpixel((150, 90)) == (0, 0, 0)


def test_many_processes_make_the_same_file_as_one() -> None:
    data = text(11)
    marks = [Mark(number, 60, 50 + 10 * number, 200, 60 + 10 * number, f"Child {number}") for number in range(1, 12)]
    alone, shared = (Workers().burn("a.pdf", Bytes(data), marks, 150, pages) for pages in (1, 11))
    assert alone == shared
    with pymupdf.open(stream=shared) as document:
        assert document.page_count == 11 and not document.metadata["producer"]


def copies() -> set[int]:
    """The processes that were made for questions: children of the fork server."""
    servers = children("self")
    return {one for server in servers for one in children(str(server))}


def children(process: str) -> set[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return {int(one) for task in tasks for one in (task / "children").read_text().split()}


def test_stopping_leaves_no_process_and_no_file() -> None:
    before, asked = copies(), []

    def stop() -> None:
        asked.append(copies() - before)
        if asked[-1]:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        Workers().burn("a.pdf", Bytes(text(16)), [], 150, 16, stop)
    assert asked[-1] and not copies() - before


def test_all_processes_together_may_answer_no_more_than_one_may() -> None:
    picture = Image.open(io.BytesIO(noise()))
    out = io.BytesIO()
    picture.save(out, "PDF", save_all=True, append_images=[picture] * 7)
    page = len(Workers().burn("a.pdf", Bytes(out.getvalue()), [])) // 8
    few = Workers(limits=replace(LIMITS, answer=6 * page))  # either half alone has room
    with pytest.raises(DocumentFailed) as caught:
        few.burn("a.pdf", Bytes(out.getvalue()), [], 200, 8)
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("dpi", [0, 149, 301])
def test_finer_or_coarser_than_can_be_read_is_not_drawn(dpi: int) -> None:
    with pytest.raises(ValueError, match="150 to 300"):
        Workers().burn("a.pdf", Bytes(text(1)), [], dpi)


@pytest.mark.parametrize("dpi", [150, 300])
def test_pages_are_as_fine_as_asked(dpi: int) -> None:
    burnt = Workers().burn("a.pdf", Bytes(text(1)), [], dpi)
    with pymupdf.open(stream=burnt) as document:
        assert abs(document[0].get_images()[0][2] - 595 * dpi / 72) < 2


def test_drawings_on_a_coloured_ground_keep_every_pixel() -> None:
    picture = Image.new("RGB", (600, 800), (225, 235, 250))
    for row in range(40, 760, 30):
        ImageDraw.Draw(picture).text((30, row), "What was said that day, and by whom. " * 2, fill=(20, 20, 60))
    assert packing.packed(picture)["packed"] == "flate"


def test_a_mark_beyond_the_pages_is_refused() -> None:
    with pytest.raises(DocumentFailed):
        Workers().burn("a.pdf", Bytes(text(1)), [Mark(2, 0, 0, 9, 9)])


@settings(max_examples=40, deadline=None)
@given(
    some.integers(1, 70),
    some.integers(1, 40),
    some.binary(min_size=1, max_size=60),
    some.sampled_from(["1", "L", "RGB"]),
)
def test_what_is_packed_without_loss_comes_back_to_the_pixel(across: int, down: int, seed: bytes, mode: str) -> None:
    count = across * down * (3 if mode == "RGB" else 1)
    raw = (seed * (count // len(seed) + 1))[:count]
    if mode == "1":
        picture = Image.frombytes("L", (across, down), bytes(255 if value & 1 else 0 for value in raw)).convert("RGB")
    else:
        picture = Image.frombytes(mode, (across, down), raw).convert("RGB")
    told = packing.packed(picture)
    if told["packed"] == "jpeg":
        return
    one = Picture(
        1, float(across), float(down), *(told[key] for key in ("across", "down", "colours", "bits", "packed", "data"))
    )  # type: ignore[arg-type]
    with pymupdf.open(stream=pictures.pdf([one])) as document:
        drawn = pymupdf.Pixmap(document, document[0].get_images()[0][0])
        drawn = pymupdf.Pixmap(pymupdf.csRGB, drawn)
        assert Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples).tobytes() == picture.tobytes()


def test_a_poster_is_drawn_as_finely_as_memory_allows_and_its_marks_lie_where_they_should() -> None:
    with pymupdf.open() as document:
        document.new_page(width=3000, height=4000).insert_text((200, 300), "a name on a poster", fontsize=60)
        data = bytes(document.tobytes())
    mark = Mark(1, 190, 230, 900, 330)
    burnt = Workers().burn("poster.pdf", Bytes(data), [mark])
    assert Workers().attack([Suspect("poster.pdf", Bytes(burnt), True, (mark,))], []).clean
    with pymupdf.open(stream=burnt) as document:
        assert document[0].rect.width == 3000
        (image,) = document[0].get_images()
        assert 100 < 72 * image[2] / 3000 < 200
    small = Workers(limits=replace(LIMITS, pixels=1_000_000))
    with pytest.raises(DocumentFailed) as caught:
        small.burn("poster.pdf", Bytes(data), [])
    assert caught.value.reason is Reason.TOO_LARGE
