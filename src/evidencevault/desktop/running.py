"""Runs the desktop until its window is closed."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer

from evidencevault.desktop.app import Desktop
from evidencevault.desktop.application import application, choose
from evidencevault.desktop.preferences import Preferences
from evidencevault.session import Session


@dataclass(frozen=True, slots=True)
class Received:
    """That the program begins with a received bundle; None: which one is asked."""

    file: Path | None


def run(
    vault: Path | None = None,
    member: str = "",
    *,
    unconfined: bool = False,
    session: Session | None = None,
    received: Received | None = None,
    language: str = "",
    ready: Callable[[Desktop], object] | None = None,
) -> int:
    """Show the desktop until its window is closed; returns the exit code.

    With a ``session`` it begins unlocked; with ``received`` it shows a received bundle and no vault. ``language`` is
    named in the call and comes before the one in the settings. ``ready`` is called once the window is shown.
    """
    preferences = Preferences()
    choose(preferences.now, language)
    app = application()
    desktop = Desktop(app, vault, member, unconfined=unconfined, preferences=preferences)
    pulse = QTimer(app, interval=500)
    pulse.timeout.connect(lambda: None)  # while Qt waits Python hears no signal; this lets it listen
    pulse.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, app.quit))
    if session is not None:
        desktop.open_with(session)
    elif received is not None:
        desktop.open_received(received.file)
    else:
        desktop.show()
    if ready is not None:
        ready(desktop)
    return app.exec()
