"""Looks for names in any bytes, in the encodings in which a careless program would leave them."""

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence

SHORTEST = 5
"""Letters that a name needs to be searched for in bytes: shorter ones stand in any ciphertext by chance."""
CLEAR = frozenset({"utf-8", "utf-16-le", "utf-16-be", "latin-1"})
_BLANKS = b" \t\r\n"


def spellings(name: str) -> list[str]:
    """A name as it is, in small and capital letters, with the case of each letter reversed, and as a title."""
    return list(dict.fromkeys([name, name.lower(), name.upper(), name.swapcase(), name.title()]))


def encoded(name: str) -> dict[bytes, str]:
    """The bytes to look for, each with the name of its encoding."""
    needles: dict[bytes, str] = {}
    for text in spellings(name):
        utf8 = text.encode()
        needles.setdefault(utf8, "utf-8")
        for kind in ("utf-16-le", "utf-16-be", "latin-1"):
            needles.setdefault(text.encode(kind), kind)
        needles.setdefault(utf8.hex().encode(), "hex")
        for one in ("".join(f"%{byte:02x}" for byte in utf8), urllib.parse.quote(text), urllib.parse.quote_plus(text)):
            needles.setdefault(one.lower().encode(), "percent")
        for needle, kind in _base64(utf8):
            needles.setdefault(needle, kind)
    return needles


def found(data: bytes, names: Iterable[str], kinds: frozenset[str] | None = None) -> list[tuple[str, str]]:
    """Names with the encoding in which they stand in ``data``; ``kinds`` None means every encoding."""
    bare = data.translate(None, _BLANKS)  # base64 and hex are broken into lines
    where = {"hex": bare.lower(), "percent": data.lower(), "base64": bare}
    return [
        (name, kind)
        for name in names
        for needle, kind in encoded(name).items()
        if (kinds is None or kind in kinds) and needle in where.get(kind.split(" ")[0], data)
    ]


def least(names: Sequence[str]) -> list[str]:
    """The names that have to be looked for: a longer one that holds another one is found with it."""
    kept: list[str] = []
    for name in sorted({one for one in names if len(one) >= SHORTEST}, key=len):
        if not any(one.lower() in name.lower() for one in kept):
            kept.append(name)
    return kept


def _base64(raw: bytes) -> Iterator[tuple[bytes, str]]:
    """What of the raw bytes stands in base64 whatever is before and behind them, at each of three places."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw)
        first, last = (0, 2, 3)[before], (before + len(raw)) * 8 // 6
        yield whole[first:last], f"base64 at {before}"
