"""The address book as lists and cards show it, made in the reading lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evidencevault.casework import recipients
from evidencevault.casework.recipients import Check, Recipient
from evidencevault.custody.office import Office
from evidencevault.desktop import words
from evidencevault.formats import fingerprints
from evidencevault.formats.fingerprints import Fingerprint
from evidencevault.resources import tr
from evidencevault.session import Session

_SHORT = 80  # letters of a key that fit


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """Somebody in the book; ``ticked`` whether a bundle is for them, None where none is made."""

    id: str
    title: str
    sub: str
    state: str
    tone: str
    state_icon: str
    ticked: bool | None = None
    icon: str = "user"
    when: str = ""

    @property
    def spoken(self) -> str:
        """As read out."""
        chosen = tr("chosen") if self.ticked else ""
        return ", ".join(part for part in (self.title, self.sub, self.state, chosen) if part)


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key in every writing: ``qr`` is a PNG of fingerprint and words."""

    text: str
    fingerprint: str
    words: str
    qr: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody in the book, with the keys and who compared them."""

    name: str
    organisation: str
    keys: tuple[KeyShown, ...]
    given: tuple[str, ...]  # the keys as they are
    checks: tuple[str, ...]


def book_rows(session: Session) -> list[RecipientRow]:
    """Everybody in the book, by name."""
    return [_row(one) for one in recipients.book(session.office)]


def known(session: Session, name: str) -> Known:
    """One of them. Raises NotFound."""
    one = recipients.find(session.office, name)
    return Known(
        name=one.name,
        organisation=one.organisation,
        keys=tuple(shown(fingerprints.of_recipient(key), key) for key in one.keys),
        given=one.keys,
        checks=tuple(_check(session.office, done) for done in reversed(one.checks)),
    )


def shown(print_: Fingerprint, key: str = "") -> KeyShown:
    """A key by its fingerprint."""
    short = key if len(key) <= _SHORT else f"{key[:24]}…{key[-8:]}"
    return KeyShown(short, str(print_), print_.words, fingerprints.qr_file(print_.told, "png"))


def how(code: str) -> str:
    """How keys were compared."""
    return {
        "telephone": tr("by telephone"),
        "in-person": tr("in person"),
        "video": tr("by video call"),
        "letter": tr("by letter"),
    }.get(code, code)


def chosen_first(rows: Sequence[RecipientRow]) -> str:
    """The row to show when none was chosen yet ("": none)."""
    return next((one.id for one in rows if one.ticked), rows[0].id if rows else "")


def _row(one: Recipient) -> RecipientRow:
    checked = bool(one.checks)
    return RecipientRow(
        id=one.name,
        title=words.one_line(one.name),
        sub=words.line([words.one_line(one.organisation), how(one.checks[-1].how) if checked else ""]),
        state=tr("Key checked") if checked else tr("Key not checked"),
        tone="good" if checked else "warn",
        state_icon="badge-check" if checked else "triangle-alert",
    )


def _check(office: Office, done: Check) -> str:
    at, by = datetime.fromisoformat(done.at), office.standing.handle(done.by)
    return words.line([words.stamp(at), how(done.how), by, words.one_line(done.whom)])
