"""One question to one process: start, feed, time out, kill. Nothing that the process says is believed unchecked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import BinaryIO, cast

from evidencevault.documents import processes
from evidencevault.documents.frames import READ_MAX, read_frame, send
from evidencevault.documents.processes import Process
from evidencevault.documents.requests import ByteSource, Limits, Reason
from evidencevault.documents.said import Said, reason_of
from evidencevault.documents.sentences import failed, no_process, unconfined_refusal

NEEDED = frozenset({"landlock", "seccomp"})
_LONG = (
    "burn", "rebuild", "attack", "children", "text", "hidden", "ocr", "faces", "recording", "still", "silence",
)  # fmt: skip
_FILM = ("blacken", "recheck", "play")
_SAYING = ("silence", "blacken")
_KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "HOME")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked (``kind``) about the document ``name``, what it may cost, and options of the kind."""

    kind: str
    name: str
    source: ByteSource
    limits: Limits
    more: Mapping[str, object]

    def asked(self) -> dict[str, object]:
        """What the worker hears: of the name no more than its ending, and no path."""
        plain = {
            "ask": self.kind,
            "suffix": PurePath(self.name).suffix[:16],
            "size": self.source.size,
            "limits": asdict(self.limits),
        }
        return {**plain, **self.more}

    def most(self) -> tuple[int, int, int]:
        """How many answers may come, the bytes of one, the bytes of all."""
        limits = self.limits
        if self.kind in ("text", "ocr"):  # sixteen bytes of box for each character
            return limits.pages, 16 * limits.page_text, 16 * limits.text
        if self.kind == "burn":
            return limits.pages, limits.answer, limits.answer
        if self.kind in _SAYING:  # words on how far it is, then the file
            return 1 + limits.recording // 5000, limits.answer, limits.answer
        if self.kind == "play":  # a stream: what it gives is looked at and let go
            return limits.recording, 3 * limits.pixels, 1 << 62
        if self.kind == "faces":
            return limits.pages, 0, 0
        if self.kind == "children":
            return limits.children, limits.answer, limits.children_bytes
        if self.kind == "hidden":  # items in batches, no bytes
            return limits.hidden + 1, 0, 0
        return 1, limits.answer, limits.answer


def answers(
    question: Question, unconfined: bool = False, begun: Callable[[Callable[[], None]], None] | None = None
) -> Iterator[Said]:
    """Put the question to a fresh process. However this ends, the process is gone then. Raises DocumentFailed.

    ``begun`` is given what ends the process at once, from any thread.
    """
    if question.kind in _LONG:
        # Whole documents are burnt and attacked, and while children are given out the importer works too.
        question = replace(question, limits=replace(question.limits, seconds=question.limits.seconds_long))
    if question.kind == "convert":
        question = replace(question, limits=replace(question.limits, seconds=question.limits.seconds_office))
    if question.kind in _FILM:
        question = replace(question, limits=replace(question.limits, seconds=question.limits.seconds_film))
    process = _start(question.name)
    expired = threading.Event()

    def stop() -> None:
        expired.set()
        process.kill()

    clock = threading.Timer(question.limits.seconds, stop)
    clock.start()
    try:
        if begun is not None:
            begun(process.kill)
        yield from _converse(question, process, unconfined)
    except (ValueError, EOFError, BrokenPipeError) as error:
        raise failed(question.name, Reason.TIME if expired.is_set() else _ended(process)) from error
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):  # what was not yet written has no reader any more
                cast(BinaryIO, pipe).close()


def _converse(question: Question, process: Process, unconfined: bool) -> Iterator[Said]:
    to, back = cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
    most_answers, most_each, most_bytes = question.most()
    send(to, "ask", question.asked())
    ready, parts, count, total = False, bytearray(), 0, 0
    while True:
        tag, said = read_frame(back)
        if tag == "ready" and not ready:
            if not unconfined and not _confined(said):
                raise unconfined_refusal()
            ready = True
        elif tag == "read" and ready:
            _give(to, said, question.source)
        elif tag == "part" and ready and isinstance(said, bytes):
            parts += said
            total += len(said)
            if len(parts) > most_each or total > most_bytes:
                raise failed(question.name, Reason.TOO_LARGE)
        elif tag == "item" and ready and isinstance(said, dict):
            count += 1
            if count > most_answers:
                raise failed(question.name, Reason.TOO_LARGE if most_answers > 1 else Reason.NONSENSE)
            yield Said(question.name, said, bytes(parts))
            parts.clear()
        elif tag == "failed" and ready:
            raise failed(question.name, reason_of(question.name, said))
        elif tag == "done" and ready:
            return
        else:
            raise ValueError("a frame out of place")


def _confined(untrusted: object) -> bool:
    return isinstance(untrusted, list) and all(name in untrusted for name in NEEDED)


def _give(to: BinaryIO, untrusted_place: object, source: ByteSource) -> None:
    match untrusted_place:
        case [int(offset), int(length)] if 0 <= offset <= source.size and 0 < length <= READ_MAX:
            send(to, "data", source.read(offset, length))
        case _:
            raise ValueError("asked for bytes that are not there")


def _start(name: str) -> Process:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if "PYTHONPATH" in kept:
        kept["PYTHONPATH"] = os.pathsep.join(
            os.path.abspath(one) for one in kept["PYTHONPATH"].split(os.pathsep) if one
        )
    try:
        return processes.start({**kept, "PYTHONUTF8": "1"})
    except (OSError, EOFError) as error:
        raise no_process(name) from error


def _ended(process: Process) -> Reason:
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return Reason.NONSENSE  # it talks nonsense and lives on
    # Windows has no such signal, and no limit on processor time that would send it.
    return Reason.TIME if sys.platform != "win32" and code == -signal.SIGXCPU else Reason.CRASHED
