from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evidencevault.forms.positions import Path, lines

TEXT = '''# a comment with = and [brackets]
title = "a # no comment \\" = [x]"
"quoted key" = 'C:\\path'
long = """first
[not.a.header]
last \\""" still""""
literal = \'\'\'
it = "x"
\'\'\'\'
list = [ # comment ] here
  "a", # b
  { deep = 1, other = [2,
    3] },
]
a.b = 2026-05-01 10:00:00Z

[[lines]] # one
question = "q"
[[lines]]
at = 2026-05-01T10:00:00Z
question = "r"
[lines.inner]
x = 1
[ table . "sub key" ]
y = true
[[lines.parts]]
z = 1
[[lines.parts]]
z = 2'''


def test_lines_of_everything() -> None:
    found = lines(TEXT)
    expected: dict[Path, int] = {
        ("title",): 2,
        ("quoted key",): 3,
        ("long",): 4,
        ("literal",): 7,
        ("list",): 10,
        ("list", 0): 11,
        ("list", 1): 12,
        ("list", 1, "deep"): 12,
        ("list", 1, "other", 0): 12,
        ("list", 1, "other", 1): 13,
        ("a", "b"): 15,
        ("lines",): 17,
        ("lines", 0, "question"): 18,
        ("lines", 1): 19,
        ("lines", 1, "at"): 20,
        ("lines", 1, "inner", "x"): 23,
        ("table", "sub key"): 24,
        ("table", "sub key", "y"): 25,
        ("lines", 1, "parts", 0, "z"): 27,
        ("lines", 1, "parts", 1): 28,
        ("lines", 1, "parts", 1, "z"): 29,
    }
    assert {path: found.get(path) for path in expected} == expected


def test_every_value_of_the_parsed_text_has_a_line() -> None:
    assert _paths(tomllib.loads(TEXT), ()) <= lines(TEXT).keys()


def _paths(value: Any, path: Path) -> set[Path]:
    found = {path}
    if isinstance(value, dict):
        for key, one in value.items():
            found |= _paths(one, (*path, key))
    if isinstance(value, list):
        for place, one in enumerate(value):
            found |= _paths(one, (*path, place))
    return found


PIECES = st.sampled_from(
    [
        "k",
        "\n",
        "=",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        '"',
        '"""',
        "'",
        "'''",
        "\\",
        "#",
        ",",
        ".",
        " ",
        "1",
        "true",
        "é",
        "a = 1\n",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_tomllib_accepts_is_walked_to_its_end(text: str) -> None:
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        parsed = None
    if parsed is not None:
        assert _paths(parsed, ()) <= lines(text).keys()
