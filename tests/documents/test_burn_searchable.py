"""Copies that can be searched: what is recognised in burnt pixels lies under them, and nothing of what is marked."""

from __future__ import annotations

import io
import math
import struct
import subprocess
import zlib
from pathlib import Path

import pymupdf
import pypdf
import pytest

from evidencevault.documents import pictures, rasters, text_layer
from evidencevault.documents.pictures import Picture
from evidencevault.documents.requests import Box, Bytes, Mark, PageText, Suspect, Word
from evidencevault.documents.workers import Workers
from evidencevault.errors import Refused

NAME = "Johanna Vermeulen"
BLANK = Picture(1, 300.0, 300.0, 2, 2, 1, 8, "flate", zlib.compress(b"\0\xff\xff\0\xff\xff"))
WORDS = [
    Word("Zoë", 0, 3, Box(60, 100, 80, 114)),
    Word("said", 0, 4, Box(84, 100, 110, 114)),
    Word("الولد", 0, 5, Box(200, 130, 240, 146)),
    Word("ذهب", 0, 3, Box(170, 130, 196, 146)),
]
needs_recognition = pytest.mark.skipif("eng" not in Workers().languages("GB"), reason="no text recognition here")


def by_poppler(data: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(data)
    said = subprocess.run(["pdftotext", "a.pdf", "-"], cwd=folder, check=True, capture_output=True)
    assert not said.stderr, said.stderr
    return said.stdout.decode()


def test_three_readers_find_the_words_in_their_places(tmp_path: Path) -> None:
    data = pictures.pdf([BLANK], {1: WORDS})
    with pymupdf.open(stream=data) as document:
        found = {word[4]: word[:4] for word in document[0].get_text("words")}
    by_pypdf = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text().split()
    theirs = by_poppler(data, tmp_path)
    for word in WORDS:
        assert word.text in by_pypdf and word.text in theirs
        # Half a letter of the space after it may be counted in.
        assert max(abs(a - b) for a, b in zip(found[word.text], word.box, strict=True)) < 4


def test_invisible_words_change_no_pixel(tmp_path: Path) -> None:
    drawn = []
    for name, data in (("with", pictures.pdf([BLANK], {1: WORDS})), ("without", pictures.pdf([BLANK]))):
        (tmp_path / f"{name}.pdf").write_bytes(data)
        subprocess.run(["pdftoppm", "-r", "72", "-singlefile", f"{name}.pdf", name], cwd=tmp_path, check=True)
        with pymupdf.open(stream=data) as document:
            drawn.append(((tmp_path / f"{name}.ppm").read_bytes(), document[0].get_pixmap().samples))
    assert drawn[0] == drawn[1]


def test_no_font_where_there_are_no_words() -> None:
    assert pictures.pdf([BLANK], {1: []}) == pictures.pdf([BLANK])
    assert b"/Font" not in pictures.pdf([BLANK])


@pytest.mark.parametrize(
    "box",
    [
        (math.nan, 1, 9, 9), (1, 1, math.inf, 9), (9, 1, 1, 9), (1, 5, 9, 5), (-50, 1, 9, 9), (1, 1, 9, 9000),
        (48, 20, 56, 30),  # touches the mark
        (90.5, 20, 99, 30),  # nearly
    ],
)  # fmt: skip
def test_boxes_that_lie_or_touch_a_mark_are_left_out(box: tuple[float, ...]) -> None:
    read = PageText(1, 300, 300, "word\n", struct.pack("<4f", *box) * 4 + bytes(16))
    assert rasters.words_of([BLANK], [read], [Mark(1, 90, 35, 55, 10)]) == {1: []}


def test_letters_that_two_bytes_cannot_name_are_left_out() -> None:
    assert text_layer.kept("a\U0001f600\x00b\u202e") == "ab"
    read = PageText(1, 300, 300, "\U0001f600\n", struct.pack("<4f", 1, 1, 9, 9) + bytes(16))
    assert rasters.words_of([BLANK], [read], []) == {1: []}


@needs_recognition
def test_a_searchable_copy_has_all_words_but_the_marked(tmp_path: Path) -> None:
    with pymupdf.open() as document:
        for number in range(6):
            text = f"On Tuesday somebody told {NAME} about hall number {number}."
            document.new_page(width=600, height=200).insert_text((30, 80), text, fontsize=14)
        (box,) = document[0].search_for(NAME)
        letter = bytes(document.tobytes())
    marks = tuple(Mark(number, *box, "Child A") for number in range(1, 7))
    burnt = Workers().burn("letter.pdf", Bytes(letter), marks, 200, 6, None, "eng")
    words = by_poppler(burnt, tmp_path).split()
    for said in ("Tuesday", "somebody", "about", "hall"):
        assert words.count(said) == 6
    assert not {"Johanna", "Vermeulen", "Child"} & set(words)
    copy = Bytes(burnt)
    assert Workers().attack([Suspect("a.pdf", copy, True, marks, "raster", True)], [NAME]).clean
    assert not Workers().attack([Suspect("a.pdf", copy, True, marks, "raster")], []).clean
    found = Workers().attack([Suspect("a.pdf", copy, True, marks, "raster", True)], ["somebody"]).findings
    assert {one.secret for one in found} == {0}


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused):
        Workers().burn("a.png", Bytes(_white()), [], languages="xyz")


def _white() -> bytes:
    with pymupdf.open() as document:
        return bytes(document.new_page(width=50, height=50).get_pixmap().tobytes("png"))
