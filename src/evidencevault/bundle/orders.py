"""A bundle as the case remembers it: what was selected and numbered, for whom and why, and what was released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from evidencevault.bundle.sealing import AGE, ZIP, Seal
from evidencevault.custody.casefile import CaseFile, Kind, Record, Stored, Value, Write
from evidencevault.errors import Damaged, NotFound
from evidencevault.redaction.approvals import Receiver
from evidencevault.resources import tr

CREATED = "created"
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Item:
    """One document to deliver: its first number, the exhibit, and how (redacted, original, slip-sheet).

    ``revision`` is that of the redaction plan as it was approved then (0: none). Each of its ``pages`` has a number
    (0: not a paged copy; the file has one).
    """

    number: str
    exhibit: str
    kind: str
    revision: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """An exhibit withheld whole: the number of its slip sheet, the reason code, and the basis of a privilege."""

    number: str
    exhibit: str
    reason: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """For whom: the name in the address book ("": a bare key) and the keys; how, when and by whom (key id) these were
    last checked ("": by nobody), all as it was when the bundle was made.
    """

    name: str
    keys: tuple[str, ...]
    how: str = ""
    at: str = ""
    by: bytes = b""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a bundle arrived: who said so, when (RFC 3339), how (file, code), and the SSH fingerprint that signed it."""

    by: str
    at: str
    how: str
    signer: str


@dataclass(frozen=True, slots=True)
class Release:
    """What left: the object that holds the sealed file, its SHA-256 and size, by whom (key id), when, alone and why.

    ``tag_manifest`` is the SHA-256 of the bag's tag manifest, which only who opened the bundle can know; ``size`` and
    ``root`` of ``checkpoint`` the head that the bundle proves from.
    """

    object: bytes
    sha256: bytes
    size: int
    by: bytes
    at: str
    alone: str
    tag_manifest: bytes = b""
    checkpoint: tuple[int, bytes] = (0, b"")


@dataclass(frozen=True, slots=True)
class Access:
    """That a bundle answers the request of a person for what is about them (GDPR art. 15): their label.

    ``exhibits`` the case had then; ``aside`` are those of which a member said that they are not about the person.
    """

    person: str
    exhibits: int
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A bundle. ``recipients`` are age keys, or empty where ``passphrase`` seals it; ``by`` is the maker's key id.

    ``audience`` is for whom its copies bear labels of their own ("": the labels of the register). ``form`` is how it is
    sealed: age or zip. ``to`` says whose the keys are. ``unredacted`` are the originals among the items of which no
    approved plan says that there is nothing to hide: their release takes a second member. ``access``: it goes to the
    person it is about.
    """

    number: str
    items: tuple[Item, ...]
    withheld: tuple[Held, ...]
    recipients: tuple[str, ...]
    passphrase: str
    purpose: str
    legal_basis: str
    prefix: str
    by: bytes
    at: str
    release: Release | None = None
    audience: str = ""
    receipt: Receipt | None = None
    form: str = AGE
    to: tuple[Addressee, ...] = ()
    unredacted: tuple[str, ...] = ()
    access: Access | None = None

    @property
    def receiver(self) -> Receiver:
        """For whom its copies are made."""
        return Receiver(self.audience, self.access.person if self.access else "")

    def numbers(self, item: Item | Held) -> tuple[str, ...]:
        """The Bates numbers of a document, one a page."""
        first = _counter(item.number)
        count = max(1, item.pages) if isinstance(item, Item) else 1
        return tuple(bates(self.prefix, number) for number in range(first, first + count))

    @property
    def state(self) -> str:
        """``created`` or ``released``."""
        return RELEASED if self.release else CREATED

    @property
    def seal(self) -> Seal:
        """How its file is closed (without the passphrase once it was released)."""
        return Seal(self.form, self.recipients, self.passphrase or None)

    @property
    def counterparty(self) -> str:
        """For whom, as the ledger says it."""
        return counterparty(self.recipients)

    @property
    def whom(self) -> str:
        """For whom, as a person reads it: names of the address book where there are any, else keys."""
        return ", ".join(one.name or " ".join(one.keys) for one in self.to) or self.counterparty


def counterparty(recipients: Sequence[str]) -> str:
    """For whom, as ledger and approvals say it."""
    return " ".join(recipients) or "passphrase"


def orders(case: CaseFile) -> list[tuple[Record, Order]]:
    """All bundles of a case in order."""
    return [(record, from_body(record.body)) for record in case.records(Kind.BUNDLE)]


def find(case: CaseFile, number: str) -> tuple[Record, Order]:
    """One bundle by number. Raises NotFound."""
    for record, order in orders(case):
        if order.number == number.upper():
            return record, order
    raise NotFound(tr("There is no bundle {number} in this case.").format(number=number))


def store(write: Write, order: Order, record: Record | None) -> Stored:
    """The order as the next revision of its record, or as a new one."""
    return write.record(Kind.BUNDLE, to_body(order), record.item if record else None)


def bates(prefix: str, number: int) -> str:
    """A Bates number: prefix and zero-padded counter, without spaces."""
    return f"{prefix}-{number:06d}"


def next_number(existing: list[Order], prefix: str) -> int:
    """The number after the last one ever given under a prefix in this case (1 at first)."""
    given = []
    for order in existing:
        taken: list[Item | Held] = [*order.items, *order.withheld] if order.prefix == prefix else []
        given += [_counter(order.numbers(one)[-1]) for one in taken]
    return max(given, default=0) + 1


def _counter(number: str) -> int:
    return int(number.rpartition("-")[2])


def to_body(order: Order) -> dict[str, Value]:
    """As a record's body; :func:`from_body` gives the same order back."""
    release, receipt = order.release, order.receipt
    return {
        "number": order.number,
        "items": [[one.number, one.exhibit, one.kind, one.revision, one.pages] for one in order.items],
        "withheld": [[one.number, one.exhibit, one.reason, one.basis] for one in order.withheld],
        "recipients": list(order.recipients),
        "passphrase": order.passphrase,
        "purpose": order.purpose,
        "legal_basis": order.legal_basis,
        "prefix": order.prefix,
        "by": order.by,
        "at": order.at,
        "release": _released(release) if release else None,
        "audience": order.audience,
        "receipt": [receipt.by, receipt.at, receipt.how, receipt.signer] if receipt else None,
        "format": order.form,
        "to": [[one.name, list(one.keys), one.how, one.at, one.by] for one in order.to],
        "unredacted": list(order.unredacted),
        "access": [order.access.person, order.access.exhibits, list(order.access.aside)] if order.access else None,
    }


def _released(release: Release) -> list[Value]:
    row: list[Value] = [release.object, release.sha256, release.size, release.by, release.at, release.alone]
    return [*row, release.tag_manifest, *release.checkpoint]


def from_body(body: Mapping[str, Value]) -> Order:
    """The order in a record's body; Damaged if it is none."""
    match body:
        case {
            "number": str(number), "items": list(items), "withheld": list(withheld), "recipients": list(recipients),
            "passphrase": str(passphrase), "purpose": str(purpose), "legal_basis": str(legal_basis),
            "prefix": str(prefix), "by": bytes(by), "at": str(at), "release": release,
        }:  # fmt: skip
            return Order(
                number,
                tuple(_item(one) for one in items),
                tuple(_held(one) for one in withheld),
                tuple(str(one) for one in recipients),
                passphrase,
                purpose,
                legal_basis,
                prefix,
                by,
                at,
                _release(release),
                _audience(body.get("audience", "")),
                _receipt(body.get("receipt")),
                _form(body.get("format", AGE)),
                _to(body.get("to", [])),
                _texts(body.get("unredacted", [])),
                _access(body.get("access")),
            )
        case _:
            raise _damaged()


def _item(value: Value) -> Item:
    match value:
        case [str(number), str(exhibit), str(kind), int(revision), int(pages)]:
            return Item(number, exhibit, kind, revision, pages)
        case [str(number), str(exhibit), str(kind), int(revision)]:  # before pages were numbered
            return Item(number, exhibit, kind, revision)
        case _:  # bundles of before did not name the plan
            return Item(*_three(value))


def _held(value: Value) -> Held:
    match value:
        case [str(number), str(exhibit), str(reason), str(basis)]:
            return Held(number, exhibit, reason, basis)
        case _:  # bundles of before knew no basis
            return Held(*_three(value))


def _audience(value: Value) -> str:
    if not isinstance(value, str):
        raise _damaged()
    return value


def _form(value: Value) -> str:
    if value not in (AGE, ZIP):
        raise _damaged()
    return str(value)


def _texts(value: Value) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _damaged()
    return tuple(str(one) for one in value)


def _access(value: Value) -> Access | None:
    match value:
        case None:
            return None
        case [str(person), int(exhibits), list(aside)]:
            return Access(person, exhibits, _texts(aside))
        case _:
            raise _damaged()


def _to(value: Value) -> tuple[Addressee, ...]:
    found = []
    for one in value if isinstance(value, list) else [None]:
        match one:
            case [str(name), list(keys), str(how), str(at), bytes(by)]:
                found.append(Addressee(name, tuple(str(key) for key in keys), how, at, by))
            case _:
                raise _damaged()
    return tuple(found)


def _release(value: Value) -> Release | None:
    match value:
        case None:
            return None
        case [bytes(where), bytes(digest), int(size), bytes(by), str(at), str(alone)]:  # before there were receipts
            return Release(where, digest, size, by, at, alone)
        case [
            bytes(where), bytes(digest), int(size), bytes(by), str(at), str(alone), bytes(tags), int(head), bytes(root),
        ]:  # fmt: skip
            return Release(where, digest, size, by, at, alone, tags, (head, root))
        case _:
            raise _damaged()


def _receipt(value: Value) -> Receipt | None:
    match value:
        case None:
            return None
        case [str(by), str(at), str(how), str(signer)]:
            return Receipt(by, at, how, signer)
        case _:
            raise _damaged()


def _three(value: Value) -> tuple[str, str, str]:
    if isinstance(value, list) and len(value) == 3 and all(isinstance(one, str) for one in value):
        return cast("tuple[str, str, str]", tuple(value))
    raise _damaged()


def _damaged() -> Damaged:
    return Damaged(tr("A stored bundle does not hold what it must."))
