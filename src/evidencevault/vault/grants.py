"""Grants: blobs that only their recipient can open, signed inside by the granter (formats.md §2)."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.errors import Damaged
from evidencevault.formats import signatures
from evidencevault.resources import tr
from evidencevault.vault.canonical import pack, unpack
from evidencevault.vault.keys import Identity, PublicKeys, grant_info, hkdf, hpke_open, hpke_seal, sha256
from evidencevault.vault.registry import GRANT_NAMESPACE, KeyKind

PLAIN_LENGTH = 640
"""Every grant's plaintext is padded to this, so that all blobs have one size."""
BASIS_LENGTH = 40


def commit_of(key: bytes) -> bytes:
    """The public commitment of an epoch key."""
    return hkdf(key, b"commit")


@dataclass(frozen=True, slots=True)
class Grant:
    """An epoch key for one recipient. ``basis`` is u64 size ‖ root of the vault ledger that the granter saw."""

    case: bytes
    kind: KeyKind
    epoch: int
    key: bytes
    granter: bytes
    basis: bytes
    signature: bytes

    def signed_message(self, vault_id: bytes, recipient: bytes) -> bytes:
        """What the granter signed."""
        return grant_message(
            vault_id, self.case, self.kind, self.epoch, commit_of(self.key), recipient, self.granter, self.basis
        )

    def signed_by(self, vault_id: bytes, recipient: bytes, granter: PublicKeys) -> bool:
        """Whether the signature inside is the granter's."""
        message = self.signed_message(vault_id, recipient)
        same = granter.key_id == self.granter
        return same and signatures.sshsig_verify(self.signature, message, GRANT_NAMESPACE, granter.sign)


def grant_message(
    vault_id: bytes, case: bytes, kind: int, epoch: int, commit: bytes, recipient: bytes, granter: bytes, basis: bytes
) -> bytes:
    """u8 1 ‖ vault 32 ‖ case 16 ‖ u8 kind ‖ u32 epoch ‖ commit 32 ‖ recipient 16 ‖ granter 16 ‖ basis 40."""
    return b"".join(
        (b"\x01", vault_id, case, bytes((kind,)), epoch.to_bytes(4, "big"), commit, recipient, granter, basis)
    )


@dataclass(frozen=True, slots=True)
class SealedGrant:
    """A grant on its way into the database, with what its ledger entry repeats."""

    id: bytes
    blob: bytes
    case: bytes
    kind: KeyKind
    epoch: int
    commit: bytes
    recipient: bytes
    granter: bytes
    basis: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """H(blob), as the ledger holds it."""
        return sha256(self.blob)


def seal_grant(
    vault_id: bytes,
    granter: Identity,
    to: PublicKeys,
    case: bytes,
    kind: KeyKind,
    epoch: int,
    key: bytes,
    basis: bytes,
    grant_id: bytes,
) -> SealedGrant:
    """Sign and seal one epoch key for one member (1,168 bytes of enc and a fixed ciphertext)."""
    commit = commit_of(key)
    message = grant_message(vault_id, case, kind, epoch, commit, to.key_id, granter.key_id, basis)
    signature = granter.sign(GRANT_NAMESPACE, message)
    packed = pack(
        {
            "v": 1,
            "case": case,
            "kind": int(kind),
            "epoch": epoch,
            "key": key,
            "granter": granter.key_id,
            "basis": basis,
            "sig": signature,
        }
    )
    plain = (len(packed).to_bytes(4, "big") + packed).ljust(PLAIN_LENGTH, b"\0")
    if len(plain) != PLAIN_LENGTH:
        raise AssertionError("a grant outgrew its fixed size")
    blob = hpke_seal(to, grant_info(vault_id, to.key_id), plain)
    return SealedGrant(grant_id, blob, case, kind, epoch, commit, to.key_id, granter.key_id, basis, signature)


def open_grant(vault_id: bytes, identity: Identity, blob: bytes) -> Grant | None:
    """The grant, or None where it is for somebody else. Raises Damaged for one that is ours and malformed."""
    plain = hpke_open(identity, grant_info(vault_id, identity.key_id), blob)
    if plain is None:
        return None
    length = int.from_bytes(plain[:4], "big")
    if len(plain) != PLAIN_LENGTH or length > PLAIN_LENGTH - 4 or any(plain[4 + length :]):
        raise Damaged(tr("A grant of access is malformed."))
    body = unpack(plain[4 : 4 + length])
    match body:
        case {
            "v": 1,
            "case": bytes(case),
            "kind": int(kind),
            "epoch": int(epoch),
            "key": bytes(key),
            "granter": bytes(granter),
            "basis": bytes(basis),
            "sig": bytes(signature),
        }:
            return Grant(case, KeyKind(kind), epoch, key, granter, basis, signature)
        case _:
            raise Damaged(tr("A grant of access is malformed."))
