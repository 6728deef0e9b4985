"""A whole interview to read: how it stands, who signed, how it was asked, what was put right; never as markup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QTextDocument

from evidencevault.casework.interviews import (
    Break,
    Consent,
    Correction,
    Interpreter,
    Interview,
    Line,
    Signature,
    Signed,
)
from evidencevault.desktop.interview_reader import interview_html

BEGUN = datetime(2026, 3, 3, 9, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return BEGUN + timedelta(minutes=minutes)


INTERVIEW = Interview(
    number="I02", with_="Child A", by="Anna", language="en", started_at=BEGUN, ended_at=at(50),
    consent=Consent(state="assent"),
    interpreter=Interpreter(who="Sam", register="WBTV 12", language="Arabic"),
    lines=(
        Line(at=at(1), question="What happened?", answer="<b>He</b> came.", prompt_kind="open", prompt_suggested=True),
        Line(at=at(5), question="He hit you, didn't he?", answer="No.", prompt_kind="direct", prompt_suggested=False),
        Line(at=at(30), question="It was dark, wasn't it?", prompt_kind="leading", prompt_suggested=False),
        Line(note="She draws."),
    ),
    breaks=(Break(reason="Water", started_at=at(10), ended_at=at(20)),),
    drawings=("E004",), recordings=("E003",),
    corrections=(
        Correction(words="He came in twice.", line=1, by="Child A", at=at(60)), Correction(words="My age is 8."),
    ),
    signed_by="anna", signed_at=at(55), signatures=(Signature(who="Child A", how="paper"), Signature(who="Sam")),
)  # fmt: skip


def read(interview: Interview, signed: Signed | None = None) -> str:
    document = QTextDocument()
    document.setHtml(interview_html(interview, signed))
    return document.toPlainText().replace("\u2028", "\n")


def test_all_that_the_record_says_is_there(qapp: object) -> None:
    text = read(INTERVIEW, Signed("anna", 2, 9, "00", holds=True))
    for said in (
        "Signed, corrected beside it", "Signed by anna, 2026-03-03 09:55:00 +0000", "Unchanged since.",
        "Signed by Child A (on paper)", "Signed by Sam", "E003", "E004",
        "Sam, accreditation not known, WBTV 12, Arabic",
        "1 (33 %)", "line 3, 09:30", "Kinds suggested by the program", "<b>He</b> came.", "open (suggested)",
        "by its words: leading", "She draws.", "My age is 8.",
    ):  # fmt: skip
        assert said in text, said
    order = ["What happened?", "He came in twice.", "didn't he?", "Water", "wasn't it?", "She draws.", "My age is 8."]
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert "\ufffd" not in text
    assert text.count("by its words") == 1  # where the person and the words agree, nothing is said twice


@pytest.mark.parametrize("signed", [False, True])
def test_a_draft_and_a_signature_that_does_not_hold_say_so(qapp: object, signed: bool) -> None:
    if signed:
        text = read(INTERVIEW, Signed("anna", 2, 9, "00", holds=False))
        assert "What was signed was changed afterwards." in text and "Unchanged" not in text
    else:
        draft = Interview(
            number="I01", with_="Child A", by="Anna", language="en", started_at=BEGUN, consent=Consent(state="given")
        )
        text = read(draft)
        assert "Not signed: this is a draft" in text and "Nothing was written down yet." in text
        assert "How the questions were asked" not in text
