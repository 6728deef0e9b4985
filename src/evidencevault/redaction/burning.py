"""Burning: a new document of pixels only (mode D), then the attack on it in a second process; a copy, or a refusal.

What cannot be burnt yet (everything but PDFs, images and text) has no copy: a slip sheet takes its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.documents import requests
from evidencevault.documents.requests import AttackReport, Bytes, ByteSource, PageText, Suspect
from evidencevault.errors import Refused
from evidencevault.evidence import reading
from evidencevault.progress import Progress
from evidencevault.redaction import subjects
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marks import Plan, from_body
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr

RASTER = "raster"
SLIP_SHEET = "slip-sheet"
DPI = 200
PURPOSE = "redaction"
SHORTEST = 5
"""Letters and digits that a text under a mark needs to be searched for: shorter ones stand everywhere."""


class Burner(Protocol):
    """What redaction asks of ``documents.workers.Workers``; every call is one confined process."""

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        """All pages with a box for each character."""
        ...

    def burn(self, name: str, source: ByteSource, marks: Sequence[requests.Mark], dpi: int) -> bytes:
        """A new PDF of pixels only, the marks overwritten in them."""
        ...

    def attack(self, files: Sequence[Suspect], secrets: Sequence[str]) -> AttackReport:
        """Look for secrets in every encoding, and for anything but pixels in what was burnt."""
        ...

    def typeset(self, html: str) -> bytes:
        """A PDF of a page of HTML."""
        ...


@dataclass(frozen=True, slots=True)
class Burnt:
    """A redacted copy that withstood the attack: the PDF, its pages, how it was made, by how many methods attacked."""

    data: bytes
    pages: int
    method: str
    tests: int


def finder(case: CaseFile, workers: Burner, subject: Subject, progress: Progress) -> Finder:
    """The pages of an exhibit, ready to be searched; the view is entered first. Raises Refused, DocumentFailed."""
    progress.say(subject.number)
    subjects.need_file(subject)
    with reading.original(case, subject.number, purpose=PURPOSE, how="text") as reader:
        return Finder(workers.text(subject.name, reader))


def burn(case: CaseFile, workers: Burner, subject: Subject, plan: Plan, progress: Progress) -> Burnt | None:
    """Burn a plan into a new document and attack it; None where this kind of file can not be burnt yet.

    Raises Refused where the attack finds something, DocumentFailed where the exhibit can not be rendered.
    """
    if not burnable(subject):
        if plan.marks:
            raise Refused(
                tr("{exhibit} is of a kind that can not be redacted yet. Withhold it, or remove its marks.").format(
                    exhibit=subject.number
                )
            )
        return None
    progress.say(subject.number)
    areas = _areas(plan)
    with reading.original(case, subject.number, purpose=PURPOSE, how="text") as reader:
        pages = Finder(workers.text(subject.name, reader))
        progress.check()
        data = workers.burn(subject.name, reader, areas, DPI)
    suspect = Suspect(f"{subject.number}.pdf", Bytes(data), True, areas)
    tests = attack(workers, [suspect], _secrets_of(case, plan, pages), progress)
    return Burnt(data, pages.count, RASTER, tests)


def burnable(subject: Subject) -> bool:
    """Whether mode D can render this kind: PDFs, images, text."""
    kind = subject.media_type
    return subject.object is not None and (kind == "application/pdf" or kind.startswith(("image/", "text/")))


def attack(workers: Burner, files: Sequence[Suspect], secrets: Sequence[str], progress: Progress) -> int:
    """Attack files before anything leaves; how many methods were run. Refused, naming file and place, on any find."""
    progress.check()
    report = workers.attack(files, secrets)
    if report.files != len(files) or not report.methods:
        raise Refused(tr("The leak check did not look at every file. Nothing leaves."))
    if not report.clean:
        first = report.findings[0]
        # The secret itself is not repeated: sentences end up in logs and letters.
        what = tr("a name or marked text") if first.secret is not None else tr("something that must not be there")
        raise Refused(
            tr("The leak check found {what} in {file} ({where}), {count} finds in all. Nothing has left.").format(
                what=what, file=first.file, where=first.where, count=len(report.findings)
            )
        )
    return len(report.methods)


def all_secrets(case: CaseFile) -> tuple[str, ...]:
    """Every name and alias of the register and every marked term of the case: none may be in what leaves."""
    found: dict[str, None] = {}
    for person in subjects.persons(case):
        found.update(dict.fromkeys(person.all_names))
    for record in case.records(Kind.PLAN):
        found.update(dict.fromkeys(mark.term for mark in from_body(record.body).marks))
    return _searchable(found)


def _secrets_of(case: CaseFile, plan: Plan, pages: Finder) -> tuple[str, ...]:
    """What must not be found in the burnt copy of one plan: terms, names of marked persons, text under the marks."""
    labels = {mark.label for mark in plan.marks if mark.kind == "person"}
    found: dict[str, None] = dict.fromkeys(mark.term for mark in plan.marks)
    for person in subjects.persons(case):
        if person.label in labels:
            found.update(dict.fromkeys(person.all_names))
    for mark in plan.marks:
        for box in mark.boxes:
            under = " ".join(pages.text_under(mark.page, [box]).split())
            if sum(c.isalnum() for c in under) >= SHORTEST:
                found[under] = None
    return _searchable(found)


def _searchable(found: dict[str, None]) -> tuple[str, ...]:
    return tuple(text for text in found if sum(c.isalnum() for c in text) >= 2)


def _areas(plan: Plan) -> tuple[requests.Mark, ...]:
    """The boxes as the worker takes them; a mark's label stands on its first box."""
    return tuple(
        requests.Mark(mark.page, box.x0, box.y0, box.x1, box.y1, "" if number else mark.label)
        for mark in plan.marks
        for number, box in enumerate(mark.boxes)
    )


def sha256(data: bytes) -> bytes:
    """SHA-256 of bytes in memory."""
    return hashlib.sha256(data).digest()
