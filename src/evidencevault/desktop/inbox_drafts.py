"""Notes on a bundle that were found beside it, and drafts that were sealed when the window locked itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle import notes
from evidencevault.bundle.inside import Key
from evidencevault.bundle.notes import ENDING, Notes
from evidencevault.bundle.receiving import Received
from evidencevault.errors import VaultError
from evidencevault.vault.heads import state_folder


@dataclass(frozen=True, slots=True)
class Found:
    """Notes, where they came from, whether they are a draft that was never saved, and why some were not read."""

    notes: Notes | None = None
    path: Path | None = None
    draft: bool = False
    problem: str = ""


def beside(bundle: Path, received: Received) -> Path:
    """Where notes are looked for, and offered to be saved."""
    return bundle.with_name(f"{received.name}{ENDING}")


def find(bundle: Path, received: Received, key: Key) -> Found:
    """The draft of this bundle if there is one, else the notes that lie beside it. Raises nothing: it opens without."""
    file, draft = beside(bundle, received), _draft(received)
    known = file if file.is_file() else None
    if not key.seals or (known is None and not draft.is_file()):
        return Found()
    try:
        if draft.is_file():
            return Found(notes.load(draft, received, key), known, draft=True)
        return Found(notes.load(file, received, key), known)
    except VaultError as error:
        return Found(problem=error.sentence)


def keep(said: Notes, received: Received, key: Key) -> None:
    """Seal a draft into the state folder. Raises StorageFailed."""
    _draft(received).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    notes.save(said, _draft(received), received, key)


def drop(received: Received) -> None:
    """The notes were saved where they belong."""
    _draft(received).unlink(missing_ok=True)


def _draft(received: Received) -> Path:
    return state_folder() / "drafts" / f"{received.tag_manifest_sha256.hex()}{ENDING}"
