"""Sealed envelopes: AES-256-GCM, padded, bound to vault, case, purpose, item, kind and revision (formats.md §3)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evidencevault.errors import Damaged
from evidencevault.resources import tr
from evidencevault.vault.canonical import Value, pack, unpack
from evidencevault.vault.keys import sha256
from evidencevault.vault.padding import padme
from evidencevault.vault.registry import DUTY_LABEL, RECORD_LABEL, SEAL_LABEL, ZERO_ID, Purpose

VERSION = 1
SUITE_AES_256_GCM = 1
_HEADER = 6
_NONCE = 12
_TAG = 16
_SMALLEST = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Where an envelope belongs; every part is authenticated."""

    vault_id: bytes
    purpose: Purpose
    case: bytes = ZERO_ID
    item: bytes = ZERO_ID
    kind: int = 0
    revision: int = 0

    def associated(self, header: bytes) -> bytes:
        """The associated data: label, place, and the first six bytes of the envelope."""
        return b"".join(
            (
                SEAL_LABEL,
                self.vault_id,
                self.case,
                int(self.purpose).to_bytes(2, "big"),
                self.item,
                self.kind.to_bytes(4, "big"),
                self.revision.to_bytes(8, "big"),
                header,
            )
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """What an envelope held: its salt (32), the MessagePack bytes as stored, and the map."""

    epoch: int
    salt: bytes
    packed: bytes
    body: dict[str, Value]


def seal(key: bytes, place: Place, epoch: int, body: Mapping[str, Value], salt: bytes | None = None) -> bytes:
    """Seal a map (``v`` is added). ``salt`` is fresh unless given by a caller that must commit to it first."""
    return seal_packed(key, place, epoch, packed_body(body), salt if salt is not None else os.urandom(32))


def packed_body(body: Mapping[str, Value]) -> bytes:
    """The canonical bytes of a body with its version."""
    return pack({"v": 1, **body})


def seal_packed(key: bytes, place: Place, epoch: int, packed: bytes, salt: bytes) -> bytes:
    """Seal bytes that :func:`packed_body` made."""
    plain = len(packed).to_bytes(4, "big") + salt + packed
    plain = plain.ljust(max(_SMALLEST, padme(len(plain))), b"\0")
    header = bytes((VERSION, SUITE_AES_256_GCM)) + epoch.to_bytes(4, "big")
    nonce = os.urandom(_NONCE)
    return header + nonce + AESGCM(key).encrypt(nonce, plain, place.associated(header))


def epoch_of(sealed: bytes) -> int:
    """The epoch whose key opens this envelope (0: no epoch key). Raises Damaged for what is no envelope."""
    if len(sealed) < _HEADER + _NONCE + _TAG or sealed[0] != VERSION or sealed[1] != SUITE_AES_256_GCM:
        raise Damaged(tr("A sealed row is cut, or of a version this program does not know."))
    return int.from_bytes(sealed[2:6], "big")


def unseal(key: bytes, place: Place, sealed: bytes) -> Opened:
    """Open an envelope; raises Damaged where one bit, the place or the padding is not as sealed."""
    epoch = epoch_of(sealed)
    header, nonce = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE]
    try:
        plain = AESGCM(key).decrypt(nonce, sealed[_HEADER + _NONCE :], place.associated(header))
    except InvalidTag as error:
        raise Damaged(tr("A sealed row was changed, or stands where it does not belong.")) from error
    length = int.from_bytes(plain[:4], "big")
    packed = plain[36 : 36 + length]
    full = max(_SMALLEST, padme(36 + length))
    if len(plain) != full or plain[36 + length :].strip(b"\0"):
        raise Damaged(tr("A sealed row has the wrong padding."))
    return Opened(epoch, plain[4:36], packed, unpack(packed))


def record_commitment(salt: bytes, packed: bytes) -> bytes:
    """The 32 bytes that stand in the ledger for one revision of a record."""
    return sha256(RECORD_LABEL, salt, packed)


def duty_commitment(salt: bytes, packed: bytes) -> bytes:
    """The same for a revision of a duty row."""
    return sha256(DUTY_LABEL, salt, packed)
