"""The frozen records of evidence, and their bodies as stored (records.md, "exhibit")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from evidencevault.custody.casefile import Record, Value
from evidencevault.errors import Damaged, UsageError
from evidencevault.resources import tr

METHODS = ("received", "copied", "photographed", "downloaded", "device", "other")
RELATIONS = ("translation", "transcript", "copy", "part")
CUSTODY = ("known", "unknown")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How something came: from whom, when (RFC 3339, or a date), by whom, where, how, in what condition.

    ``custody_before`` is ``known`` or ``unknown`` (or None: nobody said), ``custody_known`` what is known of it.
    """

    source: str
    acquired_at: str | None = None
    acquired_by: str | None = None
    place: str | None = None
    method: str = "received"
    condition: str | None = None
    custody_before: str | None = None
    custody_known: str | None = None

    def checked(self, now: datetime) -> Acquisition:
        """The same with its time in RFC 3339 (``now`` gives the zone where none was written). Raises UsageError."""
        if not self.source.strip():
            raise UsageError(tr("Say from whom the evidence comes (source). Nothing was brought in."))
        _one_of(self.method, METHODS, tr("method"))
        if self.custody_before is not None:
            _one_of(self.custody_before, CUSTODY, tr("custody before"))
        return Acquisition(
            self.source,
            checked_time(self.acquired_at, now),
            self.acquired_by,
            self.place,
            self.method,
            self.condition,
            self.custody_before,
            self.custody_known,
        )


@dataclass(frozen=True, slots=True)
class Derivation:
    """This was made from exhibit ``ref``: a translation, transcript, copy or part, by whom."""

    ref: str
    relation: str
    by: str | None = None

    def checked(self) -> Derivation:
        """Itself; raises UsageError for an unknown relation."""
        _one_of(self.relation, RELATIONS, tr("relation"))
        return self


@dataclass(frozen=True, slots=True)
class Held:
    """Where something that is no file is kept, and under which seal."""

    place: str
    seal: str | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One evidence item. ``sha256`` (32 bytes), ``size`` (bytes) and ``object`` are None for what is no file.

    From ``media_type`` on it is what the document worker found; all None or empty before it looked.
    """

    number: str
    item: bytes
    revision: int
    sequence: int
    name: str
    source: str
    acquired_at: str | None = None
    acquired_by: str | None = None
    place: str | None = None
    method: str = "received"
    condition: str | None = None
    custody_before: str | None = None
    custody_known: str | None = None
    path: str | None = None  # its place in the folder, mail or archive it came in
    origin: str | None = None  # the absolute path it was read from
    origin_raw: bytes | None = None  # its bytes, where they are not the UTF-8 of ``origin``
    modified: str | None = None  # the file's own time stamp, RFC 3339
    sha256: bytes | None = None
    size: int | None = None
    object: bytes | None = None
    parent: str | None = None
    position: int | None = None  # among the parent's members, from 0
    derived_from: Derivation | None = None
    held: Held | None = None
    restricted: str | None = None  # the reason
    privileged: str | None = None  # the basis
    tags: tuple[str, ...] = ()
    notes: str | None = None
    duplicate_of: str | None = None
    intake: bytes | None = None
    media_type: str | None = None
    pages: int | None = None
    previewable: bool = False
    warnings: tuple[str, ...] = ()
    failure: str | None = None
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What the document worker saw in one exhibit; ``failure`` is the sentence where it saw nothing."""

    exhibit: str
    media_type: str | None = None
    pages: int | None = None
    previewable: bool = False
    warnings: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    failure: str | None = None

    def to_body(self) -> dict[str, Value]:
        """As stored."""
        return {
            "exhibit": self.exhibit,
            "media_type": self.media_type,
            "pages": self.pages,
            "previewable": self.previewable,
            "warnings": list(self.warnings),
            "metadata": dict(self.metadata),
            "hidden": list(self.hidden),
            "failure": self.failure,
        }

    @classmethod
    def from_record(cls, record: Record) -> Findings:
        """As read. Raises Damaged."""
        body = record.body
        metadata = _get(body, "metadata", dict) or {}
        return cls(
            _must(body, "exhibit", str),
            _get(body, "media_type", str),
            _get(body, "pages", int),
            bool(body.get("previewable")),
            texts(body, "warnings"),
            {name: str(value) for name, value in metadata.items()},
            texts(body, "hidden"),
            _get(body, "failure", str),
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """One hand-over of something that is no file: to whom, why, when, where, its condition and seal."""

    exhibit: str
    to: str
    purpose: str
    at: str
    place: str | None = None
    condition: str | None = None
    seal: str | None = None

    def to_body(self) -> dict[str, Value]:
        """As stored."""
        return {
            "exhibit": self.exhibit,
            "to": self.to,
            "purpose": self.purpose,
            "at": self.at,
            "place": self.place,
            "condition": self.condition,
            "seal": self.seal,
        }

    @classmethod
    def from_record(cls, record: Record) -> Transfer:
        """As read. Raises Damaged."""
        body = record.body
        return cls(
            _must(body, "exhibit", str),
            _must(body, "to", str),
            _must(body, "purpose", str),
            _must(body, "at", str),
            _get(body, "place", str),
            _get(body, "condition", str),
            _get(body, "seal", str),
        )


def exhibit_body(
    number: str,
    name: str,
    acquisition: Acquisition,
    *,
    derived_from: Derivation | None = None,
    held: Held | None = None,
    restricted: str | None = None,
    privileged: str | None = None,
    tags: tuple[str, ...] = (),
    notes: str | None = None,
    more: Mapping[str, Value] | None = None,
) -> dict[str, Value]:
    """The body of a new exhibit's record; ``more`` holds what its door knows (path, digest, parent …)."""
    body: dict[str, Value] = {
        "number": number,
        "name": name,
        "source": acquisition.source,
        "acquired_at": acquisition.acquired_at,
        "acquired_by": acquisition.acquired_by,
        "place": acquisition.place,
        "method": acquisition.method,
        "condition": acquisition.condition,
        "custody_before": acquisition.custody_before,
        "custody_known": acquisition.custody_known,
        "restricted": restricted,
        "privileged": privileged,
        "tags": list(tags),
        "notes": notes,
        "derived_from": None
        if derived_from is None
        else {"ref": derived_from.ref, "relation": derived_from.relation, "by": derived_from.by},
        "held": None if held is None else {"place": held.place, "seal": held.seal},
    }
    body.update(more or {})
    return {key: value for key, value in body.items() if value is not None and value != []}


def exhibit_from(record: Record, findings: Findings | None) -> Exhibit:
    """An exhibit's record with what was found in it. Raises Damaged."""
    body = record.body
    derived, held = _get(body, "derived_from", dict), _get(body, "held", dict)
    exhibit = Exhibit(
        number=_must(body, "number", str),
        item=record.item,
        revision=record.revision,
        sequence=record.sequence,
        name=_must(body, "name", str),
        source=_must(body, "source", str),
        acquired_at=_get(body, "acquired_at", str),
        acquired_by=_get(body, "acquired_by", str),
        place=_get(body, "place", str),
        method=_must(body, "method", str),
        condition=_get(body, "condition", str),
        custody_before=_get(body, "custody_before", str),
        custody_known=_get(body, "custody_known", str),
        path=_get(body, "path", str),
        origin=_get(body, "origin", str),
        origin_raw=_get(body, "origin_raw", bytes),
        modified=_get(body, "modified", str),
        sha256=_get(body, "sha256", bytes),
        size=_get(body, "size", int),
        object=_get(body, "object", bytes),
        parent=_get(body, "parent", str),
        position=_get(body, "position", int),
        derived_from=_derivation(derived),
        held=Held(_must(held, "place", str), _get(held, "seal", str)) if held else None,
        restricted=_get(body, "restricted", str),
        privileged=_get(body, "privileged", str),
        tags=texts(body, "tags"),
        notes=_get(body, "notes", str),
        duplicate_of=_get(body, "duplicate_of", str),
        intake=_get(body, "intake", bytes),
    )
    return with_findings(exhibit, findings)


def with_findings(exhibit: Exhibit, found: Findings | None) -> Exhibit:
    """The exhibit with what the worker found."""
    if found is None:
        return exhibit
    return replace(
        exhibit,
        media_type=found.media_type,
        pages=found.pages,
        previewable=found.previewable,
        warnings=found.warnings,
        failure=found.failure,
        looked_at=True,
    )


def _derivation(body: Mapping[str, Value] | None) -> Derivation | None:
    if not body:
        return None
    return Derivation(_must(body, "ref", str), _must(body, "relation", str), _get(body, "by", str))


def checked_time(text: str | None, now: datetime) -> str | None:
    """A date as it is, a time in RFC 3339 with the zone of ``now`` where none was written. Raises UsageError."""
    if text is None:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        sentence = tr("“{text}” is no time. Write it as 2026-03-01 or 2026-03-01T14:30+01:00.")
        raise UsageError(sentence.format(text=text)) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)).isoformat()


def texts(body: Mapping[str, Value], key: str) -> tuple[str, ...]:
    """A stored list of texts."""
    found = _get(body, key, list) or []
    if not all(isinstance(one, str) for one in found):
        raise _malformed(key)
    return tuple(str(one) for one in found)


def _get(body: Mapping[str, Value], key: str, kind: type[_T]) -> _T | None:
    found = body.get(key)
    if found is not None and not isinstance(found, kind):
        raise _malformed(key)
    return found


def _must(body: Mapping[str, Value], key: str, kind: type[_T]) -> _T:
    found = _get(body, key, kind)
    if found is None:
        raise _malformed(key)
    return found


def _malformed(key: str) -> Damaged:
    return Damaged(tr("A record of the evidence is malformed (“{key}”).").format(key=key))


def _one_of(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        sentence = tr("“{value}” is no known {what}. Known: {known}.")
        raise UsageError(sentence.format(value=value, what=what, known=", ".join(known)))
