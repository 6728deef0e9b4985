"""The screens of one window: each is made when it is first wanted, and what they tell goes on to the window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from evidencevault.desktop import screens
from evidencevault.desktop.custody import CustodyScreen
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.evidence import EvidenceScreen
from evidencevault.desktop.forms import Form
from evidencevault.desktop.giving import Pile
from evidencevault.desktop.home import HomeScreen
from evidencevault.desktop.kept import Kept
from evidencevault.desktop.look import Theme
from evidencevault.desktop.newcase import NewCaseScreen
from evidencevault.desktop.retention import RetentionScreen
from evidencevault.desktop.screen import Screen
from evidencevault.desktop.screens import Place
from evidencevault.desktop.settings import SettingsScreen
from evidencevault.desktop.verifying import show_summary

S = TypeVar("S", bound=Screen)


class Screens(QObject):
    """``opened`` carries a case, a screen and a record of it (or nothing); the others are what a screen sends."""

    told = Signal(str)
    undoable = Signal(str, object)
    wanted = Signal(str, str)
    opened = Signal(str, str, str)
    writing = Signal()
    cleared = Signal()
    locking = Signal()
    switching = Signal()

    def __init__(self, desk: Desk, theme: Theme, kept: Kept, pile: Pile, places: Sequence[Place], form: Form) -> None:
        super().__init__(pile)
        self._desk, self._theme, self._kept, self._pile, self._form = desk, theme, kept, pile, form
        self._places = {one.id: one for one in places}
        self._of_case = frozenset(one.id for one in places if one.of_case)
        self._made: dict[str, Screen] = {}
        self._narrow = False

    @property
    def of_case(self) -> frozenset[str]:
        """The screens that show the open case."""
        return self._of_case

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[Screen]:
        """Those that were made."""
        return iter(tuple(self._made.values()))

    def at(self, name: str) -> Screen:
        """A screen by its id."""
        if name not in self._made:
            made = self._made[name] = self._places[name].make(self._desk, self._theme)
            self._pile.addWidget(made)
            self._wire(made)
            made.narrow(self._narrow)
        return self._made[name]

    def kind(self, name: str, kind: type[S]) -> S:
        """A screen of a kind by its id."""
        screen = self.at(name)
        assert isinstance(screen, kind)
        return screen

    def show(self, name: str) -> None:
        """Bring a screen to the front, dressed and divided as it was; what it reads anew it reads now."""
        screen = self.at(name)
        self._theme.wear(screen)
        self._kept.divide(name, screen)
        if self._pile.currentWidget() is not screen:
            screen.refresh()
        self._pile.setCurrentWidget(screen)

    def narrow(self, narrow: bool) -> None:
        """Whether there is little room."""
        self._narrow = narrow
        for screen in self:
            screen.narrow(narrow)

    def _wire(self, screen: Screen) -> None:
        screen.told.connect(self.told)
        screen.undoable.connect(self.undoable)
        screen.wanted.connect(self.wanted)
        if isinstance(screen, HomeScreen):
            screen.opened.connect(lambda case, ref: self.opened.emit(case, screens.screen_of(ref), ref))
            screen.writing.connect(self.writing)
        if isinstance(screen, EvidenceScreen):
            screen.cleared.connect(self.cleared)
        if isinstance(screen, RetentionScreen):
            screen.opened.connect(lambda case: self.opened.emit(case, screens.EVIDENCE, ""))
        if isinstance(screen, NewCaseScreen):
            screen.opened.connect(lambda case: self.opened.emit(case, screens.CASE, ""))
        if isinstance(screen, SettingsScreen):
            screen.locking.connect(self.locking)
            screen.switching.connect(self.switching)
        if isinstance(screen, HomeScreen | CustodyScreen):
            screen.verifier.told.connect(partial(show_summary, self._form))
