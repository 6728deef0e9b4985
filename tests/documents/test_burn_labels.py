"""Labels in their boxes: readable, or left out; never outside."""

from __future__ import annotations

import pytest
from PIL import Image

from evidencevault.documents.worker import burn

GREY = (200, 200, 200)


def drawn(label: str, box: tuple[int, int, int, int]) -> tuple[Image.Image, Image.Image]:
    """The inside of the box, and the whole picture with the inside as it was."""
    picture = Image.new("RGB", (500, 200), GREY)
    burn._overwrite(picture, [[1, *box, label]], *picture.size)
    inside = picture.crop(box).convert("L")
    picture.paste(GREY, box)
    return inside, picture


@pytest.mark.parametrize("label", ["Child A", "الطفل أ", "A rather long label of more than forty letters", "<b>&"])
@pytest.mark.parametrize("box", [(10, 10, 410, 60), (10, 10, 120, 24), (10, 10, 60, 190)])
def test_labels_stay_in_their_boxes(label: str, box: tuple[int, int, int, int]) -> None:
    inside, around = drawn(label, box)
    assert around.getextrema() == ((200, 200),) * 3
    assert inside.getextrema()[0] == 0


@pytest.mark.parametrize(
    ("box", "seen"), [((10, 10, 200, 30), True), ((10, 10, 80, 18), True), ((10, 10, 30, 16), False)]
)
def test_labels_are_readable_or_left_out(box: tuple[int, int, int, int], seen: bool) -> None:
    inside, _ = drawn("Child A", box)
    rows = [y for y in range(inside.height) if int(inside.crop((0, y, inside.width, y + 1)).getextrema()[1]) > 100]
    assert (len(rows) >= 5) if seen else not rows


@pytest.mark.parametrize(("label", "left"), [("Child A", True), ("الطفل أ", False)])
def test_labels_start_where_their_script_does(label: str, left: bool) -> None:
    inside, _ = drawn(label, (0, 0, 400, 30))
    ink = inside.point(lambda value: 255 * (value > 100)).getbbox()
    assert ink is not None and (ink[0] < 20) == left and (ink[2] > 380) != left
