"""How the rows of each list are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QRectF

from evidencevault.desktop.case_rows import TimeRow
from evidencevault.desktop.home_rows import TodayRow
from evidencevault.desktop.inbox_rows import CheckRow, DocumentRow
from evidencevault.desktop.items import EvidenceRow
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.palette_rows import Found
from evidencevault.desktop.rows import DOT, CaseRow, CustodyRow, StatementRow
from evidencevault.resources import tr

_MONO = "DejaVu Sans Mono"
RAIL = 100  # px: a narrower sidebar shows icons alone


@dataclass(frozen=True, slots=True)
class NavRow:
    """A line of the sidebar: ``kind`` is ``screen``, ``head`` or ``case``; ``count`` 0 shows none."""

    id: str
    kind: str
    title: str
    sub: str = ""
    icon: str = ""
    tone: str = ""
    count: int = 0

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.title} {self.sub} {self.count or ''}".strip()


class NavDelegate(Painting):
    """Screens and cases in the sidebar."""

    def height(self, row: object) -> int:
        """By kind."""
        return {"head": 38, "case": 50}.get(cast(NavRow, row).kind, 36)

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One line."""
        one, t = cast(NavRow, row), brush.tokens
        if brush.width < RAIL:
            _on_rail(brush, one)
            return
        if one.kind == "head":
            brush.text(brush.place(20, 12, brush.width - 40, 22), one.title.upper(), t.faint, 11, 600)
            return
        ground = brush.place(10, 2, brush.width - 20, brush.height - 4)
        if brush.selected:
            brush.fill(ground, t.accent_soft, 7)
        elif brush.hovered:
            brush.fill(ground, t.hover, 7)
        if brush.focused:
            brush.ring(ground, 7)
        ink, weight = (t.accent, 600) if brush.selected else (t.text, 500)
        case = one.kind == "case"
        if case:
            brush.fill(QRectF(brush.place(23, 21, 8, 8)), t.tone(one.tone)[0], 4)
            brush.text(brush.place(44, 6, brush.width - 108, 20), one.title, ink, 12.5, weight)
            brush.text(brush.place(44, 25, brush.width - 66, 18), one.sub, t.muted, 11)
        else:
            brush.icon(brush.place(20, 9, 18, 18), one.icon, ink if brush.selected else t.muted)
            brush.text(brush.place(48, 0, brush.width - 112, brush.height), one.title, ink, 13, weight)
        if one.count:
            place = brush.place(brush.width - 62, 6 if case else 0, 44, 20 if case else brush.height)
            brush.text(place, str(one.count), t.accent if brush.selected else t.faint, 11, 600, end=True)


def _on_rail(brush: Brush, one: NavRow) -> None:
    """A line of the sidebar where there is room for its icon alone."""
    t, middle = brush.tokens, brush.width // 2
    if one.kind == "head":
        brush.fill(brush.place(14, 19, brush.width - 28, 1), t.line)
        return
    ground = brush.place(6, 2, brush.width - 12, brush.height - 4)
    if brush.selected or brush.hovered:
        brush.fill(ground, t.accent_soft if brush.selected else t.hover, 7)
    if brush.focused:
        brush.ring(ground, 7)
    if one.kind == "case":
        brush.fill(QRectF(brush.place(middle - 5, brush.height // 2 - 5, 10, 10)), t.tone(one.tone)[0], 5)
    else:
        brush.icon(brush.place(middle - 9, 9, 18, 18), one.icon, t.accent if brush.selected else t.muted)


class EvidenceDelegate(Painting):
    """Exhibits: icon, name and when, number and what it is, and what somebody should know of it."""

    row_height = 66

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One exhibit."""
        one = cast(EvidenceRow, row)
        indent = 16 if one.child else 0
        _two_lines(brush, one.icon, one.name, one.when, one.sub, indent)
        _state(brush, one.state, brush.tokens.tone(one.tone)[0], one.state_icon, 33)


class StatementDelegate(Painting):
    """Interviews and decisions."""

    row_height = 66

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One of them."""
        one = cast(StatementRow, row)
        _two_lines(brush, one.icon, one.title, one.when, one.sub, 0)
        known = {"good": "badge-check", "warn": "pen-line", "bad": "triangle-alert"}
        icon = one.state_icon or known.get(one.tone, "signature")
        _state(brush, one.state, brush.tokens.tone(one.tone)[0], icon, 33)


class ReceivedDelegate(Painting):
    """Documents of a received bundle."""

    row_height = 66

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One of them."""
        one = cast(DocumentRow, row)
        _two_lines(brush, one.icon, one.title, one.when, one.sub, 0)
        icon = {"good": "eye-off", "warn": "file-lock", "accent": "file-text"}[one.tone]
        _state(brush, one.state, brush.tokens.tone(one.tone)[0], icon, 33)


class CheckDelegate(Painting):
    """Checks of a received bundle: what is checked, how it ended, what was found."""

    row_height = 48

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One check."""
        one, t = cast(CheckRow, row), brush.tokens
        if brush.focused and brush.selected:
            brush.ring(brush.place(0, 1, brush.width, brush.height - 2), 7)
        icon = {"good": "circle-check", "bad": "x", "accent": "search"}.get(one.state, "clock")
        ink, soft = t.tone(one.state)
        brush.fill(brush.place(8, 11, 26, 26), soft, 13)
        brush.icon(brush.place(14, 17, 14, 14), icon, ink)
        room = brush.advance(one.told, 11.5, 600) + 8
        brush.text(brush.place(46, 4 if one.sub else 14, brush.width - 62 - room, 20), one.title, t.text, 13, 600)
        brush.text(brush.place(brush.width - 12 - room, 4 if one.sub else 14, room, 20), one.told, ink, 11.5, 600,
                   end=True)  # fmt: skip
        brush.text(brush.place(46, 24, brush.width - 58, 18), one.sub, t.muted, 12)


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


class CustodyDelegate(Painting):
    """Entries of the chain of custody, joined by a line."""

    row_height = 48

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One entry."""
        one, t = cast(CustodyRow, row), brush.tokens
        x, side = 24, 200
        if brush.selected:
            brush.fill(brush.place(8, 0, brush.width - 16, brush.height - 2), t.hover, 7)
        if brush.focused:
            brush.ring(brush.place(8, 0, brush.width - 16, brush.height - 2), 7)
        if index.row() < index.model().rowCount() - 1:
            brush.fill(brush.place(x + 10, 30, 2, brush.height - 30), t.line)
        if index.row():
            brush.fill(brush.place(x + 10, 0, 2, 6), t.line)
        ink, soft = t.tone(one.act.tone)
        brush.fill(brush.place(x, 6, 22, 22), soft, 11)
        brush.icon(brush.place(x + 5, 11, 12, 12), one.act.icon, ink)
        wide = brush.width - side - x - 34 - 24
        brush.text(brush.place(x + 34, 4, wide, 18), one.act.words, t.text, 13, 500)
        brush.text(brush.place(x + 34, 22, wide, 18), one.sub, t.muted, 11.5)
        end = brush.place(brush.width - side - 16, 4, side, 18)
        brush.text(end, f"#{one.sequence}" + (f"  {short(one.digest)}" if one.digest else ""), t.faint, 10.5,
                   end=True, family=_MONO)  # fmt: skip
        brush.text(brush.place(brush.width - side - 16, 22, side, 18), one.when, t.muted, 11.5, end=True)


def short(digest: str) -> str:
    """The beginning and end of a digest in hex, for recognising it."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"


def _two_lines(brush: Brush, icon: str, title: str, when: str, sub: str, indent: int) -> None:
    t, width, height = brush.tokens, brush.width, brush.height
    if brush.selected:
        brush.fill(brush.rect, t.accent_soft)
        brush.fill(brush.place(0, 0, 3, height), t.accent)
    elif brush.hovered:
        brush.fill(brush.rect, t.hover)
    else:
        brush.fill(brush.place(68 + indent, height - 1, width - 84 - indent, 1), t.line)
    if brush.focused:
        brush.ring(brush.rect, 0)
    brush.fill(brush.place(18 + indent, 14, 38, 38), t.surface if brush.selected else t.hover, 9)
    brush.icon(brush.place(28 + indent, 24, 18, 18), icon, t.accent if brush.selected else t.muted)
    left = 70 + indent
    room = brush.advance(when, 11.5) + 12
    brush.text(brush.place(left, 11, width - left - room - 16, 22), title, t.text, 13.5, 600)
    brush.text(brush.place(width - room - 16, 11, room, 22), when, t.muted, 11.5, end=True)
    brush.text(brush.place(left, 33, width - left - 126, 20), sub, t.muted, 12)


def _state(brush: Brush, text: str, ink: str, icon: str, y: int) -> None:
    room = min(brush.advance(text, 11, 600) + 4, 100)
    brush.icon(brush.place(brush.width - 16 - room - 18, y + 3, 14, 14), icon, ink)
    brush.text(brush.place(brush.width - 16 - room, y, room, 20), text, ink, 11, 600, end=True)
