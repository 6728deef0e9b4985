"""A grant and the ledger entry that stands for it, made together."""

from __future__ import annotations

import base64

from evidencevault.custody.office import Draft, Office, new_id
from evidencevault.vault import schema
from evidencevault.vault.change import Change
from evidencevault.vault.grants import seal_grant
from evidencevault.vault.keys import PublicKeys
from evidencevault.vault.registry import KeyKind


def add_grant(
    change: Change, office: Office, to: PublicKeys, case: bytes, kind: KeyKind, epoch: int, key: bytes
) -> Draft:
    """Seal one grant into a change (signed by the member at work), and give its `granted` entry."""
    sealed = seal_grant(office.vault_id, office.identity, to, case, kind, epoch, key, office.basis.packed(), new_id())
    change.add(schema.grant, id=sealed.id, blob=sealed.blob)
    return Draft(
        "granted",
        details={
            "grant": sealed.id.hex(),
            "blob": sealed.digest.hex(),
            "kind": int(sealed.kind),
            "epoch": sealed.epoch,
            "commit": sealed.commit.hex(),
            "recipient": sealed.recipient.hex(),
            "granter": sealed.granter.hex(),
            "basis": sealed.basis.hex(),
            "signature": base64.b64encode(sealed.signature).decode(),
        },
    )
