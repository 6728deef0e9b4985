"""Fingerprints of keys, to be compared by people: SHA-256 in OpenSSH's writing, eight words, a QR code.

Eight words are 80 bits: making another key with the same words takes some 2^80 tries. The QR code holds all 256.
Words: the SLIP-39 list (1024 words, no two alike in their first four letters), that of the recovery shares.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from dataclasses import dataclass

import segno
from shamir_mnemonic.wordlist import WORDLIST

from evidencevault.formats import age
from evidencevault.resources import tr

COUNT = 8
_BITS = 10
_PREFIX = "SHA256:"
_QUIET = 4
"""Modules of white around a QR code, as ISO/IEC 18004 wants."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The SHA-256 (32 bytes) of a key's canonical bytes."""

    digest: bytes

    def __str__(self) -> str:
        """``SHA256:…`` in base64 without padding, as ``ssh-keygen -l`` writes it."""
        return _PREFIX + base64.b64encode(self.digest).decode("ascii").rstrip("=")

    @property
    def words(self) -> str:
        """The first 80 bits as eight words, to read to somebody over the telephone."""
        return words(self.digest)

    @property
    def told(self) -> str:
        """What the QR code says: both, on two lines."""
        return f"{self}\n{self.words}"


def words(digest: bytes) -> str:
    """Eight words of ten bits each from the first 80 bits of a digest, the highest bits first."""
    number = int.from_bytes(digest[: COUNT * _BITS // 8], "big")
    return " ".join(WORDLIST[(number >> (_BITS * place)) & 1023] for place in range(COUNT - 1, -1, -1))


def of_recipient(key: str) -> Fingerprint:
    """Of an age recipient (``age1…``): over its text in small letters, without a line end. Raises AgeError."""
    return Fingerprint(hashlib.sha256(str(age.parse_recipient(key)).encode("ascii")).digest())


def of_ssh(fingerprint: str) -> Fingerprint:
    """Of an SSH key by its ``SHA256:…``, which is over the key's wire form (RFC 4253 §6.6). Raises ValueError."""
    prefix, text = fingerprint[: len(_PREFIX)], fingerprint[len(_PREFIX) :]
    try:
        found = Fingerprint(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except binascii.Error as error:
        raise ValueError(tr("This is not a fingerprint of a key.")) from error
    if prefix != _PREFIX or len(found.digest) != 32:
        raise ValueError(tr("This is not a fingerprint of a key."))
    return found


def qr_svg(text: str, *, fits: bool = False) -> str:
    """A QR code (level M) as one ``<svg>`` element without a namespace of its own, to stand in a page.

    Four pixels a module, or as large as the room it stands in (``fits``).
    """
    made = segno.make_qr(text, error="m")
    return made.svg_inline(border=_QUIET, scale=1 if fits else 4, light="#fff", omitsize=fits)


def qr_file(text: str, kind: str) -> bytes:
    """A QR code as a whole ``png`` or ``svg`` file."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind=kind, border=_QUIET, scale=8, light="#fff")
    return out.getvalue()


def qr_terminal(text: str) -> str:
    """A QR code in half blocks, for a terminal with light letters on a dark ground."""
    out = io.StringIO()
    segno.make_qr(text, error="m").terminal(out, border=_QUIET, compact=True)
    return out.getvalue()
