"""``redact hidden``: everything that the pages of an evidence item do not show, by kind."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Annotated

import typer

from evidencevault.casework.filing import normal
from evidencevault.cli.cases import Reference
from evidencevault.cli.each import Purpose
from evidencevault.cli.face import face_of, table
from evidencevault.cli.redactions import redact
from evidencevault.documents.requests import HiddenItem
from evidencevault.documents.sentences import unseen as called
from evidencevault.redaction.unseen import unseen
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the command into the group ``redact``."""
    redact.command("hidden")(hidden)


def hidden(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="E001", help="The evidence item.")],
    purpose: Purpose = None,
) -> None:
    """List what the pages of an evidence item do not show. It is a view, and entered as one."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Looking for what is hidden")):
        case = session.case(reference)
        exhibit = normal(number)
        items = unseen(case, session.workers_for(case), exhibit, purpose)
        document = {
            "case": case.reference,
            "exhibit": exhibit,
            "items": [dataclasses.asdict(one) for one in items],
        }
        face.show(document, *_lines(exhibit, items))


def _lines(exhibit: str, items: Sequence[HiddenItem]) -> list[str]:
    """A line of how many there are, then a table, the same kinds together in the order they were met."""
    if not items:
        return [tr("{exhibit}: nothing was found that its pages do not show.").format(exhibit=exhibit)]
    said = tr("{exhibit}: {n} things that its pages do not show.").format(exhibit=exhibit, n=len(items))
    order = {kind: place for place, kind in enumerate(dict.fromkeys(one.kind for one in items))}
    rows, last = [], ""
    for one in sorted(items, key=lambda one: (order[one.kind], one.page)):
        rows.append(("" if one.kind == last else called(one.kind) or one.kind, one.page or "", one.text))
        last = one.kind
    return [said, *table((tr("Kind"), tr("Page"), tr("Text")), rows)]
