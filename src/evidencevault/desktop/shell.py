"""The window of an unlocked vault: builds the panes and routes between them; what a screen does is its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
)

from evidencevault.custody.verify import Report
from evidencevault.desktop import rows, sidebar, words
from evidencevault.desktop.cases import CasesScreen
from evidencevault.desktop.custody import CustodyScreen
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.dropping import DropTarget, pick_files
from evidencevault.desktop.evidence import EvidenceScreen
from evidencevault.desktop.forms import Form
from evidencevault.desktop.header import describe
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseHead, CaseRow
from evidencevault.desktop.screen import CaseScreen, Screen
from evidencevault.desktop.sidebar import Sidebar
from evidencevault.desktop.statements import StatementsScreen, decisions_shelf, interviews_shelf
from evidencevault.desktop.toast import Toast
from evidencevault.desktop.verifying import summary
from evidencevault.errors import VaultError
from evidencevault.evidence import intake
from evidencevault.resources import tr

SIZE = (1440, 900)
SEARCH_REST = 150  # ms after the last letter


class Shell(QMainWindow):
    """One unlocked vault. ``locking`` is sent when the person (or the clock) wants it locked."""

    locking = Signal()
    closing = Signal()

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self.desk, self._theme = desk, theme
        self._cases: list[CaseRow] = []
        self._head: CaseHead | None = None
        self._stale: set[str] = set()  # screens that have not shown the newest state of the case
        self._wanted = ""  # the case that was asked for last
        self._screen = sidebar.CASES
        self._form = Form("shell")
        self.setCentralWidget(self._form)
        self.setWindowTitle("EvidenceVault")
        self.resize(*SIZE)
        self.cases = CasesScreen(desk, theme)
        self.evidence = EvidenceScreen(desk, theme, pick_files)
        self.custody = CustodyScreen(desk, theme)
        self._in_case: dict[str, CaseScreen] = {
            sidebar.EVIDENCE: self.evidence,
            sidebar.INTERVIEWS: StatementsScreen(desk, theme, interviews_shelf()),
            sidebar.DECISIONS: StatementsScreen(desk, theme, decisions_shelf()),
            sidebar.CUSTODY: self.custody,
        }
        self._screens: dict[str, Screen] = {sidebar.CASES: self.cases, **self._in_case}
        self._stack = self._form.child(QStackedWidget, "screens")
        for screen in self._screens.values():
            self._stack.addWidget(screen)
        self._toast = Toast(self._form)
        self._side = Sidebar(self._form.child(QListView, "navigation"), theme)
        self._drop = self._form.child(QFrame, "drop")
        DropTarget(self, self._drop, self._may_import).dropped.connect(self._dropped)
        self._wire()
        describe(self._form, desk, self._failed)
        theme.dress(self)
        theme.changed.connect(self._coloured)
        self._coloured()
        self.reload()

    def _wire(self) -> None:
        self.cases.opened.connect(self.open_case)
        self._side.case.connect(self.open_case)
        self._side.screen.connect(self.go)
        self.evidence.told.connect(self._toast.say)
        for verifier in (self.custody.verifier, self.cases.verifier):
            verifier.told.connect(self._verified)
        self.desk.changed.connect(self._changed)
        part = self._form.child
        part(QPushButton, "lock").clicked.connect(self.locking)
        part(QToolButton, "theme").clicked.connect(self._theme.toggle)
        search = part(QLineEdit, "search")
        self._rest = QTimer(self, singleShot=True, interval=SEARCH_REST)
        self._rest.timeout.connect(lambda: self._screens[self._screen].seek(search.text()))
        search.textChanged.connect(lambda _: self._rest.start())
        self.evidence.cleared.connect(search.clear)
        search.returnPressed.connect(lambda: self._screens[self._screen].focus_list())
        search.setClearButtonEnabled(True)
        search.setAcceptDrops(False)  # a file dropped on it is evidence as well
        self._shortcuts(search)
        part(QPushButton, "faultSeen").clicked.connect(part(QFrame, "fault").hide)
        panes = part(QSplitter, "panes")
        panes.setStretchFactor(1, 1)
        panes.setSizes([262, 1178])

    def _shortcuts(self, search: QLineEdit) -> None:
        acts: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+L", self.locking.emit),
            ("Ctrl+F", lambda: search.setFocus(Qt.FocusReason.ShortcutFocusReason)),
            ("Ctrl+I", self.evidence.ask_for_files),
            ("Ctrl+Shift+V", self._verify),
            ("F6", self._next_pane),
            ("F5", self.reload),
        ]
        acts += [(f"Alt+{n}", partial(self.go, name)) for n, name in enumerate(self._screens, 1)]
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self, act)

    def _coloured(self) -> None:
        button = self._form.child(QToolButton, "theme")
        button.setProperty("glyph", "sun" if self._theme.tokens.name == "dark" else "moon")
        self._theme.dress(button)

    # --- routes

    def reload(self) -> None:
        """Read the cases anew."""
        self.desk.ask(rows.all_cases, self._listed, self._failed)

    def open_case(self, reference: str) -> None:
        """Open a case on the screen that is shown, or on its evidence."""
        if self._screen == sidebar.CASES:
            self._screen = sidebar.EVIDENCE
        self._read_head(reference)

    def go(self, screen: str) -> None:
        """Show another screen of the open case."""
        if screen in sidebar.IN_CASE and self._head is None:
            return
        self._screen = screen
        self._shown()
        if not self._form.child(QListView, "navigation").hasFocus():
            self._screens[screen].focus_list()

    def locks_in(self, seconds: int) -> None:
        """Show how long there is left."""
        time = words.isolated(f"{seconds // 60:02d}:{seconds % 60:02d}")
        self._form.child(QPushButton, "lock").setText(tr("Locks in {time}").format(time=time))

    def say_fault(self, sentence: str) -> None:
        """A bug of the program, said in the window."""
        self._form.child(QLabel, "faultText").setText(sentence)
        self._form.child(QFrame, "fault").show()

    def _read_head(self, reference: str) -> None:
        self._wanted = reference

        def work(opened: Opened) -> CaseHead:
            return rows.case_head(opened.case, intake.unfinished(opened.case))

        self.desk.read(reference, work, self._headed, self._failed)

    def _listed(self, found: list[CaseRow]) -> None:
        self._cases = found
        self.cases.show_cases(found)
        readable = [one.id for one in found if not one.problem]
        if len(found) == len(readable) == 1 and self._head is None and self._screen == sidebar.CASES:
            self.open_case(found[0].id)
        self._shown()

    def _headed(self, head: CaseHead) -> None:
        if head.row.id != self._wanted:  # another case was asked for meanwhile
            return
        self._head = head
        self._cases = [head.row if one.id == head.row.id else one for one in self._cases]
        self.cases.show_cases(self._cases)
        self._stale = set(self._in_case)
        self._shown()

    def _shown(self) -> None:
        if self._head is not None and self._screen in self._stale:  # the others read when they are looked at
            self._stale.discard(self._screen)
            self._in_case[self._screen].show_case(self._head)
        self._stack.setCurrentWidget(self._screens[self._screen])
        self._screens[self._screen].seek(self._form.child(QLineEdit, "search").text())
        self._side.show(self._cases, self._head, self._screen)
        self._drop.setVisible(self._may_import())

    def _may_import(self) -> bool:
        return self._head is not None and self._head.may_import

    def _dropped(self, paths: list[Path]) -> None:
        self.go(sidebar.EVIDENCE)
        self.evidence.bring_in(paths)

    def _changed(self, reference: str) -> None:
        if self._wanted == reference:
            self._read_head(reference)
        else:
            self.reload()

    def _verify(self) -> None:
        if self._head is not None:
            self.go(sidebar.CUSTODY)
            self.custody.verifier.start()

    def _verified(self, reference: str, report: Report) -> None:
        text, head = summary(reference, report)
        self._form.child(QLabel, "verified").setText(text)
        self._form.child(QLabel, "head").setText(head)

    def _failed(self, error: VaultError) -> None:
        self.cases.failed(error)
        self.go(sidebar.CASES)

    def _next_pane(self) -> None:
        navigation = self._form.child(QListView, "navigation")
        screen = self._screens[self._screen]
        if navigation.hasFocus():
            screen.focus_list()
        elif self._screen == sidebar.EVIDENCE and not self.evidence.viewer.isAncestorOf(self.focusWidget()):
            self.evidence.viewer.focus_page()
        else:
            navigation.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The toast stays in the middle."""
        super().resizeEvent(event)
        self._toast.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the program, which locks the vault."""
        super().closeEvent(event)
        self.closing.emit()
