"""What can be done with evidence items beyond looking at them: one sheet for each act, each asking why.

The reference of a sheet is one number (``E001``), or several with spaces between; save returns a sentence for a toast.
"""

from __future__ import annotations

from collections.abc import Sequence

from evidencevault.bundle import notices as telling
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.copy_rows import held_words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.exhibit_forms import (
    Erasing,
    Facts,
    Handover,
    Holding,
    Labels,
    Lifting,
    MoreLabels,
    Thing,
)
from evidencevault.desktop.sheets import Sheet, members
from evidencevault.errors import FormError, UsageError
from evidencevault.evidence import erasure, exhibits, holds
from evidencevault.evidence.model import Acquisition
from evidencevault.resources import tr


def correct_sheet() -> Sheet:
    """Facts of one item put right."""
    return Sheet("exhibit-facts", tr("Correct the facts of"), tr("Save the correction"), Facts, _correct, _facts)


def labels_sheet() -> Sheet:
    """Tags, restriction and privilege of one item."""
    return Sheet("exhibit-labels", tr("Tags and protection of"), tr("Save"), Labels, _label, _labels)


def more_labels_sheet() -> Sheet:
    """Tags and restriction of several items."""
    return Sheet("exhibits-labels", tr("Tags and protection of"), tr("Save for all of them"), MoreLabels, _label_all)


def handover_sheet() -> Sheet:
    """Items handed over."""
    offers = lambda case: {"to": members(case)}  # noqa: E731
    return Sheet("exhibit-handover", tr("Hand over"), tr("Enter the hand-over"), Handover, _hand_over, offers=offers)


def thing_sheet() -> Sheet:
    """Something that is no file, recorded."""
    return Sheet("exhibit-thing", tr("A thing that is no file"), tr("Record it"), Thing, _record)


def hold_sheet() -> Sheet:
    """A legal hold on an item."""
    return Sheet("exhibit-hold", tr("Keep from being erased:"), tr("Place the hold"), Holding, _hold)


def lift_sheet() -> Sheet:
    """The end of a legal hold."""
    return Sheet("exhibit-lift", tr("End a hold on"), tr("End the hold"), Lifting, _lift, offers=_standing)


def erase_sheet() -> Sheet:
    """An item destroyed."""
    return Sheet("exhibit-erase", tr("Erase for ever:"), tr("Erase it"), Erasing, _erase)


def numbers_of(ref: str) -> Sequence[str]:
    """The items that a sheet is about."""
    return ref.split()


def _facts(case: CaseFile, ref: str) -> Facts:
    one = exhibits.get(case, ref)
    return Facts(
        name=one.name,
        source=one.source,
        acquired_at=one.acquired_at or "",
        acquired_by=one.acquired_by or "",
        place=one.place or "",
        condition=one.condition or "",
        custody_before=one.custody_before or "",
        custody_known=one.custody_known or "",
        notes=one.notes or "",
        reason="",
    )


def _labels(case: CaseFile, ref: str) -> Labels:
    one = exhibits.get(case, ref)
    return Labels(tags=one.tags, restricted=one.restricted or "", privileged=one.privileged or "", reason="")


def _correct(opened: Opened, record: Facts, ref: str) -> str:
    return _amended(opened.case, ref, record, _facts(opened.case, ref))


def _label(opened: Opened, record: Labels, ref: str) -> str:
    return _amended(opened.case, ref, record, _labels(opened.case, ref))


def _amended(case: CaseFile, ref: str, record: Facts | Labels, before: Facts | Labels) -> str:
    """What differs, in one revision."""
    names = [name for name in type(record).__dataclass_fields__ if name not in ("extra", "reason")]
    changes = {name: getattr(record, name) for name in names if getattr(record, name) != getattr(before, name)}
    if not changes:
        raise UsageError(tr("Nothing differs from what stands there. Nothing was changed."))
    exhibits.amend(case, ref, reason=record.reason, **{name: value or None for name, value in changes.items()})
    return tr("{item} is corrected; the words before stay in its history.").format(item=words.isolated(ref))


def _label_all(opened: Opened, record: MoreLabels, ref: str) -> str:
    if not record.tags and not record.restricted:
        raise UsageError(tr("Name a tag, or a reason for a restriction. Nothing was changed."))
    numbers = numbers_of(ref)
    for number in numbers:
        opened.progress.check()
        one = exhibits.get(opened.case, number)
        tags = tuple(dict.fromkeys((*one.tags, *record.tags)))
        changes: dict[str, str | tuple[str, ...] | None] = {}
        if tags != one.tags:
            changes["tags"] = tags
        if record.restricted and not one.restricted:
            changes["restricted"] = record.restricted
        if changes:
            exhibits.amend(opened.case, number, reason=record.reason, **changes)
    return tr("Evidence items changed: {n}").format(n=len(numbers))


def _hand_over(opened: Opened, record: Handover, ref: str) -> str:
    for number in numbers_of(ref):
        exhibits.transfer(
            opened.case,
            number,
            to=record.to,
            purpose=record.purpose,
            at=record.at.isoformat() if record.at is not None else None,
            place=record.place or None,
            condition=record.condition or None,
            seal=record.seal or None,
        )
    told = tr("{items}: the hand-over to {who} is entered.")
    return told.format(items=words.isolated(", ".join(numbers_of(ref))), who=words.isolated(record.to))


def _record(opened: Opened, record: Thing, ref: str) -> str:
    case = opened.case
    acquisition = Acquisition(
        record.source,
        record.acquired_at or None,
        record.acquired_by or case.member.name,
        record.place or None,
        record.method,
        record.condition or None,
        record.custody_before or None,
        record.custody_known or None,
    )
    made = exhibits.hold(
        case,
        record.what,
        acquisition,
        place=record.kept_at,
        seal=record.seal or None,
        restricted=record.restricted or None,
        tags=record.tags,
        notes=record.notes or None,
    )
    return tr("{item} is recorded.").format(item=words.isolated(made.number))


def _hold(opened: Opened, record: Holding, ref: str) -> str:
    one = holds.place(opened.case, ref, record.reason, record.order)
    return tr("Hold {hold} keeps {item} from being erased.").format(hold=one.number, item=words.isolated(ref))


def _standing(case: CaseFile) -> dict[str, Sequence[str]]:
    return {"hold": [one.number for one in holds.holds(case) if one.stands]}


def _lift(opened: Opened, record: Lifting, ref: str) -> str:
    one = holds.lift(opened.case, record.hold.strip().upper(), record.reason)
    return tr("{hold} is lifted.").format(hold=one.number)


def _erase(opened: Opened, record: Erasing, ref: str) -> str:
    if record.number.strip().upper() != ref:
        wrong = FormError(tr("This is not the number of the item. Nothing was erased."))
        wrong.path, wrong.why = ("number",), wrong.sentence
        raise wrong
    one = erasure.erase(opened.case, ref, record.reason, record.alone or None, opened.progress)
    numbers = words.isolated(", ".join(one.exhibits))
    if one.state != erasure.DONE:
        return tr("Nothing is erased yet: {numbers}. A second user, one of the two an officer, has to agree.").format(
            numbers=numbers
        )
    told = tr("Erased: {numbers}. The chain of custody says so, and still verifies.").format(numbers=numbers)
    told = " ".join([told, *held_words(one.copies)])
    due = telling.notices(opened.case, one.exhibits)
    if due:
        whom = words.isolated(", ".join(sorted({each.to for each in due})))
        told += " " + tr("It left before; whoever received it must be told: {whom}").format(whom=whom)
    return told
