"""Recipients and identities as people write them down, and which recipients may stand together."""

from __future__ import annotations

from collections.abc import Sequence

from evidencevault.formats import bech32
from evidencevault.formats.age_errors import AgeError
from evidencevault.formats.age_keys import (
    HYBRID,
    MLKEM_PUBLIC,
    SCRYPT,
    HybridIdentity,
    HybridRecipient,
    Identity,
    Recipient,
    X25519Identity,
    X25519Recipient,
)
from evidencevault.resources import tr


def parse_recipient(text: str) -> Recipient:
    """``age1…`` or ``age1pq…``; raises AgeError."""
    try:
        prefix, data = bech32.decode(text.strip())
    except ValueError as fault:
        raise AgeError(tr("This is not an age recipient: {why}.").format(why=fault)) from None
    if prefix == "age" and len(data) == 32:
        return X25519Recipient(data)
    if prefix == "age1pq" and len(data) == MLKEM_PUBLIC + 32:
        return HybridRecipient(data)
    raise AgeError(tr("This is not an age recipient that can be used here; it begins with age1 or age1pq1."))


def parse_identities(text: str) -> list[Identity]:
    """An identity file: one ``AGE-SECRET-KEY-…`` a line, empty lines and # comments; raises AgeError."""
    found: list[Identity] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            found.append(_identity(line.strip(), number))
    if not found:
        raise AgeError(tr("No age identity in this file; a line with one begins with AGE-SECRET-KEY-."))
    return found


def _identity(text: str, number: int) -> Identity:
    # The line is a secret: the sentence names its number only.
    try:
        prefix, data = bech32.decode(text)
    except ValueError as fault:
        raise AgeError(_not_identity().format(line=number, why=fault)) from None
    if prefix == "age-secret-key-" and len(data) == 32 and text.isupper():
        return X25519Identity(data)
    if prefix == "age-secret-key-pq-" and len(data) == 32 and text.isupper():
        return HybridIdentity(data)
    raise AgeError(_not_identity().format(line=number, why=tr("an unknown kind of key")))


def _not_identity() -> str:
    return tr("Line {line} is not an age identity: {why}.")


def check_mix(recipients: Sequence[Recipient]) -> None:
    """Refuse (AgeError) no recipients, a passphrase beside others, and hybrid keys beside others."""
    kinds = {recipient.kind for recipient in recipients}
    if not kinds:
        raise AgeError(tr("No recipient was named. Nothing was encrypted."))
    if SCRYPT in kinds and len(recipients) > 1:
        raise AgeError(tr("A passphrase can not stand beside other recipients. Nothing was encrypted."))
    if HYBRID in kinds and len(kinds) > 1:
        raise AgeError(
            tr(
                "Recipients with a post-quantum key (age1pq…) can not be mixed with others: the weakest key would "
                "decide. Nothing was encrypted; make one file for each kind."
            )
        )
