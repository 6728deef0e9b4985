"""One opened case: its records, objects and entries, and the one way to write. The face that casework and evidence
use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from evidencevault.custody import access, walls
from evidencevault.custody.access import CaseLedger
from evidencevault.custody.entry import FieldValue, ReadEntry
from evidencevault.custody.office import Draft, Member, Office
from evidencevault.custody.rows import Duty, Record, open_case_object, open_records, read_duties
from evidencevault.custody.write import Stored, Write, record_said
from evidencevault.errors import NotFound, NotPermitted
from evidencevault.formats import signatures
from evidencevault.resources import tr
from evidencevault.vault.canonical import Value
from evidencevault.vault.change import Change
from evidencevault.vault.keys import PublicKeys
from evidencevault.vault.objects import ObjectReader
from evidencevault.vault.registry import Field, KeyKind, Kind

__all__ = [
    "CaseFile",
    "Duty",
    "Kind",
    "Record",
    "SeenEntry",
    "Stored",
    "Value",
    "Write",
    "create_case",
    "open_case",
    "read_duties",
]


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry for reading. Fields of bodies that this member may not read are None."""

    sequence: int
    time: str
    zone: str
    actor: bytes
    actor_name: str
    action: str
    subject: FieldValue
    purpose: FieldValue
    place: FieldValue
    digest: FieldValue
    counterparty: FieldValue
    details: FieldValue


class CaseFile:
    """A case of which this member holds the content key."""

    def __init__(self, ledger: CaseLedger) -> None:
        if not ledger.office.keychain.holds(ledger.id, KeyKind.CASE):
            raise NotPermitted(tr("You have not been given access to this case. Ask the officer who holds it."))
        if not ledger.state.holds(ledger.office.name) and ledger.state.size:
            raise NotPermitted(tr("You do not hold this case any more."))
        self.ledger = ledger
        self._office = ledger.office

    @property
    def id(self) -> bytes:
        """16 random bytes."""
        return self.ledger.id

    @property
    def vault_id(self) -> bytes:
        """32 bytes, the root of trust."""
        return self._office.vault_id

    @property
    def reference(self) -> str:
        """Such as NL-2026-0001."""
        return self.ledger.reference

    @property
    def country(self) -> str:
        """The vault's country, ISO 3166."""
        return self._office.country

    @property
    def member(self) -> Member:
        """Who is working."""
        return self._office.member

    def now(self) -> datetime:
        """The clock, with its zone."""
        return self._office.clock()

    def require(self, *roles: str) -> None:
        """Raise NotPermitted unless the member has one of these roles and holds the case."""
        self._office.require(*roles)

    # --- reading

    def records(self, kind: Kind) -> list[Record]:
        """The latest revision of each record of a kind, in the order in which the records were made."""
        wanted = [one for one in self.ledger.state.of_kind(kind) if one.item not in self.ledger.state.erased]
        return list(open_records(self.ledger, wanted))

    def records_of(self, items: Iterable[bytes]) -> Iterator[Record]:
        """The latest revision of each of these records, in their order. Raises Damaged, KeyError for an unknown one."""
        return open_records(self.ledger, [self.ledger.state.records[item] for item in items])

    def record(self, item: bytes, revision: int | None = None) -> Record:
        """One record, newest or a given revision. Raises NotFound, Damaged."""
        state = self.ledger.state
        latest = state.records.get(item) if revision is None else state.revisions.get((item, revision))
        if latest is None or item in state.erased:
            raise NotFound(tr("There is no such record in this case."))
        return next(open_records(self.ledger, [latest]))

    def history(self, item: bytes) -> list[Record]:
        """All revisions, oldest first."""
        newest = self.record(item).revision
        return [self.record(item, revision) for revision in range(1, newest + 1)]

    def entries(self, start: int = 0) -> Iterator[SeenEntry]:
        """The chain of custody, oldest first."""
        for entry in self.ledger.ledger.read(start):
            yield self.seen(entry)

    def raw_entries(self, start: int = 0) -> Iterator[ReadEntry]:
        """Entries with values, salts and commitments, for proofs."""
        return self.ledger.ledger.read(start)

    def seen(self, entry: ReadEntry) -> SeenEntry:
        """An entry as read for proofs, for reading."""
        fields = entry.fields or {}
        head = entry.head
        return SeenEntry(
            entry.sequence,
            head.time,
            head.zone,
            head.actor,
            self._office.standing.handle(head.actor),
            head.action,
            *(
                fields.get(one)
                for one in (Field.SUBJECT, Field.PURPOSE, Field.PLACE, Field.DIGEST, Field.COUNTERPARTY, Field.DETAILS)
            ),
        )

    def open_object(self, item: bytes) -> ObjectReader:
        """A stored file. Raises NotFound, Damaged."""
        if item not in self.ledger.state.objects or item in self.ledger.state.erased:
            raise NotFound(tr("There is no such file in this case."))
        return open_case_object(self.ledger, item)

    # --- writing

    def write(self) -> Write:
        """Begin a write; nothing is visible before its commit."""
        access.ready(self.ledger)
        return Write(self.ledger, keeper=self._office.keeper)

    def follow_up(self) -> bool:
        """Write what follows from the records as they are (what is due); whether there was anything to write."""
        with self._office.database.one_writer:
            write = self.write()
            if write.keeper is None:
                return False
            write.keeper(write)
            if write.empty:
                return False
            write.keeper = None
            write.commit()
            return True

    # --- signatures

    def basis(self) -> bytes:
        """u64 size ‖ root 32 of the vault ledger as seen."""
        return self._office.basis.packed()

    def sign(self, namespace: str, message: bytes) -> bytes:
        """A binary SSHSIG by this member."""
        return self._office.identity.sign(namespace, message)

    def verify_signature(self, key_id: bytes, namespace: str, message: bytes, blob: bytes) -> bool:
        """Whether a member's key made this SSHSIG."""
        public = self._office.public_keys(key_id)
        return public is not None and signatures.sshsig_verify(blob, message, namespace, public.sign)

    def public_keys(self, key_id: bytes) -> PublicKeys | None:
        """Public keys of a member, any generation."""
        return self._office.public_keys(key_id)

    def handle(self, key_id: bytes) -> str:
        """The member behind a key."""
        return self._office.standing.handle(key_id)

    def roles(self, key_id: bytes) -> frozenset[str]:
        """Roles of the member behind a key."""
        return self._office.standing.roles(key_id)

    @property
    def office(self) -> Office:
        """The unlocked vault."""
        return self._office


def create_case(office: Office, body: Mapping[str, Value], excluded: Iterable[str] = ()) -> CaseFile:
    """Open a new case with its first record (Kind.CASE); granted to its creator and the recovery key, A to
    oversight.

    Members who are ``excluded``, and their line managers, are walled off from its first entry on. Raises NotFound,
    Refused (whoever opens it is one of them), NotPermitted.
    """
    change = Change()
    ledger, drafts = access.start_case(office, change, walls.first(office, excluded))
    first = Write(ledger, change).record(Kind.CASE, body)
    opened = drafts[0]
    details = (
        {**opened.details, "records": [record_said(first)]} if isinstance(opened.details, dict) else opened.details
    )
    ledger.commit([Draft(opened.action, details=details), *drafts[1:]], change)
    office.store_keyring()
    return CaseFile(ledger)


def open_case(office: Office, reference: str) -> CaseFile:
    """Open a case by reference. Raises NotFound (also for what is not granted), HeadRefused, Damaged."""
    return CaseFile(access.open_ledger(office, access.find_case(office, reference)))


def cases(office: Office) -> Iterable[CaseFile]:
    """Every case whose content this member holds."""
    return (CaseFile(access.open_ledger(office, case)) for case in access.visible_cases(office))
