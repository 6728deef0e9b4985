"""Where windows lay and how they were divided, kept for the next time: places on the screen, nothing else."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from evidencevault.vault.heads import state_folder

_WINDOW = "window"


class Kept:
    """The places of one window by name; what was spoilt or never kept is as good as none."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._places: dict[str, QByteArray] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
            found = json.loads(self._file().read_text("utf-8"))
            self._places = {
                str(place): QByteArray(base64.b64decode(said, validate=True)) for place, said in found.items()
            }

    def place(self, window: QMainWindow) -> None:
        """Put the window where it was."""
        if _WINDOW in self._places:
            window.restoreGeometry(self._places[_WINDOW])

    def divide(self, part: str, inside: QWidget) -> None:
        """Divide a splitter, or all within, as they were; ``part`` tells panes of the same name apart."""
        for one in _splitters(inside):
            if (state := self._places.get(f"{part}/{one.objectName()}")) is not None:
                one.restoreState(state)

    def note(self, window: QMainWindow, parts: dict[str, QWidget]) -> None:
        """Remember window and panes until :meth:`keep`."""
        self._places[_WINDOW] = window.saveGeometry()
        for part, inside in parts.items():
            for one in _splitters(inside):
                self._places[f"{part}/{one.objectName()}"] = one.saveState()

    def keep(self) -> None:
        """Write it down; where that cannot be, nothing is lost but places."""
        said = {place: base64.b64encode(bytes(state.data())).decode() for place, state in self._places.items()}
        with contextlib.suppress(OSError):
            self._file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file().write_text(json.dumps(said), "utf-8")

    def _file(self) -> Path:
        return state_folder() / f"{self._name}-window.json"


def _splitters(inside: QWidget) -> list[QSplitter]:
    return [inside] if isinstance(inside, QSplitter) else inside.findChildren(QSplitter)
