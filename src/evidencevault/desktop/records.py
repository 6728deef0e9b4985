"""A screen of records: their list, the one that is read with what can be done about it, and the sheet to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QFrame, QLabel, QListView, QPushButton, QSplitter, QStackedWidget, QTextBrowser, QWidget

from evidencevault.desktop import readers, scale
from evidencevault.desktop.delegates import StatementDelegate
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import filling
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.record import RecordEditor
from evidencevault.desktop.rows import CaseHead, StatementRow
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.sheets import Act, Editor, Page, Sheet, Shelf
from evidencevault.desktop.table import ROW, Rows, choose, current
from evidencevault.resources import tr

FULL, EMPTY, WAITING = range(3)
READING, MESSAGE, EDITING, OWN = range(4)


class RecordsScreen(CaseScreen):
    """One shelf of a case."""

    def __init__(self, desk: Desk, theme: Theme, shelf: Shelf, files: Files | None = None) -> None:
        super().__init__("records", desk)
        self._theme, self._shelf, self._files = theme, shelf, files or Files()
        self._html, self._pointed = "", ""
        self._writes = self._goes_on = False
        self._own: Editor | None = None  # made when it is first wanted
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._text, self._views = self.child(QTextBrowser, "text"), self.child(QStackedWidget, "views")
        self._narrow = self._wide = False
        self._model: Rows[StatementRow] = Rows()
        self._list.setModel(self._model)
        self._list.setAccessibleName(shelf.title)
        self._list.setItemDelegate(StatementDelegate(theme, self._list))
        self._list.selectionModel().selectionChanged.connect(self._chosen)
        self._list.activated.connect(lambda _: self._text.setFocus())
        self._buttons = FlowLayout(self.child(QWidget, "buttons"), scale.px(6))
        self._editor = RecordEditor(desk, theme)
        filling(self.child(QWidget, "editing"), self._editor)
        self._editor.saved.connect(self._saved)
        self._editor.left.connect(self._left)
        self.child(QLabel, "title").setText(shelf.title)
        self.child(QLabel, "emptyTitle").setText(shelf.none)
        self.child(QLabel, "emptyText").setText(shelf.how)
        for name in ("new", "newFirst"):
            button = self.child(QPushButton, name)
            button.setText(shelf.new_name)
            button.setAccessibleName(shelf.new_name or shelf.title)
            button.clicked.connect(self.begin)
        more, bring = self.child(QPushButton, "more"), shelf.bring
        more.setText(bring.name if bring is not None else "")
        more.setAccessibleName(bring.name if bring is not None else shelf.title)
        more.clicked.connect(self._bring)
        splitter = self.child(QSplitter, "panes")
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scale.px(400), scale.px(778)])
        theme.changed.connect(self._coloured)
        self._coloured()

    # --- what is shown

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if self.begin_case(head.row.id):
            self.put_down()
            self._model.show([])
            self._spread(False)
            self._views.setCurrentIndex(MESSAGE)
            self._pages.setCurrentIndex(WAITING)
        self._writes = head.may_import
        for name in ("new", "newFirst"):
            self.child(QPushButton, name).setVisible(self._writes and self._shelf.new is not None)
        self.child(QPushButton, "more").setVisible(self._writes and self._shelf.bring is not None)
        shelf = self._shelf
        self.read(lambda opened: shelf.listed(opened.case), self._came)

    def seek(self, text: str) -> None:
        """Show what holds these words in its line."""
        if not self.fresh(text):
            return
        sought, chosen = text.casefold().strip(), current(self._list)
        self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)
        if chosen is not None:
            choose(self._list, self._model, chosen.id)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to what is read or filled in."""
        if now is not self._list:
            return False
        target = {EDITING: self._editor, OWN: self._own}.get(self._views.currentIndex()) or self._text
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def point_to(self, ref: str) -> None:
        """Choose a record."""
        self._pointed = "" if choose(self._list, self._model, ref) else ref

    def narrow(self, narrow: bool) -> None:
        """In a small window an editor gets the room of the list."""
        self._narrow = narrow
        if self._views.currentIndex() == EDITING:
            self._spread(narrow or self._wide)

    def put_down(self) -> None:
        """What is typed is kept sealed."""
        self._editor.keep()
        if self._own is not None:
            self._own.keep()

    def begin(self) -> None:
        """Fill in a new one."""
        if self._shelf.new is not None and self._writes:
            self._edit(self._shelf.new, "")

    def _came(self, found: Sequence[StatementRow]) -> None:
        chosen = self._pointed or getattr(current(self._list), "id", "")
        self._model.show(found)
        self.child(QLabel, "count").setText(str(len(found)))
        self._pages.setCurrentIndex(FULL if found else EMPTY)
        self._pointed = ""
        if found and not choose(self._list, self._model, chosen):
            choose(self._list, self._model, found[0].id)

    def _chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: StatementRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is not None:
            shelf, number = self._shelf, row.id
            self.read(lambda opened: shelf.page(opened.case, number), lambda page: self._show(number, page))

    def _show(self, number: str, page: Page) -> None:
        if getattr(current(self._list), "id", "") != number:  # another was chosen meanwhile
            return
        if page.html != self._html:  # read again after a change elsewhere: keep the place
            self._html = page.html
            self._text.setHtml(self._html)
        self._offer(number, page.acts)
        if self._views.currentIndex() not in (EDITING, OWN):
            self._views.setCurrentIndex(READING)

    def _coloured(self) -> None:
        readers.prepare(self._text, self._theme.tokens)
        if self._html:
            self._text.setHtml(self._html)

    # --- what can be done

    def _offer(self, number: str, acts: Sequence[Act]) -> None:
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for act in acts:
            button = QPushButton(act.name)
            button.setProperty("glyph", act.icon)
            button.setProperty("glyphSize", 16)
            button.setAccessibleName(act.name)
            button.clicked.connect(lambda _=False, act=act: self._act(act, number))
            self._buttons.addWidget(button)
        self.child(QFrame, "acts").setVisible(bool(acts))
        self._theme.dress(self.child(QWidget, "buttons"))

    def _act(self, act: Act, number: str) -> None:
        if act.sheet is not None:
            self._edit(act.sheet, number)
        elif act.writing is not None:
            to = self._files.save(self, act.writing.title, Path(act.writing.offered))
            if to is not None:
                self._edit(act.writing.sheet(to), number)
        elif act.own:
            self._write_on(number)
        elif act.wanted is not None:
            self.wanted.emit(*act.wanted)
        elif act.work is not None:
            work = act.work

            def run(opened: Opened) -> str:
                return work(opened, number)

            self.banner("problem", "")
            self.desk.do(self.reference, run, self.told.emit, self.failed_in(self.reference))

    def _bring(self) -> None:
        bring = self._shelf.bring
        path = self._files.any(self, bring.name) if bring is not None else None
        if bring is not None and path is not None:
            work = bring.work
            self.banner("problem", "")
            self.desk.do(
                self.reference, lambda opened: work(opened, path), self.told.emit, self.failed_in(self.reference)
            )

    def _edit(self, sheet: Sheet, number: str) -> None:
        self._goes_on = sheet.goes_on
        self._wide = sheet.pane is not None
        self._spread(self._wide or self._narrow)
        self._views.setCurrentIndex(EDITING)
        self._editor.start(self.reference, sheet, number)

    def _write_on(self, number: str) -> None:
        """In the shelf's own editor."""
        if self._own is None and self._shelf.own is not None:
            self._own = self._shelf.own(self.desk, self._theme)
            self._views.addWidget(self._own)
            self._own.saved.connect(self._saved)
            self._own.left.connect(self._set_aside)
            self._own.undoable.connect(self.undoable)
        if self._own is not None:
            self._spread(True)
            self._views.setCurrentIndex(OWN)
            self._own.start(self.reference, number)

    def _saved(self, number: str) -> None:
        self._pointed = number
        goes_on, self._goes_on = self._goes_on, False
        if goes_on:
            self._write_on(number)
            return
        self._back()
        self.told.emit(tr("Saved: {what}").format(what=number))

    def _left(self) -> None:
        self._back()
        self.told.emit(tr("Nothing was saved."))

    def _set_aside(self) -> None:
        self._back()
        self.told.emit(tr("What you typed is kept sealed on this computer. Nothing was filed."))

    def _spread(self, wide: bool) -> None:
        """Leave the whole screen to an editor that needs it."""
        self.child(QFrame, "listing").setVisible(not wide)

    def _back(self) -> None:
        self._spread(False)
        self._views.setCurrentIndex(READING if current(self._list) is not None else MESSAGE)
        self.focus_list()
