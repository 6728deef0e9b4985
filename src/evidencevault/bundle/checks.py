"""The checks of a received bundle, in their order, and what each of them found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """One check; they are passed in this order, the last only where an earlier bundle is held against it."""

    SEAL = "seal"
    NAMES = "names"
    FILES = "files"
    SIGNATURE = "signature"
    PROOFS = "proofs"
    EARLIER = "earlier"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was passed.

    ``count`` and ``size``: 1 where the file was sealed; names; payload files and their bytes; disclosed entries and
    entries of the checkpoint; earlier bundles. ``key`` is the public key of the signature (32 bytes). ``said``: origin
    and root (hex) of the checkpoint; numbers of the earlier bundles; number of the one held against it ("" itself).
    """

    check: Check
    count: int = 0
    size: int = 0
    key: bytes = b""
    said: tuple[str, ...] = ()


Told = Callable[[Checked], object]
