"""``evidence …`` and ``search``: bring in, list, read, hand over, find."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evidencevault.casework.filing import normal
from evidencevault.cli.cases import Reference
from evidencevault.cli.documents import exhibit_document, exhibit_lines, size_text
from evidencevault.cli.face import Face, face_of, plain, say, table
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import UsageError
from evidencevault.evidence import exhibits, intake, reading, search
from evidencevault.evidence.model import METHODS, RELATIONS, Acquisition, Derivation, Exhibit
from evidencevault.resources import tr

evidence = typer.Typer(help="Evidence items.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="E001", help="The evidence item.")]
Purpose = Annotated[str | None, typer.Option(help="Why you open it; restricted items need one.")]


def register(app: typer.Typer) -> None:
    """Hang the groups into the program."""
    app.add_typer(evidence, name="evidence")
    app.command("search")(find)


@evidence.command("add")
def add(
    ctx: typer.Context,
    reference: Reference,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH…", help="Files and folders.")] = None,
    source: Annotated[str, typer.Option(help="From whom it comes.")] = "",
    acquired_at: Annotated[str | None, typer.Option(help="When (2026-03-01, or with a time).")] = None,
    acquired_by: Annotated[str | None, typer.Option(help="Who took it over (you, if left out).")] = None,
    place: Annotated[str | None, typer.Option(help="Where.")] = None,
    method: Annotated[str, typer.Option(help=", ".join(METHODS))] = "received",
    condition: Annotated[str | None, typer.Option(help="In what condition.")] = None,
    custody_before: Annotated[str | None, typer.Option(help="known or unknown: where it was before.")] = None,
    custody_known: Annotated[str | None, typer.Option(help="What is known of where it was.")] = None,
    derived_from: Annotated[
        str | None, typer.Option(help="The evidence item it was made from.", metavar="E001")
    ] = None,
    relation: Annotated[str | None, typer.Option(help=", ".join(RELATIONS))] = None,
    by: Annotated[str | None, typer.Option(help="Who made it from that item.")] = None,
    restricted: Annotated[
        str | None, typer.Option(help="Why it is shown only for a purpose.", metavar="REASON")
    ] = None,
    privileged: Annotated[str | None, typer.Option(help="Legal privilege, and its basis.", metavar="BASIS")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Repeatable.")] = None,
    notes: Annotated[str | None, typer.Option(help="Anything else.")] = None,
    held: Annotated[str | None, typer.Option(help="A thing that is no file: what it is.", metavar="DESC")] = None,
    held_at: Annotated[str | None, typer.Option(help="Where it is kept.", metavar="PLACE")] = None,
    seal: Annotated[str | None, typer.Option(help="Number of its seal.", metavar="N")] = None,
) -> None:
    """Bring in files and folders, or record a thing that is no file. What fails is listed; the rest goes on."""
    face = face_of(ctx)
    if (held is None) == (not paths):
        raise UsageError(tr("Give files or folders, or --held with what the thing is; one of the two."))
    derivation = _derivation(derived_from, relation, by)
    with face.session() as session:
        case = session.case(reference)
        acquisition = Acquisition(
            source,
            acquired_at,
            acquired_by or case.member.name,
            place,
            method,
            condition,
            custody_before,
            custody_known,
        )
        tags = tuple(tag or ())
        if held is not None:
            made = exhibits.hold(
                case, held, acquisition, place=held_at or "", seal=seal, derived_from=derivation, restricted=restricted,
                privileged=privileged, tags=tags, notes=notes,
            )  # fmt: skip
            face.show({"exhibits": [exhibit_document(made)], "failed": []}, made.number)
            return
        warning = intake.warning(case)
        if warning is not None:
            say(warning)
        with face.working(tr("Bringing in")) as progress:
            report = intake.bring_in(
                case, paths or [], acquisition, workers=session.workers_for(case), progress=progress,
                derived_from=derivation, restricted=restricted, privileged=privileged, tags=tags, notes=notes,
            )  # fmt: skip
    _show_report(face, report)


def _derivation(ref: str | None, relation: str | None, by: str | None) -> Derivation | None:
    if ref is None:
        if relation is not None or by is not None:
            raise UsageError(tr("--relation and --by belong to --derived-from."))
        return None
    if relation is None:
        raise UsageError(
            tr("Say with --relation what it is of {ref}: {known}.").format(ref=ref, known=", ".join(RELATIONS))
        )
    return Derivation(normal(ref), relation, by)


def _show_report(face: Face, report: intake.IntakeReport) -> None:
    rows = [
        {
            "exhibit": one.exhibit,
            "name": one.name,
            "sha256": one.sha256.hex(),
            "size": one.size,
            "media_type": one.media_type,
            "status": one.status,
            "duplicate_of": one.duplicate_of,
            "parent": one.parent,
            "path": one.path,
            "warnings": list(one.warnings),
        }
        for one in report.exhibits
    ]
    shown = [(one.exhibit, size_text(one.size), one.media_type, _remark(one), one.path) for one in report.exhibits]
    face.show(
        {"exhibits": rows, "failed": [{"path": one.path, "reason": one.reason} for one in report.failed]},
        *table((tr("Item"), tr("Size"), tr("Type"), tr("Remark"), tr("File")), shown),
    )
    for line in report.exhibits:
        for warning in line.warnings:
            say(f"{line.exhibit}: {plain(warning)}")
    if report.failed:
        for failure in report.failed:
            say(tr("Not brought in: {path}: {reason}").format(path=plain(failure.path), reason=plain(failure.reason)))
        say(
            tr("{n} brought in, {failed} not. What was brought in is safe; the same call takes up the rest.").format(
                n=len(report.exhibits), failed=len(report.failed)
            )
        )
        raise typer.Exit(1)


def _remark(line: intake.IntakeLine) -> str:
    if line.status == "already":
        return tr("was there already")
    if line.duplicate_of is not None:
        return tr("same bytes as {number}").format(number=line.duplicate_of)
    return tr("from {number}").format(number=line.parent) if line.parent else ""


@evidence.command("list")
def list_items(ctx: typer.Context, reference: Reference) -> None:
    """All evidence items of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = exhibits.list_exhibits(case)
        rows = [
            (one.number, size_text(one.size), one.media_type, _state(one), one.source, one.path or one.name)
            for one in found
        ]
        face.show(
            {"case": case.reference, "exhibits": [exhibit_document(one) for one in found]},
            *table((tr("Item"), tr("Size"), tr("Type"), tr("Remark"), tr("From"), tr("Name")), rows),
            *([] if rows else [tr("{case} has no evidence items yet.").format(case=case.reference)]),
        )


def _state(one: Exhibit) -> str:
    remarks = (
        (one.restricted, tr("restricted")),
        (one.privileged, tr("privileged")),
        (one.held, tr("kept elsewhere")),
        (one.duplicate_of, tr("same bytes as {number}").format(number=one.duplicate_of)),
        (one.parent, tr("from {number}").format(number=one.parent)),
        (one.derived_from, one.derived_from and f"{one.derived_from.relation}: {one.derived_from.ref}"),
        (one.failure, tr("no preview")),
    )
    return ", ".join(str(text) for found, text in remarks if found)


@evidence.command("show")
def show(ctx: typer.Context, reference: Reference, number: Number) -> None:
    """What is recorded about one evidence item: where it comes from, what was found in it, where it went."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        one = exhibits.get(case, number)
        found = None if one.restricted else exhibits.findings(case, one.number)
        moved = exhibits.transfers(case, one.number)
        document = exhibit_document(one)
        document["transfers"] = [move.to_body() for move in moved]
        if found is not None:
            document["metadata"], document["hidden"] = dict(found.metadata), list(found.hidden)
        face.show(document, *exhibit_lines(one, found, moved))


@evidence.command("text")
def text(ctx: typer.Context, reference: Reference, number: Number, purpose: Purpose = None) -> None:
    """The text of an evidence item, page by page. It is a view, and entered as one."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Reading")):
        case = session.case(reference)
        one = exhibits.get(case, number)
        pages = reading.text(case, session.workers_for(case), one.number, purpose=purpose)
    document = {
        "case": case.reference,
        "exhibit": one.number,
        "pages": [{"page": page.page, "width": page.width, "height": page.height, "text": page.text} for page in pages],
    }
    lines: list[str] = []
    for page in pages:
        lines += [tr("— page {n} —").format(n=page.page), *(plain(line) for line in page.text.splitlines())]
    read = any(page.text.strip() for page in pages)
    face.show(
        document, *lines, *([] if read else [tr("{number} has no text that could be read.").format(number=one.number)])
    )


@evidence.command("transfer")
def transfer(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    to: Annotated[str, typer.Option(help="To whom it went.")],
    purpose: Annotated[str, typer.Option(help="What for.")],
    at: Annotated[str | None, typer.Option(help="When (now, if left out).")] = None,
    place: Annotated[str | None, typer.Option(help="Where.")] = None,
    condition: Annotated[str | None, typer.Option(help="In what condition.")] = None,
    seal: Annotated[str | None, typer.Option(help="Number of its seal.")] = None,
) -> None:
    """Record that the thing itself was handed over."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        done = exhibits.transfer(
            case, number, to=to, purpose=purpose, at=at, place=place, condition=condition, seal=seal
        )
        said = tr("{number} went to {who}.").format(number=done.exhibit, who=plain(done.to))
        face.show({"case": case.reference, **done.to_body()}, said)


@evidence.command("export")
def export(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    to: Annotated[Path, typer.Option(help="A new file.", metavar="FILE")],
    purpose: Annotated[str, typer.Option(help="What for.")],
    legal_basis: Annotated[str, typer.Option(help="On which legal basis.")],
    recipient: Annotated[str | None, typer.Option(help="The receiver's age key (age1…).")] = None,
    in_clear: Annotated[bool, typer.Option("--in-clear", help="As it is, readable by everybody.")] = False,
    recipient_name: Annotated[str | None, typer.Option(help="Who receives it.")] = None,
) -> None:
    """An original leaves the vault, sealed for one receiver or, by name, in clear."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Exporting")) as progress:
        case = session.case(reference)
        done = exhibits.export(
            case, number, to, purpose=purpose, legal_basis=legal_basis, recipient=recipient, in_clear=in_clear,
            to=recipient_name, progress=progress,
        )  # fmt: skip
    how = tr("sealed for the receiver") if done.sealed else tr("in clear")
    face.show(
        {
            "case": case.reference,
            "exhibit": done.exhibit,
            "file": str(done.path),
            "sealed": done.sealed,
            "sha256": done.sha256.hex(),
            "size": done.size,
            "original_sha256": done.original_sha256.hex(),
            "entry": done.sequence,
        },
        tr("{number} is in {file}, {how}. Entry {n} says so.").format(
            number=done.exhibit, file=plain(done.path), how=how, n=done.sequence
        ),
    )


def find(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words.")],
    reference: Annotated[str | None, typer.Option("--case", help="Only in this case.", metavar="REF")] = None,
    limit: Annotated[
        int, typer.Option(help="At most so many hits a case.", min=1, max=1000, metavar="N")
    ] = search.LIMIT,
) -> None:
    """Find words in the evidence of the cases that you may read."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Searching")):
        chosen: list[CaseFile] = [session.case(reference)] if reference is not None else list(session.cases())
        hits = search.search_all(chosen, query, limit=limit)
    face.show(
        {
            "query": query,
            "hits": [
                {"case": one.case, "exhibit": one.exhibit, "name": one.name, "page": one.page, "snippet": one.snippet}
                for one in hits
            ],
        },
        *table(
            (tr("Case"), tr("Item"), tr("Page"), tr("Name"), tr("Text")),
            [(one.case, one.exhibit, one.page, one.name, " ".join((one.snippet or "").split())) for one in hits],
        ),
        *([] if hits else [tr("Nothing was found.")]),
    )
