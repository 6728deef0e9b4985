"""``redact …``: mark, take back, say that there is nothing to hide, show."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from typing import Annotated

import typer

from evidencevault.casework.filing import normal
from evidencevault.cli.cases import Reference
from evidencevault.cli.each import Every, Number, each
from evidencevault.cli.face import face_of, plain, table
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import UsageError
from evidencevault.progress import Progress
from evidencevault.redaction import marking, plans
from evidencevault.redaction.marks import REASONS, Box, Mark, Plan, Span
from evidencevault.redaction.patterns import PATTERNS
from evidencevault.resources import tr
from evidencevault.session import Session

redact = typer.Typer(help="What is hidden in what leaves the house.", no_args_is_help=True)
_TIME = r"((?:[0-9]{1,3}:){0,2}[0-9]{1,5}(?:\.[0-9]{1,3})?)"
_SPAN = re.compile(rf"{_TIME}-{_TIME}")


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(redact, name="redact")


def _numbers(text: str, count: int, option: str) -> list[float]:
    try:
        found = [float(one) for one in text.split(",")]
    except ValueError as error:
        raise UsageError(tr("{option} takes numbers with commas between them.").format(option=option)) from error
    if len(found) != count or not all(map(math.isfinite, found)) or found[0] != int(found[0]) or found[0] < 1:
        raise UsageError(
            tr("{option} takes {n} numbers, of which the first is a page from 1.").format(option=option, n=count)
        )
    return found


def _boxes(texts: list[str] | None, option: str) -> tuple[tuple[int, Box], ...]:
    found = []
    for one in texts or []:
        page, *corners = _numbers(one, 5, option)
        try:
            found.append((int(page), Box(*corners)))
        except ValueError as error:
            raise UsageError(
                tr("{option} takes the upper left corner, then the lower right one.").format(option=option)
            ) from error
    return tuple(found)


def _spans(texts: list[str] | None, area: str | None) -> tuple[tuple[Span, Box | None], ...]:
    if area is not None and not texts:
        raise UsageError(tr("--area needs --span: for how long is it hidden?"))
    box = _boxes([f"1,{area}"], "--area")[0][1] if area is not None else None
    return tuple((_span(one), box) for one in texts or [])


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise UsageError(tr("--span takes a beginning and an end, such as 1:02-1:10.5."))
    start, end = (_milliseconds(one) for one in match.groups())
    return Span(start, end)


def _milliseconds(text: str) -> int:
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + float(part)
    return round(total * 1000)


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
    text: Annotated[
        list[str] | None, typer.Option(help="The text from one point to another.", metavar="PAGE,X0,Y0,X1,Y1")
    ] = None,
    line: Annotated[list[str] | None, typer.Option(help="The line of text at this height.", metavar="PAGE,Y")] = None,
    page: Annotated[list[int] | None, typer.Option(help="A whole page; repeatable.", metavar="N")] = None,
    all_but: Annotated[
        list[str] | None, typer.Option(help="Everything of a page but this box.", metavar="PAGE,X0,Y0,X1,Y1")
    ] = None,
    span: Annotated[
        list[str] | None, typer.Option(help="A stretch of a recording, such as 1:02-1:10.5.", metavar="FROM-TO")
    ] = None,
    area: Annotated[
        str | None, typer.Option(help="Of a film: this part of its picture, in pixels.", metavar="X0,Y0,X1,Y1")
    ] = None,
    label: Annotated[str, typer.Option(help="What stands on the mark.")] = "",
    exact: Annotated[bool, typer.Option("--no-widen", help="Persons: do not hide the line to its end.")] = False,
    every: Every = False,
) -> None:
    """Mark what is to be hidden. The plan is a draft again."""
    selections = [_numbers(one, 5, "--text") for one in text or []]
    lines = [_numbers(one, 2, "--line") for one in line or []]
    wanted = marking.Wanted(
        terms=tuple(term or ()),
        persons=tuple(person or ()),
        patterns=tuple(pattern or ()),
        boxes=_boxes(box, "--box"),
        texts=tuple((int(one[0]), (one[1], one[2]), (one[3], one[4])) for one in selections),
        lines=tuple((int(one[0]), one[1]) for one in lines),
        pages=tuple(page or ()),
        all_but=_boxes(all_but, "--all-but"),
        spans=_spans(span, area),
        label=label,
        widen=not exact,
    )
    if not wanted.anything:
        raise UsageError(
            tr(
                "What is to be hidden? Give --term, --person, --pattern, --box, --text, --line, --page, --all-but or "
                "--span."
            )
        )
    if not reason:
        raise UsageError(tr("Why is it hidden? Give --reason, one of: {known}.").format(known=", ".join(REASONS)))

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        made = marking.mark(case, session.workers_for(case), exhibit, wanted, reason, progress)
        said = tr("{exhibit}: {n} new marks.").format(exhibit=exhibit, n=len(made))
        return {"exhibit": exhibit, "marks": [_mark(one) for one in made]}, said

    each(ctx, reference, number, every, act)


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


@redact.command("undo")
def undo(ctx: typer.Context, reference: Reference, number: str) -> None:
    """Take the last change of a plan back; the chain of custody shows both. The plan is a draft again."""
    _stepped(ctx, reference, number, plans.undo)


@redact.command("redo")
def redo(ctx: typer.Context, reference: Reference, number: str) -> None:
    """Take up again what was undone last. The plan is a draft again."""
    _stepped(ctx, reference, number, plans.redo)


def _stepped(ctx: typer.Context, reference: str, number: str, step: Callable[[CaseFile, str], Plan]) -> None:
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        plan = step(case, normal(number))
        document = {
            "case": case.reference,
            "exhibit": plan.exhibit,
            "state": plan.state,
            "marks": [_mark(one) for one in plan.marks],
            "undo": plan.before is not None,
            "redo": bool(plan.undone),
        }
        face.show(document, tr("{exhibit}: {n} marks now.").format(exhibit=plan.exhibit, n=len(plan.marks)))


@redact.command("none")
def none(ctx: typer.Context, reference: Reference, number: Number = None, every: Every = False) -> None:
    """Say of an evidence item: reviewed, nothing to hide."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        plan = plans.none(case, exhibit)
        said = tr("{exhibit}: reviewed, nothing to hide.").format(exhibit=exhibit)
        return {"exhibit": exhibit, "state": plan.state}, said

    each(ctx, reference, number, every, act)


@redact.command("show")
def show(ctx: typer.Context, reference: Reference, number: Number = None, every: Every = False) -> None:
    """The plan of an evidence item: its marks, what was left open on purpose, and who approved it."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        shown = plans.show(case, exhibit)
        if shown is None:
            said = tr("{exhibit}: no plan yet.").format(exhibit=exhibit)
            return {"exhibit": exhibit, "state": None, "marks": [], "open": []}, said
        document = {
            "exhibit": exhibit,
            "state": shown.state,
            "sent": shown.plan.sent,
            "revision": shown.revision,
            "marks": [_mark(one) for one in shown.plan.marks],
            "open": [dataclasses.asdict(one) for one in shown.plan.left_open],
            "approved_by": shown.approved_by or None,
            "opened_for": list(shown.opened_for),
            "alone": shown.approval.alone or None if shown.approval else None,
            "report": shown.approval.report if shown.approval else None,
        }
        return document, "\n".join(_told(case, shown))

    each(ctx, reference, number, every, act)


def _told(case: CaseFile, shown: plans.Shown) -> list[str]:
    plan = shown.plan
    said = tr("{exhibit}: {state}, {n} marks").format(exhibit=plan.exhibit, state=shown.state, n=len(plan.marks))
    if shown.approved_by:
        said += tr(", approved by {name}").format(name=plain(shown.approved_by))
    if shown.opened_for:
        said += tr(", with a copy for {persons}").format(persons=plain(", ".join(shown.opened_for)))
    marks = [
        (one.id, one.page, one.kind, one.what, one.reason, one.label, case.handle(bytes.fromhex(one.author)))
        for one in plan.marks
    ]
    lines = [said, *table(("Mark", "Page", "Kind", "What", "Reason", "Label", "By"), marks)]
    if plan.left_open:
        left = [(one.page, one.kind, one.what, case.handle(bytes.fromhex(one.author))) for one in plan.left_open]
        lines += [tr("Left open on purpose:"), *table(("Page", "Kind", "What", "By"), left)]
    return lines
