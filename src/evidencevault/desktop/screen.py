"""What every screen of the window can be asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from evidencevault.desktop.forms import Form
from evidencevault.errors import VaultError

if TYPE_CHECKING:  # the windows before a vault is open use banners, and nothing of a case
    from evidencevault.desktop.desk import Desk, Opened
    from evidencevault.desktop.jobs import Failed, Job
    from evidencevault.desktop.rows import CaseHead


class Screen(Form):
    """A form with a list that can be searched, and a banner (``problem``) for refusals.

    ``told`` is a sentence for the toast; ``undoable`` a sentence and the act that takes it back; ``wanted`` the id of
    a screen and a reference (or nothing) to go to there.
    """

    told = Signal(str)
    undoable = Signal(str, object)
    wanted = Signal(str, str)

    @abstractmethod
    def seek(self, text: str) -> None:
        """Show what holds these words; empty text shows all."""

    @abstractmethod
    def focus_list(self) -> None:
        """Give the keyboard to the list."""

    def point_to(self, ref: str) -> None:
        """Put the cursor on a record by its reference. A screen that shows none has nothing to do."""

    def refresh(self) -> None:
        """Read anew, when the screen comes into view. A screen of a case is told by :meth:`CaseScreen.show_case`."""

    def next_pane(self, now: QWidget | None) -> bool:
        """Move the keyboard from what holds it now to this screen's next pane; False after the last."""
        return False

    def narrow(self, narrow: bool) -> None:
        """Whether there is little room: leave out what can be seen elsewhere."""

    def put_down(self) -> None:
        """Hand what is typed and not saved to :meth:`Desk.put_down`: the window is about to be taken away."""

    _last_sought = ""

    def fresh(self, text: str) -> bool:
        """Whether other words are sought than before; else nothing is filtered anew, and the cursor stays."""
        before, self._last_sought = self._last_sought, text
        return before != text

    def failed(self, error: VaultError) -> None:
        """Say a refusal where the person looks."""
        self.banner("problem", error.sentence)

    def banner(self, name: str, text: str) -> None:
        """Show a banner of the form with a text; an empty text hides it."""
        banner(self, name, text)


def banner(form: Form, name: str, text: str) -> None:
    """Show a banner of a form with a text; an empty text hides it."""
    form.child(QLabel, f"{name}Text").setText(text)
    form.child(QFrame, name).setVisible(bool(text))


class CaseScreen(Screen):
    """A screen of the open case."""

    def __init__(self, name: str, desk: Desk) -> None:
        super().__init__(name)
        self.desk = desk
        self.reference = ""

    def read(self, work: Callable[[Opened], Any], came: Callable[[Any], object]) -> Job:
        """Read something of the case; what comes when another case has been chosen meanwhile is not shown."""
        reference = self.reference

        def shown(result: object) -> None:
            if reference == self.reference:
                came(result)

        return self.desk.read(reference, work, shown, self.failed_in(reference))

    def failed_in(self, reference: str) -> Failed:
        """Says a refusal where that case is still the one shown."""

        def say(error: VaultError) -> None:
            if reference == self.reference:
                self.failed(error)

        return say

    def begin_case(self, reference: str) -> bool:
        """Whether another case is shown from now on; what was said of the one before is taken away."""
        if reference == self.reference:
            return False
        self.reference = reference
        self.banner("problem", "")
        return True

    @abstractmethod
    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
