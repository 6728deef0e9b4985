"""The rows of the evidence list, made in the reading lane from the exhibits of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from weakref import WeakKeyDictionary

from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.rows import DOT
from evidencevault.documents.workers import recordings_available
from evidencevault.evidence import exhibits
from evidencevault.evidence.exhibits import Exhibit
from evidencevault.resources import tr

KINDS = ("document", "image", "audio", "video", "mail", "other")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One exhibit in the list. ``folded`` is the name to sort by, ``size`` in bytes (0: no file)."""

    id: str
    name: str
    folded: str
    kind: str
    icon: str
    sub: str
    when: str
    acquired: str
    state: str
    tone: str
    state_icon: str
    size: int
    sought: str
    child: bool
    pictured: bool  # whether a small picture of it may be drawn

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.id}, {self.name}, {self.sub}, {self.state}, {self.when}"


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of exhibits in the order of their numbers, and where to go on; None: these are all, from the first on."""

    rows: list[EvidenceRow]
    then: int | None

    @property
    def whole(self) -> bool:
        """Whether these are all."""
        return self.then is None


_made: WeakKeyDictionary[CaseFile, dict[str, tuple[Exhibit, date, EvidenceRow]]] = WeakKeyDictionary()


def evidence_slice(case: CaseFile, first: int, most: int) -> Slice:
    """So many exhibits of the list from one on. Used by the reading lane alone."""
    read, then = exhibits.more_exhibits(case, first, most)
    kept, now = _made.setdefault(case, {}), case.now()
    today, rows = now.date(), []
    for one in read:
        before = kept.get(one.number)
        if before is None or before[0] is not one or before[1] != today:
            before = kept[one.number] = one, today, evidence_row(one, now)
        rows.append(before[2])
    return Slice(rows, then)


def evidence_row(one: Exhibit, now: datetime) -> EvidenceRow:
    """One exhibit, whatever its state is called elsewhere."""
    name, (kind, icon, told) = words.one_line(one.name), _kind(one)
    state, tone, state_icon = _state(one)
    parts = [one.number, told]
    if one.parent is not None:
        parts.insert(1, tr("in {item}").format(item=words.isolated(one.parent)))
    if one.pages and kind in ("document", "mail"):
        parts[-1] = tr("{kind}, {n} p.").format(kind=told, n=one.pages)
    if one.size is not None:
        parts.append(words.isolated(words.size(one.size)))
    acquired = _time(one.acquired_at)
    return EvidenceRow(
        id=one.number,
        name=name,
        folded=name.casefold(),
        kind=kind,
        icon=icon,
        sub=DOT.join(parts),
        when=words.when(acquired, now) if acquired else "",
        acquired=one.acquired_at or "",
        state=state,
        tone=tone,
        state_icon=state_icon,
        size=one.size or 0,
        sought=" ".join([one.number, one.name, one.source, one.path or "", *one.tags]).casefold(),
        child=one.parent is not None,
        pictured=one.previewable and not one.restricted and one.object is not None,
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
    if (one.failure or not one.previewable) and not plays(one):
        return tr("No preview"), "plain", "file-lock"
    return tr("Sealed"), "good", "badge-check"


def plays(one: Exhibit) -> bool:
    """Whether it is a recording that can be played here."""
    kind = (one.media_type or "").partition("/")[0]
    return one.object is not None and kind in ("audio", "video") and recordings_available()


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.astimezone()
