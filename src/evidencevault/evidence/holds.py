"""Legal holds on a case or an exhibit: what is held is not erased, whatever a retention period or a request says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.errors import Damaged, NotFound, Refused, UsageError
from evidencevault.evidence.exhibits import get
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold: ``H01``, on an exhibit or ("") the whole case, why, by whose order; times RFC 3339, "" while it stands.

    ``by`` and ``lifted_by`` are key ids.
    """

    number: str
    exhibit: str
    reason: str
    reference: str
    by: bytes
    at: str
    lifted_at: str = ""
    lifted_by: bytes = b""
    lifted_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether it was not lifted."""
        return not self.lifted_at


def holds(case: CaseFile) -> list[Hold]:
    """All holds of a case, oldest first."""
    return [_from(record) for record in case.records(Kind.HOLD)]


def standing(case: CaseFile, number: str) -> list[Hold]:
    """The holds that keep an exhibit from being erased."""
    return [one for one in holds(case) if one.stands and one.exhibit in ("", number)]


def place(case: CaseFile, exhibit: str | None, reason: str, reference: str = "") -> Hold:
    """Hold an exhibit, or (None) the whole case. Raises NotPermitted, NotFound, UsageError."""
    case.require("officer", "legal")
    if not reason.strip():
        raise UsageError(tr("Say why it is held. Nothing was recorded."))
    number = get(case, exhibit).number if exhibit is not None else ""
    at = case.now().isoformat(timespec="seconds")
    name = f"H{len(holds(case)) + 1:02d}"
    one = Hold(name, number, reason.strip(), reference.strip(), case.member.key_id, at)
    _store(case, one, None, one.reason, "held")
    return one


def lift(case: CaseFile, number: str, reason: str) -> Hold:
    """End a hold. Raises NotPermitted, NotFound, Refused (it was lifted before), UsageError."""
    case.require("officer", "legal")
    if not reason.strip():
        raise UsageError(tr("Say why the hold ends. Nothing was changed."))
    for record in case.records(Kind.HOLD):
        one = _from(record)
        if one.number != number.upper():
            continue
        if not one.stands:
            raise Refused(tr("{hold} was lifted before.").format(hold=one.number))
        at = case.now().isoformat(timespec="seconds")
        ended = replace(one, lifted_at=at, lifted_by=case.member.key_id, lifted_why=reason.strip())
        _store(case, ended, record, ended.lifted_why, "lifted")
        return ended
    raise NotFound(tr("There is no hold {hold} in this case.").format(hold=number))


def _store(case: CaseFile, one: Hold, record: Record | None, purpose: str, state: str) -> None:
    write = case.write()
    body: dict[str, Value] = {
        "number": one.number,
        "exhibit": one.exhibit,
        "reason": one.reason,
        "reference": one.reference,
        "by": one.by,
        "at": one.at,
        "lifted": [one.lifted_at, one.lifted_by, one.lifted_why] if one.lifted_at else None,
    }
    stored = write.record(Kind.HOLD, body, record.item if record else None)
    subject = one.exhibit or None
    details = {"kind": "hold", "state": state, "hold": one.number}
    write.entry("marked", records=[stored], subject=subject, purpose=purpose, details=details)
    write.commit()


def _from(record: Record) -> Hold:
    match record.body:
        case {
            "number": str(number), "exhibit": str(exhibit), "reason": str(reason), "reference": str(reference),
            "by": bytes(by), "at": str(at), "lifted": lifted,
        }:  # fmt: skip
            one = Hold(number, exhibit, reason, reference, by, at)
        case _:
            raise _damaged()
    match lifted:
        case None:
            return one
        case [str(ended), bytes(whose), str(why)]:
            return replace(one, lifted_at=ended, lifted_by=whose, lifted_why=why)
        case _:
            raise _damaged()


def _damaged() -> Damaged:
    return Damaged(tr("A stored hold does not hold what it must."))
