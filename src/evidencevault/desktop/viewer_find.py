"""Finding words in the document that is shown: a line below the tools, hits marked, one after the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QToolButton

from evidencevault.desktop import words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.reel import Reel
from evidencevault.desktop.reel_text import HITS, Hit
from evidencevault.resources import tr

REST = 120  # ms after the last letter


class FindBar(QObject):
    """Drives the frame ``finding`` of a form. ``wanted`` is sent when characters are needed."""

    wanted = Signal()

    def __init__(self, form: Form, reel: Reel) -> None:
        super().__init__(form)
        self._reel = reel
        self._frame, self._line = form.child(QFrame, "finding"), form.child(QLineEdit, "findWords")
        self._told = form.child(QLabel, "findTold")
        self._hits: list[Hit] = []
        self._at = 0
        self._reading = self._cut = False
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(lambda: self._seek(near=True))
        self._line.textChanged.connect(lambda _: self._rest.start())
        self._line.installEventFilter(self)
        for name, act in (
            ("findNext", lambda: self.step(1)),
            ("findPrevious", lambda: self.step(-1)),
            ("findClose", self.close),
        ):
            form.child(QToolButton, name).clicked.connect(lambda _=False, act=act: act())
        reel.finding.connect(self.open)
        reel.found_next.connect(self.step)
        self._frame.hide()

    def open(self, words_: str = "") -> None:
        """Show the line, with these words or with what was sought before."""
        self.wanted.emit()
        self._frame.show()
        if words_:
            self._line.setText(words_)
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()
        self._seek(near=True)

    def close(self) -> None:
        """Hide the line and the marks."""
        self._frame.hide()
        self._reel.choice.show_hits((), None)
        self._reel.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Another document: nothing is found in it yet; the words stay for it."""
        self._hits, self._at, self._reading, self._cut = [], 0, False, False
        self._frame.hide()

    def reading(self) -> None:
        """Characters are on their way."""
        self._reading = True
        self._tell()

    def came(self) -> None:
        """More characters are there."""
        if self._frame.isVisible():
            self._seek(near=not self._hits, quiet=True)

    def ended(self, whole: bool) -> None:
        """All characters are there, or as many as can be held."""
        self._reading, self._cut = False, not whole
        self.came()

    def step(self, by: int) -> None:
        """The next hit, or the one before; from the last to the first."""
        if not self._frame.isVisible():
            self.open()
            return
        if self._rest.isActive():
            self._rest.stop()
            self._seek(near=True)
        elif self._hits:
            self._at = (self._at + by) % len(self._hits)
            self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter go from hit to hit, Escape closes."""
        if watched is self._line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
                self.step(-1 if back else 1)
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    def _seek(self, *, near: bool, quiet: bool = False) -> None:
        now = self._hits[self._at] if self._hits else None
        self._hits = self._reel.choice.letters.find(self._line.text())
        if near:
            page = self._reel.page
            self._at = next((n for n, hit in enumerate(self._hits) if hit.page >= page), 0)
        elif now in self._hits:
            self._at = self._hits.index(now)
        else:
            self._at = 0
        if quiet and not near:  # more was read: the page stays where it is
            self._reel.choice.show_hits(self._hits, now, go=False)
            self._tell()
        else:
            self._show()

    def _show(self) -> None:
        self._reel.choice.show_hits(self._hits, self._hits[self._at] if self._hits else None)
        self._tell()

    def _tell(self) -> None:
        if not self._line.text().strip():
            text = tr("Reading the text …") if self._reading else ""
        elif self._hits:
            more = "+" if len(self._hits) >= HITS or self._reading else ""
            count = words.isolated(f"{len(self._hits)}{more}")
            text = tr("{n} of {all}").format(n=words.isolated(str(self._at + 1)), all=count)
        else:
            text = tr("Reading the text …") if self._reading else tr("Not found")
        if self._cut:
            text += "  ·  " + tr("only the beginning of this long document can be searched here")
        self._told.setText(text)
