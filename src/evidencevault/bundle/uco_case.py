"""``custody export``: the whole chain of custody of a case as CASE/UCO, for members who may read the case.

It names persons, sources and files as the case knows them, like the custody report, and is for the file of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evidencevault.bundle.gaps import Gap, gaps, subjects_of
from evidencevault.bundle.orders import orders
from evidencevault.bundle.report import Reported, write_file
from evidencevault.bundle.report_page import counterparty
from evidencevault.bundle.uco import File, Graph
from evidencevault.casework import cases
from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.custody.witnesses import witnessed
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import Exhibit
from evidencevault.progress import Progress

KIND = "case-uco"


def write(case: CaseFile, to: Path, progress: Progress | None = None) -> Reported:
    """Write the document to a new file; an entry says so first. Raises as ``report.write_file``."""
    return write_file(case, to, KIND, lambda: document(case), progress)


def document(case: CaseFile) -> bytes:
    """The document as the case stands now. Raises Damaged."""
    case.ledger.refresh()
    ledger, entries = case.ledger.ledger.tree, list(case.entries())
    found = exhibits.list_exhibits(case)
    missing = gaps(entries, found, witnessed(case.ledger))
    graph = Graph(ledger.origin)
    performers = {one.actor: _performer(graph, case, one) for one in entries}
    originals = {one.number: _original(graph, one) for one in found}
    for one in found:
        said = [*_known(one), *(gap.said for gap in missing if gap.exhibit == one.number)]
        graph.provenance(one.number, [originals[one.number]], said, one.path or one.name)
    for entry in entries:
        _action(graph, case, entry, performers[entry.actor], originals)
    bases = [graph.authorization(one.number, one.legal_basis, one.purpose, one.at) for _, one in orders(case)]
    bases += [basis for entry in entries if (basis := _basis(graph, entry))]
    head = f"Chain of custody {ledger.head.size}:{ledger.head.root.hex()} of {ledger.origin}"
    return graph.document(case.reference, [cases.describe(case).title, head, *_of_case(missing)], bases)


def _of_case(missing: list[Gap]) -> list[str]:
    return [one.said for one in missing if not one.exhibit]


def _performer(graph: Graph, case: CaseFile, one: SeenEntry) -> str:
    roles = ", ".join(sorted(case.roles(one.actor)))
    return graph.identity(one.actor.hex(), f"{roles or 'member'}, key {one.actor.hex()}", one.actor_name)


def _original(graph: Graph, one: Exhibit) -> str:
    if one.sha256 is None or one.size is None:
        return graph.original(one.number, None, one.name)
    return graph.original(one.number, File(one.sha256.hex(), one.size, one.path or one.name, one.media_type or ""))


def _known(one: Exhibit) -> list[str]:
    said: Mapping[str, str | None] = {
        "Source": one.source,
        "Taken over at": one.acquired_at,
        "Taken over by": one.acquired_by,
        "Place": one.place,
        "Method": one.method,
        "Condition": one.condition,
        "Custody before": one.custody_known,
        "Kept at": one.held.place if one.held else None,
        "Found in": one.parent,
        "Made from": one.derived_from.ref if one.derived_from else None,
        "Same bytes as": one.duplicate_of,
    }
    return [f"{name}: {value}" for name, value in said.items() if value]


def _action(graph: Graph, case: CaseFile, one: SeenEntry, performer: str, originals: Mapping[str, str]) -> None:
    about = sorted(subjects_of(one))
    things = [originals[number] for number in about if number in originals]
    came = one.action in ("imported", "received")
    match one.place:
        case {"device": str(device), "program": str(program)}:
            place = f"{device}, {program}"
        case _:
            place = ""
    told = {
        "Entry": f"{one.sequence} ({one.zone})",
        "On": ", ".join(about),
        "Purpose": str(one.purpose or ""),
        "With": counterparty(case, one),
        "Place": place,
        "SHA-256": one.digest.hex() if isinstance(one.digest, bytes) else "",
    }
    said = [f"{name}: {value}" for name, value in told.items() if value]
    objects, results = ((), things) if came else (things, ())
    graph.action(one.sequence, one.action, one.time, performer, objects=objects, results=results, said=said)


def _basis(graph: Graph, one: SeenEntry) -> str:
    """The authorization of an original that was handed out; "" for every other entry."""
    match one.details:
        case {"kind": "original", "legal_basis": str(basis)} if one.action == "exported":
            return graph.authorization(one.sequence, basis, str(one.purpose or ""), one.time)
        case _:
            return ""
