"""The demo's folder: what lies where in it; a new, a finished, an unfinished and a foreign one are told apart."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evidencevault.errors import Refused, StorageFailed
from evidencevault.formats import age
from evidencevault.resources import tr
from evidencevault.vault.durable import make_folder


@dataclass(frozen=True, slots=True)
class Demo:
    """Where a finished demo lies. ``passphrases`` by member; ``reopened``: it was there already."""

    case: str
    vault: Path
    bundle: Path
    identity: Path
    opened: Path
    report: Path
    passphrase_file: Path
    passphrases: Mapping[str, str]
    reopened: bool


@dataclass(frozen=True, slots=True)
class Places:
    """The paths in one demo folder."""

    folder: Path

    @property
    def vault(self) -> Path:
        """The vault."""
        return self.folder / "vault"

    @property
    def out(self) -> Path:
        """What left the vault."""
        return self.folder / "out"

    @property
    def identity(self) -> Path:
        """The investigator's age identity."""
        return self.out / "investigator-key.txt"

    @property
    def opened(self) -> Path:
        """Where the investigator opens the bundle."""
        return self.out / "opened"

    @property
    def report(self) -> Path:
        """The custody report."""
        return self.out / "custody-report.pdf"

    @property
    def passphrase_file(self) -> Path:
        """The members' passphrases; written last, so that it stands for a finished demo."""
        return self.out / "passphrases.txt"

    @property
    def unfinished(self) -> Path:
        """Lies there from the first moment until the demo is finished."""
        return self.folder / "UNFINISHED.txt"

    def is_finished(self) -> bool:
        """Whether a demo came to its end here. Raises Refused where the folder can not be read or is a file."""
        with self._readable():
            return self.passphrase_file.is_file()

    def check_new(self) -> None:
        """Raise Refused unless the folder is not there yet or empty; nothing is changed."""
        with self._readable():
            found = list(self.folder.iterdir()) if self.folder.exists() else []
        if self.unfinished in found:
            raise self.stopped()
        if found:
            raise Refused(
                tr("{folder} is not empty and holds no demo. Nothing was changed; choose a new folder.").format(
                    folder=self.folder
                )
            )

    def begin(self) -> None:
        """Make the folder and the note that the demo in it is not finished. Raises StorageFailed."""
        text = tr("This demo was not finished. Delete this folder and make the demo again.")
        write_private(self.unfinished, f"{text}\n")

    def finish(self, passphrases: Mapping[str, str]) -> None:
        """Write the passphrases, which makes it a finished demo, and take the note away. Raises StorageFailed."""
        warning = tr("These belong to a demo. Passphrases of a real vault are never written to a file beside it.")
        words = "".join(f"{name}: {one}\n" for name, one in passphrases.items())
        write_private(self.passphrase_file, f"# {warning}\n{words}")
        self.unfinished.unlink(missing_ok=True)

    def clear(self) -> None:
        """Take an unfinished demo away again; a finished one, and whatever is no demo, stays."""
        if self.unfinished.is_file() and not self.passphrase_file.exists():
            shutil.rmtree(self.folder, ignore_errors=True)

    def passphrases(self) -> dict[str, str]:
        """The passphrases of a finished demo by member. Raises Refused where the file does not hold them."""
        try:
            lines = self.passphrase_file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise self.gone(self.passphrase_file) from error
        found = dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith("#"))
        if not found:
            raise self.gone(self.passphrase_file)
        return found

    def identities(self) -> list[age.Identity]:
        """The investigator's key, from its file. Raises Refused where the file does not hold one."""
        try:
            return list(age.parse_identities(self.identity.read_text("ascii")))
        except (OSError, UnicodeDecodeError, age.AgeError) as error:
            raise self.gone(self.identity) from error

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Refused(
                tr("{folder} can not be used for a demo: {why}.").format(folder=self.folder, why=error.strerror)
            ) from error

    def stopped(self) -> Refused:
        """What is said of an unfinished demo."""
        return Refused(
            tr("The demo in {folder} is not finished. Delete that folder, or choose another, and begin again.").format(
                folder=self.folder
            )
        )

    def gone(self, what: Path) -> Refused:
        """What is said of a finished demo of which something is missing."""
        return Refused(
            tr(
                "The demo in {folder} is no longer whole: {what} is missing or not what it was. Delete that folder, or "
                "choose another, and begin again."
            ).format(folder=self.folder, what=what.relative_to(self.folder))
        )


def write_private(file: Path, text: str) -> None:
    """A new file for its owner alone, with its folder. Raises StorageFailed."""
    try:
        make_folder(file.parent)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise StorageFailed(tr("{file} could not be written: {why}.").format(file=file, why=error.strerror)) from error
