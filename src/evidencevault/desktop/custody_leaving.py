"""What of the chain of custody leaves the house: report, checkpoint, disclosure for a court, time stamp, CASE/UCO."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from evidencevault.bundle import checkpoints, uco_case
from evidencevault.bundle import report as reports
from evidencevault.custody import timestamps
from evidencevault.desktop import words
from evidencevault.desktop.custody_disclosure import disclosure_sheet
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.importing import Card
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.screen import CaseScreen
from evidencevault.errors import Refused
from evidencevault.resources import tr

LARGEST = 1 << 20  # bytes of a time stamp's answer, or of certificates


class Leaving(QObject):
    """``asked`` carries a sheet that must be filled in first."""

    asked = Signal(object)

    def __init__(self, screen: CaseScreen, card: Card, files: Files) -> None:
        super().__init__(screen)
        self._screen, self._card, self._files = screen, card, files
        self.officer = False
        part = screen.child
        part(QPushButton, "report").clicked.connect(self.report)
        part(QPushButton, "checkpoint").clicked.connect(self._checkpoint)
        part(QToolButton, "more").clicked.connect(self._more)

    def report(self) -> None:
        """The custody report as PDF."""
        title, name = tr("Custody report"), f"{self._screen.reference} custody.pdf"
        self._written(title, name, lambda o, to: reports.write(o.case, o.workers, to, o.progress))

    def print_checkpoint(self) -> None:
        """The signed head on paper, with a QR code."""
        title, name = tr("Checkpoint to print"), f"{self._screen.reference} checkpoint.pdf"
        self._written(title, name, lambda o, to: checkpoints.write_sheet(o.case, o.workers.typeset, to))

    def save_checkpoint(self) -> None:
        """The signed head as a file."""
        title, name = tr("Checkpoint"), f"{self._screen.reference} checkpoint.txt"
        self._written(title, name, lambda o, to: checkpoints.write_note(o.case, to))

    def disclose(self) -> None:
        """First where to, then what."""
        offered = Path(f"{self._screen.reference} disclosure.json")
        to = self._files.save(self._screen.window(), tr("Where the disclosure is written"), offered)
        if to is not None:
            self.asked.emit(disclosure_sheet(to))

    def ask_for_stamp(self) -> None:
        """A request that an authority outside the house answers."""

        def write(opened: Opened, to: Path) -> None:
            data, _ = timestamps.request(opened.case)
            _write_new(to, data)

        self._written(tr("Request for a time stamp"), f"{self._screen.reference} request.tsq", write)

    def bring_stamp(self, *, checked: bool) -> None:
        """The authority's answer; with its certificates it is checked whose stamp it is."""
        answer = self._files.any(self._screen.window(), tr("The authority's answer (.tsr)"))
        roots = None
        if answer is not None and checked:
            roots = self._files.any(self._screen.window(), tr("The authority's root certificates (PEM)"))
        if answer is None or (checked and roots is None):
            return

        def work(opened: Opened) -> str:
            data = _read(answer)
            done = timestamps.keep(opened.case, data, _read(roots) if roots is not None else b"")
            told = tr("The checkpoint at {n} entries was stamped on {time}; that is kept.")
            said = told.format(n=done.size, time=words.isolated(done.time))
            return said if roots is not None else f"{said} {tr('Whose stamp it is was not checked.')}"

        screen = self._screen
        screen.banner("problem", "")
        screen.desk.do(screen.reference, work, screen.told.emit, screen.failed_in(screen.reference))

    def save_for_tools(self) -> None:
        """CASE/UCO JSON-LD, which other forensic programs read."""
        title, name = tr("Chain of custody for other programs"), f"{self._screen.reference} custody.jsonld"
        self._written(title, name, lambda o, to: uco_case.write(o.case, to, o.progress))

    def _checkpoint(self) -> None:
        acts: list[tuple[str, Callable[[], object]]] = [
            (tr("On paper, with a QR code …"), self.print_checkpoint),
            (tr("As a file …"), self.save_checkpoint),
        ]
        self._menu(acts, self._screen.child(QPushButton, "checkpoint"))

    def _more(self) -> None:
        self._menu(self.acts(), self._screen.child(QToolButton, "more"))

    def acts(self) -> list[tuple[str, Callable[[], object]]]:
        """Everything that this member may let out, by its words."""
        acts: list[tuple[str, Callable[[], object]]] = [
            (tr("Checkpoint on paper, with a QR code …"), self.print_checkpoint),
            (tr("Checkpoint as a file …"), self.save_checkpoint),
            (tr("Disclose for a court …"), self.disclose),
            (tr("Ask for a time stamp …"), self.ask_for_stamp),
            (tr("Bring in a time stamp …"), lambda: self.bring_stamp(checked=False)),
            (tr("Bring in a time stamp, checked by certificates …"), lambda: self.bring_stamp(checked=True)),
            (tr("Save for other programs (CASE/UCO) …"), self.save_for_tools),
        ]
        return [(tr("Custody report …"), self.report), *acts] if self.officer else acts

    def _menu(self, acts: list[tuple[str, Callable[[], object]]], button: QWidget) -> None:
        menu = QMenu(self._screen)
        for said, act in acts:
            menu.addAction(said).triggered.connect(lambda _=False, act=act: act())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _written(self, title: str, name: str, write: Callable[[Opened, Path], object]) -> None:
        screen = self._screen
        to = self._files.save(screen.window(), title, Path(name))
        if to is None:
            return
        screen.banner("problem", "")
        told = tr("It is in {file}.").format(file=words.isolated(str(to)))
        job = screen.desk.do(
            screen.reference,
            lambda opened: write(opened, to),
            lambda _: screen.told.emit(told),
            screen.failed_in(screen.reference),
        )
        self._card.follow(job, title)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise Refused(tr("{file} cannot be read: {why}.").format(file=path.name, why=error.strerror)) from error
    if len(data) > LARGEST:
        raise Refused(tr("{file} is larger than it can be.").format(file=path.name))
    return data


def _write_new(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Refused(tr("{file} cannot be written: {why}.").format(file=path.name, why=error.strerror)) from error
