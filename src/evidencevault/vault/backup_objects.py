"""The large objects of a copy: which are there, which are new, bringing them, and dropping what the vault dropped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import blake3

from evidencevault.errors import NotFound, Refused
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import backup_files as files
from evidencevault.vault.backup_parts import PIECE, NotWhole
from evidencevault.vault.backup_parts import bring as bring_file
from evidencevault.vault.backup_parts import check as check_file
from evidencevault.vault.backup_rows import Objects
from evidencevault.vault.durable import make_folder, remove, sync_folder
from evidencevault.vault.stores import OBJECTS, FolderStore, object_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """One object of the vault: name, BLAKE3, bytes in the vault (None: its file is missing), bytes in the copy."""

    name: str
    blake3: bytes
    size: int | None
    there: int | None

    @property
    def missing(self) -> bool:
        """Whether it has to be brought."""
        return self.size is not None and self.there != self.size


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do."""

    wanted: tuple[Wanted, ...]

    @property
    def missing_bytes(self) -> int:
        """Bytes to be brought."""
        return sum(one.size or 0 for one in self.wanted if one.missing)

    @property
    def stored(self) -> int:
        """Bytes of all objects."""
        return sum(one.size or one.there or 0 for one in self.wanted)

    def bytes_to_move(self, full: bool) -> int:
        """Bytes that a run counts: those brought, and with ``full`` those read again."""
        return self.stored if full else self.missing_bytes


@dataclass(frozen=True, slots=True)
class Brought:
    """How many came, and the names of those that the vault itself has not whole."""

    count: int
    damaged: tuple[str, ...]


def path_of(folder: Path, name: str) -> Path:
    """Where an object lies in a copy: as in the vault."""
    return folder / OBJECTS / name[:2] / name[2:4] / name


def present(folder: Path) -> dict[str, int]:
    """The objects in a copy by name, with their bytes; no link is followed, and none is one. Raises StorageFailed."""
    with files.reading(folder):
        return {one.name: one.stat(follow_symlinks=False).st_size for one in _every(folder / OBJECTS)}


def _every(top: Path) -> Iterator[os.DirEntry[str]]:
    for upper in _folders(top):
        for lower in _folders(upper.path):
            with os.scandir(lower.path) as found:
                for one in found:
                    fits = len(one.name) == 32 and one.name.startswith(upper.name + lower.name)
                    if fits and one.is_file(follow_symlinks=False):
                        yield one


def _folders(top: str | Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(top) as found:
            return [one for one in found if len(one.name) == 2 and one.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def plan(store: FolderStore, folder: Path, objects: Objects) -> Plan:
    """Compare the objects of the vault with those in the copy. Raises StorageFailed."""
    there = present(folder)
    names = [(object_name(item), digest) for item, digest in objects]
    return Plan(tuple(Wanted(name, digest, _size(store, name), there.get(name)) for name, digest in names))


def _size(store: FolderStore, name: str) -> int | None:
    try:
        return store.size(name)
    except NotFound:
        return None


def bring(store: FolderStore, folder: Path, plan: Plan, progress: Progress, *, full: bool) -> Brought:
    """Bring what is missing; with ``full`` also what is there and not whole. Raises StorageFailed, Cancelled, Refused.

    What the vault itself has not whole is never brought over what the copy has.
    """
    count, damaged = 0, []
    for one in plan.wanted:
        if not one.missing and not (full and not _whole(folder, one, progress)):
            damaged += [one.name] if one.size is None else []
            continue
        if _bring(store, folder, one, progress):
            count += 1
        else:
            damaged.append(one.name)
    return Brought(count, tuple(damaged))


def _whole(folder: Path, one: Wanted, progress: Progress) -> bool:
    if one.there is None:
        return False
    try:
        check_file(path_of(folder, one.name), None, one.blake3, progress)
    except NotWhole:
        return False
    return True


def _bring(store: FolderStore, folder: Path, one: Wanted, progress: Progress) -> bool:
    target = path_of(folder, one.name)
    for place in (target.parent.parent, target.parent, target):
        if place.is_symlink():
            raise Refused(
                tr(
                    "{place} in the copy is a link to somewhere else. Nothing was written there; choose another folder."
                ).format(place=place.relative_to(folder))
            )
    try:
        with files.writing(folder):
            make_folder(target.parent)
            bring_file(_read(store, one, progress), files.incoming(folder) / f"{one.name}.part", target)
    except (NotWhole, NotFound):
        return False
    return True


def _read(store: FolderStore, one: Wanted, progress: Progress) -> Iterator[bytes]:
    digest = blake3.blake3()
    file = store.open(one.name)
    try:
        for start in range(0, file.size, PIECE):
            piece = file.read_at(start, PIECE)
            digest.update(piece)
            progress.advance(len(piece))
            yield piece
    finally:
        file.close()
    if digest.digest() != one.blake3:
        raise NotWhole(tr("its bytes were changed"))


def clean(folder: Path) -> None:
    """Remove what a broken run had half brought. Raises StorageFailed."""
    with files.writing(folder):
        place = files.incoming(folder)
        if place.is_symlink():
            place.unlink()
        elif place.is_dir():
            shutil.rmtree(place)


def drop_others(folder: Path, objects: Objects) -> None:
    """Remove the objects that the vault has no more: what was erased. Raises StorageFailed."""
    names = {object_name(item) for item, _ in objects}
    with files.writing(folder):
        for one in sorted(set(present(folder)) - names):
            remove(path_of(folder, one))
        clean(folder)
        if (folder / OBJECTS).is_dir():
            sync_folder(folder / OBJECTS)
