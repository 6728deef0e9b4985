"""Who can open an age file: X25519, the hybrid mlkem768x25519, and passphrases.

Source: https://age-encryption.org/v1, "Native recipient types".
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from evidencevault.formats import bech32
from evidencevault.formats.age_errors import AgeError, HeaderError
from evidencevault.formats.age_header import Stanza, from_base64, malformed_sentence, to_base64
from evidencevault.formats.age_stream import hkdf
from evidencevault.resources import tr

X25519 = "X25519"
HYBRID = "mlkem768x25519"
SCRYPT = "scrypt"

_WRAPPED = 32
_ZERO_NONCE = bytes(12)
MLKEM_PUBLIC = 1184
_MLKEM_CIPHERTEXT = 1088
_ENCAPSULATED = _MLKEM_CIPHERTEXT + 32
_HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
_WORK_FACTOR = re.compile(r"[1-9][0-9]?")


class Recipient(Protocol):
    """Somebody a file can be encrypted to."""

    @property
    def kind(self) -> str:
        """The stanza type."""

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza that holds the 16-byte file key for this recipient."""


class Identity(Protocol):
    """A secret that may open a file."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the stanza is for somebody else; raises HeaderError for a malformed stanza."""


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """A Curve25519 public key (32 bytes)."""

    public: bytes

    @property
    def kind(self) -> str:
        """The stanza type."""
        return X25519

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza; raises AgeError if the public key is a low-order point."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        try:
            shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        except ValueError:
            raise AgeError(tr("This recipient key is not usable. Ask the recipient for another one.")) from None
        return Stanza(X25519, (to_base64(share),), _seal(_x25519_wrap_key(shared, share, self.public), file_key))

    def __str__(self) -> str:
        return bech32.encode("age", self.public)


@dataclass(frozen=True, slots=True)
class X25519Identity:
    """A Curve25519 private key (32 bytes). ``str()`` is the secret in text."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> X25519Identity:
        """A new identity."""
        return cls(random(32))

    def recipient(self) -> X25519Recipient:
        """The public half."""
        return X25519Recipient(X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See :class:`Identity`; refuses low-order points."""
        if stanza.kind != X25519:
            return None
        share = _argument(stanza, 32)
        private = X25519PrivateKey.from_private_bytes(self.secret)
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise HeaderError(malformed_sentence()) from None
        return _open(_x25519_wrap_key(shared, share, private.public_key().public_bytes_raw()), stanza.body)

    def __str__(self) -> str:
        return bech32.encode("age-secret-key-", self.secret).upper()


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """An X-Wing public key: ML-KEM-768 encapsulation key (1184 bytes) ‖ X25519 (32 bytes)."""

    public: bytes

    @property
    def kind(self) -> str:
        """The stanza type."""
        return HYBRID

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza; raises AgeError if the public key is not usable."""
        try:
            key = hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.public[:MLKEM_PUBLIC]),
                X25519PublicKey.from_public_bytes(self.public[MLKEM_PUBLIC:]),
            )
            sealed = _suite().encrypt(file_key, key, _HYBRID_INFO)
        except ValueError:
            raise AgeError(tr("This recipient key is not usable. Ask the recipient for another one.")) from None
        return Stanza(HYBRID, (to_base64(sealed[:_ENCAPSULATED]),), sealed[_ENCAPSULATED:])

    def __str__(self) -> str:
        return bech32.encode("age1pq", self.public)


@dataclass(frozen=True, slots=True)
class HybridIdentity:
    """The 32-byte seed of an X-Wing key. ``str()`` is the secret in text."""

    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> HybridIdentity:
        """A new identity."""
        return cls(random(32))

    def recipient(self) -> HybridRecipient:
        """The public half."""
        kem, curve = self._keys()
        return HybridRecipient(kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See :class:`Identity`; refuses low-order points."""
        if stanza.kind != HYBRID:
            return None
        encapsulated = _argument(stanza, _ENCAPSULATED)
        kem, curve = self._keys()
        try:
            # HPKE would fail with the tag; the format wants a low-order share refused as malformed.
            curve.exchange(X25519PublicKey.from_public_bytes(encapsulated[_MLKEM_CIPHERTEXT:]))
        except ValueError:
            raise HeaderError(malformed_sentence()) from None
        try:
            key = hpke.MLKEM768X25519PrivateKey(kem, curve)
            return _suite().decrypt(encapsulated + stanza.body, key, _HYBRID_INFO)
        except InvalidTag:
            return None

    def _keys(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.seed).digest(96)
        return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])

    def __str__(self) -> str:
        return bech32.encode("age-secret-key-pq-", self.seed).upper()


@dataclass(frozen=True, slots=True)
class ScryptRecipient:
    """A passphrase to encrypt with; work factor 18 takes about a second and 256 MiB."""

    passphrase: str = field(repr=False)
    work_factor: int = 18

    @property
    def kind(self) -> str:
        """The stanza type."""
        return SCRYPT

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza, with a fresh salt."""
        salt = os.urandom(16)
        body = _seal(_scrypt_key(self.passphrase, salt, self.work_factor), file_key)
        return Stanza(SCRYPT, (to_base64(salt), str(self.work_factor)), body)


@dataclass(frozen=True, slots=True)
class ScryptIdentity:
    """A passphrase to open with; work factors above ``max_work_factor`` are refused (22: 4 GiB and a minute)."""

    passphrase: str = field(repr=False)
    max_work_factor: int = 22

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See :class:`Identity`."""
        if stanza.kind != SCRYPT:
            return None
        salt = _argument(stanza, 16, more=1)
        untrusted_factor = stanza.arguments[1]
        if not _WORK_FACTOR.fullmatch(untrusted_factor):
            raise HeaderError(malformed_sentence())
        factor = int(untrusted_factor)
        if factor > self.max_work_factor:
            raise HeaderError(
                tr(
                    "The encrypted file asks for too much work to check its passphrase (factor {factor}, at most "
                    "{most}). It was not opened; ask the sender for another one."
                ).format(factor=factor, most=self.max_work_factor)
            )
        return _open(_scrypt_key(self.passphrase, salt, factor), stanza.body)


def _argument(stanza: Stanza, size: int, more: int = 0) -> bytes:
    """The first argument's ``size`` bytes; checks the count of arguments and the body, as every native type wants."""
    if len(stanza.arguments) != 1 + more or len(stanza.body) != _WRAPPED:
        raise HeaderError(malformed_sentence())
    data = from_base64(stanza.arguments[0])
    if len(data) != size:
        raise HeaderError(malformed_sentence())
    return data


def _x25519_wrap_key(shared: bytes, share: bytes, public: bytes) -> bytes:
    return hkdf(shared, share + public, b"age-encryption.org/v1/X25519")


def _scrypt_key(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    try:
        scrypt = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << work_factor, r=8, p=1)
        return scrypt.derive(passphrase.encode("utf-8"))
    except MemoryError:
        raise AgeError(
            tr("Checking this passphrase needs {mib} MiB of memory, more than is free. Close other programs.").format(
                mib=1 << max(0, work_factor - 10)
            )
        ) from None


def _suite() -> hpke.Suite:
    return hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _seal(wrap_key: bytes, file_key: bytes) -> bytes:
    return ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)


def _open(wrap_key: bytes, body: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None
