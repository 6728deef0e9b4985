"""Where a process for one question comes from: a copy of one that has imported everything, or started afresh."""

from __future__ import annotations

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Protocol

from evidencevault.documents.frames import DOOR, FORKS

_WORD = 4
"""Bytes of a process' number and of the code with which it ended (see the fork server)."""
_MOST = 1000
"""Copies after which a new server starts: all copies of one have their code at the same addresses."""
_ENDS = 5.0
"""Seconds that a server is given to end when the program does."""


class Process(Protocol):
    """What is used of a process, ``subprocess.Popen`` or a copy."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    pid: int
    returncode: int | None

    def poll(self) -> int | None:
        """The code with which it ended; None while it runs."""
        ...

    def kill(self) -> None:
        """End it at once, from any thread."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """The code with which it ended, then. Raises subprocess.TimeoutExpired."""
        ...


def start(environment: Mapping[str, str]) -> Process:
    """A process that waits for one question on its standard input. Raises OSError."""
    if sys.platform != "linux":
        return _fresh(environment)
    key = (sys.executable, tuple(sorted(environment.items())))
    with _lock:
        for attempt in (1, 2):
            server = _servers.get(key)
            if server is not None and server.worn:
                _servers.pop(key).retire()
                server = None
            if server is None:
                server = _servers[key] = _Server(environment)
            try:
                return server.bear()
            except (OSError, EOFError):  # somebody ended it
                _servers.pop(key).retire()
                if attempt == 2:
                    raise
    raise AssertionError("the second attempt returns or raises")


def _fresh(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        _command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/" if os.name == "posix" else None,
    )


def _command(*more: str) -> list[str]:
    # -P: the current folder, which may hold evidence, is no place to import from.
    return [sys.executable, "-P", "-m", "evidencevault", DOOR, *more]


class _Server:
    """The program's end of a fork server."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._control, theirs = socket.socketpair()
        with theirs, _closed_if_it_fails(self._control):
            self._process = subprocess.Popen(
                _command(FORKS),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd="/",
            )
        self._born = 0

    @property
    def worn(self) -> bool:
        """Whether it has made as many copies as one may."""
        return self._born >= _MOST

    def bear(self) -> Process:
        """A copy for one question. Raises OSError or EOFError where the server is gone."""
        self._born += 1
        questions, asks = os.pipe()
        hears, answers = os.pipe()
        over, ended = os.pipe()
        theirs = (questions, answers, ended)
        ours = (asks, hears, over)
        try:
            socket.send_fds(self._control, [b"?"], theirs)
            said, handles, _, _ = socket.recv_fds(self._control, _WORD, 1)
            if len(said) != _WORD or len(handles) != 1:
                raise EOFError("the server ended")
        except BaseException:
            for one in ours:
                os.close(one)
            raise
        finally:
            for one in theirs:
                os.close(one)
        return _Copy(int.from_bytes(said, "little"), handles[0], *ours)

    def retire(self) -> None:
        """Ask nothing more of it; it ends after the last of its copies."""
        self._control.close()
        _retired[:] = [*(one for one in _retired if one.poll() is None), self._process]

    def end(self) -> None:
        """Ask nothing more of it, and wait for its end."""
        self._control.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDS)


@contextmanager
def _closed_if_it_fails(control: socket.socket) -> Iterator[None]:
    try:
        yield
    except OSError:
        control.close()
        raise


class _Copy:
    """A process that a server made, with the methods of ``subprocess.Popen`` that are used."""

    def __init__(self, pid: int, handle: int, asks: int, hears: int, over: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin: IO[bytes] | None = os.fdopen(asks, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(hears, "rb")
        self._handle, self._over = handle, over
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """See :class:`Process`."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def kill(self) -> None:
        """See :class:`Process`."""
        with self._lock:
            if self.returncode is None:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """See :class:`Process`."""
        while self.returncode is None:
            ready, _, _ = select.select([self._over], [], [], timeout)
            if not ready:
                raise subprocess.TimeoutExpired(_command(), timeout or 0.0)
            with self._lock:
                if self.returncode is None:
                    said = os.read(self._over, _WORD)
                    if not said:  # the server itself was ended; this one must not outlive it
                        with suppress(ProcessLookupError):
                            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
                        select.select([self._handle], [], [])
                    self.returncode = int.from_bytes(said, "little", signed=True) if said else -signal.SIGKILL
                    os.close(self._handle)
                    os.close(self._over)
        return self.returncode


_lock = threading.Lock()
_servers: dict[tuple[str, tuple[tuple[str, str], ...]], _Server] = {}
_retired: list[subprocess.Popen[bytes]] = []


@atexit.register
def _end() -> None:
    for server in _servers.values():
        server.end()
