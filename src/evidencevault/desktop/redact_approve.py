"""What is done in the lanes around approval: measuring widths, making the copy to look at, and approving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidencevault.desktop import redact_words
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.jobs import Done, Failed, Job
from evidencevault.desktop.pages import About, Ask, image
from evidencevault.desktop.redact_rows import PlanView, plan_view
from evidencevault.documents.requests import Bytes
from evidencevault.errors import Refused
from evidencevault.evidence import exhibits, views
from evidencevault.redaction import approving, burning, measuring, plans, subjects
from evidencevault.redaction.approvals import Approval
from evidencevault.redaction.burning import DPI, RASTER, SEARCHABLE, STRUCTURAL, Making
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.gaps import Figure
from evidencevault.resources import tr

METHODS = (RASTER, SEARCHABLE, STRUCTURAL)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a plan is approved: method of :data:`METHODS`, and reasons where they are needed."""

    method: str = RASTER
    alone: str = ""
    narrow: str = ""

    @property
    def making(self) -> Making:
        """As the service takes it."""
        return Making(STRUCTURAL if self.method == STRUCTURAL else RASTER, searchable=self.method == SEARCHABLE)


@dataclass(frozen=True, slots=True)
class Copy:
    """A redacted copy to look at: the PDF in memory, its pages, and what the attack on it said."""

    data: bytes
    pages: int
    told: str


@dataclass(frozen=True, slots=True)
class Approved:
    """The plan after its approval, and what to say of it."""

    view: PlanView
    told: str


def method(code: str) -> str:
    """How a copy is made, in words."""
    return {
        RASTER: tr("Pictures of the pages (safest)"),
        SEARCHABLE: tr("Pictures, with text to search in"),
        STRUCTURAL: tr("Real text where every check allows it"),
    }[code]


def measure(number: str, finder: Finder) -> Callable[[Opened], tuple[Figure, ...]]:
    """How many names fit the boxes of persons that are just as wide as the name."""

    def work(opened: Opened) -> tuple[Figure, ...]:
        shown, subject = plans.show(opened.case, number), subjects.subject(opened.case, number)
        marks = shown.plan.marks if shown is not None else ()
        return measuring.measure(opened.case, opened.workers, subject, marks, finder, DPI)

    return work


def copy_of(number: str, purpose: str | None, narrow: str) -> Callable[[Opened], Copy]:
    """The copy as it would leave, or as it was approved; the view is entered first.

    Raises Refused where there is no plan, or the attack finds something; DocumentFailed, Cancelled.
    """

    def work(opened: Opened) -> Copy:
        case = opened.case
        shown = plans.show(case, number)
        if shown is None:
            raise Refused(tr("Nothing is marked yet, so there is no redacted copy to look at."))
        views.enter(case, [number], purpose=views.allow(exhibits.get(case, number), purpose), how="redaction-preview")
        approval = shown.approval
        if approval is not None and approval.burnt is not None:
            with case.open_object(approval.burnt) as reader:
                data = b"".join(reader.stream())
            return Copy(data, approval.pages, redact_words.checked(approval.report, approval.pages))
        subject = subjects.subject(case, number)
        burnt = burning.burn(case, opened.workers, subject, shown.plan, opened.progress, narrow=narrow or _ONLY_SEEN)
        if burnt is None or not burnt.pages:
            raise Refused(tr("This item cannot be shown redacted; a slip sheet takes its place in a bundle."))
        return Copy(burnt.data, burnt.pages, redact_words.checked(burnt.to_report(), burnt.pages))

    return work


_ONLY_SEEN = "only looked at"
"""Narrow gaps are refused where the copy is signed; whoever looks at it before should see them."""


def approve(number: str, asked: Asked) -> Callable[[Opened], Approved]:
    """Make the copy, attack it, sign it. Raises NotPermitted, Refused, DocumentFailed, Cancelled."""

    def work(opened: Opened) -> Approved:
        done = approving.approve(
            opened.case,
            opened.workers,
            number,
            asked.alone or None,
            opened.progress,
            asked.making,
            asked.narrow or None,
        )
        return Approved(plan_view(opened.case, number), _told(done))

    return work


def _told(done: Approval) -> str:
    if done.burnt is None:
        return tr("Approved. This item has no pages to redact; a slip sheet takes its place.")
    return tr("Approved. {checked}").format(checked=redact_words.checked(done.report, done.pages))


def of_copy(desk: Desk, data: bytes) -> Ask:
    """Pages of a redacted copy in memory; the view was entered when it was made."""

    def ask(about: About, page: int, width: int, done: Done, failed: Failed) -> Job:
        def work(opened: Opened) -> object:
            return image(opened.workers.render("copy.pdf", Bytes(data), page, width))

        return desk.read(about[0], work, done, failed)

    return ask
