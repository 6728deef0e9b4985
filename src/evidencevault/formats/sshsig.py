"""SSH signatures by Ed25519 keys (OpenSSH PROTOCOL.sshsig), so that ``ssh-keygen -Y verify`` can check them.

Only SHA-512 as the hash of the message, which is what ssh-keygen writes unless told otherwise.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from evidencevault.errors import Damaged
from evidencevault.formats.ed25519 import PUBLIC, SIGNATURE, public_ed25519, sign_ed25519, verify_ed25519
from evidencevault.resources import tr

KEY_TYPE = b"ssh-ed25519"
MAGIC = b"SSHSIG"
HASH_NAME = b"sha512"
COLUMNS = 70
BEGIN = "-----BEGIN SSH SIGNATURE-----"
END = "-----END SSH SIGNATURE-----"
MAX_BLOB = 4096
_WORD = re.compile(r"[A-Za-z0-9@._-]+")


@dataclass(frozen=True, slots=True)
class SshSignature:
    """A parsed signature: public key (32 bytes), namespace, Ed25519 signature (64 bytes)."""

    public: bytes
    namespace: str
    signature: bytes


def sshsig_sign(seed: bytes, message: bytes, namespace: str) -> bytes:
    """The binary signature (not armored) by the key of this 32-byte seed."""
    if not namespace:
        raise ValueError("a namespace is needed")
    signature = sign_ed25519(seed, _signed(message, namespace))
    return b"".join(
        (
            MAGIC,
            (1).to_bytes(4, "big"),
            _string(_public_blob(public_ed25519(seed))),
            _string(namespace.encode("utf-8")),
            _string(b""),
            _string(HASH_NAME),
            _string(_string(KEY_TYPE) + _string(signature)),
        )
    )


def sshsig_parse(blob: bytes) -> SshSignature:
    """The parts of a binary signature, unchecked; raises Damaged for anything but Ed25519 with SHA-512."""
    reader = _Reader(blob)
    if len(blob) > MAX_BLOB or reader.take(len(MAGIC)) != MAGIC or reader.take(4) != b"\x00\x00\x00\x01":
        raise Damaged(_damaged())
    key, namespace, reserved, hash_name, signature = (reader.string() for _ in range(5))
    if not reader.done or not namespace or reserved or hash_name != HASH_NAME:
        raise Damaged(_damaged())
    try:
        return SshSignature(_typed(key, PUBLIC), namespace.decode("utf-8"), _typed(signature, SIGNATURE))
    except UnicodeDecodeError:
        raise Damaged(_damaged()) from None


def sshsig_verify(blob: bytes, message: bytes, namespace: str, public: bytes) -> bool:
    """Whether the binary signature is by this 32-byte key, in this namespace, over this message."""
    try:
        parsed = sshsig_parse(blob)
    except Damaged:
        return False
    if parsed.public != public or parsed.namespace != namespace:
        return False
    return verify_ed25519(public, _signed(message, namespace), parsed.signature)


def sshsig_armor(blob: bytes) -> str:
    """The text form that ssh-keygen reads, with its final newline."""
    text = base64.b64encode(blob).decode("ascii")
    lines = [text[start : start + COLUMNS] for start in range(0, len(text), COLUMNS)]
    return "\n".join([BEGIN, *lines, END]) + "\n"


def sshsig_dearmor(text: str) -> bytes:
    """The binary signature inside the text form; raises Damaged."""
    body = text.strip()
    if len(body) > 2 * MAX_BLOB or not body.startswith(BEGIN) or not body.endswith(END):
        raise Damaged(_damaged())
    try:
        return base64.b64decode("".join(body[len(BEGIN) : -len(END)].split()), validate=True)
    except (ValueError, binascii.Error):
        raise Damaged(_damaged()) from None


def ssh_public_key(public: bytes) -> str:
    """``ssh-ed25519 AAAA…`` without a comment."""
    return f"ssh-ed25519 {base64.b64encode(_public_blob(public)).decode('ascii')}"


def parse_ssh_public_key(text: str) -> bytes:
    """The 32 bytes of an ``ssh-ed25519 AAAA… [comment]`` line; raises Damaged."""
    words = text.split()
    if len(words) < 2 or words[0] != "ssh-ed25519":
        raise Damaged(tr("This is not an Ed25519 SSH public key; it begins with ssh-ed25519."))
    try:
        return _typed(base64.b64decode(words[1], validate=True), PUBLIC)
    except (ValueError, binascii.Error):
        raise Damaged(_damaged()) from None


def ssh_fingerprint(public: bytes) -> str:
    """``SHA256:…`` as ``ssh-keygen -l`` shows it."""
    digest = hashlib.sha256(_public_blob(public)).digest()
    return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")


def allowed_signers_line(principal: str, public: bytes, namespace: str) -> str:
    """One line of an allowed_signers file with its newline; ValueError for words that would need quoting."""
    if not _WORD.fullmatch(principal) or not _WORD.fullmatch(namespace):
        raise ValueError("principals and namespaces are plain words")
    return f'{principal} namespaces="{namespace}" {ssh_public_key(public)}\n'


def _signed(message: bytes, namespace: str) -> bytes:
    digest = hashlib.sha512(message).digest()
    return MAGIC + _string(namespace.encode("utf-8")) + _string(b"") + _string(HASH_NAME) + _string(digest)


def _public_blob(public: bytes) -> bytes:
    return _string(KEY_TYPE) + _string(public)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _typed(blob: bytes, size: int) -> bytes:
    """The value of ``string "ssh-ed25519", string value`` where the value has ``size`` bytes."""
    reader = _Reader(blob)
    kind, value = reader.string(), reader.string()
    if kind != KEY_TYPE or len(value) != size or not reader.done:
        raise Damaged(_damaged())
    return value


class _Reader:
    """SSH wire strings (RFC 4251 section 5) from untrusted bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at == len(self._data)

    def take(self, size: int) -> bytes:
        part = self._data[self._at : self._at + size]
        if len(part) != size:
            raise Damaged(_damaged())
        self._at += size
        return part

    def string(self) -> bytes:
        return self.take(int.from_bytes(self.take(4), "big"))


def _damaged() -> str:
    return tr("The signature is not an SSH signature by an Ed25519 key over SHA-512, or it is damaged.")
