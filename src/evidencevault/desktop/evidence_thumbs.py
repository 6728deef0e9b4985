"""Small pictures in the list of evidence.

A small picture is content. By itself the list shows one only of what this member opened since the vault was unlocked;
asked to show those of everything in view, it enters each as a view first, in one commit for all of them.
"""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QListView

from evidencevault.desktop.desk import Opened
from evidencevault.desktop.items import EvidenceRow
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.pages import image
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import ROW
from evidencevault.documents.requests import DocumentFailed
from evidencevault.evidence import reading

SIDE = 114  # pixels: three for one of the layout
KEPT = 600
RESTED = 350  # ms without scrolling
AT_ONCE = 8
Found = list[tuple[str, QImage | None]]


class Thumbs(QObject):
    """Pictures by exhibit, of the open case, in memory alone."""

    def __init__(self, screen: CaseScreen, view: QListView) -> None:
        super().__init__(screen)
        self._screen, self._view = screen, view
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()  # None: it could not be drawn
        self._wanted = False
        self._job: Job | None = None
        self._rest = QTimer(self, singleShot=True, interval=RESTED)
        self._rest.timeout.connect(self._ask)
        view.verticalScrollBar().valueChanged.connect(lambda _: self._rest.start() if self._wanted else None)

    def picture(self, number: str) -> QPixmap | None:
        """The small picture of an exhibit, if it may be shown."""
        return self._kept.get(number)

    def clear(self) -> None:
        """Another case comes."""
        self._kept.clear()
        if self._job is not None:
            self._job.drop()
            self._job = None

    def put(self, number: str, picture: QImage) -> None:
        """Keep a picture, small and square."""
        self._kept[number] = _small(picture)
        self._kept.move_to_end(number)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._view.viewport().update()

    def show_all(self, wanted: bool) -> None:
        """Whether to draw what is in view; each is a view."""
        self._wanted = wanted
        if wanted:
            self._ask()
        elif self._job is not None:
            self._job.drop()
            self._job = None

    def _ask(self) -> None:
        if not self._wanted or self._job is not None:
            return
        numbers = self._missing()[:AT_ONCE]
        if numbers:
            self._job = self._screen.read(lambda opened: _drawn(opened, numbers), self._came)
            self._job.ended.connect(self._rest.start)

    def _missing(self) -> list[str]:
        view, found = self._view, []
        first = view.indexAt(view.viewport().rect().topLeft())
        last = view.indexAt(view.viewport().rect().bottomLeft())
        model = view.model()
        if not first.isValid():
            return []
        for place in range(first.row(), (last.row() if last.isValid() else model.rowCount() - 1) + 1):
            row: EvidenceRow = model.index(place, 0).data(ROW)
            if row.pictured and row.id not in self._kept:
                found.append(row.id)
        return found

    def _came(self, found: Found) -> None:
        self._job = None
        for number, picture in found:
            if picture is None:
                self._kept[number] = None
            else:
                self.put(number, picture)


def _drawn(opened: Opened, numbers: list[str]) -> Found:
    """First pages as pixels: what a worker hands out as a file would have to be parsed here."""
    found: Found = []
    for number, pixels in reading.small(opened.case, opened.workers, numbers, width=SIDE * 2):
        found.append((number, None if isinstance(pixels, DocumentFailed) else image(pixels)))
    return found


def _small(picture: QImage) -> QPixmap:
    size = picture.size().scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    scaled = picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    left = (scaled.width() - SIDE) // 2
    return QPixmap.fromImage(scaled.copy(left, 0, SIDE, SIDE))
