"""Making a copy of the vault in a folder, and making it anew (formats.md §9).

Objects never change, so a later run brings only new ones. Database and salts belong together: both are written under
the number of a new generation, and the manifest, replaced last and in one step, says which generation counts. A power
cut at any moment leaves the copy of before, whole; what is left of the broken run is removed by the next.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from evidencevault.errors import Cancelled, Refused, VaultError
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import backup_files as files
from evidencevault.vault import backup_objects as objects
from evidencevault.vault import backup_rows as rows
from evidencevault.vault.backup_files import Manifest, database_name, salts_name
from evidencevault.vault.backup_parts import digest_of, salts_size, write_salts
from evidencevault.vault.backup_places import Places
from evidencevault.vault.backup_rows import Picture, Source
from evidencevault.vault.database import Database
from evidencevault.vault.durable import make_folder, sync_folder
from evidencevault.vault.stores import OBJECTS, FolderStore

SPARE = 4 << 20
"""Bytes asked for beyond what is written: folders, and what file systems round up."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was made: where, when (RFC 3339), how many large objects, bytes in all, how many objects were new.

    ``damaged`` are objects (names) that the vault itself does not have whole: they could not be brought.
    """

    folder: Path
    made: str
    objects: int
    size: int
    brought: int
    damaged: tuple[str, ...]


@contextlib.contextmanager
def alone(database: Database, progress: Progress) -> Iterator[None]:
    """Neither copy nor erase at the same time as another thread does: a copy must not bring back what was erased."""
    while not database.one_copier.acquire(timeout=0.2):
        progress.check()
    try:
        yield
    finally:
        database.one_copier.release()


def create(
    database: Database,
    store: FolderStore,
    folder: Path,
    progress: Progress,
    *,
    clock: Callable[[], datetime],
    places: Places,
    full: bool = False,
) -> Copied:
    """Make a copy, or bring the one in ``folder`` up to date; ``progress`` counts bytes.

    With ``full`` the files that are there already are read as well, and damaged ones brought anew. Raises Refused (not
    a folder for it, too little room), StorageFailed, Damaged, Cancelled; the copy of before is then as it was. Of a
    first copy that was stopped the files stay, and the next run goes on from them.
    """
    with alone(database, progress):
        vault = rows.vault_id(database)
        before = _suitable(database.folder, folder, vault.hex())
        with files.writing(folder):
            made = _missing(folder)
            make_folder(folder)
        try:
            return _create(database, store, folder, vault, before, progress, clock, places, full)
        except BaseException as error:
            stopped = isinstance(error, Cancelled)
            left = _tidy(folder, made, keep=stopped)
            if left in (Left.BEGUN, Left.NOTHING):  # the salts are gone
                places.forget(folder)
            if left is Left.BEGUN:
                places.begin(folder)
                said = tr("Stopped. What was copied so far stays in {folder}, and the next run goes on from it.")
                raise Cancelled(said.format(folder=folder)) from error
            if stopped:
                raise Cancelled(tr("Stopped. The vault, and any copy made before, are as they were.")) from error
            raise


def _create(
    database: Database,
    store: FolderStore,
    folder: Path,
    vault: bytes,
    before: Manifest | None,
    progress: Progress,
    clock: Callable[[], datetime],
    places: Places,
    full: bool,
) -> Copied:
    made, generation = clock().isoformat(timespec="seconds"), (before.generation if before else 0) + 1
    if before is None:  # so that a run after a power cut knows what lies there
        files.write_manifest(folder, Manifest(vault.hex(), made, 0, None, None, 0, 0, {}))
        places.begin(folder)
    objects.clean(folder)
    _sweep(folder, before)
    with rows.source(database, folder / database_name(generation), progress) as source:
        picture = source.picture()
        if before is not None and not all(source.continues(*one) for one in before.heads.items()):
            raise _holds_more(folder)
        plan = objects.plan(store, folder, picture.objects)
        _refuse_too_much(source, picture, plan.missing_bytes, folder)
        progress.expect(source.size + salts_size(len(picture.salts)) + plan.bytes_to_move(full))
        progress.say(tr("Copying what is written"))
        source.copy_tables()
    rows_part = digest_of(folder / database_name(generation), progress)
    progress.say(tr("Copying files"))
    brought = objects.bring(store, folder, plan, progress, full=full)
    # Salts come last, and never into a folder that an erasure would not ask for.
    places.expect(folder, made)
    salts = write_salts(folder / salts_name(generation), picture.vault, picture.salts, progress)
    with files.writing(folder):
        sync_folder(folder)
    manifest = Manifest(
        picture.vault.hex(), made, generation, rows_part, salts, len(picture.objects), plan.stored, picture.heads
    )
    files.write_manifest(folder, manifest)
    _sweep(folder, manifest)
    objects.drop_others(folder, picture.objects)
    places.remember(folder, made)  # after the salts of before are gone
    return Copied(folder, made, manifest.objects, manifest.size, brought.count, brought.damaged)


def _suitable(home: Path, folder: Path, vault: str) -> Manifest | None:
    """What is in the folder already. Raises Refused where no copy may be made in it, Damaged."""
    here, there = home.resolve(), folder.absolute()
    if there.is_symlink():
        raise Refused(
            tr("{folder} is a link to another folder. Name the folder itself; nothing was written.").format(
                folder=folder
            )
        )
    there = there.resolve()
    if there.is_relative_to(here) or here.is_relative_to(there):
        raise Refused(
            tr(
                "{folder} is the vault's folder, lies in it or holds it. A copy belongs on another disk; nothing was "
                "written."
            ).format(folder=folder)
        )
    if not there.exists():
        return None
    if not there.is_dir():
        raise Refused(tr("{folder} is not a folder. Nothing was written.").format(folder=folder))
    manifest = files.read_manifest(there)
    if files.strangers(there) or (manifest is None and not files.is_empty(there)):
        raise Refused(
            tr(
                "There is something else in {folder}. Choose an empty folder, or that of an earlier copy; nothing was "
                "written."
            ).format(folder=folder)
        )
    if manifest is not None and manifest.vault != vault:
        raise Refused(
            tr("The copy in {folder} is of another vault. It was left as it is; choose another folder.").format(
                folder=folder
            )
        )
    return manifest


def _holds_more(folder: Path) -> Refused:
    return Refused(
        tr(
            "The copy in {folder} holds what the vault does not: the vault was set back, or was restored. "
            "The copy was left as it is; choose another folder."
        ).format(folder=folder)
    )


def _refuse_too_much(source: Source, picture: Picture, missing: int, folder: Path) -> None:
    needed = source.size + salts_size(len(picture.salts)) + missing + SPARE
    with files.writing(folder):
        free = shutil.disk_usage(folder).free
    if needed > free:
        raise Refused(
            tr("The copy needs {needed} more on that disk, and {free} are free. Nothing was written.").format(
                needed=files.megabytes(needed), free=files.megabytes(free)
            )
        )


def _sweep(folder: Path, manifest: Manifest | None) -> None:
    """Remove the databases and salts that do not count; salts are overwritten first."""
    with files.writing(folder):
        for path in files.beside(folder, manifest):
            files.wipe(path) if path.suffix == ".bin" else path.unlink(missing_ok=True)
        sync_folder(folder)


def _missing(folder: Path) -> list[Path]:
    """The folders that are not there yet, the innermost first."""
    return [one for one in (folder, *folder.parents) if not one.exists()]


class Left(Enum):
    """What lies in the folder after a run that did not come about."""

    BEFORE = "the copy of before"
    BEGUN = "files of a first copy, and no salts"
    NOTHING = "nothing"
    UNSURE = "it could not be looked at"


def _tidy(folder: Path, made: list[Path], *, keep: bool) -> Left:
    """The copy that counts stays, and of a first one nothing, or (``keep``) files.

    What cannot be removed now (the disk went away) is removed, or gone on from, by the next run.
    """
    try:
        now = files.read_manifest(folder)
        finished = now is not None and now.database is not None
        _sweep(folder, now)
        objects.clean(folder)
        if finished:
            return Left.BEFORE
        if keep and objects.present(folder):
            return Left.BEGUN
        shutil.rmtree(folder / OBJECTS, ignore_errors=True)
        (folder / files.MANIFEST).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            for one in made:
                one.rmdir()
    except (OSError, VaultError):
        return Left.UNSURE
    return Left.NOTHING
