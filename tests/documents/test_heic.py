"""HEIC and AVIF: really written, turned upright once, what lies beside the pixels listed, and gone from the copy."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pillow_heif
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.documents.conftest import refused

from evidencevault.documents import tessdata
from evidencevault.documents.requests import Bytes, HiddenItem, Mark, Reason, Suspect
from evidencevault.documents.workers import Workers

pillow_heif.register_heif_opener()
TOLD = "Mirelva Dornhoek at home"
FORMS = ("HEIF", "AVIF")
FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts"


def noted() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = TOLD
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (51.0, 30.0, 0.0), "W", (4.0, 15.0, 0.0)
    return exif


def photograph(form: str, turn: int = 1, picture: Image.Image | None = None, **more: object) -> bytes:
    """Black in its upper left corner, as its pixels lie; ``turn`` is EXIF's orientation, which both forms turn by."""
    if picture is None:
        picture = Image.new("RGB", (160, 80), "white")
        picture.paste("black", (0, 0, 40, 40))
    exif = noted()
    exif[0x0112] = turn
    out = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>xmpwords</a></x:xmpmeta>"
    picture.save(out, form, exif=exif.tobytes(), xmp=xmp, quality=90, **more)
    return out.getvalue()


def hidden(data: bytes) -> list[HiddenItem]:
    return Workers().hidden("photo", Bytes(data))


def texts(items: list[HiddenItem], kind: str) -> list[str]:
    return [one.text for one in items if one.kind == kind]


@pytest.mark.parametrize("form", FORMS)
class TestRead:
    def test_kind_pages_and_what_it_tells(self, form: str) -> None:
        found = Workers().look(f"photo.{'heic' if form == 'HEIF' else 'avif'}", Bytes(photograph(form)))
        assert found.media_type == {"HEIF": "image/heic", "AVIF": "image/avif"}[form]
        assert (found.pages, found.reason, found.mismatch) == (1, "", "")
        assert ("ImageDescription", TOLD) in found.metadata

    @pytest.mark.parametrize(
        ("turn", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1)), (2, (1, 0)), (5, (0, 0))]
    )
    def test_it_is_turned_upright_once(self, form: str, turn: int, corner: tuple[int, int]) -> None:
        shown = Workers().render("photo", Bytes(photograph(form, turn)), 1, 1000)
        assert (shown.width, shown.height) == ((80, 160) if turn > 4 else (160, 80))
        picture = Image.frombytes("RGB", (shown.width, shown.height), shown.data)
        dark = [
            (right, low)
            for right in (0, 1)
            for low in (0, 1)
            if picture.getpixel((5 if not right else picture.width - 6, 5 if not low else picture.height - 6)) < (60,)
        ]
        assert dark == [corner]
        (page,) = Workers().text("photo", Bytes(photograph(form, turn)))
        assert (page.width < page.height) is (turn > 4)

    def test_exif_place_and_xmp_are_listed(self, form: str) -> None:
        items = hidden(photograph(form))
        assert f"ImageDescription: {TOLD}" in texts(items, "exif")
        assert texts(items, "place") == ["51.500000, -4.250000"]
        assert texts(items, "xmp") == ["a: xmpwords"] and texts(items, "unreadable") == []

    def test_burnt_it_is_black_under_the_mark_and_tells_nothing(self, form: str) -> None:
        picture = Image.effect_noise((160, 80), 90).convert("RGB")
        source = photograph(form, 6, picture)
        mark = Mark(1, 0, 0, 30, 60)
        burnt = Workers().burn("photo", Bytes(source), [mark])
        with pymupdf.open(stream=burnt) as copy:
            assert copy[0].rect.height == 2 * copy[0].rect.width
        checked = Workers().attack([Suspect("copy.pdf", Bytes(burnt), True, (mark,))], [TOLD, "xmpwords", "51.500000"])
        assert checked.clean, checked.findings

    def test_the_attack_finds_notes_in_the_picture_itself(self, form: str) -> None:
        found = Workers().attack([Suspect("photo", Bytes(photograph(form)))], [TOLD.upper(), "xmpwords", "elsewhere"])
        assert {one.secret for one in found.findings} == {0, 1}
        assert "note of the picture" in {one.where for one in found.findings}

    @pytest.mark.skipif(tessdata.folder() is None, reason="text recognition is not installed")
    def test_text_recognition_reads_it(self, form: str) -> None:
        picture = Image.new("RGB", (900, 300), "white")
        font = ImageFont.truetype(str(next(FONT.glob("Inter*"))), 48)
        ImageDraw.Draw(picture).text((40, 100), "The child said nothing", "black", font)
        (page,) = Workers().ocr("photo", Bytes(photograph(form, 1, picture)), [], "eng")
        assert page.text.split() == ["The", "child", "said", "nothing"]

    def test_cut_short_it_is_damaged(self, form: str) -> None:
        picture = Image.effect_noise((300, 300), 90).convert("RGB")
        data = photograph(form, 1, picture)
        assert refused(lambda: Workers().render("photo", Bytes(data[: len(data) // 2]), 1, 99)).reason is Reason.DAMAGED

    def test_a_first_brand_of_any_heif_does_not_keep_it_from_its_reader(self, form: str) -> None:
        data = photograph(form)
        general = data[:8] + b"mif1" + data[12:]
        assert Workers().look("photo", Bytes(general)).pages == 1
        shown = [Workers().render("photo", Bytes(one), 1, 160).data for one in (general, data)]
        assert shown[0] == shown[1]


def test_every_picture_of_a_file_is_a_page_wherever_the_primary_one_stands() -> None:
    shades = [Image.new("RGB", (64, 64), shade) for shade in ("red", "lime", "blue")]
    out = io.BytesIO()
    shades[0].save(out, "HEIF", save_all=True, append_images=shades[1:], primary_index=1)
    data = Bytes(out.getvalue())
    assert Workers().look("photo.heic", data).pages == 3
    found = [Workers().render("photo.heic", data, number, 64).data[:3] for number in (1, 2, 3)]
    assert [max(range(3), key=lambda at: one[at]) for one in found] == [0, 1, 2]
    with pymupdf.open(stream=Workers().burn("photo.heic", data, [Mark(3, 0, 0, 48, 48)])) as copy:
        assert copy.page_count == 3 and copy[2].get_pixmap().pixel(5, 5) == (0, 0, 0)


def test_small_pictures_inside_and_notes_of_every_picture_are_listed() -> None:
    pictures = [Image.effect_noise((400, 300), 50).convert("RGB") for _ in range(2)]
    exif = Image.Exif()
    exif[0x010E] = "second words"
    pictures[1].info["exif"] = exif.tobytes()
    out = io.BytesIO()
    pictures[0].save(out, "HEIF", save_all=True, append_images=pictures[1:], thumbnails=[64])
    items = hidden(out.getvalue())
    assert texts(items, "thumbnail") == ["64"] and texts(items, "frame") == ["1"]
    assert "ImageDescription: second words" in texts(items, "exif")


def test_a_vast_heic_is_refused_before_it_is_decoded() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8000, 6000)).save(out, "HEIF", quality=10)
    found = Workers().look("photo.heic", Bytes(out.getvalue()))
    assert not found.previewable and "larger" in found.reason


def test_without_the_plugin_a_sentence_says_what_would_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = "raise ModuleNotFoundError('none here', name='pillow_heif')\n"
    (tmp_path / "pillow_heif.py").write_text(stub)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *(one for one in sys.path if one)]))
    found = Workers().look("photo.heic", Bytes(photograph("HEIF")))
    assert found.media_type == "image/heic" and found.pages is None
    assert "“photo.heic” is a HEIC picture" in found.reason and "pillow-heif" in found.reason
    assert refused(lambda: hidden(photograph("HEIF"))).reason is Reason.NO_HEIC
    assert Workers().look("photo.avif", Bytes(photograph("AVIF"))).pages == 1
