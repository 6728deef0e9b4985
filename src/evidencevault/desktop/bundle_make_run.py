"""Fifth step of a bundle: it is made, attacked like a stranger would, and what came of that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from evidencevault.bundle import assembly, leakcheck
from evidencevault.bundle.assembly import Selection
from evidencevault.bundle.stages import MAKING
from evidencevault.desktop import words
from evidencevault.desktop.bundle_reader import crossed, leak_lines, unchecked
from evidencevault.desktop.bundle_working import Working
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.redaction.attacking import Leaking
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle that was made: what its leak check says, and what its maker should know."""

    number: str
    report: tuple[str, ...]
    warnings: tuple[str, ...]


def make(opened: Opened, selection: Selection) -> Made:
    """Make it. Raises as ``assembly.create``."""
    order = assembly.create(opened.case, opened.workers, selection, opened.progress)
    copies = leakcheck.copies_of(opened.case, order)
    return Made(order.number, tuple(leak_lines(copies, order)), (*crossed(opened.case, order), *unchecked(order)))


class BundleMakeRun(Form):
    """``making`` is sent when the person says so."""

    making = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("bundle_make_run")
        self._working = Working(self, theme, MAKING)
        self.child(QPushButton, "make").clicked.connect(self.making)

    @property
    def busy(self) -> bool:
        """Whether it is being made."""
        return self._working.busy

    def show_choice(self, what: str, whom: Sequence[str], why: Sequence[str], *, may: bool) -> None:
        """What is about to be made; ``may`` where nothing is missing."""
        for name, text in (
            ("what", what),
            ("whom", tr("For {whom}").format(whom=words.isolated(", ".join(whom)))),
            ("why", words.line([words.one_line(one) for one in why])),
        ):
            self.child(QLabel, name).setText(text)
        self.child(QPushButton, "make").setEnabled(may and not self.busy)

    def clear(self) -> None:
        """As before anything was made."""
        self._working.clear()
        self.child(QWidget, "begin").show()
        for name in ("good", "bad", "warned"):
            banner(self, name, "")
        self.child(QLabel, "report").setText("")

    def follow(self, job: Job) -> None:
        """It is being made."""
        self.clear()
        self.child(QPushButton, "make").setEnabled(False)
        self._working.follow(job, tr("Making the bundle"))

    def made(self, done: Made) -> None:
        """It was made, and nothing was found."""
        self._working.ended(well=True)
        self.child(QWidget, "begin").hide()
        said = tr("{bundle} is made. {result}").format(bundle=done.number, result=done.report[0])
        banner(self, "good", said)
        banner(self, "warned", "\n".join(done.warnings))
        self.child(QLabel, "report").setText("\n".join(done.report[1:]))

    def failed(self, error: VaultError) -> None:
        """It was not made; what the leak check found is named, file by file."""
        self._working.ended(well=False)
        text = error.sentence
        if isinstance(error, Leaking):
            head = tr("The leak check found something. Nothing was made, and nothing has left. Look at each of these:")
            found = [f"• {words.line([one.file, one.where, one.what])}" for one in error.finds]
            text = "\n".join([head, *found])
        banner(self, "bad", text)
        self.child(QPushButton, "make").setEnabled(True)

    def stopped(self) -> None:
        """Somebody stopped it."""
        self._working.ended(well=False)
        banner(self, "bad", tr("Stopped. Nothing was made."))
        self.child(QPushButton, "make").setEnabled(True)

    def focus_first(self) -> None:
        """Give the keyboard to the button."""
        self.child(QPushButton, "make").setFocus()
