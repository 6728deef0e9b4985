"""The canvas: tools over a roll of pages, by mouse and by key, and the marks that can be chosen on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from evidencevault.desktop import redact_keys
from evidencevault.desktop.redact_keys import Placing
from evidencevault.desktop.redact_roll import RollView
from evidencevault.desktop.redact_rows import MarkRow
from evidencevault.desktop.redact_scene import Hint
from evidencevault.desktop.redact_tools import BOX, INVERSE, KEYS, LINE, PAGE, Placed
from evidencevault.redaction.marks import Box
from evidencevault.resources import tr

Shape = Callable[[Placed], tuple[Box, ...]]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NEXT = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


class RedactCanvas(RollView):
    """``placed`` carries what a tool was used on (Placed), ``chosen`` and ``removing`` the number of a mark."""

    placed = Signal(object)
    chosen = Signal(str)
    removing = Signal(str)
    tool_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape: Shape = lambda placed: ()
        self.may_mark = False
        self._tool = BOX
        self._pressed: tuple[QPoint, int, tuple[float, float]] | None = None  # where, the page, the point on it
        self._dragged: Placed | None = None
        self._placing: Placing | None = None

    # --- what is shown

    def show_marks(self, marks: Sequence[MarkRow]) -> None:
        """Exchange the marks."""
        self.scene.show(marks)
        self.viewport().update()

    def show_hints(self, hints: Sequence[Hint], chosen: str = "") -> None:
        """Exchange the suggestions."""
        self.scene.hints, self.scene.hint = hints, chosen
        self.viewport().update()

    def show_waiting(self, waiting: Sequence[Placed]) -> None:
        """What was placed and is not written yet."""
        self.scene.waiting = [(one.page, self.shape(one)) for one in waiting]
        self.viewport().update()

    def see_through(self, on: bool) -> None:
        """Whether one reads under all marks."""
        self.scene.open = on
        self.viewport().update()

    @property
    def tool(self) -> str:
        """The tool in use."""
        return self._tool

    def use(self, tool: str) -> None:
        """Take another tool; a box being placed is given up."""
        self._tool = tool
        self._give_up()
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor if tool == "text" else Qt.CursorShape.CrossCursor)

    def choose(self, mark_id: str) -> None:
        """Choose a mark ("": none) and bring it into view."""
        self.scene.chosen = mark_id
        one = self.scene.chosen_mark
        if one is not None and one.boxes:
            self.reveal(self.roll.box(one.page, one.boxes[0]))
        self._tell(one.spoken if one is not None else "")
        self.viewport().update()

    def point_at(self, page: int, box: Box) -> None:
        """Bring a place into view."""
        if 1 <= page <= self.roll.count:
            self.reveal(self.roll.box(page, box))

    # --- by mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tool begins on the page under the mouse."""
        self._give_up()
        page = self.roll.nearest(self.on_roll(event.position()).y())
        if event.button() == Qt.MouseButton.LeftButton and page:
            at = self.roll.on_page(page, self.on_roll(event.position()))
            self._pressed = (event.position().toPoint(), page, at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what the tool would hide; over a mark, what lies under it."""
        at = self.on_roll(event.position())
        if self._pressed is None:
            self._hover(self.roll.nearest(at.y()), at)
            return
        begun, page, start = self._pressed
        far = (event.position().toPoint() - begun).manhattanLength() >= QApplication.startDragDistance()
        if self.may_mark and (far or self._dragged is not None):
            self._dragged = Placed(self._tool, page, start, self.roll.on_page(page, at))
            self._draw(self._dragged, handles=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What was dragged over is taken; a click chooses a mark, or uses the tools that need no more."""
        pressed, dragged = self._pressed, self._dragged
        self._give_up()
        if pressed is None:
            return
        _, page, at = pressed
        if dragged is not None:
            self._take(dragged)
            return
        hit = self.scene.mark_at(page, *at)
        if hit is None and self._tool in (LINE, PAGE) and self.may_mark:
            self._take(Placed(self._tool, page, at, at))
        else:
            self._choose(hit)

    def _hover(self, page: int, at: QPointF) -> None:
        over = self.scene.mark_at(page, *self.roll.on_page(page, at)) if page else None
        name = over.id if over is not None else ""
        if name != self.scene.over:
            self.scene.over = name
            self.viewport().update()

    # --- by key

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from mark to mark, or move what is placed; Enter places; Delete removes; letters are tools."""
        if not (self._placing_key(event) or self._plain_key(event) or self._page_key(event)):
            super().keyPressEvent(event)

    def _placing_key(self, event: QKeyEvent) -> bool:
        if self._placing is None:
            return False
        if event.key() in _ENTER:
            placed = self._placing.placed
            self._give_up()
            self._take(placed)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
            self._tell(tr("Nothing was marked."))
            return True
        held = event.modifiers()
        moved = self._placing.key(
            event.key(),
            sizing=bool(held & Qt.KeyboardModifier.ShiftModifier),
            fine=bool(held & Qt.KeyboardModifier.ControlModifier),
        )
        if moved is None:
            return False
        self._place(moved)
        return True

    def _plain_key(self, event: QKeyEvent) -> bool:
        key, mark = Qt.Key(event.key()), self.scene.chosen_mark
        letter = event.text().upper()
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if letter in KEYS:
            self.tool_wanted.emit(KEYS[letter])
        elif key in _ENTER and self.may_mark and self.page:
            self._begin()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and mark is not None and self.may_mark:
            self.removing.emit(mark.id)
        elif key in _NEXT and self.scene.marks:
            self._choose(self.scene.neighbour(self.page, _NEXT[key]))
        elif key == Qt.Key.Key_Escape and mark is not None:
            self._choose(None)
        else:
            return False
        return True

    def _page_key(self, event: QKeyEvent) -> bool:
        turned = {Qt.Key.Key_PageUp: self.page - 1, Qt.Key.Key_PageDown: self.page + 1, Qt.Key.Key_Home: 1,
                  Qt.Key.Key_End: self.roll.count}.get(Qt.Key(event.key()))  # fmt: skip
        if turned is not None:
            self.go_to(turned)
        return turned is not None

    def _begin(self) -> None:
        page, middle = self.page, self.on_roll(self.viewport().rect().center())
        near = self.roll.on_page(page, middle)
        if self._tool == PAGE:
            self._take(Placed(PAGE, page, near, near))
            return
        self.scene.chosen = ""
        self._place(redact_keys.begin(self._tool, page, near, self.roll.size(page)))

    def _place(self, placing: Placing) -> None:
        self._placing = placing
        one = placing.placed
        self._draw(one, handles=self._tool in (BOX, INVERSE))
        self.reveal(self.roll.box(one.page, one.box))
        centimetres = [round(side / 72 * 2.54, 1) for side in (one.box.x0, one.box.y0)]
        told = tr("On page {page}, {left} cm from the left, {top} cm from the top. Enter marks it, Escape gives it up.")
        self._tell(told.format(page=one.page, left=centimetres[0], top=centimetres[1]))

    # --- both

    def _draw(self, placed: Placed, *, handles: bool) -> None:
        boxes = self.shape(placed)
        if not boxes and self._placing is not None:
            boxes = (placed.box,)  # a tool that finds no text there still shows where it is
        self.scene.drawn, self.scene.handles = (placed.page, boxes), handles and placed.tool != INVERSE
        self.viewport().update()

    def _take(self, placed: Placed) -> None:
        if placed.big_enough:
            self.placed.emit(placed)

    def _give_up(self) -> None:
        self._pressed = self._dragged = self._placing = None
        self.scene.drawn, self.scene.handles = (0, ()), False
        self.viewport().update()

    def _choose(self, mark: MarkRow | None) -> None:
        self.choose(mark.id if mark is not None else "")
        self.chosen.emit(self.scene.chosen)

    def _tell(self, text: str) -> None:
        self.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
