"""How a reel of pages is drawn: ground, shadow, paper, picture, and over it what is found and chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform

from evidencevault.desktop.look import Tokens
from evidencevault.desktop.reel_layout import Spot
from evidencevault.documents.requests import Box
from evidencevault.resources import tr

if TYPE_CHECKING:
    from evidencevault.desktop.reel import Reel

_INK = QColor("#566573")  # on paper, which is white in both themes
_EDGE = 24  # pixels around words on an empty page
_SPREADS = (4, 2)  # pixels of the shadow around a page


@dataclass(frozen=True, slots=True)
class Colours:
    """Of the theme."""

    ground: QColor = field(default_factory=QColor)
    accent: QColor = field(default_factory=QColor)
    shade: QColor = field(default_factory=QColor)

    @classmethod
    def of(cls, t: Tokens) -> Colours:
        """The colours of a theme."""
        return cls(QColor(t.canvas), QColor(t.accent), QColor(0, 0, 0, 60 if t.name == "dark" else 26))


def point(spot: Spot) -> Box:
    """A place as a box without extent."""
    return Box(spot.x, spot.y, spot.x, spot.y)


def paint(reel: Reel) -> None:
    """Draw what is in view."""
    painter, origin, colours = QPainter(reel.viewport()), reel.origin(), reel.colours
    painter.fillRect(reel.viewport().rect(), colours.ground)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for page in reel.in_view():
        at = reel.lay.rect(page, reel.across).translated(-origin)
        _paper(painter, at, colours.shade)
        _picture(painter, reel, page, at)
        reel.choice.paint(painter, page, colours.accent, origin)
    if reel.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colours.accent)
        painter.drawRect(QRectF(reel.viewport().rect()).adjusted(0.5, 0.5, -1, -1))


def _paper(painter: QPainter, at: QRectF, shade: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    for spread in _SPREADS:
        painter.drawRoundedRect(at.adjusted(-spread, -spread / 2, spread, spread * 1.5), 3, 3)
    painter.fillRect(at, Qt.GlobalColor.white)


def _picture(painter: QPainter, reel: Reel, page: int, at: QRectF) -> None:
    image, quarter = reel.sheets.image(page), reel.lay.quarter
    if image is None:
        why = reel.sheets.refusal(page)
        if why:
            painter.setPen(_INK)
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            text = tr("This page cannot be shown") + "\n\n" + why
            painter.drawText(at.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), wrapped, text)
        return
    if not quarter:
        painter.drawImage(at, image)
        return
    painter.save()
    painter.translate(at.center())
    wide, high = (at.height(), at.width()) if quarter % 2 else (at.width(), at.height())
    painter.setTransform(QTransform().rotate(90 * quarter), True)
    painter.drawImage(QRectF(-wide / 2, -high / 2, wide, high), image)
    painter.restore()
