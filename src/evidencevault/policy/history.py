"""What happened in a case, as far as a policy asks: revisions of records with the time at which each was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from evidencevault.forms.shapes import Form, Scalar, Shape, shapes
from evidencevault.policy.model import Condition, When
from evidencevault.policy.words import EVENTS, SEVERITIES, SIGNATURES


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a record: ``kind`` (of ``words.RECORDS``), ``ref`` in the case, when the ledger says that it was
    written.
    """

    kind: str
    ref: str
    revision: int
    at: datetime
    record: Form


@dataclass(frozen=True, slots=True)
class History:
    """A case's history. ``holders``: how many users could read it, from when on; ``others``: whether more could be
    given access; ``from_paper``: it was entered after all was over, so what forced a step did so at the report.
    """

    opened: datetime
    revisions: tuple[Revision, ...]
    holders: tuple[tuple[datetime, int], ...] = ()
    others: bool = True
    from_paper: bool = False

    def of(self, kind: str, ref: str | None = None) -> list[Revision]:
        """The revisions of a kind (of one record), in the order in which they were written."""
        found = [one for one in self.revisions if one.kind == kind and ref in (None, one.ref)]
        return sorted(found, key=lambda one: (one.at, one.ref, one.revision))

    def refs(self, kind: str) -> list[str]:
        """The records of a kind, sorted."""
        return sorted({one.ref for one in self.revisions if one.kind == kind})

    def newest(self, kind: str, ref: str) -> Form:
        """A record as it stands."""
        return max((one for one in self.revisions if (one.kind, one.ref) == (kind, ref)), key=_revision).record

    def counts(self, written: datetime, claimed: datetime | None) -> datetime:
        """When a fact counts as having happened.

        What is written down of a time before the case was opened counts as its author says; of any later time, from
        the moment at which it was written, because a claim alone would let a missed deadline disappear afterwards.
        """
        return claimed if claimed is not None and claimed <= self.opened else written


def _revision(one: Revision) -> int:
    return one.revision


def value_of(record: Form, key: str) -> object:
    """The value of a field by its key."""
    return getattr(record, next(one.name for one in shapes(type(record)) if one.key == key))


def time_of(record: Form) -> datetime | None:
    """The first time that a record (or element of one) says: when it happened, by its author."""
    for shape in shapes(type(record)):
        value = getattr(record, shape.name)
        if shape.scalar is Scalar.TIME and isinstance(value, datetime):
            return value
    return None


def matches(record: Form, conditions: Sequence[Condition]) -> list[datetime | None]:
    """The places of a record at which all conditions hold, each with the time that is claimed for it.

    Conditions on the same list must hold for the same element; those on plain fields for the record itself.
    """
    plain: list[Condition] = []
    by_list: dict[str, list[Condition]] = {}
    for one in conditions:
        head, _, rest = one.field.partition(".")
        if rest and _shape(record, head).many:
            by_list.setdefault(head, []).append(replace(one, field=rest))
        else:
            plain.append(one)
    if not all(_holds(record, one) for one in plain):
        return []
    claims = [_claim(record, one) for one in plain]
    if not by_list:
        return [_last(claims)]
    (head, inner), *others = by_list.items()
    if not all(_elements(record, name, wanted) for name, wanted in others):
        return []
    return [_last([*claims, time_of(one)]) for one in _elements(record, head, inner)]


def _claim(record: Form, condition: Condition) -> datetime | None:
    """When a plain field came to say what it says, as far as the record tells.

    Of an event (an interview, a decision) all fields do from when it happened; a case or concern goes on being written
    for months, and its own time says nothing of what was added.
    """
    head = condition.field.partition(".")[0]
    value = value_of(record, head) if head else record
    if isinstance(value, Form):
        return time_of(value)
    if isinstance(value, datetime):
        return signature_of(record, head) if head in SIGNATURES else value
    return time_of(record) if condition.record in EVENTS else None


def signature_of(record: Form, key: str) -> datetime | None:
    """When a decision was signed: of an old one that was entered later, when it says that it was decided."""
    decided, signed = value_of(record, "decided_at"), value_of(record, key)
    found = decided if signed is not None and decided is not None else signed
    return found if isinstance(found, datetime) else None


def _last(claims: Sequence[datetime | None]) -> datetime | None:
    known = [one for one in claims if one is not None]
    return max(known) if known and len(known) == len(claims) else None


def _elements(record: Form, key: str, conditions: Sequence[Condition]) -> list[Form]:
    elements = value_of(record, key)
    assert isinstance(elements, tuple)
    return [one for one in elements if all(_holds(one, condition) for condition in conditions)]


def _shape(record: Form, key: str) -> Shape:
    return next(one for one in shapes(type(record)) if one.key == key)


def _holds(record: Form, condition: Condition) -> bool:
    if not condition.field:
        return True
    return any(_counts(one, condition) for one in _values(record, condition.field))


def _values(record: Form, field: str) -> Iterator[object]:
    head, _, rest = field.partition(".")
    value = value_of(record, head)
    for one in value if isinstance(value, tuple) else (value,):
        if rest and isinstance(one, Form):
            yield from _values(one, rest)
        elif not rest:
            yield one


def _counts(value: object, condition: Condition) -> bool:
    if not (condition.is_ or condition.not_ or condition.has):
        return value not in (None, "", (), False)
    said = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    if condition.has:
        return any(one.casefold() in said.casefold() for one in condition.has)
    return said in condition.is_ if condition.is_ else said not in condition.not_


def meets(when: When, case: Form, persons: Sequence[Form], day: date, floors: Mapping[str, str]) -> bool:
    """Whether a case (with its persons) is one of those that are meant, on a day.

    ``floors`` are the severities that the policy's categories have at least: filing a case as light does not make it
    light.
    """
    categories = _words(value_of(case, "categories"))
    if when.category and not set(when.category) & set(categories):
        return False
    severities = [str(value_of(case, "severity")), *(floors[one] for one in categories if one in floors)]
    if when.severity and max(severities, key=_grave) not in when.severity:
        return False
    return when.age_under is None or any(_younger(one, when.age_under, day) for one in persons)


def _grave(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, tuple) else ()


def _younger(person: Form, age: int, day: date) -> bool:
    if value_of(person, "role") != "child":
        return False
    born = value_of(person, "born")
    if not isinstance(born, str):
        return True  # a child of unknown age is taken to be as young as the policy asks
    # Of a birthday of which only year or month is known, the last day that it can be is taken.
    year, month, of_month = (int(part) for part in (born + "-12-31"[3 * born.count("-") :]).split("-"))
    return day.year - year - ((day.month, day.day) < (month, of_month)) < age
