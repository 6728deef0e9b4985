"""Marking: what a member asks to be hidden, found on the pages and taken over into the plan of an exhibit."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused
from evidencevault.progress import Progress
from evidencevault.redaction import burning, plans, reasons, subjects
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.found import Found
from evidencevault.redaction.marks import Box, Mark, Plan, Span
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark. Boxes, lines, selections and pages are (page, …) in points from the top left, pages from 1.

    ``texts`` select from one point to another; ``all_but`` keeps one box of a page and hides the rest. ``label`` is
    what stands on hand-made marks; persons stand under their own. ``widen`` carries a person's boxes on to the end of
    the line, because the width of a gap gives a name away. ``spans`` are of a recording: its sound is silenced, or,
    with a box in pixels, that part of the picture is black for so long.
    """

    terms: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    boxes: tuple[tuple[int, Box], ...] = ()
    texts: tuple[tuple[int, tuple[float, float], tuple[float, float]], ...] = ()
    lines: tuple[tuple[int, float], ...] = ()
    pages: tuple[int, ...] = ()
    all_but: tuple[tuple[int, Box], ...] = ()
    spans: tuple[tuple[Span, Box | None], ...] = ()
    label: str = ""
    widen: bool = True

    @property
    def anything(self) -> bool:
        """Whether anything is asked for."""
        return self.on_pages or bool(self.spans)

    @property
    def on_pages(self) -> bool:
        """Whether anything is asked for that stands on pages."""
        hand = self.boxes or self.texts or self.lines or self.pages or self.all_but
        return bool(self.terms or self.persons or self.patterns or hand)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something to hide stands, how it was found (a kind of mark), what it is, and the label it gets."""

    found: Found
    kind: str
    label: str = ""
    term: str = ""
    what: str = ""
    span: Span | None = None
    widened: bool = False


def mark(
    case: CaseFile,
    workers: Burner,
    exhibit: str,
    wanted: Wanted,
    reason: str,
    progress: Progress | None = None,
    pages: Finder | None = None,
) -> tuple[Mark, ...]:
    """Take over marks into the plan of an exhibit; returns those that are new (what is marked already is not doubled).

    ``pages`` are its pages where the caller holds them ready already.
    Raises NotPermitted, NotFound, Refused (no such page or pattern, nothing found), DocumentFailed.
    """
    case.require("officer", "legal")
    reasons.need(case, reason)
    subject = subjects.subject(case, exhibit)
    plans.opened(plans.stored(case, exhibit), subject)
    places = _in_time(subject, wanted)
    if wanted.on_pages:
        ready = pages or burning.finder(case, workers, subject, progress or Progress())
        places += _places(case, ready, wanted)
    return take_over(case, exhibit, [(place, reason) for place in places])


def take_over(case: CaseFile, exhibit: str, places: list[tuple[Place, str]]) -> tuple[Mark, ...]:
    """Make marks of places with their reasons, all in one revision; what is marked already is not doubled."""
    record = plans.stored(case, exhibit)
    plan = plans.opened(record, subjects.subject(case, exhibit))
    at, author = case.now().isoformat(timespec="seconds"), case.member.key_id.hex()
    made = _marks(plan, places, author, at)
    if made:
        plans.keep(case, plan.with_marks(made), record, {"added": len(made)})
    return made


def _marks(plan: Plan, places: list[tuple[Place, str]], author: str, at: str) -> tuple[Mark, ...]:
    present = {(one.page, one.boxes, one.kind, one.term, one.what, one.span, one.widened) for one in plan.marks}
    made: list[Mark] = []
    for place, reason in places:
        page, boxes = place.found.page, place.found.boxes
        found = (place.term, place.what, place.span, place.widened)
        if (page, boxes, place.kind, *found) not in present:
            present.add((page, boxes, place.kind, *found))
            name = plan.next_id(len(made))
            made.append(Mark(name, page, boxes, place.kind, reason, place.label, author, at, *found))
    return tuple(made)


def _in_time(subject: Subject, wanted: Wanted) -> list[Place]:
    """Stretches of a recording; Refused for what is none, and for boxes in what has no picture."""
    kind = subject.media_type.partition("/")[0]
    if wanted.spans and kind not in ("audio", "video"):
        raise Refused(tr("{exhibit} is no recording: it has pages to mark.").format(exhibit=subject.number))
    if kind == "audio" and any(box for _, box in wanted.spans):
        raise Refused(tr("{exhibit} is sound and has no picture to mark.").format(exhibit=subject.number))
    return [Place(Found(1, (box,) if box else ()), "span", wanted.label, span=span) for span, box in wanted.spans]


def _places(case: CaseFile, finder: Finder, wanted: Wanted) -> list[Place]:
    found = [Place(one, "term", wanted.label, term) for term in wanted.terms for one in finder.term(term)]
    for label in wanted.persons:
        person = subjects.person(case, label)
        found += [
            Place(one, "person", person.label, what=person.label, widened=wanted.widen)
            for one in finder.person(person.names, person.aliases, wanted.widen)
        ]
    for name in wanted.patterns:
        found += [Place(one, "pattern", wanted.label, what=name) for one in finder.pattern(name, case.country)]
    return found + _by_hand(finder, wanted)


def _by_hand(finder: Finder, wanted: Wanted) -> list[Place]:
    label = wanted.label
    return [
        *(Place(finder.box(number, box), "box", label) for number, box in wanted.boxes),
        *(Place(finder.selection(number, start, end), "text", label) for number, start, end in wanted.texts),
        *(Place(finder.line(number, y), "line", label) for number, y in wanted.lines),
        *(Place(finder.whole(number), "page", label) for number in wanted.pages),
        *(Place(finder.all_but(number, box), "inverse", label) for number, box in wanted.all_but),
    ]
