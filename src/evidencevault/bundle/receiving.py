"""Receiving a bundle: verify or open it with an age identity or a passphrase, without a vault.

What is inside the seal is read at random (see unsealing), so nothing is decrypted to disk before it was checked. A
wrong key, a cut file, a changed byte, a path that would leave the folder or a file in no manifest is refused by name,
and then nothing was written.
"""

from __future__ import annotations

import secrets
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle import continuity, stamping, unsealing
from evidencevault.bundle.continuity import Head
from evidencevault.custody import extracts
from evidencevault.errors import Damaged, Refused, StorageFailed, Unreadable
from evidencevault.formats import age, bag, signatures
from evidencevault.progress import Progress
from evidencevault.resources import tr

PRINCIPAL = "evidencevault-release"
NAMESPACE = "evidencevault-bundle"
EXTRACT = "data/custody/entries.json"
CONSISTENCY = f"data/{continuity.PATH}"
MOST_FILES = 100_000
PIECE = 1 << 20
_SMALL = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A bundle that passed every check.

    ``signer`` is the SSH fingerprint of the releasing key and ``origin`` the ledger proven from: both prove who made
    the bundle only after they were compared with the sender by another way. ``entries`` counts the proven entries.
    ``earlier`` are the bundles of the case whose checkpoints this one is proven to continue; ``previous`` is the one
    that was held against it ("" the same checkpoint, None where none was). ``stamped`` is the time (RFC 3339, UTC) of
    an RFC 3161 time stamp in it, which proves something once its authority was checked, too (verify/README).
    """

    name: str
    files: int
    size: int
    signer: str
    origin: str
    checkpoint_size: int
    checkpoint_root: bytes
    entries: int
    tag_manifest_sha256: bytes
    earlier: tuple[str, ...] = ()
    previous: str | None = None
    stamped: str | None = None


def verify(
    path: Path,
    *,
    identities: Sequence[age.Identity] = (),
    passphrase: str | None = None,
    progress: Progress | None = None,
    previous: Head | None = None,
) -> Received:
    """Check a ``.zip.age`` or AES ``.zip`` bundle (or the plain ZIP that was in it) whole; writes nothing.

    ``previous`` is a checkpoint that it must continue. Raises Damaged (cut, changed, unsafe or extra file, wrong
    signature or proof), WrongPassphrase or NotPermitted (no key fits), Unreadable (no bundle).
    """
    progress = progress or Progress()
    with _bundle(path, identities, passphrase, progress) as archive:
        return _verified(archive, progress, previous)


def open_bundle(
    path: Path,
    to: Path,
    *,
    identities: Sequence[age.Identity] = (),
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> tuple[Received, Path]:
    """Check a bundle whole, then unpack it into a new folder in ``to`` that appears only once it is complete.

    Raises as :func:`verify`; Refused where that folder is there already; StorageFailed.
    """
    progress = progress or Progress()
    with _bundle(path, identities, passphrase, progress) as archive:
        received = _verified(archive, progress)
        target = to / received.name
        if target.exists():
            raise Refused(tr("{path} is there already. Nothing was unpacked.").format(path=target))
        _unpack(archive, received, to, target)
    return received, target


class _Archive:
    """A ZIP whose names were all found harmless, below one folder."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._infos: dict[str, zipfile.ZipInfo] = {}
        infos = archive.infolist()
        if len(infos) > MOST_FILES:
            raise Damaged(tr("The bundle says it holds {count} files: that is no bundle.").format(count=len(infos)))
        folders = set()
        for info in infos:
            if info.is_dir() and not info.file_size:
                _safe(info.filename.rstrip("/"))
                continue
            folder, _, inner = _safe(info.filename).partition("/")
            if not inner or _is_special(info) or info.flag_bits & 0x1:
                raise Damaged(tr("The bundle holds {name!r}, which does not belong there.").format(name=info.filename))
            if inner in self._infos:
                raise Damaged(tr("The bundle holds {name!r} twice.").format(name=info.filename))
            folders.add(folder)
            self._infos[inner] = info
        if len(folders) != 1:
            raise Damaged(tr("A bundle is one folder; this file holds {count}.").format(count=len(folders)))
        self.name = folders.pop()

    @property
    def names(self) -> list[str]:
        """Paths relative to the bag's folder."""
        return list(self._infos)

    def read(self, path: str) -> Iterator[bytes]:
        """A file's bytes in pieces."""
        try:
            with self._zip.open(self._infos[path]) as file:
                while piece := file.read(PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise Damaged(tr("{name!r} in the bundle is damaged.").format(name=path)) from error

    def small(self, path: str, limit: int = _SMALL) -> bytes:
        """A whole file of at most ``limit`` bytes; Damaged if it is missing or larger."""
        if path not in self._infos:
            raise Damaged(tr("The bundle has no {name!r}.").format(name=path))
        found = bytearray()
        for piece in self.read(path):
            found += piece
            if len(found) > limit:
                raise Damaged(tr("{name!r} in the bundle is larger than it can be.").format(name=path))
        return bytes(found)


def _safe(name: str) -> str:
    try:
        return bag.safe_path(name)
    except Refused as error:
        raise Damaged(
            tr(
                "The bundle holds the path {name!r}, which would leave its folder or harm. Nothing was unpacked."
            ).format(name=name)
        ) from error


def _is_special(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return bool(mode) and stat.S_IFMT(mode) not in (0, stat.S_IFREG)


def _verified(archive: _Archive, progress: Progress, previous: Head | None = None) -> Received:
    report = bag.require(bag.check(archive.names, archive.read, progress))
    signer = _signer(archive, report.tag_manifest)
    extract = extracts.check(archive.small(EXTRACT, extracts.LARGEST))
    earlier: tuple[continuity.Earlier, ...] = ()
    if CONSISTENCY in archive.names:
        earlier = continuity.check(archive.small(CONSISTENCY, continuity.LARGEST), extract)
    return Received(
        archive.name,
        report.files,
        report.size,
        signatures.ssh_fingerprint(signer),
        extract.origin,
        extract.size,
        extract.root,
        len(extract.entries),
        report.sha256[bag.TAG_MANIFEST],
        tuple(one.bundle for one in earlier if one.bundle != continuity.STAMP),
        continuity.continues(extract, earlier, previous) if previous else None,
        _stamped(archive, earlier),
    )


def _stamped(archive: _Archive, earlier: Sequence[continuity.Earlier]) -> str | None:
    """When the authority says that a checkpoint existed which this bundle's continues; None without a time stamp."""
    if stamping.ANSWER not in archive.names:
        return None
    return stamping.check(archive.small(stamping.ANSWER), archive.small(stamping.NOTE), earlier)


def _signer(archive: _Archive, tag_manifest: bytes) -> bytes:
    armored = archive.small(bag.TAG_MANIFEST + ".sig")
    allowed = archive.small("allowed_signers")
    wrong = Damaged(tr("The bundle's signature does not fit its tag manifest. Do not rely on it."))
    try:
        public = signatures.sshsig_parse(signatures.sshsig_dearmor(armored.decode())).public
        line = signatures.allowed_signers_line(PRINCIPAL, public, NAMESPACE)
        fits = signatures.sshsig_verify(signatures.sshsig_dearmor(armored.decode()), tag_manifest, NAMESPACE, public)
    except UnicodeDecodeError as error:
        raise wrong from error
    if not fits or line.encode() not in allowed.splitlines(keepends=True):
        raise wrong
    return public


@contextmanager
def _bundle(
    path: Path, identities: Sequence[age.Identity], passphrase: str | None, progress: Progress
) -> Iterator[_Archive]:
    try:
        with path.open("rb") as file:
            try:
                with zipfile.ZipFile(unsealing.plain(path, file, identities, passphrase, progress)) as archive:
                    yield _Archive(archive)
            except zipfile.BadZipFile as error:
                raise Damaged(tr("{path} holds no readable bundle: it is cut or damaged.").format(path=path)) from error
    except age.PayloadError as error:
        raise Damaged(f"{path}: {error.sentence}") from error
    except OSError as error:
        raise Unreadable(
            tr("{path} can not be read ({why}).").format(path=path, why=error.strerror or error)
        ) from error


def _unpack(archive: _Archive, received: Received, to: Path, target: Path) -> None:
    partial = to / f".{received.name}.{secrets.token_hex(4)}.partial"
    sink = bag.folder_sink(partial)
    try:
        partial.mkdir(parents=True, mode=0o700)
        for name in archive.names:
            sink(name, archive.read(name))
        # Compared once more as it lies there: the file may have been exchanged since it was checked.
        written = bag.require(bag.check(archive.names, lambda name: _pieces(partial.joinpath(*name.split("/")))))
        if written.sha256[bag.TAG_MANIFEST] != received.tag_manifest_sha256:
            raise Damaged(tr("The file was exchanged while it was being opened. Nothing was unpacked."))
        partial.rename(target)
    except OSError as error:
        raise StorageFailed(
            tr("{path} could not be written ({why}). Nothing was unpacked.").format(path=target, why=error.strerror)
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
