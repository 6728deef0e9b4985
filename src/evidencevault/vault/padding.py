"""Padmé: lengths that tell little (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication
with PURBs", PoPETs 2019, §4.3)."""

from __future__ import annotations


def padme(length: int) -> int:
    """The padded length, in the unit of ``length`` (bytes): never less, and at most 12 % more.

    Only the upper bits of the length survive: an exponent E needs S = ⌊log₂ E⌋ + 1 bits to write down, and the
    mantissa keeps no more than those, so a length gives away O(log log n) bits. Idempotent and ascending.
    Raises ValueError below zero.
    """
    if length < 0:
        raise ValueError("a length is not negative")
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    hidden = exponent - exponent.bit_length()
    if hidden <= 0:
        return length
    mask = (1 << hidden) - 1
    return (length + mask) & ~mask
