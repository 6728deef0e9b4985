"""A recording and its transcript in step: hidden words are silenced, and silenced words are hidden."""

from __future__ import annotations

import bisect
import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate

from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import PageText
from evidencevault.documents.requests import Span as Time
from evidencevault.errors import Refused
from evidencevault.evidence import reading
from evidencevault.progress import Progress
from evidencevault.redaction import burning, marking, plans, reasons, recordings, subjects, transcripts
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.found import Found
from evidencevault.redaction.marking import Place
from evidencevault.redaction.marks import Box, Mark, Plan, Span
from evidencevault.redaction.matching import MARGIN
from evidencevault.resources import tr

FOLLOWS = "in step"
"""What a mark says that was set because the other of the two hides the same."""


def in_step(
    case: CaseFile, workers: Burner, recording: str, transcript: str, reason: str, progress: Progress
) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Mark in each of the two what the other hides; returns the new marks of the recording and of the transcript.

    Raises NotPermitted, NotFound, Refused (no recording, a transcript without times), DocumentFailed.
    """
    case.require("officer", "legal")
    reasons.need(case, reason)
    sound, text = subjects.subject(case, recording), subjects.subject(case, transcript)
    if not recordings.kind_of(sound):
        raise Refused(tr("{exhibit} is no recording.").format(exhibit=recording))
    progress.say(transcript)
    with reading.paged(case, transcript, purpose=burning.PURPOSE, how="text") as reader:
        pages = workers.text(text.name, reader)
    with reading.original(case, recording, purpose=burning.PURPOSE, how="recording") as reader:
        length = workers.recording(sound.name, reader).milliseconds
    cues = transcripts.parse("".join(page.text for page in pages), max(length, 1))
    if not cues:
        raise Refused(tr("{exhibit} has no times, so it cannot be held beside a recording.").format(exhibit=transcript))
    written = plans.opened(plans.stored(case, transcript), text)
    spoken = plans.opened(plans.stored(case, recording), sound)
    hidden = _hidden(pages, written)
    silent = [Time(one.span.start, one.span.end) for one in _sources(spoken) if one.span and not one.boxes]
    ranges, spans = transcripts.in_step(cues, hidden, silent)
    new_spans = [
        Place(Found(1, ()), "span", what=FOLLOWS, span=Span(one.start, one.end)) for one in spans if one not in silent
    ]
    places = [found for one in ranges for found in _places(pages, one)]
    new_texts = [Place(one, "text", what=FOLLOWS) for one in places if not written.covers(one.page, one.boxes)]
    return (
        marking.take_over(case, recording, [(place, reason) for place in new_spans]),
        marking.take_over(case, transcript, [(place, reason) for place in new_texts]),
    )


def _sources(plan: Plan) -> tuple[Mark, ...]:
    """The marks that were set for their own sake: what follows from others must not draw more after it each time."""
    return tuple(mark for mark in plan.marks if mark.what != FOLLOWS)


def _hidden(pages: Sequence[PageText], plan: Plan) -> list[tuple[int, int]]:
    """The characters of all pages, one after the other, that a plan hides."""
    found = []
    start = 0
    for page in pages:
        boxes = [box for mark in _sources(plan) if mark.page == page.page for box in mark.boxes]
        for at, letter in enumerate(_boxes(page) if boxes else ()):
            if letter is not None and any(box.holds_middle(letter) for box in boxes):
                found.append((start + at, start + at + 1))
        start += len(page.text)
    return found


def _places(pages: Sequence[PageText], wanted: tuple[int, int]) -> list[Found]:
    """The boxes of a range of characters, one a line, page by page."""
    starts = [0, *accumulate(len(page.text) for page in pages)]
    found = []
    first = bisect.bisect_right(starts, wanted[0]) - 1
    for page, start in zip(pages[first:], starts[first:], strict=False):
        if start >= wanted[1]:
            break
        begin, end = max(wanted[0] - start, 0), min(wanted[1] - start, len(page.text))
        letters = _boxes(page)
        lines: list[Box] = []
        fresh = True
        for at in range(begin, end):
            letter = letters[at]
            if page.text[at] == "\n":
                fresh = True
            elif letter is not None:
                lines = [*lines, letter] if fresh else [*lines[:-1], lines[-1].union(letter)]
                fresh = False
        if lines:
            found.append(Found(page.page, tuple(line.grown(MARGIN) for line in lines)))
    return found


def _boxes(page: PageText) -> list[Box | None]:
    """A box for each character; None for blanks and ends of lines."""
    sides = array("f", page.boxes)
    if sys.byteorder == "big":
        sides.byteswap()
    return [Box(*sides[4 * at : 4 * at + 4]) if not letter.isspace() else None for at, letter in enumerate(page.text)]
