"""Where a window lay and how it was divided, kept for the next time: places on the screen, nothing else."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

from evidencevault.vault.heads import state_folder


def _file(name: str) -> Path:
    return state_folder() / f"{name}-window.json"


def restore(name: str, window: QMainWindow, panes: QSplitter) -> None:
    """Put a window where it was. What was spoilt is as good as none."""
    try:
        found = json.loads(_file(name).read_text("utf-8"))
        places = [QByteArray(base64.b64decode(found[part], validate=True)) for part in ("window", "panes")]
    except (OSError, ValueError, KeyError, TypeError):
        return
    window.restoreGeometry(places[0])
    panes.restoreState(places[1])


def keep(name: str, window: QMainWindow, panes: QSplitter) -> None:
    """Remember it; where that cannot be written, nothing is lost but a place."""
    said = {
        part: base64.b64encode(bytes(place.data())).decode()
        for part, place in (("window", window.saveGeometry()), ("panes", panes.saveState()))
    }
    with contextlib.suppress(OSError):
        _file(name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _file(name).write_text(json.dumps(said), "utf-8")
