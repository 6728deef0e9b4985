"""What is done about it: ``action`` and ``recommendation``, ended with proof or with a signed refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evidencevault.casework import actions, importing
from evidencevault.cli.cases import Reference
from evidencevault.cli.face import face_of
from evidencevault.cli.forms import (
    FileOption,
    OptionalReference,
    TemplateOption,
    body,
    form,
    needed,
    show_records,
    wants_template,
)
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused as RefusedError
from evidencevault.resources import tr

action = typer.Typer(help="What must be done.", no_args_is_help=True)
recommendation = typer.Typer(help="What other bodies recommend.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the groups into the program."""
    app.add_typer(action, name="action")
    app.add_typer(recommendation, name="recommendation")


Proof = Annotated[list[str] | None, typer.Option(help="What proves it (E001); repeatable.")]
Refused = Annotated[str | None, typer.Option("--refused", help="Why it is not done.")]
SignedBy = Annotated[str | None, typer.Option(help="Who signs for the refusal (you, if left out).")]


@action.command("add")
def action_add(
    ctx: typer.Context, reference: OptionalReference = None, file: FileOption = None, template: TemplateOption = False
) -> None:
    """File an action from its form. Prints its number."""
    if wants_template(template, "action"):
        return
    face, reference, record = face_of(ctx), needed(reference), form(actions.Action, file)
    with face.session() as session:
        case = session.case(reference)
        number = actions.add(case, record)
        face.show({"case": case.reference, "action": number}, number)


@recommendation.command("add")
def recommendation_add(
    ctx: typer.Context, reference: OptionalReference = None, file: FileOption = None, template: TemplateOption = False
) -> None:
    """File a recommendation from its form. Prints its number."""
    if wants_template(template, "recommendation"):
        return
    face, reference, record = face_of(ctx), needed(reference), form(actions.Recommendation, file)
    with face.session() as session:
        case = session.case(reference)
        number = actions.add_recommendation(case, record)
        face.show({"case": case.reference, "recommendation": number}, number)


@recommendation.command("import")
def recommendation_import(
    ctx: typer.Context,
    reference: Reference,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSON: " + ", ".join(importing.COLUMNS))],
    body_: Annotated[str, typer.Option("--from", help="The body that recommends, where a row names none.")] = "",
    document: Annotated[str, typer.Option(help="The exhibit in which they stand (E001).")] = "",
) -> None:
    """Take in a list of recommendations, all or none; each is tracked until there is proof or a signed refusal."""
    face = face_of(ctx)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RefusedError(tr("{file} cannot be read: {why}.").format(file=file, why=error.strerror)) from error
    found = importing.recommendations(data, body_, document)
    with face.session() as session:
        case = session.case(reference)
        numbers = actions.add_recommendations(case, found)
        said = tr("{count} recommendations are in: {first} to {last}.")
        face.show(
            {"case": case.reference, "recommendations": numbers},
            said.format(count=len(numbers), first=numbers[0], last=numbers[-1]),
        )


def _refusal(case: CaseFile, refused: str | None, signed_by: str | None) -> actions.Refusal | None:
    return None if refused is None else actions.Refusal(reason=refused, signed_by=signed_by or case.member.name)


@action.command("done")
def action_done(
    ctx: typer.Context, reference: Reference, number: str, proof: Proof = None, refused: Refused = None,
    signed_by: SignedBy = None,
) -> None:  # fmt: skip
    """End an action: with proof, or with a signed refusal."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made = actions.done(case, number, proof=proof or (), refused=_refusal(case, refused, signed_by))
        face.show(
            {"case": case.reference, "action": made.number, **body(made)},
            tr("{number} has ended.").format(number=made.number),
        )


@recommendation.command("done")
def recommendation_done(
    ctx: typer.Context, reference: Reference, number: str, proof: Proof = None, refused: Refused = None,
    signed_by: SignedBy = None,
) -> None:  # fmt: skip
    """End a recommendation: with proof, or with a signed refusal."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made = actions.done_recommendation(case, number, proof=proof or (), refused=_refusal(case, refused, signed_by))
        said = tr("{number} has ended.").format(number=made.number)
        face.show({"case": case.reference, "recommendation": made.number, **body(made)}, said)


@action.command("list")
def action_list(ctx: typer.Context, reference: Reference) -> None:
    """The actions of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        until = {number: at.isoformat(timespec="minutes") for number, at in actions.deadlines(case).items()}
        columns = ("number", "due", "due_at", "owner", "what", "done_at")
        show_records(face, case.reference, "actions", actions.list_actions(case), columns, until)


@recommendation.command("list")
def recommendation_list(ctx: typer.Context, reference: Reference) -> None:
    """The recommendations of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = actions.list_recommendations(case)
        show_records(face, case.reference, "recommendations", found, ("number", "due", "from", "words", "done_at"))
