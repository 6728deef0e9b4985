"""Approval beside the pages: how far the plan is, who may approve, what the widths give away, and approving."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from evidencevault.desktop import redact_words, words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.redact_approve import METHODS, Asked, method
from evidencevault.desktop.redact_rows import PlanView
from evidencevault.redaction import standings
from evidencevault.redaction.gaps import Figure
from evidencevault.resources import tr


class ApprovalPanel(Form):
    """``approving`` carries what was asked (Asked); the others are the person's wish."""

    sending = Signal()
    nothing = Signal()
    measuring = Signal()
    approving = Signal(object)

    def __init__(self) -> None:
        super().__init__("redact_approval")
        self._view: PlanView | None = None
        self._busy = False
        part = self.child
        for code in METHODS:
            part(QComboBox, "method").addItem(method(code), code)
        part(QPushButton, "sendNow").clicked.connect(self.sending)
        part(QPushButton, "nothing").clicked.connect(self.nothing)
        part(QPushButton, "measure").clicked.connect(self.measuring)
        part(QPushButton, "approve").clicked.connect(self._approve)
        part(QLineEdit, "alone").textChanged.connect(self._checked)
        for name in ("alone", "narrow"):
            part(QLineEdit, name).returnPressed.connect(self._approve)

    def clear(self) -> None:
        """Another exhibit."""
        for name in ("alone", "narrow"):
            self.child(QLineEdit, name).clear()
        self.child(QLabel, "widths").setText("")

    def busy(self, busy: bool) -> None:
        """Whether a copy is being made."""
        self._busy = busy
        self._checked()

    @property
    def narrow_reason(self) -> str:
        """Why widths may stay that give a name away."""
        return self.child(QLineEdit, "narrow").text().strip()

    def show_plan(self, view: PlanView) -> None:
        """How far it is, and what can be done about it here."""
        changed = self._view is not None and self._view.revision != view.revision
        self._view = view
        if changed:
            self.child(QLabel, "widths").setText("")
        part, state = self.child, view.state
        part(QLabel, "where").setText(_where(view))
        part(QLabel, "what").setText(_what(view))
        tight = any(one.kind == "person" and not one.widened for one in view.marks)
        part(QPushButton, "measure").setVisible(tight)
        part(QWidget, "narrowPart").setVisible(tight)
        if not tight:
            part(QLabel, "widths").setText(tr("No name is marked just as wide as it is: there is nothing to measure."))
        ready = view.may_mark and state in (standings.DRAFT, standings.WAITING, standings.NOTHING)
        part(QWidget, "forAuthor").setVisible(view.may_mark and state != standings.APPROVED)
        part(QLabel, "approvers").setText(_approvers(view))
        part(QPushButton, "sendNow").setVisible(state in (standings.DRAFT, standings.NOTHING))
        part(QPushButton, "nothing").setVisible(state == standings.UNTOUCHED)
        part(QWidget, "forApprover").setVisible(ready and (not view.mine or view.alone))
        part(QWidget, "alonePart").setVisible(view.mine)
        part(QLabel, "approveHow").setText(
            tr("A copy is made in which the marked parts are gone, it is attacked, and you sign it.")
        )
        self._checked()

    def show_widths(self, figures: Sequence[Figure], pages: dict[str, int]) -> None:
        """What the widths give away, in words; ``pages`` of the marks by their numbers."""
        told = [redact_words.width(one, pages.get(one.mark_id, 0))[0] for one in figures]
        none = tr("No name is marked just as wide as it is: there is nothing to measure.")
        self.child(QLabel, "widths").setText("\n\n".join(told) or none)

    def _checked(self) -> None:
        view = self._view
        alone = self.child(QLineEdit, "alone").text().strip()
        self.child(QPushButton, "approve").setEnabled(
            view is not None and not self._busy and (not view.mine or bool(alone))
        )
        self.child(QPushButton, "sendNow").setEnabled(not self._busy)

    def _approve(self) -> None:
        if self._view is not None and self.child(QPushButton, "approve").isEnabled():
            alone = self.child(QLineEdit, "alone").text().strip() if self._view.mine else ""
            code = str(self.child(QComboBox, "method").currentData())
            self.approving.emit(Asked(code, alone, self.narrow_reason))


def _where(view: PlanView) -> str:
    return {
        standings.UNTOUCHED: tr("Nothing is marked yet"),
        standings.DRAFT: tr("A draft with {n} marks").format(n=len(view.marks)),
        standings.WAITING: tr("It waits for approval"),
        standings.NOTHING: tr("Reviewed, nothing to hide"),
        standings.APPROVED: tr("Approved"),
        standings.CANNOT: tr("It cannot be redacted"),
    }[view.state]


def _what(view: PlanView) -> str:
    approval = view.approval
    if approval is not None:
        checked = redact_words.checked(approval.report, approval.pages) if approval.report else ""
        return "\n".join(filter(None, [view.approved, checked]))
    if view.state == standings.UNTOUCHED:
        return tr("Mark what has to be hidden, or say that there is nothing to hide.")
    if view.mine:
        return tr("When everything is marked, send it. Any change afterwards takes that back.")
    return tr("Look at every page before and after, and at the reason of each mark. Then approve.")


def _approvers(view: PlanView) -> str:
    if not view.approvers:
        return tr("Nobody else of this case may approve. Give a legal adviser access to the case first.")
    names = ", ".join(words.isolated(one) for one in view.approvers)
    return tr("Who may approve: {names}").format(names=names)
