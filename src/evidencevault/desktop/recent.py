"""Which vaults were opened on this computer: their folders, nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from evidencevault.vault.heads import state_folder

MOST = 8


def _file() -> Path:
    return state_folder() / "recent.json"


def recent() -> list[Path]:
    """Folders that are still there, the newest first. A spoilt list is an empty one: it holds nothing of worth."""
    try:
        found = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return []
    listed: Sequence[object] = found if isinstance(found, list) else []
    return [Path(one) for one in listed if isinstance(one, str) and Path(one).is_dir()]


def remember(folder: Path) -> None:
    """Put a folder first. Where the list cannot be kept, the vault is open all the same."""
    listed = [folder.resolve(), *(one for one in recent() if one != folder.resolve())][:MOST]
    file = _file()
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.write_text(json.dumps([str(one) for one in listed]), "utf-8")
        os.replace(temporary, file)
    except OSError:
        temporary.unlink(missing_ok=True)
