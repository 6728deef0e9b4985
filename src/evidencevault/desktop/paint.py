"""What all list delegates draw with: mirrored places, elided and isolated text, rounded grounds, tinted icons."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.look import Theme, Tokens, pixmap
from evidencevault.desktop.table import ROW
from evidencevault.desktop.words import END, ISOLATE

Index = QModelIndex | QPersistentModelIndex


class Brush:
    """Draws one row. Places are given as in left-to-right reading and mirrored where the row reads from the right."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, tokens: Tokens) -> None:
        self.painter = painter
        self.tokens = tokens
        self._option = option
        # Rows are drawn in lengths of 100 %; the painter makes them as large as text is wanted.
        large = scale.factor()
        painter.translate(option.rect.topLeft())
        painter.scale(large, large)
        self.rect = QRect(0, 0, ceil(option.rect.width() / large), ceil(option.rect.height() / large))
        self._direction: Qt.LayoutDirection = option.direction
        self._state: QStyle.StateFlag = option.state
        self.width, self.height = self.rect.width(), self.rect.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    @property
    def selected(self) -> bool:
        """Whether the row is the chosen one."""
        return bool(self._state & QStyle.StateFlag.State_Selected)

    @property
    def hovered(self) -> bool:
        """Whether the mouse is over it."""
        return bool(self._state & QStyle.StateFlag.State_MouseOver)

    @property
    def focused(self) -> bool:
        """Whether the keyboard is on it."""
        return bool(self._state & QStyle.StateFlag.State_HasFocus)

    def place(self, x: int, y: int, width: int, height: int) -> QRect:
        """A rectangle of the row."""
        rect = QRect(self.rect.left() + x, self.rect.top() + y, width, height)
        return QStyle.visualRect(self._direction, self.rect, rect)

    def font(self, px: float, weight: int = 400, family: str = "") -> QFont:
        """The list's font in another size."""
        font = QFont(self._option.font)
        if family:
            font.setFamilies([family, "monospace"])
        font.setPixelSize(round(px))
        font.setWeight(QFont.Weight(weight))
        return font

    def advance(self, text: str, px: float, weight: int = 400) -> int:
        """Width of a text in pixels."""
        return QFontMetrics(self.font(px, weight)).horizontalAdvance(text)

    def text(
        self,
        rect: QRect,
        text: str,
        colour: str,
        px: float,
        weight: int = 400,
        *,
        end: bool = False,
        family: str = "",
    ) -> None:
        """One line, cut with an ellipsis where it does not fit."""
        self.painter.setFont(self.font(px, weight, family))
        self.painter.setPen(QColor(colour))
        side = Qt.AlignmentFlag.AlignTrailing if end else Qt.AlignmentFlag.AlignLeading
        align = QStyle.visualAlignment(self._direction, side | Qt.AlignmentFlag.AlignVCenter)
        shown = self.painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        flags = int(align.value) | int(Qt.TextFlag.TextSingleLine.value)
        self.painter.drawText(rect, flags, f"{ISOLATE}{shown}{END}")

    def fill(self, rect: QRect | QRectF, colour: str, radius: float = 0) -> None:
        """A ground."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(colour))
        self.painter.drawRoundedRect(QRectF(rect), radius, radius)

    def icon(self, rect: QRect, name: str, colour: str) -> None:
        """An icon as large as its place."""
        self.painter.drawPixmap(rect, pixmap(name, colour, rect.width()))

    def picture(self, rect: QRect, picture: QPixmap) -> None:
        """A picture that fills its place, with a thin frame so that white paper has an edge."""
        self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.painter.drawPixmap(rect, picture)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(QColor(self.tokens.line), 1))
        self.painter.drawRect(rect)

    def ring(self, rect: QRect, radius: float = 6) -> None:
        """The mark of the keyboard's focus."""
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(QColor(self.tokens.accent), 1.4))
        self.painter.drawRoundedRect(QRectF(rect).adjusted(0.7, 0.7, -0.7, -0.7), radius, radius)


class Painting(QStyledItemDelegate):
    """A delegate that draws rows with a Brush. ``row_height`` is in pixels at 100 %."""

    row_height = 44

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height that :meth:`height` gives; the width is the view's."""
        return QSize(100, scale.px(self.height(index.data(ROW))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(ROW)
        if row is None:
            return
        painter.save()
        self.draw(Brush(painter, option, self._theme.tokens), row, index)
        painter.restore()

    def height(self, row: object) -> int:
        """Pixels that a row takes at 100 %."""
        return self.row_height

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """Draw a row; overridden."""
        raise NotImplementedError
