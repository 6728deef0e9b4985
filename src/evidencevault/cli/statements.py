"""What people say: ``person``, ``concern``."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from evidencevault.casework import concerns, conflicts, hearing, people
from evidencevault.casework.cases import Case, Safety
from evidencevault.cli.cases import Exclude, Reference, case_values, excluded_said
from evidencevault.cli.face import face_of, plain, say
from evidencevault.cli.forms import (
    FileOption,
    OptionalReference,
    TemplateOption,
    form,
    from_options,
    needed,
    show_record,
    show_records,
    wants_template,
)
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import UsageError
from evidencevault.forms.writing import to_toml
from evidencevault.resources import tr

person = typer.Typer(help="The persons of a case.", no_args_is_help=True)
concern = typer.Typer(help="What was voiced, and the answers.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the groups into the program."""
    app.add_typer(person, name="person")
    app.add_typer(concern, name="concern")


# --- persons


@person.command("add")
def person_add(
    ctx: typer.Context,
    reference: OptionalReference = None,
    role: Annotated[str | None, typer.Option(help=", ".join(people.ROLES))] = None,
    name: Annotated[list[str] | None, typer.Option(help="The usual name first; repeatable.")] = None,
    alias: Annotated[list[str] | None, typer.Option(help="Another name or spelling; repeatable.")] = None,
    born: Annotated[str | None, typer.Option(help="2014-03-09, 2014-03 or 2014.")] = None,
    language: Annotated[str, typer.Option(help="What they speak best.")] = "",
    label: Annotated[str, typer.Option(help="What they are called in what leaves the house.")] = "",
    linked_member: Annotated[str, typer.Option(help="The user of this vault who is this person.")] = "",
    conflict: Annotated[
        bool, typer.Option("--conflict", help="They have a conflict of interest; a linked user is excluded.")
    ] = False,
    file: FileOption = None,
    template: TemplateOption = False,
) -> None:
    """Add a person. Prints the label, such as “Child A”."""
    if wants_template(template, "person"):
        return
    face, reference = face_of(ctx), needed(reference)
    if file is not None:
        record = form(people.Person, file)
    else:
        given = {"role": role, "names": name, "aliases": alias, "born": born, "language": language, "label": label}
        values = {**given, "linked_member": linked_member, "conflict": conflict or None}
        record = from_options(people.Person, values)
    with face.session() as session:
        case = session.case(reference)
        made = people.add(case, record)
        alike = conflicts.namesakes(session.office, made.person)
        document = {"case": case.reference, "label": made.label, "excluded": list(made.excluded), "namesakes": alike}
        face.show(document, made.label)
        _say_conflicts(case, made, alike)


def _say_conflicts(case: CaseFile, made: people.Labelled, alike: list[str]) -> None:
    if made.excluded:
        say(excluded_said(case.reference, made.excluded))
    for name in alike:
        hint = tr("A user of this vault is called “{name}”. If it is the same person, “{command}” links them.")
        command = f'person edit {case.reference} "{made.label}" --linked-member "{name}"'
        say(hint.format(name=plain(name), command=plain(command)))


@person.command("edit")
def person_edit(
    ctx: typer.Context,
    reference: Reference,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="Such as “Child A”.")],
    file: FileOption = None,
    role: Annotated[str | None, typer.Option(help=", ".join(people.ROLES))] = None,
    linked_member: Annotated[str | None, typer.Option(help="The user of this vault who is this person.")] = None,
    conflict: Annotated[bool, typer.Option("--conflict", help="They have a conflict of interest.")] = False,
) -> None:
    """Correct a person. Without any option the form is printed, to be edited."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        before = people.find(case, label).person
        given = {"role": role, "linked_member": linked_member, "conflict": conflict or None}
        changed: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        if file is None and not changed:
            typer.echo(to_toml(before), nl=False)
            return
        record = form(people.Person, file) if file is not None else before
        made = people.correct(case, label, replace(record, **changed))
        alike = conflicts.namesakes(session.office, made.person)
        said = tr("{label} is corrected; what was said before stays in the history.").format(label=plain(made.label))
        document = {"case": case.reference, "label": made.label, "excluded": list(made.excluded), "namesakes": alike}
        face.show(document, said)
        _say_conflicts(case, made, alike)


@person.command("list")
def person_list(ctx: typer.Context, reference: Reference) -> None:
    """Everybody in a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = [one.person for one in people.list_persons(case)]
        show_records(face, case.reference, "persons", found, ("label", "role", "names", "aliases", "born", "language"))


# --- concerns


@concern.command("add")
def concern_add(
    ctx: typer.Context,
    reference: OptionalReference = None,
    file: FileOption = None,
    template: TemplateOption = False,
    title: Annotated[str | None, typer.Option(help="Title of the case that is opened.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="Its categories; repeatable. Default: other.")] = None,
    severity: Annotated[str, typer.Option(help="Its severity.")] = "medium",
    exclude: Exclude = None,
) -> None:
    """File a concern. Without a case, it opens one in the state “reported”."""
    if wants_template(template, "concern"):
        return
    face, record = face_of(ctx), form(concerns.Concern, file)
    if exclude and reference is not None:
        raise UsageError(tr("--exclude is for a case that is opened; “case wall” excludes from one that exists."))
    with face.session() as session:
        if reference is not None:
            case = session.case(reference)
            number = concerns.add(case, record)
        else:
            values = case_values(title or hearing.title_of(record), category or ["other"], severity)
            about = from_options(Case, {**values, "immediate_safety": Safety(state="unknown")})
            case, number = hearing.open_for(session.office, record, about, exclude or ())
        face.show(
            {"case": case.reference, "concern": number},
            number if reference is not None else f"{case.reference} {number}",
        )


@concern.command("answer")
def concern_answer(
    ctx: typer.Context,
    reference: OptionalReference = None,
    number: Annotated[str | None, typer.Argument(metavar="C01")] = None,
    words: Annotated[str | None, typer.Option(help="What was said, in the words used.")] = None,
    at: Annotated[str | None, typer.Option(help="When (now, if left out).")] = None,
    by: Annotated[str | None, typer.Option(help="Who answered (you, if left out).")] = None,
    outcome: Annotated[str, typer.Option(help=", ".join(concerns.OUTCOMES))] = "",
    file: FileOption = None,
    template: TemplateOption = False,
) -> None:
    """Write down an answer to whoever voiced the concern."""
    if wants_template(template, "answer"):
        return
    face, reference = face_of(ctx), needed(reference)
    if number is None:
        raise UsageError(tr("Which concern? Give its number, such as C01."))
    with face.session() as session:
        case = session.case(reference)
        if file is not None:
            given = form(concerns.Answer, file)
        else:
            values = {"words": words, "at": at or case.now(), "by": by or case.member.name, "outcome": outcome}
            given = from_options(concerns.Answer, values)
        made = concerns.answer(case, number, given)
        said = (
            tr("{number} is answered.")
            if made.answered
            else tr("{number}: the attempt is written down; the answer is still due.")
        )
        face.show(
            {"case": case.reference, "concern": made.number, "answered": made.answered, "answers": len(made.answers)},
            said.format(number=made.number),
        )


@concern.command("escalate")
def concern_escalate(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="C01")],
    to: Annotated[str, typer.Option(help="To whom it was passed on.")],
) -> None:
    """Write down to whom a concern was passed on."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made = concerns.escalate(case, number, to)
        said = tr("{number} is with {who} now.").format(number=made.number, who=made.escalated_to)
        face.show({"case": case.reference, "concern": made.number, "escalated_to": made.escalated_to}, said)


@concern.command("list")
def concern_list(ctx: typer.Context, reference: Reference) -> None:
    """The concerns of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = concerns.list_concerns(case)
        show_records(face, case.reference, "concerns", found, ("number", "heard_at", "from", "channel", "to", "words"))


@concern.command("show")
def concern_show(ctx: typer.Context, reference: Reference, number: str) -> None:
    """One concern."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        show_record(face, case.reference, concerns.get(case, number))
