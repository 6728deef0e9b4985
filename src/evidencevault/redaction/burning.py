"""Burning: a redacted copy of an exhibit that withstood the attack, or a refusal; none where it has no pages.

Mode D (raster) is a new document of pixels. Mode C (structural) keeps text where that is asked for, and gives way to D
whenever any check fails (redaction.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from evidencevault.custody.casefile import CaseFile, Value
from evidencevault.documents import requests
from evidencevault.documents.requests import Bytes, ByteSource, DocumentFailed, PageText, Reason, Suspect
from evidencevault.errors import Refused
from evidencevault.evidence import reading, recognition
from evidencevault.progress import Progress
from evidencevault.redaction import attacking, measuring, recordings, subjects
from evidencevault.redaction.attacking import Attacker, Report
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.gaps import Figure
from evidencevault.redaction.marks import Plan
from evidencevault.redaction.measuring import Measurer
from evidencevault.redaction.recordings import Recorder
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr

RASTER = "raster"
SEARCHABLE = "searchable"
"""Raster, with invisible text from the recognition of its own pixels."""
STRUCTURAL = "structural"
SLIP_SHEET = "slip-sheet"
DPI = 200
LEAST_DPI, MOST_DPI = 150, 300
PURPOSE = "redaction"


class Burner(Attacker, Measurer, Recorder, Protocol):
    """What redaction asks of ``documents.workers.Workers``; every call is one confined process or more."""

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        """All pages with a box for each character."""
        ...

    def burn(
        self,
        name: str,
        source: ByteSource,
        marks: Sequence[requests.Mark],
        dpi: int = DPI,
        pages: int = 1,
        check: Callable[[], None] | None = None,
        languages: str = "",
    ) -> bytes:
        """A new PDF of pixels only, the marks overwritten in them; ``check`` is called meanwhile.

        Where ``languages`` are named, with what is recognised in these pixels as invisible text.
        """
        ...

    def rebuild(self, name: str, source: ByteSource, marks: Sequence[requests.Mark]) -> bytes:
        """A new PDF that keeps its text but for what the marks touch."""
        ...

    def typeset(self, html: str) -> bytes:
        """A PDF of a page of HTML."""
        ...

    def stamp(self, source: ByteSource, numbers: Sequence[str]) -> bytes:
        """A finished copy with a number below each page."""
        ...


@dataclass(frozen=True, slots=True)
class Making:
    """How a copy is made: method (``raster`` or ``structural``), dots per inch (150 to 300).

    ``audience`` is the recipient for whom it bears labels of its own ("": the labels of the register). ``searchable``:
    a raster copy has what is recognised in its pixels as invisible text. ``access`` is the label of the person whom it
    is about and for, with their own names open (see opening), ``by_hand`` the marks of theirs that open besides.
    """

    method: str = RASTER
    dpi: int = DPI
    audience: str = ""
    searchable: bool = False
    access: str = ""
    by_hand: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.method not in (RASTER, STRUCTURAL) or (self.searchable and self.method != RASTER):
            raise Refused(tr("A redacted copy is made as raster or as structural."))
        # Others' family names may stand in the open names: only in pixels can one be told from the other.
        if self.access and (self.audience or self.searchable or self.method != RASTER):
            raise Refused(
                tr("A copy for the person it is about is made of pictures only, and bears the labels of the case.")
            )
        if self.by_hand and not self.access:
            raise Refused(tr("Single marks are opened only in a copy for the person they are about."))
        if not LEAST_DPI <= self.dpi <= MOST_DPI:
            raise Refused(
                tr("A redacted copy has {least} to {most} dots per inch.").format(least=LEAST_DPI, most=MOST_DPI)
            )


@dataclass(frozen=True, slots=True)
class Burnt:
    """A redacted copy that withstood the attack: the PDF, its pages, how it was made, what the attack did."""

    data: bytes
    pages: int
    method: str
    report: Report
    labels: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[Figure, ...] = ()
    suffix: str = ".pdf"

    def to_report(self) -> dict[str, Value]:
        """The leak check with the figures of the width attack, as part of a record's body."""
        return {**self.report.to_body(), "gaps": [measuring.told(one) for one in self.gaps]}


def finder(
    case: CaseFile, workers: Burner, subject: Subject, progress: Progress, *, recognise: bool = True
) -> Finder:
    """The pages of an exhibit, ready to be searched, with what is recognised in their pixels where text may stand.

    Without ``recognise`` only with what was recognised before; :attr:`Finder.unread` names the other pages.

    The view is entered first. Raises Refused, DocumentFailed, Cancelled.
    """
    progress.say(subject.number)
    subjects.need_file(subject)
    with reading.paged(case, subject.number, purpose=PURPOSE, how="text") as reader:
        pages = workers.text(subject.name, reader)
    pictured = [page.page for page in pages if page.pictured]
    languages = workers.languages(case.country)
    read: dict[int, PageText] = {}
    if pictured and languages and recognise:
        read = recognition.recognise(case, workers, subject.number, pictured, languages, progress)
    elif pictured and languages:
        read = recognition.kept(case, subject.number, languages)
    return Finder(pages, read.values())


def burn(
    case: CaseFile,
    workers: Burner,
    subject: Subject,
    plan: Plan,
    progress: Progress,
    making: Making | None = None,
    labels: Mapping[str, str] | None = None,
    narrow: str = "",
) -> Burnt | None:
    """Burn a plan into a new document and attack it; None where this kind of file can not be shown as pages.

    ``labels`` replace those of the register; ``narrow`` is why gaps that give a name away are let pass. Raises Refused
    where there are such and no reason, or where the attack finds something, DocumentFailed where the exhibit can not be
    rendered.
    """
    making = making or Making()
    if recordings.kind_of(subject):
        return _recording(case, workers, subject, plan, progress)
    if not burnable(subject):
        if plan.marks:
            raise _cannot(subject)
        return None
    pages = finder(case, workers, subject, progress)
    figures = measuring.measure(case, workers, subject, plan.marks, pages, making.dpi)
    if not narrow:
        _refuse_narrow(subject, figures)
    copy = _Copy(case, workers, subject, plan, pages, areas_of(plan, labels or {}), progress)
    method, data, report = (making.method == STRUCTURAL and copy.structural()) or copy.raster(making)
    return Burnt(data, pages.count, method, report, labels or {}, figures)


@dataclass(frozen=True, slots=True)
class _Copy:
    """One redacted copy on the way: what is burnt, and what it is attacked with."""

    case: CaseFile
    workers: Burner
    subject: Subject
    plan: Plan
    pages: Finder
    areas: tuple[requests.Mark, ...]
    progress: Progress

    def raster(self, making: Making) -> tuple[str, bytes, Report]:
        """Mode D. Raises Refused, DocumentFailed."""
        languages = self.workers.languages(self.case.country) if making.searchable else ""
        if making.searchable and not languages:
            raise Refused(tr("A copy can only be made searchable where text recognition is installed."))
        with reading.paged(self.case, self.subject.number, purpose=PURPOSE, how="text") as reader:
            self.progress.check()
            name, check = self.subject.name, self.progress.check
            data = self.workers.burn(name, reader, self.areas, making.dpi, self.pages.count, check, languages)
        method = SEARCHABLE if making.searchable else RASTER
        return method, data, self._attacked(data, RASTER, making.searchable)

    def structural(self) -> tuple[str, bytes, Report] | None:
        """Mode C; None where anything speaks against it: then it gives way to D."""
        # A name that is hidden here and open there cannot be sought by bytes: then only pixels are safe.
        if self.subject.media_type != "application/pdf" or attacking.open_secrets(self.case, self.plan):
            return None
        try:
            with reading.paged(self.case, self.subject.number, purpose=PURPOSE, how="text") as reader:
                self.progress.check()
                data = self.workers.rebuild(self.subject.name, reader, self.areas)
            return STRUCTURAL, data, self._attacked(data, STRUCTURAL)
        except (DocumentFailed, Refused):
            return None

    def _attacked(self, data: bytes, mode: str, searchable: bool = False) -> Report:
        suspect = Suspect(f"{self.subject.number}.pdf", Bytes(data), mode == RASTER, self.areas, mode, searchable)
        return attacking.attack_copy(self.case, self.workers, suspect, self.plan, self.pages, self.progress)


def _recording(case: CaseFile, workers: Burner, subject: Subject, plan: Plan, progress: Progress) -> Burnt | None:
    try:
        made, report = recordings.redacted(case, workers, subject, plan, PURPOSE, progress)
    except DocumentFailed as error:
        if plan.marks or error.reason not in (Reason.NOT_INSTALLED, Reason.UNSUPPORTED, Reason.DAMAGED):
            raise
        return None  # nothing was to be hidden in it, but it cannot be made anew: a slip sheet takes its place
    return Burnt(made.data, 0, recordings.kind_of(subject), report, suffix=made.suffix)


def _cannot(subject: Subject) -> Refused:
    return Refused(
        tr("{exhibit} is of a kind that can not be redacted yet. Withhold it, or remove its marks.").format(
            exhibit=subject.number
        )
    )


def _refuse_narrow(subject: Subject, figures: Sequence[Figure]) -> None:
    narrow = [one for one in figures if measuring.gives_away(one)]
    if narrow:
        raise Refused(
            tr(
                "The gaps of {marks} in {exhibit} are as wide as the names in them, and give them away: too few other "
                "names fit. Mark them again without “--no-widen”, or say why they may stay so."
            ).format(marks=", ".join(dict.fromkeys(one.mark_id for one in narrow)), exhibit=subject.number)
        )


def burnable(subject: Subject) -> bool:
    """Whether mode D can render this kind: whatever can be shown as pages."""
    return subject.object is not None and subject.previewable


def areas_of(plan: Plan, labels: Mapping[str, str]) -> tuple[requests.Mark, ...]:
    """The boxes as the worker takes them; a mark's label stands on its first box."""
    return tuple(
        requests.Mark(mark.page, box.x0, box.y0, box.x1, box.y1, "" if number else labels.get(mark.label, mark.label))
        for mark in plan.marks
        for number, box in enumerate(mark.boxes)
    )


def sha256(data: bytes) -> bytes:
    """SHA-256 of bytes in memory."""
    return hashlib.sha256(data).digest()
