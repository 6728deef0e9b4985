"""What each page of the assistant for a new vault can be asked for."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import Signal

from evidencevault.desktop.forms import Form
from evidencevault.desktop.founding_steps import Answers


class FoundingPage(Form):
    """One question. ``entered`` is sent on Enter in its last field, ``failed`` with a sentence."""

    entered = Signal()
    failed = Signal(str)

    @abstractmethod
    def show_answers(self, answers: Answers) -> None:
        """Begin with what was answered before, with the keyboard in the first field."""

    @abstractmethod
    def answered(self, answers: Answers) -> Answers:
        """The answers with those of this page."""

    def problem(self) -> str:
        """What the page itself finds wrong; what the answers must be is judged elsewhere."""
        return ""

    def empty(self) -> None:
        """No secret stays in a field."""
