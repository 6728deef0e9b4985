"""What keys do in a reel of pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

if TYPE_CHECKING:
    from evidencevault.desktop.reel import Reel

_STANDARD = (
    QKeySequence.StandardKey.Find,
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.FindNext,
    QKeySequence.StandardKey.FindPrevious,
)
_CHOOSING = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_End: "end",
}


def ours(event: QKeyEvent) -> bool:
    """Whether a key is for the page although the window has a shortcut of that name."""
    return any(event.matches(one) for one in _STANDARD) or event.key() == Qt.Key.Key_F3


def pressed(reel: Reel, event: QKeyEvent) -> bool:
    """Do what a key stands for; False for a key without meaning here."""
    key, held = Qt.Key(event.key()), event.modifiers()
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
    if key == Qt.Key.Key_F3:
        reel.found_next.emit(-1 if shift else 1)
    elif event.matches(QKeySequence.StandardKey.Find):
        reel.finding.emit()
    elif event.matches(QKeySequence.StandardKey.Copy):
        reel.choice.copy()
    elif event.matches(QKeySequence.StandardKey.SelectAll):
        reel.choice.choose_page(reel.page)
    elif shift and key in _CHOOSING:
        reel.choice.step(_CHOOSING[key], by_word=control)
    else:
        act = _act(reel, key, control)
        if act is None:
            return False
        act()
    return True


def _act(reel: Reel, key: Qt.Key, control: bool) -> Callable[[], None] | None:
    bar = reel.verticalScrollBar()
    if control:
        return {
            Qt.Key.Key_PageDown: lambda: reel.go(reel.page + 1),
            Qt.Key.Key_PageUp: lambda: reel.go(reel.page - 1),
            Qt.Key.Key_Home: lambda: reel.go(1),
            Qt.Key.Key_End: lambda: reel.go(reel.lay.count),
        }.get(key)
    step = round(reel.viewport().height() * 0.9)
    return {
        Qt.Key.Key_PageDown: lambda: bar.setValue(bar.value() + step),
        Qt.Key.Key_Space: lambda: bar.setValue(bar.value() + step),
        Qt.Key.Key_PageUp: lambda: bar.setValue(bar.value() - step),
        Qt.Key.Key_Home: lambda: bar.setValue(0),
        Qt.Key.Key_End: lambda: bar.setValue(bar.maximum()),
        Qt.Key.Key_R: reel.turn,
        Qt.Key.Key_Plus: reel.larger,
        Qt.Key.Key_Minus: reel.smaller,
        Qt.Key.Key_0: lambda: reel.fit("width"),
        Qt.Key.Key_W: lambda: reel.fit("width"),
        Qt.Key.Key_P: lambda: reel.fit("page"),
    }.get(key)
