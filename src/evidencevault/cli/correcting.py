"""``evidence correct``: other facts of an evidence item, with their reason; what was recorded before stays."""

from __future__ import annotations

from typing import Annotated

import typer

from evidencevault.bundle import notices as telling
from evidencevault.cli.cases import Reference
from evidencevault.cli.documents import exhibit_document
from evidencevault.cli.exhibits import Number, evidence
from evidencevault.cli.face import face_of, plain, table
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import CUSTODY
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the command into the group ``evidence``."""
    evidence.command("correct")(correct)


def correct(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; it enters the chain of custody.")],
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    source: Annotated[str | None, typer.Option(help="From whom it comes.")] = None,
    acquired_at: Annotated[str | None, typer.Option(help="When (2026-03-01, or with a time).")] = None,
    acquired_by: Annotated[str | None, typer.Option(help="Who took it over.")] = None,
    place: Annotated[str | None, typer.Option(help="Where.")] = None,
    condition: Annotated[str | None, typer.Option(help="In what condition.")] = None,
    custody_before: Annotated[str | None, typer.Option(help=" / ".join(CUSTODY))] = None,
    custody_known: Annotated[str | None, typer.Option(help="What is known of where it was.")] = None,
    restricted: Annotated[
        str | None, typer.Option(help="Why it is shown only for a purpose.", metavar="REASON")
    ] = None,
    privileged: Annotated[str | None, typer.Option(help="Legal privilege, and its basis.", metavar="BASIS")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="All of its tags; repeatable.")] = None,
    notes: Annotated[str | None, typer.Option(help="Anything else.")] = None,
) -> None:
    """Correct what is recorded of an evidence item. An empty text takes a fact away. The old revision stays."""
    texts = {
        "name": name,
        "source": source,
        "acquired_at": acquired_at,
        "acquired_by": acquired_by,
        "place": place,
        "condition": condition,
        "custody_before": custody_before,
        "custody_known": custody_known,
        "restricted": restricted,
        "privileged": privileged,
        "notes": notes,
    }
    changes: dict[str, str | tuple[str, ...] | None] = {
        key: value.strip() or None for key, value in texts.items() if value is not None
    }
    if tag is not None:
        changes["tags"] = tuple(one for one in tag if one.strip())
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made = exhibits.amend(case, number, reason=reason, **changes)
        due = [one for one in telling.notices(case, [made.number]) if one.what == telling.CORRECTED]
    rows = [(one.bundle, plain(one.to), ", ".join(telling.words(one.fields))) for one in due]
    told = tr("It left before; whoever received it must be told (art. 19 GDPR):")
    face.show(
        {
            "case": case.reference,
            **exhibit_document(made),
            "notices": [{"bundle": one.bundle, "to": one.to, "fields": list(one.fields)} for one in due],
        },
        tr("{number} is corrected.").format(number=made.number),
        *([told, *table((tr("Bundle"), tr("To"), tr("What")), rows)] if due else []),
    )
