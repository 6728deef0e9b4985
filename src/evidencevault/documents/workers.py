"""Start, feed, time out and kill: one supervised process per document. Nothing that it says is believed unchecked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import PurePath
from typing import BinaryIO, cast

from evidencevault.documents.requests import (
    DOOR,
    FRAME_MAX,
    LIMITS,
    READ_MAX,
    AttackReport,
    Bytes,
    ByteSource,
    Child,
    Confinement,
    DocumentFailed,
    Finding,
    Findings,
    Limits,
    Mark,
    PageText,
    Pixels,
    Reason,
    Suspect,
    child_name,
    frame,
    read_frame,
    shown_name,
)
from evidencevault.resources import tr

_LONG = ("burn", "attack", "children", "text")
NEEDED = frozenset({"landlock", "seccomp"})
_KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "HOME")


class Workers:
    """Asks a fresh confined process about one document at a time. Thread-safe: no state but the limits."""

    def __init__(self, unconfined: bool = False, limits: Limits = LIMITS) -> None:
        self._unconfined = unconfined
        self._limits = limits

    def look(self, name: str, source: ByteSource) -> Findings:
        """Type, mismatch, pages and metadata. Raises DocumentFailed."""
        said, _ = self._one(name, "look", source)
        reason = Reason(_text(said["failed"], 40)) if said.get("failed") else None
        suffix = PurePath(name).suffix
        media = _text(said.get("media_type"), 200)
        mismatch = tr("The name ends in {suffix}, the content is {media}.").format(
            suffix=shown_name(suffix), media=media
        )
        return Findings(
            media_type=media,
            described=_text(said.get("described"), 500),
            mismatch=mismatch if said.get("mismatch") is True else "",
            pages=None if reason else _number(said.get("pages"), self._limits.pages),
            reason=sentence(name, reason) if reason else "",
            encrypted=reason is Reason.ENCRYPTED,
            container=said.get("container") is True,
            metadata=tuple((_text(one[0], 200), _text(one[1], 2000)) for one in _pairs(said.get("metadata"))),
            hidden=(),
        )

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        """All pages with their text and a box for each character. Raises DocumentFailed."""
        pages = []
        for said, boxes in self._ask(name, "text", source):
            text = _text(said.get("text"), self._limits.page_text)
            if len(boxes) != 16 * len(text):
                raise failed(name, Reason.NONSENSE)
            number = _number(said.get("page"), self._limits.pages)
            pages.append(PageText(number, _real(said.get("width")), _real(said.get("height")), text, boxes))
        return pages

    def render(self, name: str, source: ByteSource, page: int, width: int) -> Pixels:
        """One page (from 1) at about ``width`` pixels. Raises DocumentFailed."""
        said, rgb = self._one(name, "render", source, page=page, width=width)
        wide, high = _number(said.get("width"), 1 << 16), _number(said.get("height"), 1 << 20)
        if wide * high > self._limits.pixels or len(rgb) != 3 * wide * high:
            raise failed(name, Reason.NONSENSE)
        return Pixels(wide, high, rgb, _number(said.get("pages"), self._limits.pages))

    def thumbnail(self, name: str, source: ByteSource) -> bytes:
        """A PNG of at most 256 pixels a side. Raises DocumentFailed."""
        _, png = self._one(name, "thumbnail", source)
        if not png.startswith(b"\x89PNG") or len(png) > 1 << 20:
            raise failed(name, Reason.NONSENSE)
        return png

    def children(self, name: str, source: ByteSource) -> Iterator[Child]:
        """The files inside a mail or an archive, one by one. Raises DocumentFailed, also after some were given."""
        for said, data in self._ask(name, "children", source):
            yield Child(child_name(_text(said.get("child"), 4096)), data)

    def burn(self, name: str, source: ByteSource, marks: Sequence[Mark], dpi: int = 200) -> bytes:
        """A new PDF of pixels only, marked areas overwritten before it was made. Raises DocumentFailed."""
        _, data = self._one(name, "burn", source, marks=_rows(marks), dpi=dpi)
        if not data.startswith(b"%PDF-"):
            raise failed(name, Reason.NONSENSE)
        return data

    def typeset(self, html: str) -> bytes:
        """HTML as a PDF of A4 pages with numbers and embedded fonts. Raises DocumentFailed."""
        _, data = self._one("report.html", "typeset", Bytes(html.encode()))
        if not data.startswith(b"%PDF-"):
            raise failed("report.html", Reason.NONSENSE)
        return data

    def attack(self, files: Sequence[Suspect], secrets: Sequence[str]) -> AttackReport:
        """Look for every secret in every file, a process for each. Raises DocumentFailed where it could not be done."""
        findings: list[Finding] = []
        methods: dict[str, None] = {}
        for one in files:
            more: dict[str, object] = {
                "file": one.name,
                "secrets": list(secrets),
                "burnt": one.burnt,
                "marks": _rows(one.marks),
            }
            said, _ = self._one(one.name, "attack", one.source, **more)
            untrusted_methods, untrusted_found = said.get("methods"), said.get("findings")
            if not isinstance(untrusted_methods, list) or not isinstance(untrusted_found, list):
                raise failed(one.name, Reason.NONSENSE)
            methods.update(dict.fromkeys(_text(method, 200) for method in untrusted_methods))
            for row in _pairs(untrusted_found):
                number = None if row[1] is None else _number(row[1], len(secrets) - 1)
                findings.append(Finding(one.name, _text(row[0], 200), number))
        return AttackReport(len(files), len(secrets), tuple(methods), tuple(findings))

    def probe(self, act: str = "") -> dict[str, bool]:
        """Let a worker try what it must not be able to do; ``act`` may be hang, exhaust or crash."""
        said, _ = self._one("probe", "probe", Bytes(b""), act=act)
        refused = said.get("refused")
        return {str(name): value is True for name, value in refused.items()} if isinstance(refused, dict) else {}

    def _one(self, name: str, ask: str, source: ByteSource, **more: object) -> tuple[dict[str, object], bytes]:
        said = list(self._ask(name, ask, source, **more))
        if len(said) != 1:
            raise failed(name, Reason.NONSENSE)
        return said[0]

    def _ask(
        self, name: str, ask: str, source: ByteSource, **more: object
    ) -> Iterator[tuple[dict[str, object], bytes]]:
        process = _start()
        expired = threading.Event()

        def stop() -> None:
            expired.set()
            process.kill()

        # Whole documents are burnt and attacked, and while children are given out the importer works too.
        limits = self._limits
        if ask in _LONG:
            limits = replace(limits, seconds=limits.seconds_long)
        clock = threading.Timer(limits.seconds, stop)
        clock.start()
        question = {
            "ask": ask,
            "suffix": PurePath(name).suffix[:16],
            "size": source.size,
            "limits": asdict(limits),
        }
        try:
            yield from self._converse(name, process, {**question, **more}, source)
        except (ValueError, EOFError, BrokenPipeError) as error:
            raise failed(name, Reason.TIME if expired.is_set() else _ended(process)) from error
        finally:
            clock.cancel()
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(BrokenPipeError):
                    cast(BinaryIO, pipe).close()

    def _converse(
        self, name: str, process: subprocess.Popen[bytes], question: dict[str, object], source: ByteSource
    ) -> Iterator[tuple[dict[str, object], bytes]]:
        to, back = cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
        _send(to, "ask", question)
        trusted, parts, total = False, bytearray(), 0
        while True:
            tag, said = read_frame(lambda length: _exact(back, length), FRAME_MAX)
            if tag == "ready":
                trusted = self._unconfined or (isinstance(said, list) and set(NEEDED) <= set(said))
                if not trusted:
                    raise unconfined_refusal()
            elif tag == "read" and trusted:
                self._give(to, said, source)
            elif tag == "part" and isinstance(said, bytes):
                parts += said
                total += len(said)
                if len(parts) > self._limits.answer or total > self._limits.children_bytes:
                    raise failed(name, Reason.TOO_LARGE)
            elif tag == "item" and isinstance(said, dict):
                yield said, bytes(parts)
                parts.clear()
            elif tag == "failed":
                raise failed(name, Reason(_text(said, 40)))
            elif tag == "done":
                return
            else:
                raise ValueError("a frame out of place")

    def _give(self, to: BinaryIO, untrusted_place: object, source: ByteSource) -> None:
        match untrusted_place:
            case [int(offset), int(length)] if 0 <= offset <= source.size and 0 < length <= READ_MAX:
                _send(to, "data", source.read(offset, length))
            case _:
                raise ValueError("asked for bytes that are not there")


def unconfined_refusal() -> DocumentFailed:
    """What is said where foreign files cannot be read safely."""
    return DocumentFailed(
        tr(
            "This machine cannot confine the reading of foreign files, so none is read. They are safe in the vault. "
            "“--unconfined” reads them all the same, and is entered in the chain of custody."
        ),
        reason=Reason.UNCONFINED,
    )


def failed(name: str, reason: Reason) -> DocumentFailed:
    """The error for one document."""
    return DocumentFailed(sentence(name, reason), name, reason)


def _send(to: BinaryIO, tag: str, payload: object) -> None:
    to.write(frame(tag, payload))
    to.flush()


def _exact(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("the worker ended without an answer")
    return data


def sentence(name: str, reason: Reason) -> str:
    """Why a document cannot be read."""
    said = {
        Reason.EMPTY: tr("“{name}” is empty."),
        Reason.ENCRYPTED: tr("“{name}” is encrypted; it is kept as it is, and cannot be shown without its password."),
        Reason.UNSUPPORTED: tr("“{name}” is of a kind that cannot be shown; it is kept as it is."),
        Reason.TOO_LARGE: tr("“{name}” is larger than what is read safely; it is kept as it is."),
        Reason.BOMB: tr("“{name}” unpacks to far more than it holds, as a bomb does; it is kept as it is, unopened."),
        Reason.MEMORY: tr("“{name}” needs more memory than is allowed; it is kept as it is."),
        Reason.TIME: tr("Reading “{name}” took too long and was stopped; it is kept as it is."),
        Reason.CRASHED: tr("“{name}” broke the reader of documents; it is kept as it is, and the vault goes on."),
        Reason.NO_SUCH_PAGE: tr("“{name}” has no such page."),
    }.get(reason, tr("“{name}” is damaged or not what it says; it is kept as it is."))
    return said.format(name=shown_name(name))


def confinement() -> Confinement:
    """Start a worker and let it try what it must not: sandboxed only if everything was refused."""
    try:
        refused = Workers(limits=replace(LIMITS, seconds=20)).probe()
    except DocumentFailed as error:
        return Confinement(False, error.sentence)
    parts = tuple((name, tr("refused") if held else tr("possible")) for name, held in sorted(refused.items()))
    return Confinement(bool(refused) and all(refused.values()), " + ".join(sorted(NEEDED)), parts)


def _start() -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if "PYTHONPATH" in kept:
        kept["PYTHONPATH"] = os.pathsep.join(
            os.path.abspath(one) for one in kept["PYTHONPATH"].split(os.pathsep) if one
        )
    # -P: the current folder, which may hold evidence, is no place to import from.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "evidencevault", DOOR],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONUTF8": "1"},
        cwd="/" if os.name == "posix" else None,
    )


def _ended(process: subprocess.Popen[bytes]) -> Reason:
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return Reason.NONSENSE  # it talks nonsense and lives on
    return Reason.TIME if code == -signal.SIGXCPU else Reason.CRASHED


def _rows(marks: Sequence[Mark]) -> list[list[object]]:
    return [[one.page, one.x0, one.y0, one.x1, one.y1, one.label] for one in marks]


def _pairs(untrusted: object) -> list[list[object]]:
    rows = untrusted if isinstance(untrusted, list) else []
    return [row for row in rows[:500] if isinstance(row, list) and len(row) == 2]


def _text(untrusted: object, most: int) -> str:
    return untrusted[:most] if isinstance(untrusted, str) else ""


def _number(untrusted: object, most: int) -> int:
    if not isinstance(untrusted, int) or not 0 <= untrusted <= most:
        raise ValueError("a number is out of bounds")
    return untrusted


def _real(untrusted: object) -> float:
    if not isinstance(untrusted, (int, float)) or not abs(untrusted) < 1e7:
        raise ValueError("a number is out of bounds")
    return float(untrusted)
