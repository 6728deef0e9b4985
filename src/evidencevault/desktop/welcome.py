"""The first page: the vaults of this computer, a new one, one from elsewhere, a received bundle, the sample case."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QListView, QPushButton, QWidget

from evidencevault.desktop import recent, scale
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.recent import Known
from evidencevault.desktop.screen import banner
from evidencevault.desktop.table import Rows, choose, current
from evidencevault.desktop.toast import Toast
from evidencevault.resources import tr
from evidencevault.vault.backup_files import MANIFEST
from evidencevault.vault.registry import DATABASE_FILE

SHOWN = 4  # vaults in the list before it scrolls


class KnownDelegate(Painting):
    """A vault: its folder's name, where it lies, who opened it last."""

    row_height = 52

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """Draw one vault."""
        if not isinstance(row, Known):
            return
        t = brush.tokens
        if brush.selected:
            brush.fill(brush.place(0, 0, brush.width, brush.height), t.accent_soft, 6)
        elif brush.hovered:
            brush.fill(brush.place(0, 0, brush.width, brush.height), t.hover, 6)
        brush.icon(brush.place(12, 16, 20, 20), "lock-keyhole", t.accent)
        user = brush.advance(row.member, 12) + 8 if row.member else 0
        brush.text(brush.place(44, 7, brush.width - 60 - user, 20), row.path.name, t.text, 13, 600)
        brush.text(brush.place(44, 27, brush.width - 60, 18), str(row.path.parent), t.muted, 12)
        if row.member:
            brush.text(brush.place(brush.width - user - 12, 7, user, 20), row.member, t.muted, 12, end=True)
        if brush.focused and brush.selected:
            brush.ring(brush.rect)


class WelcomeScreen(Form):
    """``chosen`` carries the folder of a vault to unlock, ``copied`` that of a copy; the others are wishes."""

    chosen = Signal(object)
    creating = Signal()
    received = Signal()
    sampling = Signal()
    restoring = Signal()
    copied = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__("welcome")
        self.card = self.child(QFrame, "card")
        self._list = self.child(QListView, "list")
        self._known: Rows[Known] = Rows()
        self._list.setModel(self._known)
        self._list.setItemDelegate(KnownDelegate(theme, self._list))
        self._list.activated.connect(self._open)
        self._toast = Toast(self)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self._list, self._forget, context=Qt.ShortcutContext.WidgetShortcut)
        for name, act in (
            ("open", self._open),
            ("forget", self._forget),
            ("create", self.creating.emit),
            ("browse", self._browse),
            ("received", self.received.emit),
            ("sample", self.sampling.emit),
            ("restore", self.restoring.emit),
        ):
            self.child(QPushButton, name).clicked.connect(act)

    def start(self) -> None:
        """The list anew, with the keyboard where most begin."""
        banner(self, "problem", "")
        self._show()
        if self._known.rows:
            self._list.setFocus()
        else:
            self.child(QPushButton, "create").setFocus()

    def take(self, folder: Path) -> None:
        """A folder that was dropped or chosen: unlock the vault in it, get one back from a copy, or say so."""
        if (folder / DATABASE_FILE).is_file():
            self.chosen.emit(folder)
        elif (folder / MANIFEST).is_file():
            self.copied.emit(folder)
        else:
            self.say(tr("There is no vault in {folder}. Nothing was changed.").format(folder=folder))

    def say(self, sentence: str) -> None:
        """Why something was not done."""
        banner(self, "problem", sentence)

    def _show(self) -> None:
        before = current(self._list)
        self._known.show(recent.known())
        self.child(QWidget, "known").setVisible(bool(self._known.rows))
        rows = min(SHOWN, len(self._known.rows))
        self._list.setFixedHeight(rows * scale.px(KnownDelegate.row_height) + 4)
        if self._known.rows and not (before and choose(self._list, self._known, before.id)):
            self._list.setCurrentIndex(self._known.index(0, 0))

    def _open(self, *_: object) -> None:
        row = current(self._list)
        if row is not None:
            self.take(row.path)

    def _forget(self) -> None:
        row = current(self._list)
        if row is None:
            return
        recent.forget(row.path)
        self._show()

        def back() -> None:
            recent.remember(row.path, row.member, row.key_file)
            self._show()
            choose(self._list, self._known, row.id)

        said = tr("{name} is off this list. The vault itself is where it was.").format(name=row.path.name)
        self._toast.say(said, back)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose the folder of a vault"))
        if chosen:
            self.take(Path(chosen))
