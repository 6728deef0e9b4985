"""The system's own signs that nobody is there: it goes to sleep, or its screen is locked. Heard over D-Bus on Linux.

Windows and macOS have signs of their own that are not heard here; see :func:`idle.slept`.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import SLOT, QObject, Signal, Slot

LOGIN = "org.freedesktop.login1"
_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver")


class AwayWatch(QObject):
    """``away`` is sent when the computer goes to sleep, or its session or screen is locked."""

    away = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.heard = 0  # signs that the buses of this machine let us wait for
        if sys.platform.startswith("linux"):
            self._listen()

    def _listen(self) -> None:
        from PySide6.QtDBus import QDBusConnection  # needs libdbus, which a program that only runs commands does not

        system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
        begins, now = SLOT("begins(bool)"), SLOT("now()")
        wanted = [
            (system, LOGIN, f"{LOGIN}.Manager", "PrepareForSleep", begins),
            (system, LOGIN, f"{LOGIN}.Session", "Lock", now),  # of any session: to lock once too often harms nobody
            *((session, "", name, "ActiveChanged", begins) for name in _SAVERS),
        ]
        for bus, service, interface, name, slot in wanted:
            if bus.isConnected():
                # An empty path is any path: desktops put their screen savers in different places.
                # The stubs want bytes for the slot; text is what works.
                self.heard += bus.connect(service, "", interface, name, self, slot)  # type: ignore[call-overload]

    @Slot(bool)
    def begins(self, so: bool) -> None:
        """Sleep or a locked screen begins (true) or ends (false)."""
        if so:
            self.away.emit()

    @Slot()
    def now(self) -> None:
        """The session is locked."""
        self.away.emit()
