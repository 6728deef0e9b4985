"""An evidence item as it is shown: its JSON document and its lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from evidencevault.cli.face import facts
from evidencevault.evidence.model import Exhibit, Findings, Transfer
from evidencevault.resources import tr

_INNER = {"item", "object", "intake", "origin_raw"}
"""Fields of the store, of no use outside it."""


def exhibit_document(one: Exhibit) -> dict[str, object]:
    """All that is known of an evidence item, digests in hex."""
    found: dict[str, object] = {"exhibit": one.number}
    for field in dataclasses.fields(one):
        if field.name in _INNER or field.name == "number":
            continue
        value = getattr(one, field.name)
        if isinstance(value, bytes):
            value = value.hex()
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            value = dataclasses.asdict(value)
        found[field.name] = list(value) if isinstance(value, tuple) else value
    return found


def exhibit_lines(one: Exhibit, found: Findings | None, moved: Sequence[Transfer]) -> list[str]:
    """The same for a person."""
    made = one.derived_from
    lines = facts(
        [
            (tr("Item"), one.number),
            (tr("Name"), one.name),
            (tr("Path"), one.path if one.path != one.name else None),
            (tr("Type"), one.media_type),
            (tr("Size"), size_text(one.size) if one.size is not None else None),
            (tr("Pages"), one.pages),
            (tr("SHA-256"), one.sha256.hex() if one.sha256 else None),
            (tr("From"), one.source),
            (tr("Acquired"), " ".join(part for part in (one.acquired_at, one.acquired_by, one.place) if part)),
            (tr("How"), one.method),
            (tr("Condition"), one.condition),
            (tr("Custody before"), ": ".join(part for part in (one.custody_before, one.custody_known) if part)),
            (tr("Part of"), one.parent),
            (tr("Same bytes as"), one.duplicate_of),
            (tr("Made from"), f"{made.ref} ({made.relation}{', ' + made.by if made.by else ''})" if made else None),
            (tr("Kept at"), f"{one.held.place}{', ' + one.held.seal if one.held.seal else ''}" if one.held else None),
            (tr("Restricted"), one.restricted),
            (tr("Privileged"), one.privileged),
            (tr("Tags"), ", ".join(one.tags)),
            (tr("Notes"), one.notes),
            (tr("No preview"), one.failure),
            (tr("Entry"), one.sequence),
        ]
    )
    lines += [f"! {warning}" for warning in one.warnings]
    if found is not None:
        lines += facts((name, value) for name, value in found.metadata.items())
        lines += [f"· {hidden}" for hidden in found.hidden]
    for move in moved:
        lines.append(tr("Handed to {who} at {when}: {why}").format(who=move.to, when=move.at, why=move.purpose))
    return lines


def size_text(size: int | None) -> str:
    """Bytes for a person."""
    if size is None:
        return ""
    number, unit = float(size), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if number < 1024 or unit == "TiB":
            break
        number /= 1024
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
