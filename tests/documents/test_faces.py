"""Faces are found where they are: large, small, in a crowd, on their side, on pages; and the box takes in the hair."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pillow_heif
import pymupdf
import pytest
from PIL import Image
from tests.documents.conftest import refused

from evidencevault.documents.requests import Bytes, Face, Reason
from evidencevault.documents.worker.centerface import Found, decoded, thinned
from evidencevault.documents.workers import Workers, faces_available
from support.drawn import EYES_AND_MOUTH, face

CORPUS = os.environ.get("EVIDENCEVAULT_CORPUS", "")


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def on(size: tuple[int, int], *places: tuple[int, int, int]) -> Image.Image:
    """Grey with faces at x, y, side."""
    picture = Image.new("RGB", size, (150, 160, 165))
    for x, y, side in places:
        picture.paste(face(side), (x, y))
    return picture


def takes_in(found: Face, x: float, y: float, side: float) -> bool:
    """Eyes and mouth of the face drawn there (in points) lie within the box, and the box is not half the page."""
    ex0, ey0, ex1, ey1 = (one * side for one in EYES_AND_MOUTH)
    box = found.box
    within = box.x0 < x + ex0 and box.y0 < y + ey0 and x + ex1 < box.x1 and y + ey1 < box.y1
    return within and box.x1 - box.x0 < side and box.y1 - box.y0 < side * 1.1


def found(name: str, data: bytes, *pages: int) -> list[Face]:
    return list(Workers().faces(name, Bytes(data), pages))


def test_a_crowd_is_found_each_once_and_nothing_else() -> None:
    """A pixel of a picture is three quarters of a point. The smallest face is ten pixels across."""
    assert faces_available()
    places = [(40, 30, 380), (480, 40, 120), (650, 60, 60), (760, 60, 40), (480, 240, 200), (740, 220, 28)]
    faces = found("crowd.png", png(on((900, 500), *places)))
    for x, y, side in places:
        assert sum(takes_in(one, x * 0.75, y * 0.75, side * 0.75) for one in faces) == 1
    assert len(faces) == len(places)


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_a_face_that_lies_on_its_side_is_found_there(turn: Image.Transpose) -> None:
    faces = found("turned.png", png(on((600, 400), (350, 50, 200)).transpose(turn)))
    middle = {
        Image.Transpose.ROTATE_90: (150 + 0.03 * 200, 150),
        Image.Transpose.ROTATE_180: (150, 250 - 0.03 * 200),
        Image.Transpose.ROTATE_270: (250 - 0.03 * 200, 450),
    }[turn]
    x, y = (one * 0.75 for one in middle)
    assert any(one.box.x0 < x < one.box.x1 and one.box.y0 < y < one.box.y1 for one in faces)


def test_only_the_pages_asked_for_are_looked_at_and_a_turned_page_is_measured_as_displayed() -> None:
    with pymupdf.open() as document:
        document.new_page(width=300, height=300).insert_image((72, 72, 272, 272), stream=png(face(300)))
        document.new_page(width=300, height=300).insert_text((72, 100), "A letter without a face")
        document.new_page(width=200, height=300).insert_image((50, 180, 150, 280), stream=png(face(300)), rotate=270)
        document[2].set_rotation(90)
        data = document.tobytes()
    faces = found("letter.pdf", data)
    assert [one.page for one in faces] == [1, 3]
    assert takes_in(faces[0], 72, 72, 200)
    assert takes_in(faces[1], 300 - 280, 50, 100)
    assert not found("letter.pdf", data, 2)
    assert refused(lambda: found("letter.pdf", data, 4)).reason is Reason.NO_SUCH_PAGE


def test_boxes_end_at_the_edge_of_the_picture() -> None:
    (one,) = found("edge.png", png(face(200).crop((30, 20, 170, 160))))
    assert 0 <= one.box.x0 < one.box.x1 <= 105 and 0 <= one.box.y0 < one.box.y1 <= 105
    assert one.box.y0 == 0


def test_what_is_no_picture_is_refused() -> None:
    assert refused(lambda: found("voice.wav", b"RIFF\x24\0\0\0WAVEfmt ")).reason is Reason.UNSUPPORTED


def test_the_maps_are_read_as_the_paper_says() -> None:
    heat, scale, offset = (np.zeros(shape, np.float32) for shape in ((8, 8), (2, 8, 8), (2, 8, 8)))
    heat[3, 5], heat[3, 6], heat[7, 7] = 0.9, 0.8, 0.5
    scale[:, 3, 5:7] = np.log([[6.0], [4.0]])  # cells: height, width
    offset[:, 3, 5] = (0.25, -0.25)
    scale[0, 7, 7] = np.inf
    offset[1, 7, 7] = np.nan
    first, second = decoded(heat, scale, offset, 0.2)
    assert (first.x0, first.y0, first.x1, first.y1) == pytest.approx((13.0, 3.0, 29.0, 27.0))
    assert thinned([second, first]) == [first]
    assert thinned([first, Found(18, 8, 23, 13, 0.3)])[1].score == 0.3


@pytest.mark.skipif(not CORPUS, reason="no corpus here")
@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("exif-org__canon-ixus", [(269, 216), (314, 228), (349, 238)]),
        ("exif-org__sony-d700", [(118, 101), (254, 141)]),
        ("invalid__image00971", [(529, 80), (586, 20)]),
        ("gps__DSCN0025", [(132, 289), (154, 289)]),
    ],
)
def test_people_on_photographs_are_found(name: str, places: list[tuple[int, int]]) -> None:
    """Where faces were seen by eye, in pixels: a wedding, a shop, an advertisement, two passers-by far away."""
    faces = found("photo.jpg", (Path(CORPUS) / "exif-samples" / f"jpg__{name}.jpg").read_bytes())
    for x, y in places:
        across, down = x * 0.75, y * 0.75
        assert any(one.box.x0 < across < one.box.x1 and one.box.y0 < down < one.box.y1 for one in faces), (x, y)


def test_a_face_in_a_heic_picture_is_found_where_it_stands_upright() -> None:
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112] = 8  # as a telephone held upright writes it: a quarter against the clock
    upright, out = on((400, 600), (100, 300, 200)), io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_270).save(out, "HEIF", exif=exif.tobytes(), quality=95)
    (face_,) = found("photo.heic", out.getvalue())
    assert takes_in(face_, 75, 225, 150)
