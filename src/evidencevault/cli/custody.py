"""``custody …``: read the chain of custody, verify it, and hand its head out of the house."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.bundle import report as reports
from evidencevault.bundle import uco_case
from evidencevault.bundle.report_page import counterparty
from evidencevault.cli.face import face_of, plain, say, table
from evidencevault.cli.stamptold import StampTold, stamps_of
from evidencevault.custody import verify as verifying
from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.errors import Damaged, Refused, UsageError, VaultError
from evidencevault.resources import tr
from evidencevault.session import Session

custody = typer.Typer(help="The chain of custody.", no_args_is_help=True)
Reference = Annotated[str, typer.Argument(metavar="REF", help="Such as NL-2026-0001.")]


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(custody, name="custody")


@custody.command("show")
def show(
    ctx: typer.Context,
    reference: Reference,
    exhibit: Annotated[str | None, typer.Option(help="Only what concerns this evidence item.", metavar="E001")] = None,
) -> None:
    """Everything that happened in a case, oldest first."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        rows = [_entry(case, one) for one in _about(case.entries(), exhibit)]
    face.show(
        {"case": reference.upper(), "entries": rows},
        *table(
            ("#", tr("When"), tr("Who"), tr("What"), tr("On"), tr("Why"), tr("With whom")),
            [
                (
                    one["sequence"],
                    one["time"],
                    one["actor"],
                    one["action"],
                    one["subject"],
                    one["purpose"],
                    one["counterparty"],
                )
                for one in rows
            ],
        ),
    )


def _about(entries: Iterable[SeenEntry], exhibit: str | None) -> Iterator[SeenEntry]:
    for one in entries:
        subject = one.subject if isinstance(one.subject, list) else [one.subject]
        if exhibit is None or exhibit.upper() in subject:
            yield one


def _entry(case: CaseFile, one: SeenEntry) -> dict[str, object]:
    values = {
        "sequence": one.sequence,
        "time": one.time,
        "zone": one.zone,
        "actor": one.actor_name,
        "key": one.actor,
        "action": one.action,
        "subject": one.subject,
        "purpose": one.purpose,
        "place": one.place,
        "digest": one.digest,
        "counterparty": counterparty(case, one) or None,
        "details": one.details,
    }
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}


@custody.command("verify")
def verify(
    ctx: typer.Context,
    reference: Annotated[str | None, typer.Argument(metavar="REF", help="Such as NL-2026-0001.")] = None,
    every: Annotated[bool, typer.Option("--all", help="The vault's own ledger and every case.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Also read every stored file.")] = False,
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="A checkpoint that left the house: it must still be part of the ledger.", metavar="FILE"),
    ] = None,
) -> None:
    """Recompute everything and name what is wrong. Exit code 3 where something is."""
    face = face_of(ctx)
    if every == (reference is not None):
        raise UsageError(tr("Give either a case or --all."))
    note = read_file(checkpoint) if checkpoint is not None else None
    with face.session() as session, face.working(tr("Verifying")) as progress:
        if reference is None:
            report = verifying.verify(session.office, None, full=full, progress=progress, checkpoint=note)
        else:
            report = verifying.verify_reference(
                session.office, reference, full=full, progress=progress, checkpoint=note
            )
        told = [one for case in _read_by(session, reference) for one in stamps_of(case)]
    face.show({**_document(report, told)}, *_lines(report), *(one.line for one in told))
    wrong = len(report.findings) + sum(one.wrong is not None for one in told)
    if wrong:
        say(tr("{n} things are wrong; nothing was changed.").format(n=wrong))
        raise typer.Exit(Damaged.exit_code)


def _read_by(session: Session, reference: str | None) -> Iterator[CaseFile]:
    """The cases whose content this member reads; why another cannot be opened is among the findings already."""
    if reference is not None:
        try:
            yield session.case(reference)
        except VaultError:
            return
        return
    for _, found in session.openings():
        if isinstance(found, CaseFile):
            yield found


def _document(report: verifying.Report, told: Sequence[StampTold]) -> dict[str, object]:
    return {
        "intact": not report.findings and not any(one.wrong for one in told),
        "timestamps": [dataclasses.asdict(one) for one in told],
        "full": report.full,
        "unverified_before_today": report.unverified_before_today,
        "others": report.others,
        "others_damaged": report.others_damaged,
        "ledgers": [
            {
                "name": one.name,
                "entries": one.entries,
                "checkpoints": one.checkpoints,
                "root": one.head.root.hex(),
                "records": one.records,
                "objects": one.objects,
                "witnesses": [{"name": seen.name, "size": seen.size, "time": seen.time} for seen in one.witnesses],
                "restored_at": list(one.restored_at),
                "findings": [{"where": wrong.where, "what": wrong.what} for wrong in one.findings],
            }
            for one in report.ledgers
        ],
    }


def _lines(report: verifying.Report) -> Iterator[str]:
    for one in report.ledgers:
        state = tr("DAMAGED") if one.findings else tr("intact")
        yield f"{plain(one.name)}: {state}, " + tr("{n} entries, {c} checkpoints, {r} records, {o} files").format(
            n=one.entries, c=one.checkpoints, r=one.records, o=one.objects
        )
        for wrong in one.findings:
            yield f"  ! {plain(wrong.where)}: {plain(wrong.what)}"
        for sequence in one.restored_at:
            yield "  " + tr("a restored backup was declared at entry {n}").format(n=sequence)
        newest = {seen.name: seen.size for seen in sorted(one.witnesses, key=lambda seen: seen.size)}
        for name, size in sorted(newest.items()):
            yield "  " + tr("cosigned by {name} at {n} entries").format(name=plain(name), n=size)
    if report.others:
        said = tr("Cases that are not yours: {n}, checked as far as is possible without a key; damaged: {damaged}.")
        yield said.format(n=report.others, damaged=report.others_damaged)
    if report.unverified_before_today:
        yield tr("This machine sees this vault for the first time: older copies could not be compared.")


@custody.command("checkpoint")
def checkpoint(
    ctx: typer.Context,
    reference: Reference,
    to: Annotated[Path, typer.Option(help="A new file.", metavar="FILE")],
) -> None:
    """Write the signed head of a case's ledger to a file, to be kept elsewhere."""
    face = face_of(ctx)
    with face.session() as session:
        ledger = session.ledger(reference)
        note, head = ledger.ledger.note, ledger.ledger.tree.head
    if note is None:
        raise Refused(tr("This case has no checkpoint yet."))
    write_new(to, note)
    face.show(
        {"file": str(to), "size": head.size, "root": head.root.hex()},
        tr("The checkpoint at {n} entries is in {file}.").format(n=head.size, file=plain(to)),
    )


@custody.command("report")
def report(
    ctx: typer.Context,
    reference: Reference,
    to: Annotated[Path, typer.Option(help="A new PDF file.", metavar="FILE")],
) -> None:
    """For each evidence item who did what and when, with hashes, as a PDF. It names persons. An entry says so."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Writing")) as progress:
        case = session.case(reference)
        made = reports.write(case, session.workers_for(case), to, progress)
    face.show(
        {"case": case.reference, "file": str(to), "sha256": made.sha256.hex(), "entry": made.sequence},
        tr("The custody report is in {file}. Entry {n} says so.").format(file=plain(to), n=made.sequence),
    )


@custody.command("export")
def export(
    ctx: typer.Context,
    reference: Reference,
    to: Annotated[Path, typer.Option(help="A new file.", metavar="FILE.jsonld")],
) -> None:
    """The chain of custody as CASE/UCO JSON-LD, for other programs. It names persons. An entry says so."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Writing")) as progress:
        case = session.case(reference)
        made = uco_case.write(case, to, progress)
    face.show(
        {"case": case.reference, "file": str(to), "sha256": made.sha256.hex(), "entry": made.sequence},
        tr("The chain of custody is in {file}. Entry {n} says so.").format(file=plain(to), n=made.sequence),
    )


def read_file(file: Path, most: int = 1 << 20) -> bytes:
    """A small file whole. Raises Refused where it cannot be read or is larger than it can be."""
    try:
        with file.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise Refused(tr("{file} cannot be read: {why}.").format(file=plain(file), why=error.strerror)) from error
    if len(data) > most:
        raise Refused(tr("{file} is larger than it can be.").format(file=plain(file)))
    return data


def write_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet. Raises Refused."""
    try:
        with file.open("xb") as stream:
            stream.write(data)
    except FileExistsError as error:
        raise Refused(tr("{file} exists already; nothing was written.").format(file=plain(file))) from error
    except OSError as error:
        raise Refused(tr("{file} cannot be written: {why}.").format(file=plain(file), why=error.strerror)) from error
