"""How the rows of each list are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from evidencevault.desktop.inbox_rows import CheckRow, DocumentRow
from evidencevault.desktop.items import EvidenceRow
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.rows import CustodyRow, StatementRow

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
        return {"head": 34, "case": 48}.get(cast(NavRow, row).kind, 32)

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One line."""
        one, t = cast(NavRow, row), brush.tokens
        if brush.width < RAIL:
            _on_rail(brush, one)
            return
        if one.kind == "head":
            brush.text(brush.place(20, 9, brush.width - 40, 22), one.title.upper(), t.faint, 11, 600)
            return
        ground = brush.place(10, 1, brush.width - 20, brush.height - 2)
        if brush.selected:
            brush.fill(ground, t.accent_soft, 7)
        elif brush.hovered:
            brush.fill(ground, t.hover, 7)
        if brush.focused:
            brush.ring(ground, 7)
        ink, weight = (t.accent, 600) if brush.selected else (t.text, 500)
        case = one.kind == "case"
        if case:
            brush.fill(QRectF(brush.place(23, 20, 8, 8)), t.tone(one.tone)[0], 4)
            brush.text(brush.place(44, 5, brush.width - 108, 20), one.title, ink, 12.5, weight)
            brush.text(brush.place(44, 24, brush.width - 66, 18), one.sub, t.muted, 11)
        else:
            brush.icon(brush.place(20, 7, 18, 18), one.icon, ink if brush.selected else t.muted)
            brush.text(brush.place(48, 0, brush.width - 112, brush.height), one.title, ink, 13, weight)
        if one.count:
            place = brush.place(brush.width - 62, 5 if case else 0, 44, 20 if case else brush.height)
            brush.text(place, str(one.count), t.accent if brush.selected else t.faint, 11, 600, end=True)


def _on_rail(brush: Brush, one: NavRow) -> None:
    """A line of the sidebar where there is room for its icon alone."""
    t, middle = brush.tokens, brush.width // 2
    if one.kind == "head":
        brush.fill(brush.place(14, 17, brush.width - 28, 1), t.line)
        return
    ground = brush.place(6, 2, brush.width - 12, brush.height - 4)
    if brush.selected or brush.hovered:
        brush.fill(ground, t.accent_soft if brush.selected else t.hover, 7)
    if brush.focused:
        brush.ring(ground, 7)
    if one.kind == "case":
        brush.fill(QRectF(brush.place(middle - 5, brush.height // 2 - 5, 10, 10)), t.tone(one.tone)[0], 5)
    else:
        brush.icon(brush.place(middle - 9, 7, 18, 18), one.icon, t.accent if brush.selected else t.muted)


class EvidenceDelegate(Painting):
    """Exhibits: icon or small picture, name and when, number and what it is, what somebody should know of it."""

    row_height = 66

    def __init__(self, theme: Theme, parent: QWidget, picture: Callable[[str], QPixmap | None]) -> None:
        super().__init__(theme, parent)
        self._picture = picture

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One exhibit."""
        one = cast(EvidenceRow, row)
        indent = 16 if one.child else 0
        two_lines(brush, one.icon, one.name, one.when, one.sub, indent)
        small = self._picture(one.id)
        if small is not None:
            brush.picture(brush.place(18 + indent, 14, 38, 38), small)
        state(brush, one.state, brush.tokens.tone(one.tone)[0], one.state_icon, 33)


class StatementDelegate(Painting):
    """Interviews and decisions."""

    row_height = 66

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One of them."""
        one = cast(StatementRow, row)
        two_lines(brush, one.icon, one.title, one.when, one.sub, 0)
        known = {"good": "badge-check", "warn": "pen-line", "bad": "triangle-alert"}
        icon = one.state_icon or known.get(one.tone, "signature")
        if one.state:
            state(brush, one.state, brush.tokens.tone(one.tone)[0], icon, 33)


class ReceivedDelegate(Painting):
    """Documents of a received bundle."""

    row_height = 66

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One of them."""
        one = cast(DocumentRow, row)
        two_lines(brush, one.icon, one.title, one.when, one.sub, 0)
        icon = {"good": "eye-off", "warn": "file-lock", "accent": "file-text"}[one.tone]
        state(brush, one.state, brush.tokens.tone(one.tone)[0], icon, 33)


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


def two_lines(brush: Brush, icon: str, title: str, when: str, sub: str, indent: int, side: int = 126) -> None:
    """A row of two lines after an icon, on the ground of its state; ``side`` pixels of the second are left free."""
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
    brush.text(brush.place(left, 33, width - left - side, 20), sub, t.muted, 12)


def state(brush: Brush, text: str, ink: str, icon: str, y: int, most: int = 100) -> None:
    """A word with its icon at the end of a line, at most ``most`` pixels wide."""
    room = min(brush.advance(text, 11, 600) + 4, most)
    brush.icon(brush.place(brush.width - 16 - room - 18, y + 3, 14, 14), icon, ink)
    brush.text(brush.place(brush.width - 16 - room, y, room, 20), text, ink, 11, 600, end=True)
