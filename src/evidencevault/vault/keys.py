"""Identities and derived keys (formats.md §1-2). All primitives come from ``cryptography``; nothing is hand-made."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from evidencevault.errors import Damaged
from evidencevault.formats import fingerprints, signatures
from evidencevault.resources import tr
from evidencevault.vault.registry import GRANT_LABEL, IDENTITY_LABEL, ITEM_PERSON, Purpose, label

PUBLIC_LENGTH = 32 + 32 + 1184 + 32
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def sha256(*parts: bytes) -> bytes:
    """H of the joined parts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def hkdf(key: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-SHA256 with an empty salt (RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=b"", info=info).derive(key)


def purpose_key(key: bytes, purpose: Purpose) -> bytes:
    """The 32-byte key of one purpose under an epoch key."""
    return hkdf(key, label(purpose))


def item_key(purpose_key_: bytes, salt: bytes) -> bytes:
    """The 32-byte key of one item: keyed BLAKE2b over its salt (RFC 7693). Without the salt it is gone."""
    return hashlib.blake2b(salt, digest_size=32, key=purpose_key_, person=ITEM_PERSON).digest()


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """An identity's public half: sign 32 ‖ witness 32 ‖ ML-KEM-768 1184 ‖ X25519 32."""

    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) != PUBLIC_LENGTH:
            raise Damaged(tr("A member's public keys have the wrong length."))

    @property
    def sign(self) -> bytes:
        """The Ed25519 key that signs entries and checkpoints."""
        return self.data[:32]

    @property
    def witness(self) -> bytes:
        """The Ed25519 key that cosigns heads seen."""
        return self.data[32:64]

    @property
    def key_id(self) -> bytes:
        """16 bytes that name this key everywhere."""
        return sha256(self.data)[:16]

    @property
    def kem(self) -> hpke.MLKEM768X25519PublicKey:
        """The hybrid key that grants are sealed to."""
        mlkem = MLKEM768PublicKey.from_public_bytes(self.data[64:1248])
        return hpke.MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(self.data[1248:]))


def fingerprint_words(public: bytes) -> str:
    """Eight words (80 bits of H) to compare by telephone, from the SLIP-39 word list."""
    return fingerprints.words(sha256(public))


@dataclass(frozen=True)
class Identity:
    """One 32-byte seed and what follows from it. Never stored, logged or shown; ``repr`` hides it."""

    seed: bytes = field(repr=False)

    def _derive(self, purpose: bytes, length: int = 32) -> bytes:
        return hkdf(self.seed, IDENTITY_LABEL + purpose, length)

    @cached_property
    def sign_seed(self) -> bytes:
        """Ed25519 seed of the signing key."""
        return self._derive(b"sign")

    @cached_property
    def witness_seed(self) -> bytes:
        """Ed25519 seed of the witness key."""
        return self._derive(b"witness")

    @cached_property
    def keyring_key(self) -> bytes:
        """AES key of the rewritable keyring cache."""
        return self._derive(b"keyring")

    @cached_property
    def draft_key(self) -> bytes:
        """AES key of what this member typed and did not save."""
        return self._derive(b"draft")

    @cached_property
    def kem(self) -> hpke.MLKEM768X25519PrivateKey:
        """The private half of the hybrid key."""
        x25519, mlkem = self._kem_parts
        return hpke.MLKEM768X25519PrivateKey(mlkem, x25519)

    @cached_property
    def _kem_parts(self) -> tuple[X25519PrivateKey, MLKEM768PrivateKey]:
        material = self._derive(b"kem", 96)
        return X25519PrivateKey.from_private_bytes(material[:32]), MLKEM768PrivateKey.from_seed_bytes(material[32:])

    @cached_property
    def public(self) -> PublicKeys:
        """The public half."""
        x25519, mlkem = self._kem_parts
        return PublicKeys(
            signatures.public_ed25519(self.sign_seed)
            + signatures.public_ed25519(self.witness_seed)
            + mlkem.public_key().public_bytes_raw()
            + x25519.public_key().public_bytes_raw()
        )

    @property
    def key_id(self) -> bytes:
        """16 bytes that name this key everywhere."""
        return self.public.key_id

    def sign(self, namespace: str, message: bytes) -> bytes:
        """A binary SSHSIG (SHA-512) over ``message``."""
        return signatures.sshsig_sign(self.sign_seed, message, namespace)


@dataclass(frozen=True, slots=True)
class Argon:
    """Argon2id parameters (RFC 9106); memory in KiB. Bounded on reading, so a hostile row cannot exhaust the
    machine.
    """

    salt: bytes
    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        lanes_fit = 1 <= self.lanes <= 16 and 1 <= self.passes <= 16
        if not (lanes_fit and 8 * self.lanes <= self.memory <= 1024 * 1024 and len(self.salt) == 16):
            raise Damaged(tr("The passphrase parameters stored for this user are out of bounds."))

    def key(self, passphrase: str, key_file: bytes | None = None) -> bytes:
        """The key-encryption key of a passphrase (NFC, without its final newline) and an optional key file's bytes."""
        secret = unicodedata.normalize("NFC", passphrase.removesuffix("\n").removesuffix("\r")).encode()
        if key_file is not None:
            secret += b"\0" + sha256(key_file)
        return Argon2id(
            salt=self.salt, length=32, iterations=self.passes, lanes=self.lanes, memory_cost=self.memory
        ).derive(secret)


def grant_info(vault_id: bytes, key_id: bytes) -> bytes:
    """HPKE info of a grant."""
    return GRANT_LABEL + vault_id + key_id


def hpke_seal(public: PublicKeys, info: bytes, plaintext: bytes) -> bytes:
    """HPKE base mode, one message: enc ‖ ct (RFC 9180 with X-Wing)."""
    return _SUITE.encrypt(plaintext, public.kem, info)


def hpke_open(identity: Identity, info: bytes, blob: bytes) -> bytes | None:
    """The plaintext, or None where the blob is for somebody else."""
    try:
        return _SUITE.decrypt(blob, identity.kem, info)
    except (InvalidTag, ValueError):
        return None
