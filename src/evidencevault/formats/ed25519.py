"""Ed25519 (RFC 8032) over raw bytes: 32-byte seeds and public keys, 64-byte signatures."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PUBLIC = 32
SIGNATURE = 64


def sign_ed25519(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature by the key of this 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public_ed25519(seed: bytes) -> bytes:
    """The 32-byte public key of this 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is by this key over this message; a malformed key or signature is simply not."""
    if len(public) != PUBLIC or len(signature) != SIGNATURE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
