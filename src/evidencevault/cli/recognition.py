"""``redact ocr``: read the pixels of evidence items, so that names and words are found in scans and pictures too."""

from __future__ import annotations

from typing import Annotated

import typer

from evidencevault.cli.cases import Reference
from evidencevault.cli.each import Every, Number, Purpose, each
from evidencevault.cli.face import plain
from evidencevault.cli.redactions import redact
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused
from evidencevault.evidence import exhibits, reading, recognition
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session


def register(app: typer.Typer) -> None:
    """Hang the command into the group ``redact``."""
    redact.command()(ocr)


def ocr(
    ctx: typer.Context,
    reference: Reference,
    number: Number = None,
    languages: Annotated[
        str, typer.Option(help="Such as nld+eng; without it, those of the vault's country first.", metavar="L")
    ] = "",
    again: Annotated[bool, typer.Option("--again", help="Read what was read before, too.")] = False,
    purpose: Purpose = None,
    every: Every = False,
) -> None:
    """Read what stands in the pixels of scans and pictures. What was stopped is taken up where it was."""

    def act(case: CaseFile, exhibit: str, session: Session, progress: Progress) -> tuple[dict[str, object], str]:
        workers = session.workers_for(case)
        asked = languages or workers.languages(case.country)
        if not asked:
            raise Refused(tr("No text recognition is installed on this machine; “doctor” says what is."))
        written = reading.text(case, workers, exhibit, purpose=purpose)
        pages = [page.page for page in written if page.pictured]
        read = recognition.recognise(case, workers, exhibit, pages, asked, progress, again)
        name = plain(exhibits.get(case, exhibit).name)
        said = tr("{exhibit}: {n} pages read ({name}).").format(exhibit=exhibit, n=len(read), name=name)
        return {"exhibit": exhibit, "pages": sorted(read), "languages": asked}, said

    each(ctx, reference, number, every, act)
