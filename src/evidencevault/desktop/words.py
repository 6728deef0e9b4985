"""Stored words in words of the screen (records.md), and sizes and times as people of a language write them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QLocale, Qt, QTime

from evidencevault.resources import language, tr

DOT = "  ·  "
RIGHT = "\u200f"
_LONG = re.compile(r"[0-9a-f]{24,}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ISOLATE, END = "\u2068", "\u2069"  # around names, dates and sizes, so that they keep their order in Arabic text


@dataclass(frozen=True, slots=True)
class Act:
    """An action of the chain of custody as shown: words, icon and tone."""

    words: str
    icon: str
    tone: str


def act(action: str, kind: str = "") -> Act:
    """How an entry is shown; an action of a later version is shown by its own word. ``kind``: what its details say."""
    if (action, kind) == ("exported", "custody-report"):
        return Act(tr("Custody report made"), "file-text", "warn")
    if (action, kind) == ("signed", "interview"):
        return Act(tr("Interview signed"), "signature", "good")
    known = {
        "opened": Act(tr("Case opened"), "folder-open", "accent"),
        "granted": Act(tr("Access given"), "user", "accent"),
        "revoked": Act(tr("Access ended"), "user", "warn"),
        "walled": Act(tr("Excluded: conflict of interest"), "user", "bad"),
        "unwalling": Act(tr("End of an exclusion proposed"), "user", "warn"),
        "unwalled": Act(tr("Exclusion ended by two"), "user", "warn"),
        "rekeyed": Act(tr("New keys"), "lock", "accent"),
        "recovered": Act(tr("Recovered with recovery shares"), "lock", "warn"),
        "reincarnated": Act(tr("Restored from a backup"), "history", "warn"),
        "imported": Act(tr("Imported and encrypted"), "import", "accent"),
        "received": Act(tr("Received"), "import", "accent"),
        "transferred": Act(tr("Handed over"), "share", "warn"),
        "viewed": Act(tr("Opened for reading"), "eye", "plain"),
        "recorded": Act(tr("Recorded"), "file-pen", "accent"),
        "corrected": Act(tr("Corrected"), "pen-line", "warn"),
        "answered": Act(tr("Voiced concern answered"), "message-square-text", "good"),
        "decided": Act(tr("Decision signed"), "scale", "good"),
        "signed": Act(tr("Decision countersigned"), "signature", "good"),
        "marked": Act(tr("Redaction marked"), "eye-off", "warn"),
        "redacted": Act(tr("Redacted copy made"), "eye-off", "good"),
        "approved": Act(tr("Redaction approved"), "badge-check", "good"),
        "created": Act(tr("Bundle made"), "package-check", "accent"),
        "released": Act(tr("Bundle released"), "package-check", "good"),
        "exported": Act(tr("Original exported"), "upload", "warn"),
        "noted": Act(tr("Noted"), "info", "plain"),
        "due": Act(tr("What is due was brought up to date"), "clock", "plain"),
        "overdue": Act(tr("Overdue"), "clock", "bad"),
        "proposed": Act(tr("Closing proposed"), "folder-open", "accent"),
        "closed": Act(tr("Case closed"), "lock", "good"),
        "reopened": Act(tr("Case opened again"), "folder-open", "warn"),
        "erased": Act(tr("Erased"), "x", "bad"),
    }
    return known.get(action, Act(action, "info", "plain"))


def kind(code: str) -> str:
    """What was recorded."""
    return {
        "intake": tr("import"),
        "findings": tr("what the program saw in the file"),
        "person": tr("person"),
        "concern": tr("voiced concern"),
        "interview": tr("interview"),
        "decision": tr("decision"),
        "action": tr("action"),
        "recommendation": tr("recommendation"),
        "review": tr("review"),
        "case": tr("the case itself"),
        "exhibit": tr("evidence item"),
        "transfer": tr("hand-over"),
        "note": tr("note"),
        "unconfined": tr("files were read without confinement"),
    }.get(code, "")


def state(code: str) -> str:
    """A case's state."""
    return {
        "reported": tr("Reported"),
        "assessing": tr("Assessing"),
        "investigating": tr("Investigating"),
        "deciding": tr("Deciding"),
        "following-up": tr("Following up"),
        "closed": tr("Closed"),
    }.get(code, code)


def severity(code: str) -> tuple[str, str]:
    """A case's severity, and its tone."""
    return {
        "low": (tr("Low"), "good"),
        "medium": (tr("Medium"), "warn"),
        "high": (tr("High"), "bad"),
        "critical": (tr("Critical"), "bad"),
    }.get(code, (code, "plain"))


def role(code: str) -> str:
    """Whom a step is asked of."""
    return {
        "officer": tr("Safeguarding officer"),
        "legal": tr("Legal adviser"),
        "oversight": tr("Oversight"),
        "admin": tr("Administrator"),
    }.get(code, code)


def consent(code: str) -> str:
    """Whether an interviewee agreed."""
    return {
        "given": tr("given"),
        "assent": tr("assent of a child"),
        "refused": tr("refused"),
        "not-asked": tr("not asked"),
    }.get(code, code)


def prompt(code: str) -> str:
    """A kind of question."""
    return {
        "open": tr("open"),
        "direct": tr("direct"),
        "closed": tr("closed"),
        "leading": tr("leading"),
        "other": tr("other"),
    }.get(code, code)


def finding(code: str) -> tuple[str, str]:
    """What a decision found, and its tone."""
    return {
        "substantiated": (tr("Substantiated"), "bad"),
        "unsubstantiated": (tr("Unsubstantiated"), "good"),
        "inconclusive": (tr("Inconclusive"), "warn"),
        "not-applicable": (tr("Not applicable"), "plain"),
    }.get(code, (code, "plain"))


def method(code: str) -> str:
    """How something was acquired."""
    return {
        "received": tr("received"),
        "copied": tr("copied"),
        "photographed": tr("photographed"),
        "downloaded": tr("downloaded"),
        "device": tr("taken from a device"),
        "other": tr("otherwise"),
    }.get(code, code)


def isolated(text: str) -> str:
    """A name, date or size that keeps its own direction within a sentence."""
    return f"{ISOLATE}{text}{END}"


def reads_from_right() -> bool:
    """Whether the chosen language does."""
    return locale().textDirection() == Qt.LayoutDirection.RightToLeft


def line(parts: Iterable[str]) -> str:
    """Facts side by side, each in its own direction, in the order of the language."""
    mark = RIGHT if reads_from_right() else ""
    return mark + DOT.join(isolated(part) for part in parts if part)


def breakable(text: str) -> str:
    """Long words of hex digits may be broken at the end of a line: a head is compared whole, and never cut off."""
    return _LONG.sub(lambda found: "\u200b".join(found[0][n : n + 8] for n in range(0, len(found[0]), 8)), text)


def one_line(text: str) -> str:
    """A file's name as one line, with signs for what cannot be seen."""
    return "".join("⏎" if one in "\n\r\u2028\u2029" else one for one in visible(text))


def visible(text: str) -> str:
    """Exact words, with a sign for each control character and each character that turns text around."""
    return "".join(one if _is_shown(one) else "\ufffd" for one in text)


def _is_shown(one: str) -> bool:
    return one in "\t\n\r" or (one not in _TURNING and unicodedata.category(one) not in ("Cc", "Cs"))


def tip(text: str) -> str:
    """For a tooltip: text that looks like markup stays text."""
    return f"<qt>{html.escape(text)}</qt>"


def locale() -> QLocale:
    """The chosen language's."""
    return QLocale(language())


def size(count: int) -> str:
    """Bytes, such as ``1.2 MB``."""
    return locale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def duration(seconds: float) -> str:
    """Time left, as rough as it is known."""
    if seconds < 60:
        return tr("about {n} s left").format(n=max(1, round(seconds)))
    return tr("about {n} min left").format(n=round(seconds / 60))


def when(at: datetime, now: datetime) -> str:
    """A moment as seen from today: ``14:31``, ``Yesterday``, ``19 Nov``, ``19 Nov 2025``; in the zone of ``now``."""
    here = at.astimezone(now.tzinfo)
    day = QDate(here.year, here.month, here.day)
    if here.date() == now.date():
        return locale().toString(QTime(here.hour, here.minute), "HH:mm")
    if here.date() == now.date() - timedelta(days=1):
        return tr("Yesterday")
    return locale().toString(day, "d MMM" if here.year == now.year else "d MMM yyyy")


def moment(at: datetime, now: datetime) -> str:
    """Day and time as seen from today: ``Today 14:31``, ``19 Nov 14:31``."""
    here = at.astimezone(now.tzinfo)
    time = locale().toString(QTime(here.hour, here.minute), "HH:mm")
    day = tr("Today") if here.date() == now.date() else when(at, now)
    return f"{day} {time}"


def stamp(at: datetime) -> str:
    """Day, time and distance from UTC in full, for what must be exact."""
    return at.strftime("%Y-%m-%d %H:%M:%S %z")
