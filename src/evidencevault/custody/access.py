"""Who holds a case: open it, grant, revoke, hand over, wall off, and new epochs (formats.md §2)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from sqlalchemy import select

from evidencevault.custody.casestate import RECOVERY, CaseState
from evidencevault.custody.entry import Json
from evidencevault.custody.grantlog import add_grant
from evidencevault.custody.ledger import Ledger
from evidencevault.custody.office import Draft, Office, new_id
from evidencevault.errors import NotFound, NotPermitted, Refused
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.change import Change, Committed, case_count, commit
from evidencevault.vault.grants import commit_of
from evidencevault.vault.keychain import add_epoch
from evidencevault.vault.keys import PublicKeys
from evidencevault.vault.registry import KeyKind

READERS = frozenset({"officer", "legal"})


@dataclass(slots=True)
class CaseLedger:
    """One case's ledger with its replayed state, as this member may see it (with A alone: heads and A-sealed
    entries).
    """

    office: Office
    ledger: Ledger
    state: CaseState
    newest_actor: bytes = b""

    @property
    def id(self) -> bytes:
        """The case's random id."""
        return self.ledger.id

    @property
    def reference(self) -> str:
        """Such as NL-2026-0001."""
        return f"{self.office.country}-{self.state.year}-{self.state.number:04d}"

    def refresh(self, *, trust_remembered: bool = True) -> None:
        """Follow what was written since. Raises HeadRefused or Damaged; permission findings stay in
        ``state.findings``.
        """
        before = self.ledger.catch_up(trust_remembered=trust_remembered)
        self._follow()
        if self.ledger.tree.head.size != before:
            self.ledger.check_note(self.office.public_keys(self.newest_actor))
            if trust_remembered:
                self.ledger.remember()
                self.office.witness(self.ledger, self.newest_actor)

    def epoch(self, kind: KeyKind) -> int:
        """The newest epoch by the ledger."""
        return self.state.epochs.get(int(kind), 1)

    def commit(self, drafts: list[Draft], change: Change, *, restoring: bool = False) -> Committed:
        """Write entries under the newest epochs (a ``rekeyed`` draft moves those after it on), then follow the
        ledger.
        """
        office, actor = self.office, self.office.identity.key_id
        content, audit = self.epoch(KeyKind.CASE), self.epoch(KeyKind.AUDIT)
        for draft in drafts:
            refusal = self.state.refusal(draft.action, actor, office.standing)
            if refusal is not None:
                raise NotPermitted(
                    tr("“{name}” may not do this in {case} ({why}). Nothing was changed.").format(
                        name=office.name, case=self.reference, why=refusal
                    )
                )
            change.entries.append(office.entry(draft, self.ledger.keys(content, audit)))
            if draft.action == "rekeyed":
                content, audit = content + 1, audit + 1
        done = commit(
            office.database, office.heads, self.ledger.tree, change, office.identity.sign_seed, restoring=restoring
        )
        self._follow()
        return done

    def _follow(self) -> None:
        """Replay what the state has not seen: after a commit also what another opening of this case wrote before it."""
        for entry in self.ledger.read(self.state.size):
            self.state.apply(entry, self.office.register)
            self.newest_actor = entry.head.actor


def open_ledger(office: Office, case: bytes, *, trust_remembered: bool = True) -> CaseLedger:
    """Follow a case's ledger from its first entry. Raises NotPermitted without K or A, HeadRefused, Damaged."""
    if not office.keychain.current(case, KeyKind.AUDIT):
        raise NotPermitted(tr("You have not been given access to this case. Ask the officer who holds it."))
    opened = CaseLedger(office, Ledger(office.database, office.heads, office.keychain, case), CaseState(case))
    opened.refresh(trust_remembered=trust_remembered)
    return opened


def find_case(office: Office, reference: str) -> bytes:
    """The id behind a reference such as NL-2026-0001. A case not granted is not found: it is not even named."""
    parts = reference.upper().split("-")
    with office.database.reading() as connection:
        for row in connection.execute(select(schema.case)):
            same = parts == [office.country, str(row.year), f"{row.number:04d}"]
            if same and office.keychain.current(row.id, KeyKind.AUDIT):
                return bytes(row.id)
    raise NotFound(tr("There is no case {reference} that you may see.").format(reference=reference))


def references(office: Office) -> list[tuple[str, bytes]]:
    """Reference and id of each case of which this member holds K, in order; nothing of them is opened."""
    with office.database.reading() as connection:
        rows = connection.execute(select(schema.case).order_by(schema.case.c.year, schema.case.c.number)).all()
    return [
        (f"{office.country}-{row.year}-{row.number:04d}", bytes(row.id))
        for row in rows
        if office.keychain.current(row.id, KeyKind.CASE)
    ]


def visible_cases(office: Office, kind: KeyKind = KeyKind.CASE) -> list[bytes]:
    """The cases of which this member holds K (or A), by reference."""
    with office.database.reading() as connection:
        rows = connection.execute(select(schema.case).order_by(schema.case.c.year, schema.case.c.number)).all()
    return [bytes(row.id) for row in rows if office.keychain.current(row.id, kind)]


def start_case(office: Office, change: Change) -> tuple[CaseLedger, list[Draft]]:
    """Prepare a new case: its row, epochs and grants in ``change``, its `opened` draft and grant drafts.

    The caller adds its records and commits through the returned ledger.
    """
    office.require("officer")
    case, content, audit = new_id(), os.urandom(32), os.urandom(32)
    year = office.clock().year
    with office.database.reading() as connection:
        number = case_count(connection, year) + 1
    change.add(schema.case, id=case, year=year, number=number, index_item=None)
    _add_epochs(change, office, case, 1, content, 1, audit)
    opened = CaseLedger(office, Ledger(office.database, office.heads, office.keychain, case), CaseState(case))
    opened.state.year, opened.state.number = year, number
    details: dict[str, Json] = {"year": year, "number": number, "epochs": _epoch_list(1, content, 1, audit)}
    return opened, [
        Draft("opened", details=details),
        *_grants(opened, change, [office.name, RECOVERY], 1, content, 1, audit),
    ]


def _epoch_list(k: int, content: bytes, a: int, audit: bytes) -> Json:
    return [[int(KeyKind.CASE), k, commit_of(content).hex()], [int(KeyKind.AUDIT), a, commit_of(audit).hex()]]


def _add_epochs(change: Change, office: Office, case: bytes, k: int, content: bytes, a: int, audit: bytes) -> None:
    keychain = office.keychain
    previous = keychain.key(case, KeyKind.CASE, k - 1) if k > 1 else None
    before = keychain.key(case, KeyKind.AUDIT, a - 1) if a > 1 else None
    add_epoch(change, office.vault_id, case, KeyKind.CASE, k, content, previous)
    add_epoch(change, office.vault_id, case, KeyKind.AUDIT, a, audit, before, (k, content))
    keychain.put(case, KeyKind.CASE, k, content)
    keychain.put(case, KeyKind.AUDIT, a, audit)


def _grants(
    ledger: CaseLedger, change: Change, names: list[str], k: int, content: bytes, a: int, audit: bytes
) -> list[Draft]:
    """K to the named holders (and the recovery key), A to every oversight member who is not walled off."""
    office = ledger.office
    drafts = []
    for name in names:
        public = _public(office, name)
        if public is not None:
            drafts.append(add_grant(change, office, public, ledger.id, KeyKind.CASE, k, content))
    for name in office.standing.holders("oversight"):
        public = _public(office, name)
        if public is not None and name not in names and name not in ledger.state.walled:
            drafts.append(add_grant(change, office, public, ledger.id, KeyKind.AUDIT, a, audit))
    return drafts


def _public(office: Office, name: str) -> PublicKeys | None:
    if name == RECOVERY:
        return office.standing.recovery
    newest = office.standing.newest(name)
    return newest.public if newest else None


def grant(ledger: CaseLedger, name: str) -> None:
    """Give a member the case: K for officers and legal advisers, A for oversight. Raises Refused, NotFound,
    NotPermitted.
    """
    office = ledger.office
    ready(ledger)
    _require_holder(ledger)
    newest = office.standing.newest(name)
    if newest is None:
        raise NotFound(tr("There is no active user “{name}” in this vault.").format(name=name))
    if name in ledger.state.walled:
        raise Refused(tr("“{name}” is excluded from this case for a conflict of interest.").format(name=name))
    roles = office.standing.members[name]
    kind = KeyKind.CASE if roles & READERS else KeyKind.AUDIT
    if kind is KeyKind.AUDIT and "oversight" not in roles:
        raise Refused(tr("“{name}” has no role that reads cases.").format(name=name))
    if ledger.state.holds(name, kind):
        raise Refused(tr("“{name}” holds this case already.").format(name=name))
    n = ledger.epoch(kind)
    change = Change()
    draft = add_grant(change, office, newest.public, ledger.id, kind, n, office.keychain.key(ledger.id, kind, n))
    ledger.commit([draft], change)


def _require_holder(ledger: CaseLedger) -> None:
    ledger.office.require("officer")
    if not ledger.state.holds(ledger.office.name):
        raise NotPermitted(tr("You do not hold this case, so you cannot give or take access to it."))


def revoke(ledger: CaseLedger, name: str, *, walled: bool = False) -> None:
    """End a member's access: the entry and new epochs in one transaction. With ``walled`` they can never be granted
    again.
    """
    ready(ledger)
    _require_holder(ledger)
    state = ledger.state
    holds = state.holds(name) or state.holds(name, KeyKind.AUDIT)
    if not walled and not holds:
        raise NotFound(tr("“{name}” does not hold this case.").format(name=name))
    if name not in ledger.office.standing.members:
        raise NotFound(tr("There is no user “{name}” in this vault.").format(name=name))
    left = [one for one in state.holder_names(KeyKind.CASE) if one not in (name, RECOVERY)]
    if not left:
        raise Refused(
            tr("“{name}” is the only one who can read this case. Grant it to somebody else first.").format(name=name)
        )
    if walled:
        state.walled.add(name)  # so that the new A is not granted to them; the entry below says the same
    action, change = "walled" if walled else "revoked", Change()
    if name == ledger.office.name:
        ledger.commit([Draft(action, details={"member": name})], change)
        return
    drafts = [
        Draft(action, details={"member": name}),
        *_rekey(ledger, change, [*left, RECOVERY], without=name),
    ]
    ledger.commit(drafts, change)
    ledger.office.store_keyring()


def _rekey(ledger: CaseLedger, change: Change, names: list[str], *, without: str = "") -> list[Draft]:
    k, a = ledger.epoch(KeyKind.CASE) + 1, ledger.epoch(KeyKind.AUDIT) + 1
    content, audit = os.urandom(32), os.urandom(32)
    _add_epochs(change, ledger.office, ledger.id, k, content, a, audit)
    grants = _grants(ledger, change, [name for name in names if name != without], k, content, a, audit)
    return [Draft("rekeyed", details={"epochs": _epoch_list(k, content, a, audit)}), *grants]


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
    ledger.commit(_rekey(ledger, change, names), change)
    office.store_keyring()


def regrant_own_cases(office: Office) -> None:
    """After one's keys were replaced: the same epochs again, to the new key, in every case held."""
    for kind, cases in (
        (KeyKind.CASE, office.keychain.cases(KeyKind.CASE)),
        (KeyKind.AUDIT, office.keychain.cases(KeyKind.AUDIT)),
    ):
        for case in cases:
            if kind is KeyKind.AUDIT and office.keychain.holds(case, KeyKind.CASE):
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
    ledger.commit([Draft("recovered"), *_rekey(ledger, change, names)], change)
