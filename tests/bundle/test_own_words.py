"""A word that the program uses itself can be a secret of a case: what the leak check says of itself is no leak."""

from __future__ import annotations

import json

from evidencevault.bundle import leakcheck


def test_only_what_comes_from_the_case_is_attacked() -> None:
    report = leakcheck.leak_check([], 3, 2, ["text", "pixels"], [("D001", "E004")])
    assert "checked" in report.decode()  # a word that somebody may have marked
    assert json.loads(leakcheck.told(report)) == [["D001", "E004"]]
