"""What was chosen for a bundle and not made yet, as it is kept sealed: all but a passphrase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidencevault.desktop.bundle_steps import Choice, Going
from evidencevault.vault.canonical import Value

_TEXTS = ("mode", "person", "basis", "form", "purpose", "legal_basis", "prefix")
_LISTS = ("about", "unknown", "people")
_TRUTHS = ("searched", "by_passphrase", "own_labels")


def name(reference: str) -> str:
    """Under which it is kept."""
    return f"{reference}/bundle"


def to_body(choice: Choice) -> dict[str, Value]:
    """As a stored map."""
    body: dict[str, Value] = {one: getattr(choice, one) for one in (*_TEXTS, *_TRUTHS)}
    body |= {one: list(getattr(choice, one)) for one in _LISTS}
    body["treated"] = {exhibit: [going.how, going.reason] for exhibit, going in choice.treated.items()}
    return body


def from_body(body: Mapping[str, Value]) -> Choice:
    """The choice again; what does not fit is left as it is at first."""
    found: dict[str, Any] = {one: body[one] for one in _TEXTS if isinstance(body.get(one), str)}
    found |= {one: body[one] for one in _TRUTHS if isinstance(body.get(one), bool)}
    found |= {one: tuple(map(str, said)) for one in _LISTS if isinstance(said := body.get(one), list)}
    treated = body.get("treated")
    if isinstance(treated, dict):
        found["treated"] = {
            exhibit: Going(str(said[0]), str(said[1]))
            for exhibit, said in treated.items()
            if isinstance(said, list) and len(said) == 2
        }
    return Choice(**found)
