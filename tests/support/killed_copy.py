"""Copies of a vault whose process is killed at a file operation: a first copy at every third, a later one at each.

Started with the folder of a vault and one to work in.
Prints how many operations a first copy and a later one have.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from evidencevault import session as sessions
from evidencevault.progress import Progress
from evidencevault.vault import backup_check, backup_files

OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree", "os.link"}
KILLED = 9


def run(vault: Path, folder: Path, at: int) -> bool:
    """Make a copy in a process that dies at its ``at``-th operation in the folder; whether it came to its end."""
    child = os.fork()
    if child == 0:
        left = at

        def watch(event: str, given: tuple[object, ...]) -> None:
            nonlocal left
            if event in OPERATIONS and str(folder) in str(given[0]):
                left -= 1
                if left == 0:
                    os._exit(KILLED)

        sys.addaudithook(watch)
        sessions.back_up(vault, folder, full=False, clock=lambda: datetime.now(UTC), progress=Progress())
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), code
    return code == 0


def first_copies(vault: Path, work: Path) -> int:
    at = 1
    while True:
        folder = work / f"first-{at}"
        if run(vault, folder, at):
            return at
        manifest = backup_files.read_manifest(folder)
        if manifest is not None and manifest.database is not None:
            assert_whole(folder)
        assert run(vault, folder, 0), "the next run goes on"
        assert_whole(folder)
        assert_tidy(folder)
        shutil.rmtree(folder)
        at += 3


def later_copies(vault: Path, work: Path) -> int:
    run(vault, work / "whole", 0)
    at = 1
    while True:
        folder = work / f"later-{at}"
        shutil.copytree(work / "whole", folder)
        if run(vault, folder, at):
            return at
        assert_whole(folder)
        assert run(vault, folder, 0)
        assert_whole(folder)
        assert_tidy(folder)
        shutil.rmtree(folder)
        at += 1


def assert_whole(folder: Path) -> None:
    found = backup_check.verify(folder, Progress())
    assert found.damage == (), found.damage


def assert_tidy(folder: Path) -> None:
    assert backup_check.verify(folder, Progress()).leftovers == ()
    assert len(list(folder.iterdir())) == 4


if __name__ == "__main__":
    vault, work = Path(sys.argv[1]), Path(sys.argv[2])
    work.mkdir()
    print(first_copies(vault, work), later_copies(vault, work))
