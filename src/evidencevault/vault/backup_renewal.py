"""After an erasure: each copy that can be reached is made anew, so that no salt is left in it (formats.md §3)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evidencevault.errors import NotFound, VaultError
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import backup_files as files
from evidencevault.vault import backups
from evidencevault.vault.backup_places import Places
from evidencevault.vault.backups import Copied
from evidencevault.vault.database import Database
from evidencevault.vault.stores import FolderStore


@dataclass(frozen=True, slots=True)
class Held:
    """A copy that still holds what was erased, and why it could not be made anew (a sentence)."""

    folder: str
    why: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became of the copies: folders made anew, and those that still hold what was erased."""

    renewed: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()


def sentences(renewal: Renewal) -> list[str]:
    """What became of the copies, for a person."""
    said = []
    if renewal.renewed:
        said.append(
            tr("The copies of the vault were made anew without it: {folders}").format(
                folders=", ".join(renewal.renewed)
            )
        )
    if renewal.held:
        folders = ", ".join(one.folder for one in renewal.held)
        said.append(tr("Copies that still hold it until they are made anew: {folders}").format(folders=folders))
        said += [one.why for one in renewal.held]
    said.append(
        tr("Copies that were made in another way or from another computer still hold it until they are replaced.")
    )
    return said


def document(renewal: Renewal) -> dict[str, object]:
    """The same for a script."""
    return {
        "renewed": list(renewal.renewed),
        "held": [{"folder": one.folder, "why": one.why} for one in renewal.held],
    }


@contextlib.contextmanager
def erasing(database: Database, places: Places, progress: Progress) -> Iterator[None]:
    """Around the commit that erases: no copy is made meanwhile, and every copy counts as one that still holds it.

    Marked before the commit, so that a program killed behind it has not forgotten. Raises StorageFailed, Cancelled.
    """
    with backups.alone(database, progress):
        places.mark_stale()
        yield


def again(
    database: Database,
    store: FolderStore,
    folder: Path,
    progress: Progress,
    *,
    clock: Callable[[], datetime],
    places: Places,
    full: bool = False,
) -> Copied:
    """Make a known copy anew; nothing is begun in a folder that holds none, such as where a disk is not plugged in.

    Raises NotFound, and what :func:`backups.create` raises.
    """
    if files.read_manifest(folder) is None:
        raise NotFound(
            tr("There is no copy in {folder} now. Plug in the disk it is on, or take it off the list.").format(
                folder=folder
            )
        )
    return backups.create(database, store, folder, progress, clock=clock, places=places, full=full)


def renew(
    database: Database, store: FolderStore, progress: Progress, *, clock: Callable[[], datetime], places: Places
) -> Renewal:
    """Make every known copy anew. What was erased stays erased whatever fails here, so no refusal is raised."""
    renewed, held = [], []
    try:
        known = [one for one in places.all() if one.finished]
    except VaultError as error:
        return Renewal((), (Held(str(places.file), error.sentence),))
    for place in known:
        try:
            again(database, store, place.path, progress, clock=clock, places=places)
        except VaultError as error:
            held.append(Held(place.folder, error.sentence))
        else:
            renewed.append(place.folder)
    return Renewal(tuple(renewed), tuple(held))
