"""A checked bundle that stays sealed on the disk and is read from there: a document at a time, nothing unpacked."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self

from evidencevault.bundle import lists, receiving
from evidencevault.bundle.archive import Archive
from evidencevault.bundle.checks import Told
from evidencevault.bundle.contents import Document
from evidencevault.bundle.continuity import Head
from evidencevault.bundle.receiving import Received
from evidencevault.documents.requests import ByteSource
from evidencevault.errors import Damaged, StorageFailed, Unreadable
from evidencevault.formats import aezip, age, age_header
from evidencevault.progress import Progress
from evidencevault.resources import tr

_ZIP = b"PK\x03\x04"
_AGE = b"age-encryption.org/v1"
_START = 10


class Needs(StrEnum):
    """What opens a file."""

    NOTHING = "nothing"
    PASSPHRASE = "passphrase"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Key:
    """What a receiver opens a bundle with, and seals notes with: age identities, or a passphrase, or nothing."""

    identities: tuple[age.Identity, ...] = field(default=(), repr=False)
    passphrase: str | None = field(default=None, repr=False)

    @property
    def opens(self) -> Sequence[age.Identity]:
        """What opens what was sealed to :attr:`seals`."""
        return self.identities if self.passphrase is None else [age.ScryptIdentity(self.passphrase)]

    @property
    def seals(self) -> list[age.Recipient]:
        """Whom notes are sealed to; empty where the bundle needed no key."""
        if self.passphrase is not None:
            return [age.ScryptRecipient(self.passphrase)]
        known = [one for one in self.identities if isinstance(one, age.X25519Identity | age.HybridIdentity)]
        return [known[0].recipient()] if known else []


def needs(path: Path) -> Needs:
    """What must be asked for before a file can be opened. Raises Unreadable: missing, or no bundle."""
    try:
        with path.open("rb") as file:
            start = file.read(_START)
            if start.startswith(_ZIP):
                return Needs.PASSPHRASE if aezip.is_sealed(start) else Needs.NOTHING
            if not _AGE.startswith(start):  # a picture or a text is none with a damaged head
                raise Unreadable(
                    tr("This is not an age encrypted file of version 1. Check that the right file was chosen.")
                )
            file.seek(0)
            stanzas = age_header.parse(file).stanzas
    except OSError as error:
        raise Unreadable(tr("{path} can not be read ({why}).").format(path=path, why=error.strerror)) from error
    return Needs.PASSPHRASE if any(one.kind == "scrypt" for one in stanzas) else Needs.IDENTITY


class Inside:
    """A bundle that passed every check, open to be read. For one thread; closing it forgets the key of the file."""

    def __init__(self, held: ExitStack, archive: Archive, received: Received, sha256: Mapping[str, bytes]) -> None:
        self.received = received
        self._held, self._archive, self._sha256 = held, archive, sha256
        self.lists = lists.read(*(self._small(path) for path in (lists.INDEX, lists.REDACTIONS, lists.WITHHELD)))
        for one in self.lists.documents:
            if sha256.get(f"data/{one.path}", b"").hex() != one.sha256:
                raise Damaged(
                    tr("The list of documents says of {name!r} what the manifests do not.").format(name=one.path)
                )

    @classmethod
    def open(cls, path: Path, key: Key, progress: Progress, told: Told | None = None) -> Self:
        """Check a bundle whole and keep it open. Raises as ``receiving.verify``."""
        with ExitStack() as held:
            archive = held.enter_context(receiving.unsealed(path, key.identities, key.passphrase, progress, told))
            received, sha256 = receiving.examined(archive, progress, told=told)
            return cls(held.pop_all(), archive, received, sha256)

    def close(self) -> None:
        """Forget the key of the file and let go of it."""
        self._held.close()

    def continues(self, previous: Head) -> str:
        """Which earlier bundle a checkpoint is of, which this one continues. Raises as ``receiving.continued``."""
        return receiving.continued(self._archive, previous)

    def source(self, document: Document) -> ByteSource:
        """The bytes of a document, at random. Raises as ``Archive.source``."""
        path = f"data/{document.path}"
        return self._archive.source(path, self._sha256[path])

    def save(self, document: Document, to: Path) -> None:
        """Write a document in clear into a file. Raises StorageFailed, Damaged."""
        write_whole(to, self._archive.read(f"data/{document.path}"))

    def _small(self, path: str) -> bytes:
        return self._archive.small(path, lists.LARGEST)


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """A file that is there whole or not at all, readable by its owner alone. Raises StorageFailed."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise StorageFailed(
            tr("{path} could not be written ({why}). Nothing was kept of it.").format(path=path, why=error.strerror)
        ) from error
    finally:
        partial.unlink(missing_ok=True)
