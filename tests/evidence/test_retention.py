"""What the policy keeps for how long: proposals, and never more than that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidencevault.casework import cases, closing, decisions, opening, policies, signing
from evidencevault.casework.cases import Case, Safety, Support
from evidencevault.casework.decisions import Decision
from evidencevault.custody import casefile, membership
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office
from evidencevault.evidence import holds, retention

CLOSED = datetime(2026, 3, 1, 9, tzinfo=UTC)
RULES = """
[[retention]]
category = "neglect"
keep = "10y"
clause = "R1"

[[retention]]
category = "sexual-abuse"
keep = "30y"
clause = "R2"
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    founded = membership.found(
        tmp_path / "v", organisation="O", country="NL", name="anna", roles=frozenset({"officer"}), passphrase="pw",
        clock=lambda: CLOSED,
    )  # fmt: skip
    yield founded.office
    founded.office.close()


def closed(office: Office, *categories: str) -> CaseFile:
    about = Case(
        title="T", categories=categories, severity="high", immediate_safety=Safety(state="safe"),
        support=(Support(kind="none", note="refused"),),
    )  # fmt: skip
    case = opening.create(office, about)
    decision = Decision(question="q", finding="inconclusive", measure=("talk",), clause="1", rationale="r")
    decisions.add(case, replace(decision))
    signing.sign(case, "D01")
    closing.close(case, alone="nobody else here")
    return case


def rules() -> str:
    kept, skipping = [], False
    for line in policies.shipped_text("international").splitlines():
        if line.startswith("["):
            name = line.strip("[]").split(".")[0]
            skipping = name in ("retention", "measure", "violation", "countersign", "alone")
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + RULES + "\n[alone]\nallowed = true\n"


def test_the_longest_period_counts_and_a_hold_stops_it(office: Office) -> None:
    policies.adopt(office, rules())
    closed(office, "neglect")
    both = closed(office, "neglect", "sexual-abuse")
    closed(office, "other")
    opening.create(
        office, Case(title="T", categories=("neglect",), severity="low", immediate_safety=Safety(state="safe"))
    )
    first, second, third = retention.kept(casefile.cases(office))
    assert [(one.category, one.clause, one.until and one.until.year) for one in (first, second, third)] == [
        ("neglect", "R1", 2036),
        ("sexual-abuse", "R2", 2056),
        ("", "", None),
    ]
    after = CLOSED + timedelta(days=366 * 31)
    assert [one.proposed(after) for one in (first, second, third)] == [True, True, False]
    assert not first.proposed(CLOSED + timedelta(days=3600))
    holds.place(both, None, "police inquiry")
    second = retention.kept(casefile.cases(office))[1]
    assert second.held == ("H01",)
    assert not second.proposed(after)


def test_a_template_proposes_nothing(office: Office) -> None:
    closed(office, "neglect")
    (one,) = retention.kept(casefile.cases(office))
    assert one.until is None


def test_opening_a_case_again_ends_it(office: Office) -> None:
    case = closed(office, "neglect")
    closing.reopen(case, "investigating")
    assert retention.kept(casefile.cases(office)) == []
    assert cases.describe(case).state == "investigating"
