"""A received bundle once it is asked for: its head, its checks, its documents, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QStackedWidget, QToolButton

from evidencevault.bundle.continuity import Head
from evidencevault.bundle.notes import Notes
from evidencevault.desktop import inbox_drafts, words
from evidencevault.desktop.asking import Question
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_checks import InboxChecks
from evidencevault.desktop.inbox_desk import InboxDesk, Opened
from evidencevault.desktop.inbox_disclosure import Disclosures
from evidencevault.desktop.inbox_documents import InboxDocuments
from evidencevault.desktop.inbox_earlier import Comparison
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.inbox_notes import Notepad
from evidencevault.desktop.inbox_receipt import ReceiptSheet
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.look import Theme
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.resources import tr

CHECKS, DOCUMENTS = range(2)


class InboxBundle(Form):
    """``again``: another key or file is to be tried; ``locking``: forget key and content."""

    again = Signal()
    locking = Signal()

    def __init__(self, desk: InboxDesk, theme: Theme, files: Files) -> None:
        super().__init__("inbox_bundle")
        self._desk, self._theme, self._files = desk, theme, files
        self.notes = Notepad()
        self.opened: Opened | None = None
        self._notes_path: Path | None = None
        self.checks = InboxChecks(theme, self.notes)
        self.documents = InboxDocuments(desk, theme, self.notes)
        self._comparison = Comparison(desk, self.checks, files, theme)
        self._disclosures = Disclosures(desk, files, theme, self)
        self.checks.disclosing.connect(self._disclose)
        self._screens = self.child(QStackedWidget, "screens")
        self._screens.addWidget(self.checks)
        self._screens.addWidget(self.documents)
        part = self.child
        part(QPushButton, "tabChecks").clicked.connect(lambda: self.go(CHECKS))
        part(QPushButton, "tabDocuments").clicked.connect(lambda: self.go(DOCUMENTS))
        part(QPushButton, "receipt").clicked.connect(self._receipt)
        part(QPushButton, "lock").clicked.connect(self.locking)
        part(QPushButton, "saveNotes").clicked.connect(lambda: self.save_notes())
        part(QToolButton, "openNotes").clicked.connect(self._open_notes)
        part(QToolButton, "saveAll").clicked.connect(self._save_all)
        self.documents.reader.saving.connect(self._save_document)
        self.checks.again.connect(self.again)
        self.checks.reading.connect(lambda: self.go(DOCUMENTS))
        self.notes.changed.connect(self._noted)
        self._comparison.differs.connect(lambda: self._stated(tr("Does not continue"), "bad"))
        self._comparison.fits.connect(lambda: self._stated(tr("Whole"), "good"))
        self.clear()

    def _disclose(self) -> None:
        if self.opened is not None:
            one = self.opened.received
            self._disclosures.ask(Head(one.origin, one.checkpoint_size, one.checkpoint_root))

    def begin(self, path: Path, job: Job) -> None:
        """A bundle is being checked."""
        self.clear()
        self._head(words.one_line(path.name), "", tr("Being checked"), "plain")
        self.checks.begin(path.name, job)

    def failed(self, error: VaultError) -> None:
        """A check was not passed."""
        self._stated(tr("Not whole"), "bad")
        self.checks.failed(error)

    def whole(self, opened: Opened) -> None:
        """Every check was passed."""
        self.opened, one = opened, opened.received
        size = words.size(one.size)
        about = [tr("{n} files").format(n=one.files), size, words.one_line(str(opened.path))]
        self._head(words.one_line(one.name), words.line(about), tr("Whole"), "good")
        found = opened.notes
        self._notes_path = found.path
        self.notes.replace(found.notes, dirty=found.draft)
        self.checks.whole(opened)
        self.documents.show_opened(opened)
        self._enable()
        if found.problem:
            self.say_problem(tr("Notes were found and not opened.") + " " + found.problem)
        elif found.draft:
            self.say(tr("Notes that were not saved when the window locked are here again. Save them."))
        elif found.path is not None:
            self.say(tr("Your notes were opened from {file}.").format(file=words.isolated(found.path.name)))

    def clear(self) -> None:
        """Forget everything that was shown."""
        self.opened, self._notes_path = None, None
        self.notes.replace(None)
        self.checks.clear()
        self.documents.clear()
        self._head("", "", "", "plain")
        self._enable()
        self.say("")
        self.go(CHECKS)

    def go(self, screen: int) -> None:
        """Show the checks, or the documents of a bundle that is whole."""
        if screen == DOCUMENTS and self.opened is None:
            return
        self._screens.setCurrentIndex(screen)
        self.child(QPushButton, ("tabChecks", "tabDocuments")[screen]).setChecked(True)
        if screen == DOCUMENTS:
            self.documents.focus_list()
        elif self.opened is not None:
            self.checks.focus_first()

    def next_pane(self) -> None:
        """F6."""
        if self._screens.currentIndex() == DOCUMENTS:
            self.documents.next_pane()
        else:
            self.checks.focus_first()

    def seek(self) -> None:
        """Ctrl+F."""
        self.go(DOCUMENTS)
        if self.opened is not None:
            self.documents.focus_filter()

    def say(self, text: str) -> None:
        """Something went well; empty: nothing to say."""
        banner(self, "good", text)
        banner(self, "problem", "")
        self.child(QFrame, "banners").setVisible(bool(text))

    def say_problem(self, text: str) -> None:
        """Something did not."""
        banner(self, "problem", text)
        banner(self, "good", "")
        self.child(QFrame, "banners").setVisible(True)

    def locks_in(self, seconds: int) -> None:
        """Show how long there is left, towards the end."""
        time = words.isolated(f"{seconds // 60:02d}:{seconds % 60:02d}")
        self.child(QPushButton, "lock").setText(tr("Closes in {time}").format(time=time))

    def save_notes(self) -> Job | None:
        """Seal the notes into the file they came from, or one that is asked for; None where nothing is under way."""
        opened, said = self.opened, self.notes.notes
        if opened is None or not opened.may_seal:
            return None
        to = self._notes_path or self._files.save(
            self, tr("Where the sealed notes are kept"), inbox_drafts.beside(opened.path, opened.received)
        )
        if to is None:
            return None

        def done(path: Path) -> None:
            self._notes_path = path
            self.notes.saved(said)
            self.say(tr("The notes are sealed in {file}.").format(file=words.isolated(words.one_line(str(path)))))

        return self._desk.save_notes(said, to, opened.received, done, self._refused)

    def _open_notes(self) -> None:
        if self.opened is None:
            return
        if self.notes.dirty:
            self.say_problem(tr("There are notes that are not saved. Save them first; then open others."))
            return
        path = self._files.notes(self)
        if path is None:
            return

        def done(found: Notes) -> None:
            self._notes_path = path
            self.notes.replace(found)
            self.say(tr("Your notes were opened from {file}.").format(file=words.isolated(path.name)))

        self._desk.load_notes(path, self.opened.received, done, self._refused)

    def _receipt(self) -> None:
        if self.opened is not None:
            ReceiptSheet(self._desk, self.opened, self._files, self._theme, self).open()

    def _save_document(self) -> None:
        row = self.documents.reader.row
        if row is None or self.opened is None:
            return
        one, folder = row.document, self.opened.path.parent
        self._warned(
            lambda: self._files.save(self, tr("Save a copy in clear"), folder / one.path.rpartition("/")[2]),
            lambda to: self._desk.save_document(one, to, self._copied, self._refused),
        )

    def _save_all(self) -> None:
        if self.opened is not None:
            self._warned(
                lambda: self._files.folder(self, tr("In which folder the copy is made")),
                lambda to: self._desk.save_all(to, self._copied, self._refused),
            )

    def _warned(self, ask: Callable[[], Path | None], save: Callable[[Path], object]) -> None:
        """Say what a copy in clear means, then ask where, then write it."""
        question = Question(
            tr("The copy will lie there in clear"),
            tr(
                "Whoever can use this computer or its backups can read it, and deleting it later may leave traces. "
                "To read it you need no copy: everything can be read here."
            ),
            tr("Save in clear …"),
            self._theme,
            self,
        )

        def agreed() -> None:
            to = ask()
            if to is not None:
                self.say("")
                save(to)

        question.agreed.connect(agreed)
        question.open()

    def _copied(self, path: Path) -> None:
        self.say(
            tr("The copy is in {path}. It is not encrypted.").format(path=words.isolated(words.one_line(str(path))))
        )

    def _refused(self, error: VaultError) -> None:
        self.say_problem(error.sentence)

    def _head(self, name: str, about: str, state: str, tone: str) -> None:
        self.child(QLabel, "name").setText(words.line([name]))
        self.child(QLabel, "about").setText(about)
        self._stated(state, tone)

    def _stated(self, state: str, tone: str) -> None:
        chip = self.child(QLabel, "state")
        chip.setText(state)
        chip.setVisible(bool(state))
        chip.setProperty("chip", tone)
        chip.style().polish(chip)

    def _enable(self) -> None:
        ready = self.opened is not None
        for kind, name in ((QPushButton, "receipt"), (QPushButton, "tabDocuments"), (QToolButton, "saveAll")):
            self.child(kind, name).setEnabled(ready)
        may = self.opened is not None and self.opened.may_seal
        self.child(QToolButton, "openNotes").setEnabled(may)
        self._noted()

    def _noted(self) -> None:
        may = self.opened is not None and self.opened.may_seal
        self.child(QPushButton, "saveNotes").setEnabled(may and self.notes.dirty)
        self.child(QLabel, "notesState").setText(tr("Notes not saved") if self.notes.dirty else "")
