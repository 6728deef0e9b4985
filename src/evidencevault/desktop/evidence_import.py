"""Bringing evidence in: files and folders, pasted pictures, mails dragged out of their program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from evidencevault.desktop import words
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.dropping import paths_of
from evidencevault.desktop.importing import Card, Failures, ImportSheet, Wanted
from evidencevault.desktop.look import Theme
from evidencevault.desktop.loose import loose_of
from evidencevault.desktop.screen import CaseScreen
from evidencevault.evidence import intake
from evidencevault.evidence.intake import IntakeReport, Loose
from evidencevault.resources import tr

MEANWHILE = 2000  # ms between two looks at what an import has brought so far


class Bringing(QObject):
    """Asks where something comes from, then brings it in; the screen's card shows how far it is."""

    def __init__(
        self,
        screen: CaseScreen,
        desk: Desk,
        theme: Theme,
        pick: Callable[[QWidget], Sequence[Path]],
        look: Callable[[], None],
    ) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._theme, self._pick = screen, desk, theme, pick
        self.may = False
        self.card = Card(screen, in_bytes=True, afterwards=tr("Looking at what came in"))
        self._meanwhile = QTimer(self, interval=MEANWHILE)
        self._meanwhile.timeout.connect(look)

    def ask_for_files(self) -> None:
        """Let the person choose files, then ask where they come from."""
        if not self.may:
            self._screen.told.emit(tr("Open a case of yours first; an officer imports evidence."))
            return
        paths = self._pick(self._screen)
        if paths:
            self.files(paths)

    def files(self, paths: Sequence[Path]) -> None:
        """Ask where files and folders come from, then import them."""
        if self.may and paths:
            self._warned(partial(self._ask, self._screen.reference, tuple(paths), ()))

    def loose(self, found: Sequence[Loose]) -> None:
        """The same for what lies in memory alone; it is written nowhere in clear."""
        if self.may and found:
            self._warned(partial(self._ask, self._screen.reference, (), tuple(found)))

    def paste(self) -> None:
        """What lies on the clipboard: a picture, or files."""
        data = QGuiApplication.clipboard().mimeData()
        paths, found = paths_of(data), loose_of(data)
        if paths:
            self.files(paths)
        elif found:
            self.loose(found)
        else:
            self._screen.told.emit(tr("There is no picture and no file on the clipboard."))

    def _warned(self, ask: Callable[[str | None], None]) -> None:
        self._screen.read(lambda opened: intake.warning(opened.case), ask)

    def _ask(self, reference: str, paths: tuple[Path, ...], found: tuple[Loose, ...], warning: str | None) -> None:
        named = paths or tuple(Path(one.name) for one in found)
        sheet = ImportSheet(reference, named, warning, self._theme, self._screen.window())
        sheet.filled.connect(lambda wanted: self._begin(wanted, found))
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def _begin(self, wanted: Wanted, found: tuple[Loose, ...]) -> None:
        for name in ("problem", "unfinished"):
            self._screen.banner(name, "")

        def work(opened: Opened) -> IntakeReport:
            case, workers, progress = opened.case, opened.workers, opened.progress
            said, restricted, derived = wanted.acquisition, wanted.restricted, wanted.derived_from
            if found:
                return intake.bring_in_loose(
                    case, found, said, workers=workers, progress=progress, restricted=restricted, derived_from=derived
                )
            return intake.bring_in(
                case, wanted.paths, said, workers=workers, progress=progress, restricted=restricted,
                derived_from=derived,
            )  # fmt: skip

        # Into the case for which the sheet was asked, whichever is shown by now.
        reference = wanted.reference
        done = partial(self._imported, reference)
        job = self._desk.do(reference, work, done, self._screen.failed_in(reference))
        self.card.follow(job, tr("Importing into {case}").format(case=words.isolated(reference)))
        self._meanwhile.start()
        job.ended.connect(lambda: None if self._desk.working else self._meanwhile.stop())

    def _imported(self, reference: str, report: IntakeReport) -> None:
        fresh = sum(one.status == "imported" for one in report.exhibits)
        again = len(report.exhibits) - fresh
        said = tr("Imported and encrypted: {n}").format(n=fresh)
        if again:
            said += "  ·  " + tr("there already: {n}").format(n=again)
        if report.failed:
            dialog = Failures(report.failed, self._theme, self._screen.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()
            said += "  ·  " + tr("not brought in: {n}").format(n=len(report.failed))
        if report.not_looked and reference == self._screen.reference:
            self._screen.banner("problem", report.not_looked)
        self._screen.told.emit(said)
