"""For whom a bundle is: names of the vault's address book and bare keys, and whether anybody has checked these keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidencevault.bundle.orders import Addressee, counterparty
from evidencevault.casework import recipients
from evidencevault.casework.recipients import Recipient
from evidencevault.custody.office import Office
from evidencevault.errors import NotFound
from evidencevault.formats import age


def addressed(office: Office, given: Sequence[str]) -> tuple[Addressee, ...]:
    """Whom the words of a call name: what begins with ``age1`` is a key, else a name of the book.

    A bare key that stands in the book is that recipient's. Raises NotFound, AgeError, Damaged.
    """
    if not given:
        return ()
    book = recipients.book(office)
    return tuple(_of_key(book, word) if recipients.is_key(word) else _of_name(office, word) for word in given)


def keys(to: Sequence[Addressee]) -> tuple[str, ...]:
    """All keys, each once."""
    return tuple(dict.fromkeys(key for one in to for key in one.keys))


def audience(office: Office, given: str) -> str:
    """For whom copies bear labels of their own: the keys behind a name of the book, else what was given."""
    try:
        if all(recipients.is_key(word) for word in given.split()):
            return " ".join(str(age.parse_recipient(word)) for word in given.split())
        return counterparty(recipients.find(office, given).keys)
    except (NotFound, age.AgeError):
        return given


def _of_name(office: Office, name: str) -> Addressee:
    return _addressee(recipients.find(office, name))


def _of_key(book: Sequence[Recipient], word: str) -> Addressee:
    key = str(age.parse_recipient(word))
    known = next((one for one in book if key in one.keys), None)
    return replace(_addressee(known), keys=(key,)) if known else Addressee("", (key,))


def _addressee(one: Recipient) -> Addressee:
    if not one.checks:
        return Addressee(one.name, one.keys)
    last = one.checks[-1]
    return Addressee(one.name, one.keys, last.how, last.at, last.by)
