"""Keeping a vault's bytes in order, without any key: structure, missing and orphaned objects, keyless scrubbing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text

from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.database import Database
from evidencevault.vault.erasing import STATE
from evidencevault.vault.objects import InlineFile, stored_digest
from evidencevault.vault.stores import FolderStore, object_name

GRACE = timedelta(days=1)
"""An object without a row may belong to a write that is still under way; after this it is left over from a crash."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a check found. ``damage`` is wrong; ``orphans`` and ``leftovers`` (names) are what a crash may leave."""

    damage: tuple[str, ...]
    orphans: tuple[str, ...]
    leftovers: tuple[str, ...]
    objects: int


def check(database: Database, store: FolderStore, *, full: bool, progress: Progress) -> Condition:
    """Structure and presence of everything; with ``full`` the BLAKE3 of every stored object."""
    damage: list[str] = []
    known: set[str] = set()
    with database.reading() as connection:
        damage += [tr("database: {what}").format(what=one) for one in _integrity(connection)]
        rows = connection.execute(select(schema.object_)).yield_per(500)
        for row in rows:
            progress.advance()
            name = object_name(row.item)
            if row.state != STATE:  # a file of what was erased is noise that may go
                known.add(name)
            damage += _object(store, row.state, row.payload, row.blake3, name, full, progress)
    orphans = tuple(sorted(name for name in store.names() if name not in known))
    leftovers = tuple(sorted(str(one.name) for one in store.leftovers()))
    return Condition(tuple(damage), orphans, leftovers, len(known))


def _integrity(connection: Connection) -> list[str]:
    said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    return [] if said == ["ok"] else said


def _object(
    store: FolderStore, state: str, payload: bytes | None, blake3: bytes, name: str, full: bool, progress: Progress
) -> list[str]:
    if state == STATE:
        return []
    if payload is None and not store.exists(name):
        return [tr("object {name}: its file is missing").format(name=name)]
    if not full:
        return []
    file = InlineFile(payload) if payload is not None else store.open(name)
    try:
        same = stored_digest(file, progress) == blake3
    finally:
        file.close()
    return [] if same else [tr("object {name}: its stored bytes were changed").format(name=name)]


def repair(
    database: Database, store: FolderStore, *, clock: Callable[[], datetime], progress: Progress
) -> tuple[str, ...]:
    """Remove orphaned objects and temporary files older than a day; returns their names. Nothing named by a row is
    touched.
    """
    condition = check(database, store, full=False, progress=progress)
    oldest = (clock() - GRACE).timestamp()
    removed = []
    for name in condition.orphans:
        if store.modified(name) < oldest:
            store.delete(name)
            removed.append(name)
    for leftover in list(store.leftovers()):
        if leftover.modified < oldest:
            store.discard(leftover)
            removed.append(str(leftover.name))
    return tuple(removed)
