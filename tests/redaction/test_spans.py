"""Recordings from mark to approved copy, in step with their transcript; nothing of them is on a page."""

from __future__ import annotations

import pytest
from tests.support import recordings
from tests.support.recordings import RATE
from tests.support.redactable import CHILD, Desk, bring

from evidencevault.bundle import crossing
from evidencevault.bundle.crossing import crossings
from evidencevault.bundle.orders import Item, Order
from evidencevault.documents.workers import Workers
from evidencevault.errors import Refused
from evidencevault.progress import Progress
from evidencevault.redaction import approving, marking, plans, stepping
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box, Mark, Span

TRANSCRIPT = f"[00:00:00] Good morning.\n[00:00:02] I saw {CHILD} there.\n[00:00:04] Then we went home.\n"


@pytest.fixture
def desk_with_voice(desk: Desk) -> Desk:
    case = desk.case("anna")
    bring(case, "E004", "voice.wav", recordings.sound(6000, "wav", "pcm_s16le", "secret title"), "audio/wav")
    bring(case, "E005", "voice.txt", TRANSCRIPT.encode(), "text/plain")
    return desk


def test_hidden_words_are_silenced_and_silenced_words_hidden(desk_with_voice: Desk) -> None:
    case = desk_with_voice.case("anna")
    workers = Workers()
    marking.mark(case, workers, "E005", Wanted(persons=("Child A",)), "child")
    marking.mark(case, workers, "E004", Wanted(spans=((Span(4500, 5000), None),)), "child")
    sound, text = stepping.in_step(case, workers, "E004", "E005", "child", Progress())
    spans = [one.span for one in sound]
    assert any(one and one.start <= 2000 and one.end >= 4000 for one in spans)
    assert any(one.kind == "text" and one.page == 1 for one in text)
    assert stepping.in_step(case, workers, "E004", "E005", "child", Progress()) == ((), ())
    approval = approving.approve(desk_with_voice.case("leo"), workers, "E004")
    assert (approval.method, approval.suffix, approval.pages) == ("sound", ".wav", 0) and approval.burnt is not None
    with desk_with_voice.case("leo").open_object(approval.burnt) as reader:
        data = b"".join(reader.stream())
    left = recordings.samples(data)
    assert not left[2 * RATE : 4 * RATE].any() and not left[int(4.5 * RATE) : 5 * RATE].any()
    assert left[: int(1.9 * RATE)].any() and b"secret title" not in data


def test_what_has_no_pages_has_no_boxes_and_no_transcript_without_times(desk_with_voice: Desk) -> None:
    case = desk_with_voice.case("anna")
    with pytest.raises(Refused, match="sound"):
        marking.mark(case, Workers(), "E004", Wanted(spans=((Span(0, 10), Box(0, 0, 5, 5)),)), "other")
    with pytest.raises(Refused, match="no recording"):
        marking.mark(case, Workers(), "E001", Wanted(spans=((Span(0, 10), None),)), "other")
    with pytest.raises(Refused, match="no times"):
        stepping.in_step(case, Workers(), "E004", "E001", "other", Progress())
    with pytest.raises(Refused):
        Span(10, 10)


def test_a_stretch_silent_in_one_bundle_and_heard_in_the_other_is_told(desk_with_voice: Desk) -> None:
    case = desk_with_voice.case("anna")
    marking.mark(case, Workers(), "E004", Wanted(spans=((Span(1000, 2000), None), (Span(3000, 3500), None))), "child")
    plans.remove(case, "E004", "m0002")

    def order(number: str, revision: int) -> Order:
        item = Item("N-1", "E004", "redacted", revision)
        return Order(number, (item,), (), (number,), "", "p", "l", "N", b"", "2026-01-01T00:00:00+00:00")

    first, second = order("B01", 1), order("B02", 2)
    (found,) = crossings(case, second, [first, second])
    assert (found.hidden_here, found.hidden_there) == ((), ("m0002",))


def test_a_face_blackened_in_one_film_and_only_silent_in_the_other_is_told() -> None:
    def mark(name: str, span: Span, *boxes: Box) -> Mark:
        return Mark(name, 1, boxes, "span", "child", "", "aa", "2026-01-01T00:00:00+00:00", span=span)

    face = mark("m0001", Span(0, 1000), Box(0, 0, 10, 10))
    silent, other = mark("m0002", Span(0, 2000)), mark("m0003", Span(0, 1000), Box(20, 20, 30, 30))
    whole = [mark("m0004", Span(0, 400), Box(0, 0, 10, 10)), mark("m0005", Span(400, 1000), Box(0, 0, 20, 20))]
    assert crossing._open([face], [silent, other]) == ("m0001",)
    assert crossing._open([face], whole) == () and crossing._open([face], whole[:1]) == ("m0001",)
    assert crossing._open([silent], [face]) == ("m0002",)
