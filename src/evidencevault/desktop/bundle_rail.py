"""The frame around the assistant's forms: the steps at its side, and below what is missing with the way on and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelection, QObject, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListView, QPushButton, QWidget

from evidencevault.desktop import bundle_rows, bundle_steps, scale
from evidencevault.desktop.bundle_delegates import StepDelegate
from evidencevault.desktop.bundle_known import Known
from evidencevault.desktop.bundle_rows import StepRow
from evidencevault.desktop.bundle_steps import Choice, Lack, Step
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.table import ROW, Rows, choose
from evidencevault.resources import tr

NARROW, WIDE = 60, 214  # px at 100 %
_NAMED = 3  # missing things that are named; the others are counted


class Rail(QObject):
    """Drives ``steps``, ``missing``, ``back`` and ``next`` of a form. ``chosen`` carries the step to go to."""

    chosen = Signal(object)

    def __init__(self, form: Form, theme: Theme) -> None:
        super().__init__(form)
        self._frame = form.child(QFrame, "rail")
        self._view, self._model = form.child(QListView, "steps"), Rows[StepRow]()
        self._missing = form.child(QLabel, "missing")
        self._back, self._next = form.child(QPushButton, "back"), form.child(QPushButton, "next")
        self._view.setModel(self._model)
        self._view.setItemDelegate(StepDelegate(theme, self._view))
        self._view.selectionModel().selectionChanged.connect(self._stepped)
        self._quiet, self._step = False, Step.WHAT

    def narrow(self, narrow: bool) -> None:
        """With little room: the numbers of the steps alone."""
        self._frame.setFixedWidth(scale.px(NARROW if narrow else WIDE))

    def holds(self, now: QWidget | None) -> bool:
        """Whether the keyboard is on the steps."""
        return now is self._view

    def show_steps(
        self, step: Step, reached: Step, lacks: Sequence[tuple[Step, Lack]], told: Mapping[Step, str]
    ) -> None:
        """Where the person is, how far they were, what each step lacks, and what was chosen there."""
        self._step, self._quiet = step, True
        missing = [where for where, _ in lacks]
        counts = {one: missing.count(one) for one in Step}
        self._model.show(bundle_rows.step_rows(step, counts, reached, told))
        choose(self._view, self._model, step.name)
        self._quiet = False

    def show_foot(self, step: Step, lacks: Sequence[str], *, made: bool, busy: bool) -> None:
        """What this step lacks, and whether there is a way on and back."""
        named = ", ".join(lacks[:_NAMED]) + (" …" if len(lacks) > _NAMED else "")
        self._missing.setText(tr("Still missing: {what}").format(what=named) if lacks else "")
        self._next.setVisible(step != Step.RELEASE and (made or step != Step.MAKE))
        self._next.setText(tr("To the release") if made else tr("Next"))
        self._next.setAccessibleName(self._next.text())
        self._next.setEnabled(not busy)
        self._back.setVisible(not made)
        self._back.setEnabled(step > Step.WHAT and not busy)

    def _stepped(self, selected: QItemSelection, _: QItemSelection) -> None:
        row: StepRow | None = selected.indexes()[0].data(ROW) if selected.indexes() else None
        if row is None or self._quiet:
            return
        if row.open:
            self.chosen.emit(Step[row.id])
        else:  # it cannot be gone to: stay
            self._quiet = True
            choose(self._view, self._model, self._step.name)
            self._quiet = False


def summary(known: Known, choice: Choice) -> str:
    """What goes, in figures."""
    rows = [
        bundle_rows.going_row(one, known.seen[one.exhibit], choice, bundle_steps.is_ready(choice, one))
        for one in known.standings
    ]
    return bundle_rows.counted(rows)
