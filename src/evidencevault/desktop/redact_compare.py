"""Before and after on each other: left of the handle the original, right of it the redacted copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.look import LIGHT, pixmap
from evidencevault.desktop.redact_images import Images
from evidencevault.desktop.redact_roll import RollView
from evidencevault.resources import tr

_STEP = 0.05  # of the page's width, by key


class CompareView(RollView):
    """A roll of pages of which each is drawn twice. ``share`` of the view lies left of the handle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = 0.5
        self._after: Images | None = None

    def show_both(self, sizes: Sequence[tuple[float, float]], before: Images, after: Images) -> None:
        """The pages of an exhibit, and those of its copy."""
        if self._after is not None:
            self._after.came.disconnect(self._came)
        self._after = after
        after.came.connect(self._came)
        self.show_pages(sizes, before)

    def clear(self) -> None:
        """Forget both."""
        self.show_pages((), None)
        if self._after is not None:
            self._after.came.disconnect(self._came)
        self._after = None

    def slide(self, share: float) -> None:
        """Move the handle."""
        self.share = min(1.0, max(0.0, share))
        self.setAccessibleDescription(tr("{n} % of the original are seen").format(n=round(self.share * 100)))
        self.viewport().update()

    def _want(self) -> None:
        super()._want()
        pages = self.visible()
        if self._after is not None and pages:
            self._after.want(list(pages), self.wanted_width())

    # --- painting

    def _draw_page(self, painter: QPainter, page: int) -> None:
        super()._draw_page(painter, page)
        picture = self._after.image(page) if self._after is not None else None
        place = self.roll.page(page)
        right = QRectF(place)
        right.setLeft(max(place.left(), self._handle()))
        if right.width() <= 0:
            return
        painter.save()
        painter.setClipRect(right)
        painter.fillRect(right, QColor("#FFFFFF"))
        if picture is not None:
            painter.drawImage(place, picture)
        else:
            painter.setPen(QColor(LIGHT.muted))
            painter.drawText(right, Qt.AlignmentFlag.AlignCenter, tr("Reading …"))
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pages, and the handle over them."""
        super().paintEvent(event)
        if not self.roll.count or self._after is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, view = self._handle() - self.horizontalScrollBar().value(), self.viewport().rect()
        painter.setPen(QPen(QColor(LIGHT.accent), scale.px(2)))
        painter.drawLine(round(x), 0, round(x), view.height())
        round_, icon = scale.px(15), scale.px(16)
        painter.setBrush(QColor(LIGHT.accent))
        painter.drawEllipse(QRectF(x - round_, view.height() / 2 - round_, 2 * round_, 2 * round_))
        drawn = pixmap("chevrons-up-down", "#FFFFFF", icon)
        painter.translate(x, view.height() / 2)
        painter.rotate(90)
        painter.drawPixmap(round(-icon / 2), round(-icon / 2), drawn)
        painter.resetTransform()
        self._named(painter, x)

    def _named(self, painter: QPainter, x: float) -> None:
        font = QFont(self.font())
        font.setPixelSize(scale.px(11))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics, pad, top = QFontMetricsF(font), scale.px(8), scale.px(10)
        for text, left in ((tr("Original"), True), (tr("Redacted copy"), False)):
            wide = metrics.horizontalAdvance(text) + 2 * pad
            place = QRectF(x - wide - pad if left else x + pad, top, wide, metrics.height() + pad)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(LIGHT.text))
            painter.drawRoundedRect(place, 5, 5)
            painter.setPen(QColor("#FFFFFF"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _handle(self) -> float:
        if not self.roll.count:
            return 0.0
        page = self.roll.page(max(1, self.page))
        return page.left() + self.share * page.width()

    # --- what moves the handle

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The handle comes to the mouse."""
        self._slide_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """And follows it."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._slide_to(event)

    def _slide_to(self, event: QMouseEvent) -> None:
        if self.roll.count:
            page = self.roll.page(max(1, self.page))
            self.slide((self.on_roll(event.position()).x() - page.left()) / max(1.0, page.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the handle; Page up and down turn pages."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.slide(self.share + (_STEP if key == Qt.Key.Key_Right else -_STEP))
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.go_to(self.page + (1 if key == Qt.Key.Key_PageDown else -1))
        else:
            super().keyPressEvent(event)
