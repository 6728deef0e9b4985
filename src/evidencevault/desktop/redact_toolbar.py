"""The tools above the pages: which tool, for which reason, back and forth, which page, how large."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton, QWidget

from evidencevault.desktop import scale
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import Form
from evidencevault.desktop.redact_canvas import RedactCanvas
from evidencevault.desktop.redact_roll import RollView
from evidencevault.desktop.redact_rows import PlanView
from evidencevault.desktop.redact_tools import BOX, TOOLS
from evidencevault.resources import tr


class Toolbar(Form):
    """``tool`` carries a tool; ``reasoned`` is sent when a reason was chosen."""

    tool = Signal(str)
    reasoned = Signal()
    undo = Signal()
    redo = Signal()

    def __init__(self) -> None:
        super().__init__("redact_toolbar")
        part = self.child
        outer = part(QWidget, "toolFlow")
        groups = [one for one in outer.children() if isinstance(one, QWidget)]
        flow = FlowLayout(outer, scale.px(12))
        for one in groups:
            flow.addWidget(one)
        self._reason = part(QComboBox, "reason")
        self._shown_reasons: tuple[tuple[str, str], ...] = ()
        self._reason.setPlaceholderText(tr("Choose a reason"))
        self._reason.currentIndexChanged.connect(self._chosen)
        for name in TOOLS:
            part(QToolButton, name).clicked.connect(lambda _=False, name=name: self.tool.emit(name))
        part(QToolButton, BOX).setChecked(True)
        part(QToolButton, "undo").clicked.connect(self.undo)
        part(QToolButton, "redo").clicked.connect(self.redo)

    def drive(self, canvas: RedactCanvas, comparison: RollView) -> None:
        """Let page and size follow the buttons, of whichever is seen."""

        def seen() -> RollView:
            return comparison if comparison.isVisible() else canvas

        part = self.child
        part(QToolButton, "previous").clicked.connect(lambda: seen().go_to(seen().page - 1))
        part(QToolButton, "next").clicked.connect(lambda: seen().go_to(seen().page + 1))
        part(QToolButton, "smaller").clicked.connect(lambda: seen().smaller())
        part(QToolButton, "larger").clicked.connect(lambda: seen().larger())
        part(QToolButton, "fit").clicked.connect(lambda: seen().set_zoom(1.0))
        part(QToolButton, "open").toggled.connect(canvas.see_through)
        for roll in (canvas, comparison):
            roll.zoomed.connect(self._zoomed)
            roll.page_changed.connect(lambda page, roll=roll: self.show_page(page, roll.roll.count))
        self._zoomed(1.0)

    def shortcuts(self) -> Sequence[tuple[str, Callable[[], object]]]:
        """Keys of these buttons, for whoever binds them."""
        keys = {"Ctrl+U": "open", "Ctrl++": "larger", "Ctrl+=": "larger", "Ctrl+-": "smaller", "Ctrl+0": "fit"}
        return [(one, self.child(QToolButton, name).click) for one, name in keys.items()]

    def choose_tool(self, tool: str) -> None:
        """Take a tool, as its button would."""
        self.child(QToolButton, tool).click()

    @property
    def reason(self) -> str:
        """The code that new marks get; empty where none is chosen yet."""
        return str(self._reason.currentData() or "")

    def ask_reason(self) -> None:
        """Bring the person to the reasons."""
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reason.showPopup()

    def show_plan(self, view: PlanView) -> None:
        """What can be done now."""
        if self._shown_reasons != view.reasons:
            chosen, self._shown_reasons = self.reason, view.reasons
            self._reason.blockSignals(True)
            self._reason.clear()
            for code, told in view.reasons:
                self._reason.addItem(f"{told} ({code})", code)
            self._reason.setCurrentIndex(self._reason.findData(chosen) if chosen else -1)
            self._reason.blockSignals(False)
        marking = view.may_mark
        for name in (*TOOLS, "reason"):
            self.child(QWidget, name).setEnabled(marking)
        self.child(QToolButton, "undo").setEnabled(marking and view.may_undo)
        self.child(QToolButton, "redo").setEnabled(marking and view.may_redo)

    def show_page(self, page: int, pages: int) -> None:
        """Where the reader is."""
        label = tr("Page {n} of {all}").format(n=page, all=pages) if pages else ""
        self.child(QLabel, "pageLabel").setText(label)
        self.child(QToolButton, "previous").setEnabled(page > 1)
        self.child(QToolButton, "next").setEnabled(page < pages)

    def for_pages(self, on: bool) -> None:
        """Whether there are pages at all: a recording has none."""
        for name in (*TOOLS, "open", "previous", "pageLabel", "next", "smaller", "zoom", "larger", "fit"):
            self.child(QWidget, name).setVisible(on)

    def _chosen(self, index: int) -> None:
        if index >= 0:
            self.reasoned.emit()

    def _zoomed(self, zoom: float) -> None:
        self.child(QLabel, "zoom").setText(f"{round(zoom * 100)} %")
