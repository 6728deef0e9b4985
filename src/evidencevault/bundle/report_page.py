"""What the custody report says: for each exhibit who did what and when, the hashes and gaps; then the case itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidencevault import __version__
from evidencevault.bundle.gaps import Gap, gaps, subjects_of
from evidencevault.bundle.orders import Order, orders
from evidencevault.bundle.report_html import (
    escaped,
    fact_table,
    gap_list,
    grid,
    hash_line,
    page,
    paragraph,
    small_hash,
    time_cell,
)
from evidencevault.casework import cases
from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.custody.casestate import RECOVERY
from evidencevault.custody.witnesses import witnessed
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import Exhibit
from evidencevault.resources import tr

_TOLD = (
    "kind", "how", "format", "method", "pages", "tests", "legal_basis", "documents", "withheld", "alone", "state",
    "marks", "removed", "fields", "entry",
)  # fmt: skip
"""Of an entry's details: what a reader can understand. Keys and record numbers stay in ``custody show --json``."""
_WITH_BUNDLES = frozenset({"created", "released"})


@dataclass(frozen=True, slots=True)
class _Told:
    """What the tables need besides the entries: bundles, the computer on which most was done (said once), gaps."""

    case: CaseFile
    bundles: Sequence[Order]
    usual_place: str
    gaps: Sequence[Gap]


def report_html(case: CaseFile) -> str:
    """The report as HTML without scripts or links; all text of the case is escaped. Raises Damaged."""
    case.ledger.refresh()
    entries = list(case.entries())
    found = exhibits.list_exhibits(case)
    missing = gaps(entries, found, witnessed(case.ledger))
    told = _Told(case, [order for _, order in orders(case)], _usual_place(entries), missing)
    by_exhibit = _by_exhibit(entries, told.bundles)
    numbers = {one.number for one in found}
    rest = [one for one in entries if not numbers & subjects_of(one)]
    parts = [
        *_head(told),
        *(_exhibit(told, one, by_exhibit.get(one.number, [])) for one in found),
        f"<h2>{escaped(tr('The case itself'))}</h2>",
        gap_list(missing, ""),
        _table(told, rest, with_subject=True),
    ]
    return page("".join(parts))


def counterparty(case: CaseFile, one: SeenEntry) -> str:
    """With whom an entry is: a receiver, or who was granted the case, revoked or walled off. Empty: nobody."""
    if one.counterparty:
        return str(one.counterparty)
    match one.details:
        case {"member": str(name)}:
            return name
        case {"recipient": str(key)} if len(key) == 32:
            recovery = case.office.standing.recovery
            if recovery is not None and recovery.key_id.hex() == key:
                return RECOVERY
            return case.handle(bytes.fromhex(key))
        case _:
            return ""


def _head(told: _Told) -> list[str]:
    case, head = told.case, told.case.ledger.ledger.tree.head
    warning = tr("This report names persons and places of the case. It is not meant to leave the house unredacted.")
    reading = tr(
        "Times stand with their distance from UTC, as the computer at work had them; # is the place of an entry in the "
        "chain. “custody verify” recomputes the chain, “custody checkpoint” keeps its head."
    )
    return [
        f"<h1>{escaped(tr('Custody report'))}</h1>",
        f"<p><b>{escaped(case.reference)}</b> {escaped(cases.describe(case).title)}</p>",
        fact_table(
            [
                (tr("Made at"), time_cell(case.now().isoformat(timespec="seconds"), "")),
                (tr("Made by"), escaped(f"{case.member.name} (EvidenceVault {__version__})")),
                (tr("Entries"), str(head.size)),
                (tr("Computer"), escaped(told.usual_place)),
            ]
        ),
        hash_line(tr("Root of the chain"), head.root.hex()),
        hash_line(tr("Vault"), case.vault_id.hex()),
        paragraph(warning),
        paragraph(reading),
    ]


def _exhibit(told: _Told, one: Exhibit, entries: Sequence[SeenEntry]) -> str:
    documents = [
        f"{order.number}: {number}"
        for order in told.bundles
        for number, exhibit in (
            *((item.number, item.exhibit) for item in order.items),
            *((held.number, held.exhibit) for held in order.withheld),
        )
        if exhibit == one.number
    ]
    taken = [time_cell(one.acquired_at or "", ""), *map(escaped, filter(None, (one.acquired_by, one.place)))]
    said = (
        (tr("From"), one.source),
        (tr("Method"), one.method),
        (tr("Condition"), one.condition or ""),
        (tr("Custody before"), ": ".join(filter(None, [one.custody_before, one.custody_known]))),
        (tr("Found in"), one.parent or ""),
        (tr("Made from"), f"{one.derived_from.ref} ({one.derived_from.relation})" if one.derived_from else ""),
        (tr("Same bytes as"), one.duplicate_of or ""),
        (tr("Kept at"), one.held.place if one.held else ""),
        (tr("Seal"), one.held.seal or "" if one.held else ""),
        (tr("Type"), one.media_type or ""),
        (tr("Size"), tr("{n} bytes").format(n=one.size) if one.size is not None else ""),
        (tr("In bundles"), ", ".join(documents)),
    )
    facts = [(name, escaped(value)) for name, value in said]
    facts.insert(1, (tr("Taken over"), ", ".join(filter(None, taken))))
    title = f'<h2>{escaped(one.number)} <span class="name">{escaped(one.path or one.name)}</span></h2>'
    digest = hash_line("SHA-256", one.sha256.hex()) if one.sha256 else ""
    table = _table(told, entries, known=one.sha256)
    return title + fact_table(facts) + digest + gap_list(told.gaps, one.number) + table


def _table(told: _Told, entries: Iterable[SeenEntry], *, with_subject: bool = False, known: bytes | None = None) -> str:
    titles = ["#", tr("When"), tr("Who"), tr("What"), *([tr("On")] if with_subject else []), tr("Remark")]
    rows = []
    for one in entries:
        cells = [str(one.sequence), time_cell(one.time, one.zone), escaped(one.actor_name), escaped(one.action)]
        cells += [escaped(", ".join(sorted(subjects_of(one))))] if with_subject else []
        short = not with_subject and one.action in _WITH_BUNDLES
        remark = escaped(_bundle_of(told, one)) if short else _remark(told, one, known)
        rows.append([*cells, remark])
    return grid([escaped(title) for title in titles], rows)


def _bundle_of(told: _Told, one: SeenEntry) -> str:
    """What an exhibit's table says of a bundle: its number; all else stands with the case itself."""
    return ", ".join(sorted(subjects_of(one) & {order.number for order in told.bundles}))


def _remark(told: _Told, one: SeenEntry, known: bytes | None) -> str:
    """Purpose, counterparty, an unusual place, what is said more, and a digest that does not stand above already."""
    whom, place = counterparty(told.case, one), _place(one)
    said = [
        str(one.purpose) if one.purpose else "",
        tr("with {whom}").format(whom=whom) if whom else "",
        place if place != told.usual_place else "",
        _details(one),
    ]
    lines = [escaped(part) for part in said if part]
    if isinstance(one.digest, bytes) and one.digest != known:
        lines.append(small_hash(one.digest.hex()))
    return "<br/>".join(lines)


def _details(one: SeenEntry) -> str:
    found = one.details if isinstance(one.details, dict) else {}
    # A kind that is a number is the kind of a key, which says nothing to a reader.
    told = {key: found[key] for key in _TOLD if key in found and not (key == "kind" and isinstance(found[key], int))}
    return ", ".join(
        f"{key.replace('_', ' ')}: {tr('yes') if value is True else value}"
        for key, value in told.items()
        if isinstance(value, str | int) and value is not False and value != ""
    )


def _place(one: SeenEntry) -> str:
    """Device and program of an entry."""
    match one.place:
        case {"device": str(device), "program": str(program)}:
            return f"{device}, {program}"
        case None:
            return ""
        case other:
            return str(other)


def _usual_place(entries: Iterable[SeenEntry]) -> str:
    counted = Counter(_place(one) for one in entries)
    return counted.most_common(1)[0][0] if counted else ""


def _by_exhibit(entries: Iterable[SeenEntry], bundles: Sequence[Order]) -> dict[str, list[SeenEntry]]:
    """The entries of each exhibit; those of a bundle stand with every exhibit that it holds."""
    inside = {order.number: [item.exhibit for item in order.items] for order in bundles}
    found: dict[str, list[SeenEntry]] = {}
    for one in entries:
        numbers = subjects_of(one)
        for bundle in sorted(numbers & set(inside)) if one.action in _WITH_BUNDLES else []:
            numbers |= set(inside[bundle])
        for number in sorted(numbers):
            found.setdefault(number, []).append(one)
    return found
