"""A vault made from a copy: into a new folder, checked while it is written, the salts put back."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from evidencevault.errors import Damaged, Refused
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import backup_files as files
from evidencevault.vault import backup_rows as rows
from evidencevault.vault.backup_check import said
from evidencevault.vault.backup_files import Manifest
from evidencevault.vault.backup_objects import path_of
from evidencevault.vault.backup_parts import NotWhole, bring, checked, pieces, read_salts
from evidencevault.vault.durable import make_folder, sync_folder
from evidencevault.vault.heads import RememberedHeads
from evidencevault.vault.registry import DATABASE_FILE, origin
from evidencevault.vault.stores import object_name


@dataclass(frozen=True, slots=True)
class Restored:
    """A vault that was made from a copy: where, whose (64 hex), of when (RFC 3339), its large objects, bytes in all.

    ``damage`` names objects that the copy has not whole: the vault lacks them. ``older``: this computer saw a later
    state of the vault, so opening is refused until the restore is declared (``vault accept-head``).
    """

    folder: Path
    vault: str
    made: str
    objects: int
    size: int
    damage: tuple[str, ...]
    older: bool


def restore(folder: Path, to: Path, progress: Progress, *, heads: RememberedHeads) -> Restored:
    """Make a vault of the copy in ``folder`` in the new or empty folder ``to``; ``progress`` counts bytes.

    Raises NotFound, Refused (not empty, too little room), Damaged, StorageFailed, Cancelled; then nothing is left.
    """
    manifest = files.finished_manifest(folder)
    _refuse_target(folder, to)
    with files.writing(to):
        made = [one for one in (to, *to.parents) if not one.exists()]
        make_folder(to)
    try:
        _refuse_too_much(manifest, to)
        damage = _restore(folder, manifest, to, progress)
    except BaseException:
        _take_away(to, made)
        raise
    older = any(_denied(heads, manifest, ledger) for ledger in manifest.heads)
    return Restored(to, manifest.vault, manifest.made, manifest.objects, manifest.size, damage, older)


def _restore(folder: Path, manifest: Manifest, to: Path, progress: Progress) -> tuple[str, ...]:
    assert manifest.database is not None and manifest.salts is not None
    vault = bytes.fromhex(manifest.vault)
    progress.expect(manifest.size)
    progress.say(tr("Copying what is written"))
    salts = read_salts(folder, manifest.salts, vault, progress)
    file = to / f"{DATABASE_FILE}.part"
    with files.writing(to):
        bring(checked(folder, manifest.database, progress), to / f"{DATABASE_FILE}.new", file)
    with rows.looking_into(file, progress) as connection:
        wrong = [*rows.faults(connection, vault), *rows.unsalted(connection, salts)]
        if wrong:
            raise Damaged(tr("The copy is damaged: {what}. Nothing was taken from it.").format(what="; ".join(wrong)))
        objects = rows.wanted(connection)
    rows.put_back(file, salts, progress)
    progress.say(tr("Copying files"))
    damage = [one for item, digest in objects if (one := _bring(folder, to, object_name(item), digest, progress))]
    with files.writing(to), file.open("r+b") as written:
        os.fsync(written.fileno())
    with files.writing(to):
        os.replace(file, to / DATABASE_FILE)
        sync_folder(to)
    return tuple(damage)


def _bring(folder: Path, to: Path, name: str, digest: bytes, progress: Progress) -> str:
    """Bring one object; returns what is wrong with it, or nothing."""
    target = path_of(to, name)
    try:
        with files.writing(to):
            make_folder(target.parent)
            bring(pieces(path_of(folder, name), None, digest, progress), files.incoming(to) / f"{name}.part", target)
    except NotWhole as error:
        return said(name, str(error))
    return ""


def _refuse_target(folder: Path, to: Path) -> None:
    here, there = folder.resolve(), to.resolve()
    if there.is_relative_to(here) or here.is_relative_to(there):
        raise Refused(tr("{to} is the folder of the copy, lies in it or holds it. Nothing was written.").format(to=to))
    if there.exists() and not (there.is_dir() and files.is_empty(there)):
        raise Refused(tr("{to} is not an empty folder. Choose a new or empty one; nothing was written.").format(to=to))


def _refuse_too_much(manifest: Manifest, to: Path) -> None:
    assert manifest.database is not None
    needed = manifest.database.size + manifest.stored
    with files.writing(to):
        free = shutil.disk_usage(to).free
    if needed > free:
        raise Refused(
            tr("The vault needs {needed} on that disk, and {free} are free. Nothing was written.").format(
                needed=files.megabytes(needed), free=files.megabytes(free)
            )
        )


def _denied(heads: RememberedHeads, manifest: Manifest, ledger: str) -> bool:
    seen = heads.get(origin(bytes.fromhex(manifest.vault), bytes.fromhex(ledger)))
    now = manifest.heads[ledger]
    return seen is not None and (seen.size > now.size or (seen.size == now.size and seen.root != now.root))


def _take_away(to: Path, made: list[Path]) -> None:
    with contextlib.suppress(OSError):
        for one in to.iterdir():
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
        for one in made:
            one.rmdir()
