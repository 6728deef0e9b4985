"""A recovery share on paper: one page for one trustee, its words numbered, and what to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle.report_html import escaped, fact_table, grid, page, paragraph
from evidencevault.errors import StorageFailed
from evidencevault.redaction.burning import Burner
from evidencevault.resources import tr
from evidencevault.vault.durable import NewFile

_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class ShareSheet:
    """What a sheet says. ``number`` from 1 of ``of`` shares, ``needed`` of which suffice; ``made`` is a date."""

    words: str
    number: int
    of: int
    needed: int
    organisation: str
    made: str


def html(sheet: ShareSheet) -> str:
    """The page; every text escaped."""
    facts = (
        (tr("Organisation"), escaped(sheet.organisation)),
        (tr("Share"), escaped(tr("{n} of {m}").format(n=sheet.number, m=sheet.of))),
        (tr("Needed to recover"), escaped(tr("any {n} of them").format(n=sheet.needed))),
        (tr("Made on"), escaped(sheet.made)),
    )
    said = (
        tr(
            "Keep this sheet where nobody else can read it, apart from the computer and from the other shares."
        ),
        tr("Alone it opens nothing. Together with the others needed it gives a user of the vault new keys."),
        tr("Give it to nobody but the organisation named above, and only after asking there in another way."),
    )
    parts = [f"<h1>{escaped(tr('EvidenceVault: recovery share'))}</h1>", fact_table(facts)]
    parts += [_words(sheet.words), *map(paragraph, said)]
    return page("".join(parts))


def save(workers: Burner, sheet: ShareSheet, to: Path) -> None:
    """Write the sheet as a new PDF for its owner alone. Raises StorageFailed (never over another), DocumentFailed."""
    data = workers.typeset(html(sheet))
    try:
        with NewFile(to.with_name(f".{to.name}.part")) as file:
            file.write(data)
            file.settle(to)
    except FileExistsError as error:
        raise StorageFailed(
            tr("There is a file {file} already. Choose another name; nothing was written.").format(file=to)
        ) from error
    except OSError as error:
        raise StorageFailed(tr("{file} could not be written: {why}.").format(file=to, why=error.strerror)) from error


def _words(words: str) -> str:
    """Numbered, read down each column."""
    numbered = [f"{n:02d}\u00a0\u00a0<b>{escaped(one)}</b>" for n, one in enumerate(words.split(), 1)]
    height = -(-len(numbered) // _COLUMNS)
    columns = [numbered[n * height : (n + 1) * height] for n in range(_COLUMNS)]
    rows = [[column[n] if n < len(column) else "" for column in columns] for n in range(height)]
    return grid([""] * _COLUMNS, rows)
