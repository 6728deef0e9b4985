"""Work on a bundle as it goes on: its steps in a list, how far it is on a card, and a stop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QListView

from evidencevault.bundle.stages import Stage
from evidencevault.desktop import bundle_rows, scale
from evidencevault.desktop.bundle_rows import DONE, STOPPED, StageRow
from evidencevault.desktop.delegates import CheckDelegate
from evidencevault.desktop.forms import Form
from evidencevault.desktop.importing import Card
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.table import Rows

_TICK = 100  # ms


class Working(QObject):
    """Fills a form's list ``stages`` and its card."""

    def __init__(self, form: Form, theme: Theme, every: Sequence[Stage]) -> None:
        super().__init__(form)
        self._every = every
        self._view, self._model = form.child(QListView, "stages"), Rows[StageRow]()
        self._view.setModel(self._model)
        self._view.setItemDelegate(CheckDelegate(theme, self._view))
        self._view.setVisible(False)
        self._card = Card(form, in_bytes=False)
        self._job: Job | None = None
        self._said = ""
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._look)

    def follow(self, job: Job, title: str) -> None:
        """Show a work until it has ended."""
        self._job, self._said = job, ""
        self._card.follow(job, title)
        self._view.setVisible(True)
        self._tick.start()
        self._look()

    def ended(self, *, well: bool) -> None:
        """It has ended: everything is done, or the step under way was the last."""
        self._look()
        self._tick.stop()
        self._draw(DONE if well else STOPPED)
        self._job = None

    def clear(self) -> None:
        """Show nothing."""
        self._tick.stop()
        self._job = None
        self._view.setVisible(False)

    def stop(self) -> None:
        """Ask what is under way to stop."""
        if self._job is not None:
            self._job.cancel()

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._job is not None

    def _look(self) -> None:
        if self._job is not None:
            said = self._job.progress.state.said
            if said in {row.title for row in bundle_rows.stage_rows(self._every, "")} or not self._said:
                self._said = said
            self._draw("")

    def _draw(self, ended: str) -> None:
        rows = bundle_rows.stage_rows(self._every, self._said, ended)
        self._model.show(rows)
        self._view.setFixedHeight(scale.px(CheckDelegate.row_height) * len(rows))
