"""What is written about a received bundle while it is open; nothing of it touches the disk before it is sealed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from evidencevault.bundle.notes import Compared, Notes


class Notepad(QObject):
    """``changed``: the person wrote; ``replaced``: all of it is other than before (came from a file, forgotten)."""

    changed = Signal()
    replaced = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, str] = {}
        self.compared: Compared | None = None
        self.dirty = False

    @property
    def notes(self) -> Notes:
        """All of it."""
        documents = {number: text for number, text in self._texts.items() if number and text}
        return Notes(self.text(""), documents, self.compared)

    def text(self, number: str) -> str:
        """The notes on a document; on the whole bundle under the empty number."""
        return self._texts.get(number, "")

    def write(self, number: str, text: str) -> None:
        """The person wrote about a document (or, under the empty number, the bundle)."""
        if text != self.text(number):
            self._texts[number] = text
            self._touched()

    def compare(self, said: Compared | None) -> None:
        """The person compared the fingerprint, or takes it back."""
        if said != self.compared:
            self.compared = said
            self._touched()

    def replace(self, notes: Notes | None, *, dirty: bool = False) -> None:
        """Take notes from a file, or (None) forget all."""
        found = notes or Notes()
        self._texts = {"": found.whole, **found.documents}
        self.compared, self.dirty = found.compared, dirty
        self.replaced.emit()
        self.changed.emit()

    def saved(self, notes: Notes) -> None:
        """These were saved; what was written since was not."""
        self.dirty = self.notes != notes
        self.changed.emit()

    def _touched(self) -> None:
        self.dirty = True
        self.changed.emit()
