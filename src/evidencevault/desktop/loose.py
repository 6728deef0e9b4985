"""What is dropped or pasted and lies in memory alone: mails out of their program, pictures out of the clipboard."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QBuffer, QByteArray, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from evidencevault.desktop.dropping import paths_of
from evidencevault.evidence.intake import Loose

_MAIL, _PICTURES = "message/rfc822", ("image/png", "image/jpeg")


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
