"""Where windows lay and how they were divided, kept for the next time: places on the screen, nothing else."""

from __future__ import annotations

import base64
import contextlib
import json
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from evidencevault.vault.heads import state_folder

_WINDOW, _WATCHED = "window", "kept"


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
        """Divide a splitter, or all within, as they were, and remember how somebody divides them from now on.

        ``part`` tells panes of the same name apart. Called again, it takes in what was made since.
        """
        for one in [inside] if isinstance(inside, QSplitter) else inside.findChildren(QSplitter):
            if one.property(_WATCHED):
                continue
            one.setProperty(_WATCHED, True)
            place = "/".join([part, *_within(one, inside)])
            if place in self._places:
                one.restoreState(self._places[place])
            one.splitterMoved.connect(partial(self._moved, place, one))

    def note(self, window: QMainWindow) -> None:
        """Remember where the window is until :meth:`keep`."""
        self._places[_WINDOW] = window.saveGeometry()

    def keep(self) -> None:
        """Write it down; where that cannot be, nothing is lost but places."""
        said = {place: base64.b64encode(bytes(state.data())).decode() for place, state in self._places.items()}
        with contextlib.suppress(OSError):
            self._file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file().write_text(json.dumps(said), "utf-8")

    def _moved(self, place: str, one: QSplitter, *_: int) -> None:
        self._places[place] = one.saveState()

    def _file(self) -> Path:
        return state_folder() / f"{self._name}-window.json"


def _within(one: QWidget, inside: QWidget) -> list[str]:
    """The names from the outermost on: two forms may name their panes alike."""
    names, at = [one.objectName()], one.parentWidget()
    while at is not None and at is not inside:
        names, at = [*([at.objectName()] if at.objectName() else []), *names], at.parentWidget()
    return names
