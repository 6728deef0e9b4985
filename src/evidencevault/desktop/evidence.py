"""The evidence of a case: its list, the viewer beside it, what comes in, and what is done with items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QListView, QPushButton, QSplitter, QStackedWidget, QToolButton, QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.evidence_acts import Act, Acts
from evidencevault.desktop.evidence_import import Bringing
from evidencevault.desktop.evidence_list import EvidenceList
from evidencevault.desktop.forms import Late, filling
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.loose import has_loose, loose_of
from evidencevault.desktop.record import RecordEditor
from evidencevault.desktop.rows import CaseHead
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.viewer import Viewer
from evidencevault.resources import tr

VIEWING, EDITING = range(2)


class EvidenceScreen(CaseScreen):
    """One case's exhibits."""

    cleared = Signal()  # nothing is sought any more

    def __init__(
        self, desk: Desk, theme: Theme, pick: Callable[[QWidget], Sequence[Path]], files: Files | None = None
    ) -> None:
        super().__init__("evidence", desk)
        self._pointed, self._small, self._narrow = "", False, False
        self._unfinished: tuple[str, ...] = ()
        self.list = EvidenceList(self, theme)
        self._theme, self.viewer, self._sheet = theme, Viewer(desk, theme), Late(self._made_sheet)
        self._right = QStackedWidget()
        self._right.addWidget(self.viewer)
        filling(self.child(QWidget, "viewer"), self._right)
        self._bringing = Bringing(self, desk, theme, pick, self.list.read)
        self._acts = Acts(self, desk, self._sheet, self._bringing.card, files or Files())
        self.setAcceptDrops(True)
        self._wire()

    def _wire(self) -> None:
        viewer, listed, button = self.viewer, self.list, self.child
        listed.chosen.connect(self._chosen)
        listed.picked.connect(self._picked)
        listed.filled.connect(self._point_again)
        viewer.jumped.connect(self.point_to)
        viewer.undoable.connect(self.undoable)
        viewer.refused.connect(self.failed)
        viewer.seen.connect(listed.seen)
        self._acts.opened.connect(lambda: self._turn(EDITING))
        self._acts.left.connect(lambda: self._turn(VIEWING))
        for name in ("import", "importFirst"):
            button(QPushButton, name).clicked.connect(self.ask_for_files)
        button(QPushButton, "clear").clicked.connect(self._cleared)
        button(QPushButton, "clear").clicked.connect(self.cleared)
        button(QPushButton, "goOn").clicked.connect(lambda: self.bring_in([Path(p) for p in self._unfinished]))
        button(QPushButton, "pickedLabel").clicked.connect(lambda: self._acts.label(listed.numbers()))
        button(QPushButton, "pickedHand").clicked.connect(lambda: self._acts.hand_over(listed.numbers()))
        button(QToolButton, "pickedNone").clicked.connect(lambda: listed.choose(listed.current))
        for name, act in (("more", self._menu_of_item), ("moreList", self._menu_of_list)):
            of = viewer if name == "more" else self
            of.child(QToolButton, name).clicked.connect(act)
        view = listed.view
        view.activated.connect(lambda _: viewer.focus_page())
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda at: self._acts.show_menu(self.acts(), view.mapToGlobal(at)))
        self._key(Qt.Key.Key_Space, view, viewer.focus_page)
        self._key(QKeySequence.StandardKey.Paste, view, self._bringing.paste)
        splitter = button(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scale.px(420), scale.px(758)])

    def _turn(self, side: int) -> None:
        self._right.setCurrentIndex(side)
        self.child(QFrame, "listing").setVisible(side == VIEWING or not self._narrow)

    def _made_sheet(self) -> RecordEditor:
        made = RecordEditor(self.desk, self._theme)
        self._right.addWidget(made)
        self._theme.dress(made)
        self._acts.listen(made)
        return made

    @property
    def _editor(self) -> RecordEditor:
        return self._sheet()

    def _key(self, key: Qt.Key | QKeySequence.StandardKey, view: QListView, act: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

    # --- what is shown

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        again = not self.begin_case(head.row.id)
        if not again:
            self.put_down()
            self._turn(VIEWING)
            self.list.clear()
            self._cleared()
            self.viewer.clear()
        self._headed(head)
        self.list.read()
        if again:
            self.viewer.refresh()

    def seek(self, text: str) -> None:
        """Show what holds these words in number, name, source, path or tags."""
        if self.fresh(text):
            self.list.seek(text)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self.list.focus()

    def point_to(self, ref: str) -> None:
        """Choose an exhibit, such as ``E001``, or one of its pages, ``E001#3``."""
        number, _, page = ref.partition("#")
        self._pointed = "" if self.list.choose(number) else number
        if page:
            self.viewer.turn_to(number, int(page))

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the page, and to what stands below it."""
        if now is not None and self._right.isAncestorOf(now):
            return False
        if self._right.currentIndex() == EDITING:
            self._editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.viewer.focus_page()
        return True

    def narrow(self, narrow: bool) -> None:
        """In a small window the button for importing is its picture, and a sheet gets the room of the list."""
        self._narrow = narrow
        self._turn(self._right.currentIndex())
        self.child(QPushButton, "import").setText("" if narrow else tr("Import evidence"))

    def put_down(self) -> None:
        """What is typed is kept sealed."""
        if self._sheet.made is not None:
            self._sheet.made.keep()

    def _headed(self, head: CaseHead) -> None:
        self._bringing.may = self._acts.officer = head.may_import
        for name in ("import", "importFirst"):
            self.child(QPushButton, name).setEnabled(head.may_import)
        self.child(QPushButton, "pickedHand").setVisible(head.may_import)
        self._unfinished = head.unfinished
        open_still = bool(head.unfinished) and head.may_import and not self.desk.working
        told = tr("An import is not complete. What came in is safe; “Go on” takes the rest.")
        self.banner("unfinished", told if open_still else "")

    def _chosen(self, number: str) -> None:
        if self._right.currentIndex() == EDITING:
            self._editor.keep()
            self._turn(VIEWING)
        self.viewer.show_exhibit(self.reference, number)

    def _picked(self, count: int) -> None:
        self.child(QFrame, "picked").setVisible(count > 1)
        self.child(QLabel, "pickedTold").setText(tr("Chosen: {n}").format(n=count))

    def _point_again(self) -> None:
        if self._pointed:
            self.point_to(self._pointed)

    def _cleared(self) -> None:
        self._last_sought = ""
        self.list.show_all()

    # --- acts

    def acts(self) -> list[Act]:
        """What can be done with what is chosen."""
        one, numbers = self.viewer.exhibit, self.list.numbers()
        acts = self._acts.menu(one, numbers, self.viewer.panel.write_note)
        if one is not None and len(numbers) == 1:
            acts.insert(0, (tr("Redact …"), lambda: self.wanted.emit("redactions", one.number)))
        return acts

    def _menu_of_item(self) -> None:
        self._below(self.viewer.child(QToolButton, "more"), self.acts())

    def _menu_of_list(self) -> None:
        acts: list[Act] = []
        if self._bringing.may:
            acts += [
                (tr("Record a thing that is no file …"), self._acts.record_thing),
                (tr("Paste a picture (Ctrl+V)"), self._bringing.paste),
            ]
        on, off = tr("Small pictures of what is in view (each is a view)"), tr("No small pictures")
        acts.append((off if self._small else on, self._toggle_small))
        self._below(self.child(QToolButton, "moreList"), acts)

    def _below(self, button: QToolButton, acts: list[Act]) -> None:
        self._acts.show_menu(acts, button.mapToGlobal(QPoint(0, button.height())))

    def _toggle_small(self) -> None:
        self._small = not self._small
        self.list.thumbs.show_all(self._small)

    # --- bringing in

    def ask_for_files(self) -> None:
        """Let the person choose files, then ask where they come from."""
        self._bringing.ask_for_files()

    def bring_in(self, paths: Sequence[Path]) -> None:
        """Ask where files and folders come from, then import them."""
        self._bringing.files(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A mail or a picture out of another program; files are taken by the whole window."""
        if self._bringing.may and has_loose(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask where it comes from."""
        data: QMimeData = event.mimeData()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._bringing.loose(loose_of(data))
