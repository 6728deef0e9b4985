"""The screen of the address book."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from evidencevault.desktop.address_book import AddressBook
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import filling
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import Screen


class RecipientsScreen(Screen):
    """Who receives bundles from this vault."""

    def __init__(self, desk: Desk, theme: Theme, files: Files | None = None) -> None:
        super().__init__("recipients")
        self._book = AddressBook(desk, theme, files or Files())
        filling(self.child(QWidget, "book"), self._book)
        self._book.told.connect(self._said)
        self._book.failed.connect(self.failed)

    def refresh(self) -> None:
        """Read the book anew."""
        self.banner("problem", "")
        self._book.refresh()

    def seek(self, text: str) -> None:
        """Show whom these words are about."""
        if self.fresh(text):
            self._book.seek(text)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._book.focus_list()

    def next_pane(self, now: QWidget | None) -> bool:
        """From the list to the one chosen."""
        return self._book.next_pane(now)

    def _said(self, text: str) -> None:
        self.banner("problem", "")
        self.told.emit(text)
