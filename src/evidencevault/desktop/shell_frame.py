"""What stands around the screens: the search, the lock, light or dark, what went wrong, how the panes are divided."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QWidget,
)

from evidencevault.desktop import scale, words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.kept import Kept
from evidencevault.desktop.look import Theme
from evidencevault.resources import tr

SEARCH_REST = 150  # ms after the last letter
SIDEBAR = 262  # px at 100 %
PARTS = ("header", "fault", "sidebar", "caseHead", "status")
"""What wears the style sheet beside the screens: each of those wears it for itself."""


class Frame(QObject):
    """``sought`` carries the words of the search when they have rested, ``entered``: on to what they found."""

    sought = Signal(str)
    entered = Signal()
    locking = Signal()

    def __init__(self, form: Form, theme: Theme, kept: Kept) -> None:
        super().__init__(form)
        self._form, self._theme = form, theme
        part = form.child
        self._search, self._navigation = part(QLineEdit, "search"), part(QListView, "navigation")
        self._rest = QTimer(self, singleShot=True, interval=SEARCH_REST)
        self._rest.timeout.connect(lambda: self.sought.emit(self.words))
        self._search.textChanged.connect(lambda _: self._rest.start())
        self._search.returnPressed.connect(self.entered)
        self._search.setClearButtonEnabled(True)
        self._search.setAcceptDrops(False)  # a file dropped on it is evidence as well
        part(QPushButton, "lock").clicked.connect(self.locking)
        part(QToolButton, "theme").clicked.connect(theme.toggle)
        part(QPushButton, "faultSeen").clicked.connect(part(QFrame, "fault").hide)
        panes = part(QSplitter, "panes")
        panes.setStretchFactor(1, 1)
        panes.setSizes([scale.px(SIDEBAR), scale.WINDOW[0] - scale.px(SIDEBAR)])
        kept.divide("shell", panes)

    def dress(self, *floating: QWidget) -> None:
        """Wear the theme, with what floats above; called once everything is in its place."""
        room = self._form.child(QScrollArea, "room")
        parts = [self._form.child(QWidget, name) for name in PARTS]
        for one in (*parts, room.verticalScrollBar(), room.horizontalScrollBar(), *floating):
            self._theme.wear(one)
        self._theme.changed.connect(self._coloured)
        self._coloured()

    @property
    def words(self) -> str:
        """What is sought."""
        return self._search.text()

    @property
    def navigating(self) -> bool:
        """Whether the sidebar has the keyboard."""
        return self._navigation.hasFocus()

    def navigate(self) -> None:
        """Give the keyboard to the sidebar."""
        self._navigation.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def seek(self) -> None:
        """Give the keyboard to the search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear(self) -> None:
        """Seek nothing."""
        self._search.clear()

    def locks_in(self, seconds: int) -> None:
        """Show how long there is left."""
        time = words.isolated(f"{seconds // 60:02d}:{seconds % 60:02d}")
        self._form.child(QPushButton, "lock").setText(tr("Locks in {time}").format(time=time))

    def say_fault(self, sentence: str) -> None:
        """A bug of the program, said in the window."""
        self._form.child(QLabel, "faultText").setText(sentence)
        self._form.child(QFrame, "fault").show()

    def _coloured(self) -> None:
        button = self._form.child(QToolButton, "theme")
        button.setProperty("glyph", "sun" if self._theme.tokens.name == "dark" else "moon")
        self._theme.dress(button)
