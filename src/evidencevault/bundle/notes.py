"""A receiver's notes on a bundle, sealed to the key that opened it; they belong to one bundle and open with no other.

An age file of one JSON document: ``format``, ``bundle``, ``tag-manifest`` (SHA-256, hex), ``whole``, ``documents`` by
number, and ``compared`` (``key``, ``with``, ``on``) once the fingerprint was compared with the sender.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evidencevault.bundle.inside import Key, write_whole
from evidencevault.bundle.receiving import Received
from evidencevault.errors import Damaged, NotPermitted, Refused, Unreadable
from evidencevault.formats import age
from evidencevault.resources import tr

FORMAT = "evidencevault.org/bundle-notes/v1"
LARGEST = 16 << 20
ENDING = "-notes.age"


@dataclass(frozen=True, slots=True)
class Compared:
    """That the fingerprint ``key`` was compared with somebody on a day (as it was written down)."""

    key: str
    whom: str
    on: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What a receiver wrote: of the whole bundle, of its documents (by number), and whom they asked who made it."""

    whole: str = ""
    documents: Mapping[str, str] = field(default_factory=dict)
    compared: Compared | None = None


def seal(notes: Notes, received: Received, key: Key) -> bytes:
    """The notes as an age file. Raises Refused where the bundle was opened without a key."""
    if not key.seals:
        raise Refused(tr("This bundle was not encrypted: there is no key to seal notes with. Nothing was written."))
    compared = notes.compared
    said = {
        "format": FORMAT,
        "bundle": received.name,
        "tag-manifest": received.tag_manifest_sha256.hex(),
        "whole": notes.whole,
        "documents": {number: text for number, text in notes.documents.items() if text},
        "compared": {"key": compared.key, "with": compared.whom, "on": compared.on} if compared else None,
    }
    return b"".join(age.encrypt(key.seals, [json.dumps(said, ensure_ascii=False).encode()]))


def read(data: bytes, received: Received, key: Key) -> Notes:
    """Notes as they were sealed. Raises NotPermitted (another key), Damaged, Refused (of another bundle)."""
    try:
        said = json.loads(b"".join(age.decrypt(io.BytesIO(data), key.opens)))
    except age.NoMatch as error:
        raise NotPermitted(tr("These notes were sealed with another key. Nothing was opened.")) from error
    except (age.AgeError, ValueError) as error:
        raise _damaged() from error
    match said:
        case {"format": str(kind), "tag-manifest": str(tag), "whole": str(whole), "documents": dict(documents)}:
            if kind != FORMAT or not all(isinstance(one, str) for one in documents.values()):
                raise _damaged()
            if tag != received.tag_manifest_sha256.hex():
                raise Refused(tr("These are notes on another bundle. Nothing was opened."))
            return Notes(whole, documents, _compared(said.get("compared")))
        case _:
            raise _damaged()


def load(path: Path, received: Received, key: Key) -> Notes:
    """Notes from a file. Raises Unreadable, and as :func:`read`."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(tr("{path} can not be read ({why}).").format(path=path, why=error.strerror)) from error
    if len(data) > LARGEST:
        raise _damaged()
    return read(data, received, key)


def save(notes: Notes, path: Path, received: Received, key: Key) -> None:
    """Notes into a file, in place of what was in it. Raises Refused, StorageFailed."""
    write_whole(path, [seal(notes, received, key)])


def _compared(said: object) -> Compared | None:
    match said:
        case {"key": str(key), "with": str(whom), "on": str(on)}:
            return Compared(key, whom, on)
        case _:
            return None


def _damaged() -> Damaged:
    return Damaged(tr("This is no file of notes, or it was changed. Nothing was opened."))
