"""From a tool on a page to a mark in the plan: a reason is asked for where none is chosen; nothing drawn is lost."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel

from evidencevault.desktop import redact_tools, redact_work
from evidencevault.desktop.forms import Form
from evidencevault.desktop.redact_bench import Bench
from evidencevault.desktop.redact_canvas import RedactCanvas
from evidencevault.desktop.redact_toolbar import Toolbar
from evidencevault.desktop.redact_tools import Placed
from evidencevault.desktop.screen import banner
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Span
from evidencevault.resources import tr


class Marking(QObject):
    """Drives canvas and tools of a form; every mark becomes an act of the bench."""

    def __init__(self, form: Form, bench: Bench, canvas: RedactCanvas, tools: Toolbar) -> None:
        super().__init__(form)
        self._form, self._bench, self._canvas, self._tools = form, bench, canvas, tools
        self._on_the_way: list[Placed] = []
        self._without_reason: list[Placed | Wanted] = []
        canvas.placed.connect(self._place)
        canvas.removing.connect(self.remove)
        canvas.tool_wanted.connect(tools.choose_tool)
        tools.tool.connect(self._use)
        tools.reasoned.connect(self._reasoned)
        tools.undo.connect(bench.undo)
        tools.redo.connect(bench.redo)
        bench.settled.connect(self._settled)

    def forget(self) -> None:
        """Another exhibit."""
        self._on_the_way.clear()
        self._without_reason.clear()
        self._show_waiting()

    def mark(self, wanted: Wanted, reason: str = "") -> None:
        """Mark what is wanted, for the reason chosen above the pages where none is given."""
        if not (reason or self._tools.reason):
            self._ask(wanted)
            return
        banner(self._form, "trouble", "")
        finder = self._bench.ready.finder if self._bench.ready is not None else None
        self._bench.act(redact_work.mark(self._bench.number, wanted, reason or self._tools.reason, finder))

    def silence(self, span: Span) -> None:
        """Silence a stretch of a recording."""
        self.mark(Wanted(spans=((span, None),)))

    def remove(self, mark_id: str) -> None:
        """Take a mark away; the toast offers to bring it back."""
        view = self._bench.view
        page = next((one.page for one in view.marks if one.id == mark_id), 0) if view is not None else 0
        if page:
            self._bench.act(redact_work.remove(self._bench.number, mark_id, page))

    def give_reason(self, mark_id: str, code: str) -> None:
        """Another reason for a mark."""
        view = self._bench.view
        page = next((one.page for one in view.marks if one.id == mark_id), 0) if view is not None else 0
        if page:
            self._bench.act(redact_work.give_reason(self._bench.number, mark_id, code, page))

    def _use(self, tool: str) -> None:
        self._canvas.use(tool)
        self._hint(redact_tools.said(tool))

    def _place(self, placed: Placed) -> None:
        if not self._tools.reason:
            self._ask(placed)
            return
        self._on_the_way.append(placed)
        self._show_waiting()
        self.mark(redact_tools.wanted(placed))

    def _ask(self, what: Placed | Wanted) -> None:
        self._without_reason.append(what)
        self._show_waiting()
        self._hint(tr("Why is it hidden? Choose a reason above, then it is marked."))
        self._tools.ask_reason()

    def _reasoned(self) -> None:
        waiting, self._without_reason = self._without_reason, []
        for one in waiting:
            self._place(one) if isinstance(one, Placed) else self.mark(one)
        if waiting:
            self._use(self._canvas.tool)
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settled(self) -> None:
        del self._on_the_way[:1]
        self._show_waiting()

    def _show_waiting(self) -> None:
        drawn = [one for one in self._without_reason if isinstance(one, Placed)]
        self._canvas.show_waiting([*self._on_the_way, *drawn])

    def _hint(self, text: str) -> None:
        self._form.child(QLabel, "hint").setText(text)
