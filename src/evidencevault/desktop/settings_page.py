"""What each page of the settings can be asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal

from evidencevault.desktop.forms import Form
from evidencevault.errors import VaultError


class SettingsPage(Form):
    """``told`` is a sentence for the toast, ``refused`` one for the banner (empty: nothing is wrong any more).

    ``undoable`` is a sentence for the toast with the act that takes it back.
    """

    told = Signal(str)
    undoable = Signal(str, object)
    refused = Signal(str)

    def begin(self) -> None:
        """The page is shown: read what it shows anew."""

    def empty(self) -> None:
        """The page is left: no passphrase stays in a field."""

    def narrow(self, narrow: bool) -> None:
        """Whether there is little room."""

    def failed(self, error: VaultError) -> None:
        """Say a refusal."""
        self.refused.emit(error.sentence)
