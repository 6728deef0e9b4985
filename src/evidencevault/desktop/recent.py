"""Which vaults were opened on this computer: their folders, who opened each last, and with which key file."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from evidencevault.vault.heads import state_folder

MOST = 8


@dataclass(frozen=True, slots=True)
class Known:
    """A vault's folder, the user who opened it last, and the place of their key file (each may be empty)."""

    folder: str
    member: str = ""
    key_file: str = ""

    @property
    def id(self) -> str:
        """Its name in a list."""
        return self.folder

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.path.name}, {self.folder}, {self.member}"


def known() -> list[Known]:
    """Those that are still there, the newest first. A spoilt list is an empty one: it holds nothing of worth."""
    try:
        found = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return []
    read = [_read(one) for one in found] if isinstance(found, list) else []
    return [one for one in read if one is not None and one.path.is_dir()]


def recent() -> list[Path]:
    """Their folders."""
    return [one.path for one in known()]


def known_as(folder: Path) -> Known:
    """What is remembered of a folder; nothing but the folder where it was not opened yet."""
    wanted = str(folder.resolve())
    return next((one for one in known() if one.folder == wanted), Known(wanted))


def remember(folder: Path, member: str = "", key_file: str | None = None) -> None:
    """Put a vault first; without ``key_file`` the one remembered stays, where it is the same user's."""
    before = known_as(folder)
    kept = before.key_file if before.member in ("", member) else ""
    now = replace(before, member=member or before.member, key_file=kept if key_file is None else key_file)
    _write([now, *(one for one in known() if one.folder != now.folder)][:MOST])


def forget(folder: Path) -> None:
    """Take a vault off the list; the vault itself stays as it is."""
    gone = str(folder.resolve())
    _write([one for one in known() if one.folder != gone])


def _read(one: object) -> Known | None:
    match one:
        case str(folder):  # as written before users were remembered
            return Known(folder)
        case {"folder": str(folder), "member": str(member), "key_file": str(key_file)}:
            return Known(folder, member, key_file)
        case _:
            return None


def _file() -> Path:
    return state_folder() / "recent.json"


def _write(listed: list[Known]) -> None:
    """Where the list cannot be kept, the vault is open all the same."""
    file = _file()
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.write_text(json.dumps([asdict(one) for one in listed]), "utf-8")
        os.replace(temporary, file)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
