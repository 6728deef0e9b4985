"""Duties from a policy and a history: by hand, and for whatever policy and history there may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.histories import CASE, CHILD, CONCERN, OPENED, READY, answer, by_name, history, policy, step

from evidencevault.casework.actions import Action, Fixed, From, Recommendation
from evidencevault.casework.cases import Authority, Case, Safety
from evidencevault.casework.concerns import Concern
from evidencevault.casework.decisions import Decision
from evidencevault.casework.interviews import Consent, Interview, Line
from evidencevault.forms.shapes import Form, PartialDate
from evidencevault.policy.duties import duties, promise
from evidencevault.policy.history import History, value_of
from evidencevault.policy.model import Category, Condition, Policy, Step, Threshold, When
from evidencevault.policy.periods import Calendar

REACHED = Condition(record="concern", field="answers.outcome", not_=("not-reached",))
FEEDBACK = Condition(record="concern", field="answers.kind", is_=("feedback",))
SAFE = Condition(record="case", field="immediate_safety.state", is_=("safe", "at-risk"))
INFORMED = Condition(record="case", field="authorities_informed.authority")
DECIDED = Condition(record="decision", field="signed_at")
DECISION = Decision(
    number="D01", question="Did he?", finding="substantiated", measure=("none",), clause="1", rationale="r"
)
INTERVIEW = Interview(
    number="I01", with_="Child A", by="Anna", language="en", started_at=OPENED, consent=Consent(state="given"),
    lines=(Line(question="What happened?"),),
)  # fmt: skip
ACTION = Action(number="A01", what="Call Jan", owner="Anna", due="feedback")
ADVICE = Recommendation(number="R01", from_=From(body="Review"), words="Train the drivers")


def hours(count: float) -> datetime:
    return OPENED + timedelta(hours=count)


def days(count: float) -> datetime:
    return OPENED + timedelta(days=count)


def test_a_time_of_the_case_says_nothing_of_what_is_added_to_it_later() -> None:
    """Reported two hours before it was opened, the child's safety looked at two weeks later: that is late."""
    reported = replace(CASE, reported_at=hours(-2))
    found = duties(
        policy(step("look", "reported", "24h", SAFE)),
        history((OPENED, reported), (days(14), replace(reported, immediate_safety=Safety(state="safe")))),
    )
    assert [(one.due, one.done) for one in found] == [(hours(22), days(14))]


def test_what_a_concern_is_passed_on_to_counts_when_that_was_written() -> None:
    rule = policy(step("pass", "concern", "24h", Condition(record="concern", field="escalated_to")))
    early = replace(CONCERN, heard_at=hours(-5))
    found = duties(rule, history((OPENED, CASE), (OPENED, early), (days(3), replace(early, escalated_to="Olga"))))
    assert [(one.due, one.done) for one in found] == [(hours(19), days(3))]


def test_an_event_counts_from_when_it_happened_where_that_was_before_the_case_was_opened() -> None:
    rule = policy(step("hear", "reported", "7d", Condition(record="interview", field="plan")))
    held = replace(INTERVIEW, started_at=days(-3), plan="What she saw")
    case = replace(CASE, reported_at=days(-4))
    assert duties(rule, history((OPENED, case), (days(5), held)))[0].done == days(-3)
    later = replace(held, started_at=days(1))
    assert duties(rule, history((OPENED, case), (days(5), later)))[0].done == days(5)


def test_only_what_was_added_counts_for_a_step_that_follows_another() -> None:
    rule = policy(step("ready", "reported", "24h", READY), step("tell", "ready", "3mo", INFORMED))
    first = replace(CASE, authorities_informed=(Authority(authority="Police", informed_at=hours(-1)),))
    ready = replace(first, state="deciding")
    again = replace(ready, authorities_informed=(*first.authorities_informed, Authority(authority="Inspectorate")))
    found = by_name(duties(rule, history((OPENED, first), (days(1), ready))))
    assert (found["ready"].done, found["tell"].done) == (days(1), None)
    found = by_name(duties(rule, history((OPENED, first), (days(1), ready), (days(5), again))))
    assert found["tell"].done == days(5)


def test_one_answer_may_acknowledge_and_tell() -> None:
    rule = policy(step("acknowledge", "concern", "7d", REACHED), step("feedback", "acknowledge", "3mo", FEEDBACK))
    told = replace(CONCERN, answers=(answer(hours(1), "feedback"),))
    found = by_name(duties(rule, history((OPENED, CASE), (OPENED, CONCERN), (hours(1), told))))
    assert (found["acknowledge C01"].done, found["feedback C01"].done) == (hours(1), hours(1))


def test_what_follows_a_closed_case_is_not_done_by_what_came_before() -> None:
    rule = policy(step("lessons", "closed", "3mo", Condition(record="recommendation")))
    closed = replace(CASE, state="closed")
    known = history((OPENED, CASE), (days(2), ADVICE), (days(9), closed))
    assert [(one.step, one.done) for one in duties(rule, known)] == [("lessons", None)]
    learned = replace(ADVICE, number="R02")
    after = history((OPENED, CASE), (days(2), ADVICE), (days(9), closed), (days(20), learned))
    assert [(one.step, one.done) for one in duties(rule, after)] == [("lessons", days(20))]


def test_an_action_waits_for_the_step_of_its_record_and_moves_with_it() -> None:
    rule = policy(step("acknowledge", "concern", "7d", REACHED), step("feedback", "acknowledge", "24h", FEEDBACK))
    other = replace(CONCERN, number="C02", heard_at=days(1))
    known = [(OPENED, CASE), (OPENED, CONCERN), (days(1), other)]
    assert promise(rule, history(*known), "acknowledge", days(2)) == ("acknowledge C01", day_after(7))
    assert promise(rule, history(*known), "acknowledge C02", days(2)) == ("acknowledge C02", day_after(8))
    assert promise(rule, history(*known), "acknowledge", days(7.9)) == ("acknowledge C02", day_after(8))
    assert promise(rule, history(*known), "acknowledge C01", days(9)) == ("acknowledge C01", day_after(16))
    action = replace(ACTION, due="feedback C01")
    late = by_name(duties(rule, history(*known, (days(2), action))))["action A01"]
    assert late.due == day_after(8) - timedelta(microseconds=1)  # it ought to have been acknowledged by day 7
    told = (days(3), replace(CONCERN, answers=(answer(days(3)),)))
    moved = by_name(duties(rule, history(*known, (days(2), action), told)))["action A01"]
    assert (moved.due, moved.begun) == (days(4), days(2))


def day_after(day: int) -> datetime:
    return datetime.combine(OPENED.date() + timedelta(days=day + 1), datetime.min.time(), UTC)


def test_a_value_may_hold_a_word_in_capitals_or_not() -> None:
    rule = policy(
        step("police", "reported", "24h", replace(INFORMED, has=("POLITIE", "parket"))),
        step("other", "reported", "24h", replace(INFORMED, has=("Veilig Thuis",))),
    )
    told = replace(CASE, authorities_informed=(Authority(authority="politie Haaglanden"),))
    found = by_name(duties(rule, history((OPENED, CASE), (hours(3), told))))
    assert (found["police"].done, found["other"].done) == (hours(3), None)


def forced(when: When, *categories: Category) -> Policy:
    made = policy(step("refer", "forced", "24h", INFORMED), categories=categories)
    return replace(made, threshold=(Threshold(step="refer", when=when),))


def test_a_category_has_the_severity_that_the_policy_gives_it_at_least() -> None:
    when = When(category=("sexual-abuse",), severity=("high", "critical"))
    case = replace(CASE, categories=("sexual-abuse",), severity="low")
    heavy = Category(id="sexual-abuse", name="S", severity="high")
    assert duties(forced(when, heavy), history((OPENED, case))) != ()
    assert duties(forced(when, replace(heavy, severity="medium")), history((OPENED, case))) == ()
    # It makes nothing lighter.
    grave = replace(case, severity="critical")
    assert duties(forced(replace(when, severity=("critical",)), heavy), history((OPENED, grave))) != ()


@pytest.mark.parametrize(
    ("born", "day", "young"),
    [
        ("2008-03-02", OPENED, False),  # eighteen today
        ("2008-03-03", OPENED, True),
        ("2008-03", OPENED, True),  # perhaps not before the 31st
        ("2008", OPENED, True),
        ("2007", OPENED, False),
        (None, OPENED, True),
        ("2008-02-29", datetime(2026, 2, 28, 9, tzinfo=UTC), True),
        ("2008-02-29", datetime(2026, 3, 1, 9, tzinfo=UTC), False),
    ],
)
def test_a_child_is_taken_to_be_as_young_as_it_may_be(born: str | None, day: datetime, young: bool) -> None:
    child = replace(CHILD, born=None if born is None else PartialDate(born))
    found = duties(forced(When(age_under=18)), history((day, CASE), (day, child), opened=day))
    assert bool(found) == young


def test_what_was_entered_from_paper_was_forced_when_it_was_reported() -> None:
    case = replace(
        CASE, severity="critical", reported_at=days(-3000),
        authorities_informed=(Authority(authority="Police", informed_at=days(-2995)),),
    )  # fmt: skip
    rule = forced(When(severity=("critical",)))
    (found,) = duties(rule, history((OPENED, case), from_paper=True))
    assert (found.due, found.done) == (days(-2999), days(-2995))
    (found,) = duties(rule, history((OPENED, case)))
    assert (found.due, found.done) == (days(1), days(-2995))


# --- for whatever policy and history there may be

_FOR_ALL = (SAFE, READY, INFORMED, REACHED, FEEDBACK, DECIDED)
_STARTS = ("reported", "closed", "concern", "interview", "decision", "forced")


@st.composite
def policies_(draw: st.DrawFn) -> Policy:
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 5))):
        starts = draw(st.sampled_from([*_STARTS, *(one.id for one in steps)]))
        within = draw(st.sampled_from(["1h", "24h", "3d", "2wd", "1w", "1mo"]))
        conditions = draw(st.lists(st.sampled_from(_FOR_ALL), max_size=1))
        when = draw(st.none() | st.just(When(severity=("high",))))
        steps.append(replace(step(f"s{number}", starts, within, *conditions), when=when))
    made = policy(*draw(st.permutations(steps)), zone=draw(st.sampled_from(["UTC", "Europe/Amsterdam"])))
    wanted = [Threshold(step=one.id, when=When(severity=("high",))) for one in steps if one.starts == "forced"]
    return replace(made, threshold=tuple(wanted))


_CASES = st.sampled_from(
    [
        lambda one: replace(one, severity="high"),
        lambda one: replace(one, immediate_safety=Safety(state="safe")),
        lambda one: replace(one, state="deciding"),
        lambda one: replace(
            one, authorities_informed=(*one.authorities_informed, Authority(authority="P", informed_at=hours(-1)))
        ),
    ]
)


@st.composite
def written(draw: st.DrawFn) -> list[tuple[datetime, Form]]:
    """A history in which records only grow, as a case's do unless somebody corrects them."""
    newest: dict[str, Form] = {"case": CASE}
    found: list[tuple[datetime, Form]] = [(OPENED, CASE)]
    at = OPENED
    for number in range(draw(st.integers(0, 8))):
        at += timedelta(minutes=draw(st.integers(1, 6000)))
        kind = draw(st.sampled_from(["case", "case", "concern", "answer", "interview", "decision", "child"]))
        if kind == "case":
            case = newest["case"]
            assert isinstance(case, Case)
            newest["case"] = draw(_CASES)(case)
            found.append((at, newest["case"]))
        elif kind == "answer" and "concern" in newest:
            concern = newest["concern"]
            assert isinstance(concern, Concern)
            claimed = draw(st.sampled_from([at, hours(-2)]))
            outcome = draw(st.sampled_from(["satisfied", "not-reached"]))
            given_ = answer(claimed, draw(st.sampled_from(["", "feedback"])), outcome)
            newest["concern"] = replace(concern, answers=(*concern.answers, given_))
            found.append((at, newest["concern"]))
        elif kind == "concern":
            heard = draw(st.sampled_from([at, hours(-3)]))
            newest["concern"] = replace(CONCERN, number=f"C{number:02d}", heard_at=heard)
            found.append((at, newest["concern"]))
        elif kind == "interview":
            found.append((at, replace(INTERVIEW, number=f"I{number:02d}", started_at=at)))
        elif kind == "decision":
            found.append((at, replace(DECISION, number=f"D{number:02d}", signed_at=at)))
        else:
            found.append((at, replace(CHILD, label=f"Child {number}")))
    return found


def closed_too(found: Sequence[tuple[datetime, Form]]) -> list[tuple[datetime, Form]]:
    newest = [one for _, one in found if isinstance(one, Case)][-1]
    return [*found, (found[-1][0] + timedelta(hours=1), replace(newest, state="closed"))]


def claims(known: History) -> set[datetime]:
    """Every time that a record says, of before the case was opened."""
    found: set[datetime] = set()

    def gather(record: Form) -> None:
        for name in record.__dataclass_fields__:
            value = getattr(record, name)
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Form):
                    gather(one)
                elif isinstance(one, datetime) and one <= known.opened:
                    found.add(one)

    for one in known.revisions:
        gather(one.record)
    return found


@given(policies_(), written(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_gathering_changes_nothing(rule: Policy, found: list, closed: bool, random: object) -> None:  # type: ignore[type-arg]
    known = history(*(closed_too(found) if closed else found))
    shuffled = list(known.revisions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = duties(rule, known)
    assert duties(rule, replace(known, revisions=tuple(shuffled))) == first
    assert duties(rule, known) == first
    assert duties(replace(rule, step=rule.step[::-1]), known) == first


@given(policies_(), written(), st.integers(0, 9000), st.booleans(), st.randoms(use_true_random=False))
def test_an_action_that_names_a_step_is_due_with_it_and_one_with_a_date_on_its_day(
    rule: Policy, found: list[tuple[datetime, Form]], later: int, closed: bool, random: object
) -> None:
    """Filed at any moment, in whichever order the records come; and whatever is written afterwards."""
    at = OPENED + timedelta(minutes=later)
    known = history(*(one for one in found if one[0] <= at))
    filed: list[tuple[datetime, Form]] = []
    for number, one in enumerate(rule.step):
        said, until = promise(rule, known, one.id, at)
        day = (until - timedelta(microseconds=1)).astimezone(Calendar(rule.days).zone).date()
        filed.append((at, replace(ACTION, number=f"A{number:02d}", due=said, until=day)))
    outside = Fixed(authority="Court")
    filed.append((at, replace(ACTION, number="A98", due=at.date(), fixed=outside)))
    filed.append((at, replace(ACTION, number="A99", due="no such step", until=at.date())))
    everything = [*found, *filed]
    random.shuffle(everything)  # type: ignore[attr-defined]
    made = by_name(duties(rule, history(*sorted(everything, key=lambda one: one[0]))))
    assert made["action A98"].due == made["action A99"].due == Calendar(rule.days).midnight_after(at.date())
    for place, one in enumerate(rule.step):
        (_, action) = filed[place]
        assert isinstance(action, Action) and isinstance(action.until, date)
        mine = made[f"action A{place:02d}"]
        running = [two for two in made.values() if two.step == one.id and two.due > at]
        if action.due in made and made[str(action.due)].due > at:
            assert mine.due == made[str(action.due)].due
        elif action.due == one.id and running:  # its clock began after the action was filed
            assert mine.due == min(two.due for two in running)
        else:
            assert mine.due == Calendar(rule.days).midnight_after(action.until)
    if closed:
        left = by_name(duties(rule, history(*closed_too(sorted(everything, key=lambda one: one[0])))))
        last = max(one for one, _ in everything) + timedelta(hours=1)
        for name in ("action A98", "action A99"):
            assert (name in left) == (made[name].due <= last)


@given(policies_(), written(), st.booleans())
def test_a_duty_is_named_once_is_due_after_its_start_and_done_when_somebody_wrote_so(
    rule: Policy, found: list[tuple[datetime, Form]], closed: bool
) -> None:
    known = history(*(closed_too(found) if closed else found))
    made = duties(rule, known)
    assert len(by_name(made)) == len(made)
    starts = {one.id: one.starts for one in rule.step}
    moments = {one.at for one in known.revisions} | claims(known)
    for one in made:
        if one.done is not None:
            assert one.done in moments
        if starts[one.step] in ("concern", "interview"):
            begun = min(
                value_of(known.newest(starts[one.step], one.ref), key)  # type: ignore[type-var]
                for key in ("heard_at" if starts[one.step] == "concern" else "started_at",)
            )
            assert one.due > begun  # type: ignore[operator]
        elif starts[one.step] in starts:
            (before,) = [two for two in made if (two.step, two.ref) == (starts[one.step], one.ref)] or [one]
            assert one.due > min(before.done or before.due, before.due) or before is one
        else:
            assert one.due > hours(-3)


@given(policies_(), written(), st.booleans())
def test_nothing_disappears_and_nothing_is_undone_as_a_case_grows(
    rule: Policy, found: list[tuple[datetime, Form]], closed: bool
) -> None:
    for count in range(1, len(found)):
        before, after = duties(rule, history(*found[:count])), by_name(duties(rule, history(*found[: count + 1])))
        for one in before:
            now = after[f"{one.step} {one.ref}".strip()]
            assert now.done == one.done or one.done is None or (now.done is not None and now.done < one.done)
            assert now.due <= one.due  # earlier where the step before it was done meanwhile; later never
    if closed:
        known, all_ = duties(rule, history(*found)), closed_too(found)
        left = by_name(duties(rule, history(*all_)))
        gone = [one for one in known if f"{one.step} {one.ref}".strip() not in left]
        assert all(one.done is None and one.due > all_[-1][0] for one in gone)


@given(written(), st.integers(1, 200))
def test_without_a_claim_nothing_is_done_before_it_was_written(found: list[tuple[datetime, Form]], within: int) -> None:
    known = history(*found)
    (made,) = duties(policy(step("ready", "reported", f"{within}h", READY)), known)
    ready = [at for at, one in found if isinstance(one, Case) and one.state == "deciding"]
    assert made.done == (ready[0] if ready else None)
