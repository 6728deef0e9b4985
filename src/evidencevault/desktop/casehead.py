"""What stands above every screen of an opened case: which it is, what is due next, whose voice waits."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from evidencevault.desktop import words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.rows import CaseRow
from evidencevault.resources import tr


class CaseHeadBar(Form):
    """Filled anew whenever the case changes; not shown while no case is open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("casehead", parent)
        self.hide()

    def show_row(self, row: CaseRow) -> None:
        """Show one case."""
        self.child(QLabel, "reference").setText(row.id)
        self.child(QLabel, "title").setText(words.line([row.title]))
        for name, text, tone in (("severity", row.severity, row.tone), ("state", row.state, "accent")):
            self._tone(name, text, "chip", tone)
        self._tone("due", row.due or tr("Nothing is due"), "role", "overdue" if row.overdue else "muted")
        voices = tr("Voices without an answer: {n}").format(n=row.unanswered)
        text = voices if row.unanswered else tr("Every voice was answered")
        self._tone("voices", text, "role", "waiting" if row.unanswered else "muted")

    def _tone(self, name: str, text: str, kind: str, tone: str) -> None:
        label = self.child(QLabel, name)
        label.setText(text)
        label.setProperty(kind, tone)
        label.style().polish(label)
