"""Painted charts: a bar for each thing that was counted, in parts where the counts have kinds.

Each says its numbers in its accessible description as well; the numbers stand beside the bars, so none is told by
colour or length alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from evidencevault.desktop import scale, words
from evidencevault.desktop.look import Theme

_ROW, _TALL, _BAR, _GAP = 28, 44, 12, 10  # px at 100 %
_NAMED = 0.42  # of the width at most for names beside their bars; longer ones stand above them


@dataclass(frozen=True, slots=True)
class Part:
    """A count of one kind: its name, its number, and the tone of its bar."""

    name: str
    count: int
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class Bar:
    """What was counted, in one part or several."""

    title: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(one.count for one in self.parts)

    @property
    def told(self) -> str:
        """As read out: ``Letters: 3`` or ``Letters: in time 3, late 1``."""
        if len(self.parts) == 1:
            return f"{self.title}: {self.parts[0].count}"
        return f"{self.title}: " + ", ".join(f"{one.name} {one.count}" for one in self.parts)


class BarChart(QWidget):
    """Horizontal bars, one below the other, the longest as wide as there is room."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars: Sequence[Bar] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Exchange everything."""
        self._bars = bars
        self.setAccessibleDescription("; ".join(one.told for one in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the bars are many, with a line for the kinds where there are several."""
        bars = max(1, len(self._bars)) * scale.px(_TALL if self._names_above() else _ROW)
        return QSize(scale.px(260), bars + (scale.px(_ROW) if self._kinds() else 0))

    def minimumSizeHint(self) -> QSize:
        """Never lower than its bars."""
        return QSize(scale.px(200), self.sizeHint().height())

    def _kinds(self) -> Sequence[Part]:
        return self._bars[0].parts if self._bars and len(self._bars[0].parts) > 1 else ()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_font(self))
        if self.hasFocus():
            painter.setPen(QColor(self._theme.tokens.accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._bars:
            self._draw(painter)
        painter.end()

    def _names_above(self) -> bool:
        """Whether a name is too long to stand beside its bar."""
        return self._longest() > scale.px(260) * _NAMED

    def _longest(self) -> int:
        metrics = QFontMetrics(_font(self))
        return max((metrics.horizontalAdvance(words.isolated(one.title)) for one in self._bars), default=0)

    def _draw(self, painter: QPainter) -> None:
        t, gap, above = self._theme.tokens, scale.px(_GAP), self._names_above()
        row, line = scale.px(_TALL if above else _ROW), scale.px(_ROW)
        numbers = [" · ".join(str(part.count) for part in one.parts) for one in self._bars]
        wide = max(painter.fontMetrics().horizontalAdvance(one) for one in numbers) + gap
        named = 0 if above else self._longest() + gap
        room = max(scale.px(40), self.width() - named - wide - gap)
        most = max(max(one.total for one in self._bars), 1)
        for place, (bar, number) in enumerate(zip(self._bars, numbers, strict=True)):
            top = place * row
            middle = top + (line // 2 + scale.px(16) if above else line // 2)
            self._text(painter, bar.title, 0, top, self.width() if above else named, t.text, line - scale.px(6) * above)
            start = float(named)
            for part in bar.parts:
                length = room * part.count / most
                self._block(painter, start, middle - scale.px(_BAR) // 2, length, t.tone(part.tone)[0])
                start += length
            self._text(painter, number, round(start + gap / 2), middle - line // 2, wide, t.muted, line)
        self._legend(painter, len(self._bars) * row)

    def _legend(self, painter: QPainter, top: int) -> None:
        x, gap, t = 0, scale.px(_GAP), self._theme.tokens
        for one in self._kinds():
            self._block(painter, x, top + scale.px(_ROW - _BAR) // 2, scale.px(_BAR), t.tone(one.tone)[0])
            wide = painter.fontMetrics().horizontalAdvance(one.name)
            self._text(painter, one.name, x + scale.px(_BAR) + gap // 2, top, wide + gap, t.muted, scale.px(_ROW))
            x += scale.px(_BAR) + wide + 2 * gap

    def _block(self, painter: QPainter, x: float, y: int, width: float, colour: str) -> None:
        if width <= 0:
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            x = self.width() - x - width
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(x, y, max(width, 2.0), scale.px(_BAR)), 3, 3)

    def _text(self, painter: QPainter, text: str, x: int, top: int, width: int, colour: str, height: int) -> None:
        painter.setPen(QColor(colour))
        rect = QRect(x, top, width, height)
        align = QStyle.visualAlignment(
            self.layoutDirection(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(
            QStyle.visualRect(self.layoutDirection(), self.rect(), rect),
            int(align.value) | int(Qt.TextFlag.TextSingleLine.value),
            words.isolated(shown),
        )


def _font(widget: QWidget) -> QFont:
    font = QFont(widget.font())
    font.setPixelSize(scale.px(12))
    return font
