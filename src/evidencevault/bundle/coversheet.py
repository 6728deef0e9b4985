"""``data/index.pdf``: the cover of a bundle on paper, what is in it and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evidencevault.bundle.contents import (
    ORIGINAL,
    REDACTED,
    SLIP_SHEET,
    Answered,
    Cover,
    Document,
    Redaction,
    Totals,
    Withheld,
    answered,
    totals,
)
from evidencevault.bundle.report_html import escaped, fact_table, grid, page, small_hash, time_cell
from evidencevault.redaction.burning import Burner
from evidencevault.resources import tr


def made(
    workers: Burner,
    cover: Cover,
    documents: Sequence[Document],
    redactions: Sequence[Redaction],
    withheld: Sequence[Withheld],
) -> bytes:
    """The PDF, A4, in the language of the person who releases. Raises DocumentFailed."""
    return workers.typeset(html(cover, documents, redactions, withheld))


def html(
    cover: Cover, documents: Sequence[Document], redactions: Sequence[Redaction], withheld: Sequence[Withheld]
) -> str:
    """What is typeset; every text escaped."""
    facts = (
        (tr("Case"), escaped(cover.case)),
        (tr("Bundle"), escaped(cover.bundle)),
        (tr("Made"), time_cell(cover.made, "")),
        (tr("Purpose"), escaped(cover.purpose)),
        (tr("Legal basis"), escaped(cover.legal_basis)),
        (tr("Remark"), escaped(cover.approval)),
        (tr("Signed by"), escaped(cover.fingerprint)),
    )
    parts = [
        f"<h1>{escaped(cover.name)}</h1>",
        fact_table(facts),
        *_answer(cover, answered(cover, documents, withheld)),
        f"<h2>{escaped(tr('Documents'))}</h2>",
        _delivered(documents, redactions),
        f"<h2>{escaped(tr('Withheld'))}</h2>",
        _held(withheld),
        f"<h2>{escaped(tr('Totals'))}</h2>",
        fact_table((escaped(name), str(count)) for name, count in _totals(totals(cover, documents, withheld))),
    ]
    return page("".join(parts))


def _answer(cover: Cover, told: Answered | None) -> list[str]:
    """What the person who asked for access is told first."""
    if told is None:
        return []
    said = tr(
        "This bundle answers the request of “{person}” for access to what is about them (art. 15 GDPR). Their own "
        "names were left open; data of others, and whatever was in doubt, were hidden (art. 15(4)). Against a refusal "
        "a complaint to the supervisory authority or an appeal to a court is open."
    )
    rows = [
        (tr("Documents about the person"), told.about),
        (tr("Delivered"), told.delivered),
        *((f"{tr('Refused')}: {reason}", count) for reason, count in told.refused),
        *([(tr("No copy could be made"), told.uncopied)] if told.uncopied else []),
        (tr("Items of the case that are not about the person"), told.not_about),
    ]
    return [
        f"<h2>{escaped(tr('An answer to a request for access'))}</h2>",
        f"<p>{escaped(said.format(person=cover.access))}</p>",
        fact_table((escaped(name), str(count)) for name, count in rows),
    ]


def _totals(counted: Totals) -> list[tuple[str, int]]:
    return [
        (tr("Evidence items of the case"), counted.case),
        (tr("Delivered"), counted.delivered),
        (tr("Withheld"), counted.withheld),
        (tr("Not selected"), counted.left_out),
        (tr("Numbered pages"), counted.pages),
    ]


def _delivered(documents: Sequence[Document], redactions: Sequence[Redaction]) -> str:
    marks = Counter(one.document for one in redactions)
    kinds = {REDACTED: tr("redacted copy"), ORIGINAL: tr("original"), SLIP_SHEET: tr("slip sheet")}
    rows = [
        (
            escaped(one.number if one.last == one.number else f"{one.number} – {one.last}"),
            escaped(one.exhibit),
            escaped(kinds[one.kind]),
            str(one.pages or ""),
            str(marks[one.number] or ""),
            small_hash(one.sha256),
        )
        for one in documents
    ]
    titles = (tr("Number"), tr("Evidence"), tr("Kind"), tr("Pages"), tr("Marks"), "SHA-256")
    return grid([escaped(one) for one in titles], rows)


def _held(withheld: Sequence[Withheld]) -> str:
    if not withheld:
        return f"<p>{escaped(tr('Nothing was withheld.'))}</p>"
    rows = [(escaped(one.exhibit), escaped(one.reason), escaped(one.basis), escaped(one.document)) for one in withheld]
    titles = (tr("Evidence"), tr("Reason"), tr("Basis"), tr("Slip sheet"))
    return grid([escaped(one) for one in titles], rows)
