"""One exhibit: its head, its page, its details and its chain of custody.

A page is asked for only after the choice has rested a moment: each opening is an entry in the chain of custody, and
running through a list is no reading.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from evidencevault.desktop import readers, rows, words
from evidencevault.desktop.canvas import PageCanvas
from evidencevault.desktop.delegates import CustodyDelegate
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.pages import Pages, of_case
from evidencevault.desktop.rows import CustodyRow
from evidencevault.desktop.shown import Shown, prepare, unshowable
from evidencevault.desktop.table import Rows
from evidencevault.errors import VaultError
from evidencevault.evidence import findings
from evidencevault.evidence.exhibits import Exhibit
from evidencevault.resources import tr

RESTED = 250  # ms
PAGE, MESSAGE, ASK = range(3)


class Viewer(Form):
    """The right half of the evidence screen."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("viewer", custom=(PageCanvas,))
        self._desk, self._theme = desk, theme
        part = self.child
        self._canvas = part(PageCanvas, "canvas")
        self._views, self._tabs = part(QStackedWidget, "views"), part(QStackedWidget, "tabs")
        self._tools, self._head = part(QFrame, "tools"), part(QLabel, "name")
        self._about, self._mark = part(QLabel, "about"), part(QLabel, "mark")
        self._facts, self._entries = part(QTextBrowser, "facts"), part(QListView, "entries")
        self._purpose, self._page_label = part(QLineEdit, "purpose"), part(QLabel, "page")
        self._copy = part(QToolButton, "copyHash")
        self._shown: Shown | None = None
        self._wanted: tuple[str, str] | None = None  # case and exhibit that were chosen last
        self._page_failed = False
        self._reference, self._page, self._opened_for = "", 1, ""
        self._first = ("", 1)  # the page that was asked for before its exhibit was shown
        self._pages, self._to_top = Pages(of_case(desk)), False
        self._job: Job | None = None
        self._rest = QTimer(self, singleShot=True, interval=RESTED)
        self._rest.timeout.connect(self._rested)
        self._wire()

        self._model: Rows[CustodyRow] = Rows()
        self._entries.setModel(self._model)
        self._entries.setItemDelegate(CustodyDelegate(theme, self._entries))
        theme.changed.connect(self._coloured)
        self._coloured()
        self.clear()

    def clear(self, title: str = "", text: str = "") -> None:
        """Nothing chosen."""
        self._stop()
        self._pages.close()
        self._shown, self._wanted = None, None
        self._canvas.show_page(None)
        self._head.setText("")
        self._about.setText("")
        self._mark.hide()
        self._copy.setEnabled(False)
        self._facts.setHtml("")
        self._model.show([])
        self._say(title or tr("Choose an evidence item"), text or tr("Up and down move in the list; the page follows."))

    def show_exhibit(self, reference: str, number: str) -> None:
        """Show another exhibit: its facts at once, its page when the choice has rested."""
        self._stop()
        if self._wanted != (reference, number):
            self._shown, self._opened_for = None, ""
            self._pages.close()
            self._canvas.show_page(None)
        self._wanted = (reference, number)
        self._reference = reference
        self._job = self._desk.read(
            reference,
            lambda opened: prepare(opened, number),
            lambda shown: self._prepared(shown) if self._wanted == (reference, number) else None,
            lambda error: self._failed(error) if self._wanted == (reference, number) else None,
        )

    def turn_to(self, number: str, page: int) -> None:
        """Show a page of an exhibit that is shown, or will be next."""
        self._first = (number, page)
        if self._shown is not None and self._shown.exhibit.number == number:
            self._go(page - self._page)

    def refresh(self) -> None:
        """Read the same exhibit again, after something was written."""
        if self._wanted is not None:
            self.show_exhibit(*self._wanted)

    def focus_page(self) -> None:
        """Give the keyboard to the page (or to the question before it)."""
        target: QWidget = self._purpose if self._views.currentIndex() == ASK else self._canvas
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _wire(self) -> None:
        part = self.child
        canvas = self._canvas
        part(QToolButton, "previous").clicked.connect(lambda: self._go(-1))
        part(QToolButton, "next").clicked.connect(lambda: self._go(1))
        part(QToolButton, "rotate").clicked.connect(lambda: canvas.turn())
        part(QToolButton, "smaller").clicked.connect(canvas.smaller)
        part(QToolButton, "larger").clicked.connect(canvas.larger)
        part(QToolButton, "fit").clicked.connect(lambda: canvas.set_zoom(1.0))
        for keys, act in (("Ctrl++", canvas.larger), ("Ctrl+=", canvas.larger), ("Ctrl+-", canvas.smaller)):
            QShortcut(QKeySequence(keys), self, act)
        QShortcut(QKeySequence("Ctrl+0"), self, lambda: canvas.set_zoom(1.0))
        canvas.turned_over.connect(self._go)
        canvas.resized.connect(self._resized)
        self._pages.came.connect(self._came)
        self._pages.failed.connect(self._page_refused)
        self._pages.entered.connect(self._entered)
        canvas.zoomed.connect(lambda zoom: part(QLabel, "zoom").setText(f"{round(zoom * 100)} %"))
        part(QLabel, "zoom").setText("100 %")
        for place, name in enumerate(("tabDetails", "tabCustody")):
            part(QPushButton, name).clicked.connect(lambda _=False, at=place: self._tabs.setCurrentIndex(at))
        part(QPushButton, "open").clicked.connect(self._asked)
        part(QPushButton, "look").clicked.connect(self._look)
        self._purpose.returnPressed.connect(self._asked)
        self._copy.clicked.connect(self._copied)
        self._purpose.setAcceptDrops(False)
        splitter = part(QSplitter, "halves")
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([560, 220])

    def _coloured(self) -> None:
        tokens = self._theme.tokens
        self._canvas.colour(tokens.canvas, dark=tokens.name == "dark")
        readers.prepare(self._facts, tokens)
        if self._shown is not None:
            self._facts.setHtml(self._shown.facts)

    def _prepared(self, shown: Shown) -> None:
        self._job = None
        before, self._shown = self._shown, shown
        same = before is not None and before.exhibit.number == shown.exhibit.number and before.case == shown.case
        one = shown.exhibit
        self._head.setText(words.line([words.one_line(one.name)]))
        self._head.setToolTip(words.tip(words.one_line(one.path or one.name)))
        self._about.setText(shown.about)
        self._facts.setHtml(shown.facts)
        self._show_entries(shown.entries)
        self._copy.setEnabled(one.sha256 is not None)
        self._marked(one)
        if not same:
            self._page = min(self._first[1], one.pages or 1) if self._first[0] == one.number else 1
            self._pages.close()
            self._canvas.show_page(None)
            self._canvas.turn(0)
        if not same or before is None or before.exhibit != one:
            self._choose_view(one)

    def _choose_view(self, one: Exhibit) -> None:
        showable = one.object is not None and one.previewable and bool(one.pages)
        if one.restricted and not self._opened_for and one.object is not None:
            self._tools.setEnabled(False)
            self.child(QLabel, "askWhy").setText(one.restricted)
            self._purpose.clear()
            self.child(QPushButton, "open").setEnabled(showable)
            self._views.setCurrentIndex(ASK)
        elif showable:
            self._pages.open(self._reference, one.number, one.pages or 0, self._opened_for or None)
            self._views.setCurrentIndex(PAGE)
            self._tools.setEnabled(True)
            self._label_page()
            self._rest.start()
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
        self._mark.setVisible(bool(text))
        self._mark.setText(text)
        self._mark.setProperty("chip", tone or "plain")
        self._mark.style().polish(self._mark)

    def _say(self, title: str, text: str, *, look: bool = False) -> None:
        self._page_failed = False
        self.child(QPushButton, "look").setVisible(look)
        self.child(QLabel, "messageTitle").setText(title)
        self.child(QLabel, "messageText").setText(text)
        self._tools.setEnabled(False)
        self._page_label.setText("")
        self._views.setCurrentIndex(MESSAGE)

    def _asked(self) -> None:
        purpose = self._purpose.text().strip()
        if not purpose or self._shown is None:
            self._purpose.setFocus()
            return
        self._opened_for = purpose
        self._choose_view(self._shown.exhibit)

    def _go(self, by: int) -> None:
        if self._shown is None or not self._can_turn():
            return
        page = self._page + by
        if 1 <= page <= (self._shown.exhibit.pages or 0):
            self._page = page
            self._label_page()
            self._rested(top=True)

    def _can_turn(self) -> bool:
        """Also from a page that could not be shown: the others may be well."""
        return self._views.currentIndex() == PAGE or self._page_failed

    def _label_page(self) -> None:
        pages = (self._shown.exhibit.pages or 0) if self._shown else 0
        self._page_label.setText(tr("Page {n} of {all}").format(n=self._page, all=pages))
        self.child(QToolButton, "previous").setEnabled(self._page > 1)
        self.child(QToolButton, "next").setEnabled(self._page < pages)

    def _resized(self) -> None:
        if self._pages.asked:  # a page is shown already; a new size is no new choice
            self._rested()

    def _rested(self, *, top: bool = False) -> None:
        if self._shown is not None and self._can_turn():
            self._to_top = top or self._to_top
            self._pages.want(self._page, self._canvas.wanted_width())

    def _came(self, page: int, image: QImage) -> None:
        if page == self._page:
            self._page_failed = False
            self._views.setCurrentIndex(PAGE)
            self._canvas.show_page(image, top=self._to_top)
            self._to_top = False

    def _entered(self) -> None:
        """The opening stands in the ledger now: show it there."""
        if self._shown is not None:
            wanted, number = self._wanted, self._shown.exhibit.number
            self._desk.read(
                self._reference,
                lambda opened: rows.custody_rows(opened.case, number),
                lambda entries: self._show_entries(entries) if self._wanted == wanted else None,
                self._failed,
            )

    def _show_entries(self, entries: list[CustodyRow]) -> None:
        self._model.show(entries)
        self.child(QPushButton, "tabCustody").setText(tr("Chain of custody") + f"  {len(entries)}")

    def _page_refused(self, error: VaultError) -> None:
        self._failed(error)
        self._page_failed = True
        self._tools.setEnabled(True)
        self._label_page()

    def _failed(self, error: VaultError) -> None:
        self._canvas.show_page(None)
        self._say(tr("This page cannot be shown"), error.sentence)

    def _look(self) -> None:
        self._say(tr("Looking …"), tr("The document worker reads the file; it holds no keys."))
        wanted = self._wanted
        self._desk.do(
            self._reference,
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
