"""One exhibit: its head, its pages, and below them details, notes and its chain of custody.

Pages are asked for only after the choice has rested a moment: each opening is an entry in the chain of custody, and
running through a list is no reading.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSplitter, QStackedWidget, QToolButton, QWidget

from evidencevault.desktop import items, words
from evidencevault.desktop.case_document import CaseDocument
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form, Late, filling
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.player import Player
from evidencevault.desktop.reel import Reel
from evidencevault.desktop.shown import Shown, prepare, unshowable
from evidencevault.desktop.viewer_pages import ViewerPages
from evidencevault.desktop.viewer_panel import Panel
from evidencevault.errors import VaultError
from evidencevault.evidence import findings
from evidencevault.evidence.exhibits import Exhibit
from evidencevault.resources import tr

RESTED = 250  # ms
PAGES, MESSAGE, ASK, PLAYER = range(4)


class Viewer(Form):
    """The right half of the evidence screen. ``jumped`` carries another exhibit that was asked for."""

    jumped = Signal(str)
    undoable = Signal(str, object)
    refused = Signal(object)  # something below the pages could not be done
    seen = Signal(str, str, object)  # case, exhibit and picture of the first page that was shown

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("viewer", custom=(Reel,))
        self._desk, self._theme = desk, theme
        self._views, self._purpose = self.child(QStackedWidget, "views"), self.child(QLineEdit, "purpose")
        self.pages = ViewerPages(self, desk)
        self.panel = Panel(self, desk, theme)
        self._player = Late(self._made_player)
        self._shown: Shown | None = None
        self._wanted: tuple[str, str] | None = None  # case and exhibit that were chosen last
        self._opened_for = ""
        self._first: tuple[str, int, str] = ("", 1, "")  # page and words that were asked for before their exhibit came
        self._job: Job | None = None
        self._rest = QTimer(self, singleShot=True, interval=RESTED)
        self._rest.timeout.connect(self._rested)
        self._wire()
        theme.changed.connect(self._coloured)
        self._coloured()
        self.clear()

    def clear(self, title: str = "", text: str = "") -> None:
        """Nothing chosen."""
        self._stop()
        self._close()
        self._shown, self._wanted = None, None
        for name in ("name", "about"):
            self.child(QLabel, name).setText("")
        self.child(QLabel, "mark").hide()
        for name in ("copyHash", "more"):
            self.child(QToolButton, name).setEnabled(False)
        self.panel.clear()
        self._say(title or tr("Choose an evidence item"), text or tr("Up and down move in the list; the page follows."))

    def show_exhibit(self, reference: str, number: str) -> None:
        """Show another exhibit: its facts at once, its pages when the choice has rested."""
        self._stop()
        if self._wanted != (reference, number):
            self._shown, self._opened_for = None, ""
            self._close()
        self._wanted = wanted = (reference, number)
        self._job = self._desk.read(
            reference,
            lambda opened: prepare(opened, number),
            lambda shown: self._prepared(shown) if self._wanted == wanted else None,
            lambda error: self._failed(error) if self._wanted == wanted else None,
        )

    def turn_to(self, number: str, page: int, sought: str = "") -> None:
        """Show a page of an exhibit that is shown, or will be next, and mark words in it."""
        self._first = (number, page, sought)
        if self._shown is not None and self._shown.exhibit.number == number:
            self._turn_first()

    def refresh(self) -> None:
        """Read the same exhibit again, after something was written."""
        if self._wanted is not None:
            self.show_exhibit(*self._wanted)

    def focus_page(self) -> None:
        """Give the keyboard to the pages (or to the question before them)."""
        if self._views.currentIndex() == PLAYER:
            self.player.focus()
            return
        target: QWidget = self._purpose if self._views.currentIndex() == ASK else self.pages.reel
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def exhibit(self) -> Exhibit | None:
        """What is shown."""
        return self._shown.exhibit if self._shown is not None else None

    def _wire(self) -> None:
        part, reel = self.child, self.pages.reel
        part(QToolButton, "copyHash").clicked.connect(self._copied)
        reel.sheets.came.connect(self._came)
        self.pages.begun.connect(self.panel.read_entries)
        self.pages.looked.connect(self.panel.page)
        self.pages.failed.connect(self._failed)
        self.panel.jumped.connect(self.jumped)
        self.panel.undoable.connect(self.undoable)
        self.panel.failed.connect(self.refused)
        self.panel.to_page.connect(reel.go)
        part(QPushButton, "open").clicked.connect(self._asked)
        part(QPushButton, "look").clicked.connect(self._look)
        self._purpose.returnPressed.connect(self._asked)
        self._purpose.setAcceptDrops(False)
        splitter = part(QSplitter, "halves")
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([560, 220])

    def _made_player(self) -> Player:
        made = Player(self._desk, self._theme)
        filling(self.child(QWidget, "player"), made)
        self._theme.dress(made)
        made.begun.connect(self.panel.read_entries)
        return made

    @property
    def player(self) -> Player:
        """What plays recordings."""
        return self._player()

    def _coloured(self) -> None:
        self.pages.reel.colour(self._theme.tokens)

    # --- an exhibit comes

    def _prepared(self, shown: Shown) -> None:
        self._job = None
        before, self._shown = self._shown, shown
        same = before is not None and before.exhibit.number == shown.exhibit.number and before.case == shown.case
        one = shown.exhibit
        self.child(QLabel, "name").setText(words.line([words.one_line(one.name)]))
        self.child(QLabel, "name").setToolTip(words.tip(words.one_line(one.path or one.name)))
        self.child(QLabel, "about").setText(shown.about)
        self.child(QToolButton, "copyHash").setEnabled(one.sha256 is not None)
        self.child(QToolButton, "more").setEnabled(True)
        self._marked(one)
        self.panel.show(shown, may_read=not one.restricted or bool(self._opened_for))
        if not same:
            self._close()
        if not same or before is None or before.exhibit != one:
            self._choose_view(one)

    def _choose_view(self, one: Exhibit) -> None:
        showable = one.object is not None and one.previewable and bool(one.pages)
        playable = items.plays(one)
        if one.restricted and not self._opened_for and one.object is not None:
            self.pages.enable(0)
            self.child(QLabel, "askWhy").setText(one.restricted)
            self._purpose.clear()
            self.child(QPushButton, "open").setEnabled(showable or playable)
            self._views.setCurrentIndex(ASK)
        elif showable:
            self._views.setCurrentIndex(PAGES)
            self.pages.enable(one.pages or 0)
            self._rest.start()
        elif playable:
            self.pages.enable(0, other=True)
            document = CaseDocument(self._desk, self._reference(), one.number, self._opened_for or None)
            self.player.show_recording(document, film=(one.media_type or "").startswith("video/"))
            self._views.setCurrentIndex(PLAYER)
        else:
            self._say(*unshowable(one), look=findings.may_look(one))

    def _marked(self, one: Exhibit) -> None:
        text, tone = "", ""
        if one.restricted:
            text, tone = tr("Restricted"), "bad"
        elif one.warnings:
            text, tone = tr("Look closely"), "warn"
        elif one.privileged:
            text, tone = tr("Privileged"), "accent"
        mark = self.child(QLabel, "mark")
        mark.setVisible(bool(text))
        mark.setText(text)
        mark.setProperty("chip", tone or "plain")
        mark.style().polish(mark)

    def _asked(self) -> None:
        purpose = self._purpose.text().strip()
        if not purpose or self._shown is None:
            self._purpose.setFocus()
            return
        self._opened_for = purpose
        self._choose_view(self._shown.exhibit)
        self.panel.show(self._shown, may_read=True)

    # --- its pages

    def _rested(self) -> None:
        if self._shown is not None and self._views.currentIndex() == PAGES:
            number = self._shown.exhibit.number
            self.pages.open(CaseDocument(self._desk, self._reference(), number, self._opened_for or None))
            self._turn_first()

    def _close(self) -> None:
        self.pages.close()
        if self._player.made is not None:
            self._player.made.close_recording()

    def _reference(self) -> str:
        return self._shown.case if self._shown is not None else ""

    def _turn_first(self) -> None:
        number, page, sought = self._first
        if self._shown is not None and number == self._shown.exhibit.number and self.pages.reel.sheets.opened:
            self._first = ("", 1, "")
            self.pages.turn_to(page, sought)

    def _came(self, page: int) -> None:
        shown, picture = self._shown, self.pages.reel.sheets.image(page)
        if page == 1 and shown is not None and picture is not None and not shown.exhibit.restricted:
            self.seen.emit(shown.case, shown.exhibit.number, picture)

    # --- what there is to say instead

    def _say(self, title: str, text: str, *, look: bool = False) -> None:
        self.child(QPushButton, "look").setVisible(look)
        self.child(QLabel, "messageTitle").setText(title)
        self.child(QLabel, "messageText").setText(text)
        self.pages.enable(0)
        self._views.setCurrentIndex(MESSAGE)

    def _failed(self, error: VaultError) -> None:
        self._close()
        self._say(tr("This page cannot be shown"), error.sentence)

    def _look(self) -> None:
        self._say(tr("Looking …"), tr("The document worker reads the file; it holds no keys."))
        wanted = self._wanted
        self._desk.do(
            wanted[0] if wanted else "",
            lambda opened: findings.examine(opened.case, opened.workers, opened.progress),
            lambda _: None,  # the screen refreshes itself when the case has changed
            lambda error: self._failed(error) if self._wanted == wanted else None,
        )

    def _stop(self) -> None:
        self._rest.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _copied(self) -> None:
        if self._shown is not None and self._shown.exhibit.sha256 is not None:
            QGuiApplication.clipboard().setText(self._shown.exhibit.sha256.hex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tools follow the width."""
        super().resizeEvent(event)
        self.pages.narrow(self.width())
