"""Every number and label that stands in stored bytes, in one place (docs/formats.md, appendix).

Nothing here may ever change its meaning; new things get new numbers.
"""

from __future__ import annotations

from enum import IntEnum

FORMAT_VERSION = 1
"""The version in ``vault.format``; a program that knows only older ones refuses."""

DATABASE_FILE = "vault.db"
"""The database in the folder of a vault."""

ZERO_ID = bytes(16)
"""The case id of the vault itself, and the item id of chains."""


class Purpose(IntEnum):
    """u16 in the associated data of an envelope; its label (see :func:`label`) derives the purpose key."""

    RECORD = 1
    OBJECT = 2  # the sealed row of an object
    FILE = 3  # the object's bytes: the first 16 bytes of the item key are the age file key
    HEAD = 4
    BODY = 5
    DUTY = 6
    CHAIN = 7  # the previous epoch's key
    LINK = 8  # A sealed for the holders of K
    SEED = 9
    KEYRING = 10
    INDEX = 11
    DRAFT = 12  # what was typed and not saved, in the state folder


def label(purpose: Purpose) -> bytes:
    """HKDF info of a purpose key: the lower-case name and a zero byte."""
    return purpose.name.lower().encode() + b"\0"


class KeyKind(IntEnum):
    """Kinds of epoch keys."""

    VAULT = 1
    CASE = 2
    AUDIT = 3


class Kind(IntEnum):
    """Kinds of records."""

    CASE = 1
    PERSON = 2
    CONCERN = 3
    EXHIBIT = 4
    INTERVIEW = 5
    DECISION = 6
    ACTION = 7
    RECOMMENDATION = 8
    RECIPIENT = 9
    FINDINGS = 10
    PLAN = 11
    APPROVAL = 12
    BUNDLE = 13
    INTAKE = 14
    TRANSFER = 15
    TEXT = 16
    NOTE = 17
    RECOGNITION = 18
    CONVERSION = 19
    ERASURE = 20
    HOLD = 21
    TIMESTAMP = 22
    REQUEST = 23
    REVIEW = 24
    ORGANISATION = 32
    POLICY = 33


class Field(IntEnum):
    """Fields of a ledger entry, each with its own salted commitment."""

    HEAD = 1
    SUBJECT = 2
    PURPOSE = 3
    PLACE = 4
    DIGEST = 5
    COUNTERPARTY = 6
    DETAILS = 7


SEALED_UNDER_AUDIT = frozenset(
    {
        "opened",
        "granted",
        "revoked",
        "walled",
        "unwalling",
        "unwalled",
        "rekeyed",
        "due",
        "overdue",
        "recovered",
        "reincarnated",
    }
)
"""Actions whose fields are all sealed under A, so that oversight can check (and write) them."""

SEED_REVISION = 0
OBJECT_KIND = 1
"""The u32 kind in an object's envelope."""

RECORD_LABEL = b"evidencevault/record/v1\0"
FIELD_LABEL = b"evidencevault/field/v1\0"
ENTRY_LABEL = b"evidencevault/entry/v1\0"
SEAL_LABEL = b"evidencevault/seal/v1\0"
IDENTITY_LABEL = b"evidencevault/identity/v1\0"
GRANT_LABEL = b"evidencevault/grant/v1\0"
ONCE_LABEL = b"once"
REPLACED_LABEL = b"evidencevault/replaced/v1\0"
DUTY_LABEL = b"evidencevault/duty/v1\0"
ITEM_PERSON = b"evidencevault/i1"
GRANT_NAMESPACE = "evidencevault-grant"
APPROVAL_NAMESPACE = "evidencevault-approval"
BUNDLE_NAMESPACE = "evidencevault-bundle"
ORIGIN_PREFIX = "evidencevault.org/v1"


def origin(vault_id: bytes, ledger: bytes) -> str:
    """The C2SP origin of a ledger's checkpoints."""
    return f"{ORIGIN_PREFIX}/{vault_id.hex()}/{ledger.hex()}"


def witness_name(vault_id: bytes, key_id: bytes) -> str:
    """The C2SP key name of a member's cosignatures."""
    return f"{ORIGIN_PREFIX}/{vault_id.hex()}/witness/{key_id.hex()}"
