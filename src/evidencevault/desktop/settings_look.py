"""Language, light or dark, text size."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QRadioButton

from evidencevault.desktop.preferences import THEMES, Preferences
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.resources import tr

NAMES = {"en": "English", "nl": "Nederlands", "fr": "Français", "es": "Español", "ar": "العربية"}
SIZES = (100, 110, 125, 150, 175, 200)


class LookPage(SettingsPage):
    """Each choice is in use at once."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__("settings_look")
        self._preferences = preferences
        self._language, self._size = self.child(QComboBox, "language"), self.child(QComboBox, "size")
        self._language.addItem(tr("As the system does"), "")
        for code, name in NAMES.items():
            self._language.addItem(name, code)
        for size in SIZES:
            self._size.addItem(tr("{n} %").format(n=size), size)
        self._show()
        self._language.activated.connect(lambda _: preferences.change(language=str(self._language.currentData())))
        self._size.activated.connect(lambda _: preferences.change(text=int(self._size.currentData())))
        for theme in THEMES:
            self.child(QRadioButton, theme).clicked.connect(lambda _, theme=theme: preferences.change(theme=theme))
        preferences.changed.connect(self._show)

    def begin(self) -> None:
        """As chosen."""
        self._show()

    def _show(self, *_: object) -> None:
        now = self._preferences.now
        self._language.setCurrentIndex(self._language.findData(now.language))
        self.child(QRadioButton, now.theme).setChecked(True)
        nearest = min(SIZES, key=lambda one: abs(one - now.text))
        self._size.setCurrentIndex(self._size.findData(nearest))
