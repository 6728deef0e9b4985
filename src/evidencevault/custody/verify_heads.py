"""Signed heads held against what was recomputed of a ledger: checkpoints, cosignatures, and heads seen elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from evidencevault.custody.standing import Register
from evidencevault.custody.verify_walk import Walk
from evidencevault.errors import Damaged
from evidencevault.formats import signatures
from evidencevault.formats.merkle import Frontier
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.heads import Head
from evidencevault.vault.registry import origin, witness_name


@dataclass(frozen=True, slots=True)
class Witness:
    """Who cosigned which head, and when (seconds since 1970)."""

    name: str
    size: int
    time: int


def checkpoint_sizes(connection: Connection, ledger: bytes) -> list[int]:
    """The sizes at which a ledger has checkpoints."""
    table = schema.checkpoint
    return list(connection.execute(select(table.c.size).where(table.c.ledger == ledger)).scalars())


def checkpoints(
    connection: Connection, walk: Walk, register: Register, external: signatures.Checkpoint | None
) -> tuple[int, tuple[Witness, ...]]:
    """Every checkpoint against the tree and its author's key; the newest against the tail; the remembered and
    external heads.
    """
    table = schema.checkpoint
    rows = connection.execute(select(table).where(table.c.ledger == walk.ledger).order_by(table.c.size)).all()
    witnesses: list[Witness] = []
    name = origin(walk.office.vault_id, walk.ledger)
    for row in rows:
        where = f"checkpoint at {row.size}"
        try:
            checkpoint = _opened(walk, register, row.size, row.note, name)
            if (checkpoint.size, checkpoint.root) != (row.size, walk.roots.get(row.size)):
                walk.wrong(
                    where, "its root is not that of the entries: an entry was changed, added, dropped or reordered"
                )
            witnesses += _witnesses(walk, register, row.size, row.note, row.cosignatures)
        except Damaged as error:
            walk.wrong(where, error.sentence)
    size = walk.head.size
    if not rows or rows[-1].size != size:
        walk.wrong(
            "tail",
            f"{size} entries, and the newest checkpoint says {rows[-1].size if rows else 0}: a tail was cut or added",
        )
    _known_heads(connection, walk, external, name)
    return len(rows), tuple(witnesses)


def _opened(walk: Walk, register: Register, size: int, note: bytes, name: str) -> signatures.Checkpoint:
    if not walk.readable:
        return signatures.parse_checkpoint_text(signatures.parse_note(note).text)
    actor = walk.actors.get(size - 1)
    standing = register.now
    public = standing.recovery if standing.recovery and actor == standing.recovery.key_id else None
    known = standing.keys.get(actor) if actor is not None else None
    public = known[1].public if known else public
    if public is None:
        raise Damaged(tr("it is signed by nobody known to the vault."))
    return signatures.open_checkpoint(note, name, public.sign)


def _witnesses(walk: Walk, register: Register, size: int, note: bytes, lines: bytes) -> list[Witness]:
    by_name = {
        witness_name(walk.office.vault_id, key_id): (handle, key.public)
        for key_id, (handle, key) in register.now.keys.items()
    }
    found = []
    for line in lines.splitlines(keepends=True):
        signature = signatures.parse_signature(line)
        if signature.name not in by_name:
            raise Damaged(tr("it is cosigned by nobody known to the vault."))
        handle, public = by_name[signature.name]
        found.append(Witness(handle, size, signatures.verify_cosignature(line, note, signature.name, public.witness)))
    return found


def _known_heads(connection: Connection, walk: Walk, external: signatures.Checkpoint | None, name: str) -> None:
    heads = [("head seen last on this machine", walk.remembered)] if walk.remembered else []
    if external is not None and external.origin == name:
        heads.append(("checkpoint given", Head(external.size, external.root)))
    for where, head in heads:
        if head.size > walk.head.size or _root_at(connection, walk.ledger, head.size) != head.root:
            walk.wrong(where, f"it says {head} and the vault now gives {walk.head}: set back, cut or rewritten")


def _root_at(connection: Connection, ledger: bytes, size: int) -> bytes:
    frontier = Frontier()
    table = schema.entry
    query = select(table.c.leaf).where(table.c.ledger == ledger, table.c.sequence < size).order_by(table.c.sequence)
    for leaf in connection.execute(query).scalars():
        frontier.append(leaf)
    return frontier.root()
