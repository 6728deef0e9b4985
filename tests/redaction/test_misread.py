"""Names that text recognition misread are suggested, apart from those that are sure, and without a flood."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pytest
from tests.support import scans
from tests.support.redactable import Desk

from evidencevault.documents.requests import Bytes, PageText
from evidencevault.documents.workers import Workers
from evidencevault.redaction import plans, subjects, suggesting
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.found import Found
from evidencevault.redaction.suggesting import MISREAD

NAME = "Wietske Bartelsen"
PLAIN = (
    "Yesterday the trainer asked three children to stay behind although their parents waited outside in the rain "
    "and nobody had told them that practice would be longer than an hour before the tournament in Haarlem"
)


def page(text: str) -> PageText:
    """Lines of letters of 6 by 10 points, one below the other."""
    boxes, column, line = array("f"), 0, 0
    for letter in text:
        left, top = 20 + 6 * column, 50 + 20 * line
        boxes.extend((0, 0, 0, 0) if letter == "\n" else (left, top, left + 6, top + 10))
        column, line = (0, line + 1) if letter == "\n" else (column + 1, line)
    return PageText(1, 600, 800, text, boxes.tobytes())


def near(read: str, written: str = "", names: Sequence[str] = (NAME,)) -> list[Found]:
    return Finder([page(written)] if written else [], [page(read)]).misread(names)


@pytest.mark.parametrize(
    "read", ["Bartelzen", "Barte1sen", "Bartelscn,", "(Bartelsn)", "Bartellsen", "Wletske", "Vvietske"]
)
def test_a_name_with_a_wrong_letter_is_suggested_and_not_sure(read: str) -> None:
    (found,) = near(f"then {read} went home")
    assert not found.sure and found.boxes[0].x0 <= 50 and found.boxes[0].x1 >= 50 + 6 * len(read)
    assert not Finder([], [page(f"then {read} went home")]).term("Bartelsen")


@pytest.mark.parametrize("read", ["Martens", "Bart", "Bartelsen", "parties", "wits"])
def test_what_is_another_word_or_found_already_is_not(read: str) -> None:
    assert near(f"then {read} went home") == []


def test_short_names_are_only_mistaken_for_letters_that_look_alike() -> None:
    assert near("then Corne1is and Jarn", names=("Jam Cornelis",)) != []
    assert near("then Anna and Emma", names=("Anne Emmy",)) == []


def test_what_the_file_itself_says_is_not_suggested_again() -> None:
    assert near("then Bartelzen went home", "then Bartelsen went home") == []


def test_patterns_are_never_guessed() -> None:
    right, wrong = "NL91ABNA0417164300", "NL91ABNA0417164380"
    assert len(Finder([], [page(f"pay {right}\nor {wrong}")]).pattern("iban", "NL")) == 1


def test_on_a_noisy_scan_every_mention_is_found_or_suggested_and_nothing_else() -> None:
    words = PLAIN.split()
    lines = [" ".join([*words[at : at + 4], NAME]) for at in range(0, len(words), 4)]
    data = scans.scanned("\n".join(lines), noisy=True, size=8.0)
    finder = Finder((), Workers().ocr("scan.pdf", Bytes(data), (), "eng"))
    sure, unsure = finder.person([NAME], widen=False), finder.misread([NAME])
    assert len(sure) >= 0.8 * len(lines) and len(lines) - 1 <= len(sure) + len(unsure) <= len(lines) + 1


def test_misread_names_are_a_group_of_their_own(desk: Desk) -> None:
    case = desk.case("anna")
    finder = Finder([], [page("then Bartelzen\nand Okafor\nand Bartelsen\nwent away")])
    plan = plans.opened(None, subjects.subject(case, "E001"))
    found = suggesting.suggestions(case, finder, plan)
    assert {one.group for one in found} == {"person:Child A", "person:Staff A", f"{MISREAD}:Child A"}
    sure = suggesting.choose(found, groups=["person"])
    assert len(sure) == 2 and all(one.found.sure for one in sure)
    assert [one.group for one in suggesting.choose(found, groups=[MISREAD])] == [f"{MISREAD}:Child A"]
