"""Signing decisions: what the policy of the case asks of them, whose second signature, and comparable cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from evidencevault.casework.decisions import DRAWER, Decision, list_decisions
from evidencevault.casework.policies import policy_of
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import NotPermitted, Refused
from evidencevault.policy.model import Policy
from evidencevault.policy.words import NO_MEASURE
from evidencevault.resources import tr


def fits(policy: Policy, decision: Decision) -> None:
    """Raise Refused where a decision names a clause or measure that the policy does not know."""
    clauses = [one.clause for one in policy.violation]
    if decision.violation and clauses and decision.violation not in clauses:
        raise Refused(
            tr("The policy “{title}” has no clause {clause}. It has: {clauses}. Nothing was changed.").format(
                title=policy.title, clause=decision.violation, clauses=", ".join(clauses)
            )
        )
    known = [NO_MEASURE, *(one.id for one in policy.measure if one.id != NO_MEASURE)]
    unknown = [one for one in decision.measure if one not in known]
    if policy.measure and unknown:
        raise Refused(
            tr("The policy “{title}” has no measure {measure}. It has: {measures}. Nothing was changed.").format(
                title=policy.title, measure=unknown[0], measures=", ".join(known)
            )
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The measures that a policy allows for a violation, from the lightest to the heaviest; ``inside``: what was
    decided lies between them.
    """

    least: str
    most: str
    inside: bool


def span(policy: Policy, decision: Decision) -> Span | None:
    """The policy's range for a decision's violation; None where it has none, or nothing was substantiated.

    The heaviest measure counts: a warning beside a dismissal does not make it lighter.
    """
    found = [one for one in policy.violation if one.clause == decision.violation]
    if not found or decision.finding != "substantiated":
        return None
    weights = {NO_MEASURE: 0, **{one.id: one.weight for one in policy.measure}}
    heaviest = max(weights.get(one, 0) for one in decision.measure)
    least, most = found[0].measures.least, found[0].measures.most
    return Span(least, most, weights[least] <= heaviest <= weights[most])


def second_signature(policy: Policy, decision: Decision) -> tuple[str, ...]:
    """The roles of whom one must countersign; empty where one signature is enough."""
    allowed = span(policy, decision)
    asked = [policy.countersign.decision]
    if decision.idle:
        asked.append(policy.countersign.no_action)
    if allowed is not None and not allowed.inside:
        asked.append(policy.countersign.outside_range)
    roles = [set(one) for one in asked if one]
    if not roles:
        return ()
    common = set.intersection(*roles)
    return tuple(sorted(common or set.union(*roles)))


def final(policy: Policy, decision: Decision) -> bool:
    """Whether it is signed by everybody who must sign."""
    return decision.state == "countersigned" or (decision.state == "signed" and not second_signature(policy, decision))


def sign(case: CaseFile, number: str) -> Decision:
    """Sign the newest revision; the ledger says `decided`.

    Raises Refused where it is signed already, does not fit the policy, or lies outside its range without a reason.
    """
    case.require("officer")
    old, policy = DRAWER.get(case, number), policy_of(case)
    if old.record.signed_at is not None:
        raise Refused(
            tr("{number} is signed already, by {name}.").format(number=old.record.number, name=old.record.signed_by)
        )
    fits(policy, old.record)
    allowed = span(policy, old.record)
    if allowed is not None and not allowed.inside and not old.record.proportionality.strip():
        raise Refused(
            tr(
                "For {clause} the policy has measures from “{least}” to “{most}”. Say in “proportionality” why this "
                "one lies outside. Nothing was signed."
            ).format(clause=old.record.violation, least=allowed.least, most=allowed.most)
        )
    name = case.member.name
    made = replace(old.record, signed_at=case.now(), signed_by=name, decided_by=old.record.decided_by or name)
    return DRAWER.revise(case, old, made, "decided")


def countersign(case: CaseFile, number: str) -> Decision:
    """Add a second signature, by another user with a role that the policy asks for; the ledger says `signed`.

    Raises Refused (not signed yet, or countersigned), NotPermitted (one's own signature, another role), NotFound.
    """
    old = DRAWER.get(case, number)
    roles = second_signature(policy_of(case), old.record) or ("officer", "legal")
    case.require(*roles)
    number, name = old.record.number, case.member.name
    if old.record.signed_at is None:
        raise Refused(tr("{number} is a draft; it is countersigned after it was signed.").format(number=number))
    if old.record.countersigned_by:
        raise Refused(
            tr("{number} is countersigned already, by {name}.").format(number=number, name=old.record.countersigned_by)
        )
    if old.record.signed_by == name:
        raise NotPermitted(
            tr("You signed {number}; somebody else must countersign it. Nothing was changed.").format(number=number)
        )
    made = replace(old.record, countersigned_by=name, countersigned_at=case.now())
    return DRAWER.revise(case, old, made, "signed")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was decided about the same clause in other cases: how many cases, and how often each finding and measure."""

    clause: str
    cases: int
    findings: Mapping[str, int]
    measures: Mapping[str, int]


def compare(cases: Iterable[CaseFile], clause: str, but: str) -> Comparison:
    """Signed decisions about a clause in the cases that this user can read, without the case ``but``. No names."""
    findings, measures, count = Counter[str](), Counter[str](), 0
    for case in cases:
        if case.reference == but:
            continue
        found = [one for one in list_decisions(case) if one.violation == clause and one.state != "draft"]
        count += bool(found)
        findings.update(one.finding for one in found)
        measures.update(measure for one in found for measure in one.measure)
    return Comparison(clause, count, dict(sorted(findings.items())), dict(sorted(measures.items())))
