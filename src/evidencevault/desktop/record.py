"""Fills in one sheet: what is still missing stands below, what is refused beside the field it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from evidencevault.desktop import drafting, scale
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.recordform import Asked, RecordForm
from evidencevault.desktop.screen import banner
from evidencevault.desktop.sheets import Adviser, Pane, Sheet, made, no_advice
from evidencevault.errors import FormError, VaultError
from evidencevault.forms.shapes import Form as Record
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault.drafts import Draft

KEPT_AFTER = 2000  # ms after the last key
NAMED = 2  # missing answers that are named; the others are counted


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a sheet begins with: the record that is corrected, what is asked, and what was typed before."""

    before: Record | None
    asked: Asked
    adviser: Adviser
    draft: Draft | None
    begins: Mapping[str, Any] = field(default_factory=dict)


class RecordEditor(Form):
    """One at a time. ``saved`` carries the reference of what was filed; ``left`` is sent when nothing was."""

    saved = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("record")
        self._desk, self._theme = desk, theme
        self._sheet: Sheet | None = None
        self._reference, self._ref = "", ""
        self._form: RecordForm | None = None
        self._pane: Pane | None = None
        self._adviser: Adviser = no_advice
        self._typed = False
        self._column = QVBoxLayout(self.child(QWidget, "column"))
        self._column.setContentsMargins(0, 0, 0, 0)
        self._side = QVBoxLayout(self.child(QWidget, "beside"))
        self._side.setContentsMargins(0, 0, 0, 0)
        panes = self.child(QSplitter, "panes")
        panes.setStretchFactor(0, 3)
        panes.setStretchFactor(1, 2)
        panes.setSizes([scale.px(640), scale.px(430)])
        self._rest = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._rest.timeout.connect(self.keep)
        self.child(QPushButton, "save").clicked.connect(self.save)
        self.child(QPushButton, "cancel").clicked.connect(self.cancel)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape = QShortcut(QKeySequence("Esc"), self, self.cancel)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    @property
    def draft_name(self) -> str:
        """Under which what is typed is kept."""
        return "/".join((self._reference, self._sheet.id if self._sheet else "", self._ref))

    def start(self, reference: str, sheet: Sheet, ref: str = "") -> None:
        """Open a sheet on a case, and on a record of it where one is corrected or added to; without a case on none."""
        self.keep()
        self._sheet, self._reference, self._ref, self._typed = sheet, reference, ref, False
        self.child(QLabel, "sheetTitle").setText(f"{sheet.title}  {ref}".strip())
        save = self.child(QPushButton, "save")
        save.setText(sheet.verb)
        save.setAccessibleName(sheet.verb)
        save.setEnabled(False)
        for name in ("refused", "kept", "heed"):
            banner(self, name, "")
        self._clear()
        name = self.draft_name

        def read(opened: Opened) -> _Begun:
            case = opened.case
            before = sheet.load(case, ref) if sheet.load is not None else None
            asked = Asked(skip=sheet.skip, offers=sheet.offers(case), choices=sheet.choices(case), order=sheet.order)
            begins = sheet.begins(case) if before is None else {}
            return _Begun(before, asked, sheet.adviser(case, ref), opened.session.drafts.load(name), begins)

        if reference:
            self._desk.read(reference, read, lambda found: self._came(sheet, found), self._failed)
        else:
            asked = Asked(skip=sheet.skip, order=sheet.order)
            self._desk.ask(
                lambda session: _Begun(None, asked, no_advice, session.drafts.load(name)),
                lambda found: self._came(sheet, found),
                self._failed,
            )

    def keep(self) -> None:
        """Keep what was typed, sealed; called as one types and before the window is taken away."""
        self._rest.stop()
        if self._form is not None and self._typed:
            body = drafting.to_body(self._form.values())
            name = self.draft_name
            self._desk.put_aside(lambda session: drafting.keep(session, name, body))

    def cancel(self) -> None:
        """Leave; what was typed is forgotten, and that can be taken back on the toast."""
        self._rest.stop()
        if self._form is None:
            return
        name, self._typed = self.draft_name, False
        self._desk.put_aside(lambda session: session.drafts.drop(name))
        self._clear()
        self.left.emit()

    def save(self) -> None:
        """File it."""
        sheet, form = self._sheet, self._form
        if sheet is None or form is None or not self.child(QPushButton, "save").isEnabled():
            return
        self._rest.stop()
        values, ref, name = form.values(), self._ref, self.draft_name
        create = sheet.create

        def begin(session: Session) -> str:
            assert create is not None
            reference = create(session, made(sheet, values, None))
            session.drafts.drop(name)
            return reference

        def work(opened: Opened) -> str:
            before = sheet.load(opened.case, ref) if sheet.load is not None else None
            number = sheet.save(opened, made(sheet, values, before), ref)
            opened.session.drafts.drop(name)
            return number

        self.child(QPushButton, "save").setEnabled(False)
        banner(self, "refused", "")
        if create is not None:
            self._desk.begin(begin, self._filed, self._failed)
        else:
            self._desk.do(self._reference, work, self._filed, self._failed)

    def _filed(self, number: str) -> None:
        self._typed = False
        self._clear()
        self.saved.emit(number)

    def _came(self, sheet: Sheet, begun: _Begun) -> None:
        if sheet is not self._sheet:  # another was asked for meanwhile
            return
        form = RecordForm(sheet.form, begun.asked)
        form.show_record(begun.before)
        form.fill(begun.begins)
        self._adviser = begun.adviser
        if begun.draft is not None:
            form.show_record(drafting.from_body(begun.draft.body))
            banner(self, "kept", tr("You typed this before and did not save it. It was kept sealed on this computer."))
            self._typed = True
        self._form = form
        self._column.addWidget(form)
        self._column.addStretch(1)
        form.changed.connect(self._changed)
        self._beside(sheet)
        self._theme.dress(self)
        self._told()
        self.child(QScrollArea, "scroll").verticalScrollBar().setValue(0)
        form.begin()

    def _beside(self, sheet: Sheet) -> None:
        """What stands beside the form of this sheet."""
        if self._pane is not None:
            self._pane.hide()
            self._pane.deleteLater()
            self._pane = None
        if sheet.pane is not None:
            self._pane = sheet.pane(self._desk, self._theme)
            self._pane.picked.connect(self._picked)
            self._side.addWidget(self._pane)
            self._pane.start(self._reference)
        self.child(QWidget, "beside").setVisible(self._pane is not None)

    def _picked(self, key: str, value: object) -> None:
        if self._form is not None:
            self._form.add(key, value)

    def _changed(self) -> None:
        self._typed = True
        self._rest.start()
        self._told()

    def _told(self) -> None:
        missing, values = (self._form.missing(), self._form.values()) if self._form is not None else ([], {})
        advice = self._adviser(values)
        missing = [*missing, *advice.missing]
        banner(self, "heed", "\n".join(advice.remarks))
        if self._pane is not None:
            self._pane.heed(values)
        told = "; ".join(missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
        text = tr("Still missing ({n}): {fields}").format(n=len(missing), fields=told)
        self.child(QLabel, "missing").setText(text if missing else tr("Everything that is needed is filled in."))
        self.child(QPushButton, "save").setEnabled(not missing)

    def _failed(self, error: VaultError) -> None:
        if self._form is not None:
            self.child(QPushButton, "save").setEnabled(True)
            if isinstance(error, FormError) and self._form.mark(error.path, error.why):
                return
        banner(self, "refused", error.sentence)

    def _clear(self) -> None:
        self._form, self._adviser = None, no_advice
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
