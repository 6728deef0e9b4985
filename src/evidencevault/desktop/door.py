"""The window before a vault is open: welcome, unlocking, a new vault, recovery, one from a copy, the sample case."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from evidencevault.desktop.dropping import DropTarget
from evidencevault.desktop.forms import in_turns
from evidencevault.desktop.inbox_files import bundle_among
from evidencevault.desktop.jobs import Lane
from evidencevault.desktop.look import Theme
from evidencevault.desktop.recent import recent, remember
from evidencevault.desktop.unlock import UnlockScreen
from evidencevault.desktop.welcome import WelcomeScreen
from evidencevault.resources import tr

if TYPE_CHECKING:  # imported when they are asked for
    from evidencevault.desktop.founding import FoundingScreen
    from evidencevault.desktop.recovering import RecoveringScreen
    from evidencevault.desktop.restoring import RestoringScreen
    from evidencevault.desktop.restoring_declare import DeclareScreen
    from evidencevault.desktop.sampling import SamplingScreen
    from evidencevault.vault.backup_restore import Restored

AFTERWARDS = "evidencevault.desktop.shell"
"""With all screens and services; imported once the first window is there, while somebody types."""


class Door(QMainWindow):
    """``opened`` carries a session, ``received`` the file of a bundle or None. One lane does all its work."""

    opened = Signal(object)
    received = Signal(object)

    def __init__(self, theme: Theme, vault: Path | None, member: str, *, unconfined: bool) -> None:
        super().__init__()
        self._theme, self._unconfined = theme, unconfined
        self._named = vault is not None
        self._lane = Lane("unlocking")
        self._stack = QStackedWidget()
        self.setWindowTitle("EvidenceVault")
        self.setCentralWidget(self._stack)
        self.welcome = WelcomeScreen(theme)
        self.unlocking = UnlockScreen(self._lane, vault, member, unconfined=unconfined)
        self._founding: FoundingScreen | None = None
        self._recovering: RecoveringScreen | None = None
        self._sampling: SamplingScreen | None = None
        self._restoring: RestoringScreen | None = None
        self._declaring: DeclareScreen | None = None
        self._wire()
        for screen in (self.welcome, self.unlocking):
            self._stack.addWidget(screen)

    def _wire(self) -> None:
        self.unlocking.opened.connect(self.opened)
        self.unlocking.others.connect(self.show_welcome)
        self.unlocking.forgotten.connect(self._recover)
        self.unlocking.older.connect(lambda folder: self._declare(folder, ""))
        self.unlocking.received.connect(lambda: self.received.emit(None))
        self.welcome.chosen.connect(self._unlock)
        self.welcome.received.connect(lambda: self.received.emit(None))
        self.welcome.creating.connect(self._found)
        self.welcome.sampling.connect(self._sample)
        self.welcome.restoring.connect(lambda: self._restore())
        self.welcome.copied.connect(self._restore)
        QShortcut(QKeySequence("Ctrl+O"), self, lambda: self.received.emit(None))
        DropTarget(self.welcome, self.welcome.card, self._free).dropped.connect(self._dropped)
        DropTarget(self, self.unlocking.card, self._takes_drops).dropped.connect(self._dropped)

    def start(self) -> None:
        """The vault that was named or opened last; where there is none, what can be done."""
        if self._named or recent():
            self._show(self.unlocking)
            self.unlocking.start()
        else:
            self.show_welcome()
        # No job of the lane: whoever is quick does not wait for it.
        QTimer.singleShot(0, Thread(target=import_module, args=(AFTERWARDS,), daemon=True).start)

    def show_welcome(self) -> None:
        """What can be done without an open vault."""
        self._show(self.welcome)
        self.welcome.start()

    def locking(self, work: Callable[[], object], vault: Path, member: str, notice: str) -> None:
        """Unlocking, as soon as ``work`` has closed the vault; for a user where one is named (empty: for any)."""
        self._show(self.unlocking)
        self.unlocking.closing(work, vault, member, notice)

    def say(self, sentence: str) -> None:
        """A fault of the program, said where the person looks."""
        shown = self._stack.currentWidget()
        begun = (self._founding, self._recovering, self._restoring, self._declaring)
        for one in (self.welcome, self.unlocking, *begun):
            if one is not None and one is shown:
                one.say(sentence)

    def shut(self) -> None:
        """Before the program ends: what is under way stops, and no passphrase stays in a field."""
        if self._founding is not None:
            self._founding.leave()
        if self._declaring is not None:
            self._declaring.leave()
        self._lane.close()

    def _show(self, screen: QWidget) -> None:
        if self._stack.indexOf(screen) < 0:
            self._stack.addWidget(screen)
        self._theme.wear(screen)
        self._stack.setCurrentWidget(screen)

    def _unlock(self, folder: Path, member: str | None = None, notice: str = "") -> None:
        self._show(self.unlocking)
        self.unlocking.start(folder, member, notice)

    def _found(self) -> None:
        in_turns(self, self._made_founding, lambda: self._theme.wear(self._made_founding()), self._begin_founding)

    def _made_founding(self) -> FoundingScreen:
        if self._founding is None:
            from evidencevault.desktop.founding import FoundingScreen

            self._founding = FoundingScreen(self._lane, self._theme, unconfined=self._unconfined)
            self._founding.opened.connect(self.opened)
            self._founding.back.connect(self.show_welcome)
        return self._founding

    def _begin_founding(self) -> None:
        self._show(self._made_founding())
        self._made_founding().start()

    def _recover(self, folder: Path, member: str) -> None:
        if self._recovering is None:
            from evidencevault.desktop.recovering import RecoveringScreen

            self._recovering = RecoveringScreen(self._lane)
            self._recovering.back.connect(lambda: self._show(self.unlocking))
            self._recovering.recovered.connect(self._recovered)
        self._show(self._recovering)
        self._recovering.start(folder, member)

    def _recovered(self, folder: Path, member: str) -> None:
        remember(folder, member, "")  # the new keys were made without a key file
        self._unlock(folder, member, tr("There are new keys. Unlock with the new passphrase."))

    def _sample(self) -> None:
        if self._sampling is None:
            from evidencevault.desktop.sampling import SamplingScreen

            self._sampling = SamplingScreen(self._lane, unconfined=self._unconfined)
            self._sampling.opened.connect(self.opened)
            self._sampling.back.connect(self.show_welcome)
        self._show(self._sampling)
        self._sampling.start()

    def _restore(self, copy: Path | None = None) -> None:
        if self._restoring is None:
            from evidencevault.desktop.restoring import RestoringScreen

            self._restoring = RestoringScreen(self._lane)
            self._restoring.back.connect(self.show_welcome)
            self._restoring.restored.connect(self._restored)
        self._show(self._restoring)
        self._restoring.start(copy)

    def _restored(self, made: Restored, told: str) -> None:
        remember(made.folder)
        if made.older:
            self._declare(made.folder, told)
        else:
            self._unlock(made.folder, "", told)

    def _declare(self, folder: Path, told: str) -> None:
        if self._declaring is None:
            from evidencevault.desktop.restoring_declare import DeclareScreen

            self._declaring = DeclareScreen(self._lane)
            self._declaring.declared.connect(self._unlock)
        self._show(self._declaring)
        self._declaring.start(folder, told)

    def _takes_drops(self) -> bool:
        return self._stack.currentWidget() in (self.welcome, self.unlocking) and self._free()

    def _free(self) -> bool:
        return not self._lane.busy

    def _dropped(self, paths: list[Path]) -> None:
        folder = next((one for one in paths if one.is_dir()), None)
        bundle = bundle_among(paths)
        if folder is not None:
            self.show_welcome()
            self.welcome.take(folder)
        elif bundle is not None:
            self.received.emit(bundle)
        else:
            self.say(tr("That is neither a vault's folder nor a bundle: a bundle ends in .zip.age or .zip."))
