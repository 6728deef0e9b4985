"""Labels of one recipient's own, so that two bundles of a case cannot be laid side by side by what stands on the marks.

Each label of the register becomes its first word and a code drawn by chance ("Child A" is "Child K7" for one recipient,
"Child P2" for another). The codes are kept with the approvals, so the same recipient sees the same code again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # none that is taken for a digit
_DIGITS = "23456789"


def own_labels(labels: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Each label with the one that a recipient sees: as ``known`` from before, else a new code; no two alike."""
    found: dict[str, str] = {}
    taken = set(known.values())
    for label in labels:
        name = known.get(label) or found.get(label) or _drawn(label, taken)
        taken.add(name)
        found[label] = name
    return found


def _drawn(label: str, taken: set[str]) -> str:
    code = ""
    while True:
        code += secrets.choice(_DIGITS if code else _LETTERS)
        name = f"{label.split(' ')[0]} {code}"
        if len(code) > 1 and name not in taken:
            return name
