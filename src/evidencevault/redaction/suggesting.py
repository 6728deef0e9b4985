"""Suggestions: what persons of the case and patterns were found where; accepted or refused one by one or by group.

Nothing is taken over silently: an accepted suggestion becomes a mark with author and time, a refused one a place that
is left open on purpose, with author and time too; the leak check knows both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import ByteSource, Face
from evidencevault.errors import NotFound, UsageError
from evidencevault.evidence import reading
from evidencevault.redaction import burning, marking, plans, reasons, subjects
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.found import Found
from evidencevault.redaction.marking import Place
from evidencevault.redaction.marks import Box, Mark, Open, Plan
from evidencevault.redaction.patterns import PATTERNS
from evidencevault.redaction.subjects import Named, Subject
from evidencevault.resources import tr

NEW, MARKED, LEFT_OPEN = "new", "marked", "open"
MISREAD = "misread"
"""The kind of what may be a name of a person that text recognition misread: none is accepted along with "person"."""
REASON_OF_ROLE = {"staff": "third-party", "family": "third-party"}
REASON_OF_PATTERN = {
    "email": "contact",
    "phone": "contact",
    "url": "contact",
    "gps": "location",
    "birth": "birth",
}
"""The reason that a suggestion bears where the member names none; what is not here is “other”."""


class Seer(Protocol):
    """What looking for faces asks of ``documents.workers.Workers``."""

    def faces(self, name: str, source: ByteSource, pages: Sequence[int] = ()) -> Iterable[Face]:
        """What may be faces, page by page."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place to decide about. ``id`` is the same each time; ``group`` is kind and what was found ("person:Child A").

    ``state`` is ``new``, ``marked`` (wholly covered by marks) or ``open`` (left open on purpose); ``reason`` the code
    it would get.
    """

    id: str
    place: Place
    group: str
    reason: str
    state: str

    @property
    def found(self) -> Found:
        """Page and boxes."""
        return self.place.found


def suggestions(case: CaseFile, finder: Finder, plan: Plan, faces: Sequence[Found] = ()) -> list[Suggestion]:
    """Every place of a person of the register, of a pattern, of a face; by page and height, each with its state."""
    places = [*_of_persons(subjects.persons(case), finder), *_of_patterns(case.country, finder)]
    places += [(Place(one, "face", what="face"), "image") for one in faces]
    found = [_suggestion(plan, place, reason) for place, reason in places]
    return sorted(found, key=lambda one: (one.found.page, one.found.boxes[0].y0, one.found.boxes[0].x0, one.group))


def restated(found: Sequence[Suggestion], plan: Plan) -> list[Suggestion]:
    """The same suggestions with the states that they have in another plan."""
    return [_suggestion(plan, one.place, one.reason) for one in found]


def faces(case: CaseFile, workers: Seer, subject: Subject) -> list[Found]:
    """What may be faces on the pages of an exhibit; the view is entered first. Raises Refused, DocumentFailed."""
    subjects.need_file(subject)
    with reading.paged(case, subject.number, purpose=burning.PURPOSE, how="faces") as reader:
        return [Found(one.page, (Box(*one.box),)) for one in workers.faces(subject.name, reader)]


def accept(case: CaseFile, exhibit: str, chosen: Sequence[Suggestion], reason: str = "") -> tuple[Mark, ...]:
    """Take suggestions over as marks, in one revision. Raises NotPermitted, Refused."""
    case.require("officer", "legal")
    if reason:
        reasons.need(case, reason)
    return marking.take_over(case, exhibit, [(one.place, reason or one.reason) for one in chosen])


def refuse(case: CaseFile, exhibit: str, chosen: Sequence[Suggestion]) -> tuple[Open, ...]:
    """Leave the places of suggestions open on purpose, in one revision. Raises NotPermitted, Refused."""
    case.require("officer", "legal")
    record = plans.stored(case, exhibit)
    plan = plans.opened(record, subjects.subject(case, exhibit))
    at, author = case.now().isoformat(timespec="seconds"), case.member.key_id.hex()
    left = tuple(
        Open(one.found.page, one.found.boxes, one.place.kind, one.place.term or one.place.what, author, at)
        for one in chosen
        if one.state != LEFT_OPEN
    )
    if left:
        plans.keep(case, plan.leaving_open(left), record, {"refused": len(left)})
    return left


def choose(
    found: Sequence[Suggestion],
    ids: Sequence[str] = (),
    groups: Sequence[str] = (),
    every: bool = False,
    all_there: bool = True,
) -> list[Suggestion]:
    """Those of the undecided that are named, by id, by group, by kind ("person"), or all of them.

    Raises UsageError where nothing is named, and NotFound where an id or a group is not among what was found, unless
    they need not be ``all_there``: over a whole case, a group is in some exhibits only.
    """
    if not (ids or groups or every):
        raise UsageError(tr("Which suggestions? Name them, or give a group, or all of them."))
    for one in ids if all_there else ():
        if all(one != known.id for known in found):
            raise NotFound(tr("There is no suggestion {id}; list them again.").format(id=one))
    for group in groups if all_there else ():
        if not any(_in_group(known, group) for known in found):
            raise NotFound(tr("No suggestion is of the group “{group}”.").format(group=group))

    def named(one: Suggestion) -> bool:
        return one.id in ids or any(_in_group(one, group) for group in groups)

    return [one for one in found if one.state != MARKED and ((every and one.state == NEW) or named(one))]


def _in_group(one: Suggestion, group: str) -> bool:
    return group in (one.group, one.group.partition(":")[0])


def _suggestion(plan: Plan, place: Place, reason: str) -> Suggestion:
    kind = place.kind if place.found.sure else MISREAD
    group = f"{kind}:{place.term or place.what}"
    state = NEW
    if plan.covers(place.found.page, place.found.boxes):
        state = MARKED
    elif plan.leaves_open(place.found.page, place.found.boxes, place.term or place.what):
        state = LEFT_OPEN
    sides = [box.thousandths() for box in place.found.boxes]
    name = hashlib.blake2b(repr((group, place.found.page, sides)).encode(), digest_size=5).hexdigest()
    return Suggestion(f"s{name}", place, group, reason, state)


def _of_persons(persons: Sequence[Named], finder: Finder) -> Iterator[tuple[Place, str]]:
    for person in persons:
        reason = REASON_OF_ROLE.get(person.role, person.role)
        for found in finder.person(person.names, person.aliases):
            yield Place(found, "person", person.label, what=person.label, widened=True), reason
        for found in finder.misread(person.names, person.aliases):
            yield Place(found, "person", person.label, what=person.label, widened=True), reason


def _of_patterns(country: str, finder: Finder) -> Iterator[tuple[Place, str]]:
    for name in PATTERNS:
        for found in finder.pattern(name, country):
            yield Place(found, "pattern", what=name), REASON_OF_PATTERN.get(name, "other")
