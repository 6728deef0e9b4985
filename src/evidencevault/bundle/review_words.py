"""What a review says, in words for a person."""

from __future__ import annotations

from datetime import timedelta

from evidencevault.policy import review as reviewing
from evidencevault.policy.review import Row, Verdict
from evidencevault.resources import later, tr

STATES = {
    reviewing.FOLLOWED: later("followed"),
    reviewing.LATE: later("late"),
    reviewing.NOT_DONE: later("not done"),
    reviewing.NOT_DUE: later("not due yet"),
    reviewing.UNDATED: later("done, nobody knows when"),
    reviewing.NOT_REQUIRED: later("not required"),
    reviewing.NO_MATTER: later("did not apply"),
    reviewing.OUTSIDE: later("outside the range"),
}
CONDITIONS = {
    "concerns-answered": later("Every concern was answered"),
    "feedback-given": later("Whoever spoke up was told what came of it"),
    "actions-done": later("Every action ended, with proof or a signed refusal"),
    "recommendations-done": later("Every recommendation was followed, or refused with a signed reason"),
    "allegations-decided": later("Something was decided"),
    "decisions-signed": later("Every decision was signed by all who must sign"),
    "persons-informed": later("Everybody was told of the decisions"),
    "safety-known": later("It was known whether whoever is affected is safe"),
    "support-recorded": later("It was written down which help was given"),
    "second-member": later("A second user agreed to close the case"),
}


def called(row: Row) -> str:
    """What a row is about, for a person."""
    match row.part:
        case reviewing.CLOSURE:
            return tr(CONDITIONS[row.id])
        case reviewing.SIGNATURE:
            return tr("Second signature under {ref}").format(ref=row.ref)
        case _:
            return row.name


def state_of(verdict: Verdict, *, past: bool) -> str:
    """What a policy says of a row, in words: “late by 3 d 9 h”, “not done: C02”."""
    if verdict.state == reviewing.NOT_REQUIRED:
        return tr("not required then") if past else tr("not required now")
    said = tr(STATES[verdict.state])
    if verdict.late is not None:
        said = tr("late by {time}").format(time=_span(verdict.late))
    return f"{said}: {', '.join(verdict.open)}" if verdict.open else said


def _span(time: timedelta) -> str:
    hours, rest = divmod(time.seconds, 3600)
    if time.days:
        return tr("{d} d {h} h").format(d=time.days, h=hours)
    return tr("{h} h {m} min").format(h=hours, m=rest // 60)
