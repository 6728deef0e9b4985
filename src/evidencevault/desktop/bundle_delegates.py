"""How the lists of bundles and their receivers are drawn: rows with a box to tick, and the steps of the assistant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.bundle_rows import StepRow
from evidencevault.desktop.delegates import state, two_lines
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.table import ROW

_WIDE = 150  # px that the word at the end may take
_BOX = 46  # px at the beginning of a row in which a click ticks


class Tickable(Protocol):
    """A row that may be ticked; ``ticked`` None shows no box."""

    title: str
    sub: str
    when: str
    icon: str
    state: str
    tone: str
    state_icon: str

    @property
    def ticked(self) -> bool | None:
        """Whether it is."""


class TickDelegate(Painting):
    """Exhibits and receivers that are chosen among. ``tick`` is called with the id of a row whose box is clicked."""

    row_height = 66

    def __init__(self, theme: Theme, parent: QWidget, tick: Callable[[str], object]) -> None:
        super().__init__(theme, parent)
        self._tick = tick

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on the box ticks; anywhere else it chooses."""
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        row, at, place = index.data(ROW), event.position().x(), option.rect
        right = option.direction == Qt.LayoutDirection.RightToLeft
        from_edge = place.right() - at if right else at - place.left()
        if getattr(row, "ticked", None) is None or from_edge > scale.px(_BOX):
            return False
        self._tick(row.id)
        return True

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One of them."""
        one = cast(Tickable, row)
        room = min(brush.advance(one.state, 11, 600), _WIDE) + 44
        two_lines(brush, one.icon, one.title, one.when, one.sub, 0 if one.ticked is None else 30, room)
        if one.state:
            state(brush, one.state, brush.tokens.tone(one.tone)[0], one.state_icon, 33, _WIDE)
        if one.ticked is not None:
            _box(brush, one.ticked)


_NUMBERS = 100  # px: with less room a step is its number


class StepDelegate(Painting):
    """The steps of the assistant."""

    row_height = 58

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One step."""
        one, t = cast(StepRow, row), brush.tokens
        ground = brush.place(8, 3, brush.width - 16, brush.height - 6)
        if brush.selected:
            brush.fill(ground, t.accent_soft, 8)
        elif brush.hovered and one.open:
            brush.fill(ground, t.hover, 8)
        if brush.focused:
            brush.ring(ground, 8)
        ink, soft = t.tone(one.tone)
        brush.fill(brush.place(18, 17, 24, 24), t.surface if brush.selected else soft, 12)
        if one.tone == "good":
            brush.icon(brush.place(23, 22, 14, 14), "circle-check", ink)
        else:
            width = brush.advance(str(one.n), 11.5, 600)
            brush.text(brush.place(30 - width // 2, 17, width + 3, 24), str(one.n), ink, 11.5, 600)
        if brush.width < _NUMBERS:
            return
        shade = t.accent if brush.selected else t.text if one.open else t.faint
        brush.text(brush.place(52, 9 if one.sub else 18, brush.width - 68, 21), one.title, shade, 13, 600)
        brush.text(brush.place(52, 29, brush.width - 68, 18), one.sub, t.warn if one.tone == "warn" else t.muted, 11.5)


def _box(brush: Brush, ticked: bool) -> None:
    t, place = brush.tokens, brush.place(18, 24, 18, 18)
    if ticked:
        brush.fill(place, t.accent, 4)
        brush.painter.setPen(QPen(QColor(t.on_accent), 2))
        corners = [QPointF(place.x() + x, place.y() + y) for x, y in ((4.5, 9.5), (7.8, 12.6), (13.5, 5.8))]
        brush.painter.drawPolyline(corners)
        return
    brush.painter.setBrush(QColor(t.surface))
    brush.painter.setPen(QPen(QColor(t.faint), 1.2))
    brush.painter.drawRoundedRect(QRectF(place).adjusted(0.6, 0.6, -0.6, -0.6), 4, 4)
