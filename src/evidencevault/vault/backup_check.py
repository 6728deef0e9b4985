"""Whether a copy is whole: every file against its digest, without any key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import blake3

from evidencevault.errors import Damaged, StorageFailed
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import backup_files as files
from evidencevault.vault import backup_rows as rows
from evidencevault.vault.backup_files import Manifest, Part
from evidencevault.vault.backup_objects import path_of, present
from evidencevault.vault.backup_parts import NotWhole, Salts, check, checked, read_salts
from evidencevault.vault.backup_rows import Objects
from evidencevault.vault.stores import object_name


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: whose copy (64 hex), made when (RFC 3339), its large objects, its bytes in all.

    ``damage`` names what is wrong, one sentence each; ``leftovers`` are files of an interrupted run: no damage.
    """

    vault: str
    made: str
    objects: int
    size: int
    damage: tuple[str, ...]
    leftovers: tuple[str, ...]


def verify(folder: Path, progress: Progress) -> Checked:
    """Read all of a copy; ``progress`` counts bytes. Raises NotFound, Damaged (nothing can be said), StorageFailed."""
    manifest = files.finished_manifest(folder)
    assert manifest.database is not None and manifest.salts is not None
    progress.expect(manifest.size)
    damage: list[str] = []
    salts = _salts(folder, manifest, manifest.salts, damage, progress)
    progress.say(tr("Reading what is written"))
    wanted = _database(folder, manifest, manifest.database, salts, damage, progress)
    progress.say(tr("Reading files"))
    for name, digest in wanted:
        if said := fault(folder, name, digest, progress):
            damage.append(said)
    over = sorted(set(present(folder)) - {name for name, _ in wanted}) if wanted or not damage else []
    left = [path.name for path in files.beside(folder, manifest)] + over
    return Checked(manifest.vault, manifest.made, manifest.objects, manifest.size, tuple(damage), tuple(left))


def fault(folder: Path, name: str, digest: bytes, progress: Progress) -> str:
    """What is wrong with one object of a copy; empty where it is whole. Raises Cancelled."""
    try:
        check(path_of(folder, name), None, digest, progress)
    except NotWhole as error:
        return said(name, str(error))
    return ""


def said(name: str, what: str) -> str:
    """How the damage of one object is named."""
    return tr("object {name}: {what}").format(name=name, what=what)


def _salts(folder: Path, manifest: Manifest, part: Part, damage: list[str], progress: Progress) -> Salts | None:
    try:
        return read_salts(folder, part, bytes.fromhex(manifest.vault), progress)
    except (Damaged, StorageFailed) as error:
        damage.append(error.sentence)
        return None


def _database(
    folder: Path, manifest: Manifest, part: Part, salts: Salts | None, damage: list[str], progress: Progress
) -> list[tuple[str, bytes]]:
    """The objects that the database names; empty where it cannot be read."""
    try:
        for _ in checked(folder, part, progress):
            pass
        with rows.looking_into(folder / part.name, progress) as connection:
            found = rows.faults(connection, bytes.fromhex(manifest.vault))
            found += rows.unsalted(connection, salts) if salts is not None else []
            damage += [tr("database: {what}").format(what=one) for one in found]
            objects = _named(rows.wanted(connection))
            damage += [said(name, tr("its stored bytes were changed")) for name in _changed(connection, progress)]
            return objects
    except (Damaged, StorageFailed) as error:
        damage.append(error.sentence)
        return []


def _changed(connection: rows.Connection, progress: Progress) -> Iterator[str]:
    for item, digest, stored in rows.within(connection):
        progress.check()
        if not isinstance(stored, bytes) or blake3.blake3(stored).digest() != digest:
            yield object_name(item)


def _named(objects: Objects) -> list[tuple[str, bytes]]:
    return [(object_name(item), digest) for item, digest in objects]
