from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from evidencevault.casework import actions, cases, concerns, decisions, interviews, people, signing
from evidencevault.casework.actions import Action, Fixed, From, Recommendation, Refusal
from evidencevault.casework.cases import Authority, Group
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.decisions import Decision, Evidence
from evidencevault.casework.interviews import Consent, Interview, Line
from evidencevault.casework.people import Person
from evidencevault.custody import verify
from evidencevault.custody.casefile import CaseFile, Duty, Kind, SeenEntry, read_duties
from evidencevault.errors import FormError, NotFound, NotPermitted, Refused
from evidencevault.progress import Progress

Become = Callable[[str], CaseFile]
HEARD = datetime(2026, 3, 1, 9, tzinfo=UTC)
CONCERN = Concern(words="He hit me", channel="phone", to="Mrs Jansen", heard_at=HEARD)
ANSWER = Answer(words="We look into it", at=HEARD, by="Anna", outcome="satisfied")
INTERVIEW = Interview(
    with_="Child A",
    by="Anna",
    language="nl",
    started_at=HEARD,
    consent=Consent(state="assent"),
    lines=(Line(question="Tell me."),),
)
DECISION = Decision(question="Did he?", finding="inconclusive", measure=("none",), clause="4.2", rationale="Because")
ACTION = Action(what="Call the police", owner="Anna", due=date(2026, 3, 5))


def child(case: CaseFile, name: str = "Maria Lopez") -> str:
    return people.add(case, Person(role="child", names=(name,))).label


def exhibit(case: CaseFile, number: str) -> None:
    write = case.write()
    stored = write.record(Kind.EXHIBIT, {"number": number, "name": "letter.pdf"})
    write.entry("imported", records=(stored,), subject=number)
    write.commit()


def last(case: CaseFile) -> SeenEntry:
    """The newest entry but for those that say what is due."""
    return [one for one in case.entries() if one.action != "due"][-1]


def duties(case: CaseFile, step: str) -> list[Duty]:
    return [one.duty for one in read_duties(case.ledger) if one.duty.step == step]


def said(entry: SeenEntry) -> tuple[str, Any, Any, Any]:
    details = entry.details
    assert isinstance(details, dict)
    return entry.action, entry.subject, details["kind"], details["revision"]


# --- the case


def test_the_case_is_described_and_corrected(case: CaseFile) -> None:
    before = cases.describe(case)
    assert (before.title, before.state, before.immediate_safety.state) == ("T", "reported", "unknown")
    changed = replace(
        before, affected=(Group(type="children", count=2),), authorities_informed=(Authority(authority="VT"),)
    )
    cases.update(case, changed)
    assert cases.describe(case) == changed
    assert cases.history(case) == [before, changed]
    assert said(last(case)) == ("corrected", case.reference, "case", 2)


def test_a_case_takes_only_known_words(case: CaseFile) -> None:
    with pytest.raises(FormError, match="severity"):
        cases.update(case, replace(cases.describe(case), severity="awful"))
    with pytest.raises(FormError, match=r"categories\[1\]"):
        cases.update(case, replace(cases.describe(case), categories=("gossip",)))
    with pytest.raises(FormError, match="state"):
        cases.move(case, "gone")
    assert len(cases.history(case)) == 1


def test_closing_is_not_a_state_like_others(case: CaseFile) -> None:
    with pytest.raises(Refused, match="case close"):
        cases.move(case, "closed")
    assert cases.move(case, "investigating").state == "investigating"


# --- persons


def test_labels_are_given_by_role_and_in_order(case: CaseFile) -> None:
    roles = ["child", "child", "witness", "reporter", "respondent", "staff", "family", "other", "child"]
    labels = [people.add(case, Person(role=role, names=(f"N{n}",))).label for n, role in enumerate(roles)]
    assert labels == [
        "Child A",
        "Child B",
        "Witness A",
        "Reporter A",
        "Respondent A",
        "Staff A",
        "Family A",
        "Person A",
        "Child C",
    ]
    assert [one.label for one in people.list_persons(case)] == labels


def test_labels_go_on_after_z_and_after_a_set_one(case: CaseFile) -> None:
    people.add(case, Person(role="child", names=("X",), label="Child Z"))
    assert [child(case, "M"), child(case, "N")] == ["Child AA", "Child AB"]
    assert people._letters(702) == "ZZ"
    assert people._letters(703) == "AAA"
    assert all(people._place(people._letters(n)) == n for n in range(1, 800))


def test_a_label_is_unique_and_tells_no_name(case: CaseFile) -> None:
    child(case)
    with pytest.raises(Refused, match="taken"):
        people.add(case, Person(role="child", names=("N",), label="child a"))
    with pytest.raises(Refused, match="name"):
        people.add(case, Person(role="child", names=("Juan Perez",), label="Child JUAN"))
    assert len(people.list_persons(case)) == 1


def test_a_person_is_corrected_under_the_same_label(case: CaseFile) -> None:
    label = child(case)
    people.correct(case, label, Person(role="child", names=("Maria López",), aliases=("Mia",)))
    assert [one.person.names for one in people.history(case, "child a")] == [("Maria Lopez",), ("Maria López",)]
    assert said(last(case)) == ("corrected", "Child A", "person", 2)
    assert people.resolve(case, "mia") == "Child A"


def test_a_name_of_two_is_asked_back(case: CaseFile) -> None:
    child(case)
    child(case)
    with pytest.raises(Refused, match="Child A, Child B"):
        people.resolve(case, "Maria Lopez")


def test_the_label_of_an_erased_person_is_not_used_again(case: CaseFile) -> None:
    gone = people.add(case, Person(role="child", names=("N",)))
    write = case.write()
    write.entry("erased", subject=gone.label, details={"items": [gone.item.hex()]})
    write.commit()
    assert people.list_persons(case) == []
    assert child(case) == "Child B"


# --- concerns


def test_a_concern_is_numbered_and_due_in_seven_days(case: CaseFile) -> None:
    label = child(case)
    assert concerns.add(case, replace(CONCERN, from_="Maria Lopez", about=("child a",))) == "C01"
    assert concerns.add(case, replace(CONCERN, from_="anonymous", about=("c1",))) == "C02"
    first, second = concerns.list_concerns(case)
    assert (first.from_, first.about, first.number) == (label, (label,), "C01")
    assert (second.from_, second.about) == ("anonymous", ("C01",))
    due = int(datetime(2026, 3, 9, tzinfo=UTC).timestamp())  # the end of the seventh day
    assert [(one.ref, one.due, one.role, one.state) for one in duties(case, "acknowledge")] == [
        (n, due, "officer", "open") for n in ("C01", "C02")
    ]
    assert said(last(case)) == ("recorded", "C02", "concern", 1)


def test_an_answer_is_appended_and_ends_the_duty(case: CaseFile) -> None:
    concerns.add(case, CONCERN)
    concerns.add(case, CONCERN)
    missed = replace(ANSWER, outcome="not-reached")
    concerns.answer(case, "C02", missed)
    assert [one.state for one in duties(case, "acknowledge")] == ["open", "open"]
    assert concerns.answer(case, "c2", ANSWER).answers == (missed, ANSWER)
    assert {one.ref: one.state for one in duties(case, "acknowledge")} == {"C01": "open", "C02": "done"}
    assert [one.record.answers for one in concerns.history(case, "C02")] == [(), (missed,), (missed, ANSWER)]
    assert [one.revision for one in concerns.history(case, "C02")] == [1, 2, 3]
    assert said(last(case)) == ("answered", "C02", "concern", 3)


def test_a_correction_never_takes_an_answer_away(case: CaseFile) -> None:
    concerns.add(case, CONCERN)
    concerns.answer(case, "C01", ANSWER)
    made = concerns.correct(case, "C01", replace(CONCERN, words="He hits me"))
    assert (made.words, made.answers) == ("He hits me", (ANSWER,))
    with pytest.raises(Refused, match="Answers already given"):
        concerns.correct(case, "C01", replace(CONCERN, answers=(replace(ANSWER, words="other"),)))
    assert concerns.history(case, "C01")[0].record.words == "He hit me"


def test_a_concern_brought_with_its_answer_is_done(case: CaseFile) -> None:
    concerns.add(case, replace(CONCERN, answers=(ANSWER,)))
    assert [one.state for one in duties(case, "acknowledge")] == ["done"]


def test_who_voices_must_be_known_or_is_filed_as_reporter(case: CaseFile) -> None:
    said_by = replace(CONCERN, from_="Sister Ruth")
    size = len(list(case.entries()))
    with pytest.raises(NotFound, match="Sister Ruth"):
        concerns.add(case, said_by)
    assert len(list(case.entries())) == size
    assert concerns.add(case, said_by, name_reporter=True) == "C01"
    assert concerns.get(case, "C01").from_ == "Reporter A"
    assert people.find(case, "Reporter A").person.names == ("Sister Ruth",)


def test_references_must_exist(case: CaseFile) -> None:
    exhibit(case, "E001")
    assert concerns.add(case, replace(CONCERN, about=("e1",))) == "C01"
    assert concerns.get(case, "C01").about == ("E001",)
    for ref in ("E002", "C07", "I01", "D01", "A01", "Child Q"):
        with pytest.raises(NotFound, match=ref):
            concerns.add(case, replace(CONCERN, about=(ref,)))
    with pytest.raises(NotFound, match="C09"):
        concerns.answer(case, "C09", ANSWER)
    assert len(concerns.list_concerns(case)) == 1


# --- decisions


def test_a_decision_is_drafted_signed_and_countersigned_by_another(case: CaseFile, become: Become) -> None:
    exhibit(case, "E001")
    assert decisions.add(case, replace(DECISION, evidence=(Evidence(ref="E1", pages=(2,)),))) == "D01"
    assert decisions.get(case, "D01").state == "draft"
    with pytest.raises(Refused, match="draft"):
        signing.countersign(case, "D01")
    signed = signing.sign(case, "D01")
    assert (signed.state, signed.signed_by, signed.decided_by) == ("signed", "anna", "anna")
    assert said(last(case)) == ("decided", "D01", "decision", 2)
    with pytest.raises(Refused, match="signed already"):
        signing.sign(case, "D01")
    with pytest.raises(NotPermitted, match="somebody else"):
        signing.countersign(case, "D01")
    as_leo = become("leo")
    done = signing.countersign(as_leo, "D01")
    assert (done.state, done.countersigned_by) == ("countersigned", "leo")
    assert [one.record.state for one in decisions.history(as_leo, "D01")] == ["draft", "signed", "countersigned"]
    assert said(last(as_leo)) == ("signed", "D01", "decision", 3)
    assert as_leo.ledger.state.findings == []
    with pytest.raises(Refused, match="countersigned already"):
        signing.countersign(as_leo, "D01")


def test_a_changed_decision_is_a_draft_again(case: CaseFile) -> None:
    decisions.add(case, replace(DECISION, decided_by="Board", signed_at=HEARD))
    assert decisions.get(case, "D01").state == "draft"
    assert signing.sign(case, "D01").decided_by == "Board"
    signed = decisions.get(case, "D01")
    assert decisions.correct(case, "D01", replace(signed, rationale="Else")).state == "draft"
    assert [one.record.state for one in decisions.history(case, "D01")] == ["draft", "signed", "draft"]


def test_a_decision_rests_on_what_exists(case: CaseFile) -> None:
    with pytest.raises(NotFound, match="E004"):
        decisions.add(case, replace(DECISION, evidence=(Evidence(ref="E004"),)))
    with pytest.raises(FormError, match="none"):
        decisions.add(case, replace(DECISION, measure=("none", "warning")))
    with pytest.raises(FormError, match="measure"):
        decisions.add(case, replace(DECISION, measure=()))


# --- actions and recommendations


def test_an_action_is_due_until_the_end_of_its_day_and_ends_with_proof(case: CaseFile) -> None:
    exhibit(case, "E001")
    assert actions.add(case, replace(ACTION, fixed=Fixed(authority="Court", reference="77"))) == "A01"
    (due,) = duties(case, "action")
    assert (due.ref, due.due, due.state) == ("A01", int(datetime(2026, 3, 6, tzinfo=UTC).timestamp()), "open")
    with pytest.raises(FormError, match="proof"):
        actions.done(case, "A01")
    with pytest.raises(NotFound, match="E002"):
        actions.done(case, "A01", proof=["E002"])
    made = actions.done(case, "a1", proof=["e1"])
    assert made.proof == ("E001",)
    assert made.done_at is not None
    assert [one.state for one in duties(case, "action")] == ["done"]
    assert said(last(case)) == ("recorded", "A01", "action", 2)
    with pytest.raises(Refused, match="ended already"):
        actions.done(case, "A01", proof=["E001"])


def test_done_needs_proof_or_refusal_from_the_start(case: CaseFile) -> None:
    with pytest.raises(FormError, match="done_at"):
        actions.add(case, replace(ACTION, done_at=HEARD))
    with pytest.raises(FormError, match="one of the two"):
        actions.add(case, replace(ACTION, proof=("E001",), refused=Refusal(reason="r", signed_by="s")))
    actions.add(case, replace(ACTION, refused=Refusal(reason="r", signed_by="s"), done_at=HEARD))
    assert actions.get(case, "A01").done_at == HEARD
    assert [one.state for one in duties(case, "action")] == ["done"]


def test_a_recommendation_may_have_no_date(case: CaseFile) -> None:
    exhibit(case, "E001")
    number = actions.add_recommendation(
        case, Recommendation(from_=From(body="Ombudsman", document="e1"), words="Train staff")
    )
    assert number == "R01"
    assert actions.get_recommendation(case, "R01").from_.document == "E001"
    assert duties(case, "recommendation") == []
    actions.done_recommendation(case, "R01", proof=["E001"], at=HEARD)
    assert actions.list_recommendations(case)[0].done_at == HEARD


# --- who may, and what the ledger tells


def test_a_legal_adviser_reads_and_does_not_write(case: CaseFile, become: Become) -> None:
    child(case)
    concerns.add(case, CONCERN)
    actions.add(case, ACTION)
    as_leo = become("leo")
    assert concerns.get(as_leo, "C01").words == "He hit me"
    size = len(list(as_leo.entries()))
    attempts: list[Callable[[], object]] = [
        lambda: people.add(as_leo, Person(role="child", names=("N",))),
        lambda: people.correct(as_leo, "Child A", Person(role="child", names=("N",))),
        lambda: concerns.add(as_leo, CONCERN),
        lambda: concerns.answer(as_leo, "C01", ANSWER),
        lambda: concerns.correct(as_leo, "C01", CONCERN),
        lambda: interviews.add(as_leo, INTERVIEW),
        lambda: decisions.add(as_leo, DECISION),
        lambda: signing.sign(as_leo, "D01"),
        lambda: actions.add(as_leo, ACTION),
        lambda: actions.done(as_leo, "A01", refused=Refusal(reason="r", signed_by="s")),
        lambda: cases.move(as_leo, "assessing"),
    ]
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()
    assert len(list(as_leo.entries())) == size


def test_another_officer_goes_on_with_the_numbers(case: CaseFile, become: Become) -> None:
    concerns.add(case, CONCERN)
    child(case)
    as_olga = become("olga")
    assert concerns.add(as_olga, CONCERN) == "C02"
    assert child(as_olga, "B") == "Child B"
    assert as_olga.ledger.state.findings == []


def test_the_ledger_holds_no_word_about_a_person(case: CaseFile) -> None:
    people.add(case, Person(role="child", names=("Maria Lopez",), aliases=("Mia",)))
    concerns.add(case, replace(CONCERN, from_="Mia", about=("Maria Lopez",)))
    concerns.answer(case, "C01", ANSWER)
    interviews.add(case, INTERVIEW)
    decisions.add(case, DECISION)
    signing.sign(case, "D01")
    actions.add(case, replace(ACTION, owner="Maria Lopez"))
    entries = [
        (one.action, one.subject, one.purpose, one.place, one.counterparty, one.details) for one in case.entries()
    ]
    text = json.dumps(entries, default=repr) + repr([one.duty for one in read_duties(case.ledger)])
    for word in ("Maria", "Lopez", "Mia", "hit me", "Jansen", "look into", "Tell me", "police", "Because"):
        assert word not in text
    assert text.count("C01") >= 2


def test_a_worked_case_verifies_to_the_last_entry(case: CaseFile, become: Become) -> None:
    child(case)
    concerns.add(case, replace(CONCERN, from_="Sister Ruth"), name_reporter=True)
    concerns.answer(case, "C01", ANSWER)
    interviews.add(case, INTERVIEW)
    actions.add(case, ACTION)
    actions.done(case, "A01", refused=Refusal(reason="r", signed_by="s"))
    decisions.add(case, DECISION)
    signing.sign(case, "D01")
    cases.move(case, "deciding")
    as_leo = become("leo")
    signing.countersign(as_leo, "D01")
    report = verify.verify_reference(as_leo.office, as_leo.reference, full=True, progress=Progress())
    assert report.findings == ()
    assert report.ledgers[-1].records >= 9
