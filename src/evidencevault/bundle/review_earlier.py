"""What earlier reviews of a case found, and what came of what they recommended, as part of the next one."""

from __future__ import annotations

from collections.abc import Iterator

from evidencevault.bundle.report_html import escaped, grid, paragraph
from evidencevault.casework.actions import Recommendation
from evidencevault.casework.reviews import Earlier, Review
from evidencevault.resources import tr


def html(review: Review) -> Iterator[str]:
    """Each earlier review; every text escaped."""
    if review.earlier:
        yield f"<h2>{escaped(tr('Earlier reviews'))}</h2>"
    for one in review.earlier:
        yield paragraph(headline(one), strong=True)
        for place, found in enumerate(one.record.finding, 1):
            yield paragraph(f"{place}. {found.words}" + (f" ({found.about})" if found.about else ""))
        if one.advice:
            rows = [(escaped(told.number), escaped(told.words), escaped(standing(told))) for told in one.advice]
            yield grid([escaped(text) for text in ("", tr("Recommendation"), tr("State"))], rows)


def headline(one: Earlier) -> str:
    """Reference, day, who made it, and by which policies."""
    record = one.record
    day = "" if record.made_at is None else record.made_at.date().isoformat()
    told = tr("{number}, {day}, by {name}, under {then} and {now}")
    return told.format(number=record.number, day=day, name=record.made_by, then=record.then, now=record.now)


def standing(one: Recommendation) -> str:
    """What became of a recommendation."""
    if one.refused is not None:
        return tr("refused: {why}").format(why=one.refused.reason)
    return tr("followed: {proof}").format(proof=", ".join(one.proof)) if one.proof else tr("not done")
