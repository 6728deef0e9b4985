"""What this computer offers, in words, and which program this is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QListView, QPushButton

from evidencevault import __version__
from evidencevault.desktop import words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.desktop.table import Rows
from evidencevault.documents import machine
from evidencevault.documents.machine import Machine
from evidencevault.resources import tr


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
        self.child(QPushButton, "again").clicked.connect(self._look)
        self.child(QLabel, "version").setText(tr("EvidenceVault {version}").format(version=__version__))
        vault = words.isolated(str(desk.vault))
        self.child(QLabel, "place").setText(tr("This vault is in {folder}").format(folder=vault))

    def begin(self) -> None:
        """Look, the first time."""
        if not self._looked:
            self._looked = True
            self._look()

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
