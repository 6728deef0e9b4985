"""Notes of the house on a page of an exhibit: records of their own, never part of what leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidencevault.custody.casefile import CaseFile, Kind, Record, Value
from evidencevault.errors import Damaged, NotFound, UsageError
from evidencevault.evidence.exhibits import get
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Note:
    """One note: on which exhibit and page (0: the whole item), its words, who wrote them (key id) and when.

    ``revision`` is 1 until it is changed; ``taken_back`` a note that was taken back: its words stay in its history.
    """

    item: bytes
    revision: int
    exhibit: str
    page: int
    words: str
    by: bytes
    at: datetime
    taken_back: bool = False


def notes(case: CaseFile, number: str) -> list[Note]:
    """The notes on an exhibit that stand, by page and then by age. Raises NotFound, Damaged."""
    exhibit = get(case, number).number
    found = (_from(record) for record in case.records(Kind.NOTE) if record.body.get("exhibit") == exhibit)
    return sorted((one for one in found if not one.taken_back), key=lambda one: one.page)


def add(case: CaseFile, number: str, page: int, words: str) -> Note:
    """Write a note. Raises UsageError, NotFound, NotPermitted."""
    exhibit = get(case, number)
    if not 0 <= page <= max(exhibit.pages or 0, 0):
        raise UsageError(tr("{number} has no page {page}. Nothing was saved.").format(number=exhibit.number, page=page))
    return _store(case, exhibit.number, page, _said(words), None)


def change(case: CaseFile, item: bytes, words: str) -> Note:
    """Other words in a new revision; the old ones stay in its history. Raises UsageError, NotFound, NotPermitted."""
    before = _standing(case, item)
    return _store(case, before.exhibit, before.page, _said(words), item)


def take_back(case: CaseFile, item: bytes) -> Note:
    """Take a note back: it is shown no more and stays in its history. Raises NotFound, NotPermitted."""
    before = _standing(case, item)
    return _store(case, before.exhibit, before.page, before.words, item, taken_back=True)


def put_back(case: CaseFile, item: bytes) -> Note:
    """Let a note stand again that was taken back. Raises NotFound, NotPermitted."""
    before = _from(case.record(item))
    return _store(case, before.exhibit, before.page, before.words, item)


def _standing(case: CaseFile, item: bytes) -> Note:
    found = _from(case.record(item))
    if found.taken_back:
        raise NotFound(tr("This note was taken back. Nothing was changed."))
    return found


def _said(words: str) -> str:
    if not words.strip():
        raise UsageError(tr("A note needs words. Nothing was saved."))
    return words.strip()


def _store(
    case: CaseFile, exhibit: str, page: int, words: str, item: bytes | None, *, taken_back: bool = False
) -> Note:
    case.require("officer", "legal")
    at = case.now().replace(microsecond=0)
    body: dict[str, Value] = {
        "exhibit": exhibit,
        "page": page,
        "words": words,
        "by": case.member.key_id,
        "at": at.isoformat(),
    }
    if taken_back:
        body["taken_back"] = True
    write = case.write()
    stored = write.record(Kind.NOTE, body, item)
    write.entry("noted", records=[stored], subject=exhibit, details={"kind": "note"})
    write.commit()
    return _from(case.record(stored.item))


def _from(record: Record) -> Note:
    match record.body:
        case {"exhibit": str(exhibit), "page": int(page), "words": str(words), "by": bytes(by), "at": str(at)}:
            back = record.body.get("taken_back") is True
            return Note(record.item, record.revision, exhibit, page, words, by, datetime.fromisoformat(at), back)
        case _:
            raise Damaged(tr("A note on an evidence item is malformed."))
