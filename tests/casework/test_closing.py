"""A case closes only when nothing in it is open, and by two people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from evidencevault.casework import actions, cases, closing, concerns, decisions, policies, signing
from evidencevault.casework.actions import Action, From, Recommendation, Refusal
from evidencevault.casework.cases import Safety, Support
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.decisions import Decision, Informed
from evidencevault.custody import verify
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office
from evidencevault.errors import NotPermitted, Refused
from evidencevault.progress import Progress

Become = Callable[[str], CaseFile]
HEARD = datetime(2026, 3, 1, 9, tzinfo=UTC)
CONCERN = Concern(words="He hit me", channel="phone", to="Mrs Jansen", heard_at=HEARD)
ANSWER = Answer(words="We look into it", at=HEARD, by="Anna", outcome="satisfied")
DECISION = Decision(question="Did he?", finding="inconclusive", measure=("warning",), clause="4.2", rationale="Because")
SIGNED_NO = Refusal(reason="Not ours", signed_by="Director")


def settle(case: CaseFile) -> None:
    """Everything that a case needs before it closes."""
    safe = replace(cases.describe(case), immediate_safety=Safety(state="safe"), support=(Support(kind="medical"),))
    cases.update(case, safe)
    decisions.add(case, DECISION)
    signing.sign(case, "D01")


def test_everything_open_is_named(case: CaseFile) -> None:
    concerns.add(case, CONCERN)
    concerns.add(case, replace(CONCERN, from_="anonymous", answers=(ANSWER,)))
    actions.add(case, Action(what="Call", owner="Anna", due=date(2026, 3, 5)))
    actions.add_recommendation(case, Recommendation(from_=From(body="Inspectorate"), words="Do better"))
    assert closing.hindrances(case) == (
        "not answered: C01",
        "not told what came of it: C01",
        "without proof or signed refusal: A01",
        "without proof or signed refusal: R01",
        "nothing was decided yet",
        "it is not known whether whoever is affected is safe",
        "it is not written down which help was given",
    )
    with pytest.raises(Refused, match=r"C01.*A01.*R01"):
        closing.close(case)
    settle(case)
    decisions.add(case, replace(DECISION, informs=(Informed(who="the child"),)))
    concerns.answer(case, "C01", ANSWER)
    actions.done(case, "A01", refused=SIGNED_NO)
    actions.done_recommendation(case, "R01", refused=SIGNED_NO)
    assert closing.hindrances(case) == (
        "not signed: D02",
        "not everybody was told of: D02",
    )


def test_feedback_that_reached_nobody_is_none(case: CaseFile) -> None:
    reporter = replace(CONCERN, from_="Sister Ruth")
    concerns.add(case, reporter, name_reporter=True)
    concerns.answer(case, "C01", replace(ANSWER, kind="feedback", outcome="not-reached"))
    assert not closing.told(concerns.get(case, "C01"))
    concerns.answer(case, "C01", replace(ANSWER, kind="feedback"))
    assert closing.told(concerns.get(case, "C01"))


def test_two_people_close_it_and_one_opens_it_again(case: CaseFile, become: Become) -> None:
    settle(case)
    assert closing.close(case).state == "reported"
    with pytest.raises(NotPermitted, match="somebody else"):
        closing.close(case)
    concerns.add(case, CONCERN)
    leo = become("leo")
    with pytest.raises(Refused, match="C01"):
        closing.close(leo)
    anna = become("olga")
    concerns.answer(anna, "C01", replace(ANSWER, kind="feedback"))
    made = closing.close(anna)
    assert made.state == "closed"
    assert made.closing is not None
    assert (made.closing.proposed_by, made.closing.agreed_by) == ("anna", "olga")
    with pytest.raises(Refused, match="closed already"):
        closing.close(anna)
    again = closing.reopen(anna, "investigating", "a new witness")
    assert (again.state, again.closing) == ("investigating", None)
    assert [one.purpose for one in anna.entries() if one.action == "reopened"] == ["a new witness"]
    assert verify.verify(anna.office, None, full=True, progress=Progress()).findings == ()


def test_a_legal_adviser_may_agree(case: CaseFile, become: Become) -> None:
    settle(case)
    closing.close(case)
    assert closing.close(become("leo")).state == "closed"


def test_a_proposal_is_taken_back(case: CaseFile) -> None:
    settle(case)
    closing.close(case)
    assert closing.withdraw(case).closing is None
    with pytest.raises(Refused, match="Nobody proposed"):
        closing.withdraw(case)


def test_alone_only_where_the_policy_lets_one(office: Office, case: CaseFile) -> None:
    settle(case)
    text = policies.shipped_text("international").replace("allowed = true", "allowed = false")
    policies.adopt(office, text if "[alone]" in text else text + "\n[alone]\nallowed = false\n")
    with pytest.raises(NotPermitted, match="lets nobody do this alone"):
        closing.close(case, alone="I am the only one here")


def test_alone_where_nothing_was_adopted(case: CaseFile) -> None:
    settle(case)
    made = closing.close(case, alone="I am the only one here")
    assert made.closing is not None
    assert made.closing.alone == "I am the only one here"
