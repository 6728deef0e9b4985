"""Names and texts out of foreign files: made safe to show in a sentence, and to lie in a folder."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
_UNFIT = frozenset({"Cc", "Zl", "Zp", "Cs"})


def shown_text(text: str, most: int) -> str:
    """At most ``most`` characters of a text, with control and direction characters written out."""
    return "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in _UNSEEN else c for c in text[:most])


def shown_name(name: str) -> str:
    """A file name safe to put in a sentence: control and direction characters are written out, length is bounded."""
    text = shown_text(name, 400)
    return text if len(text) <= 200 else text[:120] + "…" + text[-60:]


def child_name(untrusted_name: str) -> str:
    """A relative path made of a name out of an archive or a mail: no ``..``, drive, root or control characters."""
    parts = []
    for part in untrusted_name[:4096].replace("\\", "/").split("/"):
        kept = "".join("_" if unicodedata.category(c) in _UNFIT or c in ':"<>|?*' else c for c in part)
        kept = kept.strip()[:200]
        if kept and set(kept) != {"."}:
            parts.append(kept)
    return "/".join(parts[-32:]) or "unnamed"
