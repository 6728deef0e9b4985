"""The release of a bundle: what would leave, by whom, where to, and the words to tell by another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from evidencevault.bundle import leakcheck, originals, readiness, releasing
from evidencevault.bundle.orders import Order, find
from evidencevault.bundle.stages import RELEASING
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import recipient_rows, words
from evidencevault.desktop.bundle_reader import crossed, leak_lines, unchecked
from evidencevault.desktop.bundle_rows import whom
from evidencevault.desktop.bundle_working import Working
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.recipient import show_key
from evidencevault.desktop.recipient_rows import KeyShown
from evidencevault.desktop.screen import banner
from evidencevault.errors import VaultError
from evidencevault.formats import fingerprints, signatures
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bundle before its release (or before its file is written once more) as whoever looks at it sees it."""

    number: str
    what: str
    whom: str
    why: str
    check: str
    warnings: tuple[str, ...]
    file: str
    mine: bool
    others: tuple[str, ...]
    not_alone: str  # why its maker may not release it alone
    released: bool
    note: str


@dataclass(frozen=True, slots=True)
class Left:
    """What left: the file, and the key that signed it."""

    path: Path
    key: KeyShown


def waiting(case: CaseFile, number: str) -> Waiting:
    """One bundle. Raises NotFound, Damaged."""
    _, one = find(case, number)
    mine = case.member.name == case.handle(one.by)
    said = tr("{documents} documents, {withheld} withheld").format(documents=len(one.items), withheld=len(one.withheld))
    return Waiting(
        number=one.number,
        what=words.line([f"{case.reference}-{one.number}", said]),
        whom=tr("For {whom}").format(whom=words.isolated(whom(one))),
        why=words.line([words.one_line(one.purpose), words.one_line(one.legal_basis)]),
        check="\n".join(leak_lines(leakcheck.copies_of(case, one), one)),
        warnings=(*_bare(case, one), *crossed(case, one), *unchecked(one)),
        file=f"{case.reference}-{one.number}{one.seal.suffix}",
        mine=mine,
        others=readiness.others(case, (case.handle(one.by),)),
        not_alone=releasing.why_not_alone(case, one) if mine else "",
        released=one.release is not None,
        note=_note(one),
    )


def _bare(case: CaseFile, one: Order) -> list[str]:
    said = tr("{exhibit} leaves unredacted: names and all else in it can be read.")
    more = tr("Inside it lie: {inside}.")
    return [
        said.format(exhibit=exhibit) + (" " + more.format(inside=", ".join(within)) if within else "")
        for exhibit, within in originals.inside(case, one.unredacted).items()
    ]


def _note(one: Order) -> str:
    if one.seal.kind == "hybrid":
        return tr("It is sealed to post-quantum keys (age1pq…): opening it takes age 1.3 or newer.")
    if not one.recipients:
        return tr("The receiver also needs the passphrase: tell it by another way as well.")
    return ""


class BundleRelease(Form):
    """``released`` carries the number of a bundle that left; ``closed`` is sent when this is to be put away."""

    released = Signal(str)
    closed = Signal()

    def __init__(self, desk: Desk, theme: Theme, files: Files) -> None:
        super().__init__("bundle_release")
        self._desk, self._files = desk, files
        self._reference = ""
        self._waiting: Waiting | None = None
        self._working = Working(self, theme, RELEASING)
        self._folder, self._reason = self.child(QLineEdit, "folder"), self.child(QLineEdit, "reason")
        self._release = self.child(QPushButton, "release")
        self._path: Path | None = None
        self.child(QPushButton, "choose").clicked.connect(self._choose)
        self.child(QPushButton, "open").clicked.connect(self._open)
        self.child(QPushButton, "close").clicked.connect(self.closed)
        self._release.clicked.connect(self._begin)
        for one in (self._folder, self._reason):
            one.textChanged.connect(lambda _: self._checked())
            one.returnPressed.connect(self._begin)

    @property
    def busy(self) -> bool:
        """Whether a release is under way."""
        return self._working.busy

    def start(self, reference: str, number: str) -> None:
        """Show a bundle that waits for its release."""
        self._reference, self._waiting, self._path = reference, None, None
        self._working.clear()
        self.child(QLabel, "title").setText(tr("Release {bundle}").format(bundle=number))
        for name in ("problem", "warned", "good"):
            banner(self, name, "")
        for name in ("waits", "asking", "done"):
            self.child(QWidget, name).hide()
        self._folder.clear()
        self._reason.clear()
        self._read(lambda opened: waiting(opened.case, number), self._came)

    def _read(self, work: Callable[[Opened], object], came: Callable[[object], object]) -> None:
        reference = self._reference
        self._desk.read(
            reference, work, lambda found: came(found) if reference == self._reference else None, self._refused
        )

    def _came(self, found: object) -> None:
        assert isinstance(found, Waiting)
        self._waiting = found
        for name in ("what", "whom", "why", "check"):
            self.child(QLabel, name).setText(getattr(found, name))
        banner(self, "warned", "\n".join(found.warnings))
        named = tr("It is written there as {file}.").format(file=words.isolated(found.file))
        self.child(QLabel, "fileName").setText(named)
        verb = tr("Write it again") if found.released else tr("Release {bundle}").format(bundle=found.number)
        self._release.setText(verb)
        self._release.setAccessibleName(self._release.text())
        alone = found.mine and not found.released
        self.child(QWidget, "waits").setVisible(alone)
        self.child(QWidget, "alone").setVisible(alone and not found.not_alone)
        self.child(QWidget, "asking").setVisible(not alone or not found.not_alone)
        self.child(QLabel, "waitsText").setText(_for_whom(found))
        self._checked()
        if self.child(QWidget, "asking").isVisibleTo(self):
            (self._reason if alone else self.child(QPushButton, "choose")).setFocus()

    def _checked(self) -> None:
        found, lacks = self._waiting, []
        if found is not None and found.mine and not found.released and not self._reason.text().strip():
            lacks.append(tr("why nobody else can release it"))
        if not self._folder.text().strip():
            lacks.append(tr("the folder"))
        told = tr("Still missing: {what}").format(what=", ".join(lacks)) if lacks else ""
        self.child(QLabel, "missing").setText(told)
        self._release.setEnabled(not lacks and not self._working.busy and found is not None)

    def _choose(self) -> None:
        folder = self._files.folder(self, tr("The folder it is written into"))
        if folder is not None:
            self._folder.setText(str(folder))
            self._release.setFocus()

    def _begin(self) -> None:
        found = self._waiting
        if found is None or not self._release.isEnabled():
            return
        to, alone = Path(self._folder.text().strip()).expanduser(), self._reason.text().strip() or None
        number, folder_missing = found.number, tr("There is no folder {folder}. Nothing left the vault.")
        if not to.is_dir():
            banner(self, "problem", folder_missing.format(folder=words.isolated(str(to))))
            return
        banner(self, "problem", "")

        def work(opened: Opened) -> Left:
            path = releasing.release(opened.case, opened.workers, number, to, alone, opened.progress)
            return Left(path, signed_with(opened.case, number))

        reference = self._reference
        job = self._desk.do(
            reference,
            work,
            lambda left: self._left(number, left) if reference == self._reference else None,
            lambda error: self._failed(error) if reference == self._reference else None,
        )
        self._working.follow(job, tr("Releasing {bundle}").format(bundle=number))
        self.child(QWidget, "asking").setEnabled(False)
        job.ended.connect(lambda: self._ended(reference))

    def _ended(self, reference: str) -> None:
        if reference == self._reference:
            if self._working.busy:  # it was stopped: nobody reported
                self._working.ended(well=False)
            self.child(QWidget, "asking").setEnabled(True)
            self._checked()

    def _left(self, number: str, left: Left) -> None:
        self._working.ended(well=True)
        self._path = left.path
        for name in ("waits", "asking"):
            self.child(QWidget, name).hide()
        said = tr("{bundle} is released. The sealed file is {file}.")
        banner(self, "good", said.format(bundle=number, file=words.isolated(words.one_line(str(left.path)))))
        show_key(self, left.key)
        self.child(QLabel, "note").setText(self._waiting.note if self._waiting else "")
        self.child(QWidget, "done").show()
        self.child(QPushButton, "open").setFocus()
        self.released.emit(number)

    def _failed(self, error: VaultError) -> None:
        self._working.ended(well=False)
        self._refused(error)

    def _refused(self, error: VaultError) -> None:
        banner(self, "problem", error.sentence)

    def _open(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))


def signed_with(case: CaseFile, number: str) -> KeyShown:
    """The key that released a bundle. Raises NotFound."""
    _, one = find(case, number)
    assert one.release is not None
    public = case.public_keys(one.release.by)
    assert public is not None  # its signature was just made
    return recipient_rows.shown(fingerprints.of_ssh(signatures.ssh_fingerprint(public.sign)))


def _for_whom(found: Waiting) -> str:
    """Who can release it, for whoever made it."""
    names = words.isolated(", ".join(found.others))
    if not found.others:
        said = tr("You made it yourself, so somebody else has to release it; nobody else holds this case.")
    else:
        said = tr("You made it yourself, so somebody else has to release it: {names}.").format(names=names)
    return f"{said}\n{found.not_alone}" if found.not_alone else said
