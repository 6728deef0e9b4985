"""The rows around the ledgers, held against what the ledgers say: keys, grants, epochs, records, duties, objects."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from evidencevault.custody.access import CaseLedger
from evidencevault.custody.membership import row_digest
from evidencevault.custody.office import Office
from evidencevault.custody.rows import Keeper, open_case_object, open_duty, open_record
from evidencevault.custody.standing import Finding, Standing
from evidencevault.errors import Cancelled, VaultError
from evidencevault.progress import Progress
from evidencevault.vault import schema
from evidencevault.vault.heads import Head
from evidencevault.vault.keys import sha256
from evidencevault.vault.objects import InlineFile, stored_digest
from evidencevault.vault.registry import FORMAT_VERSION, ZERO_ID, KeyKind
from evidencevault.vault.stores import object_name


def vault_rows(connection: Connection, office: Office, standing: Standing, head: Head) -> Iterator[Finding]:
    """The vault's own row, members, their keys, the vault's epochs and grants."""
    yield from _vault_row(connection, office)
    yield from _members(connection, standing)
    yield from _epochs(
        connection, ZERO_ID, "vault", {(1, n): commit for n, commit in standing.epochs.items()}, (KeyKind.VAULT,)
    )
    granted = {}
    for entry in office.ledger.read():
        if entry.action == "granted":
            granted[bytes.fromhex(str(entry.details["grant"]))] = (str(entry.details["blob"]), entry.sequence)
    yield from _grants(connection, "vault ledger", granted)
    yield from _stray_ledgers(connection)


def _stray_ledgers(connection: Connection) -> Iterator[Finding]:
    known = {ZERO_ID, *connection.execute(select(schema.case.c.id)).scalars()}
    columns = [schema.entry.c.ledger, schema.checkpoint.c.ledger]
    columns += [table.c.case for table in (schema.epoch, schema.duty, schema.item)]
    for column in columns:
        for ledger in connection.execute(select(column).distinct()).scalars():
            if ledger not in known:
                yield Finding(
                    f"table {column.table.name}",
                    f"rows of {ledger.hex()}, which is no case of this vault: a case's row was changed or dropped",
                )


def _vault_row(connection: Connection, office: Office) -> Iterator[Finding]:
    rows = connection.execute(select(schema.vault)).all()
    first = next(iter(office.ledger.read()), None)
    made = first.details.get("made") if first else None
    if len(rows) != 1 or (rows[0].id, rows[0].format, rows[0].created) != (office.vault_id, FORMAT_VERSION, made):
        yield Finding("table vault", "its row is not what the first entry says")


def _members(connection: Connection, standing: Standing) -> Iterator[Finding]:
    states = {row.handle: row.state for row in connection.execute(select(schema.member))}
    expected = {handle: "retired" if handle in standing.retired else "active" for handle in standing.members}
    for handle in sorted(states.keys() | expected.keys()):
        if states.get(handle) != expected.get(handle):
            yield Finding("table member", f"the row of “{handle}” is not what the vault ledger says")
    seen = set()
    for row in connection.execute(select(schema.member_key)):
        known = standing.keys.get(row.key_id)
        seen.add(bytes(row.key_id))
        values = {name: getattr(row, name) for name in row._fields}
        if known is None or known[1].row_digest != row_digest(values) or known[1].state != row.state:
            yield Finding(
                "table member_key",
                f"the keys of “{row.handle}”, generation {row.generation}, are not what the vault ledger says",
            )
    for key_id, (handle, _) in standing.keys.items():
        if key_id not in seen:
            yield Finding("table member_key", f"keys of “{handle}” are missing")


def _epochs(
    connection: Connection, case: bytes, name: str, commits: dict[tuple[int, int], str], kinds: tuple[KeyKind, ...]
) -> Iterator[Finding]:
    table = schema.epoch
    rows = {(row.kind, row.n): row for row in connection.execute(select(table).where(table.c.case == case))}
    for kind, n in sorted(rows.keys() | commits.keys()):
        row = rows.get((kind, n))
        if row is None or row.commit.hex() != commits.get((kind, n)) or kind not in kinds:
            yield Finding("table epoch", f"{name}: kind {kind}, number {n} is not what the ledger says")
        elif (row.chain is None) != (n == 1) or (row.link is None) != (kind != KeyKind.AUDIT):
            yield Finding("table epoch", f"{name}: kind {kind}, number {n} has lost a part")


def _grants(connection: Connection, name: str, granted: dict[bytes, tuple[str, int]]) -> Iterator[Finding]:
    wanted = list(granted)
    rows = {}
    for start in range(0, len(wanted), 500):
        query = select(schema.grant).where(schema.grant.c.id.in_(wanted[start : start + 500]))
        rows.update({bytes(row.id): row.blob for row in connection.execute(query)})
    for grant_id, (digest, sequence) in granted.items():
        blob = rows.get(grant_id)
        if blob is None or sha256(blob).hex() != digest:
            what = "is missing" if blob is None else "was changed"
            yield Finding("table grant", f"{name}: the grant {grant_id.hex()} of entry {sequence} {what}")


def case_rows(connection: Connection, ledger: CaseLedger, name: str) -> Iterator[Finding]:
    """The case's row, epochs, grants and duties: what the audit key alone can check."""
    state = ledger.state
    row = connection.execute(select(schema.case).where(schema.case.c.id == state.case)).one()
    if (row.year, row.number) != (state.year, state.number):
        yield Finding("table case", f"{name}: the ledger says {state.year}-{state.number:04d}")
    if row.index_item is not None and _item_case(connection, row.index_item) != state.case:
        yield Finding("table case", f"{name}: its search index is none of this case")
    yield from _epochs(connection, state.case, name, state.commits, (KeyKind.CASE, KeyKind.AUDIT))
    yield from _grants(connection, name, state.grants)
    yield from _duties(connection, ledger, name)


def _item_case(connection: Connection, item: bytes) -> bytes | None:
    found = connection.execute(select(schema.item.c.case).where(schema.item.c.id == item)).scalar()
    return bytes(found) if found is not None else None


def _duties(connection: Connection, ledger: CaseLedger, name: str) -> Iterator[Finding]:
    state, office = ledger.state, ledger.office
    reading = office.keychain.current(state.case, KeyKind.CASE)
    seen = set()
    for row in connection.execute(select(schema.duty).where(schema.duty.c.case == state.case)):
        where = f"{name}: duty {row.id.hex()}, revision {row.revision}"
        try:
            _, commitment = open_duty(ledger, row.id, row.revision, row.sealed)
        except VaultError as error:
            yield Finding("table duty", f"{where}: {error.sentence}")
            continue
        seen.add((bytes(row.id), int(row.revision)))
        if commitment != row.commitment:
            yield Finding("table duty", f"{where}: its commitment was changed")
        named = state.duty_revisions.get((bytes(row.id), int(row.revision)))
        # Older entries named duties in bodies, which the audit key does not open; `due` names them under it.
        if (reading or named) and (named is None or named.commitment != commitment):
            yield Finding("table duty", f"{where}: no entry names it")
    for duty_id, revision in sorted(state.duty_revisions.keys() - seen):
        yield Finding("table duty", f"{name}: duty {duty_id.hex()}, revision {revision} is missing or damaged")


def records(connection: Connection, ledger: Keeper, name: str, progress: Progress) -> Iterator[Finding]:
    """Every revision of every record, and none that the ledger does not name."""
    state, table, items = ledger.state, schema.record, schema.item
    seen = set()
    query = (
        select(table, items.c.salt)
        .join(items, items.c.id == table.c.item, isouter=True)
        .where(items.c.case == ledger.id)
    )
    for row in connection.execute(query).yield_per(2000):
        progress.check()
        where = f"{name}: record {row.item.hex()}, revision {row.revision}"
        one = state.revisions.get((row.item, row.revision))
        seen.add((bytes(row.item), int(row.revision)))
        if one is None:
            yield Finding("table record", f"{where}: no entry names it")
        elif row.item not in state.erased:
            try:
                open_record(ledger, one, row.sealed, row.salt)
                if row.commitment != one.commitment or row.kind != one.kind:
                    yield Finding("table record", f"{where} (entry {one.sequence}): its row was changed")
            except VaultError as error:
                yield Finding("table record", f"{where} (entry {one.sequence}): {error.sentence}")
    for (item, revision), one in state.revisions.items():
        if (item, revision) not in seen:
            yield Finding(
                "table record",
                f"{name}: record {item.hex()}, revision {revision} (entry {one.sequence}): missing or moved",
            )
    yield from _stray_items(connection, ledger, name)


def _stray_items(connection: Connection, ledger: Keeper, name: str) -> Iterator[Finding]:
    state = ledger.state
    index = connection.execute(select(schema.case.c.index_item).where(schema.case.c.id == ledger.id)).scalar()
    for item in connection.execute(select(schema.item.c.id).where(schema.item.c.case == ledger.id)).scalars():
        if not isinstance(item, bytes):  # SQLite keeps text in a column of bytes, too
            yield Finding("table item", f"{name}: an item's id is none")
        elif item not in state.records and item not in state.objects and item != index:
            yield Finding("table item", f"{name}: the item {item.hex()} belongs to nothing that an entry names")
    salted = select(schema.item.c.id).where(schema.item.c.case == ledger.id, schema.item.c.salt.is_not(None))
    for item in set(connection.execute(salted).scalars()) & state.erased:
        yield Finding("table item", f"{name}: the item {item.hex()} was erased, and its salt is still there")


def objects(connection: Connection, ledger: CaseLedger, name: str, full: bool, progress: Progress) -> Iterator[Finding]:
    """Every object's row; with ``full`` its stored bytes by BLAKE3 and its plaintext by SHA-256."""
    for item, (_, sequence) in ledger.state.objects.items():
        progress.check()
        if item in ledger.state.erased:
            continue
        where = f"{name}: object {item.hex()} (entry {sequence})"
        try:
            with open_case_object(ledger, item) as reader:
                if full:
                    yield from _stored(connection, ledger, item, where, progress)
                    reader.verify(progress)
        except Cancelled:
            raise
        except VaultError as error:
            yield Finding("table object", f"{where}: {error.sentence}")


def _stored(
    connection: Connection, ledger: CaseLedger, item: bytes, where: str, progress: Progress
) -> Iterator[Finding]:
    row = connection.execute(select(schema.object_).where(schema.object_.c.item == item)).one()
    if row.state != ("inline" if row.payload is not None else "stored"):
        yield Finding("table object", f"{where}: its state was changed")
    file = InlineFile(row.payload) if row.payload is not None else ledger.office.store.open(object_name(item))
    try:
        if stored_digest(file, progress) != row.blake3:
            yield Finding("object", f"{where}: its stored bytes were changed")
    finally:
        file.close()
