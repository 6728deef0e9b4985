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
    confine.limit(limits.memory, math.ceil(limits.seconds))
    send(pipe, "ready", confine.seal())
    try:
        for one in answer(question, limits, _whole(sys.stdin.buffer, pipe, question, limits)):
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
    if ask == "widths":
        from evidencevault.documents.worker import widths

        return widths.widths
    if ask == "typeset":
        from evidencevault.documents.worker import typeset

        return typeset.typeset
    return {"look": look.look, "text": pages.text, "render": pages.render, "thumbnail": pages.thumbnail}[ask]


def _whole(questions: BinaryIO, answers: BinaryIO, question: Answer, limits: Limits) -> Read:
    size = int(str(question["size"]))

    def read() -> bytes:
        if size == 0:
            raise Failed(Reason.EMPTY)
        if size > limits.whole:
            raise Failed(Reason.TOO_LARGE)
        parts = []
        for offset in range(0, size, READ_MAX):
            send(answers, "read", [offset, min(READ_MAX, size - offset)])
            _, data = read_frame(questions)
            if not isinstance(data, bytes):
                raise Failed(Reason.DAMAGED)
            parts.append(data)
        return b"".join(parts)

    return read
