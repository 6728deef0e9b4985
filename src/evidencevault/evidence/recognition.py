"""What text recognition read in the pixels of an exhibit, kept page by page as sealed objects.

One record an exhibit names the object of each page, and what read it; pages are stored as they are finished, so that
what was stopped is taken up where it was. Nothing of it is ever outside the vault.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.documents import tessdata
from evidencevault.documents.requests import OCR_DPI, ByteSource, DocumentFailed, PageText, Reason
from evidencevault.documents.sentences import failed
from evidencevault.errors import Cancelled, Damaged
from evidencevault.evidence.conversion import paged_object
from evidencevault.evidence.exhibits import get
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.canonical import pack, unpack

RANGE = 4
"""Pages that one process reads: opening the document again costs little beside them."""
_WATCH = 0.2
"""Seconds between two looks whether the person stopped."""


class Reader(Protocol):
    """What recognition asks of ``documents.workers.Workers``."""

    def ocr(
        self,
        name: str,
        source: ByteSource,
        pages: Sequence[int],
        languages: str,
        begun: Callable[[Callable[[], None]], None] | None = None,
    ) -> Iterable[PageText]:
        """The text in the pixels of pages, one by one; ``begun`` is given what ends that at once."""
        ...


class _Row(NamedTuple):
    """A page that is kept: its object, what read it, and how finely it was drawn."""

    page: int
    item: bytes
    engine: str = ""
    dpi: int = 0


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a range of pages: those that were read, and why not the others."""

    pages: tuple[PageText, ...]
    failure: DocumentFailed | None = None


class _Ends:
    """What ends the processes that read; once stopped, whatever begins ends at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self.over = False

    def begun(self, end: Callable[[], None]) -> None:
        """Take note of a process."""
        with self._lock:
            self._ends.append(end)
            if self.over:
                end()

    def stop(self) -> None:
        """End them all."""
        with self._lock:
            self.over = True
            for end in self._ends:
                end()


def kept(case: CaseFile, number: str, languages: str = "") -> dict[int, PageText]:
    """The pages of an exhibit read so far, in these languages or ("") in any. Raises Damaged."""
    record = _record(case, number)
    if record is None or (languages and record.body.get("languages") != languages):
        return {}
    return {page.page: page for page in pages_of(case, record)}


def pages_of(case: CaseFile, record: Record) -> Iterator[PageText]:
    """The pages that a RECOGNITION record names. Raises Damaged."""
    return (_page(case, row.item) for row in _listed(record))


def recognise(
    case: CaseFile,
    workers: Reader,
    number: str,
    pages: Sequence[int],
    languages: str,
    progress: Progress | None = None,
    again: bool = False,
) -> dict[int, PageText]:
    """Read these pages (from 1) in languages such as "nld+eng", those not read yet; returns all that are kept.

    ``again`` reads them all anew. The caller has entered the view. Raises NotFound, Refused (a language is missing),
    DocumentFailed, Cancelled: after every other page was read and kept.
    """
    progress = progress or Progress()
    have = kept(case, number, languages)
    missing = [page for page in pages if again or page not in have]
    failure: DocumentFailed | None = None
    for done in _read(case, workers, number, missing, languages, progress):
        if done.pages:
            _store(case, number, languages, done.pages)
        have.update((page.page, page) for page in done.pages)
        failure = failure or done.failure
    progress.check()
    if failure is not None:
        raise failure
    return have


def _read(
    case: CaseFile, workers: Reader, number: str, pages: Sequence[int], languages: str, progress: Progress
) -> Iterator[_Done]:
    """Ranges of pages as they are finished, side by side on all processors; a stop gives what was read until then."""
    exhibit = get(case, number)
    item = paged_object(case, exhibit)
    ends = _Ends()
    progress.expect(progress.state.done + len(pages))

    def one(wanted: list[int]) -> _Done:
        found: list[PageText] = []
        failure: DocumentFailed | None = None
        at = 0  # the page that is read now
        while at < len(wanted) and not ends.over:
            begun = at
            try:
                with case.open_object(item) as reader:
                    for page in workers.ocr(exhibit.name, reader, wanted[at:], languages, ends.begun):
                        found.append(page)
                        at += 1
                        progress.advance()
                if at < len(wanted):
                    raise failed(exhibit.name, Reason.NONSENSE)
            except Cancelled:
                break  # what was read until then is kept; the caller asks the progress, and stops
            except DocumentFailed as error:
                if ends.over or (failure is not None and at == begun):
                    break  # its process was ended; or nothing came of it twice: it is not one page that fails
                failure = failure or error
                at += 1
        return _Done(tuple(found), failure)

    with ThreadPoolExecutor(os.cpu_count() or 1, "ocr") as pool:
        waiting = {pool.submit(one, list(pages[at : at + RANGE])) for at in range(0, len(pages), RANGE)}
        try:
            while waiting:
                finished, waiting = wait(waiting, _WATCH, FIRST_COMPLETED)
                if progress.stopping:
                    ends.stop()
                for future in finished:
                    yield future.result()
        finally:
            ends.stop()
            pool.shutdown(wait=True, cancel_futures=True)


def _store(case: CaseFile, number: str, languages: str, pages: Sequence[PageText]) -> None:
    record = _record(case, number)
    listed = _listed(record) if record is not None and record.body.get("languages") == languages else []
    write = case.write()
    objects = [write.store_object(io.BytesIO(_packed(page)).readinto, Progress()) for page in pages]
    fresh = {page.page for page in pages}
    rows: list[Value] = [list(row) for row in listed if row.page not in fresh]
    engine = tessdata.engine()
    rows += [[page.page, sealed.item, engine, OCR_DPI] for page, sealed in zip(pages, objects, strict=True)]
    body: dict[str, Value] = {"exhibit": number, "languages": languages, "pages": rows}
    stored = write.record(Kind.RECOGNITION, body, record.item if record else None)
    write.entry("recorded", records=[stored], objects=objects, subject=number, details={"kind": "recognition"})
    write.commit()


def _record(case: CaseFile, number: str) -> Record | None:
    for record in case.records(Kind.RECOGNITION):
        if record.body.get("exhibit") == number:
            return record
    return None


def _listed(record: Record) -> list[_Row]:
    rows = record.body.get("pages")
    found = []
    for row in rows if isinstance(rows, list) else [None]:
        match row:
            case [int(page), bytes(item), str(engine), int(dpi)]:
                found.append(_Row(page, item, engine, dpi))
            case [int(page), bytes(item)]:  # before the engine was named
                found.append(_Row(page, item))
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
