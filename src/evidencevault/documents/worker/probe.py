"""What a worker must not be able to do, really tried inside one; and the ways to end badly, for those who watch it."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker import confine
from evidencevault.documents.worker.failed import Answer, Read

_KEYED = (
    "cryptography",
    "evidencevault.custody",
    "evidencevault.formats",
    "evidencevault.session",
    "evidencevault.vault",
)


def probe(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """One answer: for each kind of act, True where every attempt was refused. ``act``: hang, exhaust or crash."""
    act = str(question.get("act", ""))
    if act == "hang":
        while True:
            time.sleep(1)  # the parent's clock ends this
    if act == "exhaust":
        held = [bytearray(64 << 20) for _ in range(4096)]
        yield {"held": len(held)}
    if act == "crash":
        os.abort()
    tried = {name: all(_refused(attempt) for attempt in attempts) for name, attempts in _ATTEMPTS.items()}
    yield {"refused": {**tried, "keys": not _belongings()}}


def _refused(act: Callable[[], object]) -> bool:
    """Whether it was forbidden, or there is nothing there. Any other error is no proof, and counts as possible."""
    try:
        act()
    except (PermissionError, FileNotFoundError):
        return True
    except OSError:
        return False
    return False


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


_ATTEMPTS: dict[str, tuple[Callable[[], object], ...]] = {
    "network": (
        lambda: socket.socket().close(),
        lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close(),
        lambda: socket.socket(getattr(socket, "AF_UNIX", socket.AF_INET)).close(),
        lambda: socket.socketpair()[0].close(),
    ),
    "program": (
        lambda: subprocess.run([sys.executable, "-c", ""], check=False),
        lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}),
        lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    ),
    "process": (_fork, lambda: os.kill(os.getppid(), 0), lambda: confine.core_limit_of(os.getppid())),
    "write": (
        lambda: Path("/tmp/evidencevault-probe").write_bytes(b"x"),
        lambda: Path("/tmp/evidencevault-probe").mkdir(),
        lambda: Path("/tmp/evidencevault-probe").symlink_to("/etc/passwd"),
        lambda: os.chmod(__file__, os.stat(__file__).st_mode),
        lambda: os.utime(__file__),
    ),
    "read": (
        lambda: Path("/etc/passwd").read_bytes(),
        lambda: os.listdir("/"),
        lambda: Path("/proc/self/environ").read_bytes(),
        lambda: Path(f"/proc/{os.getppid()}/maps").read_bytes(),
    ),
}


def _belongings() -> list[str]:
    """What must not be in this process: code that handles keys, the program's settings, open files of the program."""
    code = [name for name in sys.modules if any(name == one or name.startswith(one + ".") for one in _KEYED)]
    settings = [name for name in os.environ if name.startswith("EVIDENCEVAULT")]
    return code + settings + [f"descriptor {number}" for number in range(64) if _holds_a_file(number)]


def _holds_a_file(number: int) -> bool:
    """Whether this descriptor is something of the person's: pipes and the null device are not."""
    try:
        kind = os.fstat(number).st_mode
    except OSError:
        return False
    return stat.S_ISREG(kind) or stat.S_ISDIR(kind) or stat.S_ISBLK(kind) or stat.S_ISSOCK(kind)
