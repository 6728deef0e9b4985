"""The overview on paper: tables and bars without names, typeset by the document worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from evidencevault.bundle.report_html import escaped, fact_table, grid, page, paragraph, time_cell
from evidencevault.casework import policies, telling
from evidencevault.casework.codes import word
from evidencevault.casework.counted import Overview
from evidencevault.casework.telling import HIDDEN, Table, Told
from evidencevault.custody.office import Office
from evidencevault.redaction.burning import Burner
from evidencevault.resources import tr

_WIDEST = 24
"""Blocks of the longest bar."""
_BLOCK = "█"


def made(workers: Burner, told: Told, organisation: str, policy: str, at: datetime) -> bytes:
    """The PDF, A4, in the language of the reader. Raises DocumentFailed."""
    return workers.typeset(html(told, organisation, policy, at))


def of_office(workers: Burner, office: Office, found: Overview) -> bytes:
    """The PDF of what was counted in a vault, without names. Raises DocumentFailed."""
    adopted = policies.in_force(policies.adopted(office), found.at.astimezone(UTC).date())
    policy = f"{adopted.policy.title} ({adopted.policy.version})" if adopted else tr("none adopted")
    return made(workers, telling.told(found), office.organisation, policy, found.at)


def html(told: Told, organisation: str, policy: str, at: datetime) -> str:
    """What is typeset; every text escaped."""
    facts = (
        (tr("Organisation"), escaped(organisation)),
        (tr("Policy"), escaped(policy)),
        (tr("As of"), time_cell(at.isoformat(timespec="minutes"), "")),
    )
    note = tr("{sign} is a count of fewer than five, or one that would give such a count away. Nobody is named.")
    parts = [f"<h1>{escaped(tr('Overview'))}</h1>", fact_table(facts), paragraph(note.format(sign=HIDDEN))]
    if not told.whole:
        parts.append(paragraph(tr("Some cases could not be read; they are not counted here."), strong=True))
    for table in told.tables:
        parts += [f"<h2>{escaped(tr(table.title))}</h2>", _table(table)]
    if told.speeds:
        left = [(one.name, one.median, one.slowest) for one in told.speeds]
        taken = [(one.name, one.took, one.longest) for one in told.speeds]
        parts += [f"<h2>{escaped(tr('Days left when it was done'))}</h2>", _days_of(left)]
        parts += [f"<h2>{escaped(tr('Days from its beginning until it was done'))}</h2>", _days_of(taken)]
    return page("".join(parts))


def _table(table: Table) -> str:
    if not table.rows:
        return paragraph(tr("There is nothing to count."))
    if len(table.columns) == 1:
        longest = max((one or 0 for _, (one, *_) in table.rows), default=0)
        rows = [(escaped(word(row)), _shown(count), _bar(count, longest)) for row, (count, *_) in table.rows]
        return grid(("", escaped(tr("Count")), ""), rows)
    titles = ("", *(escaped(word(one)) for one in table.columns))
    return grid(titles, [(escaped(word(row)), *map(_shown, counts)) for row, counts in table.rows])


def _shown(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _bar(count: int | None, longest: int) -> str:
    return _BLOCK * round(_WIDEST * (count or 0) / longest) if longest else ""


def _days_of(rows: Sequence[tuple[str, float | None, float | None]]) -> str:
    titles = ("", escaped(tr("Median")), escaped(tr("Slowest tenth")))
    return grid(titles, [(escaped(name), _days(median), _days(tenth)) for name, median, tenth in rows])


def _days(days: float | None) -> str:
    return HIDDEN if days is None else f"{days:.1f}"
