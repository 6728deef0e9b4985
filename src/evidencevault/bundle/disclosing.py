"""``custody disclose``: named fields of named entries opened for a court, and the check of what was opened.

A disclosure is an extract (custody.extracts) under the checkpoint of a bundle that left before: value and salt of the
disclosed fields give the commitments that the bundle already held, ``original_commitment`` of its index.csv among
them, and the inclusion proof leads from these to the root that its receiver has. What is not named stays committed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle.continuity import released_checkpoints
from evidencevault.bundle.gaps import subjects_of
from evidencevault.bundle.report import Reported, write_file
from evidencevault.custody import extracts
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import NotFound, UsageError
from evidencevault.resources import tr
from evidencevault.vault.registry import Field

KIND = "disclosure"
OF_EXHIBIT = (Field.HEAD, Field.SUBJECT, Field.DIGEST)
"""What is opened of the entry that brought an exhibit in, where no fields are named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a court is given: fields by the sequence of their entry, why, on which legal basis, against which bundle.

    ``bundle`` "" means the newest checkpoint.
    """

    fields: Mapping[int, Collection[Field]]
    purpose: str
    legal_basis: str
    bundle: str = ""


def disclose(case: CaseFile, wanted: Wanted, to: Path) -> Reported:
    """Write a disclosure to a new file; the entry ``exported`` names entries, fields and checkpoint first.

    Raises UsageError, NotFound (an entry, field or bundle that is not there), and as ``report.write_file``.
    """
    case.require("officer", "legal")
    if not wanted.purpose.strip() or not wanted.legal_basis.strip():
        raise UsageError(tr("A disclosure needs a purpose and a legal basis; both enter the chain of custody."))
    if not wanted.fields or not all(wanted.fields.values()):
        raise UsageError(tr("Name the entries and the fields to disclose. Nothing was disclosed."))
    size = _size(case, wanted.bundle)
    late = [one for one in wanted.fields if size is not None and one >= size]
    if late:
        said = tr("Entry {n} is younger than bundle {bundle}, which has {size} entries. Nothing was disclosed.")
        raise NotFound(said.format(n=late[0], bundle=wanted.bundle, size=size))
    return write_file(
        case,
        to,
        KIND,
        lambda: extracts.extract(case, wanted.fields, size),
        subject=wanted.bundle or None,
        purpose=wanted.purpose.strip(),
        details={
            "legal_basis": wanted.legal_basis.strip(),
            "fields": "; ".join(
                f"{sequence}: {' '.join(names(fields))}" for sequence, fields in sorted(wanted.fields.items())
            ),
        },
    )


def brought_in(case: CaseFile, exhibit: str) -> int:
    """The entry that brought an exhibit in, whose digest is its SHA-256. Raises NotFound."""
    for one in case.entries():
        if one.action in ("imported", "received") and exhibit in subjects_of(one):
            return one.sequence
    raise NotFound(tr("No entry of this case brought {exhibit} in.").format(exhibit=exhibit))


def fields_named(words: Sequence[str]) -> tuple[Field, ...]:
    """Fields by their names in lower case (docs/formats.md §5). Raises UsageError."""
    known = {one.name.lower(): one for one in Field}
    for word in words:
        if word.lower() not in known:
            raise UsageError(
                tr("“{word}” is no field of an entry. There are: {known}.").format(word=word, known=", ".join(known))
            )
    return tuple(known[word.lower()] for word in words)


def names(fields: Collection[Field]) -> list[str]:
    """The names of fields, in their order."""
    return [one.name.lower() for one in sorted(fields)]


def _size(case: CaseFile, bundle: str) -> int | None:
    if not bundle:
        return None
    for one in released_checkpoints(case):
        if one.bundle == bundle.upper():
            return one.size
    raise NotFound(tr("Bundle {bundle} was not released from this case.").format(bundle=bundle))
