"""What the windows wear: theme, language and text size as they were chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from evidencevault.desktop.application import application, choose, dark_wanted
from evidencevault.desktop.look import DARK, LIGHT, Theme, Tokens
from evidencevault.desktop.preferences import Choices, Preferences


class Wearing(QObject):
    """Keeps theme and preferences in step. ``renewed``: language or size changed, windows are to be made anew."""

    renewed = Signal()

    def __init__(self, app: QApplication, preferences: Preferences) -> None:
        super().__init__(app)
        self._app, self._preferences = app, preferences
        self.theme = Theme(app, self._tokens())
        self.theme.changed.connect(self._themed)
        preferences.changed.connect(self._preferred)
        app.styleHints().colorSchemeChanged.connect(self._system_themed)

    def _preferred(self, before: Choices, now: Choices) -> None:
        if self.theme.tokens is not self._tokens():  # to dress every widget anew takes a second or two
            self.theme.use(self._tokens())
        if (now.language, now.text) != (before.language, before.text):
            choose(now)
            application()
            self.theme.use(self.theme.tokens)
            self.renewed.emit()

    def _tokens(self) -> Tokens:
        theme = self._preferences.now.theme
        return DARK if theme == "dark" or (theme == "system" and dark_wanted(self._app)) else LIGHT

    def _themed(self) -> None:
        """Somebody wants it light or dark whatever the system says."""
        if self.theme.tokens is not self._tokens():
            self._preferences.change(theme=self.theme.tokens.name)

    def _system_themed(self) -> None:
        if self.theme.tokens is not self._tokens():
            self.theme.use(self._tokens())
