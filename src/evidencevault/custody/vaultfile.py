"""Records of the vault itself, under V: its address book. Each revision is named by an entry of the vault ledger."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from evidencevault.custody.entry import ReadEntry
from evidencevault.custody.office import Draft, Office, new_id
from evidencevault.custody.revisions import Latest, listed, take
from evidencevault.custody.rows import Record, open_records, seal_record
from evidencevault.custody.standing import KEEPERS, Finding, Register
from evidencevault.custody.write import Stored, record_said
from evidencevault.errors import Damaged, NotFound
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import backup_renewal, erasing, schema
from evidencevault.vault.backup_renewal import Renewal
from evidencevault.vault.canonical import Value
from evidencevault.vault.change import Change
from evidencevault.vault.registry import ZERO_ID, Kind


@dataclass(slots=True)
class VaultState:
    """What the vault ledger says of records, replayed. ``objects`` stays empty: the vault has no files of its own."""

    records: dict[bytes, Latest] = field(default_factory=dict)
    revisions: dict[tuple[bytes, int], Latest] = field(default_factory=dict)
    objects: dict[bytes, tuple[str, int]] = field(default_factory=dict)
    erased: set[bytes] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def follow(self, entries: Iterable[ReadEntry], register: Register) -> None:
        """Count entries in. What its author was not permitted (the register says so) has no effect."""
        for entry in entries:
            if entry.action not in ("recorded", "erased"):
                continue
            roles = register.at(entry.head.basis.size).roles(entry.head.actor)
            if not roles & KEEPERS:
                continue
            try:
                if "admin" not in roles and _kinds(entry) & ADMINS_ONLY:
                    where = f"vault ledger, entry {entry.sequence} (recorded)"
                    self.findings.append(Finding(where, "only an admin may write the vault's policy"))
                    continue
                reason = self._effect(entry)
            except (KeyError, ValueError, TypeError):
                reason = "its details are malformed"
            if reason is not None:
                self.findings.append(Finding(f"vault ledger, entry {entry.sequence} ({entry.action})", reason))

    def _effect(self, entry: ReadEntry) -> str | None:
        if entry.action == "erased":
            self.erased.update(bytes.fromhex(str(one)) for one in listed(entry.details["items"]))
            return None
        return take(entry.details, entry.sequence, entry.head_epoch, self.records, self.revisions)


ADMINS_ONLY = frozenset({int(Kind.POLICY), int(Kind.ORGANISATION)})


def _kinds(entry: ReadEntry) -> set[int]:
    return {int(str(listed(one)[1])) for one in listed(entry.details.get("records", []))}


class VaultFile:
    """The vault's own records, as they stand now."""

    def __init__(self, office: Office, state: VaultState | None = None) -> None:
        self.office = office
        self.id = ZERO_ID
        if state is None:
            office.refresh()
            state = VaultState()
            state.follow(office.ledger.read(), office.register)
        self.state = state

    def records(self, kind: Kind) -> list[Record]:
        """The latest revision of each record of a kind, in the order in which the records were made. Raises Damaged."""
        latest = self.state.records.values()
        return list(
            open_records(self, [one for one in latest if one.kind == kind and one.item not in self.state.erased])
        )

    def put(self, kind: Kind, body: Mapping[str, Value], item: bytes | None = None) -> None:
        """Store a new record, or the next revision of one, with its entry ``recorded``.

        Raises NotPermitted, NotFound, StorageFailed.
        """
        self.office.require(*(["admin"] if kind in ADMINS_ONLY else sorted(KEEPERS)))
        change, revision = Change(), 1
        if item is None:
            item, salt = new_id(), os.urandom(32)
            change.add(schema.item, id=item, case=self.id, salt=salt)
        else:
            salt, revision = self._salt(item), self.state.records[item].revision + 1
        epoch = max(self.office.standing.epochs, default=1)
        sealed, commitment = seal_record(self, salt, epoch, item, kind, revision, body)
        change.add(schema.record, item=item, kind=int(kind), revision=revision, sealed=sealed, commitment=commitment)
        stored = record_said(Stored(item, int(kind), revision, commitment))
        self._commit(Draft("recorded", details={"records": [stored]}), change)

    def erase(self, item: bytes, progress: Progress) -> Renewal:
        """Destroy a record with all its revisions; the entry ``erased`` names it. Raises NotPermitted, NotFound.

        Returns what became of the copies of the vault, which held it too.
        """
        self.office.require(*sorted(KEEPERS))
        self._salt(item)
        change = Change()
        erasing.destroy(change, self.id, [item])
        office = self.office
        with backup_renewal.erasing(office.database, office.copies, progress):
            self._commit(Draft("erased", details={"items": [item.hex()]}), change)
            erasing.clear(office.database, office.store, [item])
        return backup_renewal.renew(office.database, office.store, progress, clock=office.clock, places=office.copies)

    def _commit(self, draft: Draft, change: Change) -> None:
        done = self.office.commit([draft], change)
        self.state.follow(self.office.ledger.read(done.first), self.office.register)

    def _salt(self, item: bytes) -> bytes:
        if item not in self.state.records or item in self.state.erased:
            raise NotFound(tr("There is no such record in this vault."))
        with self.office.database.reading() as connection:
            row = connection.execute(select(schema.item).where(schema.item.c.id == item)).first()
        if row is None or row.case != self.id or row.salt is None:
            raise Damaged(tr("A record of entry {n} has lost its salt.").format(n=self.state.records[item].sequence))
        return bytes(row.salt)
