"""``data/custody/report.pdf``: the custody report of what a bundle delivers, for a court, without a name in it."""

from __future__ import annotations

from collections.abc import Sequence

from evidencevault import __version__
from evidencevault.bundle.contents import ORIGINAL, SLIP_SHEET, Document
from evidencevault.bundle.outside import Outside, Step
from evidencevault.bundle.report_html import (
    escaped,
    fact_table,
    gap_list,
    grid,
    hash_line,
    page,
    paragraph,
    small_hash,
    time_cell,
)
from evidencevault.resources import tr

PATH = "custody/report.pdf"
_KEY = 8
"""Hex digits by which a table names a key; the list of keys has them whole."""


def report_html(told: Outside) -> str:
    """The report as HTML without scripts or links, all text escaped."""
    exhibits = dict.fromkeys(one.exhibit for one in told.documents)
    rest = [one for one in told.steps if one.subject not in exhibits]
    parts = [
        *_head(told),
        *(_exhibit(told, one) for one in exhibits),
        f"<h2>{escaped(tr('The case itself'))}</h2>",
        gap_list(told.gaps, ""),
        _table(told, rest, with_subject=True),
        _keys(told),
    ]
    return page("".join(parts))


def _head(told: Outside) -> list[str]:
    cover = told.cover
    limits = tr(
        "This report tells what the chain of custody discloses of the exhibits in this bundle. Members stand as role "
        "and key, never by name. Purposes, places, devices and counterparties of single entries are committed to and "
        "not disclosed here; a court can have them opened (custody disclose)."
    )
    reading = tr(
        "# is the place of an entry in the chain, times stand with their distance from UTC as the computer at work had "
        "them. data/custody/entries.json proves every line; the report adds nothing to it but the gaps."
    )
    return [
        f"<h1>{escaped(tr('Custody report'))}</h1>",
        f"<p><b>{escaped(cover.name)}</b></p>",
        fact_table(
            [
                (tr("Made at"), time_cell(told.released_at, "")),
                (tr("Made by"), escaped(f"{_who(told, told.released_by)} (EvidenceVault {__version__})")),
                (tr("Purpose"), escaped(cover.purpose)),
                (tr("Legal basis"), escaped(cover.legal_basis)),
                (tr("Approval"), escaped(cover.approval or tr("by a second person"))),
                (tr("Entries"), str(cover.checkpoint_size)),
                (tr("Exhibits in the case"), str(cover.exhibits_total)),
            ]
        ),
        hash_line(tr("Root of the chain"), told.root),
        hash_line(tr("Ledger"), cover.origin),
        hash_line(tr("Released under the key"), cover.fingerprint),
        paragraph(limits),
        paragraph(reading),
    ]


def _exhibit(told: Outside, number: str) -> str:
    parts = [f"<h2>{escaped(number)}</h2>"]
    for one in told.documents:
        if one.exhibit == number:
            parts += _document(one)
    return "".join([*parts, gap_list(told.gaps, number), _table(told, told.of(number))])


def _document(one: Document) -> list[str]:
    facts = [
        (tr("Document"), f"{_numbers(one)} (data/{one.path})"),
        (tr("Delivered as"), _kinds().get(one.kind, one.kind)),
        (tr("Why"), one.note),
        (tr("Type"), one.media_type),
        (tr("Size"), tr("{n} bytes").format(n=one.size)),
    ]
    lines = [fact_table((name, escaped(value)) for name, value in facts)]
    lines.append(hash_line(tr("SHA-256 of the delivered file"), one.sha256))
    if one.copy_sha256 and one.copy_sha256 != one.sha256:
        lines.append(hash_line(tr("SHA-256 of the approved copy, before its pages were numbered"), one.copy_sha256))
    if one.original_sha256:
        lines.append(hash_line(tr("SHA-256 of the original"), one.original_sha256))
    elif one.original_commitment:
        lines.append(hash_line(tr("Salted commitment to the SHA-256 of the original"), one.original_commitment))
    return lines


def _numbers(one: Document) -> str:
    return one.number if one.last in ("", one.number) else f"{one.number} – {one.last}"


def _kinds() -> dict[str, str]:
    return {
        "redacted": tr("redacted copy"),
        ORIGINAL: tr("original, unredacted"),
        SLIP_SHEET: tr("slip sheet in its place"),
    }


def _table(told: Outside, steps: Sequence[Step], *, with_subject: bool = False) -> str:
    if not steps:
        return ""
    titles = ["#", tr("When"), tr("Who"), tr("What"), *([tr("On")] if with_subject else []), "SHA-256"]
    rows = [
        [
            str(one.sequence),
            time_cell(one.time, one.zone),
            escaped(_who(told, one.actor)),
            escaped(one.action),
            *([escaped(one.subject)] if with_subject else []),
            small_hash(one.digest),
        ]
        for one in steps
    ]
    return grid([escaped(title) for title in titles], rows)


def _who(told: Outside, key: str) -> str:
    """``officer 3f2a90c1``: the role at the time and the beginning of the key."""
    return " ".join(filter(None, [told.roles.get(key, ""), key[:_KEY]]))


def _keys(told: Outside) -> str:
    rows = [[escaped(role), small_hash(key)] for key, role in told.roles.items()]
    title = f"<h2>{escaped(tr('Keys of the members at work'))}</h2>"
    return title + grid([escaped(tr("Role")), escaped(tr("Key"))], rows)
