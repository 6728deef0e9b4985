"""Notices of art. 19 GDPR: whoever received an exhibit that was erased or corrected since is told so.

Corrected is an exhibit of which a fact was corrected (evidence correct), or of whose plan a revision was approved that
hides other places than the copy that was delivered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencevault.bundle import crossing, report
from evidencevault.bundle.contents import REDACTED, SLIP_SHEET
from evidencevault.bundle.orders import Item, Order, find, orders
from evidencevault.bundle.report_html import escaped, fact_table, grid, page, time_cell
from evidencevault.custody.casefile import CaseFile, Kind, SeenEntry
from evidencevault.errors import Refused
from evidencevault.evidence import erasure
from evidencevault.redaction import approvals, plans
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.plans import APPROVED
from evidencevault.resources import tr

ERASED, CORRECTED = "erased", "corrected"
MARKS = "marks"
"""Among what was corrected: other places are hidden now."""
_OURS = frozenset({"restricted", "privileged", "tags"})
"""Fields that say how this house handles an exhibit, and nothing of the exhibit."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Whom to tell of what: the bundle, its receiver, the exhibit, its Bates numbers; erased or corrected, and when.

    ``fields`` are what was corrected, as an exhibit's record names them, and :data:`MARKS`.
    """

    bundle: str
    to: str
    exhibit: str
    first: str
    last: str
    what: str
    at: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the chain of custody says that matters here: releases, corrections and notices by their sequences."""

    released: Mapping[str, int]
    corrected: Sequence[tuple[int, str, str, tuple[str, ...]]]  # sequence, time, exhibit, fields
    erased: frozenset[tuple[str, str]]  # bundle and exhibit of notices
    notified: Mapping[tuple[str, str], int]


def notices(case: CaseFile, exhibits: Sequence[str] | None = None) -> list[Notice]:
    """Who is still to be told of what was erased or corrected; of these exhibits, or of all. Raises Damaged."""
    gone, told = erasure.erased(case), _told(case.entries())
    found = []
    for _, order in orders(case):
        for item in order.items if order.release is not None else ():
            if item.kind == SLIP_SHEET or (exhibits is not None and item.exhibit not in exhibits):
                continue
            if item.exhibit not in gone:
                found += _corrected(case, order, item, told)
            elif (order.number, item.exhibit) not in told.erased:
                found.append(_notice(order, item, ERASED, gone[item.exhibit].at))
    return found


def write_notice(case: CaseFile, workers: Burner, number: str, to: Path) -> list[Notice]:
    """Write the notice to a bundle's receiver as a PDF, and enter that; nothing is left to be told of it then.

    Raises NotPermitted, NotFound, Refused (nobody is to be told, the file is there), StorageFailed, DocumentFailed.
    """
    case.require("officer", "legal")
    _, order = find(case, number)
    due = [one for one in notices(case) if one.bundle == order.number]
    if not due:
        raise Refused(tr("Nobody is to be told anything about bundle {bundle}.").format(bundle=order.number))
    report.check_target(case, to)
    data = workers.typeset(_letter(case, order, due))
    write = case.write()
    write.entry(
        "noted",
        subject=order.number,
        counterparty=order.counterparty,
        details={
            "kind": "notice",
            "exhibits": [one.exhibit for one in due if one.what == ERASED],
            "corrected": [one.exhibit for one in due if one.what == CORRECTED],
        },
    )
    report.write_out(case, to, data, write)
    return due


def words(fields: Iterable[str]) -> list[str]:
    """What was corrected, for people."""
    known = {
        "name": tr("its name"),
        "source": tr("from whom it comes"),
        "acquired_at": tr("when it was taken over"),
        "acquired_by": tr("who took it over"),
        "place": tr("where it was taken over"),
        "condition": tr("its condition"),
        "custody_before": tr("custody before"),
        "custody_known": tr("custody before"),
        "notes": tr("notes on it"),
        MARKS: tr("what is hidden in it"),
    }
    return list(dict.fromkeys(known.get(one, one) for one in fields))


def _corrected(case: CaseFile, order: Order, item: Item, told: _Told) -> list[Notice]:
    """At most one notice of an exhibit: all that was corrected since its release, and since the last notice of it."""
    since = max(told.released.get(order.number, 0), told.notified.get((order.number, item.exhibit), 0))
    facts = [one for one in told.corrected if one[0] > since and one[2] == item.exhibit]
    fields = {name for one in facts for name in one[3]}
    times = [one[1] for one in facts]
    again = _approved_again(case, order, item, since)
    if again:
        fields.add(MARKS)
        times.append(again)
    return [_notice(order, item, CORRECTED, times[-1], tuple(sorted(fields)))] if fields else []


def _approved_again(case: CaseFile, order: Order, item: Item, since: int) -> str:
    """When (RFC 3339) a copy was approved that hides other places than the delivered one; "" where none was."""
    if item.kind != REDACTED or not item.revision:
        return ""
    shown = plans.shown_to(case, item.exhibit, order.receiver)
    before = plans.at(case, item.exhibit, item.revision, order.receiver)
    if shown is None or shown.state != APPROVED or shown.approval is None or before is None:
        return ""
    if shown.revision == item.revision or crossing.look_alike(before.marks, shown.plan.marks):
        return ""
    made = [one.sequence for one in case.records(Kind.APPROVAL) if approvals.from_body(one.body) == shown.approval]
    return shown.approval.at if max(made, default=0) > since else ""


def _notice(order: Order, item: Item, what: str, at: str, fields: tuple[str, ...] = ()) -> Notice:
    numbers = order.numbers(item)
    return Notice(order.number, order.whom, item.exhibit, numbers[0], numbers[-1], what, at, fields)


def _told(entries: Iterator[SeenEntry]) -> _Told:
    released, corrected, erased, notified = {}, [], set(), {}
    for one in entries:
        subject = str(one.subject)
        match one.action, one.details:
            case "released", _:
                released[subject] = one.sequence
            case "corrected", {"kind": "exhibit", "fields": str(fields)}:
                changed = tuple(name for name in fields.split() if name not in _OURS)
                corrected.append((one.sequence, one.time, subject, changed))
            case "noted", {"kind": "notice", "exhibits": [*exhibits], **more}:
                erased |= {(subject, str(exhibit)) for exhibit in exhibits}
                again = more.get("corrected")
                for exhibit in again if isinstance(again, list) else []:
                    notified[subject, str(exhibit)] = one.sequence
            case _:
                pass
    return _Told(released, [one for one in corrected if one[3]], frozenset(erased), notified)


def _letter(case: CaseFile, order: Order, due: Sequence[Notice]) -> str:
    release = order.release
    assert release is not None
    facts = (
        (tr("To"), escaped(order.whom)),
        (tr("Bundle"), escaped(f"{case.reference}-{order.number}")),
        (tr("Released"), time_cell(release.at, "")),
        (tr("Purpose"), escaped(order.purpose)),
        (tr("Legal basis"), escaped(order.legal_basis)),
    )
    erased, corrected = ([one for one in due if one.what == what] for what in (ERASED, CORRECTED))
    title = tr("Notice of correction") if not erased else tr("Notice of erasure")
    title = tr("Notice of erasure and correction") if erased and corrected else title
    return page("".join([f"<h1>{escaped(title)}</h1>", fact_table(facts), *_gone(erased), *_changed(corrected)]))


def _gone(due: Sequence[Notice]) -> list[str]:
    if not due:
        return []
    said = tr(
        "We sent you the documents below. We have erased them since, and are bound to tell you so (art. 19 of "
        "Regulation (EU) 2016/679). Please erase your copies as well, unless a law requires you to keep them, and "
        "tell us when that is done or why it is not."
    )
    rows = [(*_place(one), time_cell(one.at, "")) for one in due]
    return [f"<p>{escaped(said)}</p>", grid([*_titles(), escaped(tr("Erased"))], rows)]


def _changed(due: Sequence[Notice]) -> list[str]:
    if not due:
        return []
    said = tr(
        "We sent you the documents below. Since then we have corrected what is recorded of them, or what is hidden in "
        "them, and are bound to tell you so (art. 19 of Regulation (EU) 2016/679). Ask us for what is recorded now. "
        "Where something else is hidden, a new copy comes with a bundle of its own: please erase the one that you "
        "have, and tell us when that is done or why it is not."
    )
    rows = [(*_place(one), time_cell(one.at, ""), escaped(", ".join(words(one.fields)))) for one in due]
    return [f"<p>{escaped(said)}</p>", grid([*_titles(), escaped(tr("Corrected")), escaped(tr("What"))], rows)]


def _place(one: Notice) -> tuple[str, str, str]:
    return escaped(one.exhibit), escaped(one.first), escaped(one.last)


def _titles() -> list[str]:
    return [escaped(one) for one in (tr("Evidence"), tr("First number"), tr("Last number"))]
