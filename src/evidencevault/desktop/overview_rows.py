"""The charts and tables of the overview, made in the reading lane from what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from evidencevault.bundle import overview_page
from evidencevault.casework import telling
from evidencevault.casework.cases import SEVERITIES
from evidencevault.casework.codes import word
from evidencevault.casework.counted import Overview, band
from evidencevault.casework.decisions import FINDINGS
from evidencevault.casework.telling import AGES
from evidencevault.desktop import words
from evidencevault.desktop.charts import Bar, Part
from evidencevault.desktop.home_rows import age_bars, deadline_bars, single, state_bars
from evidencevault.desktop.readers import escaped
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session


@dataclass(frozen=True, slots=True)
class Told:
    """What the screen shows: bars by the name of their chart, tables as markup, and what could not be counted."""

    bars: dict[str, tuple[Bar, ...]]
    speeds: str
    decided: str
    waiting: str
    faults: str
    cases: int


def counted(session: Session, progress: Progress) -> Told:
    """Count anew. Raises Cancelled."""
    found = session.overview(progress)
    return Told(
        bars={
            "states": state_bars(found),
            "ages": age_bars(found),
            "severities": single(Counter(one.severity for one in found.open), SEVERITIES),
            "voices": single(Counter(band(one.days) for one in found.voices), AGES),
            "findings": single(Counter(one.finding for one in found.decided if one.signed), FINDINGS),
            "deadlines": deadline_bars(found),
            "missed": _missed(found),
            "categories": _categories(found),
        },
        speeds=_speeds(found),
        decided=_decided(found),
        waiting=_waiting(found),
        faults="\n".join(f"{words.isolated(one.case)}: {one.why}" for one in found.faults),
        cases=found.cases,
    )


def as_csv(session: Session, progress: Progress) -> bytes:
    """The counts without names, small ones left out. Raises Cancelled."""
    return telling.as_csv(telling.told(session.overview(progress)))


def as_pdf(session: Session, progress: Progress) -> bytes:
    """The same on paper. Raises Cancelled, DocumentFailed."""
    found = session.overview(progress)
    progress.check()
    return overview_page.of_office(session.workers, session.office, found)


def _missed(found: Overview) -> tuple[Bar, ...]:
    kinds = Counter((one.year, one.answered) for one in found.missed)
    return tuple(
        Bar(
            str(year),
            (
                Part(tr("Answered for"), kinds[year, True], "warn"),
                Part(tr("Not answered for"), kinds[year, False], "bad"),
            ),
        )
        for year in sorted({one.year for one in found.missed})
    )


def _categories(found: Overview) -> tuple[Bar, ...]:
    kinds = Counter(found.reported)
    return tuple(
        Bar(f"{year}  {word(category)}", (Part("", number),)) for (year, category), number in sorted(kinds.items())
    )


def _speeds(found: Overview) -> str:
    head = (
        tr("What"),
        tr("Cases"),
        tr("Days it took: median"),
        tr("longest tenth"),
        tr("Days left: median"),
        tr("slowest tenth"),
    )
    rows = [
        (one.name, str(one.cases), *(_days(part) for part in (one.took, one.longest, one.median, one.slowest)))
        for one in found.speeds()
        if one.cases
    ]
    return _table(head, rows, tr("Nothing with a deadline was done yet."))


def _decided(found: Overview) -> str:
    zone = found.at.tzinfo
    head = (tr("Case"), tr("Decision"), tr("Clause"), tr("Finding"), tr("Measure"), tr("Signed"), tr("State"))
    states = {"yes": tr("Every signature"), "no": tr("Waits for a signature"), "draft": tr("Draft")}
    rows = [
        (
            one.case,
            one.number,
            one.clause,
            word(one.finding),
            ", ".join(word(measure) for measure in one.measures),
            _day(one.signed, zone),
            states[one.state],
        )
        for one in found.decided
    ]
    return _table(head, rows, tr("No decision yet"))


def _waiting(found: Overview) -> str:
    rows = [(one.case, one.number, _day(one.heard, found.at.tzinfo), str(one.days)) for one in found.voices]
    return _table((tr("Case"), tr("Voice"), tr("Heard"), tr("Days waiting")), rows, tr("Every voice was answered"))


def _day(at: datetime | None, zone: tzinfo | None) -> str:
    return at.astimezone(zone).date().isoformat() if at else ""


def _days(days: float | None) -> str:
    return "" if days is None else words.locale().toString(days, "f", 1)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], none: str) -> str:
    listed = list(rows)
    if not listed:
        return f'<p class="muted">{escaped(none)}</p>'
    titles = "".join(f'<td class="name">{escaped(one)}</td>' for one in head)
    lines = "".join("<tr>" + "".join(f"<td>{escaped(one)}</td>" for one in row) + "</tr>" for row in listed)
    return f"<table><tr>{titles}</tr>{lines}</table>"
