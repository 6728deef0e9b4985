"""What lies in the folder of a copy: its manifest, the salts apart, and the names of everything (formats.md §9)."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from evidencevault.errors import Damaged, NotFound, StorageFailed
from evidencevault.resources import tr
from evidencevault.vault.durable import NewFile, remove
from evidencevault.vault.heads import Head
from evidencevault.vault.stores import INCOMING, OBJECTS

FORMAT = "evidencevault.org/backup/v1"
MANIFEST = "evidencevault.json"
_LARGEST_MANIFEST = 64 << 20  # bytes; a head of a case takes about 120
_HEX32, _HEX64 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_OURS = re.compile(r"vault-\d{6}\.db|salts-\d{6}\.bin|evidencevault\.json(\.part)?")
_OF_THE_SYSTEM = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Part:
    """One file beside the objects: size in bytes, BLAKE3 in hex."""

    name: str
    size: int
    blake3: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``evidencevault.json``: whose copy it is (``vault``, 64 hex), when it was made (RFC 3339), what belongs together.

    ``objects`` is how many large objects there are, ``stored`` their bytes; ``heads`` the head of each ledger by its id
    in hex. A copy that was only begun has no ``database`` and no ``salts``.
    """

    vault: str
    made: str
    generation: int
    database: Part | None
    salts: Part | None
    objects: int
    stored: int
    heads: dict[str, Head]

    @property
    def size(self) -> int:
        """Bytes of everything it names."""
        return self.stored + sum(part.size for part in _parts(self))


def database_name(generation: int) -> str:
    """The database of one generation."""
    return f"vault-{generation:06}.db"


def salts_name(generation: int) -> str:
    """The salts that belong to it."""
    return f"salts-{generation:06}.bin"


def megabytes(count: int) -> str:
    """Bytes for a person."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


# --- errors


def not_taken(folder: Path, error: OSError) -> StorageFailed:
    """The sentence for bytes that the copy's disk would not take."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFailed(
            tr(
                "There is no room left for what is written to {folder}. The vault, and any copy made before, are as "
                "they were."
            ).format(folder=folder)
        )
    return StorageFailed(
        tr("{folder} did not take the bytes ({why}). The vault, and any copy made before, are as they were.").format(
            folder=folder, why=error.strerror or error.__class__.__name__
        )
    )


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the disk says while writing into a sentence."""
    try:
        yield
    except OSError as error:
        raise not_taken(folder, error) from error


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn what the disk says while reading a copy into a sentence."""
    try:
        yield
    except OSError as error:
        sentence = tr("{folder} could not be read ({why}). Nothing was changed.")
        raise StorageFailed(sentence.format(folder=folder, why=error.strerror or error.__class__.__name__)) from error


# --- the folder


def strangers(folder: Path) -> list[str]:
    """Names in the folder that no copy has; what an operating system leaves lying about is passed over."""
    with reading(folder), os.scandir(folder) as found:
        return sorted(one.name for one in found if one.name not in _OF_THE_SYSTEM and not _ours(one))


def _ours(one: os.DirEntry[str]) -> bool:
    if one.name == OBJECTS:
        return one.is_dir(follow_symlinks=False)
    return bool(_OURS.fullmatch(one.name)) and one.is_file(follow_symlinks=False)


def is_empty(folder: Path) -> bool:
    """Whether nothing of anybody's is in it; a manifest that a power cut left unfinished is nothing."""
    with reading(folder), os.scandir(folder) as found:
        return all(one.name in _OF_THE_SYSTEM or one.name == f"{MANIFEST}.part" for one in found)


def place_in(chosen: Path, vault: str) -> Path:
    """Where a copy goes that is wanted in this folder: in it, where it is free or a copy, else in a new one inside."""
    if not chosen.is_dir() or is_empty(chosen) or not strangers(chosen):
        return chosen
    return chosen / f"EvidenceVault {vault}"


def beside(folder: Path, manifest: Manifest | None) -> list[Path]:
    """Databases, salts and temporary files that the manifest does not name: what an interrupted run left."""
    named = {MANIFEST, *(part.name for part in (_parts(manifest) if manifest else ()))}
    with reading(folder), os.scandir(folder) as found:
        return sorted(folder / one.name for one in found if _OURS.fullmatch(one.name) and one.name not in named)


def _parts(manifest: Manifest) -> list[Part]:
    return [part for part in (manifest.database, manifest.salts) if part is not None]


def wipe(path: Path) -> None:
    """Overwrite a file of salts, then remove it: a name that is gone leaves its bytes on the disk."""
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    remove(path)


def incoming(folder: Path) -> Path:
    """Where objects lie until they are whole."""
    return folder / OBJECTS / INCOMING


# --- the manifest


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest, or None where there is none. Raises Damaged, StorageFailed."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            raw = file.read(_LARGEST_MANIFEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageFailed(
            tr("{folder} could not be read ({why}). Nothing was changed.").format(folder=folder, why=error.strerror)
        ) from error
    try:
        return _parsed(json.loads(raw))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Damaged(
            tr("The file {name} in {folder} is damaged: it does not say what belongs to the copy.").format(
                name=MANIFEST, folder=folder
            )
        ) from error


def finished_manifest(folder: Path) -> Manifest:
    """The manifest of a copy that was finished. Raises NotFound, Damaged, StorageFailed."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise NotFound(tr("There is no copy of a vault in {folder}.").format(folder=folder))
    if manifest.database is None or manifest.salts is None:
        raise Damaged(
            tr("The copy in {folder} was begun and never finished. Make it again, or use another.").format(
                folder=folder
            )
        )
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step, durably: from here on the copy is what it says."""
    document = {"format": FORMAT, **asdict(manifest)}
    document["heads"] = {ledger: [head.size, head.root.hex()] for ledger, head in sorted(manifest.heads.items())}
    temporary = folder / f"{MANIFEST}.part"
    with writing(folder):
        remove(temporary)
        with NewFile(temporary) as file:
            file.write((json.dumps(document, indent=1) + "\n").encode())
            file.replace(folder / MANIFEST)


def _parsed(found: object) -> Manifest:
    match found:
        case {
            "format": str(form), "vault": str(vault), "made": str(made), "generation": int(generation),
            "database": database, "salts": salts, "objects": int(objects), "stored": int(stored), "heads": dict(heads),
        } if form == FORMAT and _HEX64.fullmatch(vault) and 0 <= generation < 10**6 - 1:  # fmt: skip
            return Manifest(
                vault,
                made,
                generation,
                _part(database, database_name(generation)),
                _part(salts, salts_name(generation)),
                objects,
                stored,
                {ledger: _head(ledger, head) for ledger, head in heads.items()},
            )
    raise ValueError("not a manifest")


def _part(found: object, name: str) -> Part | None:
    match found:
        case None:
            return None
        case {"name": str(said), "size": int(size), "blake3": str(digest)} if said == name and size >= 0:
            if _HEX64.fullmatch(digest):
                return Part(name, size, digest)
    raise ValueError("not a part")


def _head(ledger: object, found: object) -> Head:
    match found:
        case [int(size), str(root)] if isinstance(ledger, str) and _HEX32.fullmatch(ledger) and _HEX64.fullmatch(root):
            return Head(size, bytes.fromhex(root))
    raise ValueError("not a head")
