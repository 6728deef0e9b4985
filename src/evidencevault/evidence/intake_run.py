"""One import: what it takes in, in commits of some files, and what its record says of how far it came."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencevault.custody.casefile import CaseFile, Kind, Value, Write
from evidencevault.evidence import findings
from evidencevault.evidence.door import Door, IntakeLine
from evidencevault.evidence.exhibits import list_exhibits
from evidencevault.evidence.model import Acquisition, Derivation, Exhibit, exhibit_body
from evidencevault.evidence.names import key_of
from evidencevault.evidence.sources import Arrival, BytesSource, Failure, walk
from evidencevault.progress import Progress


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


class Run:
    """One call of ``intake.bring_in`` or ``bring_in_loose``."""

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
            for _, raw in open_sources(record.body):
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
            before = open_sources(body)
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


def open_sources(body: Mapping[str, Value]) -> list[tuple[str, bytes]]:
    """What is still open of an import: paths as shown, and their bytes."""
    listed = body.get("open")
    found: list[tuple[str, bytes]] = []
    for one in listed if isinstance(listed, list) else []:
        match one:
            case [str(text), bytes(raw)]:
                found.append((text, raw))
    return found
