"""Cases tested against two clocks."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.policy.histories import CASE, CONCERN, DATA, OPENED, READY, answer, history, old_case, policy, rules, step

from evidencevault.policy import review as reviewing
from evidencevault.policy.model import Condition
from evidencevault.policy.review import Row, Verdict, review


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def said(verdict: Verdict) -> str:
    late = "" if verdict.late is None else f" {verdict.late.days}d {(datetime.min + verdict.late):%H:%M}"
    parts = [verdict.state + late]
    if verdict.due is not None:
        parts.append(f"due {moment(verdict.due)}")
    if verdict.deed is not None:
        deed = verdict.deed
        parts.append(" ".join(filter(None, [deed.kind, deed.ref, str(deed.revision), "at", moment(deed.at)])))
    return " | ".join([*parts, *verdict.open])


def table(rows: tuple[Row, ...]) -> list[dict[str, str]]:
    return [
        {"what": f"{one.part} {one.id} {one.ref}".strip(), "then": said(one.then), "now": said(one.now)} for one in rows
    ]


def test_an_old_case_under_the_policy_of_then_and_of_today() -> None:
    known, reviewed = old_case()
    found = table(review(rules("then"), rules("today"), known, reviewed))
    expected = tomllib.loads((DATA / "expected.toml").read_text("utf-8"))["row"]
    assert [one["what"] for one in found] == [one["what"] for one in expected]
    assert found == expected


def test_each_row_says_clause_person_and_period_of_both() -> None:
    known, reviewed = old_case()
    row = review(rules("then"), rules("today"), known, reviewed)[0]
    assert (row.then.clause, row.then.role, row.then.asked) == ("2.1", "Coordinator", "14d")
    assert (row.now.clause, row.now.role, row.now.asked) == ("2.2", "Officer", "7d")
    assert row.name == "Answer the letter" and len(row.deeds) == 1
    signature = next(one for one in review(rules("then"), rules("today"), known) if one.part == reviewing.SIGNATURE)
    assert signature.now.asked == "legal / officer"


def test_a_policy_against_itself_says_the_same_twice() -> None:
    known, reviewed = old_case()
    for rule in (rules("then"), rules("today")):
        rows = review(rule, rule, known, reviewed)
        assert rows and all(one.then == one.now for one in rows)
        assert not any(one.then.state == reviewing.NOT_REQUIRED for one in rows)


def test_exchanged_policies_exchange_their_columns() -> None:
    known, reviewed = old_case()
    one = table(review(rules("then"), rules("today"), known, reviewed))
    other = table(review(rules("today"), rules("then"), known, reviewed))
    turned = [{"what": row["what"], "then": row["now"], "now": row["then"]} for row in other]
    assert sorted(one, key=str) == sorted(turned, key=str)


def test_of_a_case_that_was_worked_on_here_a_claim_counts_for_nothing() -> None:
    """Answered on the thirtieth day, with a date of the second: the ledger knows when it was written."""
    rule = policy(step("acknowledge", "concern", "7d", Condition(record="concern", field="answers.outcome",
                                                                 not_=("not-reached",))))  # fmt: skip
    late = replace(CONCERN, answers=(answer(OPENED + timedelta(days=2)),))
    known = history((OPENED, CASE), (OPENED, CONCERN), (OPENED + timedelta(days=30), late))
    (row,) = review(rule, rule, known)
    assert (row.then.state, row.then.deed and row.then.deed.at) == ("late", OPENED + timedelta(days=30))


def test_what_nobody_did_is_not_done_once_its_day_has_come() -> None:
    rule = policy(step("ready", "reported", "24h", READY))
    known = history((OPENED, CASE))
    states = [review(rule, rule, known, on)[0].then.state for on in (OPENED, OPENED + timedelta(days=1), None)]
    assert states == ["not due yet", "not done", "not done"]


def test_a_policy_without_steps_in_common_shares_no_row() -> None:
    known = history((OPENED, CASE))
    rows = review(policy(step("a", "reported", "1d", READY)), policy(step("b", "reported", "1d", READY)), known)
    assert table(rows) == [
        {"what": "step a", "then": "not done | due 2026-03-04 00:00", "now": "not required"},
        {"what": "step b", "then": "not required", "now": "not done | due 2026-03-04 00:00"},
    ]


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_verdict_is_late_exactly_where_the_deed_came_after_the_day(then: int, done: int) -> None:
    known = history((OPENED, CASE), (OPENED + timedelta(hours=done), replace(CASE, state="deciding")))
    (row,) = review(
        policy(step("ready", "reported", f"{then + 1}h", READY)),
        policy(step("ready", "reported", "100h", READY)),
        known,
    )
    assert row.then.state == ("followed" if done < then + 1 else "late")
    assert row.then.late == (None if done < then + 1 else timedelta(hours=done - then - 1))
    assert row.now.state == ("followed" if done < 100 else "late")
