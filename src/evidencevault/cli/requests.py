"""``request …``: requests of persons for their personal data, and their answers."""

from __future__ import annotations

from typing import Annotated

import typer

from evidencevault.casework import requests
from evidencevault.casework.requests import Request
from evidencevault.cli.cases import Reference
from evidencevault.cli.face import face_of
from evidencevault.cli.forms import (
    FileOption,
    OptionalReference,
    TemplateOption,
    form,
    needed,
    show_records,
    wants_template,
)
from evidencevault.resources import tr

request = typer.Typer(help="Requests for access to personal data, due within a month.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(request, name="request")


@request.command("add")
def add(
    ctx: typer.Context, reference: OptionalReference = None, file: FileOption = None, template: TemplateOption = False
) -> None:
    """File a request from its form. Prints its number; an answer is due within a month."""
    if wants_template(template, "request"):
        return
    face, reference, record = face_of(ctx), needed(reference), form(Request, file)
    with face.session() as session:
        case = session.case(reference)
        number = requests.add(case, record)
        face.show({"case": case.reference, "request": number}, number)


@request.command("answer")
def answer(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="Q01")],
    words: Annotated[str, typer.Option(help="What was answered: the bundle (B01), or the refusal with its reason.")],
) -> None:
    """Write down what was answered."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made = requests.answer(case, number, words)
        said = tr("{number} is answered.").format(number=made.number)
        face.show({"case": case.reference, "request": made.number}, said)


@request.command("extend")
def extend(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="Q01")],
    reason: Annotated[str, typer.Option(help="Why two more months are needed; whoever asked is told.")],
) -> None:
    """Take two more months, with the reason (GDPR art. 12(3))."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made = requests.extend(case, number, reason)
        said = tr("{number} has two more months.").format(number=made.number)
        face.show({"case": case.reference, "request": made.number}, said)


@request.command("list")
def list_(ctx: typer.Context, reference: Reference) -> None:
    """The requests of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = requests.list_requests(case)
        columns = ("number", "received_at", "about", "answered_at", "answer")
        show_records(face, case.reference, "requests", found, columns)
