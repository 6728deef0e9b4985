"""The rows of the evidence list, made in the reading lane from the exhibits of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.rows import DOT
from evidencevault.evidence import exhibits
from evidencevault.evidence.exhibits import Exhibit
from evidencevault.resources import tr

KINDS = ("document", "image", "audio", "video", "mail", "other")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One exhibit in the list. ``order`` is its place in the order of numbers, ``size`` bytes (0: no file)."""

    id: str
    name: str
    kind: str
    icon: str
    sub: str
    when: str
    acquired: str
    state: str
    tone: str
    state_icon: str
    order: int
    size: int
    sought: str
    child: bool

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.id}, {self.name}, {self.sub}, {self.state}, {self.when}"


def evidence_rows(case: CaseFile) -> list[EvidenceRow]:
    """All exhibits, in the order of their numbers."""
    now = case.now()
    return [evidence_row(one, order, now) for order, one in enumerate(exhibits.list_exhibits(case))]


def evidence_row(one: Exhibit, order: int, now: datetime) -> EvidenceRow:
    """One exhibit, whatever its state is called elsewhere."""
    kind, icon, told = _kind(one)
    state, tone, state_icon = _state(one)
    parts = [one.number, told]
    if one.pages and kind in ("document", "mail"):
        parts[1] = tr("{kind}, {n} p.").format(kind=told, n=one.pages)
    if one.size is not None:
        parts.append(words.isolated(words.size(one.size)))
    acquired = _time(one.acquired_at)
    return EvidenceRow(
        id=one.number,
        name=words.one_line(one.name),
        kind=kind,
        icon=icon,
        sub=DOT.join(parts),
        when=words.when(acquired, now) if acquired else "",
        acquired=one.acquired_at or "",
        state=state,
        tone=tone,
        state_icon=state_icon,
        order=order,
        size=one.size or 0,
        sought=" ".join([one.number, one.name, one.source, one.path or "", *one.tags]).casefold(),
        child=one.parent is not None,
    )


def _kind(one: Exhibit) -> tuple[str, str, str]:
    """Kind for the filter, icon, and what it is called."""
    if one.held is not None:
        return "other", "archive", tr("Kept, no file")
    media = one.media_type or ""
    top, _, sub = media.partition("/")
    if media in ("message/rfc822", "application/vnd.ms-outlook", "application/mbox"):
        return "mail", "mail", tr("E-mail")
    if top in ("image", "audio", "video"):
        return top, {"audio": "mic"}.get(top, top), {
            "image": tr("Image"), "audio": tr("Audio"), "video": tr("Video")
        }[top]  # fmt: skip
    if "spreadsheet" in sub or sub in ("vnd.ms-excel", "csv"):
        return "document", "file-spreadsheet", tr("Spreadsheet")
    if sub in ("zip", "x-tar", "x-7z-compressed", "x-rar", "vnd.rar", "gzip", "x-bzip2", "x-xz"):
        return "other", "archive", tr("Archive")
    if sub == "pdf":
        return "document", "file-text", tr("PDF")
    if top == "text" or "wordprocessing" in sub or sub in ("msword", "rtf", "vnd.oasis.opendocument.text"):
        return "document", "file-text", tr("Document")
    return "other", "files", tr("File")


def _state(one: Exhibit) -> tuple[str, str, str]:
    """In one word what somebody should know of it, its tone, its icon."""
    if one.restricted:
        return tr("Restricted"), "bad", "lock"
    if one.warnings:
        return tr("Look closely"), "warn", "triangle-alert"
    if one.held is not None:
        return tr("Kept"), "plain", "archive"
    if not one.looked_at:
        return tr("Not looked at"), "plain", "clock"
    if one.failure or not one.previewable:
        return tr("No preview"), "plain", "file-lock"
    return tr("Sealed"), "good", "badge-check"


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.astimezone()
