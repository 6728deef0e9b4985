"""The worker's loop: one question about one document, answered over the pipe, then the end."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

from evidencevault.documents.requests import FRAME_MAX, PART, READ_MAX, Limits, Reason, frame, read_frame
from evidencevault.documents.worker import confine

Answer = dict[str, object]


class Failed(Exception):
    """A reason of the document's own: empty, encrypted, damaged, unsupported, too-large."""


def run() -> int:
    """Serve one question on standard input and output. What libraries print goes nowhere: it could be content."""
    pipe = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    asked = _next(sys.stdin.buffer)
    question = dict(asked) if isinstance(asked, dict) else {}
    limits = Limits(**question["limits"])
    answer = _prepare(str(question["ask"]))
    confine.limit(limits.memory, math.ceil(limits.seconds))
    _send(pipe, "ready", confine.seal())
    try:
        for one in answer(question, limits, _whole(sys.stdin.buffer, pipe, question, limits)):
            _item(pipe, one)
        _send(pipe, "done")
    except Failed as reason:
        _send(pipe, "failed", str(reason))
    except MemoryError:
        _send(pipe, "failed", Reason.MEMORY.value)
    except Exception:  # whatever a parser throws at a foreign file is a statement about that file
        _send(pipe, "failed", Reason.DAMAGED.value)
    return 0


def _send(pipe: BinaryIO, tag: str, payload: object = None) -> None:
    pipe.write(frame(tag, payload))
    pipe.flush()


def _item(pipe: BinaryIO, one: Answer) -> None:
    """An answer; its bytes go ahead in parts, so that no frame is longer than the program takes."""
    data = one.pop("data", None)
    if isinstance(data, bytes):
        for start in range(0, len(data), PART):
            _send(pipe, "part", data[start : start + PART])
    _send(pipe, "item", one)


def _next(stream: BinaryIO) -> object:
    def exact(length: int) -> bytes:
        data = stream.read(length)
        if len(data) < length:
            raise EOFError
        return data

    return read_frame(exact, FRAME_MAX)[1]


def _prepare(ask: str) -> Callable[[Answer, Limits, Callable[[], bytes]], Iterator[Answer]]:
    """Import what the question needs, before confinement."""
    if ask == "probe":
        return _probe
    from evidencevault.documents.worker import look, pages

    if ask == "children":
        from evidencevault.documents.worker import containers

        return containers.children
    if ask == "burn":
        from evidencevault.documents.worker import burn

        return burn.burn
    if ask == "attack":
        from evidencevault.documents.worker import attack

        return attack.attack
    if ask == "typeset":
        from evidencevault.documents.worker import typeset

        return typeset.typeset
    return {"look": look.look, "text": pages.text, "render": pages.render, "thumbnail": pages.thumbnail}[ask]


def _whole(questions: BinaryIO, answers: BinaryIO, question: Answer, limits: Limits) -> Callable[[], bytes]:
    size = int(str(question["size"]))

    def read() -> bytes:
        if size == 0:
            raise Failed(Reason.EMPTY)
        if size > limits.whole:
            raise Failed(Reason.TOO_LARGE)
        parts = []
        for offset in range(0, size, READ_MAX):
            _send(answers, "read", [offset, min(READ_MAX, size - offset)])
            data = _next(questions)
            if not isinstance(data, bytes):
                raise Failed(Reason.DAMAGED)
            parts.append(data)
        return b"".join(parts)

    return read


def _probe(question: Answer, limits: Limits, read: Callable[[], bytes]) -> Iterator[Answer]:
    act = str(question.get("act", ""))
    if act == "hang":
        while True:
            time.sleep(1)  # the parent's clock ends this
    if act == "exhaust":
        held = [bytearray(64 << 20) for _ in range(4096)]
        yield {"held": len(held)}
    if act == "crash":
        os.abort()
    yield {"refused": confine.probe()}
