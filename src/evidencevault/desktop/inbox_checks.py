"""The checks of a received bundle as they are passed; then what they prove, and whose key it was."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QLineEdit, QListView, QPlainTextEdit, QPushButton, QScrollArea

from evidencevault.bundle.checks import Check, Checked
from evidencevault.bundle.notes import Compared
from evidencevault.desktop import inbox_rows, scale, words
from evidencevault.desktop.delegates import CheckDelegate
from evidencevault.desktop.forms import Form
from evidencevault.desktop.importing import Card
from evidencevault.desktop.inbox_desk import Opened
from evidencevault.desktop.inbox_notes import Notepad
from evidencevault.desktop.inbox_rows import CheckRow
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import banner
from evidencevault.desktop.table import Rows
from evidencevault.errors import VaultError
from evidencevault.formats import fingerprints
from evidencevault.resources import tr


class InboxChecks(Form):
    """``again``: another key or file is to be tried; ``reading``: on to the documents; ``comparing``: with another.

    ``disclosing``: something that was opened for a court is to be checked.
    """

    again = Signal()
    reading = Signal()
    comparing = Signal()
    disclosing = Signal()

    def __init__(self, theme: Theme, notes: Notepad) -> None:
        super().__init__("inbox_checks")
        self._notes, self._passed = notes, list[Checked]()
        self._steps, self._model = self.child(QListView, "steps"), Rows[CheckRow]()
        self._steps.setModel(self._model)
        self._steps.setItemDelegate(CheckDelegate(theme, self._steps))
        self._card = Card(self, in_bytes=False)
        self._compared, self._whom = self.child(QCheckBox, "compared"), self.child(QLineEdit, "whom")
        self._text = self.child(QPlainTextEdit, "notes")
        self._key = ""
        self.child(QPushButton, "back").clicked.connect(self.again)
        self.child(QPushButton, "read").clicked.connect(self.reading)
        self.child(QPushButton, "earlier").clicked.connect(self.comparing)
        self.child(QPushButton, "disclosure").clicked.connect(self.disclosing)
        self._compared.toggled.connect(self._compare)
        self._whom.textEdited.connect(lambda _: self._compare())
        self._text.textChanged.connect(lambda: notes.write("", self._text.toPlainText()))
        notes.replaced.connect(self._noted)

    def begin(self, name: str, job: Job) -> None:
        """A bundle is being checked."""
        self.clear()
        self._say(tr("Checking the bundle"), words.isolated(words.one_line(name)))
        self._draw(inbox_rows.RUNS)
        self._card.follow(job, tr("Checking"))
        self._steps.setFocus()

    def passed(self, one: Checked) -> None:
        """One more check."""
        self._passed.append(one)
        self._draw(inbox_rows.RUNS)

    def failed(self, error: VaultError) -> None:
        """The check under way was not passed."""
        self._draw(inbox_rows.FAILED)
        self._say(tr("This bundle is not as it was made"), tr("Do not rely on it."))
        self._banner(
            f"{error.sentence}\n"
            + tr(
                "Nothing of it is shown, and nothing was written. Ask the sender for the file again and tell them what "
                "stands here. If it comes out the same, somebody may have changed it."
            )
        )
        self.child(QPushButton, "back").show()
        self.child(QPushButton, "back").setFocus()

    def whole(self, opened: Opened) -> None:
        """Everything was passed."""
        one = opened.received
        self._draw(inbox_rows.WAITS)
        self._say_whole()
        self._key = one.signer
        self.child(QLabel, "fingerprint").setText(words.line([one.signer]))
        self.child(QLabel, "words").setText(words.line([fingerprints.of_ssh(one.signer).words]))
        told = [
            tr("The files are those that the holder of this key released."),
            tr("The entries shown stand, in this order, in the sender's chain of custody."),
            tr("Where the SHA-256 of an original is disclosed, it is the one that was noted when it came in."),
        ]
        if one.stamped is not None:
            said = tr("A time stamp says that the chain had begun before {time}; verify/README tells how to check it.")
            told.append(said.format(time=words.isolated(words.one_line(one.stamped))))
        self.child(QLabel, "proves").setText("\n".join(told))
        self._text.setEnabled(opened.may_seal)
        if not opened.may_seal:
            self._text.setPlaceholderText(tr("This bundle was not encrypted: there is no key to seal notes with."))
        for name in ("compared", "whom"):
            self.child(QCheckBox if name == "compared" else QLineEdit, name).setEnabled(opened.may_seal)
        self.child(QFrame, "after").show()
        for name in ("earlier", "disclosure"):
            self.child(QPushButton, name).show()
        self.child(QPushButton, "read").setFocus()

    def compares(self, job: Job) -> None:
        """The bundle is being held against an earlier one."""
        self._against(inbox_rows.RUNS)
        self._say_whole()
        self._banner("")
        self.child(QPushButton, "earlier").setEnabled(False)
        self._card.follow(job, tr("Comparing"))
        self._steps.setFocus()

    def compared(self, bundle: str) -> None:
        """It continues that one ("": it is of the same moment)."""
        self._passed.append(Checked(Check.PREVIOUS, 1, said=(bundle,)))
        self._against("")

    def differs(self, error: VaultError) -> None:
        """It does not continue that one, though every file in it is as it was made."""
        self._against(inbox_rows.FAILED)
        self._say(tr("This bundle does not continue the earlier one"), tr("Do not rely on either of them."))
        self._banner(
            f"{error.sentence}\n"
            + tr(
                "Look whether both are of the same case. If they are, tell the sender what stands here, and keep both "
                "files as they are."
            )
        )

    def not_compared(self, sentence: str) -> None:
        """The earlier one could not be read, or it was stopped (no sentence)."""
        self._against("")
        if sentence:
            self._banner(tr("The earlier bundle could not be read, so nothing was compared.") + f"\n{sentence}")

    def _against(self, state: str) -> None:
        if state:
            self._passed = [one for one in self._passed if one.check is not Check.PREVIOUS]
        self._draw(inbox_rows.WAITS, state)
        self.child(QPushButton, "earlier").setEnabled(True)

    def clear(self) -> None:
        """Forget everything."""
        self._passed.clear()
        self._key = ""
        self._draw(inbox_rows.WAITS)
        self._say("", "")
        self._banner("")
        for button in ("back", "earlier", "disclosure"):
            self.child(QPushButton, button).hide()
        self.child(QFrame, "after").hide()
        for name in ("fingerprint", "words", "proves", "comparedOn"):
            self.child(QLabel, name).setText("")
        self.child(QScrollArea, "scroll").verticalScrollBar().setValue(0)

    def focus_first(self) -> None:
        """Give the keyboard to the list of checks."""
        self._steps.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _draw(self, then: str, against: str = "") -> None:
        rows = inbox_rows.check_rows(self._passed, then, against)
        self._model.show(rows)
        self._steps.setFixedHeight(scale.px(CheckDelegate.row_height) * len(rows))

    def _say_whole(self) -> None:
        self._say(tr("This bundle is whole"), tr("Compare the key before you rely on who made it."))

    def _say(self, heading: str, sub: str) -> None:
        self.child(QLabel, "heading").setText(heading)
        self.child(QLabel, "sub").setText(sub)

    def _banner(self, text: str) -> None:
        banner(self, "problem", text)

    def _compare(self) -> None:
        self.child(QLabel, "comparedOn").setText("")
        if not self._compared.isChecked():
            self._notes.compare(None)
            return
        now = datetime.now().astimezone().isoformat(timespec="minutes")
        self._notes.compare(Compared(self._key, self._whom.text().strip(), now))
        self._dated(self._notes.compared)

    def _noted(self) -> None:
        """Notes came from a file, or were forgotten."""
        said = self._notes.compared
        same = said is not None and (not self._key or said.key == self._key)
        for one in (self._compared, self._whom, self._text):
            one.blockSignals(True)
        self._compared.setChecked(said is not None and same)
        self._whom.setText(said.whom if said is not None and same else "")
        self._text.setPlainText(self._notes.text(""))
        for one in (self._compared, self._whom, self._text):
            one.blockSignals(False)
        self._dated(said if same else None)

    def _dated(self, said: Compared | None) -> None:
        told = ""
        if said is not None:
            whom = words.isolated(words.one_line(said.whom) or tr("somebody not named"))
            told = tr("Compared with {whom} on {when}. Save the notes to keep this.").format(
                whom=whom, when=words.isolated(words.one_line(said.on))
            )
        self.child(QLabel, "comparedOn").setText(told)
