"""The recovery shares: how many, each shown once, on paper or as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton, QWidget

from evidencevault.bundle import share_page
from evidencevault.bundle.share_page import ShareSheet
from evidencevault.desktop import paper, words
from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers
from evidencevault.desktop.screen import banner
from evidencevault.resources import tr
from evidencevault.vault.shares import Recovery

COUNTS = range(2, 9)
_COLUMNS = 3


class SharesPage(FoundingPage):
    """``wanted`` asks for shares in these numbers, ``saving`` for a sheet as a file."""

    wanted = Signal(int, int)  # needed, of
    saving = Signal(object, object)

    def __init__(self, today: Callable[[], str]) -> None:
        super().__init__("founding_shares")
        self._today = today
        self._recovery: Recovery | None = None
        self._organisation = ""
        self._at, self._seen = 0, set[int]()
        self._count, self._needed = self.child(QComboBox, "count"), self.child(QComboBox, "needed")
        for n in COUNTS:
            self._count.addItem(str(n), n)
        self._count.activated.connect(lambda _: self._chosen())
        self._needed.activated.connect(lambda _: self._ask())
        self.child(QLabel, "words").setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for name, act in (
            ("previous", lambda: self._go(self._at - 1)),
            ("following", lambda: self._go(self._at + 1)),
            ("print", self._print),
            ("save", self._save),
        ):
            self.child(QPushButton, name).clicked.connect(act)

    def show_answers(self, answers: Answers) -> None:
        """The numbers chosen; the shares come when they are made."""
        self._organisation = answers.organisation
        self._count.setCurrentIndex(self._count.findData(answers.shares))
        self._fill_needed(answers.needed)
        self.said("")
        if self._recovery is None or (self._recovery.threshold, len(self._recovery.shares)) != (
            answers.needed,
            answers.shares,
        ):
            self._ask()
        self.child(QPushButton, "print").setFocus()

    def answered(self, answers: Answers) -> Answers:
        """With the numbers."""
        return replace(answers, shares=int(self._count.currentData()), needed=int(self._needed.currentData()))

    def problem(self) -> str:
        """Each share is to be looked at before going on."""
        if self._recovery is None:
            return tr("The shares are being made. A moment.")
        if len(self._seen) < len(self._recovery.shares):
            return tr("Print, save or write down every share first: {n} of {m} were shown.").format(
                n=len(self._seen), m=len(self._recovery.shares)
            )
        return ""

    def show_shares(self, recovery: Recovery) -> None:
        """The shares were made."""
        self._recovery = recovery
        self._seen = set()
        self.child(QWidget, "shown").setEnabled(True)
        self._go(0)

    def empty(self) -> None:
        """No share stays on the screen."""
        self._recovery = None
        self._seen = set()
        self.child(QLabel, "words").setText("")

    def said(self, sentence: str) -> None:
        """What became of a sheet."""
        banner(self, "notice", sentence)

    def _chosen(self) -> None:
        self._fill_needed(int(self._needed.currentData()))
        self._ask()

    def _fill_needed(self, wanted: int) -> None:
        count = int(self._count.currentData())
        self._needed.clear()
        for n in range(2, count + 1):
            self._needed.addItem(str(n), n)
        self._needed.setCurrentIndex(min(wanted, count) - 2)

    def _ask(self) -> None:
        self.empty()
        self.child(QWidget, "shown").setEnabled(False)
        self.wanted.emit(int(self._needed.currentData()), int(self._count.currentData()))

    def _go(self, at: int) -> None:
        if self._recovery is None or not 0 <= at < len(self._recovery.shares):
            return
        self._at = at
        self._seen.add(at)
        sheet = self._sheet(self._recovery)
        self.said("")
        self.child(QLabel, "which").setText(tr("Share {n} of {m}").format(n=sheet.number, m=sheet.of))
        label = self.child(QLabel, "words")
        label.setText(columns(sheet.words))
        label.setAccessibleName(sheet.words)
        self.child(QPushButton, "previous").setEnabled(at > 0)
        self.child(QPushButton, "following").setEnabled(at + 1 < sheet.of)

    def _sheet(self, recovery: Recovery) -> ShareSheet:
        return ShareSheet(
            recovery.shares[self._at],
            self._at + 1,
            len(recovery.shares),
            recovery.threshold,
            self._organisation,
            self._today(),
        )

    def _print(self) -> None:
        if self._recovery is not None and paper.printed(self, share_page.html(self._sheet(self._recovery))):
            self.said(tr("Sent to the printer. Take the sheet out at once."))

    def _save(self) -> None:
        if self._recovery is None:
            return
        sheet = self._sheet(self._recovery)
        offered = Path.home() / tr("recovery-share-{n}.pdf").format(n=sheet.number)
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save this share as PDF"), str(offered), options=QFileDialog.Option.DontConfirmOverwrite
        )
        if chosen:
            self.saving.emit(sheet, Path(chosen))


def columns(share: str) -> str:
    """The words of a share numbered, in three columns that are read downwards."""
    numbered = [f"{n:2d} {word:<10}" for n, word in enumerate(share.split(), 1)]
    height = -(-len(numbered) // _COLUMNS)
    lines = ["  ".join(numbered[n::height]).rstrip() for n in range(height)]
    return "\n".join(f"{words.ISOLATE}{line}{words.END}" if words.reads_from_right() else line for line in lines)
