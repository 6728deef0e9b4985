"""Exhibits: list, look up, things that are no file, hand-overs, and what may be changed of an exhibit's record."""

from __future__ import annotations

from evidencevault.custody.casefile import CaseFile, Kind, Value
from evidencevault.errors import NotFound, Refused, UsageError
from evidencevault.evidence.known import known
from evidencevault.evidence.leaving import Exported, export
from evidencevault.evidence.model import (
    CUSTODY,
    Acquisition,
    Derivation,
    Exhibit,
    Findings,
    Held,
    Transfer,
    checked_time,
    exhibit_body,
    exhibit_from,
)
from evidencevault.evidence.numbering import latest_of, next_number, number_text, said_number
from evidencevault.resources import tr

CORRECTABLE = (
    "name",
    "source",
    "acquired_at",
    "acquired_by",
    "place",
    "condition",
    "custody_before",
    "custody_known",
    "restricted",
    "privileged",
    "tags",
    "notes",
)
"""What may be corrected of an exhibit's record. Its bytes, its number and how it came in never change."""
__all__ = [
    "CORRECTABLE",
    "Acquisition",
    "Derivation",
    "Exhibit",
    "Exported",
    "Findings",
    "Held",
    "Transfer",
    "amend",
    "count_exhibits",
    "export",
    "findings",
    "get",
    "hold",
    "list_exhibits",
    "members_of",
    "more_exhibits",
    "of_object",
    "transfer",
    "transfers",
]


def list_exhibits(case: CaseFile) -> list[Exhibit]:
    """All exhibits of the case by number, with what was found in them. Raises Damaged."""
    return known(case).exhibits(case)


def count_exhibits(case: CaseFile) -> int:
    """How many there are; nothing is opened for it."""
    state = case.ledger.state
    return sum(one.item not in state.erased for one in state.of_kind(Kind.EXHIBIT))


def more_exhibits(case: CaseFile, first: int, most: int) -> tuple[list[Exhibit], int | None]:
    """A part of a long list: ``most`` exhibits from ``first`` (0: the oldest) on, and where to go on; once all were
    read, in this opening of the case, all of them and None.

    Before that, what was found in an exhibit may be missing. Raises Damaged.
    """
    return known(case).part(case, first, most)


def members_of(case: CaseFile, number: str) -> tuple[str, ...]:
    """The numbers of what came inside of an exhibit, as far as the list was read; nothing is opened for it."""
    return tuple(one.number for one in known(case).read_so_far(case) if one.parent == number)


def get(case: CaseFile, number: str) -> Exhibit:
    """One exhibit by its number (``E001``, also ``e1``). Raises NotFound, Damaged."""
    said = said_number(number)
    record = case.record(latest_of(case, said).item)
    return exhibit_from(record, known(case).findings_of(case, record.item, said))


def findings(case: CaseFile, number: str) -> Findings | None:
    """All that the document worker found in an exhibit; None before it looked. Raises NotFound, Damaged."""
    one = get(case, number)
    return known(case).findings_of(case, one.item, one.number)


def hold(
    case: CaseFile,
    description: str,
    acquisition: Acquisition,
    *,
    place: str,
    seal: str | None = None,
    derived_from: Derivation | None = None,
    restricted: str | None = None,
    privileged: str | None = None,
    tags: tuple[str, ...] = (),
    notes: str | None = None,
) -> Exhibit:
    """Record something that is no file (a paper original, a device): where it is kept, under which seal.

    Writes its record and a ``received`` entry. Raises UsageError, NotFound (``derived_from``), NotPermitted.
    """
    case.require("officer")
    if not description.strip() or not place.strip():
        raise UsageError(tr("Say what the thing is and where it is kept. Nothing was recorded."))
    if derived_from is not None:
        get(case, derived_from.checked().ref)
    write = case.write()
    number = number_text(next_number(case))
    body = exhibit_body(
        number,
        description.strip(),
        acquisition.checked(case.now()),
        derived_from=derived_from,
        held=Held(place.strip(), seal),
        restricted=restricted,
        privileged=privileged,
        tags=tags,
        notes=notes,
    )
    stored = write.record(Kind.EXHIBIT, body)
    write.entry("received", records=[stored], subject=number, details={"kind": "exhibit"})
    write.commit()
    return get(case, number)


def transfer(
    case: CaseFile,
    number: str,
    *,
    to: str,
    purpose: str,
    at: str | None = None,
    place: str | None = None,
    condition: str | None = None,
    seal: str | None = None,
) -> Transfer:
    """Record that the thing itself went to somebody else: a TRANSFER record and a ``transferred`` entry.

    ``at`` is RFC 3339 (now, if not given). Raises UsageError, NotFound, NotPermitted.
    """
    case.require("officer")
    exhibit = get(case, number)
    if not to.strip() or not purpose.strip():
        raise UsageError(tr("Say to whom it goes and what for. Nothing was recorded."))
    moment = checked_time(at, case.now()) or case.now().isoformat(timespec="seconds")
    done = Transfer(exhibit.number, to.strip(), purpose.strip(), moment, place, condition, seal)
    write = case.write()
    stored = write.record(Kind.TRANSFER, done.to_body())
    write.entry(
        "transferred",
        records=[stored],
        subject=exhibit.number,
        purpose=done.purpose,
        counterparty=done.to,
        digest=exhibit.sha256,
        details={"kind": "transfer"},
    )
    write.commit()
    return done


def transfers(case: CaseFile, number: str | None = None) -> list[Transfer]:
    """The hand-overs of one exhibit, or of all, oldest first."""
    wanted = get(case, number).number if number is not None else None
    done = [Transfer.from_record(record) for record in case.records(Kind.TRANSFER)]
    return [one for one in done if wanted in (None, one.exhibit)]


def amend(case: CaseFile, number: str, *, reason: str, **changes: str | tuple[str, ...] | None) -> Exhibit:
    """Write a new revision of an exhibit's record with other facts (:data:`CORRECTABLE`); None or () takes one away.

    The old revision stays. An officer's change is an entry ``corrected``; a legal adviser may set ``privileged``,
    ``tags`` and ``notes`` (``marked``). Raises UsageError, Refused, NotFound, NotPermitted.
    """
    case.require("officer", "legal")
    unknown = set(changes) - {*CORRECTABLE}
    if unknown or not changes or not reason.strip():
        raise UsageError(
            tr("Say what changes ({fields}) and why. Nothing was changed.").format(fields=", ".join(CORRECTABLE))
        )
    _check(changes, case)
    officer = "officer" in case.member.roles
    if not officer and not set(changes) <= {"privileged", "tags", "notes"}:
        raise Refused(
            tr("A legal adviser may set privilege, tags and notes. Ask an officer for the rest; nothing was changed.")
        )
    exhibit = get(case, number)
    body: dict[str, Value] = dict(case.record(exhibit.item).body)
    for key, value in changes.items():
        body[key] = list(value) if isinstance(value, tuple) else value
    write = case.write()
    stored = write.record(
        Kind.EXHIBIT, {key: value for key, value in body.items() if value not in (None, [])}, exhibit.item
    )
    write.entry(
        "corrected" if officer else "marked",
        records=[stored],
        subject=exhibit.number,
        purpose=reason.strip(),
        details={"kind": "exhibit", "fields": " ".join(sorted(changes))},
    )
    write.commit()
    return get(case, exhibit.number)


def _check(changes: dict[str, str | tuple[str, ...] | None], case: CaseFile) -> None:
    """Facts as they may be corrected, a time with its zone. Raises UsageError."""
    for needed in {"name", "source"} & set(changes):
        if not str(changes[needed] or "").strip():
            raise UsageError(
                tr("An evidence item has a name, and somebody from whom it comes. Nothing was changed.")
            )
    match changes:
        case {"acquired_at": str(when)}:
            changes["acquired_at"] = checked_time(when, case.now())
        case _:
            pass
    before = changes.get("custody_before")
    if before is not None and before not in CUSTODY:
        raise UsageError(tr("Custody before is one of: {known}. Nothing was changed.").format(known=", ".join(CUSTODY)))


def of_object(exhibit: Exhibit) -> bytes:
    """The item of its stored file. Raises NotFound for what is no file."""
    if exhibit.object is None:
        raise NotFound(
            tr("{number} is no file; it is kept at its place and can only be handed over.").format(
                number=exhibit.number
            )
        )
    return exhibit.object
