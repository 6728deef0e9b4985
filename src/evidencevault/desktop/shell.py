"""The window of an unlocked vault: builds the panes and routes between them; what a screen does is its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QWidget,
)

from evidencevault.desktop import commands, rows, scale, screens, words
from evidencevault.desktop.casehead import CaseHeadBar
from evidencevault.desktop.commands import Command
from evidencevault.desktop.custody import CustodyScreen
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.dropping import DropTarget
from evidencevault.desktop.evidence import EvidenceScreen
from evidencevault.desktop.floating import Floating
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.giving import Pile
from evidencevault.desktop.header import describe
from evidencevault.desktop.home import HomeScreen
from evidencevault.desktop.home_rows import Glance, glance
from evidencevault.desktop.kept import Kept
from evidencevault.desktop.look import Theme
from evidencevault.desktop.newcase import NewCaseScreen
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.retention import RetentionScreen
from evidencevault.desktop.rows import CaseHead, CaseRow
from evidencevault.desktop.screen import CaseScreen, Screen
from evidencevault.desktop.settings import SettingsScreen
from evidencevault.desktop.sidebar import Sidebar
from evidencevault.desktop.verifying import show_summary
from evidencevault.errors import VaultError
from evidencevault.evidence import intake
from evidencevault.resources import tr

SEARCH_REST = 150  # ms after the last letter
NARROW = 1000  # px at 100 %: below it the sidebar shows icons alone
PARTS = ("header", "fault", "sidebar", "caseHead", "status")
"""What wears the style sheet beside the screens: each of those wears it for itself."""
S = TypeVar("S", bound=Screen)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody was in the window: the case (or empty) and the screen."""

    case: str = ""
    screen: str = screens.HOME


class Shell(QMainWindow):
    """One unlocked vault. ``locking`` is sent when the person (or the clock) wants it locked."""

    locking = Signal()
    switching = Signal()  # somebody else is to unlock
    closing = Signal()

    def __init__(
        self, desk: Desk, theme: Theme, preferences: Preferences, place: Place | None = None, kept: Kept | None = None
    ) -> None:
        super().__init__()
        self.desk, self._theme = desk, theme
        self._cases: list[CaseRow] = []
        self._head: CaseHead | None = None
        self._stale: set[str] = set()  # screens that have not shown the newest state of the case
        self._home_stale = False
        self._wanted, self._point = "", ""  # the case, and the record in it, that was asked for last
        self._screen = screens.HOME
        self._narrow, self._kept = False, kept or Kept("main")
        self._form = Form("shell", custom=(Pile,))
        self.setCentralWidget(self._form)
        self.setWindowTitle("EvidenceVault")
        self.resize(*scale.WINDOW)
        self._bar = CaseHeadBar(self._form)
        filling(self._form.child(QWidget, "caseHead"), self._bar)
        self._stack = self._form.child(Pile, "screens")
        self._places = screens.places(preferences)
        self._of_case = {one.id for one in self._places if one.of_case}
        self._screens: dict[str, Screen] = {}  # each is made when it is first wanted
        self.floating = Floating(desk, theme, self._form)
        self._side = Sidebar(
            self._form.child(QFrame, "sidebar"), self._form.child(QListView, "navigation"), theme, self._places
        )
        self._drop = self._form.child(QFrame, "drop")
        DropTarget(self, self._drop, self._may_import).dropped.connect(self._dropped)
        self._wire()
        commands.bind(self, self.commands())
        describe(self._form, desk, self._failed)
        room = self._form.child(QScrollArea, "room")
        for bar in (room.verticalScrollBar(), room.horizontalScrollBar()):
            theme.wear(bar)
        for name in PARTS:
            theme.wear(self._form.child(QWidget, name))
        for part in (self.floating.toast, self.floating.palette):
            theme.wear(part)
        theme.changed.connect(self._coloured)
        self._coloured()
        self.reload()
        if place is not None and place.case:
            self.open_case(place.case, place.screen)
        elif place is not None:
            self._screen = place.screen

    def at(self, name: str) -> Screen:
        """A screen by its id."""
        if name not in self._screens:
            made = next(one for one in self._places if one.id == name).make(self.desk, self._theme)
            self._screens[name] = made
            self._stack.addWidget(made)
            self._wire_screen(made)
            made.narrow(self._narrow)
        return self._screens[name]

    @property
    def home(self) -> HomeScreen:
        """The first screen."""
        return _as(HomeScreen, self.at(screens.HOME))

    @property
    def evidence(self) -> EvidenceScreen:
        """The evidence of the open case."""
        return _as(EvidenceScreen, self.at(screens.EVIDENCE))

    @property
    def custody(self) -> CustodyScreen:
        """The chain of custody of the open case."""
        return _as(CustodyScreen, self.at(screens.CUSTODY))

    def _wire_screen(self, screen: Screen) -> None:
        screen.told.connect(self.floating.say)
        screen.undoable.connect(self.floating.say)
        screen.wanted.connect(self.go)
        if isinstance(screen, HomeScreen):
            screen.opened.connect(lambda case, ref: self.open_case(case, screens.screen_of(ref), ref))
            screen.writing.connect(self._write_down)
        if isinstance(screen, EvidenceScreen):
            screen.cleared.connect(self._search.clear)
        if isinstance(screen, RetentionScreen):
            screen.opened.connect(lambda case: self.open_case(case, screens.EVIDENCE))
        if isinstance(screen, NewCaseScreen):
            screen.opened.connect(lambda case: self.open_case(case, screens.CASE))
        if isinstance(screen, SettingsScreen):
            screen.locking.connect(self.locking)
            screen.switching.connect(self.switching)
        if isinstance(screen, HomeScreen | CustodyScreen):
            screen.verifier.told.connect(partial(show_summary, self._form))

    def _wire(self) -> None:
        self.floating.chosen.connect(self._go_to)
        self._side.case.connect(self.open_case)
        self._side.screen.connect(self.go)
        self.desk.changed.connect(self._changed)
        part = self._form.child
        part(QPushButton, "lock").clicked.connect(self.locking)
        part(QToolButton, "theme").clicked.connect(self._theme.toggle)
        self._search = part(QLineEdit, "search")
        self._rest = QTimer(self, singleShot=True, interval=SEARCH_REST)
        self._rest.timeout.connect(lambda: self.shown.seek(self._search.text()))
        self._search.textChanged.connect(lambda _: self._rest.start())
        self._search.returnPressed.connect(lambda: self.shown.focus_list())
        self._search.setClearButtonEnabled(True)
        self._search.setAcceptDrops(False)  # a file dropped on it is evidence as well
        part(QPushButton, "faultSeen").clicked.connect(part(QFrame, "fault").hide)
        panes = part(QSplitter, "panes")
        panes.setStretchFactor(1, 1)
        panes.setSizes([scale.px(262), scale.WINDOW[0] - scale.px(262)])
        self._kept.divide("shell", panes)

    def commands(self) -> list[Command]:
        """Every act of the window, with its keys; the palette offers the same."""
        seek = partial(self._search.setFocus, Qt.FocusReason.ShortcutFocusReason)
        acts = [
            Command(tr("Lock"), "Ctrl+L", self.locking.emit),
            Command(tr("Let somebody else unlock"), "Ctrl+Shift+L", self.switching.emit),
            Command(tr("Settings"), "Ctrl+,", partial(self.go, screens.SETTINGS)),
            Command(tr("Find in this list"), "Ctrl+F", seek),
            Command(tr("Everything, from one line"), "Ctrl+K", self._open_palette),
            Command(tr("Write down now"), "Ctrl+N", self._write_down),
            Command(tr("New case"), "Ctrl+Shift+N", partial(self.go, screens.NEW_CASE)),
            Command(tr("Import evidence"), "Ctrl+I", self._import),
            Command(tr("Verify now"), "Ctrl+Shift+V", self._verify),
            Command(tr("How long closed cases are kept"), "", partial(self.go, screens.RETENTION)),
            Command(tr("Next pane"), "F6", self._next_pane),
            Command(tr("Read everything anew"), "F5", self.reload),
            Command(tr("Light or dark"), "", self._theme.toggle),
        ]
        places = [one for one in self._places if one.listed]
        keys = [f"Alt+{n}" if n < 10 else "" for n, _ in enumerate(places[:-1], 1)] + ["Alt+0"]  # custody stands last
        acts += [Command(one.title, key, partial(self.go, one.id)) for one, key in zip(places, keys, strict=True)]
        return acts

    def _coloured(self) -> None:
        button = self._form.child(QToolButton, "theme")
        button.setProperty("glyph", "sun" if self._theme.tokens.name == "dark" else "moon")
        self._theme.dress(button)

    # --- routes

    @property
    def shown(self) -> Screen:
        """The screen that is shown."""
        return self.at(self._screen)

    @property
    def open_reference(self) -> str:
        """The open case, or empty."""
        return self._wanted if self._head is not None else ""

    @property
    def place(self) -> Place:
        """Where the person is."""
        return Place(self._wanted, self._screen)

    def put_down(self) -> None:
        """Let every screen save what is typed, and keep its place: the window is about to be taken away."""
        self._kept.note(self)
        for screen in self._screens.values():
            screen.put_down()

    def reload(self) -> None:
        """Read the cases anew."""
        self._home_stale = False
        self.desk.ask(glance, self._listed, self._failed)

    def open_case(self, reference: str, screen: str = "", ref: str = "") -> None:
        """Open a case on a screen and a record; else on the screen that is shown, or as a whole."""
        if screen or self._screen not in self._of_case:
            self._screen = screen or screens.CASE
        self._point = ref
        self._read_head(reference)

    def go(self, screen: str, ref: str = "") -> None:
        """Show another screen, with the cursor on a record where one is named."""
        screen = screen or screens.screen_of(ref)
        if screen in self._of_case and self._head is None:
            return
        self._screen, self._point = screen, ref
        self._shown()
        if not self._form.child(QListView, "navigation").hasFocus():
            self.shown.focus_list()

    def locks_in(self, seconds: int) -> None:
        """Show how long there is left."""
        time = words.isolated(f"{seconds // 60:02d}:{seconds % 60:02d}")
        self._form.child(QPushButton, "lock").setText(tr("Locks in {time}").format(time=time))

    def say_fault(self, sentence: str) -> None:
        """A bug of the program, said in the window."""
        self._form.child(QLabel, "faultText").setText(sentence)
        self._form.child(QFrame, "fault").show()

    def _write_down(self) -> None:
        self.floating.write_down(self._cases, self.open_reference)

    def _open_palette(self) -> None:
        self.floating.find(self.commands(), self._cases, self.open_reference)

    def _go_to(self, case: str, screen: str, ref: str) -> None:
        if screen not in {one.id for one in self._places}:
            screen = screens.CASE
        if case == self._wanted and self._head is not None:
            self.go(screen, ref)
        else:
            self.open_case(case, screen, ref)

    def _read_head(self, reference: str) -> None:
        self._wanted = reference

        def work(opened: Opened) -> CaseHead:
            return rows.case_head(opened.case, intake.unfinished(opened.case))

        self.desk.read(reference, work, self._headed, self._failed)

    def _listed(self, found: Glance) -> None:
        self._cases = found.cases
        self.home.show_glance(found)
        readable = [one.id for one in self._cases if not one.problem]
        if len(self._cases) == len(readable) == 1 and not self._wanted and self._screen == screens.HOME:
            self.open_case(readable[0])
        self._shown()

    def _headed(self, head: CaseHead) -> None:
        if head.row.id != self._wanted:  # another case was asked for meanwhile
            return
        self._head = head
        self._cases = [head.row if one.id == head.row.id else one for one in self._cases]
        self.home.show_cases(self._cases)
        self._bar.show_row(head.row)
        self._stale = set(self._of_case)
        self._shown()

    def _shown(self) -> None:
        screen = self.shown
        if self._screen == screens.HOME and self._home_stale:
            self.reload()
        if isinstance(screen, CaseScreen) and self._head is not None and self._screen in self._stale:
            self._stale.discard(self._screen)  # the others read when they are looked at
            screen.show_case(self._head)
        self._theme.wear(screen)
        self._kept.divide(self._screen, screen)
        if self._stack.currentWidget() is not screen:
            screen.refresh()
        self._stack.setCurrentWidget(screen)
        self._bar.setVisible(isinstance(screen, CaseScreen) and self._head is not None)
        screen.seek(self._search.text())
        if self._point:
            screen.point_to(self._point)
            self._point = ""
        self._side.show(self._cases, self._head, self._screen)
        self._drop.setVisible(self._may_import())

    def _may_import(self) -> bool:
        return self._head is not None and self._head.may_import

    def _dropped(self, paths: list[Path]) -> None:
        self.go(screens.EVIDENCE)
        self.evidence.bring_in(paths)

    def _changed(self, reference: str) -> None:
        self._home_stale = True
        if self._wanted == reference:
            self._read_head(reference)
        else:
            self.reload()

    def _import(self) -> None:
        if self._may_import():
            self.go(screens.EVIDENCE)
            self.evidence.ask_for_files()

    def _verify(self) -> None:
        if self._head is not None:
            self.go(screens.CUSTODY)
            self.custody.verifier.start()

    def _failed(self, error: VaultError) -> None:
        self.home.failed(error)
        self.go(screens.HOME)

    def _next_pane(self) -> None:
        navigation = self._form.child(QListView, "navigation")
        if navigation.hasFocus():
            self.shown.focus_list()
        elif not self.shown.next_pane(self.focusWidget()):
            navigation.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The toast stays in the middle; in a narrow window the sidebar shows icons alone."""
        super().resizeEvent(event)
        self.floating.place()
        self._narrow = self.width() < scale.px(NARROW)
        self._side.narrow(self._narrow)
        for screen in self._screens.values():
            screen.narrow(self._narrow)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the program, which locks the vault."""
        super().closeEvent(event)
        self.closing.emit()


def _as(kind: type[S], screen: Screen) -> S:
    assert isinstance(screen, kind)
    return screen
