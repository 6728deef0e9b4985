"""``redact suggest``, ``accept``, ``refuse``: what was found, and what a member says to it."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from evidencevault.cli.cases import Reference
from evidencevault.cli.each import Every, Number, Purpose, each
from evidencevault.cli.face import table
from evidencevault.cli.redactions import redact
from evidencevault.custody.casefile import CaseFile
from evidencevault.evidence import exhibits, views
from evidencevault.progress import Progress
from evidencevault.redaction import burning, plans, subjects, suggesting
from evidencevault.redaction.marks import REASONS
from evidencevault.redaction.suggesting import Suggestion
from evidencevault.resources import tr
from evidencevault.session import Session

Ids = Annotated[list[str] | None, typer.Option("--id", help="A suggestion by its number; repeatable.", metavar="S")]
Groups = Annotated[
    list[str] | None,
    typer.Option(help="All of a group (“person:Child A”, “pattern:email”) or of a kind (“person”); repeatable."),
]
Faces = Annotated[bool, typer.Option("--faces", help="What may be faces, too.")]
Undecided = Annotated[bool, typer.Option("--every", help="All that are not decided yet.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the group ``redact``."""
    for command in (suggest, accept, refuse):
        redact.command()(command)


def _found(case: CaseFile, exhibit: str, session: Session, progress: Progress, faces: bool) -> list[Suggestion]:
    subject, workers = subjects.subject(case, exhibit), session.workers_for(case)
    finder = burning.finder(case, workers, subject, progress)
    seen = suggesting.faces(case, workers, subject) if faces else ()
    return suggesting.suggestions(case, finder, plans.opened(plans.stored(case, exhibit), subject), seen)


def _document(one: Suggestion) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.place.kind,
        "what": one.place.what,
        "group": one.group,
        "reason": one.reason,
        "state": one.state,
        **dataclasses.asdict(one.found),
    }


def suggest(
    ctx: typer.Context,
    reference: Reference,
    number: Number = None,
    faces: Faces = False,
    purpose: Purpose = None,
    every: Every = False,
) -> None:
    """Where persons of the case and patterns stand. Nothing is marked by it."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        one = exhibits.get(case, exhibit)
        views.enter(case, [exhibit], purpose=views.allow(one, purpose), how="suggest")
        found = _found(case, exhibit, session, progress, faces)
        rows = table(
            ("Suggestion", "Group", "Page", "State"), [(one.id, one.group, one.found.page, one.state) for one in found]
        )
        fresh = sum(one.state == suggesting.NEW for one in found)
        said = tr("{exhibit}: {n} suggestions, {new} not decided.").format(exhibit=exhibit, n=len(found), new=fresh)
        return {"exhibit": exhibit, "suggestions": [_document(one) for one in found]}, "\n".join([said, *rows])

    each(ctx, reference, number, every, act)


def accept(
    ctx: typer.Context,
    reference: Reference,
    number: Number = None,
    ids: Ids = None,
    group: Groups = None,
    undecided: Undecided = False,
    faces: Faces = False,
    reason: Annotated[str, typer.Option(help="Why, where not what the group says: " + ", ".join(REASONS))] = "",
    every: Every = False,
) -> None:
    """Take suggestions over as marks. The plan is a draft again."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        found = _found(case, exhibit, session, progress, faces)
        chosen = suggesting.choose(found, ids or (), group or (), undecided, not every)
        made = suggesting.accept(case, exhibit, chosen, reason)
        said = tr("{exhibit}: {n} new marks.").format(exhibit=exhibit, n=len(made))
        return {"exhibit": exhibit, "marks": [dataclasses.asdict(one) for one in made]}, said

    each(ctx, reference, number, every, act)


def refuse(
    ctx: typer.Context,
    reference: Reference,
    number: Number = None,
    ids: Ids = None,
    group: Groups = None,
    undecided: Undecided = False,
    faces: Faces = False,
    every: Every = False,
) -> None:
    """Leave the places of suggestions open, on purpose. The plan is a draft again."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        found = _found(case, exhibit, session, progress, faces)
        left = suggesting.refuse(case, exhibit, suggesting.choose(found, ids or (), group or (), undecided, not every))
        said = tr("{exhibit}: {n} places are left open on purpose.").format(exhibit=exhibit, n=len(left))
        return {"exhibit": exhibit, "open": [dataclasses.asdict(one) for one in left]}, said

    each(ctx, reference, number, every, act)
