"""One act on one evidence item, or on every one of a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from evidencevault.casework.filing import normal
from evidencevault.cli.face import face_of, say
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Cancelled, UsageError, VaultError
from evidencevault.progress import Progress
from evidencevault.redaction import subjects
from evidencevault.resources import tr
from evidencevault.session import Session

Number = Annotated[str | None, typer.Argument(metavar="E001", help="The evidence item, or --all.")]
Every = Annotated[bool, typer.Option("--all", help="Every evidence item of the case.")]
Purpose = Annotated[str | None, typer.Option(help="Why you open it; restricted items need one.")]
Act = Callable[[CaseFile, str, Session, Progress], tuple[dict[str, object], str]]


def each(ctx: typer.Context, reference: str, number: str | None, every: bool, act: Act) -> None:
    """Do one thing to one item, or to all: what fails is named, the rest goes on, and the worst exit code stands."""
    face = face_of(ctx)
    if (number is None) != every:
        raise UsageError(tr("Name an evidence item such as E001, or give --all."))
    with face.session() as session, face.working(tr("Redacting")) as progress:
        case = session.case(reference)
        if number is not None:
            document, line = act(case, normal(number), session, progress)
            face.show({"case": case.reference, **document}, line)
            return
        done, lines, code = [], [], 0
        for one in subjects.subjects(case):
            if one.object is None:
                continue
            try:
                document, line = act(case, one.number, session, progress)
            except Cancelled:
                raise
            except VaultError as error:
                document, line = {"exhibit": one.number, "error": error.sentence}, f"{one.number}: {error.sentence}"
                code = max(code, error.exit_code)
            done.append(document)
            lines.append(line)
        face.show({"case": case.reference, "exhibits": done}, *lines)
    if code:
        say(tr("Not all of it could be done; what is above says which."))
        raise typer.Exit(code)
