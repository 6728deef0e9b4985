"""``review``: a case tested against the policy of then and that of today, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.bundle import review_page, review_words
from evidencevault.casework import policies, reviews
from evidencevault.casework.reviews import Advice, Finding, Opinion, Review
from evidencevault.cli import reviewed
from evidencevault.cli.face import face_of, plain, table
from evidencevault.cli.forms import FileOption, OptionalReference, body, form, needed
from evidencevault.cli.policies import read_file
from evidencevault.errors import UsageError
from evidencevault.forms.reading import check
from evidencevault.forms.writing import template_of
from evidencevault.policy.model import Policy
from evidencevault.policy.review import Row, Verdict
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the command and the group into the program."""
    app.command("review")(review)
    app.add_typer(reviewed.reviews, name="reviews")


def review(
    ctx: typer.Context,
    reference: OptionalReference = None,
    to: Annotated[Path | None, typer.Option(help="A new PDF file.", metavar="FILE.pdf")] = None,
    then: Annotated[
        Path | None, typer.Option(help="The policy of then (TOML); left out: the one of the case.", metavar="FILE")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="The policy of today (TOML); left out: the one in force.", metavar="FILE")
    ] = None,
    finding: Annotated[list[str] | None, typer.Option(help="What you found; repeatable.")] = None,
    recommend: Annotated[
        list[str] | None, typer.Option(help="What you recommend; it is followed up in the case. Repeatable.")
    ] = None,
    from_paper: Annotated[
        bool, typer.Option("--from-paper", help="The case was entered from paper, after all was over.")
    ] = False,
    file: FileOption = None,
    template: Annotated[bool, typer.Option("--template", help="Print an empty form with comments, and end.")] = False,
) -> None:
    """Test a case against the policy of then and that of today, clause by clause, into a PDF. It names persons.

    What you find is kept in the case (“reviews list”), and stands in its next review again.
    """
    if template:
        print(template_of(Opinion, "Review"), end="")
        return
    face, reference = face_of(ctx), needed(reference)
    if to is None:
        raise UsageError(tr("Where shall the review be written? Give --to FILE.pdf."))
    opinion = _opinion(file, finding or [], recommend or [], from_paper)
    rules = [_policy(one) for one in (then, policy)]
    with face.session() as session, face.working(tr("Writing")) as progress:
        case = session.case(reference)
        made = reviews.make(case, *rules, from_paper=opinion.from_paper)
        written = review_page.write(case, session.workers_for(case), made, opinion, to, progress)
    filed = tr("The recommendations are filed as {numbers}.").format(numbers=", ".join(written.recommendations))
    face.show(
        {
            **document(made, opinion),
            "file": str(to),
            "sha256": written.reported.sha256.hex(),
            "entry": written.reported.sequence,
            "review": written.number,
            "recommendations": list(written.recommendations),
        },
        *_lines(made),
        *([tr("What was found is kept as {number}.").format(number=written.number)] if written.number else []),
        *([filed] if written.recommendations else []),
        tr("The review is in {file}. Entry {n} says so.").format(file=plain(to), n=written.reported.sequence),
    )


def _opinion(file: Path | None, found: list[str], advice: list[str], from_paper: bool) -> Opinion:
    opinion = form(Opinion, file) if file is not None else Opinion()
    return check(
        replace(
            opinion,
            finding=(*opinion.finding, *(Finding(words=one) for one in found)),
            recommendation=(*opinion.recommendation, *(Advice(words=one) for one in advice)),
            from_paper=opinion.from_paper or from_paper,
        )
    )


def _policy(file: Path | None) -> Policy | None:
    return None if file is None else policies.read(read_file(file))


def document(review: Review, opinion: Opinion) -> dict[str, object]:
    """A review as its JSON document; states and parts are the words of ``policy.review``."""
    return {
        "case": review.reference,
        "at": review.at.isoformat(timespec="seconds"),
        "from_paper": review.from_paper,
        "then": _named(review.then),
        "now": _named(review.now),
        "counted": {state: {"then": then, "now": now} for state, (then, now) in review.counted().items()},
        "rows": [_row(one) for one in review.rows],
        "findings": [body(one) for one in opinion.finding],
        "earlier": [reviewed.document(one) for one in review.earlier],
    }


def _named(policy: Policy) -> Mapping[str, str]:
    return {"id": policy.id, "version": policy.version, "title": policy.title}


def _row(row: Row) -> dict[str, object]:
    told = {"part": row.part, "id": row.id, "ref": row.ref, "name": review_words.called(row)}
    return {**told, "then": _verdict(row.then), "now": _verdict(row.now)}


def _verdict(verdict: Verdict) -> dict[str, object]:
    deed = verdict.deed
    return {
        "state": verdict.state,
        "clause": verdict.clause,
        "asked": verdict.asked,
        "role": verdict.role,
        "begun": _time(verdict.begun),
        "due": _time(verdict.due),
        "late_seconds": None if verdict.late is None else int(verdict.late.total_seconds()),
        "open": list(verdict.open),
        "evidence": None
        if deed is None
        else {
            "kind": deed.kind,
            "ref": deed.ref,
            "revision": deed.revision,
            "at": _time(deed.at),
            "written": _time(deed.written),
            "claimed": _time(deed.claim),
        },
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _lines(review: Review) -> list[str]:
    rows = [
        (
            str(number),
            " ".join(filter(None, [review_words.called(one), one.ref])),
            review_words.state_of(one.then, past=True),
            review_words.state_of(one.now, past=False),
        )
        for number, one in enumerate(review.rows, 1)
    ]
    return table(("#", tr("What"), tr("Policy then"), tr("Policy today")), rows)
