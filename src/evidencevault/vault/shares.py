"""Recovery shares (SLIP-39): the recovery seed as words for trustees, made before a vault and read back after."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import shamir_mnemonic
from shamir_mnemonic.share import Share

from evidencevault.errors import Refused
from evidencevault.resources import tr

WORDS = 33
"""Words of a share of a 32-byte seed."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery seed (32 bytes) and its shares, any ``threshold`` of which give it back. They exist before the vault:
    until one is made with them they open nothing.
    """

    seed: bytes
    shares: tuple[str, ...]
    threshold: int


@dataclass(frozen=True, slots=True)
class ReadShare:
    """A share whose words fit together: which of its set it is (from 1), how many are needed, and the set's number."""

    words: str
    number: int
    needed: int
    of: int


def prepare(threshold: int, count: int) -> Recovery:
    """A fresh recovery seed as shares of 33 words; any ``threshold`` of ``count`` give it back."""
    seed = os.urandom(32)
    shares = shamir_mnemonic.generate_mnemonics(1, [(threshold, count)], seed, passphrase=b"")[0]
    return Recovery(seed, tuple(shares), threshold)


def read(text: str) -> ReadShare:
    """One share as typed: signs, numbers and capitals around its words do not matter. Raises Refused."""
    words = plain(text)
    if len(words.split()) != WORDS:
        raise Refused(tr("A recovery share has {n} words; these are {m}.").format(n=WORDS, m=len(words.split())))
    try:
        share = Share.from_mnemonic(words)
    except shamir_mnemonic.MnemonicError as error:
        raise Refused(tr("These words are no recovery share: one of them is not as it was printed.")) from error
    return ReadShare(words, share.index + 1, share.member_threshold, share.identifier)


def plain(text: str) -> str:
    """The words alone, in small letters: a share may still carry the numbers with which it was printed."""
    return " ".join(one.lower() for one in text.split() if one.isalpha())


def combine(shares: Sequence[str]) -> bytes:
    """The seed from enough shares; raises Refused with what is wrong with them."""
    try:
        return bytes(shamir_mnemonic.combine_mnemonics(list(shares), passphrase=b""))
    except shamir_mnemonic.MnemonicError as error:
        raise Refused(tr("The recovery shares do not fit together: {why}").format(why=error)) from error
