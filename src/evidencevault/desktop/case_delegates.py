"""How the rows of the first screen, of a case's timeline and of the palette are drawn."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QRectF

from evidencevault.desktop.case_rows import TimeRow
from evidencevault.desktop.home_rows import TodayRow
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.palette_rows import Found
from evidencevault.desktop.rows import DOT, CaseRow
from evidencevault.resources import tr


class CaseDelegate(Painting):
    """Cases on their own screen: title, reference and state, what is due, whose voice waits."""

    row_height = 84

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One case."""
        one, t = cast(CaseRow, row), brush.tokens
        card = brush.place(24, 5, brush.width - 48, brush.height - 10)
        brush.fill(card, t.line, 10)
        inner = QRectF(card).adjusted(1, 1, -1, -1)
        brush.fill(inner, t.accent_soft if brush.selected else t.hover if brush.hovered else t.surface, 9)
        if brush.focused:
            brush.ring(card, 10)
        ink, _ = t.tone(one.tone)
        brush.fill(QRectF(brush.place(42, 24, 10, 10)), ink, 5)
        half = brush.width // 2
        brush.text(brush.place(66, 17, half - 40, 24), one.title, t.text, 14, 600)
        about = DOT.join([one.id, one.state, one.severity, tr("Evidence items: {n}").format(n=one.exhibits)])
        if one.problem:
            wide = brush.width - 108
            brush.text(brush.place(66, 42, wide, 20), DOT.join([one.id, one.problem]), t.bad, 12)
            return
        brush.text(brush.place(66, 42, half - 40, 20), about, t.muted, 12)
        x, width = half + 40, brush.width - half - 82
        due = t.bad if one.overdue else t.text
        if one.due:
            brush.icon(brush.place(x, 20, 16, 16), "triangle-alert" if one.overdue else "clock", due)
            brush.text(brush.place(x + 24, 17, width - 24, 22), one.due, due, 12.5, 600 if one.overdue else 500)
        if one.unanswered:
            brush.icon(brush.place(x, 44, 16, 16), "message-square-text", t.warn)
            brush.text(
                brush.place(x + 24, 42, width - 24, 20),
                tr("Voices without an answer: {n}").format(n=one.unanswered),
                t.warn,
                12,
                600,
            )


class TodayDelegate(Painting):
    """What needs action today: what, in which case, who is accountable, until when."""

    row_height = 50

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One deadline."""
        one, t = cast(TodayRow, row), brush.tokens
        ground = brush.place(20, 1, brush.width - 40, brush.height - 2)
        if brush.selected or brush.hovered:
            brush.fill(ground, t.accent_soft if brush.selected else t.hover, 8)
        if brush.focused:
            brush.ring(ground, 8)
        ink, soft = t.tone("bad" if one.late else "warn")
        brush.fill(brush.place(28, 12, 26, 26), soft, 13)
        brush.icon(brush.place(34, 18, 14, 14), "triangle-alert" if one.late else "clock", ink)
        told = tr("Overdue since {when}") if one.late else tr("Due {when}")
        told = told.format(when=one.when)
        room = brush.advance(told, 12, 600) + 8
        beside = brush.width > 520  # else the name takes the whole line
        wide = brush.width - 68 - 40
        brush.text(brush.place(66, 6, wide - room * beside, 20), one.name, t.text, 13, 600)
        brush.text(brush.place(66, 26, wide - room * (not beside), 18), one.about, t.muted, 12)
        brush.text(brush.place(brush.width - room - 30, 6 if beside else 26, room, 20), told, ink, 12, 600, end=True)


class TimeDelegate(Painting):
    """Lines of a case's timeline, joined by a line; what is still to come is dashed."""

    row_height = 50

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One event or deadline."""
        one, t = cast(TimeRow, row), brush.tokens
        x, side = 26, 150
        if brush.selected or brush.hovered:
            ground = t.accent_soft if brush.selected else t.hover
            brush.fill(brush.place(8, 1, brush.width - 16, brush.height - 2), ground, 7)
        if brush.focused:
            brush.ring(brush.place(8, 1, brush.width - 16, brush.height - 2), 7)
        _joined(brush, index, x, dashed=one.ahead)
        ink, soft = t.tone(one.tone)
        brush.fill(brush.place(x, 12, 24, 24), soft, 12)
        brush.icon(brush.place(x + 6, 18, 12, 12), one.icon, ink)
        beside = brush.width > 520  # else the words take the whole line
        wide = brush.width - x - 66
        high = 6 if one.sub or not beside else 14
        brush.text(
            brush.place(x + 38, high, wide - side * beside, 20), one.title, ink if one.deadline else t.text, 13, 600
        )
        brush.text(brush.place(x + 38, 26, wide - side * (not beside), 18), one.sub, t.muted, 12)
        when = brush.place(brush.width - side - 18, high if beside else 26, side, 20)
        brush.text(when, one.when, t.muted, 12, 600 if one.ahead else 400, end=True)


def _joined(brush: Brush, index: Index, x: int, *, dashed: bool) -> None:
    t, last = brush.tokens, index.model().rowCount() - 1
    for here, top, high in ((index.row() > 0, 0, 12), (index.row() < last, 36, brush.height - 36)):
        if here:
            for y in range(top, top + high, 5 if dashed else high):
                brush.fill(brush.place(x + 11, y, 2, 3 if dashed else high), t.line)


class FoundDelegate(Painting):
    """Lines of the palette: what it is, where it stands, the keys for it."""

    def height(self, row: object) -> int:
        """A line more where there is something to say of it."""
        return 50 if cast(Found, row).sub else 36

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One line."""
        one, t = cast(Found, row), brush.tokens
        if brush.selected or brush.hovered:
            brush.fill(
                brush.place(8, 1, brush.width - 16, brush.height - 2), t.accent_soft if brush.selected else t.hover, 7
            )
        brush.icon(brush.place(18, 9, 18, 18), one.icon, t.accent if brush.selected else t.muted)
        room = brush.advance(one.keys, 11.5, 600) + 12 if one.keys else 0
        brush.text(brush.place(48, 4, brush.width - 68 - room, 28), one.title, t.text, 13, 500)
        brush.text(brush.place(48, 27, brush.width - 68, 18), one.sub, t.muted, 11.5)
        brush.text(brush.place(brush.width - room - 18, 4, room, 28), one.keys, t.muted, 11.5, 600, end=True)
