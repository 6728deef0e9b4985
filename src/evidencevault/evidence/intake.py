"""Intake: files and folder trees become exhibits of a case, durably; what an earlier try brought in is not doubled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evidencevault.custody.casefile import CaseFile, Kind, Value, Write
from evidencevault.errors import UsageError
from evidencevault.evidence import findings, search
from evidencevault.evidence.door import BYTES, FILES, Door, IntakeLine
from evidencevault.evidence.exhibits import get, list_exhibits
from evidencevault.evidence.model import Acquisition, Derivation, Exhibit, exhibit_body
from evidencevault.evidence.names import key_of
from evidencevault.evidence.sources import Arrival, BytesSource, Failure, walk
from evidencevault.progress import Progress
from evidencevault.resources import tr

if TYPE_CHECKING:
    from evidencevault.documents.workers import Workers

__all__ = [
    "Acquisition",
    "Derivation",
    "Failure",
    "Import",
    "IntakeLine",
    "IntakeReport",
    "Loose",
    "bring_in",
    "bring_in_loose",
    "unfinished",
    "warning",
]


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What an import came to: a line per exhibit (members of mails and archives included), and what failed."""

    exhibits: tuple[IntakeLine, ...]
    failed: tuple[Failure, ...]
    not_looked: str | None = None  # why nothing was looked at: the files are in, ``findings.examine`` goes on later


@dataclass(frozen=True, slots=True)
class Import:
    """What holds for everything of one import."""

    acquisition: Acquisition
    derived_from: Derivation | None = None
    restricted: str | None = None
    privileged: str | None = None
    tags: tuple[str, ...] = ()
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    """A file that has no path: its name and its bytes."""

    name: str
    data: bytes


def warning(case: CaseFile) -> str | None:
    """The sentence to show before the first import into a case with the category ``sexual-abuse``; None otherwise."""
    body = next((record.body for record in case.records(Kind.CASE)), {})
    categories = body.get("categories")
    concerned = isinstance(categories, list) and "sexual-abuse" in categories
    if not concerned or any(one.object is not None for one in list_exhibits(case)):
        return None
    return tr(
        "This case is about sexual abuse. Do not copy suspected abuse images, not even as evidence: copying them can "
        "be a crime and can spoil the investigation. Keep the device as it is and locked away, call the police, and "
        "record here only where it is kept."
    )


def bring_in(
    case: CaseFile,
    paths: Sequence[Path],
    acquisition: Acquisition,
    *,
    workers: Workers | None = None,
    progress: Progress | None = None,
    derived_from: Derivation | None = None,
    restricted: str | None = None,
    privileged: str | None = None,
    tags: tuple[str, ...] = (),
    notes: str | None = None,
    batch_files: int = FILES,
    batch_bytes: int = BYTES,
) -> IntakeReport:
    """Take in files and folders; then let the worker look at each (not without ``workers``).

    Exhibits come in commits of up to ``batch_files`` files or ``batch_bytes`` bytes. What fails is in the report, the
    rest goes on; an import broken off is taken up by the same call. ``progress`` counts bytes.
    Raises UsageError, NotFound (``derived_from``), NotPermitted, and StorageFailed or Cancelled: then what was
    committed stays, and the same call goes on from there.
    """
    case.require("officer")
    if not paths:
        raise UsageError(tr("Name at least one file or folder. Nothing was brought in."))
    if derived_from is not None:
        derived_from = replace(derived_from.checked(), ref=get(case, derived_from.ref).number)
    said = Import(acquisition.checked(case.now()), derived_from, restricted, privileged, tags, notes)
    run = _Run(case, said, progress or Progress(), batch_files, batch_bytes)
    return _looked(case, run, run.files(paths), workers)


def _looked(case: CaseFile, run: _Run, lines: list[IntakeLine], workers: Workers | None) -> IntakeReport:
    looked = findings.Looked(tuple(lines))
    if workers is not None:
        looked = findings.after_import(case, workers, run.door, lines, run.progress)
    run.close()
    if workers is not None:
        search.update(case, run.progress)
    return IntakeReport(looked.lines, (*run.failed, *looked.failed), looked.refusal)


def bring_in_loose(
    case: CaseFile,
    files: Sequence[Loose],
    acquisition: Acquisition,
    *,
    workers: Workers | None = None,
    progress: Progress | None = None,
    restricted: str | None = None,
) -> IntakeReport:
    """Take in what lies in memory alone: a pasted picture, a mail dragged out of its program. Raises as above."""
    case.require("officer")
    if not files:
        raise UsageError(tr("Name at least one file or folder. Nothing was brought in."))
    said = Import(acquisition.checked(case.now()), restricted=restricted)
    run = _Run(case, said, progress or Progress(), FILES, BYTES)
    return _looked(case, run, run.loose(files), workers)


def unfinished(case: CaseFile) -> list[str]:
    """The paths of imports that were broken off, or of which something could not be read."""
    return [text for record in case.records(Kind.INTAKE) for text, _ in _open_sources(record.body)]


class _Run:
    """One call of :func:`bring_in`."""

    def __init__(self, case: CaseFile, said: Import, progress: Progress, batch_files: int, batch_bytes: int) -> None:
        self.case = case
        self.progress = progress
        self.failed: list[Failure] = []
        self._said = said
        self._exhibits = list_exhibits(case)
        self._limits = batch_files, batch_bytes
        self._intake_of: dict[bytes, bytes] = {}  # key of a path of this call → item of its INTAKE record
        self._bodies: dict[bytes, Mapping[str, Value]] = {}  # item → body, of the imports of this call
        self._top_of: dict[bytes, bytes] = {}  # key of a file → key of the path it was found under
        self._tops: dict[bytes, None] = {}  # keys of the paths of this call, in order
        self._resumes = True  # whether the same call can take it up again
        self._open: set[bytes] = set()  # paths of which something failed that may succeed later

    def loose(self, files: Sequence[Loose]) -> list[IntakeLine]:
        """Take in bytes; nothing of them can be taken up later."""
        self._resumes = False
        arrivals = []
        for one in files:
            key = secrets.token_bytes(16)
            self._tops[key] = None
            self._top_of[key] = key
            arrivals.append(Arrival(one.name, one.name, key, len(one.data), BytesSource(one.data).itself))
        return self._admitted(arrivals)

    def files(self, paths: Sequence[Path]) -> list[IntakeLine]:
        """Walk, then take in."""
        arrivals = self._found(paths)
        self._take_up()
        return self._admitted(arrivals)

    def _admitted(self, arrivals: list[Arrival]) -> list[IntakeLine]:
        items = set(self._intake_of.values())
        already = {
            key_of(one.origin, one.origin_raw): one
            for one in self._exhibits
            if one.intake in items and one.origin is not None
        }
        self.door = Door(self.case, self._exhibits, already | self._members(items), self.progress, *self._limits)
        self.progress.expect(sum(one.size for one in arrivals))
        lines: list[IntakeLine] = []
        keys = {one.origin or one.path: one.key for one in arrivals}
        for told in self.door.admit(arrivals, self._body, self._begin_record):
            if isinstance(told, Failure):
                self._failure(told, self._top_of.get(keys[told.path]))
            else:
                lines.append(told)
        return lines

    def _found(self, paths: Sequence[Path]) -> list[Arrival]:
        arrivals = []
        for top, found in walk(paths, self.case.office.database.folder):
            self.progress.check()
            self._tops.setdefault(top)
            if isinstance(found, Failure):
                self._failure(found, top)
            else:
                arrivals.append(found)
                self._top_of[found.key] = top
        return arrivals

    def _failure(self, failure: Failure, top: bytes | None) -> None:
        self.failed.append(failure)
        if failure.again and top is not None:
            self._open.add(top)

    def _take_up(self) -> None:
        for record in self.case.records(Kind.INTAKE):
            for _, raw in _open_sources(record.body):
                if raw in self._tops:
                    self._intake_of[raw] = record.item
                    self._bodies[record.item] = record.body

    def _members(self, items: set[bytes]) -> dict[bytes, Exhibit]:
        """Members of mails and archives that came in before a crash cut their expansion short."""
        return {
            findings.member_key(one.parent, one.position or 0, one.path or one.name): one
            for one in self._exhibits
            if one.parent is not None and one.intake in items
        }

    def _begin_record(self, write: Write) -> None:
        fresh = [key for key in self._tops if key not in self._intake_of]
        if not fresh:
            return
        named = (lambda key: key.decode("utf-8", "replace")) if self._resumes else (lambda key: "")
        sources: list[Value] = [[named(key), key] for key in fresh]
        body: dict[str, Value] = {
            "state": "open",
            "sources": sources,
            "open": sources if self._resumes else [],
            "started_at": self.case.now().isoformat(timespec="seconds"),
        }
        stored = write.record(Kind.INTAKE, body)
        write.entry("recorded", records=[stored], details={"kind": "intake", "state": "open"})
        self._bodies[stored.item] = body
        self._intake_of.update((key, stored.item) for key in fresh)

    def _body(self, arrival: Arrival, number: str) -> dict[str, Value]:
        said = self._said
        return exhibit_body(
            number,
            arrival.name,
            said.acquisition,
            derived_from=said.derived_from,
            restricted=said.restricted,
            privileged=said.privileged,
            tags=said.tags,
            notes=said.notes,
            more={"intake": self._intake_of[self._top_of[arrival.key]]},
        )

    def close(self) -> None:
        """Say of each import of this call what is done of it. An import stays open while something may yet come."""
        write, changed = self.case.write(), False
        failed: list[Value] = [{"path": one.path, "reason": one.reason} for one in self.failed]
        for item, body in self._bodies.items():
            before = _open_sources(body)
            still = [one for one in before if one[1] not in self._tops or one[1] in self._open]
            if len(still) == len(before) and body.get("failed", []) == failed:
                continue
            state = "open" if still else "finished"
            now = self.case.now().isoformat(timespec="seconds")
            sources: list[Value] = [[text, raw] for text, raw in still]
            after: dict[str, Value] = {**body, "state": state, "open": sources, "failed": failed, "ended_at": now}
            stored = write.record(Kind.INTAKE, after, item)
            write.entry("recorded", records=[stored], details={"kind": "intake", "state": state})
            changed = True
        if changed:
            write.commit()


def _open_sources(body: Mapping[str, Value]) -> list[tuple[str, bytes]]:
    listed = body.get("open")
    found: list[tuple[str, bytes]] = []
    for one in listed if isinstance(listed, list) else []:
        match one:
            case [str(text), bytes(raw)]:
                found.append((text, raw))
    return found
