"""The first tables, as in docs/formats.md."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _bytes(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=null)


def _number(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=False)


def upgrade() -> None:
    """Make all tables."""
    table, key = op.create_table, sa.PrimaryKeyConstraint
    table("vault", _bytes("id"), sa.Column("format", sa.Integer, nullable=False), _text("created"), key("id"))
    table("member", _text("handle"), _text("state"), key("handle"))
    table(
        "member_key",
        _text("handle"),
        sa.Column("generation", sa.Integer, nullable=False),
        _bytes("key_id"),
        _bytes("public"),
        _bytes("salt"),
        sa.Column("memory", sa.Integer, nullable=False),
        sa.Column("passes", sa.Integer, nullable=False),
        sa.Column("lanes", sa.Integer, nullable=False),
        _bytes("seed"),
        _bytes("keyring", True),
        _text("state"),
        key("handle", "generation"),
    )
    table(
        "case",
        _bytes("id"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _bytes("index_item", True),
        key("id"),
        sa.UniqueConstraint("year", "number"),
    )
    table(
        "epoch",
        _bytes("case"),
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        _bytes("chain", True),
        _bytes("commit"),
        sa.Column("content_epoch", sa.Integer, nullable=True),
        _bytes("link", True),
        key("case", "kind", "n"),
    )
    table("grant", _bytes("id"), _bytes("blob"), key("id"))
    table("item", _bytes("id"), _bytes("case"), _bytes("salt", True), key("id"))
    op.create_index("item_by_case", "item", ["case"])
    table(
        "record",
        _bytes("item"),
        sa.Column("kind", sa.Integer, nullable=False),
        _number("revision"),
        _bytes("sealed"),
        _bytes("commitment"),
        key("item", "revision"),
    )
    table(
        "duty",
        _bytes("id"),
        _bytes("case"),
        _number("revision"),
        _bytes("sealed"),
        _bytes("commitment"),
        key("id", "revision"),
    )
    op.create_index("duty_by_case", "duty", ["case"])
    table(
        "entry",
        _bytes("ledger"),
        _number("sequence"),
        _bytes("head"),
        _bytes("body"),
        _bytes("commitments"),
        _bytes("leaf"),
        _bytes("once", True),
        key("ledger", "sequence"),
        sa.UniqueConstraint("once"),
    )
    table(
        "checkpoint", _bytes("ledger"), _number("size"), _bytes("note"), _bytes("cosignatures"), key("ledger", "size")
    )
    table(
        "object",
        _bytes("item"),
        _bytes("blake3"),
        _text("state"),
        _bytes("sealed"),
        _bytes("payload", True),
        key("item"),
    )
