"""What floats over the window: the toast, the palette, and the sheet for writing down at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from evidencevault.desktop import words
from evidencevault.desktop.commands import Command
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.look import Theme
from evidencevault.desktop.palette import Palette
from evidencevault.desktop.rows import CaseRow
from evidencevault.desktop.toast import Toast
from evidencevault.desktop.writedown import WriteDown
from evidencevault.resources import tr


class Floating(QObject):
    """``chosen`` carries the case, the screen and the record that the person wants to see."""

    chosen = Signal(str, str, str)

    def __init__(self, desk: Desk, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._desk, self._theme, self._over = desk, theme, over
        self.toast = Toast(over)
        self.palette = Palette(desk, theme, over)
        self.palette.chosen.connect(self.chosen)

    def say(self, text: str, act: Callable[[], object] | None = None, label: str = "") -> None:
        """A sentence, with a button where there is something to do about it."""
        self.toast.say(text, act, label)

    def place(self) -> None:
        """The window has another size."""
        self.toast.place()
        self.palette.place()

    def find(self, commands: Sequence[Command], cases: Sequence[CaseRow], case: str) -> None:
        """Open the palette; ``case`` is the open one, or empty."""
        self.palette.start(commands, cases, case)

    def write_down(self, cases: Sequence[CaseRow], case: str) -> None:
        """Open the sheet for a voice, once."""
        for one in self._over.findChildren(WriteDown):
            one.raise_()
            one.activateWindow()
            return
        sheet = WriteDown(self._desk, self._theme, cases, case, self._over)
        sheet.filed.connect(self._filed)
        sheet.open()

    def _filed(self, case: str, number: str) -> None:
        told = tr("Saved as {number} of {case}").format(number=words.isolated(number), case=words.isolated(case))
        self.toast.say(told, lambda: self.chosen.emit(case, "concerns", number), tr("Open"))
