"""``retention``: which closed cases have been kept long enough, by the policy."""

from __future__ import annotations

import typer

from evidencevault.cli.face import face_of, table
from evidencevault.evidence import retention as keeping
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the command into the program."""
    app.command("retention")(retention)


def retention(ctx: typer.Context) -> None:
    """Until when the policy keeps each closed case. It proposes: erasing is an act of two people, item by item."""
    face = face_of(ctx)
    with face.session() as session:
        now, found = session.office.clock(), keeping.kept(session.cases())
    rows = [
        {
            "case": one.case,
            "closed": one.closed.isoformat(timespec="minutes"),
            "until": one.until.date().isoformat() if one.until else None,
            "category": one.category or None,
            "clause": one.clause or None,
            "held": list(one.held),
            "exhibits": one.exhibits,
            "proposed": one.proposed(now),
        }
        for one in found
    ]
    said = [
        tr("held: {holds}").format(holds=", ".join(one.held))
        if one.held
        else tr("can be erased")
        if one.proposed(now)
        else ""
        if one.until
        else tr("the policy says nothing of it")
        for one in found
    ]
    head = (tr("Case"), tr("Closed"), tr("Kept until"), tr("Evidence"), tr("By"), "")
    face.show(
        {"retention": rows},
        *table(
            head,
            [
                (row["case"], str(row["closed"])[:10], row["until"] or "-", row["exhibits"], row["clause"], state)
                for row, state in zip(rows, said, strict=True)
            ],
        ),
        *([] if rows else [tr("No case that you can read is closed.")]),
    )
