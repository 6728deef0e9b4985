"""The persons of a case: names and aliases stay sealed, the label is what leaves the house."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

import re
from dataclasses import dataclass, replace

from evidencevault.custody.casefile import CaseFile, Kind, Record, Write
from evidencevault.custody.walls import raised_by
from evidencevault.errors import NotFound, Refused
from evidencevault.forms.bodies import from_body, to_body
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, PartialDate, asked
from evidencevault.resources import tr

ROLES = ("child", "reporter", "witness", "respondent", "staff", "family", "other")
BASES = {
    "child": "Child",
    "reporter": "Reporter",
    "witness": "Witness",
    "respondent": "Respondent",
    "staff": "Staff",
    "family": "Family",
    "other": "Person",
}
"""What labels begin with; they are stored and go into bundles, so they are not translated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs(Form):
    """What a person needs to be heard well."""

    interpreter: str = asked("Language or sign language of the interpreter.", default="")
    disability: str = asked("Disability, and what helps.", default="")
    guardian: str = asked("Guardian or trusted adult.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Form):
    """Somebody a case is about."""

    role: str = asked("What the person is in this case.", required=True, choices=ROLES)
    names: tuple[str, ...] = asked("Names, the usual one first.", required=True)
    aliases: tuple[str, ...] = asked("Other names, spellings and nicknames under which they appear.", default=())
    born: PartialDate | None = asked("Date of birth, or month or year where no more is known.")
    language: str = asked("Language they speak best.", default="")
    label: str = asked("What they are called in what leaves the house. Given by the program if left out.", default="")
    linked_member: str = asked("The user of this vault who is this person, so that they can be kept out.", default="")
    conflict: bool | None = asked("Whether they have a conflict of interest in this case.")
    needs: Needs | None = asked("What they need to be heard well.")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A person as filed."""

    label: str
    person: Person
    item: bytes
    revision: int
    excluded: tuple[str, ...] = ()
    """The users whom this filing has excluded from the case."""


def add(case: CaseFile, person: Person) -> Labelled:
    """File a person and give a label such as “Child A” unless one is set. Raises FormError, Refused, NotPermitted.

    A linked user who is complained about or in conflict is excluded by the same commit, with their line manager.
    """
    case.require("officer")
    write = case.write()
    made = put(case, write, person)
    write.commit()
    return made


def put(case: CaseFile, write: Write, person: Person) -> Labelled:
    """Add a person to a write that is under way, before anything else that it writes."""
    known = list_persons(case)
    label = person.label.strip() or _next_label(case, person.role, [one.label for one in known])
    person = check(replace(person, label=label))
    _fit(person, known)
    excluded = _exclude(case, write, person)
    stored = write.record(Kind.PERSON, to_body(person))
    write.entry("recorded", records=(stored,), subject=label, details={"kind": "person", "revision": stored.revision})
    return Labelled(label, person, stored.item, stored.revision, excluded)


def correct(case: CaseFile, label: str, person: Person) -> Labelled:
    """File the next revision of a person; the label stays unless another is set. Excludes as :func:`add` does.

    Raises NotFound, Refused.
    """
    case.require("officer")
    old = find(case, label)
    write = case.write()
    person = check(replace(person, label=person.label.strip() or old.label))
    _fit(person, [one for one in list_persons(case) if one.item != old.item])
    excluded = _exclude(case, write, person)
    stored = write.record(Kind.PERSON, to_body(person), old.item)
    write.entry(
        "corrected", records=(stored,), subject=person.label, details={"kind": "person", "revision": stored.revision}
    )
    write.commit()
    return Labelled(person.label, person, stored.item, stored.revision, excluded)


def _exclude(case: CaseFile, write: Write, person: Person) -> tuple[str, ...]:
    linked = person.linked_member.strip()
    if linked and linked not in case.office.standing.members:
        raise Refused(
            tr("There is no user “{name}” in this vault to link; “member list” shows them. Nothing was saved.").format(
                name=linked
            )
        )
    if not in_conflict(person):
        return ()
    walls = raised_by(case.ledger, linked)
    write.exclude(walls)
    return tuple(one.member for one in walls)


def in_conflict(person: Person) -> bool:
    """Whether the user who is this person is to be kept out of the case."""
    return bool(person.linked_member.strip()) and (person.role == "respondent" or bool(person.conflict))


def list_persons(case: CaseFile) -> list[Labelled]:
    """Everybody in the case, in the order in which they were added."""
    return [_labelled(one) for one in case.records(Kind.PERSON)]


def find(case: CaseFile, label: str) -> Labelled:
    """One person by label. Raises NotFound."""
    wanted = label.strip().casefold()
    for one in list_persons(case):
        if one.label.casefold() == wanted:
            return one
    raise NotFound(tr("Nobody in {case} has the label “{label}”.").format(case=case.reference, label=label))


def history(case: CaseFile, label: str) -> list[Labelled]:
    """Every revision of a person, oldest first. Raises NotFound."""
    return [_labelled(one) for one in case.history(find(case, label).item)]


def resolve(case: CaseFile, who: str) -> str:
    """The label of a person named by label, name or alias; records then hold labels only. Raises NotFound, Refused."""
    known, wanted = list_persons(case), who.strip().casefold()
    by_label = [one.label for one in known if one.label.casefold() == wanted]
    by_name = [
        one.label for one in known if wanted in {name.casefold() for name in (*one.person.names, *one.person.aliases)}
    ]
    match by_label or by_name:
        case [label]:
            return label
        case []:
            raise NotFound(
                tr(
                    "“{who}” is no person in {case}. Add the person first, or use a label: {labels}. Nothing was saved."
                ).format(who=who, case=case.reference, labels=", ".join(one.label for one in known) or "–")
            )
        case labels:
            raise Refused(
                tr("“{who}” can be {labels}. Use the label. Nothing was saved.").format(
                    who=who, labels=", ".join(labels)
                )
            )


def _labelled(one: Record) -> Labelled:
    person = from_body(Person, one.body)
    return Labelled(person.label, person, one.item, one.revision)


def _fit(person: Person, others: list[Labelled]) -> None:
    if person.label.casefold() in {one.label.casefold() for one in others}:
        raise Refused(tr("The label “{label}” is taken in this case. Nothing was saved.").format(label=person.label))
    words = set(re.findall(r"\w+", person.label.casefold()))
    named = {word for name in (*person.names, *person.aliases) for word in re.findall(r"\w+", name.casefold())}
    # Labels stand in the ledger and in bundles. The program's own words and single letters tell nothing.
    telling = {word for word in words & named if len(word) > 1} - {base.casefold() for base in BASES.values()}
    if telling:
        raise Refused(
            tr("A label must not contain the person's name: it stands in what leaves the house. Nothing was saved.")
        )


def _next_label(case: CaseFile, role: str, labels: list[str]) -> str:
    base = BASES.get(role, BASES["other"])
    used = set(labels)
    if any(one.item in case.ledger.state.erased for one in case.ledger.state.of_kind(Kind.PERSON)):
        # An erased person's label must not come to mean somebody else; only the ledger still knows it.
        used |= {str(entry.subject) for entry in case.entries() if entry.action in ("recorded", "corrected")}
    taken = {_place(one[len(base) + 1 :]) for one in used if one.startswith(base + " ")}
    return f"{base} {_letters(max(taken, default=0) + 1)}"


def _letters(place: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    text = ""
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _place(letters: str) -> int:
    if not re.fullmatch(r"[A-Z]{1,3}", letters):
        return 0
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place
