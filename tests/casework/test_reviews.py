"""Reviews of real vaults: which policies, and recommendations that are tracked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.policy.histories import rules

from evidencevault.casework import actions, cases, concerns, opening, policies, reviews
from evidencevault.casework.actions import Refusal
from evidencevault.casework.cases import Case, Safety
from evidencevault.casework.concerns import Concern
from evidencevault.casework.duties import Keeper
from evidencevault.casework.reviews import Advice, Finding, Numbers, Opinion
from evidencevault.custody import verify
from evidencevault.custody.casefile import CaseFile, read_duties
from evidencevault.custody.office import Office
from evidencevault.errors import FormError, NotPermitted
from evidencevault.policy.review import STEP
from evidencevault.progress import Progress

Become = Callable[[str], CaseFile]
DATA = Path(__file__).parents[1] / "policy" / "data"


@pytest.fixture
def ruled(office: Office) -> CaseFile:
    """A case under the adopted policy of 2014, when that of 2026 was adopted since."""
    office.keeper = Keeper(office)
    policies.adopt(office, (DATA / "then.toml").read_text("utf-8"))
    made = opening.create(
        office, Case(title="T", categories=("other",), severity="low", immediate_safety=Safety(state="safe"))
    )
    policies.adopt(office, (DATA / "today.toml").read_text("utf-8"))
    return made


def test_the_policies_are_the_cases_own_and_the_one_in_force(ruled: CaseFile) -> None:
    made = reviews.make(ruled)
    assert (made.then.version, made.now.version) == ("2014", "2026")
    assert (made.reference, made.title, made.by) == (ruled.reference, "T", "anna")
    turned = reviews.make(ruled, rules("today"), rules("then"))
    assert (turned.then.version, turned.now.version) == ("2026", "2014")
    assert sum(then for then, _ in made.counted().values()) == sum(one.part == STEP for one in made.rows)


def test_where_nothing_was_adopted_since_both_are_the_same(case: CaseFile) -> None:
    made = reviews.make(case)
    assert made.then == made.now and all(one.then == one.now for one in made.rows)


def test_what_was_done_here_is_found_in_the_ledger(ruled: CaseFile) -> None:
    at = ruled.now()
    concerns.add(ruled, Concern(words="w", channel="phone", to="Anna", heard_at=at))
    concerns.answer(ruled, "C01", concerns.Answer(words="We look into it", at=at, by="Anna", outcome="satisfied"))
    row = next(one for one in reviews.make(ruled).rows if one.id == "acknowledge")
    (deed,) = row.deeds
    assert (row.ref, row.then.state, row.now.state) == ("C01", "followed", "followed")
    assert (deed.ref, deed.revision, deed.at) == ("C01", 2, deed.written)
    assert {one.now.state for one in reviews.make(ruled).rows if one.id == "decide"} == {"not due yet"}


def filed(case: CaseFile, opinion: Opinion) -> Numbers:
    write = case.write()
    numbers = reviews.file(write, case, reviews.make(case), opinion)
    write.commit()
    return numbers


def test_recommendations_are_tracked_like_anybodys(ruled: CaseFile) -> None:
    advice = (Advice(words="Train the drivers", owner="HR", due=date(2099, 1, 1)), Advice(words="B"))
    assert reviews.next_numbers(ruled, Opinion(recommendation=advice)) == Numbers("V01", ("R01", "R02"))
    assert filed(ruled, Opinion(recommendation=advice)) == Numbers("V01", ("R01", "R02"))
    kept = actions.get_recommendation(ruled, "R01")
    assert (kept.from_.body, kept.words, kept.owner) == (f"Review of {ruled.reference}", "Train the drivers", "HR")
    assert [one.duty.ref for one in read_duties(ruled.ledger) if one.duty.step == "recommendation"] == ["R01"]
    assert not kept.done
    actions.done_recommendation(ruled, "R02", refused=Refusal(reason="No", signed_by="A"))
    (before,) = reviews.make(ruled).earlier
    assert [(one.number, one.done) for one in before.advice] == [("R01", False), ("R02", True)]
    write = ruled.write()
    assert reviews.file(write, ruled, reviews.make(ruled), Opinion()) == Numbers("", ()) and write.empty


def test_what_was_found_is_kept_with_its_history_and_stands_in_the_next_review(ruled: CaseFile) -> None:
    first, second = Finding(words="Nobody asked", about="C01"), Finding(words="Nobody asked the mother")
    assert filed(ruled, Opinion(finding=(first,))).review == "V01"
    (entry,) = (one for one in ruled.entries() if one.subject == "V01")
    assert (entry.action, entry.details["kind"]) == ("noted", "review")  # type: ignore[call-overload, index]
    made = reviews.get(ruled, "v1")
    assert (made.finding, made.then, made.now, made.made_by) == ((first,), "house 2014", "house 2026", "anna")
    corrected = reviews.correct(ruled, "V01", [second])
    assert (corrected.finding, corrected.made_at) == ((second,), made.made_at)
    assert [one.record.finding for one in reviews.history(ruled, "V01")] == [(first,), (second,)]
    assert [one.record for one in reviews.make(ruled).earlier] == [corrected]
    assert filed(ruled, Opinion(finding=(first,))).review == "V02"
    assert verify.verify(ruled.office, None, progress=Progress()).findings == ()


def test_empty_advice_and_other_roles_file_nothing(case: CaseFile, become: Become) -> None:
    made = reviews.make(case)
    with pytest.raises(FormError):
        reviews.advised(made, [Advice(words=" ")])
    as_leo = become("leo")
    with pytest.raises(NotPermitted):
        filed(as_leo, Opinion(recommendation=(Advice(words="B"),)))
    assert actions.list_recommendations(as_leo) == [] and reviews.list_reviews(as_leo) == []
    assert filed(as_leo, Opinion(finding=(Finding(words="B"),))) == Numbers("V01", ())


def test_a_case_from_paper_is_forced_from_its_report_on(ruled: CaseFile) -> None:
    told = cases.describe(ruled)
    assert not reviews.make(ruled).from_paper
    made = reviews.make(ruled, from_paper=True)
    assert made.from_paper and made.title == told.title
    looked = next(one for one in made.rows if one.id == "focal-point")
    assert looked.now.state == "done, nobody knows when"
