from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from evidencevault.casework.prompts import PROMPTS, suggest, words

QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text("utf-8"))
CASES = [
    pytest.param(code, kind, text, id=f"{code}-{kind}-{place}")
    for code, kinds in QUESTIONS.items()
    for kind, texts in kinds.items()
    for place, text in enumerate(texts)
]


@pytest.mark.parametrize("code", ["en", "nl", "fr", "es", "ar"])
def test_there_are_enough_sentences_of_every_kind(code: str) -> None:
    kinds = QUESTIONS[code]
    assert set(kinds) == set(PROMPTS)
    assert sum(map(len, kinds.values())) >= 25
    assert all(len(kinds[kind]) >= 10 for kind in ("open", "direct", "closed", "leading"))


@pytest.mark.parametrize(("code", "kind", "text"), CASES)
def test_a_question_is_what_a_trained_person_calls_it(code: str, kind: str, text: str) -> None:
    assert suggest(text, code) == kind


@pytest.mark.parametrize(
    ("language", "kind"),
    [
        ("nl", "leading"),
        ("nl-BE", "leading"),
        ("Nederlands", "leading"),
        ("  Dutch ", "leading"),
        ("Arabic, through an interpreter (nl)", "leading"),
        ("", "leading"),
        ("fr", "closed"),
        ("Swahili", "other"),
        ("ar", "other"),
    ],
)
def test_the_language_goes_by_code_or_name(language: str, kind: str) -> None:
    assert suggest("Hij deed het, nietwaar?", language) == kind


def test_without_a_language_only_what_all_agree_on_is_said() -> None:
    assert suggest("What happened then?", "") == "open"
    assert suggest("ماذا حدث؟", "") == "open"
    assert suggest("Was er iemand?", "nl") == "closed"
    assert suggest("Qu'est-il arrivé ?", "") == "open"
    assert suggest("Que hizo?", "") == "direct"
    assert suggest("qui", "") == "direct"
    assert suggest("Wat, no?", "") == "other"  # Dutch asks for a detail, Spanish sees a tag


def test_writing_makes_no_difference() -> None:
    assert suggest("¿¿QUE PASO??", "es") == "open"
    assert suggest("qu’est-ce qui s’est passé", "fr") == "open"
    assert suggest("ﻣﺎذا حَدَثـــَ ؟", "ar") == "open"
    assert suggest("E\u0301tait-il la\u0300 ?", "fr") == suggest("Était-il là ?", "fr") == "closed"
    assert words("N’est-ce PAS… أُخْتـي؟") == " n est ce pas اختي"


def test_a_leading_sentence_makes_the_question_leading() -> None:
    assert suggest("He hit you, didn't he? Tell me about it.", "en") == "leading"
    assert suggest("Was he there? What did he do?", "en") == "direct"


@pytest.mark.parametrize(
    "text", ["?", " \n", "?!…", "123", "\u202e", "'", "[me] * /", "a" * 50_000, "or " * 20_000 + "?"]
)
@pytest.mark.parametrize("language", ["", "en", "ar"])
def test_any_text_has_a_kind(text: str, language: str) -> None:
    assert suggest(text, language) in PROMPTS
