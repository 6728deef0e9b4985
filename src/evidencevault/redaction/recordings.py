"""Sound and film: stretches silenced, parts of the picture blackened, everything encoded anew; then attacked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import Area, AttackReport, Bytes, ByteSource, Recording, Redacted, Span, Suspect
from evidencevault.errors import Refused
from evidencevault.evidence import reading
from evidencevault.progress import Progress
from evidencevault.redaction import attacking
from evidencevault.redaction.attacking import Attacker, Report
from evidencevault.redaction.marks import Plan
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr

SOUND, FILM = "sound", "film"
KINDS = {"audio": SOUND, "video": FILM}


class Recorder(Protocol):
    """What redacting recordings asks of ``documents.workers.Workers``."""

    def recording(self, name: str, source: ByteSource) -> Recording:
        """Kind, length and size."""
        ...

    def silence(
        self, name: str, source: ByteSource, spans: Sequence[Span], heard: Callable[[int], None] | None = None
    ) -> Redacted:
        """The sound with silence over the spans."""
        ...

    def blacken(
        self,
        name: str,
        source: ByteSource,
        areas: Sequence[Area],
        spans: Sequence[Span],
        seen: Callable[[int], None] | None = None,
    ) -> Redacted:
        """The film drawn anew, areas black, spans silent."""
        ...

    def attack_recording(
        self, name: str, source: ByteSource, spans: Sequence[Span], areas: Sequence[Area] = ()
    ) -> AttackReport:
        """Decode what was made and look for what should be gone."""
        ...


class _Both(Recorder, Attacker, Protocol):
    """A recorder whose output is attacked."""


def kind_of(subject: Subject) -> str:
    """``sound``, ``film`` or "" for what is no recording."""
    return KINDS.get(subject.media_type.partition("/")[0], "") if subject.object is not None else ""


def redacted(
    case: CaseFile, workers: _Both, subject: Subject, plan: Plan, purpose: str, progress: Progress
) -> tuple[Redacted, Report]:
    """The recording as its plan wants it, and the report of the attack on it; the view is entered first.

    Raises Refused where the attack finds something, DocumentFailed where it cannot be decoded, Cancelled.
    """
    spans = [Span(mark.span.start, mark.span.end) for mark in plan.marks if mark.span and not mark.boxes]
    areas = [
        Area(mark.span.start, mark.span.end, int(box.x0), int(box.y0), int(-(-box.x1 // 1)), int(-(-box.y1 // 1)))
        for mark in plan.marks
        if mark.span
        for box in mark.boxes
    ]
    with reading.original(case, subject.number, purpose=purpose, how="recording") as reader:

        def heard(_: int) -> None:
            progress.check()

        if kind_of(subject) == SOUND:
            made = workers.silence(subject.name, reader, spans, heard)
        else:
            made = workers.blacken(subject.name, reader, areas, spans, heard)
    name, data = f"{subject.number}{made.suffix}", Bytes(made.data)
    found = workers.attack_recording(name, data, spans, areas)
    if not found.clean:
        raise Refused(
            tr("The leak check found {what} in {file} ({where}), {count} finds in all. Nothing has left.").format(
                what=tr("something that must not be there"),
                file=name,
                where=found.findings[0].where,
                count=len(found.findings),
            )
        )
    secrets = attacking.all_secrets(case)
    methods = attacking.attack(workers, [Suspect(name, data)], secrets, progress)
    return made, Report((*found.methods, *methods), len(secrets), 0, "", 0)
