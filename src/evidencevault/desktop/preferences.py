"""What somebody chose about the window: language, theme, text size, when it locks. No word of a case."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from evidencevault.resources import LANGUAGES
from evidencevault.vault.heads import state_folder

THEMES = ("system", "light", "dark")
TEXT = (100, 200)
MINUTES = (1, 120)


@dataclass(frozen=True, slots=True)
class Choices:
    """``language`` is a code, or empty for the system's; ``text`` in per cent; ``minutes`` without a touch."""

    language: str = ""
    theme: str = "system"
    text: int = 100
    minutes: int = 10

    @property
    def fit(self) -> bool:
        """Whether each is one that can be chosen."""
        return (
            self.language in ("", *LANGUAGES)
            and self.theme in THEMES
            and TEXT[0] <= self.text <= TEXT[1]
            and MINUTES[0] <= self.minutes <= MINUTES[1]
        )


class Preferences(QObject):
    """The choices in use, kept in ``preferences.json``. ``changed`` carries those before and those from now on."""

    changed = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.now = _read(_file())

    def change(self, **chosen: str | int) -> None:
        """Choose something else. Where that cannot be kept, it holds until the program ends."""
        before, now = self.now, replace(self.now, **chosen)  # type: ignore[arg-type]
        if now == before or not now.fit:
            return
        self.now = now
        _write(_file(), now)
        self.changed.emit(before, now)


def _file() -> Path:
    return state_folder() / "preferences.json"


def _read(file: Path) -> Choices:
    """A spoilt file holds nothing of worth: each choice that is not one is what it would be without."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return Choices()
    made = Choices()
    for one in fields(Choices) if isinstance(found, dict) else ():
        value = found.get(one.name)
        if type(value) is type(getattr(made, one.name)):
            tried = replace(made, **{one.name: value})
            made = tried if tried.fit else made
    return made


def _write(file: Path, choices: Choices) -> None:
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.write_text(json.dumps(asdict(choices)), "utf-8")
        os.replace(temporary, file)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
