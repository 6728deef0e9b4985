"""What a receiver holds against a bundle: an earlier bundle, or the checkpoint that stood in one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evidencevault.bundle import receiving
from evidencevault.bundle.continuity import Head
from evidencevault.errors import Damaged, Unreadable
from evidencevault.formats import age, signatures
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.registry import ORIGIN_PREFIX

_LONGEST = 64 * 1024


def head_of(
    path: Path,
    *,
    identities: Sequence[age.Identity] = (),
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> Head:
    """The checkpoint in an earlier bundle (checked whole, opened with the same key) or in a checkpoint's own file.

    A checkpoint alone is read and not verified: who holds it vouches for it. Raises Unreadable where it is neither,
    and as ``receiving.verify``.
    """
    if not is_checkpoint(path):
        bundle = receiving.verify(path, identities=identities, passphrase=passphrase, progress=progress)
        return Head(bundle.origin, bundle.checkpoint_size, bundle.checkpoint_root)
    try:
        found = signatures.parse_checkpoint_text(signatures.parse_note(_start(path)).text)
    except Damaged as error:
        raise Unreadable(tr("{path} is neither a bundle nor a checkpoint.").format(path=path)) from error
    return Head(found.origin, found.size, found.root)


def is_checkpoint(path: Path) -> bool:
    """Whether a file begins as a checkpoint of ours does, and so needs no key. Raises Unreadable."""
    return _start(path).startswith(f"{ORIGIN_PREFIX}/".encode())


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except OSError as error:
        raise Unreadable(
            tr("{path} can not be read ({why}).").format(path=path, why=error.strerror or error)
        ) from error
