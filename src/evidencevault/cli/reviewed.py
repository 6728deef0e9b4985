"""``reviews …``: what the reviews of a case found, and what came of what they recommended."""

from __future__ import annotations

from typing import Annotated

import typer

from evidencevault.bundle.review_earlier import headline, standing
from evidencevault.casework import reviews as casework
from evidencevault.casework.actions import Recommendation
from evidencevault.casework.reviews import Earlier, Opinion
from evidencevault.cli.cases import Reference
from evidencevault.cli.face import face_of, plain, table
from evidencevault.cli.forms import FileOption, body, form
from evidencevault.errors import FormError
from evidencevault.forms.writing import to_toml
from evidencevault.resources import tr

reviews = typer.Typer(help="What the reviews of a case found.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="V01")]


def document(one: Earlier) -> dict[str, object]:
    """A review as its JSON document, with its recommendations as they stand."""
    return {**body(one.record), "advice": [{**body(told), "state": _state(told)} for told in one.advice]}


def _state(told: Recommendation) -> str:
    return "refused" if told.refused is not None else "followed" if told.proof else "open"


@reviews.command("list")
def list_(ctx: typer.Context, reference: Reference) -> None:
    """The reviews of a case that found something."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = casework.earlier(case)
    rows = [
        (
            one.record.number,
            one.record.made_at and one.record.made_at.date(),
            one.record.made_by,
            one.record.then,
            one.record.now,
            len(one.record.finding),
            f"{sum(told.done for told in one.advice)}/{len(one.advice)}",
        )
        for one in found
    ]
    head = ("", tr("Made at"), tr("Made by"), tr("Policy then"), tr("Policy today"), tr("Findings"), tr("Followed up"))
    face.show(
        {"case": case.reference, "reviews": [document(one) for one in found]},
        *table(head, rows),
        *([] if rows else [tr("There are none in {case}.").format(case=case.reference)]),
    )


@reviews.command("show")
def show(ctx: typer.Context, reference: Reference, number: Number) -> None:
    """What one review found, and what came of what it recommended."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        wanted = casework.get(case, number).number
        (one,) = (found for found in casework.earlier(case) if found.record.number == wanted)
        changed = len(casework.history(case, number))
    found = [
        f"{place}. {plain(told.words)}" + (f" ({plain(told.about)})" if told.about else "")
        for place, told in enumerate(one.record.finding, 1)
    ]
    face.show(
        {"case": case.reference, "revision": changed, **document(one)},
        plain(headline(one)),
        *found,
        *(f"{told.number}  {plain(told.words)}  [{plain(standing(told))}]" for told in one.advice),
    )


@reviews.command("correct")
def correct(
    ctx: typer.Context,
    reference: Reference,
    number: Number,
    file: FileOption = None,
    template: Annotated[bool, typer.Option("--template", help="Print what was found, to be changed, and end.")] = False,
) -> None:
    """Write down otherwise what a review found. What was written before stays in the history."""
    face = face_of(ctx)
    if template:
        with face.session() as session:
            old = casework.get(session.case(reference), number)
        print(to_toml(Opinion(finding=old.finding)), end="")
        return
    opinion = form(Opinion, file)
    if opinion.recommendation:
        raise FormError(
            tr("recommendation: recommendations that were filed are followed up on their own. Nothing was saved.")
        )
    with face.session() as session:
        case = session.case(reference)
        made = casework.correct(case, number, opinion.finding)
        said = tr("{number} is corrected; what was written before is kept.").format(number=made.number)
        face.show({"case": case.reference, "review": made.number}, said)
