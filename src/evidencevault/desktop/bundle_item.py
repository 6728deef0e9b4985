"""How one exhibit (or several) goes into a bundle: its state, who is waited for, and the ways it may go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QRadioButton, QStackedWidget, QWidget

from evidencevault.bundle.readiness import APPROVED, THING, UNSEEN, Standing
from evidencevault.desktop import words
from evidencevault.desktop.bundle_rows import reason
from evidencevault.desktop.bundle_steps import (
    COPY,
    ORIGINAL,
    OUT,
    PERSON,
    WITH_BASIS,
    WITHHELD,
    Choice,
    Going,
    is_ready,
)
from evidencevault.desktop.forms import Form
from evidencevault.desktop.recipient import dye
from evidencevault.resources import tr

ITEM, NOTHING = range(2)
REDACTIONS = "redactions"


class BundleItem(Form):
    """``treated`` carries how what is shown goes from now on; ``wanted`` the screen where it is worked on."""

    treated = Signal(object)
    based = Signal(str)
    wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("bundle_item")
        self._items: list[Standing] = []
        self._choice = Choice()
        self._views = self.child(QStackedWidget, "views")
        self._ways = {one: self.child(QRadioButton, one) for one in (COPY, WITHHELD, ORIGINAL, OUT)}
        for how, button in self._ways.items():
            button.clicked.connect(lambda _=False, how=how: self._way(how))
        self._reason, self._basis = self.child(QComboBox, "reason"), self.child(QLineEdit, "basisText")
        self._reason.activated.connect(lambda _: self._way(WITHHELD))
        self._basis.textEdited.connect(self.based)
        self.child(QPushButton, "go").clicked.connect(self._go)
        self.child(QLabel, "rightTitle").setText(tr("Choose an evidence item"))
        self.child(QLabel, "rightText").setText(tr("Space puts it in or takes it out; several can be chosen at once."))
        self._views.setCurrentIndex(NOTHING)

    def offer(self, reasons: Sequence[str]) -> None:
        """The reasons for which something may be withheld."""
        if [self._reason.itemData(n) for n in range(self._reason.count())] != [*reasons]:
            self._reason.clear()
            for code in reasons:
                self._reason.addItem(reason(code), code)
            self._reason.setPlaceholderText(tr("Choose why"))
            self._reason.setCurrentIndex(-1)

    def show_items(self, items: Sequence[Standing], choice: Choice) -> None:
        """One exhibit, or several that are treated alike."""
        self._items, self._choice = [*items], choice
        self._views.setCurrentIndex(ITEM if items else NOTHING)
        if not items:
            return
        one, going = items[0], [choice.going(each.exhibit) for each in items]
        several = len(items) > 1
        name = tr("{n} evidence items").format(n=len(items)) if several else words.isolated(words.one_line(one.name))
        self.child(QLabel, "name").setText(name)
        about = [each.exhibit for each in items[:12]] if several else [one.exhibit, _about(one)]
        self.child(QLabel, "about").setText(words.line(about) + (" …" if len(items) > 12 else ""))
        for how, button in self._ways.items():
            button.setAutoExclusive(False)  # else the last one checked could not be unchecked
            button.setChecked({each.how for each in going} == {how})
            button.setAutoExclusive(True)
        self._ways[COPY].setEnabled(any(each.ready or choice.going(each.exhibit).how == COPY for each in items))
        self._ways[ORIGINAL].setEnabled(choice.mode != PERSON and all(each.state != THING for each in items))
        self._show_reason(going)
        bare = [each for each in items if each.bare and choice.going(each.exhibit).how == ORIGINAL]
        self.child(QWidget, "bare").setVisible(bool(bare))
        self.child(QLabel, "bareText").setText(_bare(bare) if bare else "")
        self._show_state()

    def wait_for(self, exhibit: str, names: Sequence[str]) -> None:
        """Who may approve the plan of an exhibit."""
        if len(self._items) == 1 and self._items[0].exhibit == exhibit and not self.child(QPushButton, "go").isHidden():
            said = tr("Its marks wait for approval by {names}.").format(names=words.isolated(", ".join(names)))
            nobody = tr("Its marks wait for approval, but nobody else who may approve holds this case.")
            self.child(QLabel, "stateText").setText(said if names else nobody)

    def focus_first(self) -> bool:
        """Give the keyboard to how it goes; False where nothing is shown."""
        if self._views.currentIndex() != ITEM:
            return False
        next((one for one in self._ways.values() if one.isChecked()), self._ways[OUT]).setFocus()
        return True

    def _show_reason(self, going: Sequence[Going]) -> None:
        held = all(one.how == WITHHELD for one in going)
        codes = {one.reason for one in going}
        self.child(QWidget, "why").setVisible(held)
        self._reason.setCurrentIndex(self._reason.findData(next(iter(codes))) if len(codes) == 1 else -1)
        self.child(QWidget, "basis").setVisible(held and bool(codes & WITH_BASIS))
        if self._basis.text() != self._choice.basis:
            self._basis.setText(self._choice.basis)

    def _show_state(self) -> None:
        one, choice = self._items[0], self._choice
        several, going = len(self._items) > 1, choice.going(self._items[0].exhibit)
        text, tone = _state(one, choice)
        chip = self.child(QLabel, "chip")
        words_of = {"good": tr("Ready"), "warn": tr("Not ready"), "bad": tr("Not ready"), "plain": tr("Not in it")}
        chip.setText(words_of[tone])
        dye(chip, tone)
        chip.setVisible(not several)
        frame = self.child(QFrame, "state")
        frame.setVisible(not several and bool(text))
        frame.setProperty("banner", tone if tone != "plain" else "")
        self.child(QLabel, "stateText").setText(text)
        self.child(QPushButton, "go").setVisible(going.how == COPY and not one.ready)
        for each in (frame, *frame.findChildren(QLabel)):
            each.style().unpolish(each)
            each.style().polish(each)

    def _go(self) -> None:
        if self._items:
            self.wanted.emit(REDACTIONS, self._items[0].exhibit)

    def _way(self, how: str) -> None:
        if how != WITHHELD:
            self.treated.emit(Going(how))
            return
        code = self._reason.currentData() if self._reason.currentIndex() >= 0 else ""
        was = {self._choice.going(one.exhibit).how for one in self._items}
        if was != {WITHHELD}:
            code = _likely(self._items)
        self.treated.emit(Going(WITHHELD, code or ""))


def _likely(items: Sequence[Standing]) -> str:
    """What is noted as privileged is withheld for that."""
    return "privilege" if all(one.privileged for one in items) else ""


def _about(one: Standing) -> str:
    told = [tr("restricted") if one.restricted else "", tr("privileged") if one.privileged else ""]
    inside = tr("inside it: {inside}").format(inside=", ".join(one.inside)) if one.inside else ""
    return words.line([*told, tr("part of {parent}").format(parent=one.parent) if one.parent else "", inside])


def _state(one: Standing, choice: Choice) -> tuple[str, str]:
    """What there is to say of how it goes, and its tone."""
    going, ready = choice.going(one.exhibit), is_ready(choice, one)
    if not ready and going.how == OUT:
        return tr("It cannot be read whether this is about them. Look at it, and say whether it goes."), "warn"
    if going.how == OUT:
        return "", "plain"
    if going.how == WITHHELD:
        return ("", "good") if ready else (tr("Say why it is withheld; the receiver is told."), "warn")
    if going.how == ORIGINAL:
        return "", "good"
    if one.state == THING:
        return tr("It is a thing and no file: a slip sheet stands for it."), "good"
    if one.state == APPROVED:
        said = tr("Approved: {n} pages, {marks} marks.").format(n=one.pages, marks=one.marks)
        sheet = tr("Such a file cannot be redacted: a slip sheet stands for it.")
        return said if one.copied else sheet, "good"
    if one.state == UNSEEN:
        said = tr("Nobody has looked at it yet. Mark what must be hidden, or say that there is nothing to hide.")
        return said, "bad"
    if choice.mode == PERSON or choice.own_labels:
        return tr("The copy for this receiver waits for approval."), "warn"
    return tr("Its marks wait for approval."), "warn"


def _bare(items: Sequence[Standing]) -> str:
    inside = [number for one in items for number in one.inside]
    said = tr("Names and all else in it can be read. It takes a second member to release the bundle: not you alone.")
    more = " " + tr("With it goes what lies inside: {inside}.").format(inside=", ".join(inside))
    return said + (more if inside else "")
