"""What the viewer shows of an exhibit before any of its content."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.desktop import rows, words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.exhibit_facts import around, exhibit_html
from evidencevault.desktop.rows import CustodyRow
from evidencevault.evidence import exhibits
from evidencevault.evidence.exhibits import Exhibit
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Shown:
    """What the viewer needs of an exhibit before any of its content."""

    case: str
    exhibit: Exhibit
    facts: str
    entries: list[CustodyRow]
    about: str
    may_note: bool = False


def prepare(opened: Opened, number: str) -> Shown:
    """Read it; no content, hence no view."""
    one = exhibits.get(opened.case, number)
    found = None if one.restricted else exhibits.findings(opened.case, number)
    told = [one.number]
    if one.pages and one.previewable:
        told.append(tr("{n} pages").format(n=one.pages) if one.pages > 1 else tr("1 page"))
    if one.size is not None:
        told.append(words.size(one.size))
    told.append(tr("from {who}").format(who=words.isolated(one.source)))
    return Shown(
        opened.case.reference,
        one,
        exhibit_html(one, found, around(opened.case, one)),
        rows.custody_rows(opened.case, one.number),
        words.line(told),
        may_note=bool(opened.case.member.roles & {"officer", "legal"}),
    )


def unshowable(one: Exhibit) -> tuple[str, str]:
    """Title and sentence for an exhibit that has no pages to show."""
    if one.object is None:
        place = one.held.place if one.held else ""
        return tr("This is no file"), tr("It is kept at: {place}").format(place=words.isolated(place))
    if not one.looked_at:
        return (
            tr("Nobody has looked at this file yet"),
            tr("It came in, and the import ended before the program could look at it."),
        )
    if (one.media_type or "").startswith(("audio/", "video/")):
        return (
            tr("Cannot be played here"),
            tr("To play sound and film, install the part “media” of this program. The recording is safely sealed."),
        )
    why = one.failure or tr("This kind of file cannot be shown as pages. Its bytes are safely sealed.")
    return tr("No preview"), why
