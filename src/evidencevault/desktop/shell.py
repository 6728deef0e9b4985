"""The window of an unlocked vault: builds the panes and routes between them; what a screen does is its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QMainWindow,
    QWidget,
)

from evidencevault.desktop import commands, rows, scale, screens
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
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.rows import CaseHead, CaseRow
from evidencevault.desktop.screen import CaseScreen, Screen
from evidencevault.desktop.shell_frame import Frame
from evidencevault.desktop.shell_screens import Screens
from evidencevault.desktop.sidebar import Sidebar
from evidencevault.desktop.window_commands import Does, of_window
from evidencevault.errors import VaultError
from evidencevault.evidence import intake

NARROW = 1000  # px at 100 %: below it the sidebar shows icons alone


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
        self._places = screens.places(preferences)
        self._screens = Screens(desk, theme, self._kept, self._form.child(Pile, "screens"), self._places, self._form)
        self._frame = Frame(self._form, theme, self._kept)
        self.floating = Floating(desk, theme, self._form)
        self._side = Sidebar(
            self._form.child(QFrame, "sidebar"), self._form.child(QListView, "navigation"), theme, self._places
        )
        self._drop = self._form.child(QFrame, "drop")
        DropTarget(self, self._drop, self._may_import).dropped.connect(self._dropped)
        self._wire()
        commands.bind(self, self.commands())
        describe(self._form, desk, self._failed)
        self._frame.dress(self.floating.toast, self.floating.palette)
        self.reload()
        if place is not None and place.case:
            self.open_case(place.case, place.screen)
        elif place is not None:
            self._screen = place.screen

    def at(self, name: str) -> Screen:
        """A screen by its id."""
        return self._screens.at(name)

    @property
    def home(self) -> HomeScreen:
        """The first screen."""
        return self._screens.kind(screens.HOME, HomeScreen)

    @property
    def evidence(self) -> EvidenceScreen:
        """The evidence of the open case."""
        return self._screens.kind(screens.EVIDENCE, EvidenceScreen)

    @property
    def custody(self) -> CustodyScreen:
        """The chain of custody of the open case."""
        return self._screens.kind(screens.CUSTODY, CustodyScreen)

    def _wire(self) -> None:
        made, frame = self._screens, self._frame
        made.told.connect(self.floating.say)
        made.undoable.connect(self.floating.say)
        made.wanted.connect(self.go)
        made.opened.connect(self.open_case)
        made.writing.connect(self._write_down)
        made.cleared.connect(frame.clear)
        made.locking.connect(self.locking)
        made.switching.connect(self.switching)
        frame.sought.connect(lambda text: self.shown.seek(text))
        frame.entered.connect(lambda: self.shown.focus_list())
        frame.locking.connect(self.locking)
        self.floating.chosen.connect(self._go_to)
        self._side.case.connect(self.open_case)
        self._side.screen.connect(self.go)
        self.desk.changed.connect(self._changed)

    def commands(self) -> list[Command]:
        """Every act of the window, with its keys; the palette offers the same."""
        return of_window(
            Does(
                lock=self.locking.emit,
                switch=self.switching.emit,
                go=self.go,
                seek=self._frame.seek,
                find=self._open_palette,
                write_down=self._write_down,
                bring_in=self._import,
                verify=self._verify,
                next_pane=self._next_pane,
                reload=self.reload,
                toggle=self._theme.toggle,
            ),
            self._places,
        )

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
        for screen in self._screens:
            screen.put_down()

    def reload(self) -> None:
        """Read the cases anew."""
        self._home_stale = False
        self.desk.ask(glance, self._listed, self._failed)

    def open_case(self, reference: str, screen: str = "", ref: str = "") -> None:
        """Open a case on a screen and a record; else on the screen that is shown, or as a whole."""
        if screen or self._screen not in self._screens.of_case:
            self._screen = screen or screens.CASE
        self._point = ref
        self._read_head(reference)

    def go(self, screen: str, ref: str = "") -> None:
        """Show another screen, with the cursor on a record where one is named."""
        screen = screen or screens.screen_of(ref)
        if screen in self._screens.of_case and self._head is None:
            return
        self._screen, self._point = screen, ref
        self._shown()
        if not self._frame.navigating:
            self.shown.focus_list()

    def locks_in(self, seconds: int) -> None:
        """Show how long there is left."""
        self._frame.locks_in(seconds)

    def say_fault(self, sentence: str) -> None:
        """A bug of the program, said in the window."""
        self._frame.say_fault(sentence)

    def _write_down(self) -> None:
        self.floating.write_down(self._cases, self.open_reference)

    def _open_palette(self) -> None:
        self.floating.find(self.commands(), self._cases, self.open_reference)

    def _go_to(self, case: str, screen: str, ref: str) -> None:
        if screen not in self._screens:
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
        self._stale = set(self._screens.of_case)
        self._shown()

    def _shown(self) -> None:
        screen = self.shown
        if self._screen == screens.HOME and self._home_stale:
            self.reload()
        if isinstance(screen, CaseScreen) and self._head is not None and self._screen in self._stale:
            self._stale.discard(self._screen)  # the others read when they are looked at
            screen.show_case(self._head)
        self._screens.show(self._screen)
        self._bar.setVisible(isinstance(screen, CaseScreen) and self._head is not None)
        screen.seek(self._frame.words)
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
        if self._frame.navigating:
            self.shown.focus_list()
        elif not self.shown.next_pane(self.focusWidget()):
            self._frame.navigate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The toast stays in the middle; in a narrow window the sidebar shows icons alone."""
        super().resizeEvent(event)
        self.floating.place()
        self._narrow = self.width() < scale.px(NARROW)
        self._side.narrow(self._narrow)
        self._screens.narrow(self._narrow)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the program, which locks the vault."""
        super().closeEvent(event)
        self.closing.emit()
