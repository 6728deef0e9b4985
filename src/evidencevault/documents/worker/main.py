"""The worker's loop: one question about one document, answered over the pipe, then the end."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO

from evidencevault.documents.frames import PART, READ_MAX, read_frame, send
from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import confine
from evidencevault.documents.worker.failed import Answer, Failed, Read

_Answering = Callable[[Answer, Limits, Read], Iterator[Answer]]


def run() -> int:
    """Serve one question on standard input and output. What libraries print goes nowhere: it could be content."""
    pipe = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    _, asked = read_frame(sys.stdin.buffer)
    question = dict(asked) if isinstance(asked, dict) else {}
    limits = Limits(**question["limits"])
    answer = _prepare(str(question["ask"]))
    if question.get("suffix") == ".msg":
        # Its library asks for the time zone at once, and that lies in a file.
        from evidencevault.documents.worker import containers  # noqa: F401
    readable = [str(one) for one in question.get("readable", ())]
    if question["ask"] == "convert":
        from evidencevault.documents.worker import office

        confine.limit(limits.memory, math.ceil(limits.seconds), limits.answer)
        held = confine.seal(office.readable(str(question["program"])), str(question["folder"]))
    else:
        confine.limit(limits.memory, math.ceil(limits.seconds))
        held = confine.seal(readable)
    send(pipe, "ready", held)
    try:
        for one in answer(question, limits, _Piped(sys.stdin.buffer, pipe, question, limits)):
            _item(pipe, one)
        send(pipe, "done")
    except Failed as refusal:
        send(pipe, "failed", refusal.reason.value)
    except MemoryError:
        send(pipe, "failed", Reason.MEMORY.value)
    except Exception:  # whatever a parser throws at a foreign file is a statement about that file
        send(pipe, "failed", Reason.DAMAGED.value)
    return 0


def _item(pipe: BinaryIO, one: Answer) -> None:
    """An answer; its bytes go ahead in parts, so that no frame is longer than the program takes."""
    data = one.pop("data", None)
    if isinstance(data, bytes):
        for start in range(0, len(data), PART):
            send(pipe, "part", data[start : start + PART])
    send(pipe, "item", one)


def _prepare(ask: str) -> _Answering:
    """Import what the question needs, before confinement."""
    if ask == "probe":
        from evidencevault.documents.worker import probe

        return probe.probe
    if ask in ("faces", "recording", "silence", "blacken", "still", "recheck", "play"):
        return _optional(ask)
    if ask == "convert":
        from evidencevault.documents.worker import office

        return office.convert
    from evidencevault.documents.worker import look, pages

    if ask == "children":
        from evidencevault.documents.worker import containers

        return containers.children
    if ask == "burn":
        from evidencevault.documents.worker import burn

        return burn.burn
    if ask == "ocr":
        from evidencevault.documents.worker import ocr

        return ocr.ocr
    if ask == "widths":
        from evidencevault.documents.worker import widths

        return widths.widths
    if ask == "rebuild":
        from evidencevault.documents.worker import structural

        return structural.rebuild
    if ask == "attack":
        from evidencevault.documents.worker import attack

        return attack.attack
    if ask == "hidden":
        from evidencevault.documents.worker import unseen

        return unseen.hidden
    if ask == "stamp":
        from evidencevault.documents.worker import stamp

        return stamp.stamp
    if ask == "typeset":
        from evidencevault.documents.worker import typeset

        return typeset.typeset
    return {
        "look": look.look,
        "text": pages.text,
        "sizes": pages.sizes,
        "render": pages.render,
        "thumbnail": pages.thumbnail,
    }[ask]


def _optional(ask: str) -> _Answering:
    """What needs packages that are not installed everywhere."""
    try:
        if ask == "faces":
            from evidencevault.documents.worker import faces

            return faces.faces
        from evidencevault.documents.worker import film, play, recheck, screen, sound
    except ModuleNotFoundError as error:
        if error.name not in ("av", "numpy", "onnxruntime"):
            raise
        return _missing
    return {
        "recording": sound.recording,
        "silence": sound.silence,
        "blacken": film.blacken,
        "still": screen.still,
        "recheck": recheck.recheck,
        "play": play.play,
    }[ask]


def _missing(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    raise Failed(Reason.NOT_INSTALLED)


class _Piped:
    """The document, which the program holds: fetched as a whole, or part by part. A ``Read``."""

    def __init__(self, questions: BinaryIO, answers: BinaryIO, question: Answer, limits: Limits) -> None:
        self._questions, self._answers, self._limits = questions, answers, limits
        self.size = int(str(question["size"]))

    def __call__(self) -> bytes:
        if self.size == 0:
            raise Failed(Reason.EMPTY)
        if self.size > self._limits.whole:
            raise Failed(Reason.TOO_LARGE)
        return b"".join(self.part(offset, READ_MAX) for offset in range(0, self.size, READ_MAX))

    def part(self, offset: int, most: int) -> bytes:
        length = min(most, READ_MAX, self.size - offset)
        if length <= 0:
            return b""
        send(self._answers, "read", [offset, length])
        _, data = read_frame(self._questions)
        if not isinstance(data, bytes):
            raise Failed(Reason.DAMAGED)
        return data
