"""What may be told outside of the exhibits in one bundle: only what its extract, its lists and its cover disclose.

Both the custody report and the CASE document of a bundle are written from this and from nothing else, so neither can
say more than ``entries.json`` proves: no name, no source, no place, no free text but the bundle's own purpose. Members
stand as the role they had at the time and the key that signed. Added are the gaps, which are numbers and times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidencevault.bundle.contents import Cover, Document
from evidencevault.bundle.gaps import Gap, gaps
from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.custody.extracts import Disclosed, Extract
from evidencevault.custody.witnesses import witnessed
from evidencevault.evidence import exhibits
from evidencevault.vault.registry import Field


@dataclass(frozen=True, slots=True)
class Step:
    """One disclosed entry: sequence, RFC 3339 time and zone, key id (hex), action, subject, digest (hex, or "")."""

    sequence: int
    time: str
    zone: str
    actor: str
    action: str
    subject: str
    digest: str


@dataclass(frozen=True, slots=True)
class Outside:
    """The cover and documents of a bundle, the disclosed steps, the roles by key id (hex), gaps, and who releases."""

    cover: Cover
    documents: Sequence[Document]
    root: str  # of the checkpoint, hex
    steps: Sequence[Step]
    roles: Mapping[str, str]
    gaps: Sequence[Gap]
    released_by: str  # key id (hex)
    released_at: str  # RFC 3339

    def of(self, exhibit: str) -> list[Step]:
        """The steps of one exhibit, oldest first."""
        return [one for one in self.steps if one.subject == exhibit]


def collect(
    case: CaseFile,
    cover: Cover,
    documents: Sequence[Document],
    withheld: Collection[str],
    extract: Extract,
    entries: Sequence[SeenEntry],
) -> Outside:
    """``extract`` is the bundle's own, checked; ``entries`` are all of the case, for the gaps alone.

    Of exhibits that are withheld no gap is told: it would say when they were taken over.
    """
    inside = {one.exhibit for one in documents} - set(withheld)
    delivered = [one for one in exhibits.list_exhibits(case) if one.number in inside]
    steps = [_step(one) for one in extract.entries]
    roles = _roles(case, extract.entries)
    roles.setdefault(case.member.key_id.hex(), _said(case.member.roles))
    return Outside(
        cover,
        documents,
        extract.root.hex(),
        steps,
        roles,
        gaps(entries, delivered, witnessed(case.ledger)),
        case.member.key_id.hex(),
        case.now().isoformat(timespec="seconds"),
    )


def _step(one: Disclosed) -> Step:
    subject, digest = one.fields.get(int(Field.SUBJECT)), one.fields.get(int(Field.DIGEST))
    head = {name: value if isinstance(value, str) else "" for name, value in one.head.items()}
    return Step(
        one.sequence,
        head["time"],
        head["zone"],
        head["actor"],
        head["action"],
        subject if isinstance(subject, str) else "",
        digest.hex() if isinstance(digest, bytes) else "",
    )


def _roles(case: CaseFile, entries: Iterable[Disclosed]) -> dict[str, str]:
    """The roles that each key had when it first wrote one of these entries, by the vault ledger its actor saw."""
    found: dict[str, str] = {}
    for one in entries:
        match one.head:
            case {"actor": str(actor), "basis": [int(size), str()]}:
                found.setdefault(actor, _said(case.office.register.at(size).roles(bytes.fromhex(actor))))
            case _:
                pass
    return found


def _said(roles: Iterable[str]) -> str:
    return ", ".join(sorted(roles))
