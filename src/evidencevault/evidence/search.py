"""Search the text of a case: a sealed index, kept up with the ledger, and hits that are views like any other."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.custody.revisions import Latest
from evidencevault.errors import Damaged, NotFound, NotPermitted
from evidencevault.evidence import recognition, texts, views
from evidencevault.evidence.exhibits import Exhibit, list_exhibits
from evidencevault.evidence.index import Found, Index
from evidencevault.formats.signatures import parse_checkpoint_text
from evidencevault.progress import Progress
from evidencevault.vault import indexrows
from evidencevault.vault.registry import KeyKind

LIMIT = 50
_INDEXED = (Kind.EXHIBIT, Kind.TEXT, Kind.RECOGNITION)
_FEW = 32
_SAVE_AFTER = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching page of an exhibit. ``page`` is None where its name, path, tags or notes match.

    ``snippet`` is None for restricted items: those are opened with a purpose first.
    """

    case: str
    exhibit: str
    name: str
    page: int | None
    snippet: str | None


def search(case: CaseFile, query: str, *, limit: int = LIMIT, progress: Progress | None = None) -> list[Hit]:
    """The best hits in one case. What shows text is entered as ``viewed`` before it is returned.

    Raises UsageError (no word), StorageFailed (the view cannot be entered: then nothing is shown), Damaged.
    """
    found = update(case, progress or Progress(), at_least=_SAVE_AFTER).find(query, limit)
    if not found:
        return []
    exhibits = {one.number: one for one in list_exhibits(case)}
    # A page is one hit, whether its words are written, read in its pixels, or both; the better one stands.
    best: dict[tuple[str, int], Found] = {}
    for one in found:
        best.setdefault((one.exhibit, one.page), one)
    hits = [_hit(case, one, exhibits[one.exhibit]) for one in best.values() if one.exhibit in exhibits]
    views.enter(case, [one.exhibit for one in hits if one.snippet is not None and one.page is not None], how="search")
    return hits


def search_all(cases: Iterable[CaseFile], query: str, *, limit: int = LIMIT) -> list[Hit]:
    """The best hits of each case that this member holds."""
    return [hit for case in cases for hit in search(case, query, limit=limit)]


def _hit(case: CaseFile, found: Found, exhibit: Exhibit) -> Hit:
    snippet = None if exhibit.restricted else found.snippet
    return Hit(case.reference, exhibit.number, exhibit.name, found.page or None, snippet)


_indexes: WeakKeyDictionary[CaseFile, Index] = WeakKeyDictionary()
_lock = threading.RLock()


def update(case: CaseFile, progress: Progress, *, at_least: int = 1) -> Index:
    """The index with everything the chain of custody names by now; sealed again if ``at_least`` records were new."""
    with _lock:
        case.ledger.refresh()
        index = _indexes.get(case) or _load(case)
        if index is not None and index.holds_any(case.ledger.state.erased):
            index.close()
            index = None
        head = case.ledger.ledger.tree.head
        index = index or Index()
        added = index.put(_since(case, index.size, progress))
        fresh = index.size == 0
        index.size, index.root = head.size, head.root
        _indexes[case] = index
        if added >= at_least or (fresh and added):
            _save(case, index, progress)
        return index


def rebuild(case: CaseFile, progress: Progress) -> None:
    """Throw the index away, with its salt, and make it anew from the records (after an erasure)."""
    with _lock:
        index = _indexes.pop(case, None)
        if index is not None:
            index.close()
        indexrows.drop_index(case.office.database, case.office.store, case.id)
        update(case, progress)


def _load(case: CaseFile) -> Index | None:
    """The sealed index; None where there is none, or it is of another version, damaged, ahead or of another ledger."""
    office = case.office
    try:
        reader = indexrows.open_index(office.database, office.store, office.keychain, case.id)
        if reader is None:
            return None
        with reader:
            stored = b"".join(reader.stream())
    except (Damaged, NotFound, NotPermitted):
        return None  # it is a cache: what is wrong with it costs a rebuild, no word of the case
    index = Index.load(stored)
    if index is not None and not _consistent(case, index):
        index.close()
        return None
    return index


def _consistent(case: CaseFile, index: Index) -> bool:
    head = case.ledger.ledger.tree.head
    if index.size == head.size:
        return index.root == head.root
    text = indexrows.checkpoint_text_at(case.office.database, case.id, index.size) if index.size < head.size else None
    if text is None:
        return False
    try:
        return parse_checkpoint_text(text).root == index.root
    except Damaged:
        return False


def _save(case: CaseFile, index: Index, progress: Progress) -> None:
    office = case.office
    source = io.BytesIO(index.stored())
    silent = Progress()
    progress.check()
    indexrows.replace_index(
        office.database,
        office.store,
        office.keychain,
        case.id,
        case.ledger.epoch(KeyKind.CASE),
        source.readinto,
        silent,
    )


def _since(case: CaseFile, size: int, progress: Progress) -> Iterator[tuple[bytes, str, Iterable[tuple[int, str]]]]:
    """What entries from ``size`` on wrote that can be found by words."""
    erased = case.ledger.state.erased
    restricted = {one.number for one in list_exhibits(case) if one.restricted}
    for kind in _INDEXED:
        missing = [one for one in case.ledger.state.of_kind(kind) if one.sequence >= size and one.item not in erased]
        for record in _records(case, kind, missing):
            progress.check()
            exhibit = record.body.get("number" if kind is Kind.EXHIBIT else "exhibit")
            # What is read of a restricted item would show up without a purpose.
            if isinstance(exhibit, str) and not (kind is Kind.RECOGNITION and exhibit in restricted):
                yield record.item, exhibit, _pages(case, kind, record)


def _pages(case: CaseFile, kind: Kind, record: Record) -> Iterable[tuple[int, str]]:
    if kind is Kind.TEXT:
        return texts.pages_of(case, record)
    if kind is Kind.RECOGNITION:
        return [(page.page, page.text) for page in recognition.pages_of(case, record)]
    return [(0, _described(record.body))]


def _records(case: CaseFile, kind: Kind, missing: list[Latest]) -> Iterator[Record]:
    if len(missing) > _FEW:
        wanted = {one.item for one in missing}
        yield from (record for record in case.records(kind) if record.item in wanted)
    else:
        yield from (case.record(one.item) for one in missing)


def _described(body: Mapping[str, Value]) -> str:
    words = [body.get("name"), body.get("path"), body.get("notes")]
    tags = body.get("tags")
    words += tags if isinstance(tags, list) else []
    return "\n".join(one for one in words if isinstance(one, str))
