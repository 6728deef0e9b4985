"""The screen of reviews: the case under the policy of then and of today, what reviews found, and the report as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evidencevault.bundle import review_page, review_words
from evidencevault.casework import reviews
from evidencevault.casework.reviews import Opinion, Review, Reviewed
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.markup import body, escaped, facts
from evidencevault.desktop.recordtext import record_html
from evidencevault.desktop.rows import StatementRow
from evidencevault.desktop.sheets import Act, Page, Sheet, Shelf, Writing, members
from evidencevault.resources import tr

NOW = "now"
"""The row that is no record: the review as it would be made today."""


def reviews_shelf() -> Shelf:
    """The review of today first, then those that found something."""

    def page(case: CaseFile, number: str) -> Page:
        if number != NOW:
            correct = Act(tr("Correct"), "pen-line", _correct_sheet())
            can = case.member.roles & {"officer", "legal"}
            return Page(record_html(number, reviews.get(case, number), first="then"), (correct,) if can else ())
        may = case.member.roles & {"officer", "legal"}
        write = Act(tr("Write the review …"), "file-text", writing=_writing(case.reference))
        return Page(_html(reviews.make(case)), (write,) if may else ())

    return Shelf(
        id="reviews",
        title=tr("Reviews"),
        none=tr("No review yet"),
        how=tr("The case against the policy of then and the policy of today, clause by clause."),
        listed=_rows,
        page=page,
    )


def _correct_sheet() -> Sheet:
    def save(opened: Opened, record: Opinion, number: str) -> str:
        reviews.correct(opened.case, number, record.finding)
        return number

    def load(case: CaseFile, number: str) -> Opinion:
        return Opinion(finding=reviews.get(case, number).finding)

    return Sheet("review-correct", tr("What the review found"), tr("Save the correction"), Opinion, save, load,
                 skip=frozenset({"recommendation", "from_paper"}))  # fmt: skip


def _writing(reference: str) -> Writing:
    def sheet(to: Path) -> Sheet:
        def save(opened: Opened, record: Opinion, number: str) -> str:
            case = opened.case
            made = reviews.make(case, from_paper=record.from_paper)
            written = review_page.write(case, opened.workers, made, record, to, opened.progress)
            return written.number or NOW

        offers = lambda case: {"owner": members(case)}  # noqa: E731
        return Sheet("review", tr("What you found, and what you recommend"), tr("Write the review"), Opinion, save,
                     offers=offers)  # fmt: skip

    return Writing(tr("Where the review is written"), f"{reference}-review.pdf", sheet)


def _rows(case: CaseFile) -> Sequence[StatementRow]:
    now = case.now()
    today = StatementRow(
        id=NOW, title=tr("Review as of today"), sub=tr("Counted anew each time it is opened"), when="", state="",
        tone="plain", icon="scale",
    )  # fmt: skip
    return [
        today,
        *(_row(one, words.when(one.made_at, now) if one.made_at else "") for one in reviews.list_reviews(case)),
    ]


def _row(one: Reviewed, when: str) -> StatementRow:
    count = tr("Findings: {n}").format(n=len(one.finding))
    return StatementRow(
        id=one.number, title=count, sub=words.line([one.number, one.made_by]), when=when, state="", tone="plain",
        icon="file-text",
    )  # fmt: skip


def _html(review: Review) -> str:
    then, now = (f"{one.title} ({one.id} {one.version})" for one in (review.then, review.now))
    parts = [
        f"<p class='h1'>{escaped(tr('Review as of today'))}</p>",
        facts([(tr("Policy then"), then), (tr("Policy today"), now)]),
    ]
    rows = [("#", tr("What"), tr("Policy then"), tr("Policy today"))]
    for number, one in enumerate(review.rows, 1):
        what = " ".join(filter(None, [review_words.called(one), one.ref]))
        then_state, now_state = review_words.state_of(one.then, past=True), review_words.state_of(one.now, past=False)
        rows.append((str(number), what, then_state, now_state))
    table = "".join(_line(row, "name" if place == 0 else "") for place, row in enumerate(rows))
    told = tr("It counts what the records and the chain of custody say, and judges nobody.")
    return body([*parts, f"<p class='muted'>{escaped(told)}</p>", f'<table width="100%">{table}</table>'])


def _line(row: Sequence[str], style: str) -> str:
    right = words.reads_from_right()  # Qt mirrors no table
    side = ' align="right"' if right else ""
    cells = [f'<td class="{style}"{side}>{escaped(one)}</td>' for one in (reversed(row) if right else row)]
    return f"<tr>{''.join(cells)}</tr>"
