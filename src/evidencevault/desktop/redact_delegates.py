"""How the rows of the redaction screens are drawn."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget

from evidencevault.desktop.delegates import EvidenceDelegate
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.redact_hits import HitRow, state_words
from evidencevault.desktop.redact_people import PersonRow
from evidencevault.desktop.redact_rows import MarkRow, PlanRow
from evidencevault.redaction.suggesting import LEFT_OPEN, MARKED
from evidencevault.resources import tr


class PlanDelegate(EvidenceDelegate):
    """Exhibits with how far their plan is; a small picture would be a view of what nobody opened."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, lambda _: None)

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One exhibit."""
        super().draw(brush, cast(PlanRow, row).shown, index)


class MarkDelegate(Painting):
    """Marks: reason, what it is, page."""

    row_height = 58

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One mark."""
        one, t = cast(MarkRow, row), brush.tokens
        _ground(brush)
        brush.fill(brush.place(14, 14, 30, 14), t.text, 2)
        where = tr("Page {n}").format(n=one.page)
        room = brush.advance(where, 11.5) + 6
        title = f"{one.reason} · {one.label}" if one.label else one.reason
        brush.text(brush.place(56, 9, brush.width - 70 - room, 20), title, t.text, 13, 600)
        brush.text(brush.place(brush.width - 14 - room, 9, room, 20), where, t.muted, 11.5, end=True)
        brush.text(brush.place(56, 30, brush.width - 70, 18), f"{one.told} · {one.sub}", t.muted, 11.5)


class HitDelegate(Painting):
    """Suggestions: groups, and below them their places."""

    def height(self, row: object) -> int:
        """Groups are higher."""
        return 52 if cast(HitRow, row).is_group else 44

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """A group or a place."""
        one, t = cast(HitRow, row), brush.tokens
        _ground(brush)
        told = state_words(one.state)
        room = brush.advance(told, 11, 600) + 26 if told else 0
        if told:
            ink = t.good if one.state == MARKED else t.muted
            icon = {MARKED: "eye-off", LEFT_OPEN: "eye"}[one.state]
            brush.icon(brush.place(brush.width - 12 - room, 11, 14, 14), icon, ink)
            brush.text(brush.place(brush.width - 12 - room + 18, 8, room - 18, 20), told, ink, 11, 600, end=True)
        if one.is_group:
            brush.text(brush.place(14, 7, brush.width - 28 - room, 20), one.title, t.text, 13, 600)
            brush.text(brush.place(14, 27, brush.width - 28, 18), one.sub, t.warn if one.fresh else t.muted, 11.5)
        else:
            ink = t.text if one.fresh else t.muted
            brush.text(brush.place(30, 4, brush.width - 44 - room, 20), one.title, ink, 12.5)
            brush.text(brush.place(30, 23, brush.width - 44, 16), one.sub, t.muted, 11)


class PersonDelegate(Painting):
    """Persons of the case: label, role, how often their names were found."""

    row_height = 52

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One person."""
        one, t = cast(PersonRow, row), brush.tokens
        _ground(brush)
        brush.text(brush.place(14, 7, brush.width - 28, 20), one.title, t.text, 13, 600)
        brush.text(brush.place(14, 27, brush.width - 28, 18), one.sub, t.muted, 11.5)


def _ground(brush: Brush) -> None:
    t = brush.tokens
    if brush.selected:
        brush.fill(brush.rect, t.accent_soft)
        brush.fill(brush.place(0, 0, 3, brush.height), t.accent)
    elif brush.hovered:
        brush.fill(brush.rect, t.hover)
    else:
        brush.fill(brush.place(14, brush.height - 1, brush.width - 28, 1), t.line)
    if brush.focused:
        brush.ring(brush.rect, 0)
