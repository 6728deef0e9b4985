"""The one rewritable object of a case: its sealed search index, outside the ledger (formats.md §7).

It is sealed like every object, under an item of its own that ``case.index_item`` names. Replacing it makes a new item
and removes the old item's row with its salt in the same transaction: the old bytes open no more, wherever they lie.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from sqlalchemy import delete, insert, select, update

from evidencevault.errors import NotFound, VaultError
from evidencevault.progress import Progress
from evidencevault.vault import schema
from evidencevault.vault.database import Database
from evidencevault.vault.keychain import Keychain
from evidencevault.vault.objectrows import object_envelope, open_object
from evidencevault.vault.objects import ObjectReader, seal_object
from evidencevault.vault.registry import Purpose
from evidencevault.vault.stores import Store, object_name


def open_index(database: Database, store: Store, keychain: Keychain, case: bytes) -> ObjectReader | None:
    """The index as stored, or None where there is none. Raises NotFound, Damaged, StorageFailed, NotPermitted."""
    with database.reading() as connection:
        row = connection.execute(
            select(schema.object_, schema.item.c.salt)
            .join(schema.item, schema.item.c.id == schema.object_.c.item)
            .join(schema.case, schema.case.c.index_item == schema.item.c.id)
            .where(schema.case.c.id == case, schema.item.c.case == case)
        ).first()
    if row is None or row.salt is None:
        return None
    salt = bytes(row.salt)
    return open_object(
        store,
        keychain.vault_id,
        case,
        row.item,
        row.sealed,
        row.blake3,
        row.payload,
        lambda epoch, purpose: keychain.item(case, epoch, purpose, salt),
    )


def replace_index(
    database: Database,
    store: Store,
    keychain: Keychain,
    case: bytes,
    epoch: int,
    source: Callable[[memoryview], int],
    progress: Progress,
) -> None:
    """Seal a new index (``source`` is a readinto) in the old one's place. Raises StorageFailed, Cancelled."""
    item, salt = os.urandom(16), os.urandom(32)
    file_key = keychain.item(case, epoch, Purpose.FILE, salt)[:16]
    sealed = seal_object(store, item, file_key, source, progress)
    envelope = object_envelope(keychain.vault_id, case, sealed, keychain.item(case, epoch, Purpose.OBJECT, salt), epoch)
    state = "stored" if sealed.inline is None else "inline"
    try:
        with database.transaction() as connection:
            old = connection.execute(
                select(schema.case.c.index_item).where(schema.case.c.id == case)
            ).scalar_one_or_none()
            connection.execute(insert(schema.item).values(id=item, case=case, salt=salt))
            connection.execute(
                insert(schema.object_).values(
                    item=item, blake3=sealed.blake3, state=state, sealed=envelope, payload=sealed.inline
                )
            )
            connection.execute(update(schema.case).where(schema.case.c.id == case).values(index_item=item))
            if old is not None:
                connection.execute(delete(schema.object_).where(schema.object_.c.item == old))
                connection.execute(delete(schema.item).where(schema.item.c.id == old, schema.item.c.case == case))
    except VaultError:
        _remove(store, item)
        raise
    if old is not None:
        _remove(store, old)


def drop_index(database: Database, store: Store, case: bytes) -> None:
    """Remove the index with its salt; the next search makes a new one from the records."""
    with database.transaction() as connection:
        old = connection.execute(select(schema.case.c.index_item).where(schema.case.c.id == case)).scalar_one_or_none()
        if old is None:
            return
        connection.execute(update(schema.case).where(schema.case.c.id == case).values(index_item=None))
        connection.execute(delete(schema.object_).where(schema.object_.c.item == old))
        connection.execute(delete(schema.item).where(schema.item.c.id == old, schema.item.c.case == case))
    _remove(store, old)


def checkpoint_text_at(database: Database, ledger: bytes, size: int) -> str | None:
    """The signed text of the checkpoint at a ledger size, or None where no commit ended there."""
    table = schema.checkpoint
    with database.reading() as connection:
        note = connection.execute(select(table.c.note).where(table.c.ledger == ledger, table.c.size == size)).scalar()
    return None if note is None else bytes(note).decode("utf-8", "replace").partition("\n\n")[0] + "\n"


def _remove(store: Store, item: bytes) -> None:
    # Its salt is gone or was never committed: what stays is noise, which `vault check` reports and clears.
    try:
        store.delete(object_name(item))
    except (NotFound, VaultError):
        return
