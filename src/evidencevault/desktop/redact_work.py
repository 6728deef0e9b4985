"""What the redaction screen has done in the lanes: each act calls one service and brings the plan as it then is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evidencevault.desktop.desk import Opened
from evidencevault.desktop.redact_rows import PlanView, plan_view
from evidencevault.documents.workers import faces_available
from evidencevault.errors import Refused
from evidencevault.evidence import recognition
from evidencevault.redaction import burning, marking, plans, subjects, suggesting
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.suggesting import Suggestion
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Ready:
    """The pages of an exhibit, ready to be marked.

    ``languages`` is what text recognition would be asked for ("": none is installed here), ``faces`` whether faces can
    be looked for.
    """

    finder: Finder
    languages: str
    faces: bool

    @property
    def sizes(self) -> tuple[tuple[float, float], ...]:
        """Width and height of each page in points."""
        return tuple((page.width, page.height) for page in self.finder.sheets)


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of an act: the plan as it is now, and what was done in a few words ("": nothing)."""

    view: PlanView
    told: str


Act = Callable[[Opened], Changed]


def ready(opened: Opened, number: str) -> Ready:
    """Read the pages; what stands in pixels only where it was recognised before. The view is entered first."""
    subject = subjects.subject(opened.case, number)
    finder = burning.finder(opened.case, opened.workers, subject, opened.progress, recognise=False)
    return Ready(finder, opened.workers.languages(opened.case.country), faces_available())


def recognise(number: str, before: Ready) -> Callable[[Opened], Ready]:
    """Read what stands in pixels, and give the pages anew."""

    def work(opened: Opened) -> Ready:
        pages = before.finder.unread
        recognition.recognise(opened.case, opened.workers, number, pages, before.languages, opened.progress)
        return ready(opened, number)

    return work


def mark(number: str, wanted: Wanted, reason: str, finder: Finder | None) -> Act:
    """Mark what is wanted."""

    def work(opened: Opened) -> Changed:
        made = marking.mark(opened.case, opened.workers, number, wanted, reason, opened.progress, finder)
        pages = sorted({one.page for one in made})
        if not made:
            nothing = tr("Nothing new was found to mark: it stands nowhere, or is marked already.")
            raise Refused(nothing)
        if len(pages) == 1:
            told = tr("Marked on page {page}: {n}").format(page=pages[0], n=len(made))
        else:
            told = tr("Marked on {pages} pages: {n}").format(pages=len(pages), n=len(made))
        return Changed(plan_view(opened.case, number), told)

    return work


def remove(number: str, mark_id: str, page: int) -> Act:
    """Take one mark away."""

    def work(opened: Opened) -> Changed:
        plans.remove(opened.case, number, mark_id)
        return Changed(plan_view(opened.case, number), tr("Mark on page {page} removed").format(page=page))

    return work


def give_reason(number: str, mark_id: str, reason: str, page: int) -> Act:
    """Another reason for a mark."""

    def work(opened: Opened) -> Changed:
        plans.give_reason(opened.case, number, mark_id, reason)
        told = tr("Another reason for the mark on page {page}").format(page=page)
        return Changed(plan_view(opened.case, number), told)

    return work


def accept(number: str, chosen: Sequence[Suggestion]) -> Act:
    """Take suggestions over."""

    def work(opened: Opened) -> Changed:
        made = suggesting.accept(opened.case, number, chosen)
        return Changed(plan_view(opened.case, number), tr("Suggestions taken over: {n}").format(n=len(made)))

    return work


def refuse(number: str, chosen: Sequence[Suggestion]) -> Act:
    """Leave the places of suggestions open on purpose."""

    def work(opened: Opened) -> Changed:
        left = suggesting.refuse(opened.case, number, chosen)
        return Changed(plan_view(opened.case, number), tr("Left open on purpose: {n}").format(n=len(left)))

    return work


def nothing_to_hide(number: str) -> Act:
    """Say so."""

    def work(opened: Opened) -> Changed:
        plans.none(opened.case, number)
        return Changed(plan_view(opened.case, number), tr("Reviewed, nothing to hide"))

    return work


def send(number: str) -> Act:
    """Let it wait for approval."""

    def work(opened: Opened) -> Changed:
        plans.send(opened.case, number)
        view = plan_view(opened.case, number)
        who = ", ".join(view.approvers) or tr("nobody else of this case")
        return Changed(view, tr("Sent for approval. Who may approve: {names}").format(names=who))

    return work


def undo(number: str, revision: int = 0) -> Act:
    """Take the last change back; with a revision only where that is still the last one."""

    def work(opened: Opened) -> Changed:
        if revision and plans.need(opened.case, number).revision != revision:
            raise Refused(tr("The plan was changed since, so nothing was taken back. “Undo” above the page goes on."))
        plans.undo(opened.case, number)
        return Changed(plan_view(opened.case, number), tr("Last change taken back"))

    return work


def redo(number: str) -> Act:
    """Take up again what was undone."""

    def work(opened: Opened) -> Changed:
        plans.redo(opened.case, number)
        return Changed(plan_view(opened.case, number), tr("Change made again"))

    return work
