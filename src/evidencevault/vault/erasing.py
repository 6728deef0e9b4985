"""Destroying the salt of an item: no key opens it any more, wherever its sealed bytes may still lie (formats.md §3)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from evidencevault.errors import VaultError
from evidencevault.vault import schema
from evidencevault.vault.change import Change
from evidencevault.vault.database import Database
from evidencevault.vault.stores import FolderStore, object_name

STATE = "erased"


def destroy(change: Change, case: bytes, items: Sequence[bytes]) -> None:
    """Add to a change what destroys the salts, and empties the rows of records and objects."""
    item, record, file = schema.item, schema.record, schema.object_
    change.statements += [
        update(item).where(item.c.id.in_(items), item.c.case == case).values(salt=None),
        update(record).where(record.c.item.in_(items)).values(sealed=b""),
        update(file).where(file.c.item.in_(items)).values(state=STATE, sealed=b"", payload=None),
    ]


def clear(database: Database, store: FolderStore, items: Sequence[bytes]) -> None:
    """After the commit: remove stored files and what the database's log still holds. Repeating it does no harm."""
    for item in items:
        try:
            store.delete(object_name(item))
        except VaultError:
            continue  # noise without its salt; `vault check` names it and `vault repair` removes it
    database.truncate_log()
