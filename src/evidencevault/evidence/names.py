"""Names as they come from foreign file systems: kept exactly, shown safely."""

from __future__ import annotations

import os
import unicodedata
from pathlib import PurePath


def text_of(path: str | PurePath) -> str:
    """The name as NFC text; bytes that are no UTF-8 become U+FFFD."""
    return unicodedata.normalize("NFC", os.fsencode(path).decode("utf-8", "replace"))


def raw_of(path: str | PurePath) -> bytes | None:
    """The name's own bytes where :func:`text_of` does not give them back, else None."""
    raw = os.fsencode(path)
    return None if text_of(path).encode() == raw else raw


def key_of(text: str, raw: bytes | None) -> bytes:
    """What tells two names apart: their bytes."""
    return raw if raw is not None else text.encode()


def shown(text: str) -> str:
    """The name on one line: control characters and direction marks appear as escapes, so that none can disguise it."""
    return "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(one: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(one, f"\\u{ord(one):04x}")
