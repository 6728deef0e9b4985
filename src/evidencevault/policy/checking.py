"""A policy's file: read, and held against itself. Every fault is named with its line, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evidencevault.errors import FormError
from evidencevault.forms.reading import Where, parse, places
from evidencevault.forms.shapes import Form, shapes
from evidencevault.policy.model import Condition, Policy
from evidencevault.policy.periods import check_calendar, period
from evidencevault.policy.words import FORCED, NO_MEASURE, STARTS
from evidencevault.resources import tr

Records = Mapping[str, type[Form]]
"""The forms of the records that conditions ask about, by kind."""
_AGES = range(1, 131)


def read_policy(text: str | bytes, records: Records) -> Policy:
    """The policy in a TOML text. Raises FormError that names each fault with line, key and reason."""
    policy = parse(Policy, text)
    faults = [str(one) for one in _faults(policy, places(text), records)]
    if faults:
        raise FormError("\n".join(faults))
    return policy


def _faults(policy: Policy, at: Where, records: Records) -> Iterator[FormError]:
    yield from _days(policy, at)
    for key, ids in (
        ("role", [one.id for one in policy.role]),
        ("category", [one.id for one in policy.category]),
        ("step", [one.id for one in policy.step]),
        ("measure", [one.id for one in policy.measure]),
        ("violation", [one.clause for one in policy.violation]),
        ("retention", [one.category for one in policy.retention]),
        ("reason_codes", [one.id for one in policy.reason_codes]),
    ):
        for place, one in enumerate(ids):
            if one in ids[:place]:
                yield at.at(key, place).wrong(tr("“{id}” stands here a second time.").format(id=one))
    yield from _steps(policy, at, records)
    yield from _thresholds(policy, at)
    yield from _measures(policy, at)
    for place, kept in enumerate(policy.retention):
        yield from _period(kept.keep, at.at("retention", place, "keep"))


def _period(text: str, at: Where) -> Iterator[FormError]:
    try:
        period(text)
    except FormError as error:
        yield at.wrong(str(error))


def _days(policy: Policy, at: Where) -> Iterator[FormError]:
    try:
        check_calendar(policy.days)
    except FormError as error:
        yield at.at("days").wrong(str(error))
    if len(policy.country) != 2 or not policy.country.isalpha() or not policy.country.isupper():
        yield at.at("country").wrong(tr("two capital letters are expected, such as NL, or ZZ for any country."))


def _steps(policy: Policy, at: Where, records: Records) -> Iterator[FormError]:
    ids, roles = {one.id: one for one in policy.step}, {one.id for one in policy.role}
    for place, step in enumerate(policy.step):
        here = at.at("step", place)
        if step.id in STARTS:
            yield here.at("id").wrong(tr("“{id}” is a word of the program; choose another.").format(id=step.id))
        yield from _period(step.within, here.at("within"))
        if step.starts not in STARTS and step.starts not in ids:
            yield here.at("starts").wrong(_unknown(step.starts, [*STARTS, *ids]))
        elif step.starts not in STARTS and _circle(step.id, {one.id: one.starts for one in policy.step}):
            yield here.at("starts").wrong(tr("the steps wait for each other in a circle."))
        for key, named in (("role", (step.role,)), ("escalate_to", step.escalate_to)):
            for role in named:
                if role not in roles:
                    yield here.at(key).wrong(_unknown(role, sorted(roles)))
        for number, condition in enumerate(step.done_when):
            yield from _condition(condition, here.at("done_when", number), records)
        if len({one.record for one in step.done_when}) > 1:
            yield here.at("done_when").wrong(tr("all conditions of a step ask about the same kind of record."))
        if step.starts == FORCED and step.id not in {one.step for one in policy.threshold}:
            yield here.at("starts").wrong(tr("no threshold forces this step."))
        if step.when is not None and step.when.age_under is not None and step.when.age_under not in _AGES:
            yield here.at("when", "age_under").wrong(tr("an age from 1 to 130 is expected."))


def _circle(start: str, waits_for: Mapping[str, str]) -> bool:
    seen, one = {start}, waits_for[start]
    while one in waits_for:
        if one in seen:
            return True
        seen.add(one)
        one = waits_for[one]
    return False


def _unknown(word: str, known: list[str]) -> str:
    return tr("“{word}” is unknown. Known are: {known}.").format(word=word, known=", ".join(known))


def _condition(condition: Condition, at: Where, records: Records) -> Iterator[FormError]:
    form: type[Form] | None = records[condition.record]
    steps = condition.field.split(".") if condition.field else []
    for place, name in enumerate(steps):
        known = {one.key: one for one in shapes(form)} if form is not None else {}
        if name not in known:
            yield at.at("field").wrong(_unknown(condition.field, [".".join([*steps[:place], one]) for one in known]))
            return
        form, choices = known[name].table, known[name].choices
        if place + 1 == len(steps) and choices:
            for key, words in (("is", condition.is_), ("not", condition.not_)):
                for word in words:
                    if word not in choices:
                        yield at.at(key).wrong(_unknown(word, list(choices)))
    given = [key for key, words in (("is", condition.is_), ("not", condition.not_), ("has", condition.has)) if words]
    if given and not steps:
        yield at.at("field").wrong(tr("values need a field."))
    if len(given) > 1:
        yield at.at(given[1]).wrong(tr("give one of “is”, “not” and “has”."))


def _thresholds(policy: Policy, at: Where) -> Iterator[FormError]:
    steps = {one.id: one for one in policy.step}
    for place, one in enumerate(policy.threshold):
        here = at.at("threshold", place)
        step = steps.get(one.step)
        if step is None:
            yield here.at("step").wrong(_unknown(one.step, list(steps)))
        elif step.starts != FORCED:
            yield here.at("step").wrong(tr("a step that is forced starts with “forced”."))
        if one.when.age_under is not None and one.when.age_under not in _AGES:
            yield here.at("when", "age_under").wrong(tr("an age from 1 to 130 is expected."))
        if not (one.when.category or one.when.severity or one.when.age_under):
            yield here.at("when").wrong(tr("a threshold without any condition would force every case."))


def _measures(policy: Policy, at: Where) -> Iterator[FormError]:
    weights = {NO_MEASURE: 0, **{one.id: one.weight for one in policy.measure}}
    for place, measure in enumerate(policy.measure):
        if (measure.id == NO_MEASURE) != (measure.weight == 0):
            yield at.at("measure", place, "weight").wrong(tr("“none” weighs 0, and every measure weighs more."))
    for place, one in enumerate(policy.violation):
        here = at.at("violation", place, "measures")
        unknown = [word for word in (one.measures.least, one.measures.most) if word not in weights]
        for word in unknown:
            yield here.wrong(_unknown(word, list(weights)))
        if not unknown and weights[one.measures.least] > weights[one.measures.most]:
            yield here.wrong(tr("the least measure weighs more than the most."))
