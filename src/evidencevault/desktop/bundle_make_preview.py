"""Fourth step of a bundle: everything that would leave, page by page; before that, whatever is still missing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QLabel, QListView, QSplitter, QStackedWidget, QToolButton, QWidget

from evidencevault.bundle.previewing import Preview
from evidencevault.desktop import bundle_rows, scale, words
from evidencevault.desktop.bundle_steps import Lack, Step
from evidencevault.desktop.canvas import PageCanvas
from evidencevault.desktop.delegates import StatementDelegate
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import Form
from evidencevault.desktop.importing import Card
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.pages import image
from evidencevault.desktop.rows import StatementRow
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.documents.requests import Pixels
from evidencevault.errors import VaultError
from evidencevault.resources import tr

LACKS, SHOWN, WORKS = range(3)
PAGE, MESSAGE = range(2)
_RESTED = 200  # ms: running through a list draws nothing


class BundleMakePreview(Form):
    """``lacking`` carries the place of what is missing that is to be gone to."""

    lacking = Signal(int)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("bundle_make_preview", custom=(PageCanvas,))
        self._desk, self._theme = desk, theme
        self._reference = ""
        self._preview: Preview | None = None
        self._page, self._count = 1, 1
        self._job: Job | None = None
        self._views, self._sheet = self.child(QStackedWidget, "views"), self.child(QStackedWidget, "sheet")
        self._list, self._model = self.child(QListView, "list"), Rows[StatementRow]()
        self._open, self._lacks = self.child(QListView, "open"), Rows[StatementRow]()
        for view, model in ((self._list, self._model), (self._open, self._lacks)):
            view.setModel(model)
            view.setItemDelegate(StatementDelegate(theme, view))
        self._canvas = self.child(PageCanvas, "canvas")
        self._card = Card(self, in_bytes=False)
        self._rest = QTimer(self, singleShot=True, interval=_RESTED)
        self._rest.timeout.connect(self._ask)
        self._wire()
        theme.changed.connect(self._coloured)
        self._coloured()

    def _wire(self) -> None:
        canvas, part = self._canvas, self.child
        self._list.selectionModel().selectionChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: canvas.setFocus())
        for signal in (self._open.activated, self._open.clicked):
            signal.connect(lambda index: self.lacking.emit(int(index.data(ROW).id)))
        for name, act in (
            ("previous", lambda: self._go(-1)),
            ("following", lambda: self._go(1)),
            ("smaller", canvas.smaller),
            ("larger", canvas.larger),
        ):
            part(QToolButton, name).clicked.connect(lambda _=False, act=act: act())
        canvas.turned_over.connect(self._go)
        canvas.resized.connect(lambda: self._ask() if self._sheet.currentIndex() == PAGE else None)
        canvas.zoomed.connect(lambda zoom: part(QLabel, "zoom").setText(f"{round(zoom * 100)} %"))
        splitter = part(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scale.px(400), scale.px(560)])

    def clear(self) -> None:
        """Forget what was put together."""
        self._stop()
        self._preview = None
        self._model.show([])
        self._canvas.show_page(None)
        self._totals("", "")

    def show_lacks(self, lacks: Sequence[tuple[Step, Lack]]) -> None:
        """What is still missing, each leading to where it is mended."""
        self.clear()
        rows = [
            StatementRow(str(n), one.words, _where(step, one), "", tr("Go there"), "accent", "info", "chevron-right")
            for n, (step, one) in enumerate(lacks)
        ]
        self._lacks.show(rows)
        self._views.setCurrentIndex(LACKS)
        if rows:
            choose(self._open, self._lacks, rows[0].id)

    def works(self, reference: str, job: Job) -> None:
        """It is being put together."""
        self.clear()
        self._reference = reference
        self._card.follow(job, tr("Preview"))
        self._views.setCurrentIndex(WORKS)

    def show_preview(self, found: Preview) -> None:
        """Everything that would leave."""
        self._preview = found
        rows = bundle_rows.piece_rows(found)
        self._model.show(rows)
        self._views.setCurrentIndex(SHOWN)
        pages = sum(max(1, one.pages) for one in found.documents)
        said = tr("{documents} documents, {pages} numbered pages, {files} files beside them")
        self._totals(
            said.format(documents=len(found.documents), pages=pages, files=len(found.files)),
            tr("Of the chain of custody it shows that and when something was done, not what was written about it."),
        )
        if rows:
            choose(self._list, self._model, rows[0].id)

    @property
    def shows_lacks(self) -> bool:
        """Whether something is still missing."""
        return self._views.currentIndex() == LACKS

    def focus_first(self) -> None:
        """Give the keyboard to the list."""
        (self._open if self._views.currentIndex() == LACKS else self._list).setFocus()

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the page."""
        if now is not self._list:
            return False
        self._canvas.setFocus()
        return True

    def _totals(self, totals: str, sub: str) -> None:
        self.child(QLabel, "totals").setText(totals)
        self.child(QLabel, "sub").setText(sub)
        self.child(QLabel, "sub").setVisible(bool(sub))

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: StatementRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is None:
            return
        self._stop()
        self._page, self._count = 1, 1
        self._canvas.show_page(None)
        if _is_paged(row, self._preview):
            self._say(tr("Opening …"), "")
            self._rest.start()
        else:
            self._say(row.title, tr("This file has no pages to show. It is written for programs that read it."))

    def _ask(self) -> None:
        found, row, page = self._preview, current(self._list), self._page
        if found is None or row is None:
            return
        width = self._canvas.wanted_width()

        def work(_: Opened) -> tuple[QImage, int]:
            pixels: Pixels = found.page(row.id, page, width)
            return image(pixels), pixels.pages

        self._job = self._desk.read(
            self._reference,
            work,
            lambda came: self._came(row.id, page, *came),
            lambda error: self._refused(row.id, error),
        )

    def _came(self, id_: str, page: int, drawn: QImage, count: int) -> None:
        if getattr(current(self._list), "id", "") == id_ and page == self._page:
            self._count = count
            self._sheet.setCurrentIndex(PAGE)
            self._canvas.show_page(drawn)
            self._tools()

    def _refused(self, id_: str, error: VaultError) -> None:
        if getattr(current(self._list), "id", "") == id_:
            self._say(tr("This page cannot be shown"), error.sentence)

    def _go(self, by: int) -> None:
        if 1 <= self._page + by <= self._count:
            self._page += by
            self._tools()
            self._ask()

    def _tools(self) -> None:
        self.child(QFrame, "tools").setEnabled(self._sheet.currentIndex() == PAGE)
        self.child(QLabel, "pageOf").setText(tr("Page {n} of {all}").format(n=self._page, all=self._count))
        self.child(QToolButton, "previous").setEnabled(self._page > 1)
        self.child(QToolButton, "following").setEnabled(self._page < self._count)

    def _say(self, title: str, text: str) -> None:
        self.child(QLabel, "messageTitle").setText(title)
        self.child(QLabel, "messageText").setText(text)
        self._sheet.setCurrentIndex(MESSAGE)
        self.child(QFrame, "tools").setEnabled(False)
        self.child(QLabel, "pageOf").setText("")

    def _stop(self) -> None:
        self._rest.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _coloured(self) -> None:
        tokens = self._theme.tokens
        self._canvas.colour(tokens.canvas, dark=tokens.name == "dark")


def _where(step: Step, one: Lack) -> str:
    names = {Step.WHAT: tr("What"), Step.WHOM: tr("For whom"), Step.WHY: tr("Why")}
    return words.line([names[step], one.exhibit])


def _is_paged(row: StatementRow, found: Preview | None) -> bool:
    """Whether the worker can draw it: copies and sheets, PDFs beside them, and perhaps an original."""
    documents = {one.path: one for one in found.documents} if found is not None else {}
    one = documents.get(row.id)
    return row.id.endswith(".pdf") or (one is not None and one.kind == "original")
