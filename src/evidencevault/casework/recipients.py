"""The address book of the vault: who receives bundles, with which age keys, and who compared these, how and when.

A key that nobody compared with its holder by another way may be somebody else's. Checks stand for the keys as they were
then: other keys clear them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from evidencevault.custody.casefile import Kind, Record, Value
from evidencevault.custody.office import Office
from evidencevault.custody.vaultfile import VaultFile
from evidencevault.errors import Damaged, NotFound, Refused, UsageError
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.backup_renewal import Renewal

HOWS = ("telephone", "in-person", "video", "letter")
_LONGEST = 200
_KEY = "age1"


@dataclass(frozen=True, slots=True)
class Check:
    """That the keys were compared with their holder: by whom (key id, 16 bytes), when (RFC 3339), how, with whom."""

    by: bytes
    at: str
    how: str
    whom: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who receives bundles. ``keys`` are age recipients of one kind; ``by`` (key id), ``at``: added."""

    name: str
    organisation: str
    keys: tuple[str, ...]
    by: bytes
    at: str
    checks: tuple[Check, ...] = ()


def is_key(text: str) -> bool:
    """Whether a word is an age recipient, and not a name of the book."""
    return text.strip().lower().startswith(_KEY)


def book(office: Office) -> list[Recipient]:
    """Everybody in the book, by name. Raises Damaged."""
    found = [_from_body(one.body) for one in VaultFile(office).records(Kind.RECIPIENT)]
    return sorted(found, key=lambda one: one.name.casefold())


def find(office: Office, name: str) -> Recipient:
    """One of the book by name, however it is capitalised. Raises NotFound."""
    return _find(VaultFile(office), name)[1]


def add(office: Office, name: str, keys: Sequence[str], organisation: str | None = None) -> tuple[Recipient, int]:
    """Put somebody into the book, or change who is there; how many checks other keys have cleared.

    Raises UsageError, AgeError (no key, kinds mixed), Refused (nothing would change), NotPermitted.
    """
    name, made = _plain(name), tuple(dict.fromkeys(str(age.parse_recipient(key)) for key in keys))
    age.check_mix([age.parse_recipient(key) for key in made])
    file = VaultFile(office)
    try:
        record, before = _find(file, name)
    except NotFound:
        stamp = office.clock().isoformat(timespec="seconds")
        fresh = Recipient(name, _plain_or_empty(organisation), made, office.member.key_id, stamp)
        file.put(Kind.RECIPIENT, _to_body(fresh))
        return fresh, 0
    kept = before.organisation if organisation is None else _plain_or_empty(organisation)
    after = replace(before, organisation=kept, keys=made)
    cleared = 0
    if set(made) != set(before.keys):
        stamp = office.clock().isoformat(timespec="seconds")
        after, cleared = replace(after, checks=(), by=office.member.key_id, at=stamp), len(before.checks)
    elif kept == before.organisation:
        raise Refused(tr("{name} is in the address book with these keys already.").format(name=before.name))
    file.put(Kind.RECIPIENT, _to_body(after), record.item)
    return after, cleared


def check(office: Office, name: str, how: str, whom: str = "") -> Recipient:
    """Enter that the member at work compared the keys with their holder. Raises UsageError, NotFound, NotPermitted."""
    if how not in HOWS:
        raise UsageError(tr("--how is one of {hows}.").format(hows=", ".join(HOWS)))
    file = VaultFile(office)
    record, before = _find(file, name)
    done = Check(office.member.key_id, office.clock().isoformat(timespec="seconds"), how, _plain_or_empty(whom))
    after = replace(before, checks=(*before.checks, done))
    file.put(Kind.RECIPIENT, _to_body(after), record.item)
    return after


def remove(office: Office, name: str, progress: Progress | None = None) -> tuple[Recipient, Renewal]:
    """Take somebody out of the book; what it said of them is destroyed, in the vault's copies too where it can be.

    Raises NotFound, NotPermitted.
    """
    file = VaultFile(office)
    record, before = _find(file, name)
    return before, file.erase(record.item, progress or Progress())


def _find(file: VaultFile, name: str) -> tuple[Record, Recipient]:
    wanted = unicodedata.normalize("NFC", name).strip().casefold()
    for record in file.records(Kind.RECIPIENT):
        one = _from_body(record.body)
        if one.name.casefold() == wanted:
            return record, one
    raise NotFound(tr("The address book has no {name}. “recipient list” shows who is in it.").format(name=name))


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).strip()
    if not plain or len(plain) > _LONGEST or not plain.isprintable():
        raise UsageError(tr("A name in the address book is one line of up to {count} letters.").format(count=_LONGEST))
    if is_key(plain):
        raise UsageError(tr("A name in the address book does not begin with age1: that is a key."))
    return plain


def _plain_or_empty(text: str | None) -> str:
    return _plain(text) if text and text.strip() else ""


def _to_body(one: Recipient) -> dict[str, Value]:
    return {
        "name": one.name,
        "organisation": one.organisation,
        "keys": list(one.keys),
        "by": one.by,
        "at": one.at,
        "checks": [[check.by, check.at, check.how, check.whom] for check in one.checks],
    }


def _from_body(body: object) -> Recipient:
    match body:
        case {
            "name": str(name), "organisation": str(organisation), "keys": list(keys), "by": bytes(by), "at": str(at),
            "checks": list(checks),
        } if keys and all(isinstance(one, str) for one in keys):  # fmt: skip
            return Recipient(name, organisation, tuple(cast("list[str]", keys)), by, at, tuple(map(_check, checks)))
        case _:
            raise _damaged()


def _check(value: object) -> Check:
    match value:
        case [bytes(by), str(at), str(how), str(whom)]:
            return Check(by, at, how, whom)
        case _:
            raise _damaged()


def _damaged() -> Damaged:
    return Damaged(tr("A recipient in the address book does not hold what it must."))
