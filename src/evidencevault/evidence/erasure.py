"""Erasing an exhibit: two members, no hold, the salts destroyed; what stays is its number and that it was erased.

The chain of custody goes on to verify: it names the erased items, and its own fields about them stay sealed under the
case's keys. What was derived from the exhibit goes with it (members of a container, text, recognised text, plans,
redacted copies, notes); a bundle that left before is with its receiver, who must be told (see ``bundle.register``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from evidencevault.casework import policies
from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.errors import Damaged, Refused, UsageError
from evidencevault.evidence import holds
from evidencevault.evidence.exhibits import Exhibit, get, list_exhibits
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault import backup_renewal, erasing, indexrows
from evidencevault.vault.backup_renewal import Renewal

_ABOUT = (Kind.FINDINGS, Kind.TEXT, Kind.RECOGNITION, Kind.CONVERSION, Kind.PLAN, Kind.APPROVAL, Kind.NOTE)
"""Kinds of records that are about one exhibit, which their field ``exhibit`` names."""
ASKED, DONE = "asked", "done"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased, or was: exhibits by number (the one asked for first), why, the key ids of who agreed.

    ``at`` is when the last of them did (RFC 3339); ``alone`` the reason where one member did it alone; ``copies`` what
    became of the vault's copies, said of the erasure just done.
    """

    exhibits: tuple[str, ...]
    reason: str
    agreed: tuple[bytes, ...]
    state: str
    at: str
    alone: str = ""
    copies: Renewal = field(default_factory=Renewal)


def erasures(case: CaseFile) -> list[Erasure]:
    """What was asked to be erased, and what was, oldest first."""
    return [_from(record.body) for record in case.records(Kind.ERASURE)]


def erased(case: CaseFile) -> dict[str, Erasure]:
    """What was erased, by the number of the exhibit."""
    return {number: one for one in erasures(case) if one.state == DONE for number in one.exhibits}


def erase(
    case: CaseFile, number: str, reason: str, alone: str | None = None, progress: Progress | None = None
) -> Erasure:
    """Agree to the erasure of an exhibit; with the second member (an officer last) it is done.

    Then the copies of the vault that can be reached are made anew, which ``progress`` counts in bytes; what was erased
    stays erased whatever becomes of them. Raises NotPermitted, NotFound, UsageError, Refused (held, inside of another
    exhibit, waiting for somebody else), StorageFailed, Cancelled (before anything was erased).
    """
    case.require("officer", "legal")
    if not reason.strip():
        raise UsageError(tr("Say why it is erased. Nothing was erased."))
    exhibit = get(case, number)
    doomed = _with_members(case, exhibit)
    _refuse_held(case, doomed)
    record = _asked(case, exhibit.number)
    asked = _from(record.body) if record else Erasure((), reason.strip(), (), ASKED, "")
    me = case.member.key_id
    agreed = asked.agreed if any(case.handle(one) == case.member.name for one in asked.agreed) else (*asked.agreed, me)
    now = case.now().isoformat(timespec="seconds")
    one = replace(asked, exhibits=tuple(each.number for each in doomed), agreed=agreed, at=now)
    if len(agreed) == 1 and alone and alone.strip():
        policies.need_alone(case)
    enough = len(agreed) > 1 or bool(alone and alone.strip())
    if not enough or "officer" not in case.member.roles:
        return _ask(case, one, record)
    done = replace(one, state=DONE, alone="" if len(agreed) > 1 else str(alone).strip())
    return _do(case, done, record, doomed, progress or Progress())


def _with_members(case: CaseFile, exhibit: Exhibit) -> list[Exhibit]:
    """The exhibit and all that came out of it. Refused where something that stays holds it."""
    every = list_exhibits(case)
    if any(one.number == exhibit.parent for one in every):
        raise Refused(
            tr("{exhibit} came inside of {parent}, which still holds it. Erase {parent}; nothing was erased.").format(
                exhibit=exhibit.number, parent=exhibit.parent
            )
        )
    found = [exhibit]
    for one in every:  # members come after what they came in
        if one.parent in {each.number for each in found}:
            found.append(one)
    return found


def _refuse_held(case: CaseFile, doomed: list[Exhibit]) -> None:
    for exhibit in doomed:
        for one in holds.standing(case, exhibit.number):
            raise Refused(
                tr("{exhibit} is under the legal hold {hold} ({reason}). Nothing was erased.").format(
                    exhibit=exhibit.number, hold=one.number, reason=one.reason
                )
            )


def _asked(case: CaseFile, number: str) -> Record | None:
    for record in case.records(Kind.ERASURE):
        one = _from(record.body)
        if one.state == ASKED and one.exhibits[0] == number:
            return record
    return None


def _ask(case: CaseFile, one: Erasure, record: Record | None) -> Erasure:
    write = case.write()
    stored = write.record(Kind.ERASURE, _body(one), record.item if record else None)
    details = {"kind": "erasure", "state": ASKED}
    write.entry("marked", records=[stored], subject=one.exhibits[0], purpose=one.reason, details=details)
    write.commit()
    return one


def _do(case: CaseFile, one: Erasure, record: Record | None, doomed: list[Exhibit], progress: Progress) -> Erasure:
    items = sorted({item for exhibit in doomed for item in _items(case, exhibit)} | set(_imports(case, doomed)))
    office = case.office
    with backup_renewal.erasing(office.database, office.copies, progress):
        _commit(case, one, record, items)
    renewal = backup_renewal.renew(office.database, office.store, progress, clock=office.clock, places=office.copies)
    return replace(one, copies=renewal)


def _commit(case: CaseFile, one: Erasure, record: Record | None, items: list[bytes]) -> None:
    write = case.write()
    stored = write.record(Kind.ERASURE, _body(one), record.item if record else None)
    write.erase(items)
    write.entry(
        "erased",
        records=[stored],
        subject=" ".join(one.exhibits),
        purpose=one.reason,
        details={"items": [item.hex() for item in items], "alone": bool(one.alone)},
    )
    write.commit()
    office = case.office
    indexrows.drop_index(office.database, office.store, case.id)
    erasing.clear(office.database, office.store, items)


def _items(case: CaseFile, exhibit: Exhibit) -> Iterator[bytes]:
    """Every record and file of an exhibit, of all revisions."""
    yield exhibit.item
    if exhibit.object is not None:
        yield exhibit.object
    files = case.ledger.state.objects
    for kind in _ABOUT:
        for record in case.records(kind):
            if record.body.get("exhibit") != exhibit.number:
                continue
            yield record.item
            for revision in case.history(record.item):
                yield from (item for item in _named(revision.body) if item in files)


def _imports(case: CaseFile, doomed: list[Exhibit]) -> Iterator[bytes]:
    """The records of finished imports of which nothing stays: they name the paths of what came in."""
    numbers = {one.number for one in doomed}
    staying = {one.intake for one in list_exhibits(case) if one.number not in numbers}
    finished = {record.item for record in case.records(Kind.INTAKE) if record.body.get("state") == "finished"}
    for one in doomed:
        if one.intake in finished and one.intake not in staying:
            yield one.intake


def _named(value: Value | Mapping[str, Value]) -> Iterator[bytes]:
    """Every item that a body names, wherever it stands."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _body(one: Erasure) -> dict[str, Value]:
    return {
        "exhibits": list(one.exhibits),
        "reason": one.reason,
        "agreed": list(one.agreed),
        "state": one.state,
        "at": one.at,
        "alone": one.alone,
    }


def _from(body: Mapping[str, Value]) -> Erasure:
    match body:
        case {
            "exhibits": [*numbers], "reason": str(reason), "agreed": [*agreed], "state": str(state), "at": str(at),
            "alone": str(alone),
        } if state in (ASKED, DONE):  # fmt: skip
            keys = tuple(one for one in agreed if isinstance(one, bytes))
            return Erasure(tuple(str(one) for one in numbers), reason, keys, state, at, alone)
        case _:
            raise Damaged(tr("A stored erasure does not hold what it must."))
