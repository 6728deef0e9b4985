"""New epochs of a case, and the grants that go with them (formats.md §2)."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable

from evidencevault.custody.caseledger import CaseLedger
from evidencevault.custody.casestate import RECOVERY
from evidencevault.custody.entry import Json
from evidencevault.custody.grantlog import add_grant
from evidencevault.custody.office import Draft, Office
from evidencevault.vault.change import Change
from evidencevault.vault.grants import commit_of
from evidencevault.vault.keychain import add_epoch
from evidencevault.vault.keys import PublicKeys
from evidencevault.vault.registry import KeyKind

READERS = frozenset({"officer", "legal"})
"""Who may hold the content of a case."""


def listed(k: int, content: bytes, a: int, audit: bytes) -> Json:
    """Epochs as `opened` and `rekeyed` name them."""
    return [[int(KeyKind.CASE), k, commit_of(content).hex()], [int(KeyKind.AUDIT), a, commit_of(audit).hex()]]


def add(change: Change, office: Office, case: bytes, k: int, content: bytes, a: int, audit: bytes) -> None:
    """The rows of new epochs of K and A, in one change. The member at work holds them from now on."""
    keychain = office.keychain
    previous = keychain.key(case, KeyKind.CASE, k - 1) if k > 1 else None
    before = keychain.key(case, KeyKind.AUDIT, a - 1) if a > 1 else None
    add_epoch(change, office.vault_id, case, KeyKind.CASE, k, content, previous)
    add_epoch(change, office.vault_id, case, KeyKind.AUDIT, a, audit, before, (k, content))
    keychain.propose(case, KeyKind.CASE, k, content)
    keychain.propose(case, KeyKind.AUDIT, a, audit)


def grants(
    ledger: CaseLedger,
    change: Change,
    names: Iterable[str],
    k: int,
    content: bytes,
    a: int,
    audit: bytes,
    without: Collection[str] = (),
) -> list[Draft]:
    """K to the named holders (and the recovery key), A to every oversight member; none to whoever is walled off."""
    office, roles = ledger.office, ledger.office.standing.members
    walled, closed = {*without, *ledger.state.walled}, {*without, *closed_to(ledger)}
    holders = [name for name in names if name == RECOVERY or (roles[name] & READERS and name not in walled)]
    drafts = []
    for name in holders:
        public = public_of(office, name)
        if public is not None:
            drafts.append(add_grant(change, office, public, ledger.id, KeyKind.CASE, k, content))
    for name in office.standing.holders("oversight"):
        public = public_of(office, name)
        if public is not None and name not in (*holders, *closed):
            drafts.append(add_grant(change, office, public, ledger.id, KeyKind.AUDIT, a, audit))
    return drafts


def closed_to(ledger: CaseLedger) -> set[str]:
    """Who may not become a holder: the walled off, and whoever manages one of them and is not walled off yet."""
    missing = ledger.state.walls.missing(ledger.office.standing)
    return {*ledger.state.walled, *(one.member for one in missing)}


def public_of(office: Office, name: str) -> PublicKeys | None:
    """The keys to grant to: a member's newest, or the recovery key; None where there are none in use."""
    if name == RECOVERY:
        return office.standing.recovery
    newest = office.standing.newest(name)
    return newest.public if newest else None


def renew(ledger: CaseLedger, change: Change, names: Iterable[str], without: Collection[str] = ()) -> list[Draft]:
    """A new epoch of K and A for the named holders, and A for oversight, in a change; nobody of ``without`` gets it."""
    k, a = ledger.epoch(KeyKind.CASE) + 1, ledger.epoch(KeyKind.AUDIT) + 1
    content, audit = os.urandom(32), os.urandom(32)
    add(change, ledger.office, ledger.id, k, content, a, audit)
    made = grants(ledger, change, names, k, content, a, audit, without)
    return [Draft("rekeyed", details={"epochs": listed(k, content, a, audit)}), *made]


def leave(ledger: CaseLedger) -> None:
    """Forget the newest epoch, which this member made for the others on leaving; whoever stays opens the next one."""
    keychain = ledger.office.keychain
    for kind in (KeyKind.CASE, KeyKind.AUDIT):
        keychain.forget(ledger.id, kind, ledger.epoch(kind))
    ledger.office.store_keyring()
