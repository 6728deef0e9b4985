"""`--exhibit E001 E002` means what `--exhibit E001 --exhibit E002` does: the contract writes lists both ways."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidencevault.casework.cases import CATEGORIES

_REFERENCE = re.compile(r"[A-Za-z]\d+")
_SEVERAL = ("--exhibit", "--originals", "--not-about", "--category")


def spread(arguments: Sequence[str]) -> list[str]:
    """Repeat the option before each further value. Only values that cannot be anything else are taken for such."""
    out: list[str] = []
    option = ""
    for place, word in enumerate(arguments):
        if word in _SEVERAL:
            option = word
        elif option and arguments[place - 1] != option:
            if _belongs(option, word):
                out.append(option)
            else:
                option = ""
        out.append(word)
    return out


def _belongs(option: str, word: str) -> bool:
    return word in CATEGORIES if option == "--category" else _REFERENCE.fullmatch(word) is not None
