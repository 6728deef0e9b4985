"""Every fault of a policy's file is refused with its line, its key and the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.histories import read

from evidencevault.casework import policies
from evidencevault.errors import FormError

GOOD = """id = "p"
version = "1"
country = "NL"
title = "P"
source = ["s"]
in_force_from = 2026-02-28

[days]
zone = "Europe/Amsterdam"
holidays = "NL"

[[role]]
id = "officer"
name = "Officer"

[[category]]
id = "neglect"
name = "Neglect"

[[step]]
id = "look"
name = "Look"
starts = "reported"
within = "24h"
role = "officer"
done_when = [{ record = "case", field = "immediate_safety.state", is = ["safe"] }]

[[step]]
id = "refer"
name = "Refer"
starts = "forced"
within = "2d"
role = "officer"

[[step]]
id = "after"
name = "After"
starts = "look"
within = "1mo"
role = "officer"

[[threshold]]
step = "refer"
when = { severity = ["high"] }

[[measure]]
id = "none"
name = "None"
weight = 0

[[measure]]
id = "talk"
name = "Talk"
weight = 1

[[violation]]
clause = "5.1"
text = "No."
measures = { least = "none", most = "talk" }

[[retention]]
category = "neglect"
keep = "10y"
"""


def test_what_is_good_is_taken() -> None:
    assert [one.id for one in read(GOOD).step] == ["look", "refer", "after"]
    assert read(GOOD.replace("\n", "\r\n")) == read(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "why"),
    [
        ('version = "1"', "version = 1..2", 2, "version", "not valid TOML"),
        ('version = "1"', 'version = "1', 2, "version", "not valid TOML"),
        ('version = "1"', "version = 1", 2, "version", "text in quotes"),
        ('version = "1"', 'version = ""', 2, "version", "required and empty"),
        ('version = "1"', 'version = "1"\nversoin = "1"', 3, "versoin", "Is “version” meant?"),
        ('country = "NL"', 'country = "nl"', 3, "country", "two capital letters"),
        ('country = "NL"', 'country = "NLD"', 3, "country", "two capital letters"),
        ("source = [\"s\"]", "source = []", 5, "source", "at least one"),
        ("2026-02-28", "2026-02-30", 6, "in_force_from", "not valid TOML"),
        ("2026-02-28", '"2026-02-30"', 6, "in_force_from", "a date is expected"),
        ("2026-02-28", "2026-02-28T10:00:00Z", 6, "in_force_from", "a date is expected"),
        ("Europe/Amsterdam", "Europe/Atlantis", 8, "days", "no time zone “Europe/Atlantis”"),
        ("Europe/Amsterdam", "/etc/passwd", 8, "days", "no time zone"),
        ('holidays = "NL"', 'holidays = "QQ"', 8, "days", "public holidays of “QQ”"),
        ('holidays = "NL"', "moves = 1", 10, "days.moves", "true or false"),
        ('[[role]]\nid = "officer"\n', "[[role]]\n", 12, "role[1].id", "required and missing"),
        ("[[category]]", '[[role]]\nid = "officer"\nname = "Again"\n\n[[category]]', 16, "role[2]", "a second time"),
        ('id = "neglect"\nname', 'id = "gossip"\nname', 17, "category[1].id", "one of these is expected"),
        ('name = "Neglect"', 'name = "N"\nseverity = "grave"', 19, "category[1].severity", "one of these"),
        ('id = "after"', 'id = "look"', 35, "step[3]", "“look” stands here a second time"),
        ('id = "after"', 'id = "reported"', 36, "step[3].id", "is a word of the program"),
        ('starts = "reported"', 'starts = "rported"', 23, "step[1].starts", "“rported” is unknown"),
        ('starts = "reported"', 'starts = "look"', 23, "step[1].starts", "in a circle"),
        ('starts = "reported"', 'starts = "after"', 23, "step[1].starts", "in a circle"),
        ('within = "24h"', 'within = "soon"', 24, "step[1].within", "a period is expected"),
        ('within = "24h"', 'within = "0h"', 24, "step[1].within", "a period is expected"),
        ('role = "officer"\ndone', 'role = "chief"\ndone', 25, "step[1].role", "“chief” is unknown. Known are:"),
        ('within = "2d"', 'within = "2d"\nescalate_to = ["chief"]', 33, "step[2].escalate_to", "“chief” is unknown"),
        ('record = "case"', 'record = "exhibit"', 26, "step[1].done_when[1].record", "one of these is expected"),
        ("immediate_safety.state", "immediate_safety.stat", 26, "step[1].done_when[1].field", "immediate_safety.state"),
        ("immediate_safety.state", "safety", 26, "step[1].done_when[1].field", "“safety” is unknown"),
        ("immediate_safety.state", "title.first", 26, "step[1].done_when[1].field", "“title.first” is unknown"),
        ('is = ["safe"]', 'is = ["sound"]', 26, "step[1].done_when[1].is", "“sound” is unknown. Known are: safe"),
        ('is = ["safe"]', 'not = ["sound"]', 26, "step[1].done_when[1].not", "“sound” is unknown"),
        ('is = ["safe"]', 'is = ["safe"], not = ["safe"]', 26, "step[1].done_when[1].not", "give one of"),
        ('is = ["safe"]', 'is = ["safe"], has = ["sa"]', 26, "step[1].done_when[1].has", "give one of"),
        (', field = "immediate_safety.state"', "", 26, "step[1].done_when[1].field", "values need a field"),
        ('is = ["safe"] }', 'is = ["safe"] }, { record = "person" }', 26, "step[1].done_when", "the same kind"),
        ('starts = "reported"', 'starts = "reported"\nwhen = { age_under = 131 }', 24, "step[1].when", "1 to 130"),
        ('step = "refer"', 'step = "refre"', 43, "threshold[1].step", "“refre” is unknown"),
        ('step = "refer"', 'step = "after"', 43, "threshold[1].step", "starts with “forced”"),
        ('step = "refer"', 'step = "after"', 31, "step[2].starts", "no threshold forces this step"),
        ('severity = ["high"]', "", 44, "threshold[1].when", "would force every case"),
        ('severity = ["high"]', "age_under = 0", 44, "threshold[1].when.age_under", "1 to 130"),
        ("weight = 0", "weight = 1", 49, "measure[1].weight", "“none” weighs 0"),
        ("weight = 1", "weight = 0", 54, "measure[2].weight", "every measure weighs more"),
        ("weight = 1", "weight = -1", 54, "measure[2].weight", "zero or more"),
        ('id = "talk"', 'id = "none"', 51, "measure[2]", "a second time"),
        ('most = "talk"', 'most = "shout"', 59, "violation[1].measures", "“shout” is unknown"),
        ('least = "none", most = "talk"', 'least = "talk", most = "none"', 59, "violation[1].measures", "weighs more"),
        ('keep = "10y"', 'keep = "ever"', 63, "retention[1].keep", "a period is expected"),
        ('keep = "10y"', 'keep = "10y"\n[[retention]]\ncategory = "neglect"\nkeep = "2y"', 64, "retention", "second"),
        ('keep = "10y"', 'keep = "10y"\n[countersign]\nclosure = ["board"]', 65, "countersign.closure", "one of these"),
        ('keep = "10y"', 'keep = "10y"\n[closure]\nconditions = ["tea"]', 65, "closure.conditions", "one of these"),
        ('keep = "10y"', 'keep = "10y"\n[alone]\nallowed = "yes"', 65, "alone.allowed", "true or false"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int, key: str, why: str) -> None:
    assert old in GOOD
    with pytest.raises(FormError) as refused:
        read(GOOD.replace(old, new, 1))
    told = refused.value.sentence
    assert any(one.startswith(f"Line {line}, {key}") and why in one for one in told.splitlines()), told
    assert "Nothing was saved." in told


def test_all_faults_are_named_at_once() -> None:
    text = GOOD.replace('within = "24h"', 'within = "soon"').replace('within = "2d"', 'within = "later"')
    with pytest.raises(FormError) as refused:
        read(text.replace('most = "talk"', 'most = "shout"'))
    assert [one.split(":")[0] for one in refused.value.sentence.splitlines()] == [
        "Line 24, step[1].within",
        "Line 32, step[2].within",
        "Line 59, violation[1].measures",
    ]


@pytest.mark.parametrize("text", [b"", b"\xff", b"id = 'x'", b"[[step]]\n" * 3, b"a=" + b"[" * 4000 + b"]" * 4000])
def test_what_is_no_policy_is_refused(text: bytes) -> None:
    with pytest.raises(FormError, match="Nothing was saved"):
        policies.read(text)


@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text('"[]{}=.,\n #ab1-', max_size=6))
def test_a_damaged_file_is_refused_or_taken_and_nothing_else(start: int, length: int, instead: str) -> None:
    try:
        read(GOOD[:start] + instead + GOOD[start + length :])
    except FormError as error:
        assert "Nothing was saved." in error.sentence
