"""Patterns with their check digits, and the finder over a real PDF."""

from __future__ import annotations

import pytest
from tests.support.burner import HereBurner, pdf

from evidencevault.documents.requests import Bytes
from evidencevault.errors import Refused
from evidencevault.redaction.finding import Finder, spans
from evidencevault.redaction.marks import Box


def found(name: str, text: str) -> set[str]:
    return {text[start:end] for start, end in spans(name, text, "NL")}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("email", "mail jan.de.vries@exam-\nple.org now, a@b", {"jan.de.vries@exam-\nple.org"}),
        ("email", "jan [at] example.org; jan@\nexample.org.", {"jan [at] example.org", "jan@\nexample.org"}),
        ("phone", "call 020 624 1111 or +31 6 12345678, not 12-03-2024", {"020 624 1111", "+31 6 12345678"}),
        ("iban", "NL91 ABNA 0417 1643 00 and BE68 5390 0754 7034.", {"NL91 ABNA 0417 1643 00", "BE68 5390 0754 7034"}),
        ("iban", "NL91ABNA0417164301", set()),
        ("national-id", "111222333 or 123456789", {"111222333"}),
        ("national-id", "nn 85.07.30-033 28", {"85.07.30-033 28"}),
        ("national-id", "dni 12345678Z nie X1234567L", {"12345678Z", "X1234567L"}),
        ("national-id", "2 69 05 49 588 157 80", {"2 69 05 49 588 157 80"}),
        ("date", "12-03-2011, 99-99-2011, 1.2.3.4, 31/02/2020", {"12-03-2011"}),
        ("date", "2011-03-12", {"2011-03-12"}),
    ],
)
def test_patterns(name: str, text: str, expected: set[str]) -> None:
    assert found(name, text) == expected


@pytest.mark.parametrize(
    "date", ["12 maart 2011", "March 12, 2011", "1er août 2009", "3 de enero de 2012", "٣ يناير ٢٠١١", "5 May"]
)
def test_dates_in_words(date: str) -> None:
    assert date in found("date", f"on {date}; then")


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(HereBurner().text("x", Bytes(pdf("Dear Zoë Bar-\ntels,\nZoe Bartels wrote.", "Bartels again"))))


def test_a_real_page(finder: Finder) -> None:
    places = finder.term("Zoe Bartels")
    assert [(one.page, len(one.boxes)) for one in places] == [(1, 2), (1, 1)]
    assert "".join(finder.text_under(1, places[0].boxes).split()) == "ZoëBar-tels"
    assert finder.text_under(1, places[1].boxes) == "Zoe Bartels"
    assert [one.page for one in finder.term("bartels")] == [1, 1, 2] and finder.count == 2


def test_a_person_is_widened_to_the_end_of_the_line(finder: Finder) -> None:
    boxes = [box for one in finder.person(["Zoë Bartels"]) if one.page == 1 for box in one.boxes]
    assert "Zoe Bartels wrote." in finder.text_under(1, boxes) and "Dear" not in finder.text_under(1, boxes)


def test_lines_and_pages(finder: Finder) -> None:
    place = finder.term("wrote")[0].boxes[0]
    line = finder.line(1, (place.y0 + place.y1) / 2)
    assert finder.text_under(1, line.boxes) == "Zoe Bartels wrote." and line.boxes[0].x0 == 0
    assert "Dear" in finder.text_under(1, finder.whole(1).boxes)
    for wrong in (lambda: finder.line(1, 700.0), lambda: finder.whole(3), lambda: finder.term("…")):
        with pytest.raises(Refused):
            wrong()
    with pytest.raises(Refused):
        finder.box(1, Box(2000, 2000, 2001, 2001))
