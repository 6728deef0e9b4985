"""Lighter key derivation for the vaults of tests: a third of a second each time is on purpose, and not what is tested.

Vaults made by the program as its user starts it are as they are (tests/vault/test_keys.py asks one).
"""

from __future__ import annotations

from evidencevault.vault import keys, members


def light(salt: bytes, memory: int = 1024, passes: int = 1, lanes: int = 1) -> keys.Argon:
    """1 MiB, once."""
    return keys.Argon(salt, memory, passes, lanes)


def lighten() -> None:
    """In this process, and in copies of it."""
    members.Argon = light  # type: ignore[assignment, misc]
