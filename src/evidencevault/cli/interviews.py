"""``interview …``: planned, drafted while listening, signed, corrected beside, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from evidencevault.casework import forms, interviews, people
from evidencevault.casework.interviews import Correction, Interview, Signature
from evidencevault.cli import interviewtold
from evidencevault.cli.cases import Reference
from evidencevault.cli.face import face_of
from evidencevault.cli.forms import (
    FileOption,
    OptionalReference,
    TemplateOption,
    body,
    form,
    from_options,
    needed,
    wants_template,
)
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import NotFound
from evidencevault.resources import tr

interview = typer.Typer(help="Conversations in exact words.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="I01", help="The interview.")]


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(interview, name="interview")


@interview.command("plan")
def interview_plan(
    ctx: typer.Context,
    reference: Reference,
    person: Annotated[str, typer.Option("--with", help="Whom: the label or name of a person of the case.")],
) -> None:
    """What to know before interviewing somebody: earlier interviews in this case, and what the person needs."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        before = interviews.earlier(case, person)
        who = people.find(case, people.resolve(case, person))
        face.show(
            {
                "case": case.reference,
                "with": who.label,
                "prior_interviews": len(before),
                "reason_required": bool(before),
                "language": who.person.language,
                "needs": body(who.person.needs) if who.person.needs else None,
                "interviews": [_document(one) for one in before],
            },
            *interviewtold.plan(who, before),
        )


@interview.command("add")
def interview_add(
    ctx: typer.Context, reference: OptionalReference = None, file: FileOption = None, template: TemplateOption = False
) -> None:
    """File the draft of an interview from its form; lines may follow later. Prints its number."""
    if wants_template(template, "interview"):
        return
    face, reference, record = face_of(ctx), needed(reference), form(Interview, file, interviews.faults)
    with face.session() as session:
        case = session.case(reference)
        number = interviews.add(case, record)
        face.show({"case": case.reference, "interview": number}, number)


@interview.command("edit")
def interview_edit(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    file: FileOption = None,
    template: Annotated[bool, typer.Option("--template", help="Print the draft as a form to change, and end.")] = False,
) -> None:
    """Change a draft: the form replaces it, and every revision is kept. What is signed is corrected instead."""
    face = face_of(ctx)
    record = None if template else form(Interview, file, interviews.faults)
    with face.session() as session:
        case = session.case(reference)
        if record is None:
            print(forms.to_toml(interviews.as_form(interviews.draft(case, number))), end="")
            return
        made = interviews.edit(case, number, record)
        face.show(
            {"case": case.reference, "interview": made.number, "state": made.state, "lines": len(made.lines)},
            tr("{number} is saved as a draft.").format(number=made.number),
        )


@interview.command("sign")
def interview_sign(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    paper: Annotated[
        list[str] | None, typer.Option("--paper", help="Who of those present signed on paper; repeatable.")
    ] = None,
) -> None:
    """Sign an interview that you led. From then on it can only be corrected beside its lines."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made = interviews.sign(case, number, [Signature(who=who, how="paper") for who in paper or ()])
        face.show(
            {
                "case": case.reference,
                "interview": made.number,
                **{key: body(made)[key] for key in ("signed_by", "signed_at", "signed_digest")},
            },
            tr("{number} is signed. From now on it can only be corrected beside its lines.").format(number=made.number),
            f"SHA-256 {made.signed_digest}",
        )


@interview.command("correct")
def interview_correct(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    words: Annotated[str, typer.Option(help="The correction in exact words.")],
    line: Annotated[int | None, typer.Option(help="Which line it is about, counted from 1.")] = None,
    by: Annotated[str | None, typer.Option(help="Who corrects (you, if left out).")] = None,
    at: Annotated[str | None, typer.Option(help="When (now, if left out).")] = None,
) -> None:
    """Write a correction beside what was said; the lines stay as they were written."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        values = {"words": words, "line": line, "by": by or case.member.name, "at": at or case.now()}
        made = interviews.correct(case, number, from_options(Correction, values))
        face.show(
            {"case": case.reference, "interview": made.number, "corrections": len(made.corrections)},
            tr("{number}: the correction stands beside what was written.").format(number=made.number),
        )


@interview.command("list")
def interview_list(ctx: typer.Context, reference: Reference) -> None:
    """The interviews of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = interviews.list_interviews(case)
        face.show(
            {"case": case.reference, "interviews": [_document(one) for one in found]},
            *interviewtold.listed(found),
            *([] if found else [tr("There are none in {case}.").format(case=case.reference)]),
        )


@interview.command("show")
def interview_show(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    revision: Annotated[int | None, typer.Option(help="An earlier revision, counted from 1.", min=1)] = None,
) -> None:
    """One interview to read: the dialogue with its corrections, and how the questions were asked."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        record = interviews.get(case, number) if revision is None else _revision(case, number, revision)
        signed = interviews.signature(case, number)
        document = {**_document(record), "signature": asdict(signed) if signed else None}
        face.show({"case": case.reference, **document}, *interviewtold.whole(record, signed, revision))


@interview.command("history")
def interview_history(ctx: typer.Context, reference: Reference, number: Number) -> None:
    """Every revision of an interview: what happened, when, and who wrote it."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = interviews.revisions(case, number)
        rows: list[Mapping[str, object]] = [
            {"revision": one.revision, "what": one.what, "at": one.at, "by": one.by, "record": _document(one.record)}
            for one in found
        ]
        document = {"case": case.reference, "interview": found[-1].record.number, "revisions": rows}
        face.show(document, *interviewtold.revisions(found))


def _revision(case: CaseFile, number: str, revision: int) -> Interview:
    found = interviews.history(case, number)
    if revision > len(found):
        raise NotFound(tr("{number} has {n} revisions.").format(number=found[-1].record.number, n=len(found)))
    return found[revision - 1].record


def _document(one: Interview) -> dict[str, object]:
    return {**body(one), "state": one.state, "statistics": interviewtold.statistics(one)}
