"""The tables, one schema for SQLite and PostgreSQL. No column holds personal data in clear; handles may be
pseudonyms.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()


def _bytes(name: str, *, null: bool = False, primary: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=null, primary_key=primary)


vault = Table(
    "vault",
    metadata,
    _bytes("id", primary=True),
    Column("format", Integer, nullable=False),
    Column("created", String, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("handle", String, primary_key=True),
    Column("state", String, nullable=False),  # active, retired: a cache of what the vault ledger says
)

member_key = Table(
    "member_key",
    metadata,
    Column("handle", String, nullable=False),
    Column("generation", Integer, nullable=False),
    _bytes("key_id"),
    _bytes("public"),
    _bytes("salt"),
    Column("memory", Integer, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("lanes", Integer, nullable=False),
    _bytes("seed"),  # envelope of the seed under the passphrase
    _bytes("keyring", null=True),
    Column("state", String, nullable=False),  # provisional, active, replaced, retired
    PrimaryKeyConstraint("handle", "generation"),
)

case = Table(
    "case",
    metadata,
    _bytes("id", primary=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    _bytes("index_item", null=True),
    UniqueConstraint("year", "number"),
)

epoch = Table(
    "epoch",
    metadata,
    _bytes("case"),
    Column("kind", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    _bytes("chain", null=True),  # the previous epoch's key; none at n = 1
    _bytes("commit"),
    Column("content_epoch", Integer, nullable=True),  # rows of A: the K epoch whose holders open `link`
    _bytes("link", null=True),
    PrimaryKeyConstraint("case", "kind", "n"),
)

grant = Table("grant", metadata, _bytes("id", primary=True), _bytes("blob"))

item = Table("item", metadata, _bytes("id", primary=True), _bytes("case"), _bytes("salt", null=True))
Index("item_by_case", item.c.case)

record = Table(
    "record",
    metadata,
    _bytes("item"),
    Column("kind", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),
    _bytes("sealed"),
    _bytes("commitment"),
    PrimaryKeyConstraint("item", "revision"),
)

duty = Table(
    "duty",
    metadata,
    _bytes("id"),
    _bytes("case"),
    Column("revision", BigInteger, nullable=False),
    _bytes("sealed"),
    _bytes("commitment"),
    PrimaryKeyConstraint("id", "revision"),
)
Index("duty_by_case", duty.c.case)

entry = Table(
    "entry",
    metadata,
    _bytes("ledger"),
    Column("sequence", BigInteger, nullable=False),
    _bytes("head"),
    _bytes("body"),
    _bytes("commitments"),
    _bytes("leaf"),
    Column("once", LargeBinary, nullable=True, unique=True),
    PrimaryKeyConstraint("ledger", "sequence"),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    _bytes("ledger"),
    Column("size", BigInteger, nullable=False),
    _bytes("note"),
    Column("cosignatures", LargeBinary, nullable=False, default=b""),
    PrimaryKeyConstraint("ledger", "size"),
)

object_ = Table(
    "object",
    metadata,
    _bytes("item", primary=True),
    _bytes("blake3"),
    Column("state", String, nullable=False),  # inline, stored, erased
    _bytes("sealed"),
    _bytes("payload", null=True),
)
