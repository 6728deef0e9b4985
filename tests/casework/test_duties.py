"""Duties of real vaults on a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from evidencevault.casework import actions, cases, concerns, duties, opening, policies, reminders, requests
from evidencevault.casework.actions import Action, Fixed, Refusal
from evidencevault.casework.cases import Authority, Case, Safety
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.duties import Keeper
from evidencevault.casework.people import Person, add
from evidencevault.casework.requests import Request
from evidencevault.custody import access, casefile, membership, overdue, verify
from evidencevault.custody.casefile import CaseFile, Kind, read_duties
from evidencevault.custody.office import Office
from evidencevault.errors import FormError, NotFound, NotPermitted, Refused
from evidencevault.progress import Progress
from evidencevault.session import Session

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CASE = Case(title="T", categories=("neglect",), severity="high", immediate_safety=Safety(state="unknown"))


class Clock:
    """Time as the test wants it."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=7)
        return self.now

    def to(self, days: float) -> None:
        self.now = BEGIN + timedelta(days=days)


class Vault:
    """A vault with an officer, a legal adviser and oversight, all on one clock."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.folder = Clock(), folder
        founded = membership.found(
            folder, organisation="O", country="NL", name="anna", roles=frozenset({"officer"}), passphrase="pw-anna",
            clock=self.clock,
        )  # fmt: skip
        self.office = founded.office
        for name, role in (("leo", "legal"), ("olga", "oversight")):
            membership.invite(self.office, name, frozenset({role}), f"pw-{name}")
        # A policy of few steps, so that every duty can be named here.
        policies.adopt(self.office, (Path(__file__).parent / "data" / "year.toml").read_text("utf-8"))
        self.office.keeper = Keeper(self.office)

    def as_(self, name: str) -> Office:
        self.office.close()
        self.office = Office.unlock(self.folder, name, f"pw-{name}", clock=self.clock)
        if membership.is_provisional(self.office):
            membership.replace_keys(self.office, f"pw-{name}")
        self.office.keeper = Keeper(self.office)
        return self.office

    def run(self) -> list[str]:
        found, failed = duties.run_all(Keeper(self.office))
        assert failed == []
        return [f"{one.duty.duty.step} {one.duty.duty.ref}".strip() for _, one in found]

    def case(self, reference: str = "NL-2026-0001") -> CaseFile:
        return casefile.open_case(self.office, reference)

    def ledger(self) -> access.CaseLedger:
        return access.open_ledger(self.office, access.find_case(self.office, "NL-2026-0001"))

    def due(self, case: CaseFile) -> dict[str, tuple[str, float]]:
        """Step and reference → state, and days from the beginning until it is due."""
        return {
            f"{one.duty.step} {one.duty.ref}".strip(): (
                one.duty.state,
                round(((one.duty.due or 0) - BEGIN.timestamp()) / 86400, 2),
            )
            for one in read_duties(case.ledger)
        }


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(tmp_path / "state"))
    made = Vault(tmp_path / "v")
    yield made
    made.office.close()


def concern(vault: Vault) -> Concern:
    return Concern(words="He hit me", channel="phone", to="Anna", heard_at=vault.clock.now)


ANSWER = Answer(words="We look into it", at=BEGIN, by="Anna", outcome="satisfied")


def test_a_missed_deadline_is_entered_once_by_whoever_comes_first(vault: Vault) -> None:
    case = opening.create(vault.office, CASE)
    concerns.add(case, concern(vault))
    assert vault.due(case) == {
        "focal-point": ("open", 1.0),
        "second-holder": ("open", 1.0),
        "acknowledge C01": ("open", 7.62),
        "feedback C01": ("open", 99.62),
    }
    assert vault.run() == []
    vault.clock.to(0.99)
    assert vault.run() == []
    vault.clock.to(8)
    assert vault.run() == ["focal-point", "second-holder", "acknowledge C01"]
    assert vault.run() == []
    vault.as_("olga")
    assert vault.run() == []
    entries = overdue.entries(vault.ledger())
    assert [(one.step, one.role, one.escalated) for one in entries] == [
        ("focal-point", "focal-point", ("director",)),
        ("second-holder", "officer", ()),
        ("acknowledge", "officer", ("focal-point",)),
    ]


def test_oversight_enters_it_without_reading_the_case(vault: Vault) -> None:
    opening.create(vault.office, CASE)
    vault.clock.to(3)
    office = vault.as_("olga")
    assert vault.run() == ["focal-point", "second-holder"]
    with pytest.raises(NotPermitted):
        casefile.open_case(office, "NL-2026-0001")
    vault.as_("anna")
    assert vault.run() == []
    report = verify.verify(vault.office, None, full=True, progress=Progress())
    assert report.findings == ()


def test_two_openings_in_one_program_do_not_write_it_twice(vault: Vault) -> None:
    opening.create(vault.office, CASE)
    for day in range(1, 9):
        vault.clock.to(day)
        concerns.add(vault.case(), concern(vault))
        vault.clock.to(day + 0.5)
        keeper, meeting, failed = Keeper(vault.office), threading.Barrier(3), list[BaseException]()

        def opened(
            keeper: Keeper = keeper, meeting: threading.Barrier = meeting, failed: list[BaseException] = failed
        ) -> None:
            ledger = vault.ledger()
            meeting.wait(60)
            try:
                keeper.run_case(ledger)
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=opened) for _ in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert failed == []
    names = [(one.step, one.ref) for one in overdue.entries(vault.ledger())]
    assert len(names) == len(set(names)) > 0


def test_what_was_done_in_time_is_never_entered(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, immediate_safety=Safety(state="safe")))
    access.grant(case.ledger, "leo")
    concerns.add(case, concern(vault))
    vault.clock.to(6)
    concerns.answer(case, "C01", replace(ANSWER, at=vault.clock.now))
    vault.clock.to(80)
    concerns.answer(case, "C01", replace(ANSWER, at=vault.clock.now, kind="feedback"))
    vault.clock.to(400)
    assert vault.run() == []
    assert {state for state, _ in vault.due(case).values()} == {"done"}


def test_what_is_written_late_is_late_whatever_it_claims(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, immediate_safety=Safety(state="safe")))
    access.grant(case.ledger, "leo")
    concerns.add(case, concern(vault))
    vault.clock.to(20)
    concerns.answer(case, "C01", replace(ANSWER, at=BEGIN + timedelta(days=2)))
    assert vault.run() == ["acknowledge C01"]


def test_an_old_report_can_be_typed_in_for_a_day(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, immediate_safety=Safety(state="safe")))
    access.grant(case.ledger, "leo")
    heard = BEGIN - timedelta(days=60)
    concerns.add(case, replace(concern(vault), heard_at=heard))
    concerns.add(case, replace(concern(vault), heard_at=heard))
    assert vault.run() == ["focal-point"]  # nobody says when it was looked at before the case was opened
    concerns.answer(case, "C01", replace(ANSWER, at=heard + timedelta(days=3)))
    vault.clock.to(1.5)
    assert vault.run() == ["acknowledge C02"]


def test_a_deadline_that_is_corrected_away_after_it_passed_stays_missed(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, immediate_safety=Safety(state="safe")))
    access.grant(case.ledger, "leo")
    number = actions.add(case, Action(what="Call", owner="Anna", due=(BEGIN + timedelta(days=2)).date()))
    actions.add(case, Action(what="Write", owner="Anna", due=(BEGIN + timedelta(days=9)).date()))
    vault.clock.to(5)
    old = actions.ACTIONS.get(case, number)
    actions.ACTIONS.revise(case, old, replace(old.record, due=(BEGIN + timedelta(days=30)).date()), "corrected")
    other = actions.ACTIONS.get(case, "A02")
    actions.ACTIONS.revise(case, other, replace(other.record, due=(BEGIN + timedelta(days=40)).date()), "corrected")
    assert [(one.step, one.ref) for one in overdue.entries(case.ledger)] == [("action", "A01")]
    rows = {one.duty.ref: one.duty for one in read_duties(case.ledger) if one.duty.step == "action"}
    assert rows["A01"].before is not None
    assert rows["A01"].before < (rows["A01"].due or 0)
    vault.clock.to(20)
    assert vault.run() == []
    vault.clock.to(50)
    assert vault.run() == ["action A01", "action A02"]


def test_a_clock_set_back_makes_nothing_early(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, immediate_safety=Safety(state="safe")))
    access.grant(case.ledger, "leo")
    concerns.add(case, concern(vault))
    vault.clock.to(30)
    add(case, Person(role="child", names=("Maria",)))  # the ledger has seen day 30
    vault.clock.to(2)
    concerns.answer(case, "C01", replace(ANSWER, at=vault.clock.now))
    assert vault.run() == ["acknowledge C01"]
    (entry,) = [one for one in case.entries() if one.action == "overdue"]
    assert isinstance(entry.details, dict)
    assert entry.details["clock"] == "behind"


def test_an_answer_stands_beside_and_clears_nothing(vault: Vault) -> None:
    case = opening.create(vault.office, CASE)
    vault.clock.to(3)
    vault.run()
    case = vault.case()
    first = overdue.entries(case.ledger)[0]
    with pytest.raises(NotFound):
        overdue.answer(case.ledger, 0, "I was ill")
    with pytest.raises(Refused):
        overdue.answer(case.ledger, first.sequence, " ")
    overdue.answer(case.ledger, first.sequence, "I was ill")
    after = overdue.entries(case.ledger)
    assert [one.sequence for one in after] == [one.sequence for one in overdue.entries(vault.case().ledger)]
    assert after[0].duty is not None
    assert after[0].duty.duty.answered is not None
    assert vault.run() == []


def test_a_threshold_once_met_stays(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, immediate_safety=Safety(state="safe")))
    access.grant(case.ledger, "leo")
    add(case, Person(role="child", names=("Maria",)))
    vault.clock.to(5)
    cases.update(case, replace(cases.describe(case), categories=("sexual-abuse",)))
    assert vault.due(case)["refer"] == ("open", 6.0)
    cases.update(case, replace(cases.describe(case), categories=("neglect",)))
    assert vault.due(case)["refer"] == ("open", 6.0)
    cases.update(case, replace(cases.describe(case), authorities_informed=(Authority(authority="Police"),)))
    assert vault.due(case)["refer"][0] == "done"


def test_one_holder_alone_is_due_and_done_with_a_second(vault: Vault) -> None:
    case = opening.create(vault.office, CASE)
    assert vault.due(case)["second-holder"] == ("open", 1.0)
    vault.clock.to(0.5)
    access.grant(case.ledger, "leo")
    vault.run()
    assert vault.due(vault.case())["second-holder"] == ("done", 1.0)
    vault.clock.to(10)
    access.revoke(case.ledger, "leo")
    vault.run()
    assert vault.due(vault.case())["second-holder #2"] == ("open", 11.0)


def test_a_request_for_access_has_a_month_and_two_more_with_a_reason(vault: Vault) -> None:
    case = opening.create(vault.office, CASE)
    label = add(case, Person(role="reporter", names=("Ruth",))).label
    assert requests.add(case, Request(received_at=vault.clock.now, about="ruth")) == "Q01"
    assert requests.get(case, "Q01").about == label
    assert vault.due(case)["subject-access Q01"] == ("open", 31.62)  # the end of 2 April
    requests.extend(case, "Q01", "many documents")
    assert vault.due(case)["subject-access Q01"] == ("open", 92.62)
    requests.answer(case, "Q01", "B01")
    assert vault.due(case)["subject-access Q01"][0] == "done"


def test_an_adopted_policy_holds_for_cases_opened_after_it(vault: Vault) -> None:
    opening.create(vault.office, CASE)
    text = policies.shipped_text("international").replace('within = "24h"', 'within = "2h"', 1)
    assert policies.adopt(vault.office, text).policy.id == "international"
    with pytest.raises(Refused, match="adopted before"):
        policies.adopt(vault.office, text)
    second = opening.create(vault.office, CASE)
    assert (cases.describe(second).policy, cases.describe(second).version) == ("international", "1")
    assert vault.due(second)["focal-point"] == ("open", 0.08)
    vault.as_("leo")
    with pytest.raises(NotPermitted):
        policies.adopt(vault.office, text)


def test_a_calendar_names_nobody(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, title="Maria Lopez"))
    concerns.add(case, replace(concern(vault), to="Mrs Jansen"))
    text = reminders.calendar(read_duties(case.ledger), vault.clock.now).decode()
    assert "DTSTART:20260303T090000Z" in text
    assert text.count("BEGIN:VEVENT") == 4
    assert not any(name in text for name in ("Maria", "Jansen", "anna"))
    assert reminders.calendar(read_duties(case.ledger), vault.clock.now).decode() == text


def test_an_old_case_owes_nothing_from_before_it_was_entered(vault: Vault) -> None:
    old = BEGIN - timedelta(days=4000)
    about = replace(CASE, reported_at=old, from_paper=True, immediate_safety=Safety(state="safe", at=old))
    case = opening.create(vault.office, about)
    access.grant(case.ledger, "leo")
    concerns.add(case, replace(concern(vault), heard_at=old))
    assert set(vault.due(case)) == {"second-holder"}
    vault.clock.to(30)
    assert vault.run() == []
    concerns.add(case, concern(vault))
    assert vault.due(case)["acknowledge C02"][0] == "open"


def test_saying_later_that_a_case_is_old_takes_nothing_back(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, reported_at=BEGIN - timedelta(days=50)))
    access.grant(case.ledger, "leo")
    vault.clock.to(0.5)
    concerns.add(case, replace(concern(vault), heard_at=BEGIN - timedelta(days=40)))
    vault.clock.to(2)
    cases.update(case, replace(cases.describe(case), from_paper=True))
    assert {one.step for one in overdue.entries(case.ledger)} >= {"focal-point", "acknowledge"}


def test_an_action_named_by_a_step_moves_with_its_clock_and_a_fixed_one_never(vault: Vault) -> None:
    case = opening.create(vault.office, replace(CASE, reported_at=BEGIN - timedelta(hours=10)))
    court = Action(what="Answer", owner="A", due=date(2026, 3, 4), fixed=Fixed(authority="Court"))
    asked = Action(what="Look", owner="A", due="focal-point")
    assert [actions.add(case, one) for one in (asked, court)] == ["A01", "A02"]
    filed = actions.get(case, "A01")
    assert (filed.due, filed.until) == ("focal-point", date(2026, 3, 2))
    first = actions.deadlines(case)
    cases.update(case, replace(cases.describe(case), reported_at=BEGIN - timedelta(hours=2)))
    after = actions.deadlines(case)
    assert after["A01"] - first["A01"] == timedelta(hours=8) and after["A02"] == first["A02"]
    (row,) = (one.duty for one in read_duties(case.ledger) if one.duty.ref == "A01")
    assert row.before == row.due - 8 * 3600  # type: ignore[operator]
    vault.clock.to(1.5)
    assert "action A01" in vault.run()
    done = actions.done(case, "A01", refused=Refusal(reason="r", signed_by="A"))
    assert (done.due, done.until) == ("focal-point", date(2026, 3, 2))
    assert verify.verify(vault.office, None, progress=Progress()).findings == ()


def test_a_step_whose_clock_does_not_run_gives_its_own_time_until_it_does(vault: Vault) -> None:
    case = opening.create(vault.office, CASE)
    actions.add(case, Action(what="Write back", owner="A", due="acknowledge"))
    filed = actions.get(case, "A01")
    assert (filed.due, filed.until) == ("acknowledge", (BEGIN + timedelta(days=7)).date())
    assert vault.due(case)["action A01"][0] == "open"
    vault.clock.to(3)
    concerns.add(case, concern(vault))
    assert actions.deadlines(case)["A01"].date() == (BEGIN + timedelta(days=10)).date()
    actions.add(case, Action(what="Again", owner="A", due=" acknowledge  c1"))
    assert actions.get(case, "A02").due == "acknowledge C01"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"due": "assess"}, "has no step “assess”"),
        ({"due": "acknowledge C09"}, "has no C09"),
        ({"due": "focal-point", "fixed": Fixed(authority="Court")}, "an authority is a date"),
    ],
)
def test_a_step_that_there_is_not_is_refused(vault: Vault, change: dict[str, object], words: str) -> None:
    case = opening.create(vault.office, CASE)
    with pytest.raises((FormError, NotFound), match=words):
        actions.add(case, replace(Action(what="w", owner="A", due="x"), **change))  # type: ignore[arg-type]
    assert actions.list_actions(case) == []


def test_a_damaged_concern_shuts_nobody_out(vault: Vault) -> None:
    case = opening.create(vault.office, CASE)
    concerns.add(case, concern(vault))
    (latest,) = case.ledger.state.of_kind(Kind.CONCERN)
    with vault.office.database.transaction() as connection:
        connection.execute(text("UPDATE record SET sealed = zeroblob(200) WHERE item = :item"), {"item": latest.item})
    session = Session(vault.office)
    assert session.case(case.reference).reference == case.reference
    found, failed = session.watch()
    assert found == []
    assert [type(error).__name__ for _, error in failed] == ["Damaged"]
