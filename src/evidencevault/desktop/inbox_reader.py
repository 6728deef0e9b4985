"""One document of a received bundle: its pages, drawn out of the seal, and the notes on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QSplitter, QStackedWidget, QToolButton

from evidencevault.desktop import words
from evidencevault.desktop.canvas import PageCanvas
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_desk import InboxDesk, Readable
from evidencevault.desktop.inbox_notes import Notepad
from evidencevault.desktop.inbox_rows import DocumentRow
from evidencevault.desktop.look import Theme
from evidencevault.desktop.pages import Pages
from evidencevault.errors import VaultError
from evidencevault.resources import tr

RESTED = 150  # ms: running through a list draws nothing
PAGE, MESSAGE = range(2)


class InboxReader(Form):
    """``saving`` is sent when a copy of the document shown is wanted."""

    saving = Signal()

    def __init__(self, desk: InboxDesk, theme: Theme, notes: Notepad) -> None:
        super().__init__("inbox_reader", custom=(PageCanvas,))
        self._desk, self._theme, self._notes = desk, theme, notes
        self._canvas, self._views = self.child(PageCanvas, "canvas"), self.child(QStackedWidget, "views")
        self._label, self._text = self.child(QLabel, "page"), self.child(QPlainTextEdit, "notes")
        self._pages = Pages(desk.page)
        self._row: DocumentRow | None = None
        self._count, self._page, self._to_top = 0, 1, False
        self._rest = QTimer(self, singleShot=True, interval=RESTED)
        self._rest.timeout.connect(self._examine)
        self._wire()
        theme.changed.connect(self._coloured)
        self._coloured()
        self.clear()

    def _wire(self) -> None:
        part, canvas = self.child, self._canvas
        for name, act in (
            ("previous", lambda: self._go(-1)),
            ("next", lambda: self._go(1)),
            ("rotate", lambda: canvas.turn()),
            ("smaller", canvas.smaller),
            ("larger", canvas.larger),
            ("fit", lambda: canvas.set_zoom(1.0)),
            ("save", self.saving.emit),
        ):
            part(QToolButton, name).clicked.connect(lambda _=False, act=act: act())
        for keys, act in (("Ctrl++", canvas.larger), ("Ctrl+=", canvas.larger), ("Ctrl+-", canvas.smaller)):
            QShortcut(QKeySequence(keys), self, act)
        QShortcut(QKeySequence("Ctrl+0"), self, lambda: canvas.set_zoom(1.0))
        canvas.turned_over.connect(self._go)
        canvas.resized.connect(lambda: self._want() if self._pages.asked else None)
        canvas.zoomed.connect(lambda zoom: part(QLabel, "zoom").setText(f"{round(zoom * 100)} %"))
        part(QLabel, "zoom").setText("100 %")
        self._pages.came.connect(self._came)
        self._pages.failed.connect(self._refused)
        self._text.textChanged.connect(self._wrote)
        self._notes.replaced.connect(self._noted)
        splitter = part(QSplitter, "halves")
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([600, 120])

    @property
    def row(self) -> DocumentRow | None:
        """What is shown."""
        return self._row

    def clear(self) -> None:
        """Nothing chosen, nothing remembered."""
        self._rest.stop()
        self._pages.close()
        self._row, self._count = None, 0
        self._canvas.show_page(None)
        for name in ("name", "about"):
            self.child(QLabel, name).setText("")
        self.child(QToolButton, "save").setEnabled(False)
        self.child(QFrame, "noting").hide()
        self._noted()
        self._say(tr("Choose a document"), tr("Up and down move in the list; the page follows."))

    def may_note(self, may: bool) -> None:
        """Whether there is a key to seal notes with."""
        self._text.setEnabled(may)
        kept = tr("Only you can read them.")
        none = tr("This bundle was not encrypted: there is no key to seal notes with.")
        self._text.setPlaceholderText(kept if may else none)

    def show_row(self, row: DocumentRow) -> None:
        """Another document: what is known of it at once, its page once the choice has rested."""
        if self._row is not None and row.id == self._row.id:
            return
        self._row, self._count, self._page = row, 0, 1
        self._pages.close()
        self._canvas.show_page(None)
        self._canvas.turn(0)
        one = row.document
        self.child(QLabel, "name").setText(words.line([row.title]))
        about = [row.state, words.one_line(one.exhibit), row.when, words.size(one.size)]
        self.child(QLabel, "about").setText(words.line(about))
        self.child(QToolButton, "save").setEnabled(True)
        self.child(QFrame, "noting").show()
        self._noted()
        self._say(tr("Opening …"), "")
        self._rest.start()

    def focus_page(self) -> None:
        """Give the keyboard to the page."""
        self._canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _examine(self) -> None:
        row = self._row
        if row is None:
            return
        self._desk.examine(
            row.document,
            lambda found: self._examined(found) if self._row is row else None,
            lambda error: self._refused(error) if self._row is row else None,
        )

    def _examined(self, found: Readable) -> None:
        if not found.pages:
            why = found.why or tr("This kind of file has no pages to show.")
            self._say(tr("No preview"), why + " " + tr("It lies in the bundle as it was sent; you can save a copy."))
            return
        self._count = found.pages
        self._pages.open("", found.number, found.pages, None)
        self._views.setCurrentIndex(PAGE)
        self.child(QFrame, "tools").setEnabled(True)
        self._turned()
        self._want()

    def _go(self, by: int) -> None:
        if 1 <= self._page + by <= self._count:
            self._page += by
            self._to_top = True
            self._turned()
            self._want()

    def _turned(self) -> None:
        self._label.setText(tr("Page {n} of {all}").format(n=self._page, all=self._count))
        self.child(QToolButton, "previous").setEnabled(self._page > 1)
        self.child(QToolButton, "next").setEnabled(self._page < self._count)

    def _want(self) -> None:
        if self._count:
            self._pages.want(self._page, self._canvas.wanted_width())

    def _came(self, page: int, image: QImage) -> None:
        if page == self._page:
            self._views.setCurrentIndex(PAGE)
            self._canvas.show_page(image, top=self._to_top)
            self._to_top = False

    def _refused(self, error: VaultError) -> None:
        self._canvas.show_page(None)
        self._say(tr("This page cannot be shown"), error.sentence)
        if self._count:  # the others may be well
            self.child(QFrame, "tools").setEnabled(True)
            self._turned()

    def _say(self, title: str, text: str) -> None:
        self.child(QLabel, "messageTitle").setText(title)
        self.child(QLabel, "messageText").setText(text)
        self.child(QFrame, "tools").setEnabled(False)
        self._label.setText("")
        self._views.setCurrentIndex(MESSAGE)

    def _wrote(self) -> None:
        if self._row is not None:
            self._notes.write(self._row.id, self._text.toPlainText())

    def _noted(self) -> None:
        self._text.blockSignals(True)
        self._text.setPlainText(self._notes.text(self._row.id) if self._row is not None else "")
        self._text.blockSignals(False)

    def _coloured(self) -> None:
        tokens = self._theme.tokens
        self._canvas.colour(tokens.canvas, dark=tokens.name == "dark")
