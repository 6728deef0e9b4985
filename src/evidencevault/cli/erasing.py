"""``evidence erase`` and ``hold …``: what is destroyed, and what may not be."""

from __future__ import annotations

from typing import Annotated

import typer

from evidencevault.bundle import notices as telling
from evidencevault.casework.filing import normal
from evidencevault.cli.cases import Reference
from evidencevault.cli.exhibits import Number, evidence
from evidencevault.cli.face import face_of, plain, table
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import UsageError
from evidencevault.evidence import erasure, holds
from evidencevault.evidence.erasure import DONE, Erasure
from evidencevault.evidence.holds import Hold
from evidencevault.resources import tr
from evidencevault.vault import backup_renewal

hold = typer.Typer(help="What may not be erased.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the groups into the program."""
    app.add_typer(hold, name="hold")


@evidence.command("erase")
def erase(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; it enters the chain of custody.")],
    alone: Annotated[str | None, typer.Option(help="Without a second member, and why.", metavar="REASON")] = None,
) -> None:
    """Destroy an evidence item and all that was made from it. Takes two members: each gives this command."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Erasing")) as progress:
        case = session.case(reference)
        one = erasure.erase(case, normal(number), reason, alone, progress)
        notices = telling.notices(case, one.exhibits) if one.state == DONE else []
        agreed = [case.handle(key) for key in one.agreed]
    face.show(
        {
            "case": case.reference,
            "state": one.state,
            "exhibits": list(one.exhibits),
            "agreed": agreed,
            "alone": one.alone or None,
            "copies": backup_renewal.document(one.copies),
            "notices": [{"bundle": each.bundle, "to": each.to, "exhibit": each.exhibit} for each in notices],
        },
        *_said(one, agreed),
        *(
            [
                tr("It left before; whoever received it must be told (art. 19 GDPR):"),
                *table(
                    (tr("Bundle"), tr("To"), tr("Item")), [(each.bundle, each.to, each.exhibit) for each in notices]
                ),
                tr("“bundle notice {case} {bundle} --to FILE” writes the notice.").format(
                    case=case.reference, bundle=notices[0].bundle
                ),
            ]
            if notices
            else []
        ),
    )


def _said(one: Erasure, agreed: list[str]) -> list[str]:
    numbers = ", ".join(one.exhibits)
    if one.state != DONE:
        waiting = tr("Nothing is erased yet: {numbers}. A second member, one of the two an officer, has to agree.")
        return [waiting.format(numbers=numbers), tr("So far: {names}.").format(names=", ".join(agreed))]
    return [
        tr("Erased: {numbers}. The chain of custody says so, and still verifies.").format(numbers=numbers),
        *(plain(each) for each in backup_renewal.sentences(one.copies)),
    ]


@hold.command("place")
def place(
    ctx: typer.Context,
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Why it may not be erased.")],
    number: Annotated[str | None, typer.Argument(metavar="E001", help="One item; without it the whole case.")] = None,
    by_order: Annotated[str, typer.Option("--order", help="Court or authority, and its reference.")] = "",
) -> None:
    """Hold an evidence item or a whole case. Prints the number of the hold."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        one = holds.place(case, normal(number) if number is not None else None, reason, by_order)
    face.show({"case": case.reference, **_document(case, one)}, one.number)


@hold.command("lift")
def lift(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="H01")],
    reason: Annotated[str, typer.Option(help="Why it ends.")],
) -> None:
    """End a hold."""
    face = face_of(ctx)
    if not number.upper().startswith("H"):
        raise UsageError(tr("Holds are numbered H01, H02 and so on."))
    with face.session() as session:
        case = session.case(reference)
        one = holds.lift(case, normal(number), reason)
    face.show({"case": case.reference, **_document(case, one)}, tr("{hold} is lifted.").format(hold=one.number))


@hold.command("list")
def list_holds(ctx: typer.Context, reference: Reference) -> None:
    """The holds of a case, standing and lifted."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = holds.holds(case)
        rows = [
            (one.number, one.exhibit or tr("whole case"), one.at, one.lifted_at or tr("stands"), one.reason)
            for one in found
        ]
        documents = [_document(case, one) for one in found]
    face.show(
        {"case": case.reference, "holds": documents},
        *table((tr("Hold"), tr("On"), tr("Since"), tr("Until"), tr("Reason")), rows),
        *([] if rows else [tr("Nothing of {case} is held.").format(case=case.reference)]),
    )


def _document(case: CaseFile, one: Hold) -> dict[str, object]:
    return {
        "hold": one.number,
        "exhibit": one.exhibit or None,
        "reason": one.reason,
        "order": one.reference or None,
        "by": case.handle(one.by),
        "at": one.at,
        "lifted_at": one.lifted_at or None,
        "lifted_by": case.handle(one.lifted_by) if one.lifted_by else None,
        "lifted_why": one.lifted_why or None,
    }
