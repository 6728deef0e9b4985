"""The sealed row of an object: what is needed to read its bytes, under the item's key (formats.md §4)."""

from __future__ import annotations

from collections.abc import Callable

from evidencevault.errors import Damaged
from evidencevault.resources import tr
from evidencevault.vault.canonical import Value
from evidencevault.vault.envelope import Place, epoch_of, seal, unseal
from evidencevault.vault.objects import ObjectReader, SealedObject
from evidencevault.vault.objects import open_object as open_payload
from evidencevault.vault.registry import OBJECT_KIND, Purpose
from evidencevault.vault.stores import Store

ItemKey = Callable[[int, Purpose], bytes]
"""The item's 32-byte key in an epoch for a purpose."""


def _place(vault_id: bytes, case: bytes, item: bytes) -> Place:
    return Place(vault_id, Purpose.OBJECT, case, item, OBJECT_KIND, 1)


def object_envelope(vault_id: bytes, case: bytes, sealed: SealedObject, item_key: bytes, epoch: int) -> bytes:
    """Seal nonce, stream length, plaintext SHA-256, stored BLAKE3 and plaintext size."""
    body: dict[str, Value] = {
        "nonce": sealed.nonce,
        "length": sealed.stream_length,
        "sha256": sealed.sha256,
        "blake3": sealed.blake3,
        "size": sealed.size,
    }
    return seal(item_key, _place(vault_id, case, sealed.item), epoch, body)


def open_object(
    store: Store,
    vault_id: bytes,
    case: bytes,
    item: bytes,
    envelope: bytes,
    blake3: bytes,
    payload: bytes | None,
    item_key: ItemKey,
) -> ObjectReader:
    """A reader over the stored bytes. Raises Damaged where the row is not what was sealed."""
    epoch = epoch_of(envelope)
    body = unseal(item_key(epoch, Purpose.OBJECT), _place(vault_id, case, item), envelope).body
    match body:
        case {
            "nonce": bytes(nonce),
            "length": int(length),
            "sha256": bytes(sha256),
            "blake3": bytes(digest),
            "size": int(size),
        }:
            pass
        case _:
            raise Damaged(tr("The sealed row of a file is malformed."))
    if digest != blake3:
        raise Damaged(tr("The digest of a file was changed in its row."))
    sealed = SealedObject(
        item=item, nonce=nonce, stream_length=length, sha256=sha256, blake3=digest, size=size, inline=payload
    )
    return open_payload(store, sealed, item_key(epoch, Purpose.FILE)[:16])
