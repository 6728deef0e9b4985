"""``due`` and ``duties …``: what is due for whom, what was missed, and the answers for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.casework import duties as casework
from evidencevault.casework import reminders
from evidencevault.cli.cases import Reference
from evidencevault.cli.face import Face, face_of, say, table
from evidencevault.custody import overdue
from evidencevault.custody.overdue import Overdue
from evidencevault.custody.rows import DueDuty
from evidencevault.errors import Refused, UsageError
from evidencevault.resources import tr
from evidencevault.session import Session

duties = typer.Typer(help="What the policy asks, and what was missed.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the command and the group into the program."""
    app.command("due")(due)
    app.add_typer(duties, name="duties")


def due(
    ctx: typer.Context,
    on: Annotated[str | None, typer.Option(help="As it will be on this day (2026-11-30).", metavar="DATE")] = None,
    calendar: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write it as a calendar, without any name.")
    ] = None,
) -> None:
    """What is due, in every case that you may follow. Oversight sees this without reading a case."""
    face = face_of(ctx)
    with face.session() as session:
        _watch(session)
        now = _day(on, session.office.clock())
        zone = now.tzinfo
        found = [one for one in session.duties() if one.duty.state == "open"]
    found.sort(key=lambda one: (one.duty.due is None, one.duty.due or 0, one.reference))
    rows = [_row(one, now) for one in found]
    if calendar is not None:
        try:
            calendar.write_bytes(reminders.calendar(found, now))
        except OSError as error:
            raise Refused(tr("{file} cannot be written: {why}.").format(file=calendar, why=error.strerror)) from error
    face.show(
        {"due": rows},
        *table(
            (tr("Due until"), tr("Case"), tr("For"), tr("What"), tr("Who"), tr("State")),
            [
                (_local(one.duty.due, zone), row["case"], row["ref"], row["name"], row["role"], _state(row))
                for one, row in zip(found, rows, strict=True)
            ],
        ),
        *([] if rows else [tr("Nothing is due.")]),
    )


def _state(row: dict[str, str | None]) -> str:
    said = tr("overdue") if row["state"] == "overdue" else ""
    return f"{said} {tr('(moved)')}".strip() if row["before"] else said


def _watch(session: Session) -> list[tuple[str, overdue.Missed]]:
    found, failed = session.watch()
    for case, error in failed:
        say(tr("A case could not be opened ({case}): {why}").format(case=case.hex()[:8], why=error))
    return found


def _day(on: str | None, now: datetime) -> datetime:
    if on is None:
        return now
    try:
        return datetime.combine(date.fromisoformat(on), datetime.max.time(), now.tzinfo)
    except ValueError as error:
        raise UsageError(tr("--on is a day such as 2026-11-30.")) from error


def _local(seconds: int | None, zone: tzinfo | None) -> str:
    return "-" if seconds is None else casework.until(seconds, zone).strftime("%Y-%m-%d %H:%M")


def _utc(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="minutes")


def _row(one: DueDuty, now: datetime) -> dict[str, str | None]:
    late = one.duty.due is not None and one.duty.due < now.timestamp()
    return {
        "case": one.reference,
        "step": one.duty.step,
        "name": casework.called(one.duty),
        "role": one.duty.role,
        "due": _utc(one.duty.due),
        "before": _utc(one.duty.before),
        "state": "overdue" if late else one.duty.state,
        "ref": one.duty.ref,
    }


@duties.command("run")
def run(ctx: typer.Context) -> None:
    """Enter every missed deadline, once each. Meant for a scheduler; the same happens whenever a case is opened."""
    face = face_of(ctx)
    with face.session() as session:
        found = _watch(session)
    rows = [{**_row(one.duty, one.due), "due": one.due.isoformat(timespec="minutes")} for _, one in found]
    face.show(
        {"entered": rows},
        *table(
            (tr("Due"), tr("Case"), tr("For"), tr("What"), tr("Who")),
            [(one["due"], one["case"], one["ref"], one["name"], one["role"]) for one in rows],
        ),
        *([] if rows else [tr("Nothing was missed that was not entered before.")]),
    )


@duties.command("missed")
def missed(
    ctx: typer.Context, case: Annotated[str | None, typer.Option(metavar="REF", help="Of one case only.")] = None
) -> None:
    """Every deadline that was missed, answered or not. None of them can be taken away."""
    face = face_of(ctx)
    with face.session() as session:
        ledgers = [session.ledger(case)] if case else list(session.ledgers())
        found = [(ledger.reference, one) for ledger in ledgers for one in overdue.entries(ledger)]
    rows = [_entry(reference, one) for reference, one in found]
    head = (tr("Case"), tr("Entry"), tr("Due"), tr("For"), tr("What"), tr("Who"), tr("Went to"), tr("Answered"))
    face.show(
        {"missed": rows},
        *table(
            head,
            [
                (row["case"], row["entry"], row["due"], row["ref"], row["name"], row["role"], ", ".join(one.escalated),
                 row["answered"] or tr("no"))
                for (_, one), row in zip(found, rows, strict=True)
            ],
        ),
        *([] if rows else [tr("No deadline was missed.")]),
    )  # fmt: skip


def _entry(reference: str, one: Overdue) -> dict[str, object]:
    return {
        "case": reference,
        "entry": one.sequence,
        "step": one.step,
        "name": casework.called_as(one.step, one.name),
        "role": one.role,
        "ref": one.ref,
        "due": one.due.isoformat(timespec="minutes"),
        "noticed": one.noticed.isoformat(timespec="minutes"),
        "escalated": list(one.escalated),
        "answered": _utc(one.duty.duty.answered) if one.duty is not None else None,
    }


@duties.command("answer")
def answer(
    ctx: typer.Context,
    reference: Reference,
    entry: Annotated[int, typer.Argument(metavar="N", help="The number of its entry; “duties missed” shows it.")],
    words: Annotated[str, typer.Option(help="Why it was missed, and what is done about it.")],
) -> None:
    """Answer for a missed deadline. It stays where it is, with the answer beside it."""
    face: Face = face_of(ctx)
    with face.session() as session:
        ledger = session.case(reference).ledger
        overdue.answer(ledger, entry, words)
        said = tr("The answer stands beside entry {n} of {case}.").format(n=entry, case=ledger.reference)
        face.show({"case": ledger.reference, "entry": entry}, said)
