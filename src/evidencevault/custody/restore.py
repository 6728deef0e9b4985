"""A declared restore: a backup taken as the truth from now on, named in the ledgers for ever (formats.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evidencevault.custody import access
from evidencevault.custody.access import CaseLedger
from evidencevault.custody.entry import Json
from evidencevault.custody.ledger import Ledger
from evidencevault.custody.office import Clock, Draft, Office, system_clock
from evidencevault.errors import Refused, UsageError
from evidencevault.formats.merkle import Frontier
from evidencevault.resources import tr
from evidencevault.vault.change import Change
from evidencevault.vault.heads import Head
from evidencevault.vault.registry import KeyKind


@dataclass(frozen=True, slots=True)
class Accepted:
    """One ledger that went on from a restored head."""

    name: str
    remembered: Head
    restored: Head


def accept_head(
    folder: Path,
    name: str,
    passphrase: str,
    reason: str,
    *,
    key_file: bytes | None = None,
    clock: Clock = system_clock,
) -> tuple[Accepted, ...]:
    """Declare that the vault found is the truth from now on, although this machine saw another head.

    Writes `reincarnated` with both heads and the reason to the vault ledger, then to each case this member holds whose
    remembered head is denied too. Raises Refused where nothing contradicts, UsageError without a reason.
    """
    if not reason.strip():
        raise UsageError(tr("A restore is declared with a reason."))
    office = Office.unlock(folder, name, passphrase, clock=clock, key_file=key_file, trust_remembered=False)
    try:
        accepted = _accept_vault(office, reason)
        for case in access.visible_cases(office, KeyKind.CASE):
            accepted += _accept_case(access.open_ledger(office, case, trust_remembered=False), reason)
        if not accepted:
            raise Refused(tr("The vault agrees with what this machine saw last; there is nothing to accept."))
        return tuple(accepted)
    finally:
        office.close()


def _denied(ledger: Ledger) -> Head | None:
    """The remembered head, where the ledger found is not its continuation."""
    remembered = ledger.remembered
    if remembered is None:
        return None
    frontier = Frontier()
    for leaf in ledger.leaves(remembered.size):
        frontier.append(leaf)
    return remembered if (frontier.size, frontier.root()) != (remembered.size, remembered.root) else None


def _details(remembered: Head, found: Head, reason: str) -> dict[str, Json]:
    return {
        "remembered": [remembered.size, remembered.root.hex()],
        "restored": [found.size, found.root.hex()],
        "reason": reason,
    }


def _accept_vault(office: Office, reason: str) -> list[Accepted]:
    remembered, found = _denied(office.ledger), office.head()
    if remembered is None:
        return []
    office.commit([Draft("reincarnated", details=_details(remembered, found, reason))], Change(), restoring=True)
    return [Accepted(tr("vault ledger"), remembered, found)]


def _accept_case(ledger: CaseLedger, reason: str) -> list[Accepted]:
    remembered, found = _denied(ledger.ledger), ledger.ledger.tree.head
    if remembered is None:
        return []
    ledger.commit([Draft("reincarnated", details=_details(remembered, found, reason))], Change(), restoring=True)
    return [Accepted(ledger.reference, remembered, found)]
