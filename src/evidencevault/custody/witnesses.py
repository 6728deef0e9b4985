"""How far a ledger was witnessed: the newest of its heads that somebody other than its author cosigned."""

from __future__ import annotations

from sqlalchemy import select

from evidencevault.custody.access import CaseLedger
from evidencevault.errors import Damaged
from evidencevault.formats import signatures
from evidencevault.vault import schema
from evidencevault.vault.registry import witness_name


def witnessed(ledger: CaseLedger) -> int:
    """Entries below the newest head with a cosignature that a member's witness key made; 0 where there is none.

    Raises Damaged only where a stored checkpoint is no note; a cosignature that does not fit counts for nothing here
    and is a finding of ``custody verify``.
    """
    table, office = schema.checkpoint, ledger.office
    rows = select(table.c.size, table.c.note, table.c.cosignatures).where(
        table.c.ledger == ledger.id, table.c.size <= ledger.ledger.tree.head.size, table.c.cosignatures != b""
    )
    keys = {
        witness_name(office.vault_id, key_id): key.public.witness for key_id, (_, key) in office.standing.keys.items()
    }
    with office.database.reading() as connection:
        for size, note, lines in connection.execute(rows.order_by(table.c.size.desc())):
            if any(_fits(line, note, keys) for line in lines.splitlines(keepends=True)):
                return int(size)
    return 0


def _fits(line: bytes, note: bytes, keys: dict[str, bytes]) -> bool:
    try:
        name = signatures.parse_signature(line).name
        key = keys.get(name)
        return key is not None and signatures.verify_cosignature(line, note, name, key) >= 0
    except Damaged:
        return False
