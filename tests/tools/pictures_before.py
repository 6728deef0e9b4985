"""Pictures of what comes before a vault is open: welcome, a new vault step by step, unlocking, recovery, the sample."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QRadioButton, QWidget

from evidencevault.demo.places import Demo
from evidencevault.desktop import app as program
from evidencevault.desktop.door import Door
from evidencevault.desktop.forms import child
from evidencevault.desktop.founding import FoundingScreen
from tests.tools.stage import PATIENCE, Variation, dressed

W = TypeVar("W", bound=QWidget)
WORDS = "copper lantern over seven quiet fields"


class Before:
    """The window before any vault is open."""

    def __init__(self, app: QApplication, demo: Demo, variation: Variation, folder: Path) -> None:
        self.app, self.demo, self.folder = app, demo, folder
        dressed(variation)
        self.desktop = program.Desktop(app, None, "", unconfined=False)
        self.desktop.theme.use(variation.tokens)
        self.desktop.show()
        self.door.resize(*variation.size)
        self.rest()

    @property
    def door(self) -> Door:
        return self.desktop._door

    @property
    def screen(self) -> QWidget:
        shown = self.door._stack.currentWidget()
        assert shown is not None
        return shown

    def part(self, kind: type[W], name: str) -> W:
        return next(one for one in self.screen.findChildren(kind, name) if one.isVisible())

    def until(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError
            self.app.processEvents()
            time.sleep(0.005)

    def rest(self, seconds: float = 0.5) -> None:
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def found(self, step: int) -> QWidget:
        """A new vault, answered up to a step."""
        self.door.show_welcome()
        self.door._found()
        self.until(lambda: isinstance(self.screen, FoundingScreen))
        answers: list[Callable[[], object]] = [
            lambda: self.part(QLineEdit, "folder").setText(str(self.folder / "vault")),
            self._office,
            lambda: self.part(QRadioButton, "now").click(),
            lambda: self.part(QLineEdit, "name").setText("anna"),
            self._passphrase,
            self._shares,
        ]
        for answer in answers[:step]:
            self.rest(0.2)
            answer()
            self.part(QPushButton, "next").click()
        self.rest()
        return self.door

    def _office(self) -> None:
        self.part(QLineEdit, "organisation").setText("Fictional Aid")
        country = self.part(QComboBox, "country")
        country.setCurrentIndex(country.findData("NL"))

    def _passphrase(self) -> None:
        for name in ("first", "second"):
            self.part(QLineEdit, name).setText(WORDS)

    def _shares(self) -> None:
        self.until(lambda: child(self.screen, QLabel, "words").text())
        for _ in range(2):
            self.part(QPushButton, "following").click()

    def welcome(self) -> QWidget:
        self.door.show_welcome()
        self.rest()
        return self.door

    def unlock(self) -> QWidget:
        self.door._unlock(self.demo.vault, "officer")
        self.rest()
        return self.door

    def recover(self) -> QWidget:
        self.door._recover(self.demo.vault, "officer")
        self.rest()
        return self.door

    def sample(self) -> QWidget:
        self.door._sample()
        self.rest()
        return self.door

    def received(self) -> QWidget:
        """The window of a received bundle, before one was opened."""
        self.desktop.open_received(self.demo.bundle)
        inbox = self.desktop.inbox
        assert inbox is not None
        inbox.resize(self.door.size())
        self.rest(1)
        return inbox

    def close(self) -> None:
        self.app.aboutToQuit.disconnect(self.desktop.close)
        self.desktop.close()
        self.desktop.deleteLater()
        self.app.processEvents()


PICTURES: dict[str, Callable[[Before], QWidget]] = {
    "start-welcome": Before.welcome,
    "start-unlock": Before.unlock,
    "start-recover": Before.recover,
    "start-sample": Before.sample,
    "start-received": Before.received,
    **{f"start-new-{n + 1}": lambda before, n=n: before.found(n) for n in range(7)},  # type: ignore[misc]
}
