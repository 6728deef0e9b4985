"""The review of a case as a PDF: two policies beside each other, a picture of time, findings and recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from evidencevault import __version__
from evidencevault.bundle import review_earlier
from evidencevault.bundle.report import Reported, check_target, exported, write_out
from evidencevault.bundle.report_html import escaped, fact_table, grid, page, paragraph, time_cell
from evidencevault.bundle.review_timeline import pictures
from evidencevault.bundle.review_words import CONDITIONS, STATES, called, state_of
from evidencevault.casework import reviews
from evidencevault.casework.duties import until
from evidencevault.casework.reviews import Advice, Finding, Numbers, Opinion, Review
from evidencevault.custody.casefile import CaseFile
from evidencevault.forms.reading import check
from evidencevault.policy import review as reviewing
from evidencevault.policy.fixed import Deed
from evidencevault.policy.model import Policy
from evidencevault.policy.review import Row, Verdict
from evidencevault.progress import Progress
from evidencevault.redaction.burning import Burner
from evidencevault.resources import language, tr

_FIXED, _MARK = "\u00a0", "\u200e"


@dataclass(frozen=True, slots=True)
class Written:
    """A review that was written: its file and entry, its reference in the case (empty where it found nothing), and
    those of what it recommends.
    """

    reported: Reported
    number: str
    recommendations: tuple[str, ...]


def write(
    case: CaseFile, workers: Burner, review: Review, opinion: Opinion, to: Path, progress: Progress | None = None
) -> Written:
    """Write a review to a new PDF file and file what it found and recommends; one commit of the chain says it all.

    Raises as ``report.write_file``, FormError, DocumentFailed. Nothing is filed where the PDF cannot be made.
    """
    case.require(*(("officer",) if opinion.recommendation else ("officer", "legal")))
    check_target(case, to)
    opinion, progress = check(opinion), progress or Progress()
    told = {"then": f"{review.then.id} {review.then.version}", "now": f"{review.now.id} {review.now.version}"}
    while True:
        numbers = reviews.next_numbers(case, opinion)
        data = workers.typeset(html(review, opinion, numbers))
        progress.check()
        said = case.write()
        exported(said, "review", data, subject=numbers.review or None, details=told)
        if reviews.file(said, case, review, opinion) == numbers:  # else somebody filed another one meanwhile
            break
    return Written(write_out(case, to, data, said), numbers.review, numbers.recommendations)


def html(review: Review, opinion: Opinion, numbers: Numbers) -> str:
    """What is typeset; every text escaped."""
    parts = [*_head(review, numbers.review), *_summary(review), *_timeline(review), *_tables(review)]
    added = [*_findings(opinion.finding), *_advice(opinion.recommendation, numbers.recommendations)]
    return page("".join([*parts, *added, *review_earlier.html(review)]))


def _head(review: Review, number: str) -> Iterator[str]:
    yield f"<h1>{escaped(tr('Review of {case}').format(case=review.reference))}</h1>"
    yield f"<p>{escaped(review.title)}</p>"
    yield fact_table(
        [
            (tr("Made at"), time_cell(review.at.isoformat(timespec="seconds"), "")),
            (tr("Made by"), escaped(f"{review.by} (EvidenceVault {__version__})")),
            *([(tr("Kept in the case as"), escaped(number))] if number else []),
            (tr("Policy then"), _policy(review.then)),
            (tr("Policy today"), _policy(review.now)),
            (tr("Reported"), _moment(review.reported, _zone(review.then))),
            (tr("Entered here"), _moment(review.opened, _zone(review.then))),
        ]
    )
    yield paragraph(
        tr(
            "This review counts what the records and the chain of custody say, and judges nobody. What was done and "
            "not written down stands here as not done."
        )
    )
    if review.from_paper:
        yield paragraph(
            tr(
                "The case was entered from paper. What happened when is what the papers say; nobody here has seen it, "
                "and what names no time is not called late."
            )
        )


def _policy(policy: Policy) -> str:
    since = tr("in force from {day}").format(day=_turned(policy.in_force_from.isoformat()))
    return f"{escaped(f'{policy.title} ({policy.id} {policy.version})')}, {since}, {escaped(policy.days.zone)}"


def _summary(review: Review) -> Iterator[str]:
    yield f"<h2>{escaped(tr('The steps, counted'))}</h2>"
    rows = [(escaped(tr(STATES[state])), str(then), str(now)) for state, (then, now) in review.counted().items()]
    yield grid([escaped(one) for one in ("", tr("Policy then"), tr("Policy today"))], rows)


def _timeline(review: Review) -> Iterator[str]:
    drawn = pictures(review)
    if not drawn:
        return
    yield f"<h2>{escaped(tr('When it was due, and when it was done'))}</h2>"
    yield paragraph(
        tr(
            "The numbers are those of the table below. Grey: the time that the policy then gave; blue: that of the "
            "policy today. A green dot: done in time; a red triangle: done late; a red cross: not done."
        )
    )
    yield from (f"<div>{one}</div>" for one in drawn)


def _tables(review: Review) -> Iterator[str]:
    heads = {
        reviewing.STEP: tr("Steps"),
        reviewing.THRESHOLD: tr("What forced a referral"),
        reviewing.MEASURE: tr("Measures"),
        reviewing.SIGNATURE: tr("Second signatures"),
        reviewing.CLOSURE: tr("When the case was closed"),
    }
    titles = [escaped(one) for one in ("#", tr("What"), tr("Policy then"), tr("Policy today"), tr("Evidence"))]
    for part, head in heads.items():
        rows = [(number, one) for number, one in enumerate(review.rows, 1) if one.part == part]
        if rows:
            yield f"<h2>{escaped(head)}</h2>"
            yield grid(titles, [_row(review, number, one) for number, one in rows])


def _row(review: Review, number: int, row: Row) -> list[str]:
    then, now = _zone(review.then), _zone(review.now)
    what = escaped(called(row))
    if row.ref and row.part != reviewing.SIGNATURE:
        what += f"<br/>{escaped(row.ref)}"
    evidence = "<br/>".join(_deed(one, then) for one in row.deeds)
    return [str(number), what, _verdict(row.then, then, past=True), _verdict(row.now, now, past=False), evidence]


def _verdict(verdict: Verdict, zone: tzinfo, *, past: bool) -> str:
    lines = [f"<b>{escaped(state_of(verdict, past=past))}</b>"]
    asked = "" if verdict.asked in CONDITIONS else verdict.asked
    lines += [escaped(one) for one in (verdict.clause, ", ".join(filter(None, [asked, verdict.role]))) if one]
    if verdict.due is not None:
        lines.append(tr("until {time}").format(time=_plain(until(int(verdict.due.timestamp()), zone), zone)))
    return "<br/>".join(lines)


def _deed(deed: Deed, zone: tzinfo) -> str:
    """The record, the time that counts, and the other one where they differ."""
    lines = [escaped(tr("{what}, revision {n}").format(what=deed.ref or tr("The case's record"), n=deed.revision))]
    written = tr("written down {time}").format(time=_plain(deed.written, zone))
    apart = deed.claim is not None and abs(deed.written - deed.claim) > timedelta(minutes=1)
    if deed.claim is None or not apart:
        lines.append(written)
    elif deed.at == deed.claim:
        lines += [_plain(deed.claim, zone), written]
    else:
        lines += [written, tr("it says {time}").format(time=_plain(deed.claim, zone))]
    return "<br/>".join(lines)


def _findings(found: Sequence[Finding]) -> Iterator[str]:
    if found:
        yield f"<h2>{escaped(tr('Findings'))}</h2>"
    for place, one in enumerate(found, 1):
        yield paragraph(f"{place}. {one.words}" + (f" ({one.about})" if one.about else ""))


def _advice(advice: Sequence[Advice], numbers: Sequence[str]) -> Iterator[str]:
    if not advice:
        return
    yield f"<h2>{escaped(tr('Recommendations'))}</h2>"
    yield paragraph(tr("Each is followed up in the case, until there is proof or a signed refusal."))
    rows = [
        (escaped(number), escaped(one.words), escaped(one.owner), escaped(one.due.isoformat() if one.due else ""))
        for number, one in zip(numbers, advice, strict=True)
    ]
    yield grid([escaped(one) for one in ("", tr("Recommendation"), tr("Who"), tr("By when"))], rows)


def _zone(policy: Policy) -> tzinfo:
    return ZoneInfo(policy.days.zone)


def _plain(at: datetime, zone: tzinfo) -> str:
    """A moment on the clock of a zone, in one piece; the zone stands above."""
    return _turned(f"{at.astimezone(zone):%Y-%m-%d{_FIXED}%H:%M}")


def _turned(time: str) -> str:
    """A time that keeps its order beside words that are written from the right."""
    return f"{_MARK}{time}{_MARK}" if language() == "ar" else time


def _moment(at: datetime, zone: tzinfo) -> str:
    return time_cell(at.astimezone(zone).isoformat(timespec="seconds"), "")
