"""A passphrase of words that somebody can be offered, drawn at random from the published SLIP-39 list."""

from __future__ import annotations

import secrets

from shamir_mnemonic import wordlist

WORDS = 7
"""Of 1,024 words each: 70 bits."""


def offered() -> str:
    """Seven English words with spaces between them, by the system's randomness."""
    return " ".join(secrets.choice(wordlist.WORDLIST) for _ in range(WORDS))
