"""The attack on what was made (redaction.md): every secret in every encoding, then the finished pages read anew.

Failing closed: what was not looked at, or is found, is Refused, and the sentence repeats no secret. The parsing happens
in confined processes; a second reading of the finished pixels (OCR) goes through the same matcher that found the marks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Protocol

from evidencevault.custody.casefile import CaseFile, Kind, Value
from evidencevault.documents.requests import AttackReport, ByteSource, PageText, Suspect
from evidencevault.errors import Damaged, Refused
from evidencevault.progress import Progress
from evidencevault.redaction import subjects
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.found import Found
from evidencevault.redaction.marks import Box, Plan
from evidencevault.redaction.planfile import from_body
from evidencevault.redaction.subjects import spelling
from evidencevault.resources import tr

READ_BACK = "text recognised in the pixels of the finished pages, through the matcher that found the marks"
RANGE = 4
SHORTEST = 5
"""Letters and digits that a text under a mark needs to be searched for: shorter ones stand everywhere."""


class Attacker(Protocol):
    """What the attack asks of ``documents.workers.Workers``; every call is a confined process of its own."""

    def attack(self, files: Sequence[Suspect], secrets: Sequence[str]) -> AttackReport:
        """Look for secrets in every encoding, and for anything but pixels in what was burnt."""
        ...

    def languages(self, country: str) -> str:
        """What text recognition is asked for in a country; "" where there is none."""
        ...

    def ocr(
        self,
        name: str,
        source: ByteSource,
        pages: Sequence[int],
        languages: str,
        begun: Callable[[Callable[[], None]], None] | None = None,
    ) -> Iterable[PageText]:
        """The text that is recognised in the pixels of pages (all, where none is named)."""
        ...


_ARABIC, _LATIN = "ara", 2


@dataclass(frozen=True, slots=True)
class Find:
    """What the leak check found: in which file, where in it; a ``secret`` (a name, marked text) or what breaks a rule.

    The secret itself is not repeated: sentences end up in logs and letters.
    """

    file: str
    where: str
    secret: bool

    @property
    def what(self) -> str:
        """In words."""
        return tr("a name or marked text") if self.secret else tr("something that must not be there")


class Leaking(Refused):
    """The leak check found something; ``finds`` are all of it."""

    def __init__(self, sentence: str, finds: tuple[Find, ...]) -> None:
        super().__init__(sentence)
        self.finds = finds


@dataclass(frozen=True, slots=True)
class Report:
    """What was tried on one redacted copy, and that it found nothing; it goes into the approval and the bundle.

    ``methods`` were really run; ``secrets`` is how many were sought; ``read_back`` pages were read by OCR in
    ``languages`` ("" where there is none here); ``left_open`` finds lay where a member left them open on purpose.
    """

    methods: tuple[str, ...]
    secrets: int
    read_back: int
    languages: str
    left_open: int

    def to_body(self) -> dict[str, Value]:
        """As part of a record's body."""
        return {**asdict(self), "methods": list(self.methods)}


def report_of(body: Mapping[str, Value]) -> Report:
    """The report in a record's body; Damaged if it is none."""
    match body:
        case {
            "methods": list(methods), "secrets": int(secrets), "read_back": int(pages), "languages": str(languages),
            "left_open": int(left),
        }:  # fmt: skip
            return Report(tuple(str(one) for one in methods), secrets, pages, languages, left)
        case _:
            raise Damaged(tr("A stored approval does not hold what it must."))


def attack(workers: Attacker, files: Sequence[Suspect], secrets: Sequence[str], progress: Progress) -> tuple[str, ...]:
    """Attack files before anything leaves; the methods that were run. Refused, naming file and place, on any find."""
    progress.check()
    report = workers.attack(files, secrets)
    if report.files != len(files) or not report.methods:
        raise Refused(tr("The leak check did not look at every file. Nothing leaves."))
    if not report.clean:
        finds = tuple(Find(one.file, one.where, one.secret is not None) for one in report.findings)
        raise Leaking(
            tr("The leak check found {what} in {file} ({where}), {count} finds in all. Nothing has left.").format(
                what=finds[0].what, file=finds[0].file, where=finds[0].where, count=len(finds)
            ),
            finds,
        )
    return report.methods


def attack_copy(
    case: CaseFile, workers: Attacker, copy: Suspect, plan: Plan, pages: Finder, progress: Progress
) -> Report:
    """Attack one redacted copy with all that its plan hides, then read it back. Refused on any find."""
    secrets = secrets_of(case, plan, pages)
    if copy.searchable:
        secrets = tuple(one for one in secrets if one not in open_secrets(case, plan))
    methods = attack(workers, [copy], secrets, progress)
    languages = _enough(workers.languages(case.country), (*secrets, *pages.texts))
    if not languages:
        return Report(methods, len(secrets), 0, "", 0)
    seen = list(_seen(workers, copy, pages.count, languages, progress))
    if {page.page for page in seen} != set(range(1, pages.count + 1)):
        raise Refused(tr("The leak check did not look at every page. Nothing leaves."))
    left = read_back(case, plan, pages, seen)
    return Report((*methods, READ_BACK), len(secrets), len(seen), languages, left)


def _enough(languages: str, texts: Iterable[str]) -> str:
    """The country's own languages and one more, and Arabic only for its letters: each costs as long again.

    What is sought is known letter by letter, so that one language of its script reads it as well as three.
    """
    latin = [one for one in languages.split("+") if one != _ARABIC][:_LATIN]
    arabic = _ARABIC in languages and any("\u0600" <= sign <= "\u06ff" for text in texts for sign in text)
    return "+".join([*latin, *([_ARABIC] if arabic or not latin else [])]) if languages else ""


def _seen(workers: Attacker, copy: Suspect, count: int, languages: str, progress: Progress) -> Iterator[PageText]:
    """The finished pages as text recognition reads them, side by side on all processors."""
    ranges = [range(first, min(first + RANGE, count + 1)) for first in range(1, count + 1, RANGE)]

    def one(pages: range) -> list[PageText]:
        progress.check()
        return list(workers.ocr(copy.name, copy.source, list(pages), languages))

    with ThreadPoolExecutor(os.cpu_count() or 1, "read back") as pool:
        for pages in pool.map(one, ranges):
            yield from pages


def read_back(case: CaseFile, plan: Plan, marked: Finder, seen: Sequence[PageText]) -> int:
    """Seek what the plan hides in what a stranger reads on the finished pages; how many finds are open on purpose.

    ``marked`` are the pages of the exhibit, ``seen`` those of the copy. Refused on the first find not left open.
    """
    finder = Finder((), seen)
    left = 0
    for what, places in _sought(case, plan, marked, finder):
        for one in places:
            if not plan.leaves_open(one.page, one.boxes, what):
                raise Refused(
                    tr(
                        "On page {page} of the redacted copy of {exhibit} a name or marked text can still be read. "
                        "Mark it there, or refuse the suggestion if it shall stay open. Nothing has left."
                    ).format(page=one.page, exhibit=plan.exhibit)
                )
            left += 1
    return left


def _sought(case: CaseFile, plan: Plan, marked: Finder, copy: Finder) -> Iterable[tuple[str, list[Found]]]:
    for term in dict.fromkeys(mark.term for mark in plan.marks if mark.kind == "term"):
        yield term, copy.term(term)
    labels = {mark.what or mark.label for mark in plan.marks if mark.kind == "person"}
    for person in subjects.persons(case):
        if person.label in labels:
            yield person.label, copy.person(person.names, person.aliases, widen=False)
    for mark in plan.marks:
        if mark.kind == "pattern":
            under = _under(marked, mark.page, mark.boxes)
            if sum(c.isalnum() for c in under) >= SHORTEST:
                yield mark.what, copy.term(under)


def _under(finder: Finder, page: int, boxes: Sequence[Box]) -> str:
    return " ".join(finder.text_under(page, boxes).split())


def all_secrets(case: CaseFile, access: str = "") -> tuple[str, ...]:
    """Every name and alias of the register and every marked term of the case: none may be in what leaves.

    But for the own names of the person (``access``, a label) whom it goes to, unless somebody else has one of them.
    """
    found: dict[str, None] = {}
    own: set[str] = set()
    for person in subjects.persons(case):
        if person.label == access:
            own = person.spelt
        else:
            found.update(dict.fromkeys(person.all_names))
    for record in case.records(Kind.PLAN):
        terms = (mark.term for mark in from_body(record.body).marks)
        found.update(dict.fromkeys(term for term in terms if spelling(term) not in own))
    return _searchable(found)


def secrets_of(case: CaseFile, plan: Plan, pages: Finder) -> tuple[str, ...]:
    """What must not be found in the burnt copy of one plan: terms, names of marked persons, text under the marks."""
    found = dict.fromkeys(_names_of(case, plan))
    for mark in plan.marks:
        for box in mark.boxes:
            under = _under(pages, mark.page, [box])
            if sum(c.isalnum() for c in under) >= SHORTEST:
                found[under] = None
    return _searchable(found)


def open_secrets(case: CaseFile, plan: Plan) -> frozenset[str]:
    """What a plan hides in one place and leaves open on purpose in another: a copy with text may hold it there."""
    left = {one.what for one in plan.left_open if not plan.hides(one)}
    names = (name for person in subjects.persons(case) if person.label in left for name in person.all_names)
    return frozenset(left | set(names))


def named_secrets(case: CaseFile, plan: Plan) -> tuple[str, ...]:
    """Terms and names of marked persons of one plan, but for what it leaves open somewhere: without its pages."""
    return tuple(one for one in _names_of(case, plan) if one not in open_secrets(case, plan))


def _names_of(case: CaseFile, plan: Plan) -> tuple[str, ...]:
    labels = {mark.what or mark.label for mark in plan.marks if mark.kind == "person"}
    found: dict[str, None] = dict.fromkeys(mark.term for mark in plan.marks)
    for person in subjects.persons(case):
        if person.label in labels:
            found.update(dict.fromkeys(person.all_names))
    return _searchable(found)


def _searchable(found: dict[str, None]) -> tuple[str, ...]:
    return tuple(text for text in found if sum(c.isalnum() for c in text) >= 2)
