"""Give up everything before the first byte of a document: files, network, programs, processes, memory without end."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

if sys.platform != "win32":
    # Windows has no such module. There the worker still starts, says that nothing confines it, and is given no byte.
    import resource

seccomp: ModuleType | None = None
landlock: ModuleType | None = None
if sys.platform.startswith("linux"):
    # Imported before anything is given up: finding the system's libraries needs files and a process.
    import landlock  # type: ignore[no-redef]

    try:
        import pyseccomp as seccomp  # type: ignore[no-redef]
    except (RuntimeError, OSError):
        seccomp = None  # no libseccomp here: the worker says so, and the program then reads no foreign file

_DENIED = [
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "recvfrom",
    "recvmsg",
    "execve",
    "execveat",
    "fork",
    "vfork",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "kill",
    "tgkill",
    "tkill",
    "pidfd_open",
    "pidfd_send_signal",
    "open_by_handle_at",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "io_uring_setup",
    "io_uring_enter",
    "memfd_create",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "reboot",
    "swapon",
    "swapoff",
    "personality",
    "setuid",
    "setgid",
    "setsid",
    "shmget",
    "shmat",
    "msgget",
    "semget",
    "mq_open",
    "name_to_handle_at",
    "fanotify_init",
    "inotify_init1",
    "quotactl",
    "acct",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    # Landlock keeps files from being opened, not from being changed in what is written about them.
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "utime",
    "utimes",
    "futimesat",
    "utimensat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "setxattrat",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    "removexattrat",
    # Nor other processes of the same person, by other ways than signals.
    "pidfd_getfd",
    "process_madvise",
    "process_mrelease",
    "setpriority",
    "sched_setscheduler",
    "sched_setparam",
    "sched_setattr",
    "shmctl",
    "semctl",
    "semop",
    "semtimedop",
    "msgctl",
    "msgsnd",
    "msgrcv",
    "mq_unlink",
]
_CLONE_THREAD = 0x00010000


def limit(memory: int, seconds: int, written: int = 0) -> None:
    """Bounds where the system has them: bytes of address space, processor seconds, bytes of a file written, no core.

    A lower bound that somebody set already stays: it can not be raised.
    """
    if sys.platform == "win32":
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256 if written else 64),
    ):
        _, already = resource.getrlimit(what)
        free = already == resource.RLIM_INFINITY
        kept = most if free else min(most, already)
        # Where both bounds of time are one, Linux kills at once, as what crashed ends; at a lower one it says SIGXCPU.
        room = 1 if what == resource.RLIMIT_CPU and (free or already > kept) else 0
        resource.setrlimit(what, (kept, kept + room))


def core_limit_of(process: int) -> tuple[int, int]:
    """A bound of another process, which only its owner may ask for; for the probe. Raises OSError when refused."""
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "no such call on this system")
    return resource.prlimit(process, resource.RLIMIT_CORE)


def seal(readable: Sequence[str] = (), writable: str = "") -> list[str]:
    """Landlock and seccomp where this system has them; the names of what holds now.

    ``readable`` are further folders and files that may be read, ``writable`` a folder for files of its own: the program
    names them, never a document.
    """
    return [name for name, held in (("landlock", _landlock(readable, writable)), ("seccomp", _seccomp())) if held]


def _landlock(readable: Sequence[str], writable: str) -> bool:
    if landlock is None or landlock.landlock_abi_version() < 1:
        return False
    rules = landlock.Ruleset()
    reading = landlock.FSAccess.READ_FILE | landlock.FSAccess.READ_DIR
    # Only the program's own code, for imports that libraries put off, and what it names; nothing of the person's.
    for folder in {str(Path(one).resolve()) for one in (*sys.path, *readable) if one and Path(one).is_dir()}:
        rules.allow(folder, rules=reading)
    for file in (one for one in readable if one and Path(one).exists() and not Path(one).is_dir()):
        rules.allow(file, rules=landlock.FSAccess.READ_FILE)
    if writable:
        rules.allow(writable, rules=reading | _making(landlock.FSAccess))
    rules.apply()
    return True


def _making(access: Any) -> Any:
    """To make, change and remove files and folders; no links, sockets, pipes or devices. Nothing may be executed."""
    made = access.MAKE_REG | access.MAKE_DIR | access.WRITE_FILE | access.REMOVE_FILE | access.REMOVE_DIR
    return made | access.TRUNCATE


def _seccomp() -> bool:
    if seccomp is None:
        return False
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    refused = seccomp.ERRNO(errno.EPERM)
    for name in _DENIED:
        if seccomp.resolve_syscall(seccomp.system_arch(), name) >= 0:
            rules.add_rule(refused, name)
    # A thread is no process: clone only with CLONE_THREAD; clone3 hides its flags, so libc hears it does not exist.
    rules.add_rule(refused, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, 0))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    # Bounds may be asked for, and its own lowered, not those of another process.
    rules.add_rule(refused, "prlimit64", seccomp.Arg(0, seccomp.NE, 0))
    rules.load()
    return True
