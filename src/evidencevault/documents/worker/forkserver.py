"""A process that has imported what reads documents, and makes each question a copy of itself.

It never sees a byte of a document: the pipes of a question are handed to the copy, which confines itself before it
asks for the first byte, answers, and is gone. Starting Python and importing MuPDF takes longer than most answers;
a copy takes a few milliseconds. Linux only (it needs pidfd_open, Linux 5.3).
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn

from evidencevault.documents.worker import main

BORN = 4
"""Bytes, little endian, of the number of a process that was made, and of the code with which it ended."""
_AT_ONCE = ("look", "pages")
_LATER = ("containers", "burn", "ocr", "attack", "unseen", "typeset", "stamp", "structural", "widths")
_QUIET = 0.05
"""Seconds without a question after which the next module is imported ahead."""


def serve() -> int:
    """Answer on the socket that is standard input until the other side closes it, and the last copy has ended."""
    if sys.platform != "linux":
        raise OSError("no such server on this system")
    control = socket.socket(fileno=os.dup(0))
    ahead = _imports()
    for _ in _AT_ONCE:
        next(ahead)
    gc.freeze()  # what is here stays: copies need not touch it
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking)
    living: dict[int, int] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        listening, more = True, True
        while listening or living:
            events = selector.select(_QUIET if more else None)
            if not events:
                more = next(ahead, None) is not None
            for key, _ in events:
                if key.fileobj is not control:
                    with suppress(BlockingIOError):
                        os.read(woken, 4096)
                elif not _bear(control, living):
                    listening = False
                    selector.unregister(control)
            _reap(living)
    return 0


def _imports() -> Iterator[str]:
    for name in (*_AT_ONCE, *_LATER):
        importlib.import_module(f"evidencevault.documents.worker.{name}")
        yield name


def _bear(control: socket.socket, living: dict[int, int]) -> bool:
    """One copy for one question; False where nobody will ask any more."""
    asked, pipes, _, _ = socket.recv_fds(control, 1, 3)
    if not asked:
        return False
    questions, answers, ended = pipes
    born = os.fork()
    if not born:
        _answer(questions, answers)
    # Not reaped yet, so the number is still its own, even where it has ended already.
    handle = os.pidfd_open(born)
    socket.send_fds(control, [born.to_bytes(BORN, "little")], [handle])
    for one in (questions, answers, handle):
        os.close(one)
    living[born] = ended
    return True


def _answer(questions: int, answers: int) -> NoReturn:
    """In the copy: keep the two pipes of the question and nothing else."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(questions, 0)
        os.dup2(answers, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        code = main.run()
    finally:
        os._exit(code)


def _reap(living: dict[int, int]) -> None:
    for one in list(living):
        gone, status = os.waitpid(one, os.WNOHANG)
        if gone:
            ended = living.pop(one)
            with suppress(BrokenPipeError):  # who asked is gone
                os.write(ended, os.waitstatus_to_exitcode(status).to_bytes(BORN, "little", signed=True))
            os.close(ended)
