"""Where copies of a vault were made from this computer: folders and dates, in the program's state folder."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from evidencevault.errors import StorageFailed
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a copy; when it was made and last checked (RFC 3339, empty: never), and whether it was whole then.

    ``stale`` says that something was erased from the vault since, which the copy still holds. A first copy that was
    begun and not finished has no ``made``: it holds files, and no salts.
    """

    folder: str
    made: str
    checked: str = ""
    whole: bool = True
    stale: bool = False

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)

    @property
    def finished(self) -> bool:
        """Whether a copy came about there."""
        return bool(self.made)


_one_writer = threading.RLock()
"""Lanes of one program read, change and write the same list."""


class Places:
    """One small file per vault. A list that is spoilt is said, never taken for an empty one: copies may hold salts."""

    def __init__(self, state: Path, vault: bytes) -> None:
        self.file = state / "copies" / f"{vault.hex()}.json"

    def all(self) -> tuple[Place, ...]:
        """Every folder in which a copy was made or begun, the newest first. Raises StorageFailed."""
        try:
            raw = json.loads(self.file.read_text("utf-8"))
            found = [_place(one) for one in raw]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._failed(error) from error
        except (ValueError, TypeError) as error:
            raise StorageFailed(
                tr(
                    "The list of the places where copies were made ({file}) is spoilt. The vault and the copies were "
                    "not touched. Remove that file, then make each copy anew."
                ).format(file=self.file)
            ) from error
        return tuple(sorted(found, key=lambda one: one.made, reverse=True))

    def of(self, folder: Path) -> Place | None:
        """What is known of a folder."""
        wanted = _name(folder)
        return next((one for one in self.all() if one.folder == wanted), None)

    def begin(self, folder: Path) -> None:
        """A first copy is begun there. Raises StorageFailed."""
        with _one_writer:
            if self.of(folder) is None:
                self.put(Place(_name(folder), ""))

    def expect(self, folder: Path, made: str) -> None:
        """Salts are about to be written there: from then on an erasure asks for it. Raises StorageFailed."""
        with _one_writer:
            known = self.of(folder)
            if known is None or not known.finished:
                self.put(Place(_name(folder), made))

    def remember(self, folder: Path, made: str) -> None:
        """A copy was made there: it holds nothing that was erased, and nobody checked it yet. Raises StorageFailed."""
        self.put(Place(_name(folder), made))

    def checked(self, folder: Path, at: str, *, whole: bool) -> None:
        """A known copy was checked. One that was made elsewhere is not entered. Raises StorageFailed."""
        with _one_writer:
            known = self.of(folder)
            if known is not None:
                self.put(replace(known, checked=at, whole=whole))

    def mark_stale(self) -> None:
        """Before something is erased: every copy still holds it until it was made anew. Raises StorageFailed."""
        with _one_writer:
            if found := self.all():
                self._write([replace(one, stale=one.finished) for one in found])

    def forget(self, folder: Path) -> Place | None:
        """Take a folder off the list; nothing in it is touched. Returns what was known of it. Raises StorageFailed."""
        with _one_writer:
            gone = self.of(folder)
            if gone is not None:
                self._write([one for one in self.all() if one != gone])
            return gone

    def put(self, place: Place) -> None:
        """Enter a place, over what was known of its folder. Raises StorageFailed."""
        with _one_writer:
            self._write([place, *(one for one in self.all() if one.folder != place.folder)])

    def _write(self, places: list[Place]) -> None:
        temporary = self.file.with_suffix(f".{os.getpid()}.{threading.get_ident()}.tmp")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            with os.fdopen(
                os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as file:
                json.dump([asdict(one) for one in places], file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.file)
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> StorageFailed:
        sentence = tr("The list of the places where copies were made cannot be kept in {file}: {why}.")
        return StorageFailed(sentence.format(file=self.file, why=error.strerror))


def _name(folder: Path) -> str:
    return str(folder.resolve())


def _place(found: object) -> Place:
    match found:
        case {
            "folder": str(folder), "made": str(made), "checked": str(checked), "whole": bool(whole),
            "stale": bool(stale),
        }:  # fmt: skip
            return Place(folder, made, checked, whole, stale)
    raise ValueError("not a place")
