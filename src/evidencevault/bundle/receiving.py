"""Receiving a bundle: verify or open it with an age identity or a passphrase, without a vault.

What is inside the seal is read at random (see unsealing), so nothing is decrypted to disk before it was checked. A
wrong key, a cut file, a changed byte, a path that would leave the folder or a file in no manifest is refused by name,
and then nothing was written.
"""

from __future__ import annotations

import secrets
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle import continuity, stamping, unsealing
from evidencevault.bundle.archive import PIECE, Archive
from evidencevault.bundle.checks import Check, Checked, Told
from evidencevault.bundle.continuity import Head
from evidencevault.custody import extracts
from evidencevault.errors import Damaged, Refused, StorageFailed, Unreadable
from evidencevault.formats import age, bag, signatures
from evidencevault.progress import Progress
from evidencevault.resources import tr

PRINCIPAL = "evidencevault-release"
NAMESPACE = "evidencevault-bundle"
_SIGNATURE = bag.TAG_MANIFEST + ".sig"
EXTRACT = "data/custody/entries.json"
CONSISTENCY = f"data/{continuity.PATH}"


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
    told: Told | None = None,
) -> Received:
    """Check a ``.zip.age`` or AES ``.zip`` bundle (or the plain ZIP that was in it) whole; writes nothing.

    ``previous`` is a checkpoint that it must continue; ``told`` hears of each check that was passed. Raises Damaged
    (cut, changed, unsafe or extra file, wrong signature or proof), WrongPassphrase or NotPermitted (no key fits),
    Unreadable (no bundle).
    """
    progress = progress or Progress()
    with unsealed(path, identities, passphrase, progress, told) as archive:
        return examined(archive, progress, previous, told)[0]


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
    with unsealed(path, identities, passphrase, progress) as archive:
        received, _ = examined(archive, progress)
        target = to / received.name
        if target.exists():
            raise Refused(tr("{path} is there already. Nothing was unpacked.").format(path=target))
        _unpack(archive, received, to, target)
    return received, target


def examined(
    archive: Archive, progress: Progress, previous: Head | None = None, told: Told | None = None
) -> tuple[Received, Mapping[str, bytes]]:
    """Every check after the unsealing, one after the other; with the SHA-256 of each file. Raises as :func:`verify`."""
    passed = told or (lambda _: None)
    report = bag.check(archive.names, archive.read, progress)
    if report.faults and {bag.TAG_MANIFEST, _SIGNATURE} <= {*archive.names}:
        # Where the list itself was changed, it accuses files that were not: then it is named.
        _signed(archive, report.tag_manifest)
    bag.require(report)
    passed(Checked(Check.FILES, report.files, report.size))
    signer = _signed(archive, report.tag_manifest)
    _allowed(archive, signer)
    passed(Checked(Check.SIGNATURE, key=signer))
    extract = extracts.check(archive.small(EXTRACT, extracts.LARGEST))
    passed(Checked(Check.PROOFS, len(extract.entries), extract.size, said=(extract.origin, extract.root.hex())))
    earlier: tuple[continuity.Earlier, ...] = ()
    if CONSISTENCY in archive.names:
        earlier = continuity.check(archive.small(CONSISTENCY, continuity.LARGEST), extract)
    before = tuple(one.bundle for one in earlier if one.bundle != continuity.STAMP)
    continued = continuity.continues(extract, earlier, previous) if previous else None
    stamped = _stamped(archive, earlier)
    passed(Checked(Check.EARLIER, len(before), said=before))
    if continued is not None:
        passed(Checked(Check.PREVIOUS, 1, said=(continued,)))
    received = Received(
        archive.name,
        report.files,
        report.size,
        signatures.ssh_fingerprint(signer),
        extract.origin,
        extract.size,
        extract.root,
        len(extract.entries),
        report.sha256[bag.TAG_MANIFEST],
        before,
        continued,
        stamped,
    )
    return received, report.sha256


def continued(archive: Archive, previous: Head) -> str:
    """Which earlier bundle ``previous`` is of ("" the same checkpoint), in an archive that passed every other check.

    Raises Damaged where this bundle is not shown to continue it.
    """
    extract = extracts.check(archive.small(EXTRACT, extracts.LARGEST))
    earlier: tuple[continuity.Earlier, ...] = ()
    if CONSISTENCY in archive.names:
        earlier = continuity.check(archive.small(CONSISTENCY, continuity.LARGEST), extract)
    return continuity.continues(extract, earlier, previous)


def _stamped(archive: Archive, earlier: Sequence[continuity.Earlier]) -> str | None:
    """When the authority says that a checkpoint existed which this bundle's continues; None without a time stamp."""
    if stamping.ANSWER not in archive.names:
        return None
    return stamping.check(archive.small(stamping.ANSWER), archive.small(stamping.NOTE), earlier)


def _signed(archive: Archive, tag_manifest: bytes) -> bytes:
    """The key (32 bytes) whose signature stands over the tag manifest. Raises Damaged."""
    armored = archive.small(_SIGNATURE)
    changed = Damaged(
        tr("{name!r} was changed, or is no signature of a bundle. Do not rely on it.").format(name=_SIGNATURE)
    )
    try:
        blob = signatures.sshsig_dearmor(armored.decode())
        public = signatures.sshsig_parse(blob).public
    except (UnicodeDecodeError, Damaged) as error:
        raise changed from error
    # Base64 and white space leave room for bytes that say nothing: there is one way to write it.
    if signatures.sshsig_armor(blob).encode() != armored:
        raise changed
    if not signatures.sshsig_verify(blob, tag_manifest, NAMESPACE, public):
        said = tr("The bundle's signature does not fit: {one!r} or {other!r} was changed. Do not rely on it.")
        raise Damaged(said.format(one=bag.TAG_MANIFEST, other=_SIGNATURE))
    return public


def _allowed(archive: Archive, public: bytes) -> None:
    line = signatures.allowed_signers_line(PRINCIPAL, public, NAMESPACE)
    if line.encode() not in archive.small("allowed_signers").splitlines(keepends=True):
        said = tr("{name!r} does not name the key of the bundle's signature. Do not rely on it.")
        raise Damaged(said.format(name="allowed_signers"))


@contextmanager
def unsealed(
    path: Path,
    identities: Sequence[age.Identity],
    passphrase: str | None,
    progress: Progress,
    told: Told | None = None,
) -> Iterator[Archive]:
    """The archive in a bundle, its names found harmless, for as long as the context lasts. Raises as :func:`verify`."""
    passed = told or (lambda _: None)
    try:
        with path.open("rb") as file:
            plain = unsealing.plain(path, file, identities, passphrase, progress)
            try:
                with zipfile.ZipFile(plain) as archive:
                    passed(Checked(Check.SEAL, int(plain is not file)))
                    found = Archive(archive)
                    passed(Checked(Check.NAMES, len(found.names)))
                    yield found
            except zipfile.BadZipFile as error:
                raise Damaged(tr("{path} holds no readable bundle: it is cut or damaged.").format(path=path)) from error
    except age.PayloadError as error:
        raise Damaged(f"{path}: {error.sentence}") from error
    except OSError as error:
        raise Unreadable(
            tr("{path} can not be read ({why}).").format(path=path, why=error.strerror or error)
        ) from error


def _unpack(archive: Archive, received: Received, to: Path, target: Path) -> None:
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
