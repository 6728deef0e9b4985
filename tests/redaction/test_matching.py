"""The matcher finds what a reader would find, and covers every glyph of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.redaction.marks import Box
from evidencevault.redaction.matching import Glyph, Page, fold, pattern_of
from evidencevault.redaction.persons import person_patterns


def glyphs(text: str, step: float = 6.0) -> list[Glyph]:
    """Lines of a page at 6 points a character and 14 a line."""
    found = []
    for row, line in enumerate(text.split("\n")):
        for column, char in enumerate(line):
            x, y = 50 + column * step, 40 + row * 14
            found.append(Glyph(char, Box(x, y, x + step - 0.5, y + 11), row))
    return found


def covered(text: str, found: list[tuple[Box, ...]]) -> list[str]:
    """The characters under each hit."""
    page = glyphs(text)
    return ["".join(g.text for g in page if any(box.covers(g.box) for box in boxes)) for boxes in found]


def hits(text: str, term: str, genitive: bool = False) -> list[str]:
    return covered(text, Page(glyphs(text)).find([pattern_of(term, genitive)]))


@pytest.mark.parametrize(
    ("text", "term", "under"),
    [
        ("Jan went home", "Jan", ["Jan"]),
        ("JAN and jan", "Jan", ["JAN", "jan"]),
        ("in January", "Jan", []),
        ("Trojan horse", "Jan", []),
        ("café Zoë", "Zoe", ["Zoë"]),
        ("Zoe", "Zoë", ["Zoe"]),
        ("the oﬃce of Bartels", "office", ["oﬃce"]),
        ("see Bar-\ntels there", "Bartels", ["Bar-tels"]),
        ("see Bar\ntels there", "Bartels", ["Bartels"]),
        ("see Bar\u00adtels there", "Bartels", ["Bar\u00adtels"]),
        ("see J a n  d e  V r i e s  here", "Jan de Vries", ["J a n  d e  V r i e s"]),
        ("B.a.r.t.e.l.s", "Bartels", ["B.a.r.t.e.l.s"]),
        ("Jan\nde   Vries", "Jan de Vries", ["Jande   Vries"]),
        ("Jan-Pieter O’Brien", "O'Brien", ["O’Brien"]),
        ("OBrien", "O'Brien", ["OBrien"]),
        ("O Brien", "O'Brien", ["O Brien"]),
        ("Jan's bike, Jan’s coat", "Jan", ["Jan's", "Jan’s"]),
        ("jan.de_vries@example.org", "Jan de Vries", ["jan.de_vries"]),
        ("IMG_JanDeVries2024.jpg", "Jan de Vries", ["JanDeVries"]),
        ("Straße", "STRASSE", ["Straße"]),
        ("Łódź", "Lodz", ["Łódź"]),
        ("الطفل أَحْمَد هنا", "احمد", ["أَحْمَد"]),
        ("قال وأحمد", "أحمد", ["أحمد"]),
        ("王小明在这里", "小明", ["小明"]),
        ("room 12b", "12b", ["12b"]),
        ("room 112b", "12b", []),
        ("J a n u a r y", "Jan", []),
        ("January-\nJan", "Jan", ["Jan"]),
        ("Jan-\nuary", "Jan", []),
        ("", "Jan", []),
    ],
)
def test_what_a_reader_sees(text: str, term: str, under: list[str]) -> None:
    assert hits(text, term) == under


def test_genitive_s_belongs_to_a_name() -> None:
    assert hits("Annas fiets", "Anna", genitive=True) == ["Annas"]
    assert hits("Annas fiets", "Anna") == []


def test_right_to_left_text_stored_as_drawn_is_found() -> None:
    assert hits("دمحأ", "أحمد") == ["دمحأ"]


def test_letters_drawn_in_any_order_are_found_where_they_lie() -> None:
    page = glyphs("say Bartels now")
    shuffled = page[8:] + page[:8]
    shuffled[1], shuffled[2] = shuffled[2], shuffled[1]
    assert covered("say Bartels now", Page(shuffled).find([pattern_of("Bartels")])) == ["Bartels"]


def test_columns_lie_apart() -> None:
    page = glyphs("Jan") + [Glyph(c, Box(300 + i * 6, 40, 305 + i * 6, 51), 0) for i, c in enumerate("January")]
    found = Page(page).find([pattern_of("Jan")])
    assert len(found) == 1 and found[0][0].x1 < 100


@pytest.mark.parametrize(
    "written",
    [
        "Jan Pieter de Vries",
        "Jan de Vries",
        "de Vries",
        "Vries",
        "Jan",
        "Pieter",
        "Vries, Jan Pieter de",
        "De Vries, Jan",
        "J.P. de Vries",
        "J. de Vries",
        "J de Vries",
        "jpdevries",
        "J. Vries",
        "Jan P. de Vries",
        "Jan V",
        "Jan de V",
        "J.P.V.",
        "J.P.d.V.",
        "JPV",
        "JPdV",
        "J.V.",
        "Jan-Pieter",
        "Vries'",
        "Jans",
        "JAN DE VRIES",
        "de Beer",
        "Beer",
    ],
)
def test_every_form_of_a_person(written: str) -> None:
    patterns = person_patterns(["Jan Pieter de Vries"], ["de Beer"])
    text = f"then {written} came"
    under = "".join(covered(text, Page(glyphs(text)).find(patterns)))
    assert under.rstrip(".") == written.rstrip("'.") or under == written


@pytest.mark.parametrize(
    "text",
    ["in January we", "i.e. or e.g. the vein", "a bear with a beer", "an article", "JV Ltd", "de man van der weg"],
)
def test_a_person_hides_nothing_else(text: str) -> None:
    assert Page(glyphs(text)).find(person_patterns(["Jan de Vries", "An Vos"], ["de Beer"])) == []


NAME = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéüñçøœß"), min_size=3, max_size=9)
GAP = st.sampled_from(["", "-\n", "\u00ad"])
BETWEEN = st.sampled_from([" ", "  ", "\n", " \n", "-", ".", "_", "’"])
CASE = st.sampled_from([str.lower, str.upper, str.title])


@given(st.lists(NAME, min_size=1, max_size=3), st.data())
def test_no_letter_of_a_planted_name_is_left_uncovered(words: list[str], data: st.DataObject) -> None:
    case = data.draw(CASE)
    name = ""
    for number, word in enumerate(words):
        name += data.draw(BETWEEN) if number else ""
        cut = data.draw(st.integers(1, len(word) - 1))
        name += case(word[:cut]) + data.draw(GAP) + word[cut:].lower()
    before = data.draw(st.sampled_from(["", "see ", "(", "“", "\n"]))
    after = data.draw(st.sampled_from(["", " there", ").", "'s", ", and", "\n"]))
    page = glyphs(before + name + after)
    planted = page[len(before.replace("\n", "")) :][: len(name.replace("\n", ""))]
    boxes = [box for hit in Page(page).find([pattern_of(" ".join(words))]) for box in hit]
    assert [g.text for g in planted if g.text.isalpha() and not any(box.covers(g.box) for box in boxes)] == []


@given(NAME, st.text(st.characters(categories=["L", "N", "P", "Zs", "M", "Cf"]), max_size=40))
def test_what_is_marked_holds_the_term_and_no_other_word(term: str, text: str) -> None:
    for under in hits(text, term):
        assert fold(term) in fold("".join(c for c in under if c.isalnum()))


@given(st.lists(st.characters(), max_size=60), st.text(min_size=1, max_size=6))
def test_no_text_brings_it_down(chars: list[str], term: str) -> None:
    page = [Glyph(c, Box(i * 5, 0, i * 5 + 4, 10), i // 9) for i, c in enumerate(chars)]
    for boxes in Page(page).find([pattern_of(term)]):
        assert boxes
