"""The system's dialogs for files of a received bundle, and what may be dropped on the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from evidencevault.resources import tr

ENDINGS = (".zip.age", ".age", ".zip")


def bundle_among(paths: Sequence[Path]) -> Path | None:
    """The first file that may be a bundle."""
    return next((one for one in paths if one.name.lower().endswith(ENDINGS) and one.is_file()), None)


class Files:
    """Asks for files; tests answer in its place. None where the person thought better of it."""

    def bundle(self, parent: QWidget) -> Path | None:
        """A bundle to open."""
        kinds = f"{tr('Bundles')} (*.zip.age *.age *.zip);;{tr('All files')} (*)"
        return _path(QFileDialog.getOpenFileName(parent, tr("Open a received bundle"), filter=kinds)[0])

    def earlier(self, parent: QWidget) -> Path | None:
        """An earlier bundle of the same case, or the checkpoint that was in one."""
        kinds = f"{tr('Bundles')} (*.zip.age *.age *.zip);;{tr('All files')} (*)"
        return _path(QFileDialog.getOpenFileName(parent, tr("Choose an earlier bundle of this case"), filter=kinds)[0])

    def key(self, parent: QWidget) -> Path | None:
        """An age identity file."""
        return _path(QFileDialog.getOpenFileName(parent, tr("Choose the key file"))[0])

    def notes(self, parent: QWidget) -> Path | None:
        """Notes to open."""
        kinds = f"{tr('Notes')} (*.age);;{tr('All files')} (*)"
        return _path(QFileDialog.getOpenFileName(parent, tr("Open notes"), filter=kinds)[0])

    def any(self, parent: QWidget, title: str) -> Path | None:
        """A file of any kind."""
        return _path(QFileDialog.getOpenFileName(parent, title)[0])

    def save(self, parent: QWidget, title: str, offered: Path) -> Path | None:
        """A file to write."""
        return _path(QFileDialog.getSaveFileName(parent, title, str(offered))[0])

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """A folder to write into."""
        return _path(QFileDialog.getExistingDirectory(parent, title))


def _path(text: str) -> Path | None:
    return Path(text) if text else None
