"""What was typed into a form, as it is kept sealed and shown again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from evidencevault.session import Session
from evidencevault.vault.canonical import Value


def to_body(values: Mapping[str, Any]) -> dict[str, Value]:
    """Values of a form as a stored map; moments and days carry a mark, because text may look like one."""
    return {key: _kept(value) for key, value in values.items()}


def _kept(value: Any) -> Value:
    match value:
        case datetime():
            return {"time": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Mapping():
            return {"table": to_body(value)}
        case list() | tuple():
            return [_kept(one) for one in value]
        case None | bool() | int() | str():
            return value
    raise TypeError(f"a draft cannot hold {type(value).__name__}")


def from_body(body: Mapping[str, Value]) -> dict[str, Any]:
    """The values again."""
    return {key: _shown(value) for key, value in body.items()}


def _shown(value: Value) -> Any:
    match value:
        case {"time": str(text)}:
            return datetime.fromisoformat(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case {"table": dict(table)}:
            return from_body(table)
        case list():
            return [_shown(one) for one in value]
    return value


def keep(session: Session, name: str, body: Mapping[str, Value]) -> None:
    """Keep a draft. Raises StorageFailed."""
    session.drafts.save(name, int(session.office.clock().timestamp()), body)
