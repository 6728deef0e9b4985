from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evidencevault.casework import forms, interviews, people, signed
from evidencevault.casework.interviews import (
    Break,
    Consent,
    Correction,
    Interpreter,
    Interview,
    Line,
    Present,
    Signature,
    faults,
    phases,
)
from evidencevault.casework.people import Person
from evidencevault.casework.questioning import count
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import FormError, NotFound, NotPermitted, Refused
from evidencevault.resources import find

Become = Callable[[str], CaseFile]
BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)
ENDED = BEGAN + timedelta(hours=1)
INTERVIEW = Interview(
    with_="Child A",
    by="Anna",
    language="en",
    started_at=BEGAN,
    ended_at=ENDED,
    consent=Consent(state="assent"),
    lines=(Line(question="Tell me what happened.", answer="He hit me."), Line(question="Where?", prompt_kind="other")),
)
FORM = """
with = "Child A"
by = "Anna"
language = "en"
started_at = 2026-03-01T09:00:00Z
ended_at = 2026-03-01T10:00:00Z
consent = "assent"
"""
FIX = Correction(words="I said Tuesday", line=1, by="child a")


@pytest.fixture
def child(case: CaseFile) -> str:
    return people.add(case, Person(role="child", names=("Maria Lopez",))).label


@pytest.fixture
def exhibit(case: CaseFile) -> str:
    write = case.write()
    stored = write.record(Kind.EXHIBIT, {"number": "E001", "name": "drawing.jpg"})
    write.entry("imported", records=(stored,), subject="E001")
    write.commit()
    return "E001"


def last_entry(case: CaseFile) -> tuple[str, Any, Any]:
    entry = list(case.entries())[-1]
    assert isinstance(entry.details, dict)
    return entry.action, entry.subject, entry.details["revision"]


def stored(case: CaseFile, body: dict[str, Any]) -> bytes:
    """A record as an earlier version of the program left it."""
    write = case.write()
    made = write.record(Kind.INTERVIEW, body)
    write.entry("recorded", records=(made,), subject=body["number"], details={"kind": "interview", "revision": 1})
    write.commit()
    return made.item


# --- prompts


def test_the_kind_of_a_prompt_is_suggested_and_a_given_one_stays(case: CaseFile, child: str) -> None:
    lines = (*INTERVIEW.lines, Line(question="He hit you, didn't he?"), Line(note="Silence"))
    interviews.add(case, replace(INTERVIEW, lines=lines))
    made = interviews.get(case, "I01").lines
    assert [(one.prompt_kind, one.prompt_suggested) for one in made] == [
        ("open", True),
        ("other", False),
        ("leading", True),
        ("", None),
    ]


def test_a_suggestion_follows_the_question_until_somebody_decides(case: CaseFile, child: str) -> None:
    interviews.add(case, INTERVIEW)
    draft = interviews.get(case, "I01")
    asked = replace(draft.lines[0], question="Who was there?")
    made = interviews.edit(case, "I01", replace(draft, lines=(asked,)))
    assert (made.lines[0].prompt_kind, made.lines[0].prompt_suggested) == ("direct", True)
    decided = replace(made.lines[0], prompt_kind="leading", prompt_suggested=None)
    made = interviews.edit(case, "I01", replace(made, lines=(decided,)))
    assert (made.lines[0].prompt_kind, made.lines[0].prompt_suggested) == ("leading", False)


def test_the_language_of_the_interpreter_tells_the_kind(case: CaseFile, child: str) -> None:
    spoken = Interpreter(who="S. Abebe", accredited=True, register="Rbtv 1234", language="nl - ti")
    interviews.add(
        case, replace(INTERVIEW, language="Tigrinya", interpreter=spoken, lines=(Line(question="Vertel eens."),))
    )
    assert interviews.get(case, "I01").lines[0].prompt_kind == "open"


# --- phases, times, references


def test_each_model_has_its_phases_and_the_template_shows_them() -> None:
    text = " ".join(forms.template("interview").split())
    assert phases("PEACE")[0] == "planning" and "neutral-topic" in phases("NICHD")
    assert phases("other") == phases("") == ()
    for model in ("PEACE", "NICHD"):
        assert f"{model}: {', '.join(phases(model))}." in text
    assert all(part in text for part in interviews.PARTS)


def test_the_sample_and_every_phase_of_a_model_pass(case: CaseFile, child: str) -> None:
    for model in ("PEACE", "NICHD"):
        lines = tuple(Line(question="Who?", phase=phase) for phase in phases(model))
        assert not list(faults(replace(INTERVIEW, model=model, lines=lines)))
    assert not list(faults(replace(INTERVIEW, model="other", lines=(Line(note="n", phase="warm-up"),))))
    sample = tomllib.loads((find("resources/sample") / "sample.toml").read_text("utf-8"))
    assert not list(faults(forms.from_values(Interview, sample["interview"][0])))


@pytest.mark.parametrize(
    ("more", "line", "key"),
    [
        ('model = "NICHD"\n[[lines]]\nnote = "Who"\nphase = "account"\n[[lines]]\nnote = "W"\nphase = "engage"',
         14, "lines[2].phase"),
        ('model = "PEACE"\nlines = [\n{ question = "Who?" },\n{ question = "Who?", phase = "rapport" }]',
         11, "lines[2].phase"),
        ("[[lines]]\nnote = 'n'\nat = 2026-03-01T08:59:59Z", 10, "lines[1].at"),
        ("[[lines]]\nnote = 'n'\nat = 2026-03-01T10:00:01Z", 10, "lines[1].at"),
        ("[[lines]]\nphase = 'x'", 8, "lines[1]"),
        ("[[breaks]]\nstarted_at = 2026-03-01T08:00:00Z", 9, "breaks[1].started_at"),
        ("[[breaks]]\nended_at = 2026-03-01T11:00:00Z", 9, "breaks[1].ended_at"),
        ("[[breaks]]\nstarted_at = 2026-03-01T09:20:00Z\nended_at = 2026-03-01T09:10:00Z", 10, "breaks[1].ended_at"),
        ("[[breaks]]\nstarted_at = 2026-03-01T09:20:00Z\nended_at = 2026-03-01T09:30:00Z\n"
         "[[breaks]]\nstarted_at = 2026-03-01T09:25:00Z", 12, "breaks[2].started_at"),
        ('recordings = ["E001", "C01"]', 8, "recordings[2]"),
        ('drawings = ["Child A"]', 8, "drawings[1]"),
        ("[[corrections]]\nwords = 'w'\nline = 1", 10, "corrections[1].line"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_line_and_key(more: str, line: int, key: str) -> None:
    with pytest.raises(FormError) as caught:
        forms.parse(Interview, FORM + more, faults)
    assert caught.value.sentence.startswith(f"Line {line}, {key}: ")
    assert caught.value.sentence.endswith(" Nothing was saved.")


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        ({"ended_at": BEGAN - timedelta(1)}, "^ended_at: "),
        ({"lines": (Line(),)}, r"^lines\[1\]: "),
        ({"model": "X"}, "^model: "),
        ({"model": "NICHD", "lines": (Line(note="n", phase="evaluation"),)}, r"^lines\[1\].phase: .*neutral-topic"),
    ],
)
def test_the_service_refuses_what_the_form_would(
    case: CaseFile, child: str, change: dict[str, Any], said_of_it: str
) -> None:
    with pytest.raises(FormError, match=said_of_it):
        interviews.add(case, replace(INTERVIEW, **change))
    assert interviews.list_interviews(case) == []


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    first = datetime(2026, 10, 25, 2, 40, tzinfo=amsterdam)
    second = datetime(2026, 10, 25, 2, 10, tzinfo=amsterdam, fold=1)  # half an hour later
    night = replace(INTERVIEW, started_at=first, ended_at=second, lines=(Line(note="n", at=second),))
    assert not list(faults(night))
    (fault,) = faults(replace(night, started_at=second, lines=(), ended_at=first))
    assert fault[0] == ("ended_at",)
    text = FORM.replace("2026-03-01T09:00:00Z", "2026-10-25T02:40:00+02:00")
    text = text.replace("2026-03-01T10:00:00Z", "2026-10-25T02:30:00+01:00")
    made = forms.parse(Interview, text + "[[lines]]\nnote = 'n'\nat = 2026-10-25T02:10:00+01:00", faults)
    assert len(made.lines) == 1
    with pytest.raises(FormError, match=r"lines\[1\].at"):
        forms.parse(Interview, text + "[[lines]]\nnote = 'n'\nat = 2026-10-25T02:10:00+02:00", faults)


def test_drawings_and_recordings_are_exhibits_of_the_case(case: CaseFile, child: str, exhibit: str) -> None:
    interviews.add(case, replace(INTERVIEW, drawings=("e1",), recordings=("E001",)))
    made = interviews.get(case, "I01")
    assert (made.drawings, made.recordings) == (("E001",), ("E001",))
    with pytest.raises(NotFound, match="E002"):
        interviews.edit(case, "I01", replace(made, drawings=("E002",)))


def test_breaks_one_after_another_pass() -> None:
    at = [BEGAN + timedelta(minutes=n) for n in range(4)]
    breaks = (
        Break(started_at=at[0], ended_at=at[1]),
        Break(reason="water"),
        Break(started_at=at[1]),
        Break(ended_at=at[3]),
    )
    assert not list(faults(replace(INTERVIEW, breaks=breaks)))


# --- the same person again


def test_another_interview_with_the_same_person_needs_a_reason(case: CaseFile, child: str) -> None:
    people.add(case, Person(role="child", names=("Juan",)))
    interviews.add(case, replace(INTERVIEW, prior_interviews=9))
    interviews.add(case, replace(INTERVIEW, with_="Juan"))
    for empty in ("", "  "):
        with pytest.raises(FormError, match=r"^reason_again: Child A .*I01"):
            interviews.add(case, replace(INTERVIEW, with_="Maria Lopez", reason_again=empty))
    interviews.add(case, replace(INTERVIEW, reason_again="A new allegation"))
    made = interviews.list_interviews(case)
    assert [(one.with_, one.prior_interviews) for one in made] == [("Child A", 0), ("Child B", 0), ("Child A", 1)]
    assert [one.number for one in interviews.earlier(case, "child a")] == ["I01", "I03"]
    with pytest.raises(NotFound, match="Nobody Known"):
        interviews.add(case, replace(INTERVIEW, with_="Nobody Known"))


def test_an_edited_draft_is_counted_among_those_before_it(case: CaseFile, child: str) -> None:
    people.add(case, Person(role="child", names=("Juan",)))
    for number in range(3):
        interviews.add(case, replace(INTERVIEW, reason_again=f"reason {number}"))
    assert interviews.edit(case, "I01", replace(INTERVIEW, plan="p")).prior_interviews == 0
    with pytest.raises(FormError, match=r"I01, I02\)"):
        interviews.edit(case, "I03", INTERVIEW)
    assert interviews.edit(case, "I02", replace(INTERVIEW, with_="Child B")).prior_interviews == 0


# --- draft, signed, corrected


def test_a_draft_is_saved_while_listening_and_each_revision_kept(case: CaseFile, child: str) -> None:
    empty = replace(INTERVIEW, lines=(), ended_at=None)
    assert interviews.add(case, empty) == "I01"
    assert interviews.get(case, "I01").state == "draft"
    for key, draft in (("lines", empty), ("ended_at", replace(INTERVIEW, ended_at=None))):
        interviews.edit(case, "I01", draft)
        with pytest.raises(FormError, match=f"^{key}: .*before it is signed"):
            interviews.sign(case, "I01")
    size = len(list(case.entries()))
    assert interviews.edit(case, "I01", replace(INTERVIEW, ended_at=None)).number == "I01"
    assert len(list(case.entries())) == size  # nothing changed, nothing written
    elsewhere = replace(INTERVIEW, ended_at=None, started_at=BEGAN.astimezone(timezone(timedelta(hours=1))))
    assert interviews.edit(case, "I01", elsewhere).started_at.utcoffset() == timedelta(hours=1)
    interviews.edit(case, "i1", INTERVIEW)
    assert [(one.revision, one.what, one.by, len(one.record.lines)) for one in interviews.revisions(case, "I01")] == [
        (1, "filed", "anna", 0),
        (2, "edited", "anna", 2),
        (3, "edited", "anna", 2),
        (4, "edited", "anna", 2),
    ]


def test_signing_locks_and_only_corrections_come_after(case: CaseFile, child: str) -> None:
    interviews.add(case, INTERVIEW)
    interviews.correct(case, "I01", replace(FIX, words="before signing"))
    assert interviews.signature(case, "I01") is None
    made = interviews.sign(case, "I01", [Signature(who="Child A", how="paper")])
    assert (made.state, made.signed_by, made.signatures[0].who) == ("signed", "anna", "Child A")
    assert last_entry(case) == ("signed", "I01", 3)
    with pytest.raises(Refused, match=r"I01 is signed by anna.*correction beside it"):
        interviews.edit(case, "I01", replace(made, plan="else"))
    with pytest.raises(Refused, match="signed already, by anna"):
        interviews.sign(case, "I01")
    corrected = interviews.correct(case, "I01", FIX)
    assert corrected.lines == made.lines
    assert [(one.words, one.by) for one in corrected.corrections] == [
        ("before signing", "Child A"),
        ("I said Tuesday", "Child A"),
    ]
    assert last_entry(case) == ("corrected", "I01", 4)
    with pytest.raises(FormError, match="no such line"):
        interviews.correct(case, "I01", replace(FIX, line=3))
    assert [one.what for one in interviews.revisions(case, "I01")] == ["filed", "corrected", "signed", "corrected"]
    found = interviews.signature(case, "I01")
    assert found is not None
    assert (found.by, found.revision, found.digest, found.holds) == ("anna", 3, made.signed_digest, True)
    assert case.ledger.state.findings == []


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({"lines": [{"question": "Where?", "answer": "Nowhere."}]}, False),
        ({"signed_by": "leo"}, False),
        ({"signed_at": "2026-03-02T09:00:00+00:00"}, False),
        ({"corrections": [{"words": "before"}, {"words": "w"}], "place": "Elsewhere"}, False),
        ({"corrections": [{"words": "else"}, {"words": "w"}]}, False),
        ({"corrections": []}, False),
        ({"corrections": [{"words": "before"}, {"words": "w"}]}, True),
    ],
)
def test_what_was_signed_cannot_be_changed_unseen(
    case: CaseFile, child: str, change: dict[str, Any], holds: bool
) -> None:
    interviews.add(case, INTERVIEW)
    interviews.correct(case, "I01", Correction(words="before"))
    interviews.sign(case, "I01")
    filed = interviews.history(case, "I01")[-1]
    write = case.write()
    forged = write.record(Kind.INTERVIEW, {**forms.to_body(filed.record), **change}, filed.item)
    write.entry("corrected", records=(forged,), subject="I01")
    write.commit()
    found = interviews.signature(case, "I01")
    assert found is not None
    assert (found.by, found.revision, found.holds) == ("anna", 3, holds)


def test_a_signature_that_no_entry_bears_does_not_hold(case: CaseFile, child: str) -> None:
    interviews.add(case, INTERVIEW)
    body = {**forms.to_body(interviews.sign(case, "I01")), "number": "I02"}
    stored(case, {**body, "signed_digest": signed.digest(body)})
    found = interviews.signature(case, "I02")
    assert found is not None and not found.holds


def test_corrections_are_not_taken_away_by_an_edit(case: CaseFile, child: str) -> None:
    interviews.add(case, INTERVIEW)
    interviews.correct(case, "I01", FIX)
    kept = interviews.edit(case, "I01", replace(INTERVIEW, plan="p"))
    assert [one.words for one in kept.corrections] == ["I said Tuesday"]
    with pytest.raises(Refused, match="Corrections already written"):
        interviews.edit(case, "I01", replace(kept, corrections=(replace(kept.corrections[0], words="else"),)))
    with pytest.raises(FormError, match=r"corrections\[1\].line"):
        interviews.edit(case, "I01", replace(kept, lines=()))


def test_a_refusal_to_talk_is_signed_without_lines(case: CaseFile, child: str) -> None:
    interviews.add(case, replace(INTERVIEW, consent=Consent(state="refused"), lines=(), ended_at=None))
    assert interviews.sign(case, "I01").state == "signed"


def test_only_an_officer_writes(become: Become) -> None:
    as_leo = become("leo")
    with pytest.raises(NotPermitted):
        interviews.add(as_leo, INTERVIEW)
    with pytest.raises(NotPermitted):
        interviews.sign(as_leo, "I01")
    with pytest.raises(NotPermitted):
        interviews.correct(as_leo, "I01", FIX)


def test_a_colleague_can_sign_what_another_filed(case: CaseFile, child: str, become: Become) -> None:
    interviews.add(case, INTERVIEW)
    as_olga = become("olga")
    assert interviews.sign(as_olga, "I01").signed_by == "olga"
    found = interviews.signature(as_olga, "I01")
    assert found is not None and (found.by, found.holds) == ("olga", True)


# --- the draft as a form, and what earlier versions left


def test_a_draft_goes_through_its_form_unchanged(case: CaseFile, child: str) -> None:
    interviews.add(case, replace(INTERVIEW, present=(Present(who="Ota", part="grandmother"),)))
    draft = interviews.draft(case, "I01")
    text = forms.to_toml(interviews.as_form(draft))
    assert 'prompt_kind = "other"' in text and 'prompt_kind = "open"' not in text
    assert interviews.edit(case, "I01", forms.parse(Interview, text, faults)) == draft
    assert len(interviews.history(case, "I01")) == 1


def test_a_name_under_an_earlier_form_is_a_signature_outside_the_program(case: CaseFile, child: str) -> None:
    assert forms.parse(Interview, FORM + 'signed_by = ""').signatures == ()
    interviews.add(case, forms.parse(Interview, FORM + 'signed_by = "Maria"\n[[lines]]\nnote = "n"', faults))
    made = interviews.get(case, "I01")
    assert (made.state, made.signed_by, made.signatures) == ("draft", "", (Signature(who="Maria"),))
    with pytest.raises(FormError, match=r"Line 8, signed_at: .*program"):
        forms.parse(Interview, FORM + "signed_at = 2026-03-01T09:00:00Z")


def test_what_an_earlier_version_stored_is_read_corrected_and_signed(case: CaseFile, child: str) -> None:
    old = forms.to_body(replace(INTERVIEW, number="I01", model="PEACE", lines=(Line(question="Who?", phase="story"),)))
    stored(case, {**old, "signed_by": "Maria", "later": 1})
    assert interviews.get(case, "I01").state == "draft"
    assert len(interviews.correct(case, "I01", FIX).corrections) == 1
    with pytest.raises(FormError, match=r"lines\[1\].phase"):
        interviews.sign(case, "I01")
    interviews.edit(case, "I01", INTERVIEW)
    made = interviews.sign(case, "I01")
    assert (made.signed_by, [one.who for one in made.signatures], made.extra) == ("anna", ["Maria"], {"later": 1})
    found = interviews.signature(case, "I01")
    assert found is not None and found.holds


# --- how questions were asked


def test_questions_are_counted_by_kind() -> None:
    kinds = ["open", "open", "leading", "closed", "leading", ""]
    lines = [Line(question="q", prompt_kind=kind, prompt_suggested=kind == "open") for kind in kinds]
    found = count(replace(INTERVIEW, lines=(Line(note="n", prompt_kind="leading"), *lines)))
    assert dict(found.counts) == {"open": 2, "direct": 0, "closed": 1, "leading": 2, "other": 0}
    assert (found.total, found.unsaid, found.suggested, found.first_leading) == (6, 1, 2, 4)
    assert (found.share("open"), found.share("direct"), found.share("closed")) == (33, 0, 17)
    none = count(replace(INTERVIEW, lines=()))
    assert (none.total, none.share("open"), none.first_leading) == (0, 0, None)
