"""Font programs and character maps of hostile files: they are cut down, or refused, and nothing else."""

from __future__ import annotations

import struct

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.places_text import FONT, LATIN

from evidencevault.documents.worker import structural_cff as cff
from evidencevault.documents.worker import structural_programs as programs
from evidencevault.documents.worker.failed import Failed
from evidencevault.documents.worker.structural_unicode import mapped, written

_TRUETYPE, _COMPACT = FONT.read_bytes(), programs.compact(LATIN.read_bytes())
_CHANGES = st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=8)


def _changed(body: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    out = bytearray(body)
    for at, piece in changes:
        out[at : at + len(piece)] = piece
    return bytes(out)


def _glyphs(body: bytes) -> list[int]:
    """The glyphs of a TrueType program that have an outline."""
    tables = {body[at : at + 4]: struct.unpack_from(">II", body, at + 8) for at in range(12, 12 + 16 * body[5], 16)}
    start, length = tables[b"loca"]
    places = struct.unpack_from(f">{length // 4}I", body, start)
    return [n for n in range(len(places) - 1) if places[n] < places[n + 1]]


def test_only_wanted_glyphs_and_those_they_are_made_of_stay() -> None:
    cut = programs.truetype(_TRUETYPE, {3, 20, 21})
    assert {20, 21} <= set(_glyphs(cut)) and len(_glyphs(cut)) < 12
    assert len(cut) < len(_TRUETYPE) / 4 and b"Noto" not in cut and "Noto".encode("utf-16-be") not in cut


def test_cutting_twice_changes_nothing() -> None:
    cut = programs.truetype(_TRUETYPE, {3, 20, 21})
    assert programs.truetype(cut, {3, 20, 21}) == cut
    assert programs.truetype(_TRUETYPE, None, {0x30, 0x31}) != cut


def test_a_compact_program_that_was_not_cut_down_is_refused() -> None:
    with pytest.raises(Failed):
        cff.cleaned(_COMPACT, 12, True)


@settings(max_examples=150, deadline=None)
@given(_CHANGES)
def test_broken_programs_are_refused_or_cut(changes: list[tuple[int, bytes]]) -> None:
    for act in (
        lambda: programs.truetype(_changed(_TRUETYPE, changes), {3, 20}),
        lambda: programs.truetype(_changed(_TRUETYPE, changes), None, {0x30, 0xE9}),
        lambda: cff.cleaned(_changed(_COMPACT, changes), 60_000, True),
    ):
        try:
            assert isinstance(act(), bytes)
        except (Failed, KeyError, ValueError):
            continue  # what the rebuild takes for a refusal


def test_a_character_map_keeps_the_codes_in_use_only() -> None:
    source = b"""%Wolkenhaar
    2 beginbfchar <0001> <0057> <0002> <0066006C> endbfchar
    2 beginbfrange <0010> <0020> <0041> <0030> <0031> [<0061> <0062>] endbfrange
    1 beginbfchar <0003> <0057006F006C006B0065006E> endbfchar"""
    with pikepdf.new() as pdf:
        told = mapped(pdf.make_stream(source), {1, 2, 3, 0x12, 0x31, 0x40})
        assert told == {1: b"\0W", 2: b"\0f\0l", 0x12: b"\0C", 0x31: b"\0b"}
        fresh = written(told, 2)
        assert mapped(pdf.make_stream(fresh), set(range(256))) == told and b"Wolkenhaar" not in fresh


def test_ranges_without_end_are_refused() -> None:
    source = b"beginbfrange " + b"<0000> <FFFF> <0041> " * 100 + b"endbfrange"
    with pikepdf.new() as pdf, pytest.raises(Failed):
        mapped(pdf.make_stream(source), set(range(65_536)))
