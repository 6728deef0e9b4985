"""The assistant for a new vault: one question a page. Nothing is written before the last one is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from evidencevault.bundle import share_page
from evidencevault.bundle.share_page import ShareSheet
from evidencevault.desktop import founding_steps as steps
from evidencevault.desktop import words
from evidencevault.desktop.forms import Form, child
from evidencevault.desktop.founding_check import CheckPage
from evidencevault.desktop.founding_office import OfficePage
from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_passphrase import PassphrasePage
from evidencevault.desktop.founding_person import PersonPage
from evidencevault.desktop.founding_place import PlacePage
from evidencevault.desktop.founding_policy import PolicyPage
from evidencevault.desktop.founding_shares import SharesPage
from evidencevault.desktop.founding_steps import Answers, Step
from evidencevault.desktop.jobs import Done, Lane
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import banner
from evidencevault.documents.workers import Workers
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.vault import shares
from evidencevault.vault.shares import Recovery


class FoundingScreen(Form):
    """``opened`` carries the session of the new vault."""

    opened = Signal(object)
    back = Signal()

    def __init__(self, lane: Lane, theme: Theme, *, unconfined: bool) -> None:
        super().__init__("founding")
        self._lane, self._unconfined = lane, unconfined
        self._answers, self._step = Answers(), Step.PLACE
        self._recovery: Recovery | None = None
        self._wish = 0  # counts the wishes for shares: only what was asked for last is shown
        self._shares, self._check = SharesPage(lambda: date.today().isoformat()), CheckPage()

        def beside(work: Callable[[], Any], done: Done) -> None:
            lane.submit(lambda _: work(), done)

        self._pages: tuple[FoundingPage, ...] = (
            PlacePage(),
            OfficePage(),
            PolicyPage(theme, beside),
            PersonPage(),
            PassphrasePage(beside),
            self._shares,
            self._check,
        )
        # In a layout, not a stack, which would be as high as its highest page and scroll where it need not.
        layout = child(self.child(QWidget, "pages"), QVBoxLayout, "among")
        self.child(QWidget, "aroundInside").setAutoFillBackground(False)  # a scroll area fills what it holds
        for page in self._pages:
            layout.addWidget(page)
            page.entered.connect(self._next)
        self._shares.wanted.connect(self._prepare)
        self._shares.saving.connect(self._save)
        for name, act in (
            ("next", self._next),
            ("previous", self._previous),
            ("cancel", self._cancel),
            ("leave", self.leave),
            ("stay", self._stay),
        ):
            self.child(QPushButton, name).clicked.connect(act)
        QShortcut(QKeySequence("Escape"), self, self._cancel)
        self.child(QProgressBar, "progress").setRange(0, len(Step))

    def start(self) -> None:
        """From the first question."""
        self._forget()
        self._busy(False)
        self._go(Step.PLACE)

    def leave(self) -> None:
        """Forget everything that was answered; nothing was written."""
        self._forget()
        self.back.emit()

    def say(self, sentence: str) -> None:
        """Why it does not go on."""
        banner(self, "problem", sentence)

    def _forget(self) -> None:
        self._answers, self._recovery = Answers(), None
        for page in self._pages:
            page.empty()

    def _go(self, step: Step) -> None:
        self._step = step
        self.say("")
        self.child(QFrame, "leaving").hide()
        self.child(QLabel, "title").setText(steps.title(step))
        self.child(QLabel, "count").setText(tr("Step {n} of {m}").format(n=step + 1, m=len(Step)))
        self.child(QProgressBar, "progress").setValue(step + 1)
        self.child(QPushButton, "previous").setVisible(step > Step.PLACE)
        last = step == Step.CHECK
        self.child(QPushButton, "next").setText(tr("Make the vault") if last else tr("Continue"))
        page = self._pages[step]
        if last and self._recovery is not None:
            self._check.ask_for(self._recovery)
        for one in self._pages:
            one.setVisible(one is page)
        self.child(QScrollArea, "around").verticalScrollBar().setValue(0)
        page.show_answers(self._answers)

    def _next(self) -> None:
        page = self._pages[self._step]
        answers = page.answered(self._answers)
        problem = page.problem() or steps.problem(self._step, answers)
        if problem:
            self.say(problem)
            return
        self._answers = answers
        if self._step == Step.CHECK:
            self._make()
        else:
            self._go(Step(self._step + 1))

    def _previous(self) -> None:
        if self._step > Step.PLACE:
            self._answers = self._pages[self._step].answered(self._answers)
            self._go(Step(self._step - 1))

    def _cancel(self) -> None:
        if self._step == Step.PLACE:
            self.leave()
            return
        said = (
            tr("No vault was made yet. Without it the shares that were printed or saved open nothing: destroy them.")
            if self._recovery is not None
            else tr("No vault was made yet. What you answered will be forgotten.")
        )
        self.say("")
        banner(self, "leaving", said)
        self.child(QPushButton, "stay").setFocus()

    def _stay(self) -> None:
        self.child(QFrame, "leaving").hide()
        self.child(QPushButton, "next").setFocus()

    def _prepare(self, needed: int, count: int) -> None:
        self._recovery = None
        self._wish += 1
        wish = self._wish

        def came(recovery: Recovery) -> None:
            if wish == self._wish:
                self._recovery = recovery
                self._shares.show_shares(recovery)

        self._lane.submit(lambda _: shares.prepare(needed, count), came, self._failed)

    def _save(self, sheet: ShareSheet, to: Path) -> None:
        unconfined = self._unconfined

        def work(_: object) -> None:
            share_page.save(Workers(unconfined=unconfined), sheet, to)

        self.say("")
        self._shares.said(tr("Saving …"))

        def saved(_: object) -> None:
            said = tr("Saved as {file}. Move it off this computer, to the one who keeps it.")
            self._shares.said(said.format(file=words.isolated(str(to))))

        def failed(error: VaultError) -> None:
            self._shares.said("")
            self.say(error.sentence)

        self._lane.submit(work, saved, failed)

    def _make(self) -> None:
        answers, recovery, unconfined = self._answers, self._recovery, self._unconfined
        if recovery is None:
            return
        self._busy(True)
        job = self._lane.submit(
            lambda _: steps.make(answers, recovery, unconfined=unconfined), self._made, self._failed
        )
        job.ended.connect(lambda: self._busy(False))

    def _made(self, session: object) -> None:
        self._forget()
        self.opened.emit(session)

    def _failed(self, error: VaultError) -> None:
        self.say(error.sentence)

    def _busy(self, busy: bool) -> None:
        self.child(QFrame, "card").setEnabled(not busy)
        if busy:
            self.child(QPushButton, "next").setText(tr("Making the vault …"))
