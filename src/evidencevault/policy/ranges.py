"""Decisions held against a policy: the measures that it allows for a violation, and whose second signature it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from evidencevault.policy.model import Policy
from evidencevault.policy.words import NO_MEASURE

SUBSTANTIATED = "substantiated"


class Decided(Protocol):
    """What a policy asks about a decision."""

    @property
    def violation(self) -> str:
        """The clause."""

    @property
    def finding(self) -> str:
        """What was found."""

    @property
    def measure(self) -> tuple[str, ...]:
        """Measures taken."""


@dataclass(frozen=True, slots=True)
class Span:
    """The measures that a policy allows for a violation, from the lightest to the heaviest; ``inside``: what was
    decided lies between them.
    """

    least: str
    most: str
    inside: bool


def span(policy: Policy, decision: Decided) -> Span | None:
    """The policy's range for a decision's violation; None where it has none, or nothing was substantiated.

    The heaviest measure counts: a warning beside a dismissal does not make it lighter.
    """
    found = [one for one in policy.violation if one.clause == decision.violation]
    if not found or decision.finding != SUBSTANTIATED:
        return None
    weights = {NO_MEASURE: 0, **{one.id: one.weight for one in policy.measure}}
    heaviest = max(weights.get(one, 0) for one in decision.measure)
    least, most = found[0].measures.least, found[0].measures.most
    return Span(least, most, weights[least] <= heaviest <= weights[most])


def second_signature(policy: Policy, decision: Decided) -> tuple[str, ...]:
    """The roles of whom one must countersign; empty where one signature is enough."""
    allowed = span(policy, decision)
    asked = [policy.countersign.decision]
    if NO_MEASURE in decision.measure:
        asked.append(policy.countersign.no_action)
    if allowed is not None and not allowed.inside:
        asked.append(policy.countersign.outside_range)
    roles = [set(one) for one in asked if one]
    if not roles:
        return ()
    common = set.intersection(*roles)
    return tuple(sorted(common or set.union(*roles)))
