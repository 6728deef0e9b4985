"""Puts somebody into the address book, or gives them other keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton

from evidencevault.casework import recipients
from evidencevault.casework.recipients import Recipient
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.recipient_rows import Known
from evidencevault.desktop.screen import banner
from evidencevault.errors import Refused, VaultError
from evidencevault.resources import tr

_LARGEST = 64 * 1024  # bytes of a file with keys


class RecipientAdd(Form):
    """``saved`` carries the name of who was put in; ``left`` is sent when nobody was."""

    saved = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, files: Files) -> None:
        super().__init__("recipient_add")
        self._desk, self._files = desk, files
        self._before: Known | None = None
        self._name, self._organisation = self.child(QLineEdit, "name"), self.child(QLineEdit, "organisation")
        self._keys, self._save = self.child(QPlainTextEdit, "keys"), self.child(QPushButton, "save")
        for one in (self._name, self._organisation, self._keys):
            one.textChanged.connect(lambda *_: self._checked())
        self._save.clicked.connect(self.save)
        self.child(QPushButton, "cancel").clicked.connect(self.left)
        self.child(QPushButton, "file").clicked.connect(self._read)
        for keys, act in (("Ctrl+Return", self.save), ("Ctrl+Enter", self.save), ("Esc", self.left.emit)):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def start(self, before: Known | None = None) -> None:
        """Somebody new, or other keys for somebody who is there."""
        self._before = before
        title = tr("Change {name}").format(name=before.name) if before else tr("Add somebody who receives bundles")
        self.child(QLabel, "title").setText(title)
        self._name.setText(before.name if before else "")
        self._name.setReadOnly(before is not None)
        self._organisation.setText(before.organisation if before else "")
        self._keys.setPlainText("\n".join(before.given) if before else "")
        banner(self, "refused", "")
        self._checked()
        (self._keys if before else self._name).setFocus()

    def save(self) -> None:
        """Put them in."""
        if not self._save.isEnabled():
            return
        name, organisation, keys = self._name.text(), self._organisation.text(), self._keys.toPlainText().split()
        self._save.setEnabled(False)
        banner(self, "refused", "")
        self._desk.act(
            lambda session: recipients.add(session.office, name, keys, organisation), self._saved, self._refused
        )

    def _saved(self, made: tuple[Recipient, int]) -> None:
        self.saved.emit(made[0].name)

    def _refused(self, error: VaultError) -> None:
        banner(self, "refused", error.sentence)
        self._checked()

    def _checked(self) -> None:
        lacks = []
        if not self._name.text().strip():
            lacks.append(tr("the name"))
        if not self._keys.toPlainText().split():
            lacks.append(tr("a key"))
        told = tr("Still missing: {what}").format(what=", ".join(lacks)) if lacks else ""
        self.child(QLabel, "missing").setText(told)
        self._save.setEnabled(not lacks)
        before = self._before
        clears = before is not None and before.checks and set(before.given) != set(self._keys.toPlainText().split())
        self.child(QLabel, "clears").setText(tr("With other keys, the checks entered before do not count any more."))
        self.child(QLabel, "clears").setVisible(bool(clears))

    def _read(self) -> None:
        path = self._files.any(self, tr("Choose the file with their key"))
        if path is None:
            return
        try:
            with path.open("rb") as file:
                text = file.read(_LARGEST).decode("utf-8", "replace")
        except OSError as error:
            said = tr("The key file {file} cannot be read: {why}.").format(file=path.name, why=error.strerror)
            self._refused(Refused(said))
            return
        found = [word for line in text.splitlines() for word in line.split() if recipients.is_key(word)]
        if found:
            self._keys.setPlainText("\n".join(dict.fromkeys(found)))
        else:
            self._refused(Refused(tr("There is no key in that file: a key begins with age1.")))
