"""The one QApplication in the house's style, and what it is dressed in: language, direction, size, light or dark."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication

from evidencevault.desktop import scale, words
from evidencevault.desktop.look import load_fonts
from evidencevault.desktop.preferences import Choices
from evidencevault.resources import system_language, use_language


def application() -> QApplication:
    """The one QApplication, in the house's style and the chosen language."""
    app = QApplication.instance()
    made = app if isinstance(app, QApplication) else QApplication(sys.argv[:1])
    # A lane that computes hands the interpreter over after this at the latest: to be drawn a list asks for some hundred
    # values, and each time the window's thread would wait the usual 5 ms.
    sys.setswitchinterval(0.0005)
    made.setApplicationName("evidencevault")
    made.setApplicationDisplayName("EvidenceVault")
    made.setStyle("Fusion")
    made.setFont(load_fonts())
    rtl = words.reads_from_right()
    made.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    return made


def choose(choices: Choices, language: str = "") -> None:
    """Use the language and text size of somebody's choice; a ``language`` named in the call comes first."""
    use_language(language or choices.language or system_language())
    scale.use(choices.text / 100)


def dark_wanted(app: QGuiApplication) -> bool:
    """Whether the system is set to dark."""
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def empty_clipboard(clipboard: QClipboard) -> None:
    """Take back what this program put there; what others put there is theirs."""
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
