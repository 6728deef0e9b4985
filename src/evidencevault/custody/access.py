"""Who holds a case: start it, grant, revoke, hand over, recover (formats.md §2)."""

from __future__ import annotations

import os
from collections.abc import Sequence

from evidencevault.custody import epochs
from evidencevault.custody.caseledger import CaseLedger, find_case, open_ledger, references, visible_cases
from evidencevault.custody.casestate import RECOVERY, CaseState
from evidencevault.custody.entry import Json
from evidencevault.custody.grantlog import add_grant
from evidencevault.custody.ledger import Ledger
from evidencevault.custody.office import Draft, Office, new_id
from evidencevault.custody.wallstate import Wall
from evidencevault.errors import NotFound, NotPermitted, Refused
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.change import Change, case_count
from evidencevault.vault.registry import KeyKind

__all__ = [
    "CaseLedger",
    "cases_held_by",
    "find_case",
    "grant",
    "hand_over",
    "open_ledger",
    "ready",
    "references",
    "regrant_own_cases",
    "rekey_by_recovery",
    "require_holder",
    "revoke",
    "start_case",
    "visible_cases",
]


def start_case(office: Office, change: Change, behind: Sequence[Wall] = ()) -> tuple[CaseLedger, list[Draft]]:
    """Prepare a new case: its row, epochs and grants in ``change``, its `opened` draft, walls and grant drafts.

    Nobody ``behind`` a wall gets a key of it. The caller adds its records and commits through the returned ledger.
    """
    office.require("officer")
    case, content, audit = new_id(), os.urandom(32), os.urandom(32)
    year = office.clock().year
    with office.database.reading() as connection:
        number = case_count(connection, year) + 1
    change.add(schema.case, id=case, year=year, number=number, index_item=None)
    epochs.add(change, office, case, 1, content, 1, audit)
    opened = CaseLedger(office, Ledger(office.database, office.heads, office.keychain, case), CaseState(case))
    opened.state.year, opened.state.number = year, number
    details: dict[str, Json] = {"year": year, "number": number, "epochs": epochs.listed(1, content, 1, audit)}
    names = [one.member for one in behind]
    return opened, [
        Draft("opened", details=details),
        *(Draft("walled", details=one.details) for one in behind),
        *epochs.grants(opened, change, [office.name, RECOVERY], 1, content, 1, audit, names),
    ]


def grant(ledger: CaseLedger, name: str) -> None:
    """Give a member the case: K for officers and legal advisers, A for oversight. Raises Refused, NotFound,
    NotPermitted.
    """
    office = ledger.office
    ready(ledger)
    require_holder(ledger)
    newest = office.standing.newest(name)
    if newest is None:
        raise NotFound(tr("There is no active user “{name}” in this vault.").format(name=name))
    if name in epochs.closed_to(ledger):
        raise Refused(tr("“{name}” is excluded from this case for a conflict of interest.").format(name=name))
    roles = office.standing.members[name]
    kind = KeyKind.CASE if roles & epochs.READERS else KeyKind.AUDIT
    if kind is KeyKind.AUDIT and "oversight" not in roles:
        raise Refused(tr("“{name}” has no role that reads cases.").format(name=name))
    if ledger.state.holds(name, kind):
        raise Refused(tr("“{name}” holds this case already.").format(name=name))
    n = ledger.epoch(kind)
    change = Change()
    draft = add_grant(change, office, newest.public, ledger.id, kind, n, office.keychain.key(ledger.id, kind, n))
    ledger.commit([draft], change)


def require_holder(ledger: CaseLedger) -> None:
    """Raise NotPermitted unless the member at work is an officer who holds the case."""
    ledger.office.require("officer")
    if not ledger.state.holds(ledger.office.name):
        raise NotPermitted(tr("You do not hold this case, so you cannot give or take access to it."))


def revoke(ledger: CaseLedger, name: str) -> None:
    """End a member's access: the entry and new epochs in one transaction. Raises NotFound, Refused, NotPermitted."""
    ready(ledger)
    require_holder(ledger)
    state = ledger.state
    if not (state.holds(name) or state.holds(name, KeyKind.AUDIT)):
        raise NotFound(tr("“{name}” does not hold this case.").format(name=name))
    left = [one for one in state.holder_names(KeyKind.CASE) if one not in (name, RECOVERY)]
    if not left:
        raise Refused(
            tr("“{name}” is the only one who can read this case. Grant it to somebody else first.").format(name=name)
        )
    change, said = Change(), Draft("revoked", details={"member": name})
    renewed = epochs.renew(ledger, change, [*left, RECOVERY], (name,))
    if name == ledger.office.name:
        ledger.commit([*renewed, said], change)
        epochs.leave(ledger)
        return
    ledger.commit([said, *renewed], change)
    ledger.office.store_keyring()


def hand_over(ledger: CaseLedger, name: str) -> None:
    """Give the case to another officer and end one's own access; their first write opens a new epoch."""
    if "officer" not in ledger.office.standing.members.get(name, frozenset()):
        raise Refused(tr("A case is handed over to an officer; “{name}” is none.").format(name=name))
    if name == ledger.office.name:
        raise Refused(tr("You hold this case already."))
    if not ledger.state.holds(name):
        grant(ledger, name)
    revoke(ledger, ledger.office.name)


def ready(ledger: CaseLedger) -> None:
    """Open a new epoch first where a holder was retired or their key replaced, before anything else is written."""
    ledger.refresh()
    state, office = ledger.state, ledger.office
    if not state.stale(office.standing) or not state.holds(office.name):
        return
    change = Change()
    names = [name for name in state.holder_names(KeyKind.CASE) if name == RECOVERY or office.standing.newest(name)]
    ledger.commit(epochs.renew(ledger, change, names), change)
    office.store_keyring()


def regrant_own_cases(office: Office) -> None:
    """After one's keys were replaced: the same epochs again, to the new key, in every case held."""
    for kind, cases in (
        (KeyKind.CASE, office.keychain.cases(KeyKind.CASE)),
        (KeyKind.AUDIT, office.keychain.cases(KeyKind.AUDIT)),
    ):
        for case in cases:
            if not office.keychain.current(case, kind):
                continue  # held once
            if kind is KeyKind.AUDIT and office.keychain.current(case, KeyKind.CASE):
                continue
            ledger = open_ledger(office, case)
            n = ledger.epoch(kind)
            if not ledger.state.holds(office.name, kind) or not office.keychain.holds(case, kind, n):
                continue
            change = Change()
            own = office.identity.public
            ledger.commit([add_grant(change, office, own, case, kind, n, office.keychain.key(case, kind, n))], change)


def cases_held_by(office: Office, name: str) -> list[bytes]:
    """The cases whose ledgers say that a member holds them (needs K or A of each)."""
    return [
        case
        for case in visible_cases(office)
        if (state := open_ledger(office, case).state).holds(name) or state.holds(name, KeyKind.AUDIT)
    ]


def rekey_by_recovery(office: Office, case: bytes) -> None:
    """Within a recovery: `recovered`, a new epoch, and grants to all holders (the recovered one at their new key)."""
    ledger = open_ledger(office, case)
    change = Change()
    names = ledger.state.holder_names(KeyKind.CASE)
    ledger.commit([Draft("recovered"), *epochs.renew(ledger, change, names)], change)
