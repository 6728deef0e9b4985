"""The screen of decisions: from evidence to finding to measure, held against the policy as one fills it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidencevault.casework import decisions, signing
from evidencevault.casework.codes import word
from evidencevault.casework.decisions import Decision
from evidencevault.casework.policies import policy_of
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import readers, rows
from evidencevault.desktop.decision_side import DecisionSide
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.sheets import Act, Advice, Adviser, Page, Sheet, Shelf, labels, members, references
from evidencevault.policy.words import NO_MEASURE
from evidencevault.resources import tr


def decisions_shelf() -> Shelf:
    """Decisions: drafts, signatures, second signatures."""
    asked: dict[str, Any] = {
        "offers": _offers,
        "choices": _choices,
        "adviser": _adviser,
        "pane": DecisionSide,
        "order": ("question", "violation", "evidence", "finding", "measure", "clause", "rationale", "proportionality"),
    }
    new = Sheet(
        "decision",
        tr("A decision"),
        tr("Save the draft"),
        Decision,
        lambda opened, record, _: decisions.add(opened.case, record),
        **asked,
    )
    edit = Sheet(
        "decision-edit", tr("Go on with"), tr("Save the draft"), Decision, _changed, load=decisions.get, **asked
    )

    def page(case: CaseFile, number: str) -> Page:
        one = decisions.get(case, number)
        roles, acts = case.member.roles, []
        if one.state == "draft" and "officer" in roles:
            acts = [Act(tr("Go on"), "file-pen", edit), Act(tr("Sign"), "signature", work=_decided)]
        elif one.state == "signed" and one.signed_by != case.member.name and roles & {"officer", "legal"}:
            acts = [Act(tr("Countersign"), "badge-check", work=_countersigned)]
        return Page(readers.decision_html(one), tuple(acts))

    return Shelf(
        id="decisions",
        title=tr("Decisions"),
        none=tr("No decision yet"),
        how=tr("From the evidence to the finding to the measure. “No action” is a decision as well."),
        listed=rows.decision_rows,
        page=page,
        new=new,
        new_name=tr("Prepare a decision"),
    )


def _offers(case: CaseFile) -> dict[str, Sequence[str]]:
    users = members(case)
    return {
        "ref": references(case),
        "clause": [one.clause for one in policy_of(case).violation],
        "who": [*labels(case), *users],
        "decided_by": users,
    }


def _choices(case: CaseFile) -> dict[str, Sequence[tuple[str, str]]]:
    """The clauses and measures of the policy; where it names none, they are typed."""
    policy = policy_of(case)
    measures = [(one.id, one.name) for one in policy.measure if one.id != NO_MEASURE]
    return {
        "violation": [(one.clause, f"{one.clause} {one.text}") for one in policy.violation],
        "measure": [(NO_MEASURE, word(NO_MEASURE)), *measures] if measures else [],
    }


@dataclass(frozen=True, slots=True)
class _Filled:
    """What of a decision a policy judges."""

    violation: str
    finding: str
    measure: tuple[str, ...]


def _adviser(case: CaseFile, ref: str) -> Adviser:
    """Says what the policy asks of what is filled in: a reason outside its range, a second signature."""
    policy = policy_of(case)
    names = {NO_MEASURE: word(NO_MEASURE), **{one.id: one.name for one in policy.measure}}

    def advise(values: Mapping[str, Any]) -> Advice:
        measure = tuple(values.get("measure") or ())
        if not measure:
            return Advice()
        filled = _Filled(values.get("violation") or "", values.get("finding") or "", measure)
        missing, remarks = [], []
        if NO_MEASURE in measure and len(measure) > 1:
            missing.append(tr("“No measure” cannot stand beside other measures"))
        allowed = signing.span(policy, filled)
        if allowed is not None and not allowed.inside:
            told = tr("For {clause} the policy has measures from “{least}” to “{most}”. This lies outside.")
            least, most = names.get(allowed.least, allowed.least), names.get(allowed.most, allowed.most)
            remarks.append(told.format(clause=filled.violation, least=least, most=most))
            if not values.get("proportionality"):
                missing.append(tr("Why the measure lies outside the policy's range (proportionality)"))
        roles = signing.second_signature(policy, filled)
        if roles:
            told = tr("It counts once somebody else ({roles}) has countersigned it.")
            remarks.append(told.format(roles=" / ".join(roles)))
        return Advice(tuple(missing), tuple(remarks))

    return advise


def _changed(opened: Opened, record: Decision, number: str) -> str:
    decisions.correct(opened.case, number, record)
    return number


def _decided(opened: Opened, number: str) -> str:
    made = signing.sign(opened.case, number)
    return tr("{number} is signed by {name}.").format(number=number, name=made.signed_by)


def _countersigned(opened: Opened, number: str) -> str:
    made = signing.countersign(opened.case, number)
    return tr("{number} is countersigned by {name}.").format(number=number, name=made.countersigned_by)
