"""Decisions held against the policy: measures, reasons, second signatures, comparable cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evidencevault.casework import decisions, opening, policies, signing
from evidencevault.casework.cases import Case, Safety
from evidencevault.casework.decisions import Decision
from evidencevault.custody import casefile
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office
from evidencevault.errors import NotPermitted, Refused
from evidencevault.policy.model import Policy

Become = Callable[[str], CaseFile]
RULES = """
[[measure]]
id = "warning"
name = "Warning"
weight = 1

[[measure]]
id = "dismissal"
name = "Dismissal"
weight = 9

[[violation]]
clause = "X1"
text = "No sexual activity with a child"
measures = { least = "dismissal", most = "dismissal" }

[[violation]]
clause = "X2"
text = "No shouting"
measures = { least = "none", most = "warning" }

[countersign]
no_action = ["legal"]
outside_range = ["legal"]
"""
DECISION = Decision(
    question="Did he?", violation="X1", finding="substantiated", measure=("dismissal",), clause="X1", rationale="r"
)


def text() -> str:
    """The shipped template with these measures and clauses in place of its own."""
    kept, skipping = [], False
    for line in policies.shipped_text("international").splitlines():
        if line.startswith("["):
            skipping = line.strip("[]").split(".")[0] in ("measure", "violation", "countersign")
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + RULES


@pytest.fixture
def ruled(office: Office) -> CaseFile:
    policies.adopt(office, text())
    return opening.create(
        office, Case(title="T", categories=("neglect",), severity="high", immediate_safety=Safety(state="safe"))
    )


def rules(case: CaseFile) -> Policy:
    return policies.policy_of(case)


def test_a_measure_inside_the_range_needs_one_signature(ruled: CaseFile) -> None:
    decisions.add(ruled, DECISION)
    made = signing.sign(ruled, "D01")
    assert signing.second_signature(rules(ruled), made) == ()
    assert signing.final(rules(ruled), made)


def test_outside_the_range_needs_a_reason_and_a_second_signature(ruled: CaseFile) -> None:
    decisions.add(ruled, replace(DECISION, measure=("warning",)))
    with pytest.raises(Refused, match=r"“dismissal” to “dismissal”.*proportionality"):
        signing.sign(ruled, "D01")
    decisions.correct(ruled, "D01", replace(DECISION, measure=("warning",), proportionality="He was twelve himself"))
    made = signing.sign(ruled, "D01")
    assert signing.second_signature(rules(ruled), made) == ("legal",)
    assert not signing.final(rules(ruled), made)


def test_too_heavy_a_measure_is_outside_too(ruled: CaseFile) -> None:
    allowed = signing.span(rules(ruled), replace(DECISION, violation="X2"))
    assert allowed is not None
    assert not allowed.inside


def test_no_action_is_a_decision_with_a_second_signature(ruled: CaseFile) -> None:
    decisions.add(ruled, replace(DECISION, violation="X2", measure=("none",)))
    made = signing.sign(ruled, "D01")
    assert signing.second_signature(rules(ruled), made) == ("legal",)
    assert not signing.final(rules(ruled), made)


def test_the_second_signature_comes_from_who_the_policy_names(case: CaseFile, office: Office, become: Become) -> None:
    policies.adopt(office, text())
    decisions.add(case, replace(DECISION, violation="X2", measure=("none",)))
    signing.sign(case, "D01")
    with pytest.raises(NotPermitted, match="legal"):
        signing.countersign(become("olga"), "D01")
    made = signing.countersign(become("leo"), "D01")
    assert signing.final(rules(become("leo")), made)


def test_clauses_and_measures_are_those_of_the_policy(ruled: CaseFile) -> None:
    decisions.add(ruled, replace(DECISION, violation="X9"))
    with pytest.raises(Refused, match=r"no clause X9.*X1, X2"):
        signing.sign(ruled, "D01")
    decisions.add(ruled, replace(DECISION, measure=("scolding",)))
    with pytest.raises(Refused, match=r"no measure scolding.*none, warning, dismissal"):
        signing.sign(ruled, "D02")


def test_a_template_binds_nobody(case: CaseFile) -> None:
    decisions.add(case, replace(DECISION, violation="X9", measure=("scolding",)))
    assert signing.sign(case, "D01").state == "signed"


def test_comparable_cases_are_counted_without_names(ruled: CaseFile, office: Office) -> None:
    for measure in ("dismissal", "warning", "dismissal"):
        other = opening.create(
            office, Case(title="T", categories=("neglect",), severity="low", immediate_safety=Safety(state="safe"))
        )
        decisions.add(other, replace(DECISION, measure=(measure,), proportionality="p"))
        signing.sign(other, "D01")
        decisions.add(other, replace(DECISION, violation="X2", measure=("warning",)))  # a draft of another clause
    decisions.add(ruled, DECISION)
    found = signing.compare(casefile.cases(office), "X1", ruled.reference)
    assert (found.cases, found.findings, found.measures) == (
        3,
        {"substantiated": 3},
        {"dismissal": 2, "warning": 1},
    )
    assert signing.compare(casefile.cases(office), "X2", ruled.reference).cases == 0
