"""Third step of a bundle: what it is for, on which legal basis, and how its documents are numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from evidencevault.desktop import words
from evidencevault.desktop.bundle_steps import Choice
from evidencevault.desktop.forms import Form
from evidencevault.resources import tr


class BundleMakeWhy(Form):
    """``chose`` carries another choice."""

    chose = Signal(object)

    def __init__(self) -> None:
        super().__init__("bundle_make_why")
        self._choice = Choice()
        self._usual = ""
        self._purpose, self._prefix = self.child(QLineEdit, "purpose"), self.child(QLineEdit, "prefix")
        self._basis = self.child(QComboBox, "legalBasis")
        self._basis.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._purpose.textEdited.connect(lambda text: self._changed(purpose=text))
        self._prefix.textEdited.connect(lambda text: self._changed(prefix=text.upper()))
        self._basis.currentTextChanged.connect(lambda text: self._changed(legal_basis=text))

    def offer(self, bases: Sequence[str], prefix: str) -> None:
        """Legal bases that are likely here, and how documents of this case are numbered by themselves."""
        self._usual = prefix
        self._prefix.setPlaceholderText(prefix)
        listed = [*dict.fromkeys([*bases, *_likely()])]
        if [self._basis.itemText(n) for n in range(self._basis.count())] != listed:
            self._basis.blockSignals(True)
            self._basis.clear()
            self._basis.addItems(listed)
            self._basis.setCurrentText(self._choice.legal_basis)
            self._basis.blockSignals(False)

    def show_choice(self, choice: Choice) -> None:
        """Everything anew."""
        self._choice = choice
        self._basis.blockSignals(True)
        if self._basis.currentText() != choice.legal_basis:
            self._basis.setCurrentText(choice.legal_basis)
        self._basis.blockSignals(False)
        for line, text in ((self._purpose, choice.purpose), (self._prefix, choice.prefix)):
            if line.text() != text:
                line.setText(text)
        first = words.isolated(f"{choice.prefix.strip() or self._usual}-000001")
        said = tr("Capital letters and digits. Pages are numbered {first} and so on, across all bundles of the case.")
        self.child(QLabel, "numbers").setText(said.format(first=first))

    def focus_first(self) -> None:
        """Give the keyboard to the purpose."""
        self._purpose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self, **more: str) -> None:
        choice = replace(self._choice, **more)  # type: ignore[arg-type]
        self.show_choice(choice)
        self.chose.emit(choice)


def _likely() -> list[str]:
    return [
        tr("GDPR art. 6(1)(c): a legal obligation"),
        tr("GDPR art. 6(1)(d): to protect somebody’s vital interests"),
        tr("GDPR art. 6(1)(f): legitimate interests"),
        tr("GDPR art. 9(2)(f): for legal claims"),
        tr("GDPR art. 15: a request for access"),
    ]
