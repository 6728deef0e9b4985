"""Which bundle, and what opens it: the passphrase or the key is asked for, as the file needs it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QToolButton

from evidencevault.bundle.inside import Needs
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_desk import InboxDesk
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.resources import tr

RESTED = 200  # ms after the last letter of a path
LATER, NONE, PASSPHRASE, IDENTITY = range(4)
_PAGES = {Needs.NOTHING: NONE, Needs.PASSPHRASE: PASSPHRASE, Needs.IDENTITY: IDENTITY}
_SECRET = "AGE-SECRET-KEY-"


class InboxAsk(Form):
    """``wanted`` carries the path of a bundle and what was typed to open it."""

    wanted = Signal(object, str)

    def __init__(self, desk: InboxDesk, files: Files) -> None:
        super().__init__("inbox_ask")
        self._desk, self._files = desk, files
        part = self.child
        self._file, self._keys = part(QLineEdit, "file"), part(QStackedWidget, "keys")
        self._secrets = {PASSPHRASE: part(QLineEdit, "passphrase"), IDENTITY: part(QLineEdit, "identity")}
        self._open = part(QPushButton, "open")
        self._looked: Path | None = None  # the file of which it is known what opens it
        self._to_key = False
        self._rest = QTimer(self, singleShot=True, interval=RESTED)
        self._rest.timeout.connect(self._look)
        self._wire()
        self.empty()

    def _wire(self) -> None:
        part = self.child
        self._file.textChanged.connect(self._changed)
        self._file.returnPressed.connect(self._entered)
        for one in (self._file, *self._secrets.values()):
            one.setAcceptDrops(False)  # what is dropped is a bundle, wherever it falls
        for one in self._secrets.values():
            one.textChanged.connect(self._checked)
            one.returnPressed.connect(self._submit)
        self._secrets[IDENTITY].textChanged.connect(self._masked)
        part(QToolButton, "browse").clicked.connect(self.browse)
        part(QToolButton, "browseKey").clicked.connect(self._browse_key)
        part(QToolButton, "reveal").toggled.connect(self._reveal)
        self._open.clicked.connect(self._submit)

    def choose(self, path: Path) -> None:
        """Take a file that was dropped, named or chosen, and go on to its key."""
        self._file.setText(str(path))
        self._to_key = True
        self._look()

    def browse(self) -> None:
        """Ask for the file."""
        path = self._files.bundle(self)
        if path is not None:
            self.choose(path)

    def start(self) -> None:
        """The keyboard where it is needed first."""
        target = self._secrets.get(self._keys.currentIndex()) or self._file
        target.setFocus()
        target.selectAll()

    def empty(self) -> None:
        """No key stays in a field. ``clear`` would leave it in the field's undo history."""
        for one in self._secrets.values():
            one.setText("")
        self.child(QToolButton, "reveal").setChecked(False)
        self._checked()

    def failed(self, sentence: str) -> None:
        """Say why nothing was opened; empty: nothing to say."""
        banner(self, "problem", sentence)
        banner(self, "told", "")

    def tell(self, sentence: str) -> None:
        """Say something that is no failure."""
        banner(self, "told", sentence)

    def _path(self) -> Path:
        return Path(self._file.text().strip())

    def _changed(self) -> None:
        self._looked = None
        self._keys.setCurrentIndex(LATER)
        self._checked()
        self._rest.start()

    def _entered(self) -> None:
        self._to_key = True
        self._look()

    def _look(self) -> None:
        self._rest.stop()
        self.failed("")
        if not self._file.text().strip():
            return
        path = self._path()
        self._desk.needs(path, lambda needs: self._needed(path, needs), lambda error: self._unknown(path, error))

    def _needed(self, path: Path, needs: Needs) -> None:
        if path != self._path():
            return
        self._looked = path
        self._keys.setCurrentIndex(_PAGES[needs])
        self._checked()
        if self._to_key:
            self._to_key = False
            target = self._secrets.get(_PAGES[needs]) or self._open
            target.setFocus()

    def _unknown(self, path: Path, error: VaultError) -> None:
        self._to_key = False
        if path == self._path():
            self.failed(error.sentence)

    def _browse_key(self) -> None:
        path = self._files.key(self)
        if path is not None:
            self._secrets[IDENTITY].setText(str(path))
            self._secrets[IDENTITY].setFocus()

    def _masked(self, text: str) -> None:
        secret = _SECRET in text.upper()
        mode = QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal
        self._secrets[IDENTITY].setEchoMode(mode)

    def _reveal(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._secrets[PASSPHRASE].setEchoMode(mode)

    def _secret(self) -> str | None:
        """What was typed; None where something is missing."""
        page = self._keys.currentIndex()
        if self._looked is None or page == LATER:
            return None
        return "" if page == NONE else self._secrets[page].text() or None

    def _checked(self) -> None:
        self._open.setEnabled(self._secret() is not None)

    def _submit(self) -> None:
        secret = self._secret()
        if secret is None or self._looked is None:
            self.failed(tr("Choose the file of the bundle, then say what opens it."))
            return
        self.failed("")
        self.wanted.emit(self._looked, secret)
