"""What text recognition read in the pixels of an exhibit, kept page by page as sealed objects.

One record an exhibit names the object of each page; pages are stored as they are finished, so that what was stopped is
taken up where it was. Nothing of it is ever outside the vault.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from typing import Protocol

from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.documents.requests import ByteSource, PageText, Reason
from evidencevault.documents.sentences import failed
from evidencevault.errors import Cancelled, Damaged
from evidencevault.evidence.exhibits import get, of_object
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.canonical import pack, unpack

RANGE = 4
"""Pages that one process reads: opening the document again costs little beside them."""


class Reader(Protocol):
    """What recognition asks of ``documents.workers.Workers``."""

    def ocr(self, name: str, source: ByteSource, pages: Sequence[int], languages: str) -> Iterable[PageText]:
        """The text in the pixels of pages, one by one."""
        ...


def kept(case: CaseFile, number: str, languages: str = "") -> dict[int, PageText]:
    """The pages of an exhibit read so far, in these languages or ("") in any. Raises Damaged."""
    record = _record(case, number)
    if record is None or (languages and record.body.get("languages") != languages):
        return {}
    return {page.page: page for page in (_page(case, item) for _, item in _listed(record))}


def recognise(
    case: CaseFile, workers: Reader, number: str, pages: Sequence[int], languages: str, progress: Progress | None = None
) -> dict[int, PageText]:
    """Read these pages (from 1) in languages such as "nld+eng", those not read yet; returns all that are kept.

    The caller has entered the view. Raises NotFound, Refused (a language is missing), DocumentFailed, Cancelled; pages
    that were finished before are kept.
    """
    progress = progress or Progress()
    have = kept(case, number, languages)
    missing = [page for page in pages if page not in have]
    for finished in _read(case, workers, number, missing, languages, progress):
        if finished:
            _store(case, number, languages, finished)
        have.update((page.page, page) for page in finished)
    progress.check()
    return have


def _read(
    case: CaseFile, workers: Reader, number: str, pages: Sequence[int], languages: str, progress: Progress
) -> Iterator[list[PageText]]:
    """Ranges of pages as they are finished, side by side on all processors; a stop gives what was read until then."""
    exhibit = get(case, number)
    progress.expect(progress.state.done + len(pages))

    def one(wanted: list[int]) -> list[PageText]:
        found: list[PageText] = []
        if progress.stopping:
            return found
        with suppress(Cancelled), case.open_object(of_object(exhibit)) as reader:
            for page in workers.ocr(exhibit.name, reader, wanted, languages):
                found.append(page)
                progress.advance()
        if not progress.stopping and [page.page for page in found] != wanted:
            raise failed(exhibit.name, Reason.NONSENSE)
        return found

    with ThreadPoolExecutor(os.cpu_count() or 1, "ocr") as pool:
        try:
            ranges = [list(pages[at : at + RANGE]) for at in range(0, len(pages), RANGE)]
            for future in as_completed([pool.submit(one, wanted) for wanted in ranges]):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _store(case: CaseFile, number: str, languages: str, pages: Sequence[PageText]) -> None:
    record = _record(case, number)
    listed = _listed(record) if record is not None and record.body.get("languages") == languages else []
    write = case.write()
    objects = [write.store_object(io.BytesIO(_packed(page)).readinto, Progress()) for page in pages]
    fresh = {page.page for page in pages}
    rows: list[Value] = [[page, item] for page, item in listed if page not in fresh]
    rows += [[page.page, sealed.item] for page, sealed in zip(pages, objects, strict=True)]
    body: dict[str, Value] = {"exhibit": number, "languages": languages, "pages": rows}
    stored = write.record(Kind.RECOGNITION, body, record.item if record else None)
    write.entry("recorded", records=[stored], objects=objects, subject=number, details={"kind": "recognition"})
    write.commit()


def _record(case: CaseFile, number: str) -> Record | None:
    for record in case.records(Kind.RECOGNITION):
        if record.body.get("exhibit") == number:
            return record
    return None


def _listed(record: Record) -> list[tuple[int, bytes]]:
    rows = record.body.get("pages")
    found = []
    for row in rows if isinstance(rows, list) else [None]:
        match row:
            case [int(page), bytes(item)]:
                found.append((page, item))
            case _:
                raise _damaged()
    return found


def _packed(page: PageText) -> bytes:
    # No floats are stored (formats.md §3): thousandths of a point.
    wide, high = round(page.width * 1000), round(page.height * 1000)
    return pack({"page": page.page, "width": wide, "height": high, "text": page.text, "boxes": page.boxes})


def _page(case: CaseFile, item: bytes) -> PageText:
    with case.open_object(item) as reader:
        body = unpack(b"".join(reader.stream()))
    match body:
        case {"page": int(page), "width": int(wide), "height": int(high), "text": str(text), "boxes": bytes(boxes)}:
            return PageText(page, wide / 1000, high / 1000, text, boxes)
        case _:
            raise _damaged()


def _damaged() -> Damaged:
    return Damaged(tr("What text recognition read is stored malformed."))
