"""Signed notes, checkpoints and cosignatures (https://c2sp.org/signed-note, /tlog-checkpoint, /tlog-cosignature).

A checkpoint here has exactly three lines: origin, size, root in base64. Extension lines are refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidencevault.errors import Damaged
from evidencevault.formats.ed25519 import PUBLIC, SIGNATURE, public_ed25519, sign_ed25519, verify_ed25519
from evidencevault.formats.merkle import HASH
from evidencevault.resources import tr

NOTE_ED25519 = 0x01
COSIGNATURE_V1 = 0x04
MAX_NOTE = 1 << 16
MAX_SIGNATURES = 64
MAX_TIME = (1 << 63) - 1

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its origin, how many leaves (up to 2**63 - 1), and their root (32 bytes)."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: key name, 4-byte key id, and the signature's bytes after it."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note: its text with the final newline, and its signatures, none of them checked."""

    text: str
    signatures: tuple[Signature, ...]


def key_id(name: str, public: bytes, kind: int = NOTE_ED25519) -> bytes:
    """SHA-256(name ‖ 0x0A ‖ kind ‖ public)[:4]."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + bytes([kind]) + public).digest()[:4]


def verifier_key(name: str, public: bytes, kind: int = NOTE_ED25519) -> str:
    """The key as text for other note tools: ``name+<hex key id>+<base64(kind ‖ public)>``."""
    encoded = base64.b64encode(bytes([kind]) + public).decode("ascii")
    return f"{name}+{key_id(name, public, kind).hex()}+{encoded}"


def signature_line(name: str, key_id: bytes, value: bytes) -> bytes:
    """``— name base64(key id ‖ value)`` with its newline; ValueError for a name that notes do not allow."""
    if not _is_name(name):
        raise ValueError("key names have no spaces and no plus sign")
    return f"— {name} ".encode() + base64.b64encode(key_id + value) + b"\n"


def sign_note(text: str, name: str, seed: bytes) -> bytes:
    """The text (which ends in a newline) with one Ed25519 signature by the key of ``seed``, named ``name``."""
    value = sign_ed25519(seed, text.encode("utf-8"))
    return text.encode("utf-8") + b"\n" + signature_line(name, key_id(name, public_ed25519(seed)), value)


def parse_note(note: bytes) -> Note:
    """Text and signatures, unchecked; raises Damaged."""
    if len(note) > MAX_NOTE:
        raise Damaged(_damaged())
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Damaged(_damaged()) from None
    before, separator, after = whole.rpartition("\n\n")
    if not separator or _CONTROL.search(whole) or not after.endswith("\n") or after.count("\n") > MAX_SIGNATURES:
        raise Damaged(_damaged())
    return Note(before + "\n", tuple(parse_signature(line + "\n") for line in after[:-1].split("\n")))


def parse_signature(line: str | bytes) -> Signature:
    """One signature line with its newline; raises Damaged."""
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        dash, name, encoded = text.removesuffix("\n").split(" ")
        value = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise Damaged(_damaged()) from None
    again = base64.b64encode(value).decode("ascii")
    if dash != "—" or not text.endswith("\n") or not _is_name(name) or len(value) < 5 or again != encoded:
        raise Damaged(_damaged())
    return Signature(name, value[:4], value[4:])


def open_note(note: bytes, name: str, public: bytes) -> str:
    """The text, once a signature of this Ed25519 key over it is found and holds; raises Damaged.

    Signatures of other keys are ignored; a wrong one that claims to be of this key spoils the note.
    """
    parsed = parse_note(note)
    expected = key_id(name, public)
    ours = [signature for signature in parsed.signatures if (signature.name, signature.key_id) == (name, expected)]
    if not ours:
        raise Damaged(tr("The checkpoint is not signed by the key that should have signed it. Do not rely on it."))
    for signature in ours:
        if not verify_ed25519(public, parsed.text.encode("utf-8"), signature.value):
            raise Damaged(tr("The signature on the checkpoint is wrong: it was changed. Do not rely on it."))
    return parsed.text


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Three lines: origin, size in decimal, root in base64. ValueError for values no checkpoint can hold."""
    if not _is_name(origin) or not 0 <= size <= MAX_TIME or len(root) != HASH:
        raise ValueError("not a checkpoint")
    return f"{origin}\n{size}\n{base64.b64encode(root).decode('ascii')}\n"


def parse_checkpoint_text(text: str) -> Checkpoint:
    """The reverse of :func:`checkpoint_text`; raises Damaged for anything it would not write."""
    parts = text.split("\n")
    if len(parts) != 4 or parts[3] or not _SIZE.fullmatch(parts[1]):
        raise Damaged(_damaged())
    try:
        checkpoint = Checkpoint(parts[0], int(parts[1]), base64.b64decode(parts[2], validate=True))
        again = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    except (ValueError, binascii.Error):
        raise Damaged(_damaged()) from None
    if again != text:
        raise Damaged(_damaged())
    return checkpoint


def sign_checkpoint(origin: str, size: int, root: bytes, seed: bytes) -> bytes:
    """A checkpoint signed (type 0x01) under the key name ``origin``."""
    return sign_note(checkpoint_text(origin, size, root), origin, seed)


def open_checkpoint(note: bytes, origin: str, public: bytes) -> Checkpoint:
    """The checkpoint, once its signature and origin are checked; raises Damaged."""
    checkpoint = parse_checkpoint_text(open_note(note, origin, public))
    if checkpoint.origin != origin:
        raise Damaged(tr("The checkpoint belongs to another ledger. Do not rely on it."))
    return checkpoint


def cosign(note_or_text: bytes | str, name: str, seed: bytes, time: int) -> bytes:
    """One signature line, type 0x04 (``cosignature/v1``), over a checkpoint's text at ``time`` (UTC seconds).

    Takes the text or the whole signed note; its signatures are the caller's to check. Raises Damaged.
    """
    if not 0 <= time <= MAX_TIME:
        raise ValueError("not a time")
    text = _text_of(note_or_text)
    parse_checkpoint_text(text)
    value = sign_ed25519(seed, _cosigned(text, time))
    return signature_line(name, key_id(name, public_ed25519(seed), COSIGNATURE_V1), time.to_bytes(8, "big") + value)


def verify_cosignature(line: bytes, note_or_text: bytes | str, name: str, public: bytes) -> int:
    """The time (UTC seconds) at which this key cosigned the checkpoint; raises Damaged if it did not."""
    signature = parse_signature(line)
    text = _text_of(note_or_text)
    parse_checkpoint_text(text)
    fits = (signature.name, signature.key_id) == (name, key_id(name, public, COSIGNATURE_V1))
    time = int.from_bytes(signature.value[:8], "big")
    if not fits or len(signature.value) != 8 + SIGNATURE or time > MAX_TIME or len(public) != PUBLIC:
        raise Damaged(tr("The cosignature is not of the member named. It proves nothing."))
    if not verify_ed25519(public, _cosigned(text, time), signature.value[8:]):
        raise Damaged(tr("The cosignature does not fit this checkpoint. It proves nothing."))
    return time


def cosignature_lines(note: bytes) -> Iterator[bytes]:
    """The signature lines of a note that have the length of a cosignature, whole, for :func:`verify_cosignature`."""
    for signature in parse_note(note).signatures:
        if len(signature.value) == 8 + SIGNATURE:
            yield signature_line(signature.name, signature.key_id, signature.value)


def _text_of(note_or_text: bytes | str) -> str:
    if isinstance(note_or_text, str) and "\n\n" not in note_or_text:
        return note_or_text
    raw = note_or_text.encode("utf-8") if isinstance(note_or_text, str) else note_or_text
    if b"\n\n" in raw:
        return parse_note(raw).text
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Damaged(_damaged()) from None


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and name.isprintable() and not any(sign.isspace() for sign in name)


def _damaged() -> str:
    return tr("The checkpoint is not written as checkpoints are: it is damaged or was edited. Do not rely on it.")
