"""Numbered records of a case (C01, I01, D01, A01, R01): found, listed, added and corrected in one way for all kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, cast

from evidencevault.casework.people import resolve
from evidencevault.custody.casefile import CaseFile, Kind, Record, Stored, Write
from evidencevault.errors import NotFound
from evidencevault.forms.bodies import from_body, to_body
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered(Form):
    """A record with a reference in its case, such as C01."""

    number: str = asked("Its reference in the case.", given=True, default="")


N = TypeVar("N", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Filed(Generic[N]):
    """A stored record with where it stands: item, revision (from 1) and the ledger entry that wrote it."""

    record: N
    item: bytes
    revision: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Drawer(Generic[N]):
    """All records of one kind. ``name`` stands in ledger entries, ``letter`` begins the references."""

    kind: Kind
    name: str
    letter: str
    form: type[N]

    def all(self, case: CaseFile) -> list[Filed[N]]:
        """The newest revision of each, in the order in which they were made."""
        return [self._filed(one) for one in case.records(self.kind)]

    def get(self, case: CaseFile, number: str) -> Filed[N]:
        """One by its reference. Raises NotFound."""
        wanted = normal(number)
        for one in self.all(case):
            if one.record.number == wanted:
                return one
        raise NotFound(tr("{case} has no {number}.").format(case=case.reference, number=number))

    def history(self, case: CaseFile, number: str) -> list[Filed[N]]:
        """Every revision, oldest first. Raises NotFound."""
        return [self._filed(one) for one in case.history(self.get(case, number).item)]

    def _filed(self, one: Record) -> Filed[N]:
        return Filed(from_body(self.form, one.body), one.item, one.revision, one.sequence)

    def next_number(self, case: CaseFile, ahead: int = 0) -> str:
        """The next reference, or one further ``ahead``.

        Counted in the ledger, so that an erased record's reference is not used again.
        """
        return f"{self.letter}{len(case.ledger.state.of_kind(self.kind)) + 1 + ahead:02d}"

    def put(self, write: Write, record: N, item: bytes | None = None) -> Stored:
        """Add the checked record (or the next revision of ``item``) to a write. Raises FormError."""
        return write.record(self.kind, to_body(check(record)), item)

    def add(self, case: CaseFile, record: N) -> str:
        """File a new record. Returns its reference."""
        return self.add_all(case, [record])[0]

    def add_all(self, case: CaseFile, records: Sequence[N]) -> list[str]:
        """File several new records in one commit, all or none. Returns their references."""
        write = case.write()
        numbers = self.add_to(write, case, records)
        if numbers:
            write.commit()
        return numbers

    def add_to(self, write: Write, case: CaseFile, records: Sequence[N], action: str = "recorded") -> list[str]:
        """Add new records to a write. Returns the references that they have when it is committed."""
        numbers = [self.next_number(case, ahead) for ahead in range(len(records))]
        for number, record in zip(numbers, records, strict=True):
            self.enter(write, action, number, self.put(write, replace(record, number=number)))
        return numbers

    def revise(self, case: CaseFile, old: Filed[N], record: N, action: str) -> N:
        """File the next revision. Returns the record as filed."""
        number = old.record.number
        write = case.write()
        record = check(replace(record, number=number))
        stored = self.put(write, record, old.item)
        self.enter(write, action, number, stored)
        write.commit()
        return record

    def enter(self, write: Write, action: str, number: str, stored: Stored) -> None:
        """The ledger entry of a record: reference, kind and revision, no word of what it says."""
        write.entry(
            action, records=(stored,), subject=number, details={"kind": self.name, "revision": stored.revision}
        )


def normal(number: str) -> str:
    """A reference as it is stored: ``c1`` is C01, ``e7`` is E007."""
    found = re.fullmatch(r"\s*([A-Za-z])0*(\d+)\s*", number)
    if found is None:
        return number.strip()
    letter, digits = found[1].upper(), found[2]
    return f"{letter}{int(digits):0{3 if letter == 'E' else 2}d}"


_KINDS = {
    "C": Kind.CONCERN,
    "E": Kind.EXHIBIT,
    "I": Kind.INTERVIEW,
    "D": Kind.DECISION,
    "A": Kind.ACTION,
    "R": Kind.RECOMMENDATION,
    "Q": Kind.REQUEST,
    "V": Kind.REVIEW,
}


def known_refs(case: CaseFile, refs: Iterable[str]) -> tuple[str, ...]:
    """References as they are stored, each checked to exist in the case: records by number, persons by label or name.

    Raises NotFound naming the first that does not exist.
    """
    cache: dict[Kind, set[str]] = {}
    found: list[str] = []
    for ref in refs:
        number = normal(ref)
        kind = _KINDS.get(number[:1]) if re.fullmatch(r"[A-Z]\d+", number) else None
        if kind is None:
            found.append(resolve(case, ref))
            continue
        if kind not in cache:
            cache[kind] = {cast(str, one.body.get("number")) for one in case.records(kind)}
        if number not in cache[kind]:
            raise NotFound(
                tr("{case} has no {ref}, which this record refers to. Nothing was saved.").format(
                    case=case.reference, ref=ref
                )
            )
        found.append(number)
    return tuple(found)
