"""What may be asked of a document worker and what comes back: limits, reasons, frozen answers. No wire, no process."""

from __future__ import annotations

import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from evidencevault.errors import Unreadable

MIB = 1 << 20
OCR_DPI = 200
"""How finely pages are drawn for text recognition; small ones up to twice as finely, vast ones less."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. Bytes, pages, pixels, seconds (wall clock, for each question)."""

    whole: int = 512 * MIB  # bytes of a document that must be in memory at once
    memory: int = 3 * 1024 * MIB
    pages: int = 20_000
    pixels: int = 40_000_000
    text: int = 20_000_000  # characters of one document
    page_text: int = 300_000
    answer: int = 512 * MIB  # bytes of one burnt or typeset file, or of one child
    children: int = 10_000
    children_bytes: int = 4 * 1024 * MIB
    children_ratio: int = 200  # unpacked bytes for each packed one, beyond the first 64 MiB
    hidden: int = 20_000
    seconds: float = 60.0
    seconds_long: float = 900.0
    seconds_office: float = 300.0  # a conversion by LibreOffice
    seconds_film: float = 4 * 3600.0  # every frame is decoded, drawn and encoded again
    recording: int = 12 * 3600 * 1000  # milliseconds


LIMITS = Limits()

UNSEEN_TEXT = 2000
"""Characters of one hidden item."""


class Reason(StrEnum):
    """Why a document could not be read."""

    TIME = "time"
    MEMORY = "memory"
    CRASHED = "crashed"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    EMPTY = "empty"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too large"
    BOMB = "bomb"
    NO_SUCH_PAGE = "no such page"
    NONSENSE = "nonsense"
    UNCONFINED = "unconfined"
    NOT_INSTALLED = "not installed"
    NO_HEIC = "no heic"
    NO_OFFICE = "no office"
    NO_MEMORY = "no memory file system"
    UNSAFE = "unsafe"


class DocumentFailed(Unreadable):
    """One document could not be read; the sentence names it, ``reason`` says why, ``detail`` holds no content."""

    def __init__(self, sentence: str, document: str = "", reason: Reason = Reason.DAMAGED, detail: str = "") -> None:
        super().__init__(sentence)
        self.document = document
        self.reason = reason
        self.detail = detail


class ByteSource(Protocol):
    """Random access to bytes; ``vault.objects.ObjectReader`` fits."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def read(self, offset: int, n: int) -> bytes:
        """Up to ``n`` bytes from ``offset``; fewer only at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Bytes:
    """A ByteSource over bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.data)

    def read(self, offset: int, n: int) -> bytes:
        """Up to ``n`` bytes from ``offset``."""
        return self.data[offset : offset + n]


@dataclass(frozen=True, slots=True)
class HiddenItem:
    """Something a page does not show. ``page`` from 1; 0 is the whole document.

    In ``Findings`` a sentence and how much of it; from ``Workers.hidden`` a code and the content.
    """

    kind: str
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a document is. ``pages`` is None where it can not be shown as pages; ``reason`` then says why.

    ``convertible``: ``Workers.convert`` may make pages of it.
    """

    media_type: str
    described: str
    mismatch: str
    pages: int | None
    reason: str
    encrypted: bool
    container: bool
    metadata: tuple[tuple[str, str], ...]
    hidden: tuple[HiddenItem, ...]
    convertible: bool = False

    @property
    def previewable(self) -> bool:
        """True if it can be shown as pages."""
        return self.pages is not None and self.pages > 0


class Box(NamedTuple):
    """A rectangle in points, origin at the top left of the page as displayed."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space: ``text == page.text[start:end]``."""

    text: str
    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page (from 1) in reading order, lines ended by newline, with a box for each character.

    ``boxes`` holds four little-endian floats for each character of ``text``; newlines have an empty box. ``width`` and
    ``height`` are points. ``pictured``: there are pixels or outlines on it in which further text could stand.
    """

    page: int
    width: float
    height: float
    text: str
    boxes: bytes
    pictured: bool = False

    def box(self, start: int, end: int | None = None) -> Box:
        """The box around the characters from ``start`` up to ``end`` (one character if left out)."""
        chars = array.array("f", self.boxes[16 * start : 16 * (start + 1 if end is None else end)])
        filled = [i for i in range(0, len(chars), 4) if chars[i + 2] > chars[i]] or list(range(0, len(chars), 4))
        return Box(
            min(chars[i] for i in filled),
            min(chars[i + 1] for i in filled),
            max(chars[i + 2] for i in filled),
            max(chars[i + 3] for i in filled),
        )

    def words(self) -> Iterator[Word]:
        """The words in reading order."""
        start = -1
        for at, letter in enumerate(self.text + " "):
            if not letter.isspace():
                start = at if start < 0 else start
            elif start >= 0:
                yield Word(self.text[start:at], start, at, self.box(start, at))
                start = -1


class Place(NamedTuple):
    """A box on a page (from 1)."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Setting:
    """How the letters under a box are set: number of the font, size, what is added after each letter, width of a space.

    Points. ``substitute``: the file's font lacks letters from A to Z, and those of a standard font, scaled, stand in.
    """

    font: int
    size: float
    spacing: float
    space: float
    substitute: bool


@dataclass(frozen=True, slots=True)
class Widths:
    """For each place its setting, None where nothing can be measured; for each font the advances in em."""

    settings: tuple[Setting | None, ...]
    fonts: tuple[dict[str, float], ...]

    def width(self, place: int, text: str) -> float | None:
        """The text's width in points as set at that place; None where it can not be measured. Kerning is ignored."""
        setting = self.settings[place]
        if setting is None or not text:
            return None
        advances, total = self.fonts[setting.font], 0.0
        for char in text:
            if char == " ":
                total += setting.space
            elif char in advances:
                total += advances[char] * setting.size + setting.spacing
            else:
                return None
        return total - setting.spacing


@dataclass(frozen=True, slots=True)
class Pixels:
    """A rendered page: RGB, three bytes a pixel, rows from the top without padding. ``pages`` of the document."""

    width: int
    height: int
    data: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle to overwrite: page from 1, points, origin top left; ``label`` is drawn white on the black box."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    label: str = ""


class Child(NamedTuple):
    """A file found inside another. ``name`` is relative, ``/`` between folders, no ``..`` or control characters."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Suspect:
    """A file to attack. ``burnt`` files must be nothing but pixels; where ``marks`` lie the pixels must be black.

    ``mode`` says how a redacted PDF was made: ``raster`` (what ``burnt`` means), ``structural``, or "" for other files.
    ``searchable``: a raster PDF with a layer of invisible text. ``stamps``: the number below each page, if any.
    """

    name: str
    source: ByteSource
    burnt: bool = False
    marks: tuple[Mark, ...] = ()
    mode: str = ""
    searchable: bool = False
    stamps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What the attack found: in which file, where; ``secret`` is the index into the secrets, None if it is a rule."""

    file: str
    where: str
    secret: int | None


@dataclass(frozen=True, slots=True)
class AttackReport:
    """What was tried and what was found. ``methods`` holds only what was really run."""

    files: int
    secrets: int
    methods: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """True if nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Face:
    """Perhaps a face, hair included: page from 1, box in points of it, ``score`` from 0 to 1. A human decides."""

    page: int
    box: Box
    score: float


class Span(NamedTuple):
    """A part of a recording, in milliseconds from its beginning."""

    start: int
    end: int


class Area(NamedTuple):
    """A rectangle of a film over a time: milliseconds; pixels as displayed, origin top left."""

    start: int
    end: int
    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording is. ``kind``: ``sound`` or ``video``; width and height as displayed, 0 of sound."""

    kind: str
    milliseconds: int
    width: int
    height: int
    streams: tuple[str, ...]
    metadata: tuple[tuple[str, str], ...]


PCM_RATE, PCM_CHANNELS = 48_000, 2
"""Samples a second, and channels, of what is played: 16 bits, little-endian, channels in turn."""
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a recording says of itself before it is played: milliseconds (0: nothing), whether film and sound."""

    milliseconds: int
    film: bool
    sound: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """Samples (``PCM_RATE``, ``PCM_CHANNELS``), and the milliseconds at which they begin."""

    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of a film, and the milliseconds from which it is displayed."""

    at: int
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class Redacted:
    """A new recording and the ending that its name must have: ``.wav``, ``.flac`` or ``.mp4``."""

    suffix: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Converted:
    """A PDF in the place of a document that has no pages by itself, and what made it, with its version."""

    data: bytes
    by: str


@dataclass(frozen=True, slots=True)
class Confinement:
    """Whether parsers are locked in here. ``parts`` are the proofs: what a real worker tried, and what came."""

    sandboxed: bool
    how: str
    parts: tuple[tuple[str, str], ...] = ()
