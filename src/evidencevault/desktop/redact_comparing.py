"""Before and after: the redacted copy is made (or taken from its approval) and laid over the original."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QToolButton

from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.pages import of_case
from evidencevault.desktop.redact_approve import Copy, of_copy
from evidencevault.desktop.redact_bench import Bench
from evidencevault.desktop.redact_compare import CompareView
from evidencevault.desktop.redact_images import Images
from evidencevault.desktop.redact_rows import PlanView
from evidencevault.errors import VaultError
from evidencevault.resources import tr

MARKING, COMPARING, RECORDING = range(3)


class Comparing(QObject):
    """Drives the button ``compare`` of a form and its comparison. ``failed`` where a page of it cannot be shown."""

    failed = Signal(object)

    def __init__(self, form: Form, desk: Desk, bench: Bench, comparison: CompareView) -> None:
        super().__init__(form)
        self._form, self._desk, self._bench, self._comparison = form, desk, bench, comparison
        self._surfaces = form.child(QStackedWidget, "surfaces")
        self._button = form.child(QToolButton, "compare")
        self._images: list[Images] = []
        self._button.clicked.connect(self._toggled)
        form.child(QPushButton, "backToMarks").clicked.connect(self.end)
        bench.copied.connect(self._copied)
        bench.viewed.connect(self._viewed)
        bench.failed.connect(self._not_made)

    def end(self) -> None:
        """Back to the marks."""
        for one in self._images:
            one.close()
        self._images.clear()
        self._comparison.clear()
        self._button.setChecked(False)
        if self._surfaces.currentIndex() == COMPARING:
            self._surfaces.setCurrentIndex(MARKING)

    def begin(self) -> None:
        """Have the copy made, where it is not there yet."""
        self._button.setChecked(True)
        self._bench.make_copy("")

    def _toggled(self, on: bool) -> None:
        if on:
            self.begin()
        else:
            self.end()

    def _copied(self, copy: Copy) -> None:
        if not self._button.isChecked():  # it was given up meanwhile
            return
        bench, sizes = self._bench, self._bench.ready.sizes if self._bench.ready is not None else ()
        before, after = Images(of_case(self._desk)), Images(of_copy(self._desk, copy.data))
        for one in (before, after):
            one.open((bench.reference, bench.number, copy.pages, bench.purpose))
            one.failed.connect(self.failed)
        self._images = [before, after]
        page = self._form.child(CompareView, "comparison")
        self._surfaces.setCurrentIndex(COMPARING)
        page.show_both(sizes[: copy.pages], before, after)
        hint = tr("Drag the handle, or move it with the left and right arrows. {checked}").format(checked=copy.told)
        self._form.child(QLabel, "compareHint").setText(hint)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _viewed(self, _: PlanView) -> None:
        if self._bench.copy is None and self._surfaces.currentIndex() == COMPARING:
            self.end()  # the plan is another now

    def _not_made(self, _: VaultError) -> None:
        if self._surfaces.currentIndex() != COMPARING:
            self._button.setChecked(False)
