"""An original leaves the vault: for whom, why and on which basis is asked before the first byte is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencevault.casework import recipients
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.sheets import Sheet
from evidencevault.errors import FormError, NotFound, UsageError
from evidencevault.evidence import exhibits
from evidencevault.evidence.exhibits import Exported
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Form):
    """Who gets it, why, and how it is sealed."""

    purpose: str = asked("What for.", required=True)
    legal_basis: str = asked("On which legal basis.", required=True)
    to: str = asked("Who receives it: a name of the address book, or anybody's.", required=True)
    key: str = asked("The receiver's key (age1…), where they are not in the address book.")
    clear: str = asked(
        "Only where it must leave unencrypted: type the receiver's name again. Whoever finds the file can read it."
    )


def export_sheet(into: list[Export]) -> Sheet:
    """Asks and checks; what was filled in is put ``into`` a list, and the writing is a job of its own."""

    def save(opened: Opened, record: Export, ref: str) -> str:
        _recipient(opened.case, record)
        into.append(record)
        return ref

    return Sheet("exhibit-export", tr("Export the original of"), tr("Export it"), Export, save, offers=_names)


def write(opened: Opened, number: str, to: Path, wanted: Export) -> Exported:
    """Write the file. Raises as ``exhibits.export``."""
    recipient = _recipient(opened.case, wanted)
    return exhibits.export(
        opened.case,
        number,
        to,
        purpose=wanted.purpose,
        legal_basis=wanted.legal_basis,
        recipient=recipient,
        in_clear=recipient is None,
        to=wanted.to,
        progress=opened.progress,
    )


def _names(case: CaseFile) -> dict[str, Sequence[str]]:
    return {"to": [one.name for one in recipients.book(case.office)]}


def _recipient(case: CaseFile, wanted: Export) -> str | None:
    """The key to seal for; None where it is confirmed that it leaves in clear. Raises FormError."""
    if wanted.clear.strip():
        if wanted.clear.strip().casefold() != wanted.to.strip().casefold():
            raise _wrong("clear", tr("This is not the receiver's name. Nothing left the vault."))
        return None
    if wanted.key.strip():
        return wanted.key.strip()
    try:
        keys = recipients.find(case.office, wanted.to).keys
    except (NotFound, UsageError) as error:
        told = tr("They are not in the address book: give their key, or confirm that it leaves unencrypted.")
        raise _wrong("key", told) from error
    return keys[0]


def _wrong(key: str, why: str) -> FormError:
    error = FormError(why)
    error.path, error.why = (key,), why
    return error
