"""Notes on an exhibit as they are listed below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import scale, words
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.rows import DOT
from evidencevault.desktop.table import ROW
from evidencevault.evidence import notes
from evidencevault.resources import tr

_TOP, _LEFT, _BELOW = 24, 22, 10  # px at 100 %
_SIZE = 12.5


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note: its record, its page (0: the whole item), who wrote it when, and its words."""

    id: str
    item: bytes
    page: int
    head: str
    words: str

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.head}, {self.words}"


def note_rows(case: CaseFile, number: str) -> list[NoteRow]:
    """The notes on an exhibit, by page."""
    now = case.now()
    return [
        NoteRow(
            one.item.hex(),
            one.item,
            one.page,
            DOT.join(
                [
                    tr("Page {n}").format(n=one.page) if one.page else tr("Whole item"),
                    words.isolated(case.handle(one.by)),
                    words.isolated(words.moment(one.at, now)),
                    *([tr("changed")] if one.revision > 1 else []),
                ]
            ),
            words.visible(one.words),
        )
        for one in notes.notes(case, number)
    ]


class NoteDelegate(Painting):
    """Notes: where and by whom, and all of their words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words are in the width of the list."""
        view = cast(QListView, self.parent())
        room = round(view.viewport().width() / scale.factor()) - 2 * _LEFT
        font = QFont(view.font())
        font.setPixelSize(round(_SIZE))
        row = cast(NoteRow, index.data(ROW))
        high = QFontMetrics(font).boundingRect(QRect(0, 0, max(room, 60), 9999), _wrapped(), row.words).height()
        return QSize(100, scale.px(_TOP + high + _BELOW))

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One note."""
        one, t = cast(NoteRow, row), brush.tokens
        if brush.selected or brush.hovered:
            brush.fill(brush.place(10, 1, brush.width - 20, brush.height - 2), t.hover, 7)
        if brush.focused and brush.selected:
            brush.ring(brush.place(10, 1, brush.width - 20, brush.height - 2), 7)
        brush.text(brush.place(_LEFT, 3, brush.width - 2 * _LEFT, 20), one.head, t.muted, 11.5, 600)
        brush.painter.setFont(brush.font(_SIZE))
        brush.painter.setPen(QColor(t.text))
        room = brush.place(_LEFT, _TOP, brush.width - 2 * _LEFT, brush.height - _TOP)
        brush.painter.drawText(room, _wrapped(), one.words)


def _wrapped() -> int:
    return int(Qt.TextFlag.TextWordWrap.value) | int(Qt.AlignmentFlag.AlignLeading.value)
