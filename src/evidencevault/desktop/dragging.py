"""Dragging a record's reference from a list to a field, within this window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QPersistentModelIndex, Qt

from evidencevault.desktop.table import ROW, R, Rows

REFERENCE = "application/x-evidencevault-reference"
"""Only a reference travels: no text that another program would take."""


class Draggable(Rows[R]):
    """Rows whose ``id`` can be dragged."""

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """As rows, and draggable."""
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else found

    def mimeTypes(self) -> list[str]:
        """The reference alone."""
        return [REFERENCE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The reference of the first."""
        data = QMimeData()
        data.setData(REFERENCE, QByteArray(indexes[0].data(ROW).id.encode()))
        return data


def dragged(data: QMimeData) -> str:
    """The reference that is being dragged; empty for anything else."""
    return bytes(data.data(REFERENCE).data()).decode() if data.hasFormat(REFERENCE) else ""
