"""What an admin does alone, and with another admin where there are two."""

from __future__ import annotations

from collections.abc import Mapping

from evidencevault.custody.entry import Json
from evidencevault.custody.office import Draft, Office
from evidencevault.vault.change import Change


def agreed(office: Office, action: str, details: Mapping[str, Json]) -> bool:
    """Write an act on the vault; with two admins the first call proposes it and another's same call confirms it.

    True once in effect. Raises NotPermitted.
    """
    office.require("admin")
    said = dict(details)
    if len(office.standing.holders("admin")) < 2:
        office.commit([Draft(action, details=said)], Change())
        return True
    by_other = any(what == said and who != office.name for who, what in office.standing.proposals)
    office.commit([Draft("confirmed" if by_other else "proposed", details=said)], Change())
    return by_other
