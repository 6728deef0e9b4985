from __future__ import annotations

import json

import pytest

from evidencevault.casework import actions, importing
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import FormError, NotFound

CSV = """words,owner,due,from
"Train all staff, yearly",HR,2026-06-01,Inspectorate
Move the bunk beds,,,
"""


def test_a_list_is_taken_in_whole(case: CaseFile) -> None:
    found = importing.recommendations(CSV.encode("utf-8-sig"), "The Ombudsman")
    assert actions.add_recommendations(case, found) == ["R01", "R02"]
    first, second = actions.list_recommendations(case)
    assert (first.words, first.owner, str(first.due), first.from_.body) == (
        "Train all staff, yearly", "HR", "2026-06-01", "Inspectorate",
    )  # fmt: skip
    assert (second.words, second.owner, second.due) == ("Move the bunk beds", "", None)
    assert second.from_.body == "The Ombudsman"
    assert sum(entry.action == "recorded" for entry in case.entries()) == 2


def test_semicolons_tabs_and_json_are_lists_too() -> None:
    for delimiter in (";", "\t"):
        text = f"words{delimiter}owner\nDo, better{delimiter}HR\n"
        assert [one.words for one in importing.recommendations(text.encode(), "B")] == ["Do, better"]
    rows = [{"words": "A", "from": {"body": "X", "document": "E001"}}, {"words": "B", "due": "2026-01-02"}]
    for data in (rows, {"recommendations": rows}):
        made = importing.recommendations(json.dumps(data).encode(), "Y")
        assert [(one.words, one.from_.body, one.from_.document) for one in made] == [("A", "X", "E001"), ("B", "Y", "")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("words,due\nA,2026-02-30\n", "Row 2: due"),
        ("words,due\nA,soon\n", "Row 2: due"),
        ("words\nA,B\n", "Row 2: there are more cells"),
        ("text\nA\n", "must name the columns"),
        ("", "must name the columns"),
        ("words\n", "holds no recommendation"),
        ('words\n"A\n', "Row 2"),
        ("words,owner\n,HR\n", "Row 2: words"),
        ("[1]", "Row 1"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('[{"words": "A", "who": 1}]', "Row 1: who"),
    ],
)
def test_a_fault_is_named_with_its_row(data: str, said: str) -> None:
    with pytest.raises(FormError, match=said):
        importing.recommendations(data.encode(), "B")


def test_nobody_recommends_nothing() -> None:
    with pytest.raises(FormError, match="body"):
        importing.recommendations(b"words\nA\n")
    with pytest.raises(FormError, match="UTF-8"):
        importing.recommendations("words\nÜ\n".encode("utf-16"), "B")


def test_all_or_none(case: CaseFile) -> None:
    found = importing.recommendations(b"words,document\nA,\nB,E009\n", "B")
    with pytest.raises(NotFound, match="E009"):
        actions.add_recommendations(case, found)
    assert actions.list_recommendations(case) == []
