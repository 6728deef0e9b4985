"""Transcripts with times: which sound belongs to hidden words, and which words to silenced sound.

Read are SubRip (SRT), WebVTT (https://www.w3.org/TR/webvtt1/) with its times within a cue, and lines that begin with a
time such as ``[00:01:02]``. Places are characters of the text as it is given, so that it can be redacted there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidencevault.documents.requests import LIMITS, Span
from evidencevault.errors import Unreadable
from evidencevault.resources import tr

Range = tuple[int, int]
"""The first character and the one after the last."""
MOST = 200_000
"""Cues of one transcript: a word a cue, for a day."""
_STAMP = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?"
_ARROW = re.compile(rf"[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}(?:[ \t][^\n]*)?$")
_LINE = re.compile(rf"[ \t]*(?:[\[(]{_STAMP}(?:[ \t]*[-–—][ \t]*{_STAMP})?[\])]|{_STAMP}(?=[ \t:–-]))[ \t:–-]*")
_INSIDE = re.compile(rf"<{_STAMP}>")
_ASIDE = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words and when they are spoken (milliseconds). ``text`` begins at character ``begin`` of the transcript.

    ``times`` are places in ``text`` and the milliseconds from which what follows is spoken, where the transcript says.
    """

    start: int
    end: int
    begin: int
    text: str
    times: tuple[tuple[int, int], ...] = ()

    def parts(self) -> Iterator[tuple[Range, Span]]:
        """The characters of the transcript that have a time of their own, in order: all of it, if none are finer."""
        places = [(0, self.start), *self.times, (len(self.text), self.end)]
        for (first, start), (last, end) in pairwise(places):
            if first < last:
                yield (self.begin + first, self.begin + last), Span(start, max(end, start + 1))


def parse(text: str, length: int = LIMITS.recording) -> tuple[Cue, ...]:
    """The cues in the order of the text, none where it has no times; ``length`` of the recording in milliseconds.

    A line with a time of its own lasts until the next, the last until the end; times in whole seconds are cut off, so
    such a line may last a second longer. Raises Unreadable where the transcript is too long.
    """
    if len(text) > LIMITS.text:
        raise _too_long()
    lines = list(_lines(text))
    cues = list(_blocks(lines) if any(_ARROW.match(line) for _, line in lines) else _stamped(lines, length))
    if len(cues) > MOST:
        raise _too_long()
    return tuple(cues)


def spans_of(cues: Sequence[Cue], hidden: Iterable[Range]) -> tuple[Span, ...]:
    """The sound of these characters: whole cues, or parts of them that have times. In order, without overlap."""
    ranges = _united(hidden)
    spans = (span for cue in cues for place, span in cue.parts() if _touches(place, ranges))
    return tuple(Span(*one) for one in _united(spans))


def words_of(cues: Sequence[Cue], spans: Iterable[Span]) -> tuple[Range, ...]:
    """The characters spoken within these spans, cues or their timed parts whole. In order, without overlap."""
    times = _united(spans)
    return tuple(_united(place for cue in cues for place, span in cue.parts() if _touches(span, times)))


def in_step(
    cues: Sequence[Cue], hidden: Iterable[Range], spans: Iterable[Span]
) -> tuple[tuple[Range, ...], tuple[Span, ...]]:
    """All characters to hide and all spans to silence, where these were marked in the transcript and by ear.

    Sound silenced for a hidden word hides no neighbour that merely shares its rounded time.
    """
    words, heard = list(hidden), list(spans)
    all_words = _united([*words, *words_of(cues, heard)])
    return tuple(all_words), tuple(Span(*one) for one in _united([*spans_of(cues, words), *heard]))


def without(text: str, hidden: Iterable[Range], label: str) -> str:
    """The transcript with the label in place of each range: of one width, which tells nothing of what was there."""
    kept, at = [], 0
    for first, last in _united(hidden):
        kept += [text[at:first], label]
        at = last
    return "".join([*kept, text[at:]])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the place of its first character."""
    at = 0
    for line in re.split(r"(\r\n|\r|\n)", text):
        if line not in ("\r\n", "\r", "\n"):
            yield at, line
        at += len(line)


def _blocks(lines: list[tuple[int, str]]) -> Iterator[Cue]:
    """SubRip and WebVTT: a line of times, then text up to an empty line."""
    times: Range | None = None
    spoken: list[tuple[int, str]] = []
    aside = False
    for at, line in [*lines, (0, "")]:
        found = None if aside else _ARROW.match(line)
        if found or not line.strip():
            if times and spoken:
                # A number directly above times is of the next cue, where the empty line between them is missing.
                numbered = bool(found) and len(spoken) > 1 and spoken[-1][1].strip().isdigit()
                yield _cue(times, spoken[:-1] if numbered else spoken)
            times, spoken, aside = None, [], False
        if found:
            start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:8])
            times = min(start, end), max(start, end)
        elif times and line.strip():
            spoken.append((at, line))
        elif line.startswith(_ASIDE):
            aside = True


def _cue(times: Range, spoken: list[tuple[int, str]]) -> Cue:
    begin = spoken[0][0]
    # What lies between the lines (their ends) is as long as the places say, and holds no words.
    text = ""
    for at, line in spoken:
        text = text.ljust(at - begin, "\n") + line
    inside, last = [], times[0]
    for found in _INSIDE.finditer(text):
        moment = _milliseconds(*found.groups())
        if last <= moment <= times[1]:  # the standard wants them to rise; others are no times
            inside.append((found.start(), moment))
            last = moment
    return Cue(*times, begin, text, tuple(inside))


def _stamped(lines: list[tuple[int, str]], length: int) -> Iterator[Cue]:
    """Lines that begin with a time; lines without one belong to the last that had."""
    held: list[tuple[int, str]] = []
    start, end = 0, -1
    for at, line in lines:
        found = _LINE.match(line)
        if not found:
            if held and line.strip():
                held.append((at, line))
            continue
        groups = found.groups()
        stamp = groups[:4] if groups[1] else groups[8:12]
        begins, exact = _milliseconds(*stamp), stamp[3] is not None
        if held:
            yield _cue((start, max(start, end if end >= 0 else begins + (0 if exact else 1000))), held)
        start = begins
        end = _milliseconds(*groups[4:8]) + (0 if groups[7] else 1000) if groups[5] else -1
        held = [(at + found.end(), line[found.end() :])]
    if held:
        yield _cue((start, max(start, end if end >= 0 else length)), held)


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _united(ranges: Iterable[Sequence[int]]) -> list[Range]:
    """In order, those that touch as one, empty ones left out."""
    found: list[Range] = []
    for first, last in sorted((one[0], one[1]) for one in ranges if one[0] < one[1]):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def _touches(place: Sequence[int], ranges: list[Range]) -> bool:
    """Whether a place shares something with ranges that are in order and apart."""
    low, high = 0, len(ranges)
    while low < high:
        middle = (low + high) // 2
        if ranges[middle][1] <= place[0]:
            low = middle + 1
        else:
            high = middle
    return low < len(ranges) and ranges[low][0] < place[1]


def _too_long() -> Unreadable:
    return Unreadable(tr("The transcript is longer than what is read safely."))
