"""The panels beside the pages: which is shown, and what they ask of the bench."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QStackedWidget, QWidget

from evidencevault.desktop import redact_work, scale
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import Form, filling, in_turns
from evidencevault.desktop.look import Theme
from evidencevault.desktop.redact_approval import ApprovalPanel
from evidencevault.desktop.redact_approve import Asked
from evidencevault.desktop.redact_bench import Bench
from evidencevault.desktop.redact_canvas import RedactCanvas
from evidencevault.desktop.redact_find import FindPanel
from evidencevault.desktop.redact_hidden import HiddenPanel
from evidencevault.desktop.redact_hits import HitRow, Hits
from evidencevault.desktop.redact_marking import Marking
from evidencevault.desktop.redact_marks import MarksPanel
from evidencevault.desktop.redact_persons import PersonsPanel
from evidencevault.desktop.redact_rows import PlanView
from evidencevault.desktop.redact_work import Ready
from evidencevault.errors import VaultError
from evidencevault.redaction import measuring
from evidencevault.redaction.gaps import Figure
from evidencevault.redaction.marking import Wanted
from evidencevault.resources import tr

MARKS, FIND, PERSONS, HIDDEN, APPROVAL = range(5)
_TABS = ("tabMarks", "tabFind", "tabPersons", "tabHidden", "tabApproval")
_PLACES = ("marksPanel", "findPanel", "personsPanel", "hiddenPanel", "approvalPanel")


class Side(QObject):
    """``wanted`` as a screen sends it."""

    wanted = Signal(str, str)

    def __init__(self, form: Form, bench: Bench, canvas: RedactCanvas, marking: Marking, theme: Theme) -> None:
        super().__init__(form)
        self._form, self._bench, self._canvas, self._marking = form, bench, canvas, marking
        self._panels = form.child(QStackedWidget, "panels")
        self.marks, self.find, self.persons = MarksPanel(theme), FindPanel(theme), PersonsPanel(theme)
        self.hidden, self.approval = HiddenPanel(theme), ApprovalPanel()
        self._looked_unseen = False
        self._theme = theme
        self._hung: dict[int, QWidget] = {}
        self._hang(MARKS)
        in_turns(form, *(partial(self._hang, at) for at in range(FIND, APPROVAL + 1)))
        flow = FlowLayout(form.child(QWidget, "tabs"), 0)
        flow.setContentsMargins(scale.px(6), 0, scale.px(4), 0)
        for at, name in enumerate(_TABS):
            flow.addWidget(form.child(QPushButton, name))
            form.child(QPushButton, name).clicked.connect(lambda _=False, at=at: self.show_panel(at))
        self._wire()

    def _hang(self, at: int) -> None:
        """Put a panel in its place, unless it is there."""
        if at not in self._hung:
            panel = (self.marks, self.find, self.persons, self.hidden, self.approval)[at]
            self._hung[at] = panel
            filling(self._form.child(QWidget, _PLACES[at]), _scrolled(panel))
            self._theme.dress(panel)

    def clear(self) -> None:
        """Another exhibit."""
        self._looked_unseen = False
        self.find.clear(faces=False, may_mark=False)
        self.persons.allow(False)
        self.hidden.clear()
        self.approval.clear()
        self._canvas.scene.narrow = frozenset()
        self.show_panel(MARKS)

    def show_panel(self, at: int) -> None:
        """One of the panels; what the pages do not show is looked for when somebody wants to see it."""
        self._hang(at)
        self._form.child(QPushButton, _TABS[at]).setChecked(True)
        self._panels.setCurrentIndex(at)
        hints, chosen = self.find.hints() if at == FIND else ([], "")
        self._canvas.show_hints(hints, chosen)
        if at == HIDDEN and not self._looked_unseen and self._bench.ready is not None:
            self._looked_unseen = True
            self._bench.look_unseen()

    def show_approval(self) -> None:
        """Bring the person to the approval."""
        self.show_panel(APPROVAL)
        self.approval.child(QPushButton, "approve").setFocus(Qt.FocusReason.OtherFocusReason)

    def focus(self) -> None:
        """Give the keyboard to the panel that is shown."""
        at = self._panels.currentIndex()
        if at == MARKS and self._bench.view is not None and self._bench.view.marks:
            self.marks.focus_list()
        elif at == FIND:
            self.find.focus_list()
        else:
            self._form.child(QPushButton, _TABS[at]).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _wire(self) -> None:
        bench, marking = self._bench, self._marking
        bench.viewed.connect(self._viewed)
        bench.opened.connect(self._opened)
        bench.found.connect(self._found)
        bench.persons.connect(self.persons.show_persons)
        bench.hidden.connect(self.hidden.show_items)
        bench.hidden_failed.connect(self._hidden_failed)
        bench.widths.connect(self._measured)
        bench.settled.connect(lambda: self.approval.busy(False))
        self._canvas.chosen.connect(self.marks.choose)
        self.marks.chosen.connect(self._canvas.choose)
        self.marks.removing.connect(marking.remove)
        self.marks.reasoned.connect(marking.give_reason)
        self.find.looking.connect(lambda faces: bench.look(faces=faces))
        self.find.term.connect(lambda term: marking.mark(Wanted(terms=(term,))))
        self.find.accepted.connect(lambda chosen: bench.act(redact_work.accept(bench.number, chosen)))
        self.find.refused.connect(lambda chosen: bench.act(redact_work.refuse(bench.number, chosen)))
        self.find.pointed.connect(self._pointed)
        self.persons.marking.connect(self._mark_person)
        self.persons.wanted.connect(lambda: self.wanted.emit("persons", ""))
        for panel in (self.marks, self.approval):
            panel.nothing.connect(lambda: bench.act(redact_work.nothing_to_hide(bench.number)))
        self.approval.sending.connect(lambda: bench.act(redact_work.send(bench.number)))
        self.approval.measuring.connect(bench.measure)
        self.approval.approving.connect(self._approve)

    def _viewed(self, view: PlanView) -> None:
        self.marks.show_plan(view)
        self.approval.show_plan(view)
        count = f"  {len(view.marks)}" if view.marks else ""
        self._form.child(QPushButton, "tabMarks").setText(tr("Marks") + count)
        for name in ("tabFind", "tabPersons"):
            self._form.child(QPushButton, name).setEnabled(not view.recording)

    def _opened(self, ready: Ready) -> None:
        may_mark = self._bench.view is not None and self._bench.view.may_mark
        self.find.clear(faces=ready.faces, may_mark=may_mark)
        self.persons.allow(may_mark)

    def _found(self, hits: Hits) -> None:
        self.find.show_hits(hits)
        if self._panels.currentIndex() == FIND:
            self._canvas.show_hints(*self.find.hints())

    def _pointed(self, row: HitRow) -> None:
        self._canvas.show_hints(*self.find.hints())
        if row.boxes:
            self._canvas.point_at(row.page, row.boxes[0])

    def _mark_person(self, label: str, reason: str, widen: bool) -> None:
        self._marking.mark(Wanted(persons=(label,), widen=widen), reason)

    def _hidden_failed(self, error: VaultError) -> None:
        self.hidden.show_failure(error.sentence)

    def _measured(self, figures: Sequence[Figure]) -> None:
        view = self._bench.view
        pages = {one.id: one.page for one in view.marks} if view is not None else {}
        self.approval.show_widths(figures, pages)
        self._canvas.scene.narrow = frozenset(one.mark_id for one in figures if measuring.gives_away(one))
        self._canvas.viewport().update()

    def _approve(self, asked: Asked) -> None:
        self.approval.busy(True)
        self._bench.approve(asked)


def _scrolled(panel: QWidget) -> QScrollArea:
    """Where a panel finds too little height it scrolls; else its parts would lie over each other."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(panel)
    return area
