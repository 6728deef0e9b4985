"""Bringing evidence in: the sheet that asks where it comes from, the card that shows how far it is, what failed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from evidencevault.desktop import readers, words
from evidencevault.desktop.forms import Form, child, filling, load
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.errors import UsageError
from evidencevault.evidence.intake import Acquisition, Failure
from evidencevault.evidence.model import CUSTODY, METHODS, RELATIONS, Derivation, checked_time
from evidencevault.progress import State
from evidencevault.resources import tr

_TICK = 200  # ms


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the sheet was filled in with."""

    reference: str  # of the case for which it was asked
    paths: tuple[Path, ...]
    acquisition: Acquisition
    restricted: str | None
    derived_from: Derivation | None = None


class ImportSheet(QDialog):
    """Asks for the acquisition record of an import; ``filled`` carries it. A ``warning`` must be read first."""

    filled = Signal(object)

    def __init__(
        self, reference: str, paths: Sequence[Path], warning: str | None, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._reference, self._paths = reference, tuple(paths)
        self._form = load("importing", self)
        filling(self, self._form)
        self.setWindowTitle(tr("Import evidence"))
        child(self._form, QLabel, "case").setText(words.isolated(reference))
        theme.wear(self)
        self._fill(warning)
        child(self._form, QPushButton, "ok").clicked.connect(self._accepted)
        child(self._form, QPushButton, "cancel").clicked.connect(self.reject)
        self._text("source").textChanged.connect(self._checked)
        self._text("derivedFrom").textChanged.connect(self._derived)
        child(self._form, QCheckBox, "understood").toggled.connect(self._checked)
        self._checked()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as it needs to be and the screen allows (the rest scrolls); the first field has the keyboard."""
        content = child(self._form, QWidget, "content")
        wide = max(self.minimumSizeHint().width(), 640)
        rest = self._form.sizeHint().height() - child(self._form, QScrollArea, "scroll").sizeHint().height()
        room = self.screen().availableGeometry().height() - 60  # the frame of the window
        self.resize(wide, min(content.heightForWidth(wide) + rest, room))
        self._text("source").setFocus()
        super().showEvent(event)

    def _text(self, name: str) -> QLineEdit:
        return child(self._form, QLineEdit, name)

    def _choice(self, name: str) -> QComboBox:
        return child(self._form, QComboBox, name)

    def _fill(self, warning: str | None) -> None:
        folders = sum(path.is_dir() for path in self._paths)
        told = tr("Files: {files}, folders: {folders}. Folders are taken with all that is in them.")
        child(self._form, QLabel, "what").setText(told.format(files=len(self._paths) - folders, folders=folders))
        child(self._form, QListWidget, "paths").addItems(
            [words.isolated(words.one_line(str(path))) for path in self._paths]
        )
        for code in METHODS:
            self._choice("method").addItem(words.method(code), code)
        for code, said in relations().items():
            self._choice("relation").addItem(said, code)
        self._choice("custodyBefore").addItem(tr("nobody said"), None)
        for code, said in zip(CUSTODY, (tr("known"), tr("unknown")), strict=True):
            self._choice("custodyBefore").addItem(said, code)
        child(self._form, QFrame, "warning").setVisible(warning is not None)
        child(self._form, QLabel, "warningText").setText(warning or "")
        child(self._form, QCheckBox, "understood").setVisible(warning is not None)
        child(self._form, QCheckBox, "understood").setChecked(warning is None)
        self.setTabOrder(self._text("source"), self._text("acquiredBy"))

    def _derived(self, ref: str) -> None:
        self._choice("relation").setEnabled(bool(ref.strip()))
        self._text("madeBy").setEnabled(bool(ref.strip()))

    def _derivation(self) -> Derivation | None:
        ref = self._text("derivedFrom").text().strip().upper()
        by = self._text("madeBy").text().strip() or None
        return Derivation(ref, self._choice("relation").currentData(), by) if ref else None

    def _checked(self) -> None:
        ready = bool(self._text("source").text().strip()) and child(self._form, QCheckBox, "understood").isChecked()
        child(self._form, QPushButton, "ok").setEnabled(ready)

    def _accepted(self) -> None:
        said = {name: self._text(name).text().strip() or None for name in ("acquiredBy", "acquiredAt", "place")}
        more = {name: self._text(name).text().strip() or None for name in ("condition", "custodyKnown", "restricted")}
        try:
            checked_time(said["acquiredAt"], datetime.now(UTC).astimezone())
        except UsageError as error:
            child(self._form, QLabel, "problemText").setText(error.sentence)
            child(self._form, QFrame, "problem").show()
            self._text("acquiredAt").setFocus()
            return
        acquisition = Acquisition(
            source=self._text("source").text().strip(),
            acquired_at=said["acquiredAt"],
            acquired_by=said["acquiredBy"],
            place=said["place"],
            method=self._choice("method").currentData(),
            condition=more["condition"],
            custody_before=self._choice("custodyBefore").currentData(),
            custody_known=more["custodyKnown"],
        )
        self.accept()
        derived = self._derivation()
        self.filled.emit(Wanted(self._reference, self._paths, acquisition, more["restricted"], derived))


def relations() -> dict[str, str]:
    """What something may be of the item it was made from, in words."""
    said = (tr("translation"), tr("transcript"), tr("copy"), tr("part"))
    return dict(zip(RELATIONS, said, strict=True))


class Card(QObject):
    """Shows how far a job is: file, bytes, rate, time left, cancel."""

    def __init__(self, form: Form, *, in_bytes: bool, afterwards: str = "") -> None:
        """``afterwards`` is the title once every byte is counted and the job goes on."""
        super().__init__(form)
        self._afterwards = afterwards
        self._frame = form.child(QFrame, "card")
        self._title, self._count = form.child(QLabel, "cardTitle"), form.child(QLabel, "cardCount")
        self._bar = form.child(QProgressBar, "bar")
        self._file = form.form.findChild(QLabel, "cardFile")
        self._left = form.form.findChild(QLabel, "cardLeft")
        self._in_bytes = in_bytes
        self._jobs: list[tuple[Job, str]] = []  # the first is shown, the others wait for their turn
        self._begun = 0.0
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._draw)
        form.child(QToolButton, "cancel").clicked.connect(self._cancelled)

    def follow(self, job: Job, title: str) -> None:
        """Show a job until it has ended, after those that were given before."""
        self._jobs.append((job, title))
        if len(self._jobs) == 1:
            self._show_first()
        job.ended.connect(lambda: self._ended(job))

    def _show_first(self) -> None:
        self._title.setText(self._jobs[0][1])
        self._begun = time.monotonic()
        self._draw()
        self._frame.show()
        self._tick.start()

    def _draw(self) -> None:
        if not self._jobs:
            return
        progress = self._jobs[0][0].progress
        state = progress.state
        reading = self._in_bytes and state.total and state.done >= state.total and not progress.stopping
        if reading and self._afterwards:
            self._title.setText(self._afterwards)
        if state.total and not reading:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * min(state.done, state.total) / state.total))
        else:
            self._bar.setRange(0, 0)
        self._count.setText(self._counted(state))
        if self._file is not None:
            self._file.setText(words.isolated(words.one_line(state.said)) if state.said else "")
        if self._left is not None:
            self._left.setText(self._time_left(state))

    def _counted(self, state: State) -> str:
        if not state.total:
            return ""
        if self._in_bytes:
            return f"{words.isolated(words.size(state.done))} / {words.isolated(words.size(state.total))}"
        return f"{state.done} / {state.total}"

    def _time_left(self, state: State) -> str:
        spent = time.monotonic() - self._begun
        if spent < 1 or not state.done or state.done >= state.total:
            return ""
        rate = state.done / spent
        left = words.duration((state.total - state.done) / rate)
        return f"{words.isolated(words.size(round(rate)) + '/s')}  ·  {left}" if self._in_bytes else left

    def _cancelled(self) -> None:
        if self._jobs:
            self._jobs[0][0].cancel()
            self._title.setText(tr("Stopping …"))

    def _ended(self, job: Job) -> None:
        self._jobs = [one for one in self._jobs if one[0] is not job]
        if self._jobs:
            self._show_first()
        else:
            self._tick.stop()
            self._frame.hide()


class Failures(QDialog):
    """What was not brought in, each with its reason."""

    def __init__(self, failed: Sequence[Failure], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        form = load("failures", self)
        filling(self, form)
        self.setWindowTitle(tr("Not brought in"))
        theme.wear(self)
        child(form, QLabel, "title").setText(tr("Not brought in: {n}").format(n=len(failed)))
        shown = child(form, QTextBrowser, "list")
        readers.prepare(shown, theme.tokens)
        shown.setHtml("".join(_failure(one) for one in failed))
        child(form, QPushButton, "close").clicked.connect(self.accept)


def _failure(one: Failure) -> str:
    name, reason = readers.escaped(words.one_line(one.path)), readers.escaped(one.reason)
    return f"<p><b>{name}</b><br/><span class='bad'>{reason}</span></p>"
