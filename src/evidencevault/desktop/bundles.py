"""The bundles of a case: what left and what waits for its release, a new one, receipts, and whom to tell what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QFrame, QLabel, QListView, QPushButton, QSplitter, QStackedWidget, QTextBrowser, QWidget

from evidencevault.bundle import notices
from evidencevault.desktop import bundle_receipt, readers, scale
from evidencevault.desktop.bundle_make import BundleMake
from evidencevault.desktop.bundle_reader import BundlePage, bundle_page, register_page
from evidencevault.desktop.bundle_receipt import BundleReceipt
from evidencevault.desktop.bundle_release import BundleRelease
from evidencevault.desktop.bundle_rows import REGISTER, bundle_rows
from evidencevault.desktop.delegates import StatementDelegate
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import Late, filling, in_turns
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseHead, StatementRow
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.resources import tr

FULL, EMPTY, WAITING = range(3)
READING, MAKING = range(2)
SHOWN, NOTHING, RELEASING, RECEIVING = range(4)


class BundlesScreen(CaseScreen):
    """List on one side; the bundle read, released or received on the other; the assistant fills the screen."""

    def __init__(self, desk: Desk, theme: Theme, files: Files | None = None) -> None:
        super().__init__("bundles", desk)
        self._theme, self._files = theme, files or Files()
        self._html, self._pointed, self._may_make, self._narrow = "", "", False, False
        self._views, self._right = self.child(QStackedWidget, "views"), self.child(QStackedWidget, "right")
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._text, self._model = self.child(QTextBrowser, "text"), Rows[StatementRow]()
        self._list.setModel(self._model)
        self._list.setItemDelegate(StatementDelegate(theme, self._list))
        self._assistant = Late(self._made_assistant)
        self._release, self._receipt = Late(self._made_release), Late(self._made_receipt)
        self._buttons = self._made_buttons()
        self._wire()
        theme.changed.connect(self._coloured)
        self._coloured()

    def _wire(self) -> None:
        self._list.selectionModel().selectionChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: self._text.setFocus())
        for name in ("make", "makeFirst"):
            self.child(QPushButton, name).clicked.connect(self.make)
        self.child(QPushButton, "bring").clicked.connect(self._bring)
        self.child(QLabel, "emptyTitle").setText(tr("Nothing has left this case yet"))
        self.child(QLabel, "rightTitle").setText(tr("Two members, one bundle"))
        text = tr("One makes a bundle, another one releases it. Nothing is outside the vault before that.")
        self.child(QLabel, "rightText").setText(text)
        splitter = self.child(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scale.px(400), scale.px(778)])

    @property
    def assistant(self) -> BundleMake:
        """The assistant that makes a bundle."""
        return self._assistant()

    def _made_assistant(self) -> BundleMake:
        made = BundleMake(self.desk, self._theme, self._files)
        made.left.connect(self._back)
        made.told.connect(self.told)
        made.wanted.connect(self.wanted)
        made.made.connect(self._point)
        made.narrow(self._narrow)
        self._place("making", made)
        return made

    def _made_release(self) -> BundleRelease:
        made = BundleRelease(self.desk, self._theme, self._files)
        made.closed.connect(self._read_again)
        self._place("releasing", made)
        return made

    def _made_receipt(self) -> BundleReceipt:
        made = BundleReceipt(self.desk, self._files)
        made.closed.connect(self._read_again)
        made.entered.connect(self._entered)
        self._place("receiving", made)
        return made

    def _place(self, name: str, made: QWidget) -> None:
        filling(self.child(QWidget, name), made)
        self._theme.dress(made)

    def _made_buttons(self) -> dict[str, QPushButton]:
        flow, made = FlowLayout(self.child(QWidget, "buttons"), scale.px(6)), {}
        for name, title, icon, act in (
            ("release", tr("Release …"), "package-check", self._begin_release),
            ("again", tr("Write the file again …"), "download", self._begin_release),
            ("receipt", tr("It arrived …"), "circle-check", self._begin_receipt),
            ("notice", tr("Write the notice …"), "mail", self._notice),
        ):
            button = made[name] = QPushButton(title)
            button.setObjectName(f"act_{name}")
            button.setAccessibleName(title)
            button.setProperty("glyph", icon)
            button.setProperty("glyphSize", 16)
            if name == "release":
                button.setProperty("kind", "primary")
            button.clicked.connect(lambda _=False, act=act: act())
            flow.addWidget(button)
        return made

    # --- what is shown

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if self.begin_case(head.row.id):
            self.put_down()
            self._views.setCurrentIndex(READING)
            self._right.setCurrentIndex(NOTHING)
            self._model.show([])
            self._pages.setCurrentIndex(WAITING)
        self._may_make = head.may_import
        for name in ("make", "makeFirst"):
            self.child(QPushButton, name).setVisible(self._may_make)
        told = tr("Choose what goes, for whom and why; then somebody else releases it.")
        none = tr("An officer makes bundles; you can release what they made.")
        self.child(QLabel, "emptyText").setText(told if self._may_make else none)
        self.read(lambda opened: bundle_rows(opened.case), self._came)
        if self._views.currentIndex() == MAKING:
            self.assistant.refresh()

    def seek(self, text: str) -> None:
        """Show what holds these words in its line."""
        if not self.fresh(text):
            return
        if self._views.currentIndex() == MAKING:
            self.assistant.seek(text)
            return
        sought, chosen = text.casefold().strip(), current(self._list)
        self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    def narrow(self, narrow: bool) -> None:
        """In a small window the assistant's steps are numbers."""
        self._narrow = narrow
        if self._assistant.made is not None:
            self._assistant.made.narrow(narrow)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        if self._views.currentIndex() == READING:
            self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to what is read; through the panes of the assistant."""
        if self._views.currentIndex() == MAKING:
            return self.assistant.next_pane(now)
        if now is not self._list:
            return False
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def point_to(self, ref: str) -> None:
        """Choose a bundle."""
        self._views.setCurrentIndex(READING)
        self._pointed = "" if choose(self._list, self._model, ref) else ref

    def put_down(self) -> None:
        """What was chosen for a bundle is kept sealed."""
        if self._assistant.made is not None:
            self._assistant.made.keep()

    def make(self) -> None:
        """A new bundle, or the one that was begun."""
        if self._may_make:
            self._views.setCurrentIndex(MAKING)
            if self._assistant.made is None:
                in_turns(self, self._assistant, self._make_pages)
            else:
                self.assistant.start(self.reference)

    def _make_pages(self) -> None:
        """Each step's form in a turn of its own, then the first."""
        in_turns(self, *self.assistant.pages.makers, lambda: self.assistant.start(self.reference))

    def _came(self, found: list[StatementRow]) -> None:
        chosen = self._pointed or getattr(current(self._list), "id", "")
        self._model.show(found)
        self.child(QLabel, "count").setText(str(max(0, len(found) - 1)))
        self.child(QPushButton, "bring").setVisible(bool(found))
        self._pages.setCurrentIndex(FULL if found else EMPTY)
        self._pointed = ""
        if found and not choose(self._list, self._model, chosen):
            choose(self._list, self._model, found[0].id)

    def _point(self, number: str) -> None:
        self._pointed = number

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: StatementRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is None:
            return
        number = row.id
        page = register_page if number == REGISTER else (lambda case: bundle_page(case, number))
        self.read(lambda opened: page(opened.case), lambda found: self._show(number, found))

    def _show(self, number: str, page: BundlePage) -> None:
        if getattr(current(self._list), "id", "") != number:  # another was chosen meanwhile
            return
        if page.html != self._html:
            self._html = page.html
            self._text.setHtml(self._html)
        offered = {"release": page.release, "again": page.again, "receipt": page.receipt, "notice": page.notice}
        for name, button in self._buttons.items():
            button.setVisible(offered[name])
        self.child(QFrame, "acts").setVisible(any(offered.values()))
        releasing = self._release.made is not None and self._release.made.busy
        busy = releasing or (self._right.currentIndex() in (RELEASING, RECEIVING) and self._about == number)
        if not busy:
            self._right.setCurrentIndex(SHOWN)

    def _coloured(self) -> None:
        readers.prepare(self._text, self._theme.tokens)
        if self._html:
            self._text.setHtml(self._html)

    # --- what is done

    _about = ""

    def _begin_release(self) -> None:
        self._with_bundle(RELEASING, self._release().start)

    def _begin_receipt(self) -> None:
        self._with_bundle(RECEIVING, self._receipt().start)

    def _with_bundle(self, pane: int, start: Callable[[str, str], object]) -> None:
        row = current(self._list)
        if row is not None:
            self._about = row.id
            self._right.setCurrentIndex(pane)
            start(self.reference, row.id)

    def _read_again(self) -> None:
        self._right.setCurrentIndex(SHOWN)
        self.focus_list()

    def _entered(self, number: str, told: str) -> None:
        self.point_to(number)
        self._read_again()
        self.told.emit(told)

    def _bring(self) -> None:
        path = self._files.any(self, tr("Choose the receipt"))
        if path is not None:
            self.banner("problem", "")
            self.desk.do(
                self.reference,
                lambda opened: bundle_receipt.bring_in(opened.case, path),
                lambda done: self._entered(*done),
                self.failed_in(self.reference),
            )

    def _notice(self) -> None:
        row = current(self._list)
        offered = Path(f"{self.reference}-{row.id}-notice.pdf") if row is not None else Path()
        to = self._files.save(self, tr("Where the notice is written"), offered) if row is not None else None
        if to is None:
            return
        number = row.id
        said = tr("The notice is in {file}. Send it to whoever received the bundle.").format(file=to.name)
        self.banner("problem", "")
        self.desk.do(
            self.reference,
            lambda opened: notices.write_notice(opened.case, opened.workers, number, to),
            lambda _: self.told.emit(said),
            self.failed_in(self.reference),
        )

    def _back(self) -> None:
        self._views.setCurrentIndex(READING)
        self.focus_list()
