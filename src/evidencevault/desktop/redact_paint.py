"""How marks, suggestions and what is being drawn lie on a page. The page is white in every theme, and so are these."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from evidencevault.desktop import scale
from evidencevault.desktop.look import LIGHT
from evidencevault.desktop.words import END, ISOLATE

_INK, _PAPER = QColor(14, 22, 30, 226), QColor("#FFFFFF")
_ACCENT, _WARN, _BAD = QColor(LIGHT.accent), QColor(LIGHT.warn), QColor(LIGHT.bad)
_LEAST = 26.0  # pixels: in a narrower box nothing can be written


def hidden(painter: QPainter, boxes: Sequence[QRectF], text: str, font: QFont) -> None:
    """A mark as it will be: nothing is to be read under it, but what stands on it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_INK)
    for box in boxes:
        painter.drawRect(box)
    if boxes:
        _written(painter, boxes[0], text, font, _PAPER)


def seen_through(painter: QPainter, boxes: Sequence[QRectF], *, chosen: bool, narrow: bool) -> None:
    """A mark under which one reads."""
    colour = _BAD if narrow else _ACCENT
    ground = QColor(colour)
    ground.setAlpha(70 if chosen else 46)
    painter.setBrush(ground)
    painter.setPen(QPen(colour, 2.0 if chosen else 1.2, Qt.PenStyle.DashLine if chosen else Qt.PenStyle.SolidLine))
    for box in boxes:
        painter.drawRect(box)


def suggested(painter: QPainter, boxes: Sequence[QRectF], *, chosen: bool) -> None:
    """A suggestion nobody decided about."""
    ground = QColor(_WARN)
    ground.setAlpha(70 if chosen else 30)
    painter.setBrush(ground)
    painter.setPen(QPen(_WARN, 2.2 if chosen else 1.2, Qt.PenStyle.DotLine))
    for box in boxes:
        painter.drawRect(box.adjusted(-1, -1, 1, 1))


def drawing(painter: QPainter, boxes: Sequence[QRectF], *, handles: bool) -> None:
    """What is being drawn."""
    seen_through(painter, boxes, chosen=True, narrow=False)
    if handles and boxes:
        side = scale.px(7)
        painter.setBrush(_PAPER)
        painter.setPen(QPen(_ACCENT, 1.6))
        box = boxes[0]
        for corner in (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight()):
            painter.drawRect(QRectF(corner.x() - side / 2, corner.y() - side / 2, side, side))


def callout(painter: QPainter, box: QRectF, lines: Sequence[str], font: QFont, view: QRectF, *, bad: bool) -> None:
    """What the chosen mark is, beside it: above where there is room, else below."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    fonts = [bold, *(font for _ in lines[1:])]
    measured = [QFontMetricsF(one) for one in fonts]
    pad = scale.px(9)
    needed = max(one.horizontalAdvance(text) for one, text in zip(measured, lines, strict=True))
    wide = min(view.width() - 2 * pad, needed + 1)
    high = sum(one.height() for one in measured)
    size = (wide + 2 * pad, high + pad)
    left = min(max(box.left(), view.left() + 4), view.right() - size[0] - 4)
    top = box.top() - size[1] - scale.px(7)
    if top < view.top() + 2:
        top = box.bottom() + scale.px(7)
    ground = QRectF(left, top, *size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BAD if bad else _ACCENT)
    painter.drawRoundedRect(ground, 6, 6)
    painter.setPen(_PAPER)
    y = top + pad / 2
    for one, metrics, text in zip(fonts, measured, lines, strict=True):
        painter.setFont(one)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QPointF(left + pad, y + metrics.ascent()), f"{ISOLATE}{shown}{END}")
        y += metrics.height()


def _written(painter: QPainter, box: QRectF, text: str, font: QFont, colour: QColor) -> None:
    if box.width() < _LEAST or not text:
        return
    small = QFont(font)
    small.setPixelSize(max(7, min(round(box.height() * 0.66), scale.px(11))))
    small.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(small)
    if metrics.height() > box.height() + 3:
        return
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 4)
    painter.setFont(small)
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{ISOLATE}{shown}{END}")
