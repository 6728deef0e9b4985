"""``overview``: the office at a glance; on paper and as CSV without names."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.bundle import overview_page
from evidencevault.bundle.inside import write_whole
from evidencevault.casework import telling
from evidencevault.casework.cases import CATEGORIES, STATES
from evidencevault.casework.codes import word
from evidencevault.casework.counted import Decided, Overview
from evidencevault.casework.duties import until
from evidencevault.cli.face import face_of, plain, say, table
from evidencevault.errors import Damaged, Refused
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the command into the program."""
    app.command("overview")(overview)


def overview(
    ctx: typer.Context,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the counts, without names.")] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write them on paper, without names.")] = None,
) -> None:
    """What needs action today, cases by step and age, how deadlines are kept, decisions, voices unanswered."""
    face = face_of(ctx)
    with face.session() as session:
        found = session.overview()
        told = telling.told(found)
        if csv is not None:
            _write(csv, lambda: telling.as_csv(told))
        if pdf is not None:
            _write(pdf, lambda: overview_page.of_office(session.workers, session.office, found))
    face.show(_document(found), *_lines(found))
    for one in found.faults:
        said = tr("{case} is not counted: {why}") if not one.counted else tr("{case} was not brought up to date: {why}")
        say(said.format(case=one.case, why=plain(one.why)))
    if found.faults:
        raise typer.Exit(Damaged.exit_code)


def _document(found: Overview) -> dict[str, object]:
    plain: object = _plain(dataclasses.asdict(found))
    assert isinstance(plain, dict)
    return {**plain, "speeds": [dataclasses.asdict(one) for one in found.speeds()]}


def _plain(value: object) -> object:
    """Times as RFC 3339; the rest as JSON knows it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _write(path: Path, made: Callable[[], bytes]) -> None:
    if os.path.lexists(path):
        raise Refused(tr("{file} exists already; nothing was written.").format(file=path))
    write_whole(path, [made()])


def _lines(found: Overview) -> list[str]:
    zone = found.at.tzinfo
    ages = telling.AGES
    states = [state for state in STATES if any(one.state == state for one in found.open)]
    matrix = [
        (word(state), *(sum((one.state, one.band) == (state, age) for one in found.open) or "" for age in ages))
        for state in states
    ]
    waiting = [
        (
            until(int(one.due.timestamp()), zone).date(),
            one.case,
            one.ref,
            one.name,
            one.role,
            tr("overdue") if one.late else "",
        )
        for one in found.today
    ]
    return [
        *_part(tr("Due today"), (tr("Due"), tr("Case"), tr("For"), tr("What"), tr("Who"), tr("State")), waiting),
        *_part(tr("Open cases by age"), ("", *map(word, ages)), matrix),
        *_part(
            tr("Deadlines"),
            (tr("What"), tr("In time"), tr("Late"), tr("Open"), tr("Days left: median"), tr("slowest tenth"),
             tr("Days taken: median"), tr("slowest tenth")),
            [
                (one.name, one.met, one.late, one.open, *map(_days, (one.median, one.slowest, one.took, one.longest)))
                for one in found.speeds()
            ],
        ),
        *_part(tr("Missed deadlines"), *_missed(found)),
        *_part(tr("Categories by year of report"), *_categories(found)),
        *_part(
            tr("Decisions"),
            (tr("Case"), "", tr("Clause"), tr("Finding"), tr("Measure"), tr("Signed"), tr("Days since report"), ""),
            [
                (one.case, one.number, one.clause, word(one.finding), ", ".join(one.measures),
                 one.signed and one.signed.astimezone(zone).date(), one.days, _standing(one))
                for one in found.decided
            ],
        ),
        *_part(
            tr("Voices unanswered"),
            (tr("Case"), "", tr("Heard"), tr("Days waiting")),
            [(one.case, one.number, one.heard.astimezone(zone).date(), one.days) for one in found.voices],
        ),
    ]  # fmt: skip


def _standing(one: Decided) -> str:
    waits = {"draft": tr("draft"), "no": tr("waits for a signature")}
    return waits.get(one.state, "")


Grid = tuple[Sequence[str], Sequence[Sequence[object]]]
"""A heading and rows."""


def _missed(found: Overview) -> Grid:
    years, names = sorted({one.year for one in found.missed}), found.names()
    rows = [
        (name, *(sum((one.step, one.year) == (step, year) for one in found.missed) or "" for year in years),
         sum(one.step == step and one.answered for one in found.missed) or "")
        for step, name in sorted(names.items(), key=lambda one: one[1])
        if any(one.step == step for one in found.missed)
    ]  # fmt: skip
    return (tr("What"), *map(str, years), tr("Answered for")), rows


def _categories(found: Overview) -> Grid:
    years = sorted({year for year, _ in found.reported})
    rows = [
        (word(category), *(sum(one == (year, category) for one in found.reported) or "" for year in years))
        for category in CATEGORIES
        if any(category == one for _, one in found.reported)
    ]
    return ("", *map(str, years)), rows


def _part(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    return ["", title.upper(), *(table(head, rows) if rows else [tr("none")])]


def _days(days: float | None) -> object:
    return "" if days is None else f"{days:.1f}"
