"""The persons of the case as redaction seeks them."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.casework.codes import word
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.redaction import subjects, suggesting
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person: the label under which they appear outside, what is sought of them, and why it would be hidden."""

    id: str
    title: str
    sub: str
    sought: str
    reason: str

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.title}, {self.sub}"


def person_rows(case: CaseFile) -> list[PersonRow]:
    """Everybody in the register."""
    return [_row(one) for one in subjects.persons(case)]


def _row(one: subjects.Named) -> PersonRow:
    names = [words.isolated(words.one_line(name)) for name in one.all_names]
    sought = tr("Sought are {names}, each part of them, turned round and with initials.").format(names=", ".join(names))
    return PersonRow(
        id=one.label,
        title=f"{one.label} · {word(one.role)}",
        sub=", ".join(names),
        sought=sought if names else tr("No name is known of this person: nothing can be sought."),
        reason=suggesting.REASON_OF_ROLE.get(one.role, one.role),
    )
