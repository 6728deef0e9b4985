"""The rows of the suggestions: groups with their counts, below each its places with page and snippet."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.desktop import redact_words, words
from evidencevault.desktop.desk import Opened
from evidencevault.documents.requests import PageText
from evidencevault.redaction import plans, subjects, suggesting
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marks import Box
from evidencevault.redaction.suggesting import LEFT_OPEN, MARKED, NEW, Suggestion
from evidencevault.resources import tr

_AROUND = 26  # letters shown on both sides of a find


@dataclass(frozen=True, slots=True)
class HitRow:
    """A group (``of`` is empty) or one of its places. ``fresh``: places that nobody decided about yet."""

    id: str
    of: str
    title: str
    sub: str
    state: str
    page: int = 0
    boxes: tuple[Box, ...] = ()
    fresh: int = 0

    @property
    def is_group(self) -> bool:
        """Whether it stands for a whole group."""
        return not self.of

    @property
    def spoken(self) -> str:
        """As read out."""
        return ", ".join(part for part in (self.title, self.sub, state_words(self.state)) if part)


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, and its rows."""

    found: tuple[Suggestion, ...]
    rows: tuple[HitRow, ...]


def state_words(state: str) -> str:
    """What was decided about a suggestion."""
    return {MARKED: tr("hidden"), LEFT_OPEN: tr("left open")}.get(state, "")


def find(opened: Opened, number: str, finder: Finder, *, faces: bool) -> Hits:
    """Look for everything that may have to be hidden. Raises NotFound, DocumentFailed, Cancelled."""
    case, subject = opened.case, subjects.subject(opened.case, number)
    opened.progress.say(number)
    seen = suggesting.faces(case, opened.workers, subject) if faces else ()
    opened.progress.check()
    plan = plans.opened(plans.stored(case, number), subject)
    return rows_of(suggesting.suggestions(case, finder, plan, seen), finder)


def again(opened: Opened, number: str, before: Hits, finder: Finder) -> Hits:
    """The same finds, after the plan was changed."""
    plan = plans.opened(plans.stored(opened.case, number), subjects.subject(opened.case, number))
    return rows_of(suggesting.restated(before.found, plan), finder)


def rows_of(found: Sequence[Suggestion], finder: Finder) -> Hits:
    """Groups in the order in which they were met, with their places."""
    groups: dict[str, list[Suggestion]] = {}
    for one in found:
        groups.setdefault(one.group, []).append(one)
    pages = {one.found.page for one in found}
    sheets = {page.page: _Text(page) for page in finder.sheets if page.page in pages}
    rows: list[HitRow] = []
    for code, members in groups.items():
        fresh = sum(one.state == NEW for one in members)
        told = tr("{n} places, {fresh} not decided").format(n=len(members), fresh=fresh)
        state = "" if fresh else members[0].state if len({one.state for one in members}) == 1 else ""
        rows.append(HitRow(code, "", redact_words.group(code), told, state, fresh=fresh))
        rows += [_row(one, sheets.get(one.found.page), finder) for one in members]
    return Hits(tuple(found), tuple(rows))


def _row(one: Suggestion, page: _Text | None, finder: Finder) -> HitRow:
    around = page.snippet(one.found.boxes[0]) if page is not None else ""
    text = around or finder.text_under(one.found.page, one.found.boxes)
    shown = words.one_line(" ".join(text.split())) or tr("in the picture")
    where = tr("Page {n}").format(n=one.found.page)
    return HitRow(
        one.id, one.group, shown, where, one.state, one.found.page, one.found.boxes, fresh=int(one.state == NEW)
    )


class _Text:
    """A page's letters with their places, unpacked once for all that was found on it."""

    def __init__(self, page: PageText) -> None:
        self._text = page.text
        self._boxes = list(struct.iter_unpack("<4f", page.boxes))

    def snippet(self, box: Box) -> str:
        """The text in a box with what stands around it; empty where nothing is written there."""
        inside = [
            at
            for at, (x0, y0, x1, y1) in enumerate(self._boxes)
            if x1 > x0 and box.x0 <= (x0 + x1) / 2 <= box.x1 and box.y0 <= (y0 + y1) / 2 <= box.y1
        ]
        if not inside:
            return ""
        start, end = max(0, inside[0] - _AROUND), inside[-1] + 1 + _AROUND
        before, after = "…" if start else "", "…" if end < len(self._text) else ""
        return before + self._text[start:end] + after
