"""The text of exhibits as kept for search: a record each, so that the index can be rebuilt without the parser."""

from __future__ import annotations

import io
from collections.abc import Sequence

from evidencevault.custody.casefile import CaseFile, Kind, Record, Stored, Value, Write
from evidencevault.errors import Damaged
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.canonical import pack, unpack
from evidencevault.vault.objects import SealedObject

_IN_RECORD = 64 * 1024
Pages = Sequence[tuple[int, str]]


def store(write: Write, exhibit: str, pages: Pages, item: bytes | None = None) -> tuple[Stored, list[SealedObject]]:
    """Add an exhibit's text to a write: in its record, or where it is long in an object beside it."""
    listed: list[Value] = [[page, text] for page, text in pages]
    if sum(len(text) for _, text in pages) <= _IN_RECORD:
        return write.record(Kind.TEXT, {"exhibit": exhibit, "pages": listed}, item), []
    sealed = write.store_object(io.BytesIO(pack({"pages": listed})).readinto, Progress())
    return write.record(Kind.TEXT, {"exhibit": exhibit, "object": sealed.item}, item), [sealed]


def pages_of(case: CaseFile, record: Record) -> list[tuple[int, str]]:
    """(page from 1, text) of a TEXT record. Raises Damaged."""
    body = record.body
    item = body.get("object")
    if isinstance(item, bytes):
        with case.open_object(item) as reader:
            body = unpack(b"".join(reader.stream()))
    listed = body.get("pages")
    pages = []
    for one in listed if isinstance(listed, list) else []:
        match one:
            case [int(page), str(text)]:
                pages.append((page, text))
            case _:
                raise Damaged(tr("The stored text of an exhibit is malformed."))
    return pages
