"""``case wall`` and ``case unwall``: who is kept out of a case for a conflict of interest, and how that ends."""

from __future__ import annotations

from typing import Annotated

import typer

from evidencevault.cli.cases import Reference, case, excluded_said
from evidencevault.cli.face import face_of, plain
from evidencevault.custody import walls
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the commands into the group of cases."""
    case.command("wall")(wall)
    case.command("unwall")(unwall)


def wall(ctx: typer.Context, reference: Reference, name: str) -> None:
    """Keep a user and their line manager out of a case: a conflict of interest."""
    face = face_of(ctx)
    with face.session() as session:
        ledger = session.ledger(reference)
        raised = [one.member for one in walls.wall(ledger, name)]
        face.show({"case": ledger.reference, "excluded": raised}, excluded_said(ledger.reference, raised))


def unwall(
    ctx: typer.Context,
    reference: Reference,
    name: str,
    reason: Annotated[str, typer.Option(help="Why; the chain of custody keeps it, and oversight reads it.")],
) -> None:
    """Propose to end a user's exclusion, or confirm what another holder of the case proposed."""
    face = face_of(ctx)
    with face.session() as session:
        ledger = session.ledger(reference)
        done = walls.unwall(ledger, name, reason)
        still = [one.member for one in ledger.state.walled.values() if done and one.manages == name]
        said = (
            tr("{name} is not excluded from {case} any more, and can be given access.")
            if done
            else tr("Proposed: {name} is excluded from {case} no more. Another who holds it confirms by the same call.")
        )
        lines = [said.format(name=plain(name), case=ledger.reference)]
        if still:
            more = tr("Still excluded as their line manager: {names}.")
            lines.append(more.format(names=plain(", ".join(still))))
        face.show({"case": ledger.reference, "member": name, "in_effect": done, "still_excluded": still}, *lines)
