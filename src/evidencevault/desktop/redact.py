"""Redacting one exhibit: its pages with tools above, panels beside them, and what came of it in banners."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from evidencevault.desktop import redact_head, redact_tools, redact_work, scale
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form, filling
from evidencevault.desktop.importing import Card
from evidencevault.desktop.look import Theme
from evidencevault.desktop.pages import of_case
from evidencevault.desktop.redact_bench import Bench
from evidencevault.desktop.redact_canvas import RedactCanvas
from evidencevault.desktop.redact_compare import CompareView
from evidencevault.desktop.redact_comparing import COMPARING, MARKING, RECORDING, Comparing
from evidencevault.desktop.redact_images import Images
from evidencevault.desktop.redact_marking import Marking
from evidencevault.desktop.redact_rows import PlanView, may_approve
from evidencevault.desktop.redact_side import Side
from evidencevault.desktop.redact_spans import SpansForm
from evidencevault.desktop.redact_toolbar import Toolbar
from evidencevault.desktop.redact_work import Ready
from evidencevault.desktop.screen import banner
from evidencevault.desktop.shown import unshowable
from evidencevault.errors import VaultError
from evidencevault.redaction import standings
from evidencevault.resources import tr

RESTED = 250  # ms: running through a list is no reading
WORK, MESSAGE, ASK = range(3)
_SIDE_BY_SIDE = 700  # px at 100 %: in less room the panels stand below the pages


class Redactor(Form):
    """``told``, ``undoable`` and ``wanted`` as a screen sends them; ``list_wanted`` shows or hides the list beside."""

    told = Signal(str)
    undoable = Signal(str, object)
    wanted = Signal(str, str)
    list_wanted = Signal(bool)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("redact", custom=(RedactCanvas, CompareView))
        self._desk, self._theme = desk, theme
        part = self.child
        self._views, self._surfaces = part(QStackedWidget, "views"), part(QStackedWidget, "surfaces")
        self.canvas, self._comparison = part(RedactCanvas, "canvas"), part(CompareView, "comparison")
        self.bench = Bench(desk)
        self._images = Images(of_case(desk))
        self._tools, self._spans = Toolbar(), SpansForm()
        filling(part(QWidget, "tools"), self._tools)
        filling(part(QWidget, "recording"), self._spans)
        self.marking = Marking(self, self.bench, self.canvas, self._tools)
        self.comparing = Comparing(self, desk, self.bench, self._comparison)
        self.side = Side(self, self.bench, self.canvas, self.marking, theme)
        self._card = Card(self, in_bytes=False)
        self._rest = QTimer(self, singleShot=True, interval=RESTED)
        self._rest.timeout.connect(lambda: self.bench.read_pages(self.bench.purpose))
        self._wire()
        self._shortcuts()
        theme.changed.connect(self._coloured)
        self._coloured()
        self.clear()

    # --- what is shown

    def clear(self) -> None:
        """Nothing chosen."""
        self._forget()
        self._say(tr("Choose an evidence item"), tr("Its pages open here, with everything that is marked on them."))
        redact_head.clear(self)
        self._tools.hide()

    def show_exhibit(self, reference: str, number: str) -> None:
        """Open an exhibit; its pages when the choice has rested."""
        if (self.bench.reference, self.bench.number) != (reference, number):
            self._forget()
            self._tools.show()
            self.bench.open(reference, number)

    def refresh(self) -> None:
        """Something was written: read the plan anew."""
        self.bench.refresh()

    def focus_pages(self) -> None:
        """Give the keyboard to the pages, or to the question before them."""
        target: QWidget = self.canvas
        if self._views.currentIndex() == ASK:
            target = self.child(QLineEdit, "purpose")
        elif self._surfaces.currentIndex() == COMPARING:
            target = self._comparison
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self, now: QWidget | None) -> bool:
        """From the pages to the panel beside them; False after that."""
        if now is not None and self.child(QFrame, "side").isAncestorOf(now):
            return False
        if now is not None and self.isAncestorOf(now) and self._views.currentIndex() == WORK:
            self.side.focus()
        else:
            self.focus_pages()
        return True

    def show_list(self, shown: bool) -> None:
        """Whether the list beside is seen."""
        self.child(QToolButton, "list").setChecked(shown)

    def _wire(self) -> None:
        part, bench = self.child, self.bench
        bench.viewed.connect(self._viewed)
        bench.opened.connect(self._opened)
        bench.approved.connect(self._approved)
        bench.failed.connect(self._failed)
        bench.told.connect(self.told)
        bench.undoable.connect(self.undoable)
        bench.following.connect(self._card.follow)
        self._tools.drive(self.canvas, self._comparison)
        self._spans.spanned.connect(self.marking.silence)
        self.side.wanted.connect(self.wanted)
        part(QPushButton, "send").clicked.connect(self._send_or_approve)
        part(QPushButton, "readScans").clicked.connect(bench.recognise)
        part(QPushButton, "openIt").clicked.connect(self._asked)
        part(QLineEdit, "purpose").returnPressed.connect(self._asked)
        part(QToolButton, "list").toggled.connect(self.list_wanted)
        self._images.failed.connect(self._failed)
        self.comparing.failed.connect(self._failed)
        halves = part(QSplitter, "halves")
        halves.setStretchFactor(0, 1)
        halves.setSizes([scale.px(560), scale.px(372)])

    def _shortcuts(self) -> None:
        compare, listed = self.child(QToolButton, "compare"), self.child(QToolButton, "list")
        for keys, act in (
            ("Ctrl+Z", self.bench.undo),
            ("Ctrl+Y", self.bench.redo),
            ("Ctrl+Shift+Z", self.bench.redo),
            ("Ctrl+E", compare.click),
            ("Ctrl+B", listed.toggle),
            *self._tools.shortcuts(),
        ):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _coloured(self) -> None:
        tokens = self._theme.tokens
        for roll in (self.canvas, self._comparison):
            roll.colour(tokens.canvas, dark=tokens.name == "dark")

    # --- what comes

    def _viewed(self, view: PlanView) -> None:
        redact_head.show(self, view)
        self._tools.show_plan(view)
        self.canvas.may_mark = view.may_mark
        self.canvas.show_marks(view.marks)
        redact_head.offer(self, self._theme, view, read=self.bench.ready is not None)
        if self.bench.ready is None and not self._rest.isActive():
            self._begin(view)

    def _begin(self, view: PlanView) -> None:
        one = view.exhibit
        self._tools.for_pages(not view.recording)
        if view.state == standings.CANNOT:
            title, text = unshowable(one)
            self._say(title, text + " " + tr("In a bundle a slip sheet takes its place."))
        elif view.recording:
            self._spans.clear(may_mark=view.may_mark)
            self._surfaces.setCurrentIndex(RECORDING)
            self._views.setCurrentIndex(WORK)
        elif one.restricted and self.bench.purpose is None:
            self.child(QLabel, "askWhy").setText(one.restricted)
            self._views.setCurrentIndex(ASK)
        elif self._views.currentIndex() != WORK:
            self._say(tr("Reading …"), "")
            self._rest.start()

    def _opened(self, ready: Ready) -> None:
        first = self._views.currentIndex() != WORK
        self.canvas.shape = lambda placed: redact_tools.shape(ready.finder, placed)
        if first:
            self._images.open((self.bench.reference, self.bench.number, len(ready.sizes), self.bench.purpose))
            self._surfaces.setCurrentIndex(MARKING)
            self._views.setCurrentIndex(WORK)
            self.canvas.show_pages(ready.sizes, self._images)
            self._tools.choose_tool(redact_tools.BOX)
        self._tools.show_page(self.canvas.page, len(ready.sizes))
        unread = len(ready.finder.unread)
        told = tr("Pages with pictures whose text was not read yet: {n}. Names in them are not found.").format(n=unread)
        if not ready.languages:
            told += " " + tr("Text recognition is not installed on this computer.")
        banner(self, "scans", told if unread else "")
        self.child(QPushButton, "readScans").setVisible(bool(ready.languages))
        if self.bench.view is not None:
            redact_head.offer(self, self._theme, self.bench.view, read=True)

    # --- what is asked

    def _send_or_approve(self) -> None:
        view = self.bench.view
        if view is not None and may_approve(view):
            self.side.show_approval()
        else:
            self.bench.act(redact_work.send(self.bench.number))

    def _asked(self) -> None:
        purpose, view = self.child(QLineEdit, "purpose").text().strip(), self.bench.view
        if not purpose or view is None:
            self.child(QLineEdit, "purpose").setFocus()
            return
        self._say(tr("Reading …"), "")
        self.bench.read_pages(purpose)

    def _approved(self, told: str) -> None:
        banner(self, "trouble", "")
        banner(self, "good", told)

    def _failed(self, error: VaultError) -> None:
        if self.bench.ready is None and self._views.currentIndex() == MESSAGE:
            self._say(tr("The pages cannot be shown"), error.sentence)
        else:
            banner(self, "good", "")
            banner(self, "trouble", error.sentence)

    def _forget(self) -> None:
        self._rest.stop()
        self.bench.close()
        self._images.close()
        self.canvas.show_pages((), None)
        self.canvas.show_marks(())
        self.canvas.show_hints(())
        self.comparing.end()
        self.marking.forget()
        self.side.clear()
        self.child(QLineEdit, "purpose").clear()
        for name in ("trouble", "good", "scans"):
            banner(self, name, "")
        self._say(tr("Reading …"), "")

    def _say(self, title: str, text: str) -> None:
        self.child(QLabel, "messageTitle").setText(title)
        self.child(QLabel, "messageText").setText(text)
        self._views.setCurrentIndex(MESSAGE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the panels stand below the pages."""
        super().resizeEvent(event)
        wide = self.width() >= scale.px(_SIDE_BY_SIDE)
        halves = self.child(QSplitter, "halves")
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if halves.orientation() != wanted:
            halves.setOrientation(wanted)
            halves.setSizes([scale.px(560), scale.px(372)] if wide else [scale.px(420), scale.px(240)])
