"""Copies of the vault: where they are and how old, making, checking and mending them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QLabel, QListView, QPushButton, QWidget

from evidencevault.desktop import scale, words
from evidencevault.desktop.copy_rows import OLD, CopyDelegate, CopyRow, copy_rows, last_said, newest
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.importing import Card
from evidencevault.desktop.jobs import Done, Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import banner
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.desktop.table import Rows, choose, current
from evidencevault.errors import VaultError
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session, check_copy
from evidencevault.vault.backup_check import Checked
from evidencevault.vault.backup_places import Place
from evidencevault.vault.backups import Copied

SHOWN = 5  # copies in the list before it scrolls
TOLD = 8  # damaged files named in the banner; the command line lists all
_BANNERS = ("late", "bad", "good")


class CopiesPage(SettingsPage):
    """Administrators make copies; everybody sees them and may check them."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("settings_copies")
        self._desk, self._admin = desk, "admin" in desk.member.roles
        self._rows: Rows[CopyRow] = Rows()
        self._list = self.child(QListView, "list")
        self._list.setModel(self._rows)
        self._list.setItemDelegate(CopyDelegate(theme, self._list))
        self._list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self._list, self._forget, context=Qt.ShortcutContext.WidgetShortcut)
        self._card = Card(self, in_bytes=True, afterwards=tr("Finishing …"))
        self._running = False
        for name, act in (
            ("make", self._browse),
            ("makeFirst", self._browse),
            ("again", self._again),
            ("check", self._check),
            ("forget", self._forget),
        ):
            self.child(QPushButton, name).clicked.connect(act)
        if not self._admin:
            self.child(QLabel, "noneWhy").setText(tr("An administrator makes copies."))
            self.child(QPushButton, "makeFirst").hide()
        self._writes, self._came = 0, False  # writes seen, and whether the work under way came to its end
        desk.changed.connect(lambda _: self._changed())
        desk.vault_changed.connect(self._changed)

    def narrow(self, narrow: bool) -> None:
        """What can be done with a copy under each other, or side by side."""
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self.child(QHBoxLayout, "acts").setDirection(direction)

    def begin(self) -> None:
        """The copies, read anew."""
        self._desk.ask(copy_rows, self._show, self.failed)

    def take(self, folder: Path) -> None:
        """Make a copy in a folder."""
        self._make(folder, again=False, full=False)

    def _changed(self) -> None:
        self._writes += 1
        if self.isVisible():  # an erasure has made them anew, or could not
            self.begin()

    @property
    def _row(self) -> CopyRow | None:
        row = current(self._list)
        return row if isinstance(row, CopyRow) else None

    def _show(self, found: list[CopyRow]) -> None:
        before = self._row
        self._rows.show(found)
        self._list.setFixedHeight(min(SHOWN, len(found)) * scale.px(CopyDelegate.row_height) + 4)
        self.child(QWidget, "some").setVisible(bool(found))
        self.child(QWidget, "none").setVisible(not found)
        if found and not (before and choose(self._list, self._rows, before.id)):
            self._list.setCurrentIndex(self._rows.index(0, 0))
        days = newest(row.days for row in found)
        late = bool(found) and (days is None or days > OLD)
        banner(self, "late", last_said(days) if late else "")
        self.child(QLabel, "fresh").setText(last_said(days) if found and not late else "")
        self._chosen()

    def _chosen(self) -> None:
        row, free = self._row, not self._running
        self.child(QLabel, "about").setText(row.about if row is not None else "")
        mend = row is not None and not row.whole
        again = self.child(QPushButton, "again")
        begun = row is not None and row.days is None
        again.setText(tr("Go on with it") if begun else tr("Mend this copy") if mend else tr("Make it anew"))
        again.setAccessibleName(again.text())
        for name in ("make", "makeFirst"):
            self.child(QPushButton, name).setEnabled(free and self._admin)
        again.setEnabled(free and self._admin and row is not None and row.there)
        self.child(QPushButton, "check").setEnabled(free and row is not None and row.there and not begun)
        self.child(QPushButton, "forget").setEnabled(free and row is not None)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose a folder on another disk"))
        if chosen:
            self.take(Path(chosen))

    def _again(self) -> None:
        row = self._row
        if row is not None:
            self._make(row.path, again=True, full=not row.whole)

    def _make(self, folder: Path, *, again: bool, full: bool) -> None:
        def work(session: Session, progress: Progress) -> Copied:
            return session.back_up(folder, again=again, full=full, progress=progress)

        self._run(work, self._made, tr("Copying the vault"))

    def _made(self, done: Copied) -> None:
        choose(self._list, self._rows, str(done.folder.resolve()))
        if done.damaged:
            head = tr("The copy is made, but the vault itself does not have these files whole:")
            banner(self, "bad", _listed(head, done.damaged))
            return
        said = tr("The copy in {folder} is up to date ({size}).").format(
            folder=words.isolated(str(done.folder)), size=words.isolated(words.size(done.size))
        )
        banner(self, "good", said)
        self.told.emit(tr("The copy is made."))

    def _check(self) -> None:
        row = self._row
        if row is None:
            return
        folder = row.path
        self._run(
            lambda session, progress: check_copy(folder, clock=session.office.clock, progress=progress),
            self._checked,
            tr("Checking the copy"),
        )

    def _checked(self, found: Checked) -> None:
        if found.damage:
            head = tr("This copy is damaged. “Mend this copy” brings what is wrong anew from the vault.")
            banner(self, "bad", _listed(head, found.damage))
            return
        said = tr("This copy is whole: all {size} of it were read.").format(size=words.isolated(words.size(found.size)))
        banner(self, "good", said)

    def _run(self, work: Callable[[Session, Progress], Any], done: Done, title: str) -> None:
        self.refused.emit("")
        for name in _BANNERS:
            banner(self, name, "")
        self._running, self._came = True, False
        self._chosen()

        def came(found: Any) -> None:
            self._came = True
            done(found)

        job = self._desk.copy(work, came, self._stopped)
        job.ended.connect(lambda: self._ended(job))
        self._card.follow(job, title)

    def _stopped(self, error: VaultError) -> None:
        banner(self, "bad", error.sentence)

    def _ended(self, job: Job) -> None:
        self._running = False
        if job.progress.stopping and not self._came:
            self.told.emit(tr("Stopped. The vault, and any copy made before, are as they were."))
        self.begin()

    def _forget(self) -> None:
        row = self._row
        if row is None or self._running:
            return
        said = tr("{name} is off this list. What lies in it stays as it is.").format(name=words.isolated(row.path.name))

        def done(gone: Place | None) -> None:
            self.begin()
            if gone is not None:
                writes = self._writes
                self.undoable.emit(said, lambda: self._put_back(gone, writes))

        self._desk.ask(lambda session: session.office.copies.forget(row.path), done, self.failed)

    def _put_back(self, gone: Place, writes: int) -> None:
        # What was written meanwhile may have been an erasure, which asked only for the copies on the list.
        place = replace(gone, stale=gone.stale or (gone.finished and writes != self._writes))
        self._desk.ask(lambda session: session.office.copies.put(place), lambda _: self.begin(), self.failed)


def _listed(head: str, found: tuple[str, ...]) -> str:
    more = [tr("and {n} more; “evidencevault backup verify” lists all").format(n=len(found) - TOLD)]
    return "\n".join([head, *found[:TOLD], *(more if len(found) > TOLD else [])])
