"""Files may be dropped anywhere in the window; and the system's own dialog, for those who do not drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from evidencevault.resources import tr


def pick_files(parent: QWidget) -> Sequence[Path]:
    """Files chosen in a dialog; none where the person thought better of it."""
    chosen, _ = QFileDialog.getOpenFileNames(parent, tr("Import evidence"))
    return [Path(one) for one in chosen]


class DropTarget(QObject):
    """Watches a window. ``dropped`` carries the paths; ``mark`` is lit while files hang over the window."""

    dropped = Signal(list)

    def __init__(self, window: QWidget, mark: QFrame, ready: Callable[[], bool]) -> None:
        super().__init__(window)
        self._mark, self._ready = mark, ready
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what files hang over it, where something can be brought in now."""
        if isinstance(event, QDragEnterEvent):
            if self._ready() and event.possibleActions() & Qt.DropAction.CopyAction and paths_of(event.mimeData()):
                _copy(event)
                self._over(True)
            return True
        if isinstance(event, QDragMoveEvent):
            _copy(event)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._over(False)
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._over(False)
            _copy(event)
            self.dropped.emit(paths_of(event.mimeData()))
            return True
        return False

    def _over(self, over: bool) -> None:
        self._mark.setProperty("over", over)
        self._mark.style().polish(self._mark)


def _copy(event: QDropEvent) -> None:
    """Never as a move: who gives files away as moved may delete them, before one byte is in the vault."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def paths_of(data: QMimeData) -> list[Path]:
    """The files that something dropped or pasted names."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
