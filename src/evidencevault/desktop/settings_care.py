"""What this computer offers, in words, and which program this is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QLabel, QListView, QPushButton

from evidencevault import __version__
from evidencevault.desktop import words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.jobs import Done, Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.desktop.table import Rows
from evidencevault.documents import machine
from evidencevault.documents.machine import Machine
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault.upkeep import Condition

SHOWN = 5  # of what is damaged


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that is there, or is not. ``tone`` good, warn or plain."""

    id: str
    words: str
    tone: str

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.id}: {self.words}"


class OfferDelegate(Painting):
    """What, and how it stands."""

    row_height = 46

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """Draw one line."""
        if not isinstance(row, Offer):
            return
        t = brush.tokens
        icon = {"good": "circle-check", "warn": "triangle-alert"}.get(row.tone, "info")
        if brush.selected:
            brush.fill(brush.place(0, 0, brush.width, brush.height), t.accent_soft, 6)
        brush.icon(brush.place(10, 14, 18, 18), icon, t.tone(row.tone)[0])
        brush.text(brush.place(38, 5, brush.width - 48, 19), row.id, t.text, 13, 500)
        brush.text(brush.place(38, 24, brush.width - 48, 17), row.words, t.muted, 12)
        if brush.focused and brush.selected:
            brush.ring(brush.rect)


class CarePage(SettingsPage):
    """Looked at when the page is first shown: it takes a second or two."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("settings_care")
        self._desk = desk
        self._looked = False
        self._offers: Rows[Offer] = Rows()
        view = self.child(QListView, "list")
        view.setModel(self._offers)
        view.setItemDelegate(OfferDelegate(theme, view))
        self._job: Job | None = None
        self.child(QPushButton, "again").clicked.connect(self._look)
        self.child(QPushButton, "checkStored").clicked.connect(self._check)
        self.child(QPushButton, "tidy").clicked.connect(self._tidy)
        self.child(QPushButton, "stop").clicked.connect(self._stop)
        self.child(QLabel, "version").setText(tr("EvidenceVault {version}").format(version=__version__))
        vault = words.isolated(str(desk.vault))
        self.child(QLabel, "place").setText(tr("This vault is in {folder}").format(folder=vault))

    def begin(self) -> None:
        """Look, the first time."""
        if not self._looked:
            self._looked = True
            self._look()

    def _check(self) -> None:
        self._runs(lambda session, progress: session.stored(full=True, progress=progress), self._checked)

    def _tidy(self) -> None:
        self._runs(lambda session, progress: session.tidy(progress), self._tidied)

    def _runs(self, work: Callable[[Session, Progress], Any], done: Done) -> None:
        self.child(QLabel, "stored").setText(tr("Reading …"))
        self._buttons(running=True)
        self._job = job = self._desk.copy(work, done, self.failed)  # nobody who reads waits for it
        job.ended.connect(self._ended)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _ended(self) -> None:
        self._job = None
        self._buttons(running=False)
        if self.child(QLabel, "stored").text() == tr("Reading …"):
            self.child(QLabel, "stored").setText("")

    def _buttons(self, *, running: bool) -> None:
        self.child(QPushButton, "stop").setVisible(running)
        self.child(QPushButton, "checkStored").setEnabled(not running)
        self.child(QPushButton, "tidy").setEnabled(not running)

    def _checked(self, found: Condition) -> None:
        left = len(found.orphans) + len(found.leftovers)
        said = [tr("Damaged: {what}").format(what=one) for one in found.damage[:SHOWN]]
        if not found.damage:
            said.append(tr("The database is whole, and each of {n} stored files is there and unchanged.").format(
                n=found.objects))  # fmt: skip
        if left:
            said.append(
                tr("{n} files were left by a crash or are being written now. They harm nothing.").format(n=left)
            )
        label = self.child(QLabel, "stored")
        label.setText("\n".join(said))
        label.setProperty("role", "wrong" if found.damage else "muted")
        label.style().polish(label)
        self.child(QPushButton, "tidy").setVisible(bool(left))

    def _tidied(self, removed: tuple[str, ...]) -> None:
        self.child(QPushButton, "tidy").hide()
        said = tr("Removed: {n}. What is younger than a day stays, it may be under way.").format(n=len(removed))
        self.child(QLabel, "stored").setText(said)

    def _look(self) -> None:
        self._offers.show([Offer(tr("Looking …"), "", "plain")])
        self._desk.ask(lambda _: offers(machine.look()), self._offers.show, self.failed)


def offers(found: Machine) -> list[Offer]:
    """A machine in words."""
    box = found.sandbox
    sandbox = (
        tr("Documents are read in a closed room: no network, no files, no keys.")
        if box.sandboxed
        else tr("Foreign files are not opened here: {why}").format(why=box.how)
    )
    known = ", ".join(found.languages)
    missing = tr("missing: {names}").format(names=", ".join(found.missing)) if found.missing else ""
    return [
        Offer(tr("Safe reading of foreign files"), sandbox, "good" if box.sandboxed else "warn"),
        Offer(
            tr("Reading text in scans and photographs"),
            words.line([known or tr("not installed"), missing]),
            "good" if known and not missing else "warn",
        ),
        _there(tr("Office documents"), found.office is not None),
        _there(tr("HEIC photographs"), found.heic),
        _there(tr("Sound and film"), found.recordings),
        Offer(tr("System"), words.line([found.system, f"Python {found.python}"]), "plain"),
        *(Offer(name, version, "plain") for name, version in found.versions.items()),
    ]


def _there(what: str, there: bool) -> Offer:
    said = tr("installed") if there else tr("not installed; such files are kept all the same, without a preview")
    return Offer(what, said, "good" if there else "warn")
