"""What a member typed and has not saved, kept sealed in the state folder (formats.md §8): it survives locking and a
power cut, only this member can open it on this computer, and no ledger knows of it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evidencevault.errors import Damaged, StorageFailed
from evidencevault.resources import tr
from evidencevault.vault.canonical import Value
from evidencevault.vault.envelope import Place, seal, unseal
from evidencevault.vault.keys import Identity, sha256
from evidencevault.vault.registry import Purpose

ENDING = ".draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """One of them: its ``name`` (such as ``NL-2026-0001/concern``), when it was kept (UTC seconds), what was typed."""

    name: str
    at: int
    body: Mapping[str, Value]


class Drafts:
    """The drafts of one member of one vault; ``state`` is the platform's state folder.

    ``settle`` is called before one is read or dropped: it waits for those that are being saved.
    """

    def __init__(
        self, state: Path, vault_id: bytes, identity: Identity, settle: Callable[[], None] = lambda: None
    ) -> None:
        self._vault_id, self._identity = vault_id, identity
        self._settle = settle
        self._folder = state / "drafts" / sha256(b"drafts", vault_id, identity.key_id).hex()[:32]

    def save(self, name: str, at: int, body: Mapping[str, Value]) -> None:
        """Keep one, in place of an earlier of that name: whole or not at all. Raises StorageFailed."""
        file = self._file(name)
        sealed = seal(self._identity.draft_key, self._place(file), 0, {"name": name, "at": at, "body": dict(body)})
        partial = file.with_suffix(f".{os.getpid()}.partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(sealed)
                out.flush()
                os.fsync(out.fileno())
            os.replace(partial, file)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise StorageFailed(
                tr("What you typed could not be kept for later ({why}). It is still on the screen: save it.").format(
                    why=error.strerror
                )
            ) from error

    def load(self, name: str) -> Draft | None:
        """The one of that name, or None. Raises Damaged where it is spoilt, StorageFailed."""
        self._settle()
        return self._read(self._file(name))

    def drop(self, name: str) -> None:
        """Forget one; there may be none. Raises StorageFailed."""
        self._settle()
        try:
            self._file(name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageFailed(tr("A draft could not be removed ({why}).").format(why=error.strerror)) from error

    def all(self) -> Iterator[Draft]:
        """Every draft that can be opened, by no particular order; a spoilt one is nobody's loss but its own."""
        if self._folder.is_dir():
            for file in self._folder.glob(f"*{ENDING}"):
                with contextlib.suppress(Damaged):
                    found = self._read(file)
                    if found is not None:
                        yield found

    def _file(self, name: str) -> Path:
        return self._folder / f"{sha256(b'draft', self._identity.draft_key, name.encode()).hex()[:32]}{ENDING}"

    def _place(self, file: Path) -> Place:
        return Place(self._vault_id, Purpose.DRAFT, item=bytes.fromhex(file.stem))

    def _read(self, file: Path) -> Draft | None:
        try:
            sealed = file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageFailed(tr("A draft cannot be read ({why}).").format(why=error.strerror)) from error
        match unseal(self._identity.draft_key, self._place(file), sealed).body:
            case {"name": str(name), "at": int(at), "body": dict(body)}:
                return Draft(name, at, body)
        raise Damaged(tr("A draft does not hold what it must."))
