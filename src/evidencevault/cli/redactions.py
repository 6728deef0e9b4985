"""``redact …``: mark, look, say that there is nothing to hide, approve."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.casework.filing import normal
from evidencevault.cli.cases import Reference
from evidencevault.cli.custody import write_new
from evidencevault.cli.face import face_of, plain, say, table
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused, UsageError, VaultError
from evidencevault.evidence import exhibits, views
from evidencevault.progress import Progress
from evidencevault.redaction import burning, plans, subjects
from evidencevault.redaction.finding import PATTERNS
from evidencevault.redaction.marks import REASONS, Box, Mark
from evidencevault.resources import tr
from evidencevault.session import Session

redact = typer.Typer(help="What is hidden in what leaves the house.", no_args_is_help=True)
Number = Annotated[str | None, typer.Argument(metavar="E001", help="The evidence item, or --all.")]
Every = Annotated[bool, typer.Option("--all", help="Every evidence item of the case.")]
Purpose = Annotated[str | None, typer.Option(help="Why you open it; restricted items need one.")]
Act = Callable[[CaseFile, str, Session, Progress], tuple[dict[str, object], str]]


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(redact, name="redact")


def _each(ctx: typer.Context, reference: str, number: str | None, every: bool, act: Act) -> None:
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
            except VaultError as error:
                document, line = {"exhibit": one.number, "error": error.sentence}, f"{one.number}: {error.sentence}"
                code = max(code, error.exit_code)
            done.append(document)
            lines.append(line)
        face.show({"case": case.reference, "exhibits": done}, *lines)
    if code:
        say(tr("Not all of it could be done; what is above says which."))
        raise typer.Exit(code)


def _numbers(text: str, count: int, option: str) -> list[float]:
    try:
        found = [float(one) for one in text.split(",")]
    except ValueError as error:
        raise UsageError(tr("{option} takes numbers with commas between them.").format(option=option)) from error
    if len(found) != count or found[0] != int(found[0]) or found[0] < 1:
        raise UsageError(
            tr("{option} takes {n} numbers, of which the first is a page from 1.").format(option=option, n=count)
        )
    return found


@redact.command("mark")
def mark(
    ctx: typer.Context,
    reference: Reference,
    number: Number = None,
    reason: Annotated[str, typer.Option(help="Why: " + ", ".join(REASONS))] = "",
    term: Annotated[list[str] | None, typer.Option(help="Every place of these words; repeatable.")] = None,
    person: Annotated[list[str] | None, typer.Option(help="Every name of a person, by label; repeatable.")] = None,
    pattern: Annotated[list[str] | None, typer.Option(help=", ".join(PATTERNS) + "; repeatable.")] = None,
    box: Annotated[list[str] | None, typer.Option(help="Points, origin top left.", metavar="PAGE,X0,Y0,X1,Y1")] = None,
    line: Annotated[list[str] | None, typer.Option(help="The line of text at this height.", metavar="PAGE,Y")] = None,
    page: Annotated[list[int] | None, typer.Option(help="A whole page; repeatable.", metavar="N")] = None,
    label: Annotated[str, typer.Option(help="What stands on the mark.")] = "",
    exact: Annotated[bool, typer.Option("--no-widen", help="Persons: do not hide the line to its end.")] = False,
    every: Every = False,
) -> None:
    """Mark what is to be hidden. The plan is a draft again."""
    boxes = [_numbers(one, 5, "--box") for one in box or []]
    wanted = plans.Wanted(
        terms=tuple(term or ()),
        persons=tuple(person or ()),
        patterns=tuple(pattern or ()),
        boxes=tuple((int(one[0]), _box(one)) for one in boxes),
        lines=tuple((int(one[0]), one[1]) for one in (_numbers(text, 2, "--line") for text in line or [])),
        pages=tuple(page or ()),
        label=label,
        widen=not exact,
    )
    if not (wanted.terms or wanted.persons or wanted.patterns or wanted.boxes or wanted.lines or wanted.pages):
        raise UsageError(tr("What is to be hidden? Give --term, --person, --pattern, --box, --line or --page."))
    if not reason:
        raise UsageError(tr("Why is it hidden? Give --reason, one of: {known}.").format(known=", ".join(REASONS)))

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        made = plans.mark(case, session.workers_for(case), exhibit, wanted, reason, progress)
        said = tr("{exhibit}: {n} new marks.").format(exhibit=exhibit, n=len(made))
        return {"exhibit": exhibit, "marks": [_mark(one) for one in made]}, said

    _each(ctx, reference, number, every, act)


def _box(numbers: list[float]) -> Box:
    try:
        return Box(*numbers[1:])
    except ValueError as error:
        raise UsageError(tr("--box takes the upper left corner, then the lower right one.")) from error


def _mark(one: Mark) -> dict[str, object]:
    return dataclasses.asdict(one)


@redact.command("remove")
def remove(
    ctx: typer.Context, reference: Reference, number: str, mark_id: Annotated[str, typer.Argument(metavar="MARK")]
) -> None:
    """Take one mark away. The plan is a draft again."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        plan = plans.remove(case, normal(number), mark_id)
        face.show(
            {"case": case.reference, "exhibit": plan.exhibit, "removed": mark_id, "marks": len(plan.marks)},
            tr("{exhibit}: {mark} is gone, {n} marks are left.").format(
                exhibit=plan.exhibit, mark=mark_id, n=len(plan.marks)
            ),
        )


@redact.command("none")
def none(ctx: typer.Context, reference: Reference, number: Number = None, every: Every = False) -> None:
    """Say of an evidence item: reviewed, nothing to hide."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        plan = plans.none(case, exhibit)
        return {"exhibit": exhibit, "state": plan.state}, tr("{exhibit}: reviewed, nothing to hide.").format(
            exhibit=exhibit
        )

    _each(ctx, reference, number, every, act)


@redact.command("suggest")
def suggest(
    ctx: typer.Context, reference: Reference, number: Number = None, every: Every = False, purpose: Purpose = None
) -> None:
    """Where persons of the case and patterns stand. Nothing is marked by it."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        one = exhibits.get(case, exhibit)
        views.enter(case, [exhibit], purpose=views.allow(one, purpose), how="suggest")
        finder = burning.finder(case, session.workers_for(case), subjects.subject(case, exhibit), progress)
        found: list[dict[str, object]] = []
        for person in subjects.persons(case):
            for place in finder.person(person.names, person.aliases):
                found.append({"kind": "person", "what": person.label, **dataclasses.asdict(place)})
        for name in PATTERNS:
            for place in finder.pattern(name, case.country):
                found.append({"kind": "pattern", "what": name, **dataclasses.asdict(place)})
        rows = table(("Kind", "What", "Page"), [(one["kind"], one["what"], one["page"]) for one in found])
        said = tr("{exhibit}: {n} suggestions.").format(exhibit=exhibit, n=len(found))
        return {"exhibit": exhibit, "suggestions": found}, "\n".join([said, *rows])

    _each(ctx, reference, number, every, act)


@redact.command("show")
def show(ctx: typer.Context, reference: Reference, number: Number = None, every: Every = False) -> None:
    """The plan of an evidence item: its marks, and who approved it."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        shown = plans.show(case, exhibit)
        if shown is None:
            return {"exhibit": exhibit, "state": None, "marks": []}, tr("{exhibit}: no plan yet.").format(
                exhibit=exhibit
            )
        document = {
            "exhibit": exhibit,
            "state": shown.state,
            "revision": shown.revision,
            "marks": [_mark(one) for one in shown.plan.marks],
            "approved_by": shown.approved_by or None,
            "alone": shown.approval.alone or None if shown.approval else None,
        }
        said = tr("{exhibit}: {state}, {n} marks").format(exhibit=exhibit, state=shown.state, n=len(shown.plan.marks))
        if shown.approved_by:
            said += tr(", approved by {name}").format(name=plain(shown.approved_by))
        rows = [
            (one.id, one.page, one.kind, one.reason, one.label, case.handle(bytes.fromhex(one.author)))
            for one in shown.plan.marks
        ]
        return document, "\n".join([said, *table(("Mark", "Page", "Kind", "Reason", "Label", "By"), rows)])

    _each(ctx, reference, number, every, act)


@redact.command("preview")
def preview(
    ctx: typer.Context,
    reference: Reference,
    number: str,
    to: Annotated[Path, typer.Option(help="A new PDF file.", metavar="FILE")],
    purpose: Purpose = None,
) -> None:
    """The redacted copy as it would leave, as a file. It is a view, and entered as one."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Redacting")) as progress:
        case = session.case(reference)
        exhibit = normal(number)
        shown = plans.show(case, exhibit)
        if shown is None:
            raise Refused(tr("{exhibit} has no redaction plan yet.").format(exhibit=exhibit))
        views.enter(case, [exhibit], purpose=views.allow(exhibits.get(case, exhibit), purpose), how="redaction-preview")
        burnt = burning.burn(case, session.workers_for(case), subjects.subject(case, exhibit), shown.plan, progress)
    if burnt is None:
        raise Refused(
            tr("{exhibit} cannot be shown redacted; a slip sheet will take its place.").format(exhibit=exhibit)
        )
    write_new(to, burnt.data)
    face.show(
        {"case": case.reference, "exhibit": exhibit, "file": str(to), "pages": burnt.pages, "tests": burnt.tests},
        tr("{exhibit}: {n} pages in {file}; {t} leak checks passed.").format(
            exhibit=exhibit, n=burnt.pages, file=plain(to), t=burnt.tests
        ),
    )


@redact.command("approve")
def approve(
    ctx: typer.Context,
    reference: Reference,
    number: Number = None,
    alone: Annotated[str | None, typer.Option(help="Approve one's own plan, and why.", metavar="REASON")] = None,
    every: Every = False,
) -> None:
    """Make the redacted copy, check it for leaks, and sign it. Somebody else than who marked."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        done = plans.approve(case, session.workers_for(case), exhibit, alone, progress)
        document = {
            "exhibit": exhibit,
            "state": plans.APPROVED,
            "approved_by": case.member.name,
            "method": done.method,
            "pages": done.pages,
            "alone": done.alone or None,
        }
        return document, tr("{exhibit} is approved ({method}, {n} pages).").format(
            exhibit=exhibit, method=done.method, n=done.pages
        )

    _each(ctx, reference, number, every, act)
