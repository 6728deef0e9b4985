"""What the pictures are taken of: the window in a variation of language, colours and size."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QDialog, QListView, QWidget

from evidencevault import resources
from evidencevault.demo.places import Demo
from evidencevault.desktop import app as program
from evidencevault.desktop import scale
from evidencevault.desktop.look import DARK, LIGHT, Tokens
from evidencevault.desktop.shell import Shell
from evidencevault.session import Session

PATIENCE = 30.0  # s


@dataclass(frozen=True)
class Variation:
    """How everything is drawn once."""

    name: str
    language: str = "en"
    dark: bool = False
    scale: float = 1.0
    size: tuple[int, int] = (1440, 900)

    @property
    def tokens(self) -> Tokens:
        return DARK if self.dark else LIGHT


VARIATIONS = (
    Variation("light"),
    Variation("dark", dark=True),
    Variation("ar", language="ar"),
    Variation("200", scale=2.0),
    Variation("small", size=(1100, 700)),
    Variation("nl", language="nl"),
)


def dressed(variation: Variation) -> None:
    """Language and size for every window that is made from now on."""
    resources.use_language(variation.language)
    scale.use(variation.scale)
    program.application()


class Stage:
    """The window on the sample case."""

    def __init__(self, app: QApplication, demo: Demo, variation: Variation) -> None:
        self.app, self.demo = app, demo
        dressed(variation)
        self.desktop = program.Desktop(app, demo.vault, "officer", unconfined=False)
        self.desktop.theme.use(variation.tokens)
        passphrase = demo.passphrases["officer"]
        self.desktop.open_with(Session.unlock(demo.vault, "officer", passphrase))
        self.shell.resize(*variation.size)
        self.until(lambda: self.shell._head is not None)

    @property
    def shell(self) -> Shell:
        assert self.desktop.shell is not None
        return self.desktop.shell

    def until(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError
            self.app.processEvents()
            time.sleep(0.005)

    def rest(self, seconds: float = 0.6) -> None:
        """Until what was asked for is drawn."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end and not self.shell.desk.busy)

    def go(self, screen: str, row: int | None = None) -> QWidget:
        self.shell.go(screen)
        self.rest()
        if row is not None:
            view = self.shell.shown.findChild(QListView, "list")
            assert view is not None
            view.setCurrentIndex(view.model().index(row, 0))
            self.rest(1.2)
        return self.shell

    def tidy(self) -> None:
        """Nothing floats over the next picture."""
        self.shell.floating.palette.leave()
        self.desktop._inbox_closed()
        for sheet in self.shell.findChildren(QDialog):
            sheet.reject()
        self.app.processEvents()

    def close(self) -> None:
        self.app.aboutToQuit.disconnect(self.desktop.close)
        self.desktop.close()
        self.desktop.deleteLater()
        self.app.processEvents()
