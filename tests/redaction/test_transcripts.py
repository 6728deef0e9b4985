"""What is hidden in a transcript is silenced in the sound, and the other way round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.documents.requests import LIMITS, Span
from evidencevault.errors import Unreadable
from evidencevault.redaction.transcripts import in_step, parse, spans_of, without, words_of

SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nMy name is Mirelva.\r\n\r\n"
    "2\r\n00:00:02,500 --> 00:00:04,000\r\n<i>And then</i>\r\nwe went home.\r\n"
    "3\r\n01:00:00,000 --> 01:00:01,000\r\nThank you.\r\n"
)
VTT = (
    "WEBVTT - Interview\n\nNOTE 00:00:09.000 --> 00:00:10.000 is a remark\nof two lines\n\n"
    "intro\n00:01.000 --> 00:04.000 align:start\n<v Anna>My <00:00:02.000>name is <00:03.000>Mirelva\n\n"
    "00:05.000 --> 00:06.000\nYes.\n"
)
PLAIN = (
    "Interview of 3 May\n\n[00:00:05] A: Who was there?\n[00:01:02] B: Mirelva,\n   and her brother.\n"
    "(1:10.5 - 1:12) A: Ah.\n1:20 B: Yes.\n"
)


def place(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def spoken(text: str) -> list[tuple[int, int, str]]:
    cues = parse(text, 90_000)
    assert all(text[one.begin : one.begin + len(one.text)].split() == one.text.split() for one in cues)
    return [(one.start, one.end, " ".join(one.text.split())) for one in cues]


def test_each_way_of_writing_is_read() -> None:
    assert spoken(SRT) == [
        (1000, 2500, "My name is Mirelva."),
        (2500, 4000, "<i>And then</i> we went home."),
        (3_600_000, 3_601_000, "Thank you."),
    ]
    assert spoken(VTT)[1] == (5000, 6000, "Yes.") and len(spoken(VTT)) == 2
    assert spoken(PLAIN) == [
        (5000, 63_000, "A: Who was there?"),
        (62_000, 70_500, "B: Mirelva, and her brother."),
        (70_500, 73_000, "A: Ah."),
        (80_000, 90_000, "B: Yes."),
    ]
    assert not parse("A letter of two lines\nwithout any time") and not parse("")


def test_hidden_words_silence_their_cue_or_their_part_of_it() -> None:
    assert spans_of(parse(SRT), [place(SRT, "Mirelva")]) == (Span(1000, 2500),)
    assert spans_of(parse(SRT), [place(SRT, "Mirelva"), place(SRT, "home")]) == (Span(1000, 4000),)
    assert spans_of(parse(VTT), [place(VTT, "Mirelva")]) == (Span(3000, 4000),)
    assert spans_of(parse(VTT), [place(VTT, "name")]) == (Span(2000, 3000),)
    assert spans_of(parse(PLAIN), [place(PLAIN, "brother")]) == (Span(62_000, 70_500),)
    assert spans_of(parse(SRT), [place(SRT, "00:00:01"), (3, 3)]) == ()


def test_silenced_sound_hides_its_words() -> None:
    (begin, end), *none = words_of(parse(SRT), [Span(2400, 2450)])
    assert SRT[begin:end] == "My name is Mirelva." and not none
    (begin, end), *none = words_of(parse(VTT), [Span(2100, 2200)])
    assert VTT[begin:end] == "<00:00:02.000>name is " and not none
    assert words_of(parse(SRT), [Span(2500, 2500), Span(4000, 9000)]) == ()


def test_both_go_together_and_the_transcript_shows_one_width_for_all() -> None:
    words, spans = in_step(parse(SRT), [place(SRT, "Mirelva")], [Span(3_600_000, 3_600_010)])
    assert spans == (Span(1000, 2500), Span(3_600_000, 3_600_010))
    left = without(SRT, words, "[...]")
    assert "My name is [...]." in left and left.endswith("\r\n[...]\r\n") and "Thank" not in left
    words, spans = in_step(parse(PLAIN), [place(PLAIN, "Mirelva")], [])
    assert words == (place(PLAIN, "Mirelva"),) and spans == (Span(62_000, 70_500),)


def test_nonsense_stays_within_bounds() -> None:
    assert parse("00:00:09,000 --> 00:00:01,000\nbackwards\n")[0].start == 1000
    assert parse("00:01.000 --> 00:04.000\na <00:03.000>b <00:02.000>c <09:00.000>d")[0].times == ((2, 3000),)
    with pytest.raises(Unreadable):
        parse("00:00:01 x\n" * 200_001)
    with pytest.raises(Unreadable):
        parse("x" * (LIMITS.text + 1))


@given(st.text(alphabet="0123:.,->[]<>() \n\rab", max_size=200))
def test_whatever_is_written_places_lie_in_the_text_and_times_in_order(text: str) -> None:
    for cue in parse(text, 10_000):
        assert 0 <= cue.begin <= cue.begin + len(cue.text) <= len(text) and cue.start <= cue.end
        for (first, last), span in cue.parts():
            assert cue.begin <= first < last <= cue.begin + len(cue.text) and span.start < span.end
            assert any(one.start <= span.start and span.end <= one.end for one in spans_of([cue], [(first, last)]))
