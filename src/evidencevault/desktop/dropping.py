"""Files may be dropped anywhere in the window; and the system's own dialog, for those who do not drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from evidencevault.evidence.intake import Loose
from evidencevault.resources import tr

_MAIL, _PICTURES = "message/rfc822", ("image/png", "image/jpeg")


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


def has_loose(data: QMimeData) -> bool:
    """Whether something holds a mail or a picture that lies in memory alone."""
    return not paths_of(data) and (_windows(data) != "" or any(data.hasFormat(one) for one in (_MAIL, *_PICTURES)))


def loose_of(data: QMimeData) -> list[Loose]:
    """A mail dragged out of its program, or a picture that was copied: its bytes as they are, nothing is decoded."""
    if data.hasFormat(_MAIL):
        return [Loose(_stamped("mail", "eml"), bytes(data.data(_MAIL).data()))]
    described = _windows(data)
    contents = next((one for one in data.formats() if 'value="FileContents"' in one), "")
    if described and contents:  # Windows gives the first of several alone
        name = _described(bytes(data.data(described).data()))
        return [Loose(name, bytes(data.data(contents).data()))] if name else []
    for kind in _PICTURES:
        if data.hasFormat(kind):
            return [Loose(_stamped("screenshot", kind.rpartition("/")[2]), bytes(data.data(kind).data()))]
    if data.hasImage():  # the system holds bare pixels: they have no file yet
        return [Loose(_stamped("screenshot", "png"), _as_png(data))]
    return []


def _windows(data: QMimeData) -> str:
    return next((one for one in data.formats() if 'value="FileGroupDescriptorW"' in one), "")


def _described(data: bytes) -> str:
    """The first name in a FILEGROUPDESCRIPTORW: u32 count, then entries with the name 72 bytes in, UTF-16."""
    name = data[4 + 72 : 4 + 72 + 520].decode("utf-16-le", "replace").partition("\0")[0]
    return name.replace("/", "_").replace("\\", "_")


def _stamped(what: str, ending: str) -> str:
    return f"{what}-{datetime.now():%Y%m%d-%H%M%S}.{ending}"


def _as_png(data: QMimeData) -> bytes:
    pixels = data.imageData()
    out = QBuffer()
    out.open(QBuffer.OpenModeFlag.WriteOnly)
    if not isinstance(pixels, QImage) or not QImageWriter(out, QByteArray(b"PNG")).write(pixels):
        return b""
    return bytes(out.data().data())
