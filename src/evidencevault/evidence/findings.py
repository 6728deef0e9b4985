"""After custody comes the look: the document worker sees each exhibit, and what it finds is a record of its own.

Nothing here can take an exhibit back: what a parser cannot read stays in the vault with the reason. Members of mails
and archives come in by the same door as files, and are looked at in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from evidencevault.custody.casefile import CaseFile, Kind, Value
from evidencevault.documents.requests import Bytes, ByteSource, Converted, DocumentFailed, Reason
from evidencevault.documents.requests import Findings as Said
from evidencevault.errors import Damaged, Refused
from evidencevault.evidence import conversion, texts
from evidencevault.evidence.door import Door, IntakeLine
from evidencevault.evidence.exhibits import Exhibit, list_exhibits
from evidencevault.evidence.known import known
from evidencevault.evidence.model import Acquisition, Findings, exhibit_body
from evidencevault.evidence.sources import Arrival, BytesSource, Failure
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.objects import ObjectReader, SealedObject

if TYPE_CHECKING:
    from evidencevault.documents.workers import Workers

DEPTH = 5
THREADS = 2
_GROUP = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look gave: findings, the text of its pages (for search), whether it has members, a PDF made of it."""

    exhibit: Exhibit
    findings: Findings
    pages: tuple[tuple[int, str], ...] = ()
    container: bool = False
    made: Converted | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """The lines of an import after the look, with the members that came in; ``refusal`` where no look was possible."""

    lines: tuple[IntakeLine, ...]
    failed: tuple[Failure, ...] = ()
    refusal: str | None = None


def member_key(parent: str, position: int, path: str) -> bytes:
    """What tells a member of a mail or archive apart."""
    return f"{parent}\0{position}\0{path}".encode()


def after_import(
    case: CaseFile, workers: Workers, door: Door, lines: Sequence[IntakeLine], progress: Progress
) -> Looked:
    """Look at what came in and was not looked at yet, and at its members, and theirs, to a depth of ``DEPTH``."""
    run = _Look(case, workers, door, progress)
    every, level = list(lines), list(lines)
    try:
        for depth in range(DEPTH + 1):
            level = run.level(level, expand=depth < DEPTH)
            if not level:
                break
            every += level
    except Refused as error:  # this machine confines nothing: the files are in, and wait for a look
        return Looked(tuple(every), tuple(run.failed), error.sentence)
    found = known(case).findings(case)
    return Looked(tuple(_told(one, found.get(one.exhibit)) for one in every), tuple(run.failed))


def examine(case: CaseFile, workers: Workers, progress: Progress) -> Looked:
    """Look at every exhibit of the case that nobody looked at yet, or whose reader was not installed then.

    Raises NotPermitted, StorageFailed, Cancelled.
    """
    case.require("officer")
    exhibits = list_exhibits(case)
    waiting = {one.number for one in exhibits if may_look(one)}
    members = {
        member_key(one.parent, one.position or 0, one.path or one.name): one
        for one in exhibits
        if one.parent in waiting
    }
    door = Door(case, exhibits, members, progress)
    lines = [_line(one) for one in exhibits if one.number in waiting]
    return after_import(case, workers, door, lines, progress)


def may_look(exhibit: Exhibit) -> bool:
    """Whether a look could tell more: nobody looked yet, or what reads it was not installed then."""
    return (exhibit.object is not None and not exhibit.looked_at) or conversion.waits(exhibit)


class _Look:
    """One round of looking; ``failed`` gathers the members that could not be taken in."""

    def __init__(self, case: CaseFile, workers: Workers, door: Door, progress: Progress) -> None:
        self._case = case
        self._workers = workers
        self._door = door
        self._progress = progress
        self.failed: list[Failure] = []

    def level(self, lines: Sequence[IntakeLine], *, expand: bool) -> list[IntakeLine]:
        """Look at these; returns the lines of their members."""
        wanted = {one.exhibit for one in lines}
        exhibits = [one for one in list_exhibits(self._case) if one.number in wanted and may_look(one)]
        members: list[IntakeLine] = []
        group: list[Seen] = []
        for seen in self._seen(exhibits):
            if seen.container and expand:
                came, failure = self._members(seen.exhibit)
                members += came
                seen = replace(seen, findings=replace(seen.findings, failure=failure or seen.findings.failure))
            elif seen.container:
                seen = replace(seen, findings=_warned(seen.findings, tr("It is nested too deep and was not unpacked.")))
            group.append(seen)
            if len(group) == _GROUP:
                self._keep(group)
                group = []
        self._keep(group)
        return members

    def _seen(self, exhibits: Sequence[Exhibit]) -> Iterator[Seen]:
        """Looks side by side, in order; files are opened here, one step ahead of the threads."""
        waiting = iter(exhibits)
        with ThreadPoolExecutor(THREADS, "look") as pool:
            try:
                while some := list(islice(waiting, 2 * THREADS)):
                    self._progress.say(some[0].name)
                    futures = [pool.submit(self._look, one, *_opened(self._case, one)) for one in some]
                    for future in futures:
                        self._progress.check()
                        yield future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _look(self, exhibit: Exhibit, reader: ObjectReader | None, damage: str | None) -> Seen:
        if reader is None:
            return Seen(exhibit, Findings(exhibit.number, failure=damage))
        with reader:
            try:
                said = self._workers.look(exhibit.name, reader)
            except (DocumentFailed, Damaged) as error:
                if isinstance(error, DocumentFailed) and error.reason is Reason.UNCONFINED:
                    raise Refused(error.sentence) from error  # true of the machine, not of this document
                return Seen(exhibit, Findings(exhibit.number, failure=error.sentence))
            if said.convertible:
                return self._converted(exhibit, reader, said)
            return self._read(Seen(exhibit, _found(exhibit.number, said), container=said.container), reader)

    def _read(self, seen: Seen, source: ByteSource) -> Seen:
        """With the text of its pages."""
        # A restricted item is not read for search: its words would show up without a purpose.
        if not seen.findings.previewable or seen.exhibit.restricted:
            return seen
        try:
            pages = tuple((page.page, page.text) for page in self._workers.text(seen.exhibit.name, source))
        except (DocumentFailed, Damaged) as error:
            return replace(seen, findings=_warned(seen.findings, error.sentence))
        return replace(seen, pages=tuple((n, text) for n, text in pages if text.strip()))

    def _converted(self, exhibit: Exhibit, reader: ByteSource, said: Said) -> Seen:
        """What has no pages by itself, as the PDF that is made of it; its type stays that of the file."""
        try:
            made = self._workers.convert(exhibit.name, reader)
            shown = self._workers.look("made.pdf", Bytes(made.data))
        except (DocumentFailed, Damaged) as error:
            return Seen(exhibit, replace(_found(exhibit.number, said), failure=error.sentence))
        told = replace(said, pages=shown.pages, reason=shown.reason, metadata=(*shown.metadata, ("by", made.by)))
        seen = Seen(exhibit, _found(exhibit.number, told), made=made if shown.previewable else None)
        return self._read(seen, Bytes(made.data))

    def _members(self, parent: Exhibit) -> tuple[list[IntakeLine], str | None]:
        """Take in what is inside; returns its lines, and why not all of it came out."""
        failures: list[str] = []
        lines: list[IntakeLine] = []

        def body_of(arrival: Arrival, number: str) -> dict[str, Value]:
            return _member_body(parent, arrival, number)

        with self._case.open_object(parent.object or b"") as reader:
            for told in self._door.admit(self._inside(parent, reader, failures), body_of):
                if isinstance(told, Failure):
                    self.failed.append(told)
                else:
                    lines.append(told)
        return lines, failures[0] if failures else None

    def _inside(self, parent: Exhibit, reader: ObjectReader, failures: list[str]) -> Iterator[Arrival]:
        try:
            for position, child in enumerate(self._workers.children(parent.name, reader)):
                name = child.name.rpartition("/")[2] or child.name
                key, source = member_key(parent.number, position, child.name), BytesSource(child.data)
                yield Arrival(
                    name,
                    child.name,
                    key,
                    len(child.data),
                    source.itself,
                    parent=parent.number,
                    position=position,
                )
        except (DocumentFailed, Damaged) as error:
            failures.append(error.sentence)

    def _keep(self, group: Sequence[Seen]) -> None:
        if not group:
            return
        write = self._case.write()
        for seen in group:
            before = known(self._case).findings_item(self._case, seen.exhibit.number)
            records = [write.record(Kind.FINDINGS, seen.findings.to_body(), before)]
            objects: list[SealedObject] = []
            if seen.made is not None:
                stored, sealed = conversion.store(write, seen.exhibit.number, seen.made)
                records.append(stored)
                objects.append(sealed)
            if seen.pages:
                stored, beside = texts.store(write, seen.exhibit.number, seen.pages)
                records.append(stored)
                objects += beside
            write.entry(
                "recorded", records=records, objects=objects, subject=seen.exhibit.number, details={"kind": "findings"}
            )
        write.commit()


def _found(number: str, said: Said) -> Findings:
    """What the worker said, as it is kept."""
    found = Findings(
        exhibit=number,
        media_type=said.media_type,
        pages=said.pages,
        previewable=said.previewable,
        metadata=dict(said.metadata),
        hidden=tuple(f"{one.kind}: {one.text}" for one in said.hidden),
        failure=said.reason or None,
    )
    return _warned(found, said.mismatch) if said.mismatch else found


def _opened(case: CaseFile, exhibit: Exhibit) -> tuple[ObjectReader | None, str | None]:
    try:
        return case.open_object(exhibit.object or b""), None
    except Damaged as error:
        return None, error.sentence


def _member_body(parent: Exhibit, arrival: Arrival, number: str) -> dict[str, Value]:
    """A member came the way its parent came."""
    acquisition = Acquisition(
        parent.source,
        parent.acquired_at,
        parent.acquired_by,
        parent.place,
        parent.method,
        parent.condition,
        parent.custody_before,
        parent.custody_known,
    )
    more: dict[str, Value] = {"intake": parent.intake} if parent.intake is not None else {}
    return exhibit_body(
        number,
        arrival.name,
        acquisition,
        restricted=parent.restricted,
        privileged=parent.privileged,
        tags=parent.tags,
        more=more,
    )


def _warned(found: Findings, text: str) -> Findings:
    return replace(found, warnings=(*found.warnings, text))


def _told(line: IntakeLine, found: Findings | None) -> IntakeLine:
    if found is None:
        return line
    said = (*found.warnings, found.failure) if found.failure else found.warnings
    return replace(line, media_type=found.media_type, warnings=said)


def _line(one: Exhibit) -> IntakeLine:
    return IntakeLine(
        one.number,
        one.name,
        one.path or one.name,
        one.sha256 or b"",
        one.size or 0,
        "already",
        one.duplicate_of,
        one.parent,
    )
