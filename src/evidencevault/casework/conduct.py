"""What no single field of an interview shows: times, phases and references that do not fit each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from evidencevault.casework.conversations import Break, Interview
from evidencevault.casework.phases import phases
from evidencevault.errors import FormError
from evidencevault.forms.reading import Fault
from evidencevault.resources import tr


def faults(interview: Interview) -> Iterator[Fault]:
    """Each fault with its place (keys, and places in lists from 0), in the order of the form."""
    if _is_before(interview.ended_at, interview.started_at):
        yield ("ended_at",), tr("the interview ends before it begins.")
    yield from _lines(interview)
    yield from _breaks(interview)
    for key, refs in (("recordings", interview.recordings), ("drawings", interview.drawings)):
        for place, ref in enumerate(refs):
            if not re.fullmatch(r"\s*[Ee]\d+\s*", ref):
                yield (key, place), tr("the number of an exhibit is expected, such as E001.")
    for place, one in enumerate(interview.corrections):
        if one.line is not None and not 1 <= one.line <= len(interview.lines):
            yield ("corrections", place, "line"), tr("the interview has no such line.")


def whole(interview: Interview) -> None:
    """What must be there before it is signed, unless the person refused to talk. Raises FormError."""
    if interview.consent.state == "refused":
        return
    if not interview.lines:
        raise FormError(tr("lines: questions and answers are required before it is signed. Nothing was saved."))
    if interview.ended_at is None:
        raise FormError(tr("ended_at: when it ended is required before it is signed. Nothing was saved."))


def _lines(interview: Interview) -> Iterator[Fault]:
    known = phases(interview.model)
    for place, line in enumerate(interview.lines):
        where = ("lines", place)
        if not (line.question or line.answer or line.note):
            yield where, tr("a question, an answer or a note is required.")
        if known and line.phase and line.phase not in known:
            yield (
                (*where, "phase"),
                tr("{model} has no such phase. It has: {phases}.").format(
                    model=interview.model, phases=", ".join(known)
                ),
            )
        for why in _outside(interview, line.at):
            yield (*where, "at"), why


def _breaks(interview: Interview) -> Iterator[Fault]:
    last: datetime | None = None
    for place, one in enumerate(interview.breaks):
        where = ("breaks", place)
        for key, at in (("started_at", one.started_at), ("ended_at", one.ended_at)):
            for why in _outside(interview, at):
                yield (*where, key), why
        if _is_before(one.ended_at, one.started_at):
            yield (*where, "ended_at"), tr("the break ends before it begins.")
        if _is_before(_first(one), last):
            yield (*where, "started_at"), tr("this break begins before the one above it is over.")
        last = one.ended_at or one.started_at or last


def _first(one: Break) -> datetime | None:
    return one.started_at or one.ended_at


def _outside(interview: Interview, at: datetime | None) -> Iterator[str]:
    if _is_before(at, interview.started_at):
        yield tr("this is before the interview began.")
    elif _is_before(interview.ended_at, at):
        yield tr("this is after the interview ended.")


def _is_before(one: datetime | None, other: datetime | None) -> bool:
    # In UTC: Python compares two times of the same zone by the clock on the wall, wrong in the hour that comes twice.
    return one is not None and other is not None and one.astimezone(UTC) < other.astimezone(UTC)
