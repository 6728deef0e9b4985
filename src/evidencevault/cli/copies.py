"""``redact preview``, ``send`` and ``approve``: the redacted copy, seen as a file, asked for, and signed."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.bundle import addressing
from evidencevault.casework.filing import normal
from evidencevault.cli.cases import Reference
from evidencevault.cli.custody import write_new
from evidencevault.cli.each import Every, Number, Purpose, each
from evidencevault.cli.face import face_of, plain, table
from evidencevault.cli.redactions import redact
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused
from evidencevault.evidence import exhibits, views
from evidencevault.progress import Progress
from evidencevault.redaction import approvals, approving, burning, comparing, measuring, plans, stepping, subjects
from evidencevault.redaction.burning import DPI, RASTER, Making
from evidencevault.redaction.gaps import Figure
from evidencevault.redaction.marks import REASONS
from evidencevault.resources import tr
from evidencevault.session import Session

Method = Annotated[
    str, typer.Option(help="raster: pictures of the pages. structural: with text, where every check allows it.")
]
Searchable = Annotated[
    bool, typer.Option("--searchable", help="Raster with the text that is recognised in the finished pages.")
]
Access = Annotated[
    str,
    typer.Option(
        help="The copy for this person, with their own names open; everybody else stays hidden.", metavar="LABEL"
    ),
]
ByHand = Annotated[
    list[str] | None,
    typer.Option("--open", help="Of --access: open this mark of theirs, made by hand; repeatable.", metavar="MARK"),
]
Dpi = Annotated[int, typer.Option(help="Dots per inch, 150 to 300.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the group ``redact``."""
    for command in (gaps, preview, send, approve):
        redact.command()(command)
    redact.command("in-step")(in_step)


def gaps(ctx: typer.Context, reference: Reference, number: Number = None, dpi: Dpi = DPI, every: Every = False) -> None:
    """How many other names fit the gaps that marks of persons leave. What was widened leaves none."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        shown = plans.show(case, exhibit)
        if shown is None:
            raise Refused(tr("{exhibit} has no redaction plan yet.").format(exhibit=exhibit))
        subject, workers = subjects.subject(case, exhibit), session.workers_for(case)
        pages = burning.finder(case, workers, subject, progress)
        figures = measuring.measure(case, workers, subject, shown.plan.marks, pages, dpi)
        rows = [(one.mark_id, *_figure(one)) for one in figures]
        said = tr("{exhibit}: {n} gaps, {narrow} of them narrow.").format(
            exhibit=exhibit, n=len(figures), narrow=sum(map(measuring.gives_away, figures))
        )
        document: dict[str, object] = {
            "exhibit": exhibit,
            "gaps": [measuring.told(one) for one in figures],
        }
        return document, "\n".join([said, *table(("Mark", "In the case", "Anywhere", "Narrow"), rows)])

    each(ctx, reference, number, every, act)


def _figure(one: Figure) -> tuple[object, object, str]:
    told = (one.register, one.public) if one.measured else (tr("not measured"), "")
    return (*told, tr("yes") if measuring.gives_away(one) else tr("no"))


def in_step(
    ctx: typer.Context,
    reference: Reference,
    recording: Annotated[str, typer.Argument(metavar="E001", help="The recording.")],
    transcript: Annotated[str, typer.Argument(metavar="E002", help="What is said in it, with times.")],
    reason: Annotated[str, typer.Option(help="Why: " + ", ".join(REASONS))],
) -> None:
    """Silence what the transcript hides, and hide in the transcript what is silenced."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Redacting")) as progress:
        case = session.case(reference)
        workers = session.workers_for(case)
        sound, text = stepping.in_step(case, workers, normal(recording), normal(transcript), reason, progress)
    document = {
        "case": case.reference,
        "recording": [dataclasses.asdict(one) for one in sound],
        "transcript": [dataclasses.asdict(one) for one in text],
    }
    said = tr("{recording}: {n} new marks. {transcript}: {m} new marks.").format(
        recording=normal(recording), n=len(sound), transcript=normal(transcript), m=len(text)
    )
    face.show(document, said)


def preview(
    ctx: typer.Context,
    reference: Reference,
    number: str,
    to: Annotated[Path, typer.Option(help="A new PDF file.", metavar="FILE")],
    method: Method = RASTER,
    dpi: Dpi = DPI,
    searchable: Searchable = False,
    beside: Annotated[bool, typer.Option("--beside", help="The original beside it, page by page.")] = False,
    purpose: Purpose = None,
    access: Access = "",
    by_hand: ByHand = None,
) -> None:
    """The redacted copy as it would leave, as a file. It is a view, and entered as one."""
    face = face_of(ctx)
    making = Making(method, dpi, searchable=searchable, access=access.strip(), by_hand=tuple(by_hand or ()))
    with face.session() as session, face.working(tr("Redacting")) as progress:
        case = session.case(reference)
        exhibit = normal(number)
        shown = plans.show(case, exhibit)
        if shown is None:
            raise Refused(tr("{exhibit} has no redaction plan yet.").format(exhibit=exhibit))
        views.enter(case, [exhibit], purpose=views.allow(exhibits.get(case, exhibit), purpose), how="redaction-preview")
        subject = subjects.subject(case, exhibit)
        workers = session.workers_for(case)
        copy = approving.plan_of(case, workers, subject, shown.plan, making, progress)
        burnt = burning.burn(case, workers, subject, copy.plan, progress, making)
        if burnt is None:
            raise Refused(
                tr("{exhibit} cannot be shown redacted; a slip sheet will take its place.").format(exhibit=exhibit)
            )
        paired = beside and burnt.pages
        data = comparing.beside(case, workers, subject, burnt, progress) if paired else burnt.data
    write_new(to, data)
    tests = len(burnt.report.methods)
    face.show(
        {
            "case": case.reference,
            "exhibit": exhibit,
            "file": str(to),
            "pages": burnt.pages,
            "method": burnt.method,
            "tests": tests,
            "report": burnt.report.to_body(),
        },
        tr("{exhibit}: {n} pages in {file}; {t} leak checks passed.").format(
            exhibit=exhibit, n=burnt.pages, file=plain(to), t=tests
        ),
    )


def send(ctx: typer.Context, reference: Reference, number: Number = None, every: Every = False) -> None:
    """Say that a plan is ready and waits for somebody else's approval. Any later change takes that back."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        plans.send(case, exhibit)
        names = approving.approvers(case, exhibit)
        said = tr("{exhibit} waits for approval. Who may approve: {names}.")
        who = plain(", ".join(names)) or tr("nobody else of this case")
        return {"exhibit": exhibit, "sent": True, "approvers": list(names)}, said.format(exhibit=exhibit, names=who)

    each(ctx, reference, number, every, act)


def approve(
    ctx: typer.Context,
    reference: Reference,
    number: Number = None,
    alone: Annotated[str | None, typer.Option(help="Approve one's own plan, and why.", metavar="REASON")] = None,
    method: Method = RASTER,
    dpi: Dpi = DPI,
    searchable: Searchable = False,
    audience: Annotated[
        str, typer.Option("--for", help="With labels of its own for this recipient.", metavar="RECIPIENT")
    ] = "",
    narrow: Annotated[
        str | None, typer.Option(help="Let gaps pass that give a name away, and why.", metavar="REASON")
    ] = None,
    access: Access = "",
    by_hand: ByHand = None,
    every: Every = False,
) -> None:
    """Make the redacted copy, check it for leaks, and sign it. Somebody else than who marked."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        if every and access and not _concerned(case, exhibit, access):
            said = tr("{exhibit}: no mark is of {person}. They get the copy that everybody gets.")
            return {"exhibit": exhibit, "state": None}, said.format(exhibit=exhibit, person=plain(access.strip()))
        to = addressing.audience(session.office, audience)
        making = Making(method, dpi, to, searchable, access.strip(), tuple(by_hand or ()))
        done = approving.approve(case, session.workers_for(case), exhibit, alone, progress, making, narrow)
        document = {
            "exhibit": exhibit,
            "state": plans.APPROVED,
            "approved_by": case.member.name,
            "method": done.method,
            "pages": done.pages,
            "alone": done.alone or None,
            "subject_access": done.access or None,
            "shut": list(approvals.shut(done)),
            "report": done.report,
        }
        said = tr("{exhibit} is approved ({method}, {n} pages).").format(
            exhibit=exhibit, method=done.method, n=done.pages
        )
        if done.pages and not done.report.get("read_back"):
            said += " " + tr("Its pages were not read back: no text recognition is installed here.")
        if approvals.shut(done):
            shut = tr("Marks of theirs that were made by hand stay hidden: {marks}. --open opens them, one by one.")
            said += " " + shut.format(marks=", ".join(approvals.shut(done)))
        match done.report.get("readable"):
            case dict(others) if others:
                who = ", ".join(f"{plain(label)} ({count!s})" for label, count in others.items())
                said += " " + tr("Others can be read in it, because no mark hides them: {who}.").format(who=who)
        return document, said

    each(ctx, reference, number, every, act)


def _concerned(case: CaseFile, exhibit: str, access: str) -> bool:
    """Whether a copy of its own makes a difference to a person. Raises NotFound."""
    shown = plans.show(case, exhibit)
    return shown is not None and shown.plan.concerns(subjects.person(case, access).label)
