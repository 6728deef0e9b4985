"""One case's ledger as a member may follow it, and which cases those are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from evidencevault.custody.casestate import CaseState
from evidencevault.custody.ledger import Ledger
from evidencevault.custody.office import Draft, Office
from evidencevault.errors import NotFound, NotPermitted
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.change import Change, Committed, commit
from evidencevault.vault.registry import KeyKind


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
        office.keychain.settle(self.id)
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
    raise unseen(reference)


def unseen(reference: str) -> NotFound:
    """The one refusal for a case that does not exist, is not granted, or is walled off: it does not tell which."""
    return NotFound(tr("There is no case {reference} that you may see.").format(reference=reference))


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
