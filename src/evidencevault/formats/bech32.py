"""Bech32 (BIP 173) without its limit of length, as age uses it for recipients and identities."""

from __future__ import annotations

from evidencevault.resources import tr

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(CHARSET)}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6


def encode(prefix: str, data: bytes) -> str:
    """``prefix`` (lower case) and data as a lower-case Bech32 string."""
    values = _regroup(data, 8, 5, pad=True)
    polymod = _polymod([*_expand(prefix), *values, *([0] * _CHECKSUM)]) ^ 1
    checksum = [(polymod >> 5 * (5 - i)) & 31 for i in range(_CHECKSUM)]
    return prefix + "1" + "".join(CHARSET[value] for value in [*values, *checksum])


def decode(text: str) -> tuple[str, bytes]:
    """The prefix (in lower case) and the data; raises ValueError, never quoting the text, which may be a secret."""
    if text.lower() != text and text.upper() != text:
        raise ValueError(tr("mixed case"))
    text = text.lower()
    if any(not 33 <= ord(character) <= 126 for character in text):
        raise ValueError(tr("a character that is not allowed"))
    prefix, separator, tail = text.rpartition("1")
    if not prefix or not separator or len(tail) < _CHECKSUM:
        raise ValueError(tr("no prefix or too short"))
    try:
        values = [_VALUES[character] for character in tail]
    except KeyError:
        raise ValueError(tr("a character that is not allowed")) from None
    if _polymod([*_expand(prefix), *values]) != 1:
        raise ValueError(tr("a typing error: the check characters do not fit"))
    return prefix, bytes(_regroup(values[:-_CHECKSUM], 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    codes = [ord(character) for character in prefix]
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                check ^= generator
    return check


def _regroup(values: bytes | list[int], source: int, target: int, *, pad: bool) -> list[int]:
    """Regroup bits; without ``pad`` left-over bits must be fewer than ``source`` and zero, else ValueError."""
    buffer = bits = 0
    out = []
    for value in values:
        buffer = buffer << source | value
        bits += source
        while bits >= target:
            bits -= target
            out.append(buffer >> bits & (1 << target) - 1)
        buffer &= (1 << bits) - 1
    if pad and bits:
        out.append(buffer << target - bits)
    elif not pad and (bits >= source or buffer):
        raise ValueError(tr("left-over bits"))
    return out
