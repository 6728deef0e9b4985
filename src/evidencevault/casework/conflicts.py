"""Conflicts of interest as people see them: who is excluded from a case and why, and who may have to be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from evidencevault.casework import people
from evidencevault.casework.people import Person
from evidencevault.custody import walls
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.caseledger import CaseLedger
from evidencevault.custody.office import Office
from evidencevault.custody.wallstate import Proposal, Wall
from evidencevault.resources import tr

NEVER_USERS = ("child", "family")
"""Roles of persons who are not suggested to be users of the vault."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A user who is kept out of a case: since when (RFC 3339), by whom, why in words, and who proposed to end it."""

    name: str
    since: str
    by: str
    why: str
    ending: str


def excluded(ledger: CaseLedger, case: CaseFile | None) -> list[Excluded]:
    """Who is kept out, in the order in which it was said. Persons are named where the case itself can be read."""
    linked: dict[str, list[str]] = {}
    for one in people.list_persons(case) if case is not None else ():
        linked.setdefault(one.person.linked_member, []).append(one.label)
    proposed = {one.member: one for one in ledger.state.walls.proposals}
    found = []
    for wall in sorted(ledger.state.walled.values(), key=lambda wall: wall.sequence):
        why, ending = _why(wall, linked.get(wall.member, [])), _ending(proposed.get(wall.member))
        found.append(Excluded(wall.member, wall.at, wall.by, why, ending))
    return found


def _ending(one: Proposal | None) -> str:
    return "" if one is None else tr("{by} proposes to end it: {reason}").format(by=one.by, reason=one.reason)


def _why(wall: Wall, labels: list[str]) -> str:
    if wall.manages:
        return tr("line manager of {name}").format(name=wall.manages)
    if labels:
        return tr("is {labels} in this case").format(labels=", ".join(labels))
    return tr("conflict of interest")


def keep(case: CaseFile) -> tuple[Wall, ...]:
    """Raise the walls that should stand in a case, by its persons and by who manages whom. Called when it is opened.

    Raises NotFound where it is the member at work who is walled off by it.
    """
    return walls.keep(case.ledger, _linked(case))


def missing(ledger: CaseLedger, case: CaseFile | None) -> tuple[Wall, ...]:
    """The walls that should stand and do not, because they would shut the only officer out who holds the case."""
    return ledger.state.walls.missing(ledger.office.standing, _linked(case) if case is not None else ())


def _linked(case: CaseFile) -> list[str]:
    known = case.office.standing.members
    conflicted = [one.person.linked_member for one in people.list_persons(case) if people.in_conflict(one.person)]
    return [name for name in conflicted if name in known]


def namesakes(office: Office, person: Person) -> list[str]:
    """The users whose name is that of a person who is linked to nobody: a hint, by which nobody is excluded."""
    if person.linked_member or person.role in NEVER_USERS:
        return []
    names = [_words(name) for name in (*person.names, *person.aliases)]
    active = sorted(office.standing.members.keys() - office.standing.retired)
    return [handle for handle in active if any(_same(_words(handle), name) for name in names)]


def _same(handle: list[str], name: list[str]) -> bool:
    """A login name is often a part of a name: the first name, or both without a space."""
    if not set(handle) <= set(name):
        return "".join(handle) == "".join(name)
    return any(len(word) > 2 for word in handle)


def _words(text: str) -> list[str]:
    """In small letters, without accents."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.findall(r"[^\W_]+", plain.casefold())
