"""The pages of the exhibit that is shown, with their tools: number, zoom, turning, finding."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIntValidator, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QToolButton, QWidget

from evidencevault.desktop import scale, words
from evidencevault.desktop.case_document import CaseDocument, Lettering
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.reel import FREE, PAGE, WIDTH, Reel
from evidencevault.desktop.reel_layout import Size
from evidencevault.desktop.viewer_find import FindBar
from evidencevault.errors import VaultError
from evidencevault.resources import tr

LETTERED = 400  # ms after the first page until its characters are read
SLIM = 470  # px at 100 %: below it the tools leave out what keys do as well


class ViewerPages(QObject):
    """Drives the reel and the tools above it.

    ``begun``: the opening stands in the ledger; ``looked`` carries the page looked at; ``failed`` that nothing can be
    shown at all.
    """

    begun = Signal()
    looked = Signal(int)
    failed = Signal(object)

    def __init__(self, form: Form, desk: Desk) -> None:
        super().__init__(form)
        self._form, self._desk = form, desk
        self.reel = form.child(Reel, "canvas")
        self._tools, self._number = form.child(QFrame, "tools"), form.child(QLineEdit, "pageNumber")
        self._find = FindBar(form, self.reel)
        self._document: CaseDocument | None = None
        self._lettering: Lettering | None = None
        self._first: tuple[int, str] = (1, "")
        self._letters = QTimer(self, singleShot=True, interval=LETTERED)
        self._letters.timeout.connect(self._read_letters)
        self._wire()

    def _wire(self) -> None:
        part, reel = self._form.child, self.reel
        for name, act in (
            ("previous", lambda: reel.go(reel.page - 1)),
            ("next", lambda: reel.go(reel.page + 1)),
            ("find", self._find.open),
            ("rotate", reel.turn),
            ("smaller", reel.smaller),
            ("larger", reel.larger),
        ):
            part(QToolButton, name).clicked.connect(lambda _=False, act=act: act())
        part(QToolButton, "fit").toggled.connect(lambda whole: reel.fit(PAGE if whole else WIDTH))
        for keys, act in (
            ("Ctrl++", reel.larger),
            ("Ctrl+=", reel.larger),
            ("Ctrl+-", reel.smaller),
            ("Ctrl+0", lambda: reel.fit(WIDTH)),
            ("Ctrl+G", self._to_the_number),
        ):
            QShortcut(QKeySequence(keys), self._form, act)
        self._number.returnPressed.connect(self._number_given)
        reel.turned.connect(self._turned)
        reel.zoomed.connect(self._zoomed)
        reel.sheets.measured.connect(self._measured)
        reel.sheets.failed.connect(self._refused)
        self._find.wanted.connect(self._read_letters)

    def open(self, document: CaseDocument) -> None:
        """Begin to read an exhibit; that is what enters the view."""
        self._document = document
        self.reel.sheets.open(document)

    def close(self) -> None:
        """Forget everything of it."""
        self._letters.stop()
        if self._lettering is not None:
            self._lettering.drop()
        self._document = self._lettering = None
        self._first = (1, "")
        self.reel.clear()
        self._find.forget()
        self._unfit()

    def turn_to(self, page: int, sought: str) -> None:
        """Go to a page, and mark words in it; of an exhibit that is still being opened as soon as it is."""
        self._first = (page, sought)
        if self.reel.page:
            self._turn_first()

    def enable(self, count: int, *, other: bool = False) -> None:
        """Offer the tools, for so many pages; ``other``: what is shown has tools of its own."""
        self._tools.setEnabled(bool(count))
        self._tools.setVisible(not other)
        if count:
            self._label(count)
        else:
            self._form.child(QLabel, "page").setText("")
            self._form.child(QLabel, "zoom").setText("")
            self._number.setText("")

    def narrow(self, width: int) -> None:
        """In a narrow pane the tools leave out what keys do as well."""
        for name in ("zoom", "rotate"):
            self._form.child(QWidget, name).setVisible(width >= scale.px(SLIM))

    def _measured(self, sizes: list[Size]) -> None:
        self._label(len(sizes))
        self._turn_first()
        self.begun.emit()
        self._letters.start()

    def _turn_first(self) -> None:
        (page, sought), self._first = self._first, (1, "")
        if page > 1:
            self.reel.go(page)
        if sought:
            self._find.open(sought)

    def _read_letters(self) -> None:
        sizes = list(self.reel.lay.sizes)
        if self._document is None or self._lettering is not None or not sizes:
            return
        self._find.reading()
        self._lettering = one = Lettering(self._desk, self._document, sizes)
        one.came.connect(self.reel.choice.letters.put)
        one.came.connect(lambda _: self._find.came())
        one.ended.connect(self._find.ended)
        one.failed.connect(lambda _: self._find.ended(True))  # its pages can be seen; what failed is said there

    def _turned(self, page: int) -> None:
        self._label(self.reel.lay.count)
        self.looked.emit(page)

    def _label(self, count: int) -> None:
        page = max(1, self.reel.page)
        self._number.setValidator(QIntValidator(1, max(1, count), self._number))
        if not self._number.hasFocus():
            self._number.setText(str(page))
        self._form.child(QLabel, "page").setText(tr("of {all}").format(all=words.isolated(str(count))))
        self.reel.setAccessibleDescription(tr("Page {n} of {all}").format(n=page, all=count))
        self._form.child(QToolButton, "previous").setEnabled(page > 1)
        self._form.child(QToolButton, "next").setEnabled(page < count)

    def _to_the_number(self) -> None:
        self._number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._number.selectAll()

    def _number_given(self) -> None:
        self.reel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reel.go(int(self._number.text()))

    def _zoomed(self, zoom: float) -> None:
        self._form.child(QLabel, "zoom").setText(words.isolated(f"{round(zoom * 100)} %"))
        if self.reel.fitted == FREE:
            self._unfit()

    def _unfit(self) -> None:
        button = self._form.child(QToolButton, "fit")
        button.blockSignals(True)
        button.setChecked(False)
        button.blockSignals(False)

    def _refused(self, page: int, error: VaultError) -> None:
        if page == 0 or self.reel.lay.count == 1:
            self.failed.emit(error)  # of several pages the others may be well: the one says so on its paper
