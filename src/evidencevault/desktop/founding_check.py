"""One share typed back from the paper: what was printed wrongly is found out now, not when it is needed."""

from __future__ import annotations

import secrets

from PySide6.QtWidgets import QLabel, QPlainTextEdit

from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers
from evidencevault.resources import tr
from evidencevault.vault import shares
from evidencevault.vault.shares import Recovery


class CheckPage(FoundingPage):
    """Which share is asked for is drawn at random."""

    def __init__(self) -> None:
        super().__init__("founding_check")
        self._words: tuple[str, ...] = ()
        self._share = self.child(QPlainTextEdit, "share")

    def ask_for(self, recovery: Recovery) -> None:
        """Draw one of these shares."""
        number = secrets.randbelow(len(recovery.shares))
        self._words = tuple(recovery.shares[number].split())
        said = tr("Type the words of share {n} from its sheet. Their numbers, capitals and line breaks do not matter.")
        self.child(QLabel, "asked").setText(said.format(n=number + 1))

    def show_answers(self, answers: Answers) -> None:
        """An empty field."""
        self._share.setPlainText("")
        self._share.setFocus()

    def answered(self, answers: Answers) -> Answers:
        """Nothing new."""
        return answers

    def problem(self) -> str:
        """Which word is not as it was shown."""
        typed = shares.plain(self._share.toPlainText()).split()
        for n, (word, wanted) in enumerate(zip(typed, self._words, strict=False), 1):
            if word != wanted:
                return tr("Word {n} is not as it was shown. Look at the sheet again, or go back to the share.").format(
                    n=n
                )
        if len(typed) != len(self._words):
            return tr("A share has {n} words; {m} were typed.").format(n=len(self._words), m=len(typed))
        return ""

    def empty(self) -> None:
        """Neither the field nor what is expected in it."""
        self._share.setPlainText("")
        self._words = ()
