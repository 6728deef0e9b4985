"""A policy as its file says it: steps with deadlines, thresholds, measures, countersignatures, retention, closure."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evidencevault.forms.shapes import Form, asked
from evidencevault.policy.words import CATEGORIES, OPEN, RECORDS, SEVERITIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Form):
    """Somebody who is accountable, by function."""

    id: str = asked("A short word for the role.", required=True)
    name: str = asked("What the role is called.", required=True)
    members: tuple[str, ...] = asked("The users of this vault who have this role.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Form):
    """A category of cases."""

    id: str = asked("The category.", required=True, choices=CATEGORIES)
    name: str = asked("What the policy calls it.", required=True)
    text: str = asked("What falls under it.", default="")
    severity: str = asked("The severity that it has at least.", default="low", choices=SEVERITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Form):
    """That some record says something. Conditions on the same list must hold for the same element of it."""

    record: str = asked("Which kind of record.", required=True, choices=RECORDS)
    field: str = asked("Which field of it, such as immediate_safety.state; none: that there is one.", default="")
    is_: tuple[str, ...] = asked("Which values count; none: any that is filled in.", default=())
    not_: tuple[str, ...] = asked("Which values do not count, in place of is; an empty one counts then.", default=())
    has: tuple[str, ...] = asked("Words of which the value holds one, in capitals or not; in place of is.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Form):
    """Which cases are meant. What is left out does not matter; all that is given must hold."""

    category: tuple[str, ...] = asked("One of these categories.", default=(), choices=CATEGORIES)
    severity: tuple[str, ...] = asked("One of these severities.", default=(), choices=SEVERITIES)
    age_under: int | None = asked("A child of the case is younger than this, in years.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Form):
    """Something that must happen by a time."""

    id: str = asked("A short word for the step.", required=True)
    name: str = asked("What must be done.", required=True)
    starts: str = asked("What starts the clock: reported, forced, closed, concern, interview, decision, or a step.",
                        required=True)  # fmt: skip
    within: str = asked("How long: 24h, 7d, 5wd (working days), 2w, 3mo or 1y.", required=True)
    role: str = asked("The role that is accountable.", required=True)
    done_when: tuple[Condition, ...] = asked("When it counts as done; all conditions, on one record.", default=())
    escalate_to: tuple[str, ...] = asked("The roles to which it goes when it is late, in this order.", default=())
    when: When | None = asked("Only for these cases.")
    clause: str = asked("The clause in which it stands.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Form):
    """What forces a step, whoever thinks otherwise."""

    step: str = asked("The step that is forced; one that starts with forced.", required=True)
    when: When = asked("For which cases.", required=True)
    clause: str = asked("The clause in which it stands.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Form):
    """Something that can be done about a violation."""

    id: str = asked("A short word for the measure.", required=True)
    name: str = asked("What it is called.", required=True)
    weight: int = asked("How heavy it is; none weighs 0.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Form):
    """From the least to the most."""

    least: str = asked("The lightest measure that is enough; none is one.", required=True)
    most: str = asked("The heaviest measure that is permitted.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation(Form):
    """A clause that can be violated, and what may follow."""

    clause: str = asked("The clause.", required=True)
    text: str = asked("What it forbids or demands.", required=True)
    measures: Range = asked("The lightest and the heaviest measure.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersign(Form):
    """Whose second signature is needed for what; roles of the program (officer, legal)."""

    decision: tuple[str, ...] = asked("For every decision.", default=(), choices=("officer", "legal"))
    no_action: tuple[str, ...] = asked("For a decision to do nothing.", default=("officer", "legal"),
                                       choices=("officer", "legal"))  # fmt: skip
    outside_range: tuple[str, ...] = asked("For measures outside the policy's range.", default=("officer", "legal"),
                                           choices=("officer", "legal"))  # fmt: skip
    closure: tuple[str, ...] = asked("For closing a case.", default=("officer", "legal"), choices=("officer", "legal"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure(Form):
    """What must hold before a case closes."""

    conditions: tuple[str, ...] = asked("The conditions.", default=OPEN, choices=OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Form):
    """How long what is closed is kept. It proposes; nothing is erased by itself."""

    category: str = asked("For which category.", required=True, choices=CATEGORIES)
    keep: str = asked("How long after closing: 10y.", required=True)
    clause: str = asked("The law or clause that says so.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCode(Form):
    """A reason for which something is redacted or withheld."""

    id: str = asked("The code.", required=True)
    name: str = asked("What it means.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone(Form):
    """Whether one person may approve and release alone, where there is nobody else."""

    allowed: bool = asked("Whether it is allowed, with a reason.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days(Form):
    """How days are counted."""

    zone: str = asked("The time zone in which days begin, such as Europe/Amsterdam.", required=True)
    holidays: str = asked("The country (and region) whose public holidays are no working days: NL, ES-MD.", default="")
    moves: bool | None = asked("Whether a deadline in days that ends on a day off moves to the next working day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Form):
    """What an organisation promised."""

    id: str = asked("A short word for the policy.", required=True)
    version: str = asked("Its version.", required=True)
    country: str = asked("Two letters (ISO 3166), or ZZ for any.", required=True)
    language: str = asked("The language in which it is written.", default="en")
    title: str = asked("Its title.", required=True)
    source: tuple[str, ...] = asked("Where its text and its deadlines come from.", required=True)
    in_force_from: date = asked("From when it is in force.", required=True)
    note: str = asked("What a reader should know of it.", default="")
    days: Days = asked("How days are counted.", required=True)
    role: tuple[Role, ...] = asked("Who can be accountable.", required=True)
    category: tuple[Category, ...] = asked("The categories.", required=True)
    step: tuple[Step, ...] = asked("What must happen, by when.", required=True)
    threshold: tuple[Threshold, ...] = asked("What forces a step.", default=())
    measure: tuple[Measure, ...] = asked("What can be done about a violation.", default=())
    violation: tuple[Violation, ...] = asked("What can be violated.", default=())
    countersign: Countersign = asked("Whose second signature is needed.", default=Countersign())
    closure: Closure = asked("What must hold before a case closes.", default=Closure())
    retention: tuple[Retention, ...] = asked("How long what is closed is kept.", default=())
    reason_codes: tuple[ReasonCode, ...] = asked("Reasons for redacting, beside the program's own.", default=())
    alone: Alone = asked("Whether one person may act alone.", default=Alone(allowed=False))
